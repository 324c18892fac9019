package tx

import (
	"context"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// Rehearsal is what Deliver would say of a transaction once all have signed it.
// Nothing of it was or can be written: no Authenticated was made.
type Rehearsal struct {
	ID      sm3.Hash // zero if the transaction does not decode
	Missing []Signer // those that have not signed; what the others signed was verified
	Results []Result // as Deliver's
}

// Rehearse takes the steps of Deliver on a branch of r that it drops: form,
// state, signatures, nonce, quota, messages. raw is a transaction, or a draft as
// Draft.Bytes encodes it: signatures that are missing are reported and not
// verified, one that is wrong is refused. quota is that of a block, of which
// nothing is used.
//
// The error is a refusal or a fault, as Deliver's. The work is bounded by limits;
// if ctx ends, no further message is run, and its error is a fault.
func (a *Authenticator) Rehearse(ctx context.Context, r store.Reader, b exec.Block, limits Limits, quota int, raw []byte, do Handler) (Rehearsal, error) {
	draft, err := openDraft(raw, limits)
	if err != nil {
		return Rehearsal{}, err
	}
	out := Rehearsal{ID: draft.ID(), Missing: draft.Missing()}
	admitted, err := a.Admit(r, b, limits, draft.tx)
	if err != nil {
		return out, err
	}
	if err := draft.verify(); err != nil {
		return out, err
	}
	state := store.NewBranch(r)
	if err := admitted.spend(state); err != nil {
		return out, err
	}
	if err := NewQuota(quota).take(draft.tx); err != nil {
		return out, err
	}
	results := make([]Result, len(draft.tx.body.Messages))
	failed, err := admitted.run(state, b, until(ctx, do), results)
	if err != nil {
		return out, err
	}
	out.Results = results
	if failed != nil {
		return out, failed
	}
	return out, nil
}

// until is do as long as ctx has not ended.
func until(ctx context.Context, do Handler) Handler {
	return func(c *exec.Context, m *txv1.Message) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return do(c, m)
	}
}
