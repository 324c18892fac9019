package app

import (
	"context"
	"fmt"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store/engine"
	"github.com/hallmark-ledger/hallmark/x/exec"
	"github.com/hallmark-ledger/hallmark/x/tx"
)

// Rehearsal is what would become of a transaction in the next block, if nothing
// came before it. Another block, or another transaction of the same one, may
// change it.
type Rehearsal struct {
	ID     sm3.Hash // zero if the transaction does not decode
	Height uint64   // of the block after whose state it was run
	// Refusal says why nothing of it would be done.
	Refusal *exec.Refusal
	// Missing are the signers that have yet to sign.
	Missing []tx.Signer
	// Results are those of the messages; none if the transaction would not be
	// run at all.
	Results []tx.Result
}

// Rehearse runs a transaction on the newest state and drops what it did;
// signatures may be missing: those present are verified. What is refused is told
// in the Rehearsal; an error is a fault of the node, the end of ctx, or
// engine.ErrVersionGone before the first block.
//
// It runs beside blocks and on all cores. Its work is that of one transaction of
// the greatest size; a deadline of ctx ends it between two messages.
func (a *App) Rehearse(ctx context.Context, raw []byte) (*Rehearsal, error) {
	a.checking.RLock()
	s := a.check
	a.checking.RUnlock()
	if s == nil || s.alone {
		return nil, fmt.Errorf("app: there is no block yet: %w", engine.ErrVersionGone)
	}
	_, quota, _, err := a.limits(s.base, s.block.ChainID)
	if err != nil {
		return nil, err
	}
	out := &Rehearsal{Height: s.block.Height - 1}
	err = harmless(func() error {
		r, err := a.auth.Rehearse(ctx, s.base, s.block, s.limits, quota, raw, a.modules.dispatch)
		out.ID, out.Missing, out.Results = r.ID, r.Missing, r.Results
		return err
	})
	refusal, ok := exec.AsRefusal(err)
	if err != nil && !ok {
		return nil, fmt.Errorf("app: rehearse: %w", err)
	}
	out.Refusal = refusal
	return out, nil
}
