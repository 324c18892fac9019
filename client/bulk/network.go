package bulk

import (
	"context"
	"encoding/hex"
	"time"

	"github.com/hallmark-ledger/hallmark/client"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/tx"
)

// Network is the Ledger that nodes make. The maker's mode must be “each”.
type Network struct{ Maker *client.Maker }

// Make implements Ledger.
func (n Network) Make(ctx context.Context, messages []*txv1.Message) (*Transaction, error) {
	d, err := n.Maker.Draft(ctx, messages)
	if err != nil {
		return nil, err
	}
	if err := n.Maker.Sign(ctx, d); err != nil {
		return nil, err
	}
	return TransactionOf(d), nil
}

// TransactionOf returns the transaction of a draft, as far as it is signed.
func TransactionOf(d *tx.Draft) *Transaction {
	id := d.ID()
	return &Transaction{ID: hex.EncodeToString(id[:]), Raw: d.Bytes(), Expiry: time.Unix(d.Body().GetExpiry(), 0)}
}

// File implements Ledger.
func (n Network) File(ctx context.Context, t *Transaction) (*client.Outcome, error) {
	return n.Maker.Client.SubmitAndWait(ctx, t.Raw, t.Expiry)
}

// Wait implements Ledger.
func (n Network) Wait(ctx context.Context, t *Transaction) (*client.Outcome, error) {
	return n.Maker.Client.Wait(ctx, t.ID, t.Expiry)
}

// settlePause is how long Settle waits before it asks again: less than a block
// takes.
const settlePause = 500 * time.Millisecond

// Settle implements Ledger. A dry run says up to which height the nonce is used;
// a node that knows all transactions up to there knows whether this one did it.
func (n Network) Settle(ctx context.Context, t *Transaction) (*client.Outcome, error) {
	c := n.Maker.Client
	var used uint64
	for {
		if used == 0 {
			check, err := c.Check(ctx, t.Raw)
			if err != nil {
				return nil, err
			}
			if r := check.Refusal; r != nil && (r.Name == "tx_nonce_used" || r.Name == "tx_nonce_too_old") {
				used = check.Height
			}
		}
		var height uint64
		known, err := c.Transaction(ctx, t.ID, client.HeightTo(&height))
		switch {
		case err != nil:
			return nil, err
		case known.State == "committed":
			return n.Wait(ctx, t)
		case used > 0 && height >= used:
			return &client.Outcome{ID: t.ID, Result: client.Expired}, nil
		case used == 0 && time.Now().After(t.Expiry):
			return n.Wait(ctx, t)
		}
		select {
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-time.After(settlePause):
		}
	}
}
