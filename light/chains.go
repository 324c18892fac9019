package light

import (
	"bytes"
	"fmt"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	lightv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/light/v1"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/trace"
)

// chain is all that was recorded of a product. Its record, which the state root
// vouches for, has the number of the entries and the head that they fold to.
type chain struct {
	key     []byte // of the record
	uri     string
	entries [][]byte
}

// chain verifies a chain by the record of its product and keeps it.
func (s *State) chain(b []byte) error {
	f := fields{rest: b}
	c := chain{key: f.bytes(1)}
	for f.more(2, wireBytes) {
		c.entries = append(c.entries, f.bytes(2))
	}
	if err := f.end(); err != nil {
		return fmt.Errorf("%w: %w", ErrBundle, err)
	}
	if n := len(s.chains); n > 0 && bytes.Compare(s.chains[n-1].key, c.key) >= 0 {
		return fmt.Errorf("%w: the chains are not ascending by key, each once", ErrBundle)
	}
	i, there := s.find(c.key)
	var isProduct bool
	if c.uri, isProduct = trace.URIOfProduct(c.key); !there || !isProduct || s.entries[i].value == nil {
		return fmt.Errorf("%w: a chain without the record of its product", ErrBundle)
	}
	p, err := trace.DecodeProduct(s.entries[i].value)
	if err != nil {
		return fmt.Errorf("the record of %s: %w", c.uri, err)
	}
	var head sm3.Hash
	for _, e := range c.entries {
		head = trace.Fold(head, e)
	}
	if uint64(len(c.entries)) != p.Entries || head != p.Head {
		return fmt.Errorf("%w: the chain of %s is not what its record says: %d entries of %d, head %v, not %v", ErrProof, c.uri, len(c.entries), p.Entries, head, p.Head)
	}
	s.chains = append(s.chains, c)
	return nil
}

// entryOf returns the entry of a chain whose key it is.
func (s *State) entryOf(key []byte) ([]byte, bool) {
	uri, n, ok := trace.EntryOfKey(key)
	if !ok {
		return nil, false
	}
	for i := range s.chains {
		if c := &s.chains[i]; c.uri == uri && n <= uint64(len(c.entries)) {
			return c.entries[n-1], true
		}
	}
	return nil, false
}

// chainOf is the chain of a product, by the key of its record, for a bundle. The
// error is ErrTraceTooLarge where its entries have more bytes than room.
func chainOf(r store.Reader, key []byte, room int) (*lightv1.Chain, int, error) {
	uri, _ := trace.URIOfProduct(key)
	p, ok, err := trace.Find(r, uri)
	if err == nil && !ok {
		err = fmt.Errorf("light: %s has entries and no record", uri)
	}
	if err != nil {
		return nil, 0, err
	}
	m := &lightv1.Chain{Key: key}
	size := 0
	for n := uint64(1); n <= p.Entries; n++ {
		b, ok, err := r.Get(trace.EntryKey(uri, n))
		if err == nil && !ok {
			err = fmt.Errorf("light: %s has no entry %d", uri, n)
		}
		if err != nil {
			return nil, 0, err
		}
		if size += len(b); size > room {
			return nil, 0, fmt.Errorf("%w: the chain of %s would not fit into %d bytes", ErrTraceTooLarge, uri, MaxBundleSize)
		}
		m.Entries = append(m.Entries, b)
	}
	return m, size, nil
}
