package evidence

import (
	"context"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/client"
	"github.com/hallmark-ledger/hallmark/client/message"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	xevidence "github.com/hallmark-ledger/hallmark/x/evidence"
)

// Network is the Ledger that nodes make. The maker's mode must be “each”.
type Network struct{ Maker *client.Maker }

// File implements Ledger with one transaction.
func (n Network) File(ctx context.Context, anchors []*Anchor) ([]Result, error) {
	messages := make([]*txv1.Message, len(anchors))
	for i, a := range anchors {
		var err error
		if messages[i], err = message.AnchorEvidence(&a.Anchor); err != nil {
			return nil, fmt.Errorf("evidence: anchor %d: %w", a.Number, err)
		}
	}
	d, err := n.Maker.Draft(ctx, messages)
	if err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	if err := n.Maker.Sign(ctx, d); err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	o, err := n.Maker.Client.SubmitAndWait(ctx, d.Bytes(), time.Unix(d.Body().GetExpiry(), 0))
	if client.NonceUsed(err) {
		n.Maker.Nonces.Stale() // another machine uses the key
	}
	if err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	if o.Result == client.Expired {
		return nil, errExpired
	}
	return n.results(ctx, anchors, o.Transaction)
}

// results says of each anchor what a transaction in a block did with it.
func (n Network) results(ctx context.Context, anchors []*Anchor, t *api.Transaction) ([]Result, error) {
	refused := map[int]*api.Refusal{}
	for i := range t.Refused {
		if m := t.Refused[i].Message; m != nil {
			refused[*m] = &t.Refused[i]
		}
	}
	results := make([]Result, len(anchors))
	for i, a := range anchors {
		refusal := refused[i]
		if t.Refusal != nil {
			refusal = t.Refusal
		}
		var err error
		switch {
		case refusal == nil:
			results[i].Outcome, err = outcomeOf(t.Height, t.Time, t.ID)
		case refusal.Code == xevidence.CodeAnchored():
			results[i].Outcome, err = n.where(ctx, a.ID)
		default:
			results[i].Refusal = refusal
		}
		if err != nil {
			return nil, err
		}
	}
	return results, nil
}

// where asks for an anchor that the ledger has already.
func (n Network) where(ctx context.Context, id sm3.Hash) (*Outcome, error) {
	e, err := n.Maker.Client.Evidence(ctx, id.String())
	if err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	return outcomeOf(e.Height, &e.Time, e.Tx)
}

func outcomeOf(height uint64, at *time.Time, tx string) (*Outcome, error) {
	o := &Outcome{Height: height}
	raw, err := hex.DecodeString(tx)
	if err != nil || len(raw) != sm3.Size || at == nil {
		return nil, fmt.Errorf("evidence: the node does not say when or by which transaction (%q) it was recorded: is it of a version that this program knows?", tx)
	}
	o.Time, o.Tx = at.UnixNano(), sm3.Hash(raw)
	return o, nil
}
