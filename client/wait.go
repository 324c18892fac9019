package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/hallmark-ledger/hallmark/api"
)

// Result says in one word what became of a transaction.
type Result int

const (
	Done    Result = iota + 1 // committed, every message done
	Partly                    // committed, mode “each”, some messages refused
	Refused                   // committed, nothing done
	Expired                   // in no block, and it never will be
)

// Outcome is what became of a transaction, for certain.
type Outcome struct {
	ID     string
	Result Result
	// Transaction is what the ledger says of it; nil if Expired.
	Transaction *api.Transaction
}

func outcomeOf(t *api.Transaction) *Outcome {
	o := &Outcome{ID: t.ID, Result: Done, Transaction: t}
	switch {
	case t.Refusal != nil, t.Messages > 0 && len(t.Refused) >= t.Messages:
		o.Result = Refused
	case len(t.Refused) > 0:
		o.Result = Partly
	}
	return o
}

// longPoll is how long a node is to wait for a transaction before it answers.
const longPoll = 20 * time.Second

// Wait returns what became of a transaction once that is certain: it is in a
// block, or blocks have passed its expiry without it. Until then it goes on,
// whatever node answers, as long as ctx lasts; then the error wraps
// context.Cause(ctx) and nothing is certain.
func (c *Client) Wait(ctx context.Context, id string, expiry time.Time) (*Outcome, error) {
	return c.wait(ctx, id, expiry, nil)
}

// SubmitAndWait is Submit, then Wait, and Submit again should all nodes have
// lost the transaction, as when the only one that had it was restarted. expiry
// is that of the body.
func (c *Client) SubmitAndWait(ctx context.Context, raw []byte, expiry time.Time) (*Outcome, error) {
	t, err := c.Submit(ctx, raw)
	if errors.Is(err, ErrUncertain) {
		if t, err = c.Submit(ctx, raw); err != nil {
			return nil, err
		}
	}
	if err != nil {
		return nil, err
	}
	if t.State == "committed" {
		return outcomeOf(t), nil
	}
	return c.wait(ctx, t.ID, expiry, raw)
}

func (c *Client) wait(ctx context.Context, id string, expiry time.Time, raw []byte) (*Outcome, error) {
	p := c.newPatience()
	for {
		answered := false
		for _, n := range c.order() {
			t, err := n.follow(ctx, id, expiry)
			switch {
			case errors.Is(err, errNever):
				// What one node has in a block, all will have; another may be ahead.
				if found := c.find(ctx, id); found != nil && found.State == "committed" {
					return outcomeOf(found), nil
				}
				return &Outcome{ID: id, Result: Expired}, nil
			case err != nil:
				p.note(n, err, nil)
				continue
			case t.State == "committed":
				c.prefer(n)
				return outcomeOf(t), nil
			}
			answered = true
			if t.State == "unknown" && raw != nil {
				if o, err := c.again(ctx, id, raw); o != nil || err != nil {
					return o, err
				}
			}
			break
		}
		if ctx.Err() != nil {
			return nil, fmt.Errorf("client: waiting for transaction %s: %w", id, context.Cause(ctx))
		}
		if answered {
			p = c.newPatience()
			select {
			case <-ctx.Done():
			case <-time.After(windowPause):
			}
		} else if err := p.pause(ctx); err != nil && ctx.Err() == nil {
			return nil, err
		}
	}
}

// again submits a transaction that a node has lost, if no other has it. The
// outcome is nil while there is none; an error is a refusal.
func (c *Client) again(ctx context.Context, id string, raw []byte) (*Outcome, error) {
	if c.find(ctx, id) != nil {
		return nil, nil
	}
	t, err := c.Submit(ctx, raw)
	if err == nil && t.State == "committed" {
		return outcomeOf(t), nil
	}
	// An expired one is for follow to be certain of; that a nonce is used can be
	// since the transaction is in a block that no index has yet.
	if _, refused := RefusalOf(err); refused && !NonceUsed(err) && !expired(err) {
		return nil, err
	}
	return nil, nil
}

func expired(err error) bool {
	r, ok := RefusalOf(err)
	return ok && r.Name == "tx_expired"
}

// errNever: the node's blocks have passed the expiry without the transaction.
var errNever = errors.New("expired")

// follow asks a node for a transaction, and lets it wait. errNever is certain:
// the node was at a block after the expiry before it said that the transaction
// is in none up to that one.
func (n *node) follow(ctx context.Context, id string, expiry time.Time) (*api.Transaction, error) {
	status, err := n.statusNow(ctx)
	if err != nil {
		return nil, err
	}
	over := !status.CatchingUp && status.Time.After(expiry)
	wait := longPoll
	if over {
		wait = 0
	} else if left := time.Until(expiry) + time.Second; left > 0 && left < wait {
		wait = left
	}
	t, err := n.transaction(ctx, id, wait)
	if err != nil {
		return nil, err
	}
	if over && t.State != "committed" && t.Indexed >= status.Height {
		return nil, errNever
	}
	return t, nil
}

// transaction asks a node for a transaction, and to wait for it.
func (n *node) transaction(ctx context.Context, id string, wait time.Duration) (*api.Transaction, error) {
	q := request{method: http.MethodGet, path: "/transactions/" + url.PathEscape(id), query: url.Values{}, wait: wait}
	if seconds := int(wait / time.Second); seconds > 0 {
		q.query.Set("wait", strconv.Itoa(seconds))
	}
	r, err := n.do(ctx, q)
	if err != nil {
		return nil, err
	}
	t := new(api.Transaction)
	if _, err := r.result(t); err != nil {
		return nil, err
	}
	return t, nil
}
