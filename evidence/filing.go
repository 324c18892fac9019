package evidence

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/client"
	xevidence "github.com/hallmark-ledger/hallmark/x/evidence"
)

// Ledger is what anchors are filed with.
type Ledger interface {
	// File files anchors in their order and returns what became of each. It may be
	// called again for the same ones: what the ledger has already is done. Errors
	// are those of package client.
	File(ctx context.Context, anchors []*Anchor) ([]Result, error)
}

// Result is what became of an anchor that was filed: one of the two.
type Result struct {
	Outcome *Outcome
	Refusal *api.Refusal
}

// RefusedError says that the ledger refuses an anchor.
type RefusedError struct {
	Anchor  *Anchor
	Refusal *api.Refusal
}

func (e *RefusedError) Error() string {
	return fmt.Sprintf("evidence: anchor %d is refused: %s (%d): %s", e.Anchor.Number, e.Refusal.Name, e.Refusal.Code, e.Refusal.Detail)
}

const (
	// maxFiled is how many anchors are filed at a time.
	maxFiled   = 100
	firstPause = 250 * time.Millisecond
	maxPause   = 8 * time.Second
)

// File files the anchors of a manifest that the ledger does not have yet, in their
// order, and notes where it has them. While no node answers it tries again, as long
// as ctx lasts; again is told why. Interrupted at any instant and called again it
// files nothing twice: an anchor's id is that of its content. What was captured in
// the future by the clock of this machine, which must have been wrong then, is left
// for later, and the others are filed. Errors: *RefusedError, ErrAhead, those of
// package client, of writing, or the cause of ctx.
func File(ctx context.Context, w *Writer, l Ledger, again func(error)) error {
	pause := firstPause
	for {
		batch, ahead := unfiled(w.Anchors(), time.Now())
		if len(batch) == 0 {
			return ahead
		}
		if err := w.Sync(); err != nil { // before anybody knows of them
			return err
		}
		results, err := l.File(ctx, batch)
		if err == nil {
			if err := note(w, batch, results); err != nil {
				return err
			}
			pause = firstPause
			continue
		}
		if ctx.Err() != nil {
			return errors.Join(context.Cause(ctx), err)
		}
		if !transient(err) {
			return err
		}
		if again != nil {
			again(err)
		}
		select {
		case <-ctx.Done():
			return errors.Join(context.Cause(ctx), err)
		case <-time.After(pause + rand.N(pause/2)):
		}
		pause = min(2*pause, maxPause)
	}
}

// unfiled returns the first anchors that the ledger does not have, without those that
// it would refuse since they were captured in the future: of these ahead tells.
func unfiled(anchors []*Anchor, now time.Time) (batch []*Anchor, ahead error) {
	for _, a := range anchors {
		switch {
		case a.Outcome != nil || len(batch) == maxFiled:
		case !a.To.After(now.Add(xevidence.MaxAhead)):
			batch = append(batch, a)
		case ahead == nil:
			ahead = fmt.Errorf("%w: anchor %d, at %s", ErrAhead, a.Number, a.To.Format(time.RFC3339))
		}
	}
	return batch, ahead
}

// note notes results; the error is of the first anchor that was refused.
func note(w *Writer, batch []*Anchor, results []Result) (refused error) {
	for i, r := range results {
		if r.Outcome == nil {
			if refused == nil {
				refused = &RefusedError{batch[i], r.Refusal}
			}
			continue
		}
		if err := w.Done(batch[i].Number, *r.Outcome); err != nil {
			return err
		}
	}
	if err := w.Sync(); err != nil {
		return err
	}
	return refused
}

// transient reports whether to try again may help.
func transient(err error) bool {
	if r, ok := client.RefusalOf(err); ok {
		switch r.Name {
		case "tx_quota_exceeded", "tx_nonce_too_far", "tx_nonce_used", "tx_nonce_too_old", "tx_expired":
			return true
		}
		return false
	}
	return errors.Is(err, client.ErrNoAnswer) || errors.Is(err, client.ErrNotReady) || errors.Is(err, client.ErrUncertain) || errors.Is(err, errExpired)
}

// ErrAhead: evidence was captured in the future, by a clock that was wrong. The ledger
// takes it once that time has come.
var ErrAhead = errors.New("evidence: captured in the future")

// errExpired: a transaction is in no block, and never will be.
var errExpired = errors.New("evidence: the transaction has expired")
