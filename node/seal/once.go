package sealer

import (
	"errors"
	"fmt"

	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
)

// ErrTwice: the node has signed another statement of this height, or may have.
// It signs none again.
var ErrTwice = errors.New("sealer: another statement of this height was, or may have been, signed")

// claim makes it durable that this node signs the statement, before it does. It
// may be called again with the same statement, also after a crash. Its error is
// ErrTwice, or of the database.
func (s *Store) claim(st *seal.Statement) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if floor := s.floor.Load(); st.Height <= floor {
		return fmt.Errorf("%w: height %d; what was signed up to %d is not remembered", ErrTwice, st.Height, floor)
	}
	hash := hashOf(st)
	key := heightKey(signedPrefix, st.Height)
	b, err := s.db.Get(key)
	switch {
	case err != nil:
		return fmt.Errorf("sealer: %w", err)
	case b == nil:
		if err := s.db.SetSync(key, hash[:]); err != nil {
			return fmt.Errorf("sealer: %w", err)
		}
		return nil
	case string(b) != string(hash[:]):
		return fmt.Errorf("%w: height %d, %x, not %s", ErrTwice, st.Height, b, hash)
	}
	return nil
}

// own keeps the node's own signature. It fails, with ErrInvalid, if that is not
// good: it would make peers disconnect.
func (s *Store) own(st *seal.Statement, place int, signature sm2.Signature) (*Fresh, error) {
	set, err := s.sets.at(st.Height)
	if err != nil {
		return nil, err
	}
	if err := set.verifier.VerifyOne(st, place, signature); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	return s.keep(st, []int{place}, []sm2.Signature{signature}, set)
}
