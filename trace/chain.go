package trace

import (
	"context"
	"fmt"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/client"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	xtrace "github.com/hallmark-ledger/hallmark/x/trace"
)

// pageSize is how many entries are asked for at a time.
const pageSize = 200

// entriesOf gives the entries of a product's chain from one on, as a node tells them,
// and returns the product; nil if it is not registered.
func entriesOf(ctx context.Context, c *client.Client, uri string, from uint64, each func(*xtrace.Entry)) (*api.Product, error) {
	p, err := c.Product(ctx, uri)
	if client.NotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for from <= p.Entries {
		list, err := c.TraceEntries(ctx, uri, client.From(from), client.Limit(pageSize))
		if err != nil {
			return nil, err
		}
		if len(list.Items) == 0 {
			return nil, fmt.Errorf("trace: %w: it says that %s has %d entries, and gives none from %d on", client.ErrNoAnswer, uri, p.Entries, from)
		}
		for _, item := range list.Items {
			e, err := xtrace.DecodeEntry(item.Raw)
			if err != nil || e.N != from {
				return nil, fmt.Errorf("trace: %w: entry %d of %s cannot be read: %w", client.ErrNoAnswer, from, uri, err)
			}
			if e.N <= p.Entries {
				each(e)
			}
			from++
		}
	}
	return p, nil
}

// ReadChain returns the whole chain of a product as a node tells it, which proves
// nothing but that its entries fold to the head that the node gives; nil if it is not
// registered.
func ReadChain(ctx context.Context, c *client.Client, uri string) ([]*xtrace.Entry, error) {
	var list []*xtrace.Entry
	var head sm3.Hash
	p, err := entriesOf(ctx, c, uri, 1, func(e *xtrace.Entry) {
		list = append(list, e)
		head = xtrace.Fold(head, xtrace.EncodeEntry(e))
	})
	if err != nil || p == nil {
		return nil, err
	}
	if head.String() != p.Head {
		return nil, fmt.Errorf("trace: %w: the entries of %s do not fold to its head", client.ErrNoAnswer, uri)
	}
	return list, nil
}

// standing is what is known of a product while a document is filed. One goroutine uses
// it at a time.
type standing struct {
	uri        string
	registered bool
	entries    uint64
	has        map[sm3.Hash]place
	// refused is why the ledger takes nothing from this member for it.
	refused *api.Refusal
}

// place is where an event is in a chain.
type place struct {
	entry, height uint64
	tx            string
}

// refresh reads what was added to the chain.
func (s *standing) refresh(ctx context.Context, c *client.Client) error {
	p, err := entriesOf(ctx, c, s.uri, s.entries+1, s.add)
	if err != nil {
		return err
	}
	s.registered = p != nil
	return nil
}

// add takes up the next entry.
func (s *standing) add(e *xtrace.Entry) {
	if s.entries = e.N; e.Event == nil {
		return
	}
	if s.has == nil {
		s.has = map[sm3.Hash]place{}
	}
	s.has[e.Event.Hash] = place{e.N, e.Height, e.Tx.String()}
}
