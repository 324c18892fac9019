package client

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
)

// NonceBook remembers which nonces of a key were handed out, so that none is
// used twice while transactions wait, or lie with a second signer.
//
// Reserve returns a nonce of first … last that was not handed out before, the
// lowest, and keeps it until expiry, after which no transaction can use it; ok is
// false if there is none. It is safe for concurrent use.
type NonceBook interface {
	Reserve(first, last uint64, expiry time.Time) (nonce uint64, ok bool, err error)
}

// Nonces hands out nonces of one key, each once. A thousand transactions can be
// on their way at a time, in any order; then Next waits for some to be committed.
// It is safe for concurrent use.
type Nonces struct {
	client *Client
	key    string
	book   NonceBook

	mu    sync.Mutex
	known *api.Nonce // nil until asked for; guarded by mu
}

// Nonces returns what hands out nonces of key. book may be nil, to remember in
// memory alone.
func (c *Client) Nonces(key *sm2.PublicKey, book NonceBook) *Nonces {
	if book == nil {
		book = new(memoryBook)
	}
	return &Nonces{client: c, key: key.String(), book: book}
}

// windowPause is how long Next waits before it asks again whether the window has
// moved: less than a block takes.
const windowPause = 500 * time.Millisecond

// Next returns a nonce for a transaction with this expiry. It waits, as long as
// ctx lasts, while all that can be used are handed out.
func (n *Nonces) Next(ctx context.Context, expiry time.Time) (uint64, error) {
	for fresh := false; ; fresh = true {
		highest, span, err := n.window(ctx, fresh)
		if err != nil {
			return 0, err
		}
		nonce, ok, err := n.book.Reserve(highest+1, highest+span, expiry)
		if err != nil || ok {
			return nonce, err
		}
		if !fresh {
			continue // ask once before waiting
		}
		select {
		case <-ctx.Done():
			return 0, fmt.Errorf("client: all nonces of key %s that can be used are handed out, and none of their transactions was committed: %w", n.key, context.Cause(ctx))
		case <-time.After(windowPause):
		}
	}
}

// Stale says that the ledger refused a nonce as used: somebody else uses the key.
// The next nonce will be above what the ledger knows then.
func (n *Nonces) Stale() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.known = nil
}

// window returns the highest nonce used, and how far above it one may be.
func (n *Nonces) window(ctx context.Context, fresh bool) (highest, span uint64, err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.known == nil || fresh {
		now, err := n.client.Nonce(ctx, n.key)
		if err != nil {
			return 0, 0, err
		}
		if now.Span == 0 {
			return 0, 0, errors.New("client: the node says that no nonce can be used: is it of a version that this program knows?")
		}
		if n.known == nil || now.Highest > n.known.Highest { // a node may be behind
			n.known = now
		}
	}
	return n.known.Highest, n.known.Span, nil
}

// memoryBook is a NonceBook for one process.
type memoryBook struct {
	mu   sync.Mutex
	next uint64 // every nonce below was handed out, or passed over; guarded by mu
}

func (b *memoryBook) Reserve(first, last uint64, _ time.Time) (uint64, bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	nonce := max(first, b.next)
	if nonce > last {
		return 0, false, nil
	}
	b.next = nonce + 1
	return nonce, true, nil
}
