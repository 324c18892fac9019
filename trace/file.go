package trace

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/client"
	"github.com/hallmark-ledger/hallmark/client/bulk"
	"github.com/hallmark-ledger/hallmark/client/message"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	xtrace "github.com/hallmark-ledger/hallmark/x/trace"
)

// task is events of one product that are still to be filed, in their order. One
// message of a product is on its way at a time.
type task struct {
	of     *standing
	items  []*item
	most   int // events of its next message; 0 for as many as fit
	missed int // how often in a row its message came to nothing
}

// maxMissed is how often it is tried to add to a chain that others add to.
const maxMissed = 20

// queue has the tasks that no transaction is on its way for.
type queue struct {
	mu    sync.Mutex
	more  *sync.Cond
	ready []*task
	out   int // tasks that are on their way
	ended bool
}

// take returns tasks for one transaction, nil when all is done. It removes what it
// returns.
func (q *queue) take(c *capture) (list []*task) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.ready) == 0 && q.out > 0 && !q.ended {
		q.more.Wait()
	}
	if q.ended {
		return nil
	}
	events := 0
	for len(q.ready) > 0 && len(list) < c.Messages && events < c.Batch {
		t := q.ready[0]
		q.ready = q.ready[1:]
		list = append(list, t)
		events += len(t.items)
	}
	q.out += len(list)
	return list
}

// back gives tasks back; those that have nothing left are done.
func (q *queue) back(list []*task, end bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.out -= len(list)
	for _, t := range list {
		if len(t.items) > 0 {
			q.ready = append(q.ready, t)
		}
	}
	q.ended = q.ended || end
	q.more.Broadcast()
}

// file files tasks, several transactions at a time.
func (c *capture) file(ctx context.Context, tasks []*task) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	q := &queue{ready: tasks}
	q.more = sync.NewCond(&q.mu)
	var workers sync.WaitGroup
	for range min(c.InFlight, len(tasks)) {
		workers.Go(func() {
			for {
				list := q.take(c)
				if len(list) == 0 {
					return
				}
				err := c.transact(ctx, list)
				if err != nil {
					cancel(err)
				}
				q.back(list, err != nil)
			}
		})
	}
	workers.Wait()
	return context.Cause(ctx)
}

// transact files the first events of tasks by one transaction, and takes what is done
// off them.
func (c *capture) transact(ctx context.Context, tasks []*task) error {
	var messages []*txv1.Message
	var sent []int // events of each message
	events, bytes := 0, 0
	for _, t := range tasks {
		n, m, err := c.message(t, c.Batch-events, maxBytes-bytes)
		if err != nil {
			return err
		}
		sent = append(sent, n)
		if n > 0 {
			messages = append(messages, m)
			events, bytes = events+n, bytes+proto.Size(m)
		}
	}
	o, err := c.deliver(ctx, messages)
	if err != nil {
		return err
	}
	if o == nil || o.Result == client.Expired {
		return c.look(ctx, tasks)
	}
	c.mu.Lock()
	c.moved = time.Now()
	c.mu.Unlock()
	why := refusals(o.Transaction, len(messages))
	k := 0
	for i, t := range tasks {
		if sent[i] == 0 {
			continue
		}
		if err := c.became(ctx, t, sent[i], why[k], o); err != nil {
			return err
		}
		k++
	}
	return nil
}

// message returns the message with the first events of a task, as many as there is room
// for; 0 events if there is none left.
func (c *capture) message(t *task, room, bytes int) (n int, m *txv1.Message, err error) {
	n = min(len(t.items), room, xtrace.MaxEvents)
	if t.most > 0 {
		n = min(n, t.most)
	}
	for ; n > 0; n /= 2 {
		events := make([]*xtrace.Event, n)
		for i, one := range t.items[:n] {
			events[i] = one.part.Event
		}
		m, err = message.CaptureEvents(c.member, t.of.uri, t.of.entries, events)
		if err != nil {
			return 0, nil, fmt.Errorf("trace: %s: %w", t.of.uri, err)
		}
		if n == 1 && bytes == maxBytes || proto.Size(m) <= bytes {
			return n, m, nil
		}
	}
	return 0, nil, nil
}

