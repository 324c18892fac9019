package light

import (
	"fmt"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store"
)

var _ store.Reader = (*State)(nil)

// Get implements store.Reader: what the bundle proves of a key, or ErrUnproven.
func (s *State) Get(key []byte) ([]byte, bool, error) {
	value, ok := s.values[string(key)]
	if !ok {
		return nil, false, fmt.Errorf("%w: key %x", ErrUnproven, key)
	}
	return value, value != nil, nil
}

// Scan implements store.Reader. A bundle proves single keys, so it never
// succeeds.
func (s *State) Scan(prefix, _ []byte, _ store.Visit) error {
	return fmt.Errorf("%w: the keys that begin with %x", ErrUnproven, prefix)
}

// Details returns the encoded details with a digest, if the bundle has them.
func (s *State) Details(digest sm3.Hash) ([]byte, bool) {
	d, ok := s.details[digest]
	return d, ok
}

// Prover is a state with all of its keys: what a node has.
type Prover interface {
	store.Reader
	store.Prover
}

// recorder is a Prover that remembers what was read, for a bundle.
type recorder struct {
	Prover
	read map[string]struct{}
}

// Get implements store.Reader.
func (r *recorder) Get(key []byte) ([]byte, bool, error) {
	r.read[string(key)] = struct{}{}
	return r.Prover.Get(key)
}

// Scan implements store.Reader: what a bundle cannot prove is not tried.
func (r *recorder) Scan(prefix, _ []byte, _ store.Visit) error {
	return fmt.Errorf("%w: the keys that begin with %x", ErrUnproven, prefix)
}
