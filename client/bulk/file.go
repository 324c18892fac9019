package bulk

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/hallmark-ledger/hallmark/client"
)

const (
	firstPause = 250 * time.Millisecond
	maxPause   = 8 * time.Second
)

// file files the rows of a job: it makes transactions until one of them is in a
// block. Where it stops with an error, the journal says where.
func (r *run) file(ctx context.Context, j job) error {
	if j.tx != nil && r.Folder != "" && r.rebuild {
		return r.prepareAgain(ctx, j)
	}
	for ctx.Err() == nil {
		if j.tx == nil {
			if !r.rebuild {
				return nil // who has the keys makes another
			}
			t, err := r.make(ctx, j)
			if err != nil || t == nil {
				return err
			}
			if j.tx = t; r.Folder != "" {
				return r.prepare(j)
			}
		}
		o, err := r.deliver(ctx, j.tx)
		if err != nil {
			return err
		}
		if err := r.settled(j, o); err != nil {
			return err
		}
		if o.Result != client.Expired {
			return nil
		}
		j.tx = nil
	}
	return context.Cause(ctx)
}

// settled notes what became of a transaction.
func (r *run) settled(j job, o *client.Outcome) error {
	e := outcomeEntry(o)
	e.ID = j.tx.ID
	if err := r.journal.add(e); err != nil {
		return err
	}
	refused := 0
	for _, why := range e.refusals(len(j.rows)) {
		if why != nil {
			refused++
		}
	}
	r.change(func(p *Progress) {
		if e.State == committed {
			p.Done += len(j.rows) - refused
			p.Refused += refused
		}
	})
	return nil
}

// make makes a transaction and its entry, which is durable when it returns. It
// returns nil if none of the rows is left to be filed: what has no legal
// transaction is divided until the row is found that is to blame.
func (r *run) make(ctx context.Context, j job) (*Transaction, error) {
	t, err := retry(ctx, r, func() (*Transaction, error) { return r.Ledger.Make(ctx, j.messages) })
	refusal, refused := client.RefusalOf(err)
	switch {
	case refused && len(j.rows) > 1:
		half := len(j.rows) / 2
		for _, part := range []job{{rows: j.rows[:half], messages: j.messages[:half]}, {rows: j.rows[half:], messages: j.messages[half:]}} {
			if err := r.file(ctx, part); err != nil {
				return nil, err
			}
		}
		return nil, nil
	case refused:
		return nil, r.leaveOut(&entry{Type: "invalid", Row: j.rows[0], Refusal: refusal})
	case err != nil:
		return nil, err
	}
	e := &entry{Type: "tx", ID: t.ID, Rows: spansOf(j.rows), Expiry: t.Expiry.Unix(), Raw: t.Raw}
	if err := r.journal.add(e); err != nil {
		return nil, err
	}
	return t, r.journal.sync()
}

// deliver sends a transaction until it is certain what became of it.
func (r *run) deliver(ctx context.Context, t *Transaction) (*client.Outcome, error) {
	o, err := retry(ctx, r, func() (*client.Outcome, error) {
		o, err := r.Ledger.File(ctx, t)
		if err == nil {
			return o, nil
		}
		switch verdictOf(err) {
		case settle:
			return r.Ledger.Settle(ctx, t)
		case expire:
			return r.Ledger.Wait(ctx, t)
		default:
			return nil, err
		}
	})
	if err != nil && ctx.Err() == nil {
		return nil, fmt.Errorf("bulk: transaction %s: %w", t.ID, err)
	}
	return o, err
}

// retry tries again, after pauses that grow, what does not need a person: nodes
// that do not answer, a full mempool, a quota. It gives up when for the time of
// the patience no transaction has come to an end.
func retry[T any](ctx context.Context, r *run, try func() (*T, error)) (*T, error) {
	for pause, began := firstPause, time.Now(); ; pause = min(2*pause, maxPause) {
		v, err := try()
		if err == nil {
			return v, nil
		}
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		r.mu.Lock()
		since := r.moved
		r.mu.Unlock()
		if began.After(since) {
			since = began
		}
		if verdictOf(err) != again || time.Since(since) > r.Patience {
			return nil, err
		}
		if r.Again != nil {
			r.Again(err)
		}
		select {
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-time.After(pause + rand.N(pause/2)):
		}
	}
}
