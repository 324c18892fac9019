package client

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"

	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/api"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/tx"
)

// IDOf returns the id of a transaction, in 64 hexadecimal digits.
func IDOf(raw []byte) (string, error) {
	t := new(txv1.Tx)
	if err := proto.Unmarshal(raw, t); err != nil {
		return "", fmt.Errorf("client: the bytes are not a transaction: %w", err)
	}
	id := tx.ID(t.Body)
	return hex.EncodeToString(id[:]), nil
}

// Submit hands a signed transaction to a node, which checks it, and returns what
// is known then: it is pending, or committed already. It can be called again for
// the same transaction, whose id keeps it from being done twice. Where it is not
// certain that a node has taken it, all nodes are asked for the id before it is
// sent again. Errors: *Error with a refusal; ErrUncertain; ErrNotReady, ErrChain
// and ErrNoAnswer, all of which say that no node has it from here.
func (c *Client) Submit(ctx context.Context, raw []byte) (*api.Transaction, error) {
	id, err := IDOf(raw)
	if err != nil {
		return nil, err
	}
	s := submission{client: c, id: id, raw: raw}
	p := c.newPatience()
	for {
		nodes, err := c.writers(ctx)
		if errors.Is(err, ErrChain) {
			return nil, s.failed(err)
		}
		for _, n := range nodes {
			if s.uncertain {
				if t := c.find(ctx, id); t != nil {
					return t, nil
				}
			}
			t, definite, err := s.send(ctx, n, p)
			if definite {
				return t, err
			}
		}
		pause := p.pause(ctx)
		if pause == nil {
			continue
		}
		if s.uncertain {
			if t := c.find(ctx, id); t != nil {
				return t, nil
			}
		}
		if err != nil {
			return nil, s.failed(err) // why there was nobody to send to
		}
		return nil, s.failed(pause)
	}
}

// submission is one transaction on its way to a node.
type submission struct {
	client    *Client
	id        string
	raw       []byte
	uncertain bool // a node may have taken it
}

// send hands the transaction to one node.
func (s *submission) send(ctx context.Context, n *node, p *patience) (t *api.Transaction, definite bool, err error) {
	r, err := n.do(ctx, request{method: http.MethodPost, path: "/transactions", body: s.raw})
	if err != nil {
		s.uncertain = s.uncertain || !neverSent(err)
		n.forget()
		p.note(n, err, nil)
		return nil, false, nil
	}
	t = new(api.Transaction)
	definite, err = r.result(t)
	if !definite {
		s.uncertain = s.uncertain || !turnedAway(r, err)
		p.note(n, err, r)
		return nil, false, nil
	}
	if err == nil {
		s.client.prefer(n)
		return t, true, nil
	}
	if NonceUsed(err) { // by this very transaction?
		if found := s.client.find(ctx, s.id); found != nil {
			return found, true, nil
		}
	}
	return nil, true, err
}

// turnedAway reports whether an answer that is not definite says that the node
// has not taken the transaction: too many requests, or a full mempool. Others are
// of a fault, or of something between that is no node, and say nothing.
func turnedAway(r *reply, err error) bool {
	var e *Error
	if !errors.As(err, &e) || e.Problem.Title == "" {
		return false
	}
	return r.status == http.StatusTooManyRequests || r.status == http.StatusServiceUnavailable && r.retryAfter() > 0
}

// failed says with err what it means for the transaction.
func (s *submission) failed(err error) error {
	if s.uncertain {
		return fmt.Errorf("%w (id %s): %w", ErrUncertain, s.id, err)
	}
	return err
}

// find asks every node for a transaction and returns the answer that says most,
// nil if no node has it.
func (c *Client) find(ctx context.Context, id string) (best *api.Transaction) {
	answers := make(chan *api.Transaction, len(c.nodes))
	for _, n := range c.nodes {
		go func() {
			t, err := n.transaction(ctx, id, 0)
			if err != nil {
				t = nil
			}
			answers <- t
		}()
	}
	for range c.nodes {
		t := <-answers
		if t != nil && (t.State == "committed" || t.State == "pending" && best == nil) {
			best = t
		}
	}
	return best
}
