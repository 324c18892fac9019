package light

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/hallmark-ledger/hallmark/store"
)

var _ store.Reader = (*State)(nil)

// unproven is ErrUnproven of a key, or of all keys that begin with it.
type unproven struct {
	key []byte
	all bool
}

func (u *unproven) Error() string {
	if u.all {
		return fmt.Sprintf("%v: the keys that begin with %x", ErrUnproven, u.key)
	}
	return fmt.Sprintf("%v: key %x", ErrUnproven, u.key)
}

func (u *unproven) Unwrap() error { return ErrUnproven }

func (s *State) find(key []byte) (int, bool) {
	return slices.BinarySearchFunc(s.entries, key, func(e entry, key []byte) int { return bytes.Compare(e.key, key) })
}

// proves reports whether r can say something of a key: a State of what it has,
// others always.
func proves(r store.Reader, key []byte) bool {
	s, ok := r.(*State)
	if ok {
		_, ok = s.find(key)
		return ok
	}
	return true
}

// Get implements store.Reader: what the bundle proves of a key, or ErrUnproven.
func (s *State) Get(key []byte) ([]byte, bool, error) {
	i, ok := s.find(key)
	if !ok {
		if e, of := s.entryOf(key); of {
			return e, true, nil
		}
		return nil, false, &unproven{key: key}
	}
	value := s.entries[i].value
	return value, value != nil, nil
}

// Scan implements store.Reader. A bundle proves single keys, so it never
// succeeds.
func (s *State) Scan(prefix, _ []byte, _ store.Visit) error {
	return &unproven{key: prefix, all: true}
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
	return &unproven{key: prefix, all: true}
}

// metered is a state of which no more is read than a bundle can hold: a chain can
// have entries of gigabytes.
type metered struct {
	store.Reader
	read map[string]struct{}
	left int // bytes of values
}

// Get implements store.Reader. The error is ErrTraceTooLarge where it is too much.
func (m *metered) Get(key []byte) ([]byte, bool, error) {
	value, ok, err := m.Reader.Get(key)
	if _, known := m.read[string(key)]; err == nil && !known {
		m.read[string(key)] = struct{}{}
		if m.left -= len(value); m.left < 0 {
			return nil, false, fmt.Errorf("%w: its records have more than %d bytes", ErrTraceTooLarge, MaxBundleSize)
		}
	}
	return value, ok, err
}
