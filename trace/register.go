package trace

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/client"
	"github.com/hallmark-ledger/hallmark/client/message"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	xtrace "github.com/hallmark-ledger/hallmark/x/trace"
)

// Register registers products for the maker's member; of Options it takes Maker,
// Messages, InFlight, Patience, Progress and Again. It returns a line for each, in
// their order: filed, present (it was registered so by this member before, as by a run
// that was interrupted) or refused. The error says why it came no further; lines
// without a state are open then.
func Register(ctx context.Context, list []*xtrace.Product, o Options) ([]Line, error) {
	if o.Messages == 0 {
		o.Messages = 500
	}
	c := newCapture(o)
	c.summary.Events = len(list)
	lines := make([]Line, len(list))
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	batches := make(chan []int)
	var workers sync.WaitGroup
	for range c.InFlight {
		workers.Go(func() {
			for batch := range batches {
				if err := c.register(ctx, list, lines, batch); err != nil {
					cancel(err)
				}
			}
		})
	}
	var next []int
	put := func() {
		select {
		case batches <- next:
		case <-ctx.Done():
		}
		next = nil
	}
	for i, p := range list {
		lines[i] = Line{Event: i + 1, Product: p.URI}
		p.Owner = c.member
		if err := xtrace.CheckProduct(p); err != nil {
			r, _ := client.RefusalOf(err)
			lines[i].refuse(r)
			continue
		}
		if next = append(next, i); len(next) == c.Messages {
			put()
		}
	}
	if len(next) > 0 {
		put()
	}
	close(batches)
	workers.Wait()
	return lines, context.Cause(ctx)
}

// register registers the products of a batch by one transaction, and again while it is
// in no block.
func (c *capture) register(ctx context.Context, list []*xtrace.Product, lines []Line, batch []int) error {
	var messages []*txv1.Message
	for _, i := range batch {
		m, err := message.RegisterProduct(list[i])
		if err != nil {
			return fmt.Errorf("trace: %s: %w", list[i].URI, err)
		}
		messages = append(messages, m)
	}
	var o *client.Outcome
	for o == nil || o.Result == client.Expired {
		var err error
		if o, err = c.deliver(ctx, messages); err != nil {
			return err
		}
	}
	why := refusals(o.Transaction, len(batch))
	for k, i := range batch {
		l := &lines[i]
		switch {
		case why[k] == nil:
			l.State, l.Entry, l.Tx, l.Height = StateFiled, 1, o.ID, o.Transaction.Height
		case why[k].Name == "product_registered":
			p, err := retry(ctx, c, func() (*api.Product, error) { return c.Maker.Client.Product(ctx, l.Product) })
			if err != nil {
				return err
			}
			if l.refuse(why[k]); p.Owner == c.member && p.Name == (api.Text{En: list[i].NameEn, Zh: list[i].NameZh}) && includes(p.Certificates, list[i].Certificates) {
				*l = Line{Event: l.Event, Product: l.Product, State: StatePresent, Entry: 1}
			}
		default:
			l.refuse(why[k])
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.moved = time.Now()
	c.summary.Read += len(batch)
	if c.Progress != nil {
		c.Progress(c.summary)
	}
	return nil
}

// includes reports whether all of refs are among those that a product has.
func includes(has []api.Ref, refs []xtrace.Ref) bool {
	for _, r := range refs {
		if !slices.Contains(has, api.Ref(r)) {
			return false
		}
	}
	return true
}