// deliver makes a transaction and sends it until it is certain what became of it: nil
// or expired if it is in no block and never will be.
func (c *capture) deliver(ctx context.Context, messages []*txv1.Message) (*client.Outcome, error) {
	ledger := bulk.Network{Maker: c.Maker}
	t, err := retry(ctx, c, func() (*bulk.Transaction, error) { return ledger.Make(ctx, messages) })
	if err != nil {
		return nil, err
	}
	if c.journal != nil {
		if err := c.journal.sent(t.ID); err != nil {
			return nil, err
		}
	}
	return retry(ctx, c, func() (*client.Outcome, error) {
		o, err := ledger.File(ctx, t)
		r, refused := client.RefusalOf(err)
		switch {
		case !refused:
			return o, err
		case r.Name == "tx_nonce_used", r.Name == "tx_nonce_too_old":
			c.Maker.Nonces.Stale()
			return ledger.Settle(ctx, t)
		case r.Name == "tx_expired":
			return ledger.Wait(ctx, t)
		}
		return nil, err
	})
}

// became takes what became of the first n events of a task.
func (c *capture) became(ctx context.Context, t *task, n int, why *api.Refusal, o *client.Outcome) error {
	if why == nil {
		for _, i := range t.items[:n] {
			t.of.entries++
			i.State, i.done, i.Entry, i.Height, i.Tx = StateFiled, true, t.of.entries, o.Transaction.Height, o.ID
			if t.of.has == nil {
				t.of.has = map[sm3.Hash]place{}
			}
			t.of.has[i.part.Event.Hash] = place{i.Entry, i.Height, i.Tx}
		}
		t.items, t.most, t.missed = t.items[n:], 0, 0
		return nil
	}
	switch why.Name {
	case "chain_moved", "event_recorded":
		if t.missed++; t.missed < maxMissed {
			return c.look(ctx, []*task{t})
		}
		t.close(len(t.items), why)
	case "event_in_future", "event_malformed", "event_products", "product_uri_not_canonical":
		if n > 1 {
			t.most = n / 2 // until it is found which one
			return nil
		}
		t.close(1, why)
		t.most = 0
	default: // whatever is sent for this product
		t.of.refused = why
		t.close(len(t.items), why)
	}
	return nil
}

// close takes n events off a task that are refused.
func (t *task) close(n int, why *api.Refusal) {
	for _, i := range t.items[:n] {
		i.refuse(why)
		i.done = true
	}
	t.items = t.items[n:]
}

// look reads the chains of tasks anew and takes off what they have.
func (c *capture) look(ctx context.Context, tasks []*task) error {
	for _, t := range tasks {
		if t.missed > 1 { // a node may be behind
			select {
			case <-ctx.Done():
				return context.Cause(ctx)
			case <-time.After(firstPause):
			}
		}
		if _, err := retry(ctx, c, func() (*struct{}, error) { return nil, t.of.refresh(ctx, c.Maker.Client) }); err != nil {
			return err
		}
		t.items = slices.DeleteFunc(t.items, c.known)
	}
	return nil
}

// check is what the ledger's rules say of an event, whatever its state.
func check(p *Part) *api.Refusal {
	err := xtrace.CheckEvent(p.Product, p.Event)
	if err == nil {
		return nil
	}
	r, _ := client.RefusalOf(err)
	return r
}

// refusals returns why messages were refused, by their place; nil for those that were
// done.
func refusals(t *api.Transaction, messages int) []*api.Refusal {
	list := make([]*api.Refusal, messages)
	for i := range list {
		list[i] = t.Refusal
	}
	for i := range t.Refused {
		if r := &t.Refused[i]; r.Message != nil && *r.Message >= 0 && *r.Message < messages {
			list[*r.Message] = r
		}
	}
	return list
}

const (
	firstPause = 250 * time.Millisecond
	maxPause   = 8 * time.Second
)

// retry tries again, after pauses that grow, what does not need a person: nodes that
// do not answer, a full mempool, a quota. It gives up when for the time of the patience
// no transaction has come to an end.
func retry[T any](ctx context.Context, c *capture, try func() (*T, error)) (*T, error) {
	for pause, began := firstPause, time.Now(); ; pause = min(2*pause, maxPause) {
		v, err := try()
		if err == nil {
			return v, nil
		}
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		c.mu.Lock()
		since := c.moved
		c.mu.Unlock()
		if began.After(since) {
			since = began
		}
		if !passes(err) || time.Since(since) > c.Patience {
			return nil, err
		}
		if c.Again != nil {
			c.Again(err)
		}
		select {
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-time.After(pause + rand.N(pause/2)):
		}
	}
}

// passes reports whether the reason of an error goes by itself.
func passes(err error) bool {
	if r, ok := client.RefusalOf(err); ok {
		return r.Name == "tx_quota_exceeded" || r.Name == "tx_nonce_too_far"
	}
	return errors.Is(err, client.ErrNoAnswer) || errors.Is(err, client.ErrNotReady) || errors.Is(err, client.ErrUncertain)
}
