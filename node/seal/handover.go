package sealer

import (
	"errors"
	"fmt"

	"github.com/hallmark-ledger/hallmark/crypto/seal"
)

// ErrNoHandover: no height was sealed while a change of seal sets was pending, so
// nothing leads from the one to the next. Verifiers need a card of the new set.
var ErrNoHandover = errors.New("sealer: no sealed statement leads to the next seal set")

// Handover is a sealed statement that names the next seal set, and that set.
type Handover struct {
	Statement seal.Statement
	Seal      seal.Seal
	Next      seal.Set
}

// Handovers returns up to limit handovers, one for each change of seal sets, that
// lead a verifier whose trust begins at height from to the set of the newest
// sealed height. If one is missing the error is ErrNoHandover, and what leads up
// to it is returned too.
func (s *Store) Handovers(from uint64, limit int) ([]Handover, error) {
	newest := s.Newest()
	if from == 0 || from > newest {
		return nil, nil
	}
	changes, err := s.sets.changes(from, newest)
	if err != nil {
		return nil, err
	}
	list := []Handover{}
	for _, c := range changes {
		if len(list) == limit {
			break
		}
		st, sl, ok, err := s.lastSealed(max(c.opens, from), c.begin-1)
		if err != nil {
			return list, err
		}
		if !ok {
			return list, fmt.Errorf("%w: that which begins at height %d", ErrNoHandover, c.begin)
		}
		next, err := c.next.Seal()
		if err != nil {
			return list, err
		}
		list = append(list, Handover{*st, sl, next})
	}
	return list, nil
}

// lastSealed returns the highest sealed height of a range.
func (s *Store) lastSealed(low, high uint64) (*seal.Statement, seal.Seal, bool, error) {
	if low > high {
		return nil, seal.Seal{}, false, nil
	}
	it, err := s.db.ReverseIterator(heightKey(sealedPrefix, low), heightKey(sealedPrefix, high+1))
	if err != nil {
		return nil, seal.Seal{}, false, fmt.Errorf("sealer: %w", err)
	}
	defer it.Close()
	if !it.Valid() {
		return nil, seal.Seal{}, false, it.Error()
	}
	return s.Sealed(heightOf(it.Key()))
}

// hasHandover reports whether a height at or after st's is sealed that names the
// same next set.
func (s *Store) hasHandover(st *seal.Statement, set *set) bool {
	last, _, ok, err := s.lastSealed(st.Height, st.NextHeight-1)
	return err == nil && ok && last.Next == st.Next && last.Set == set.SealHash
}

// window is a change of seal sets without a sealed handover.
type window struct{ low, high uint64 }

// unsealed returns the windows, as far as they have opened, in which no height is
// sealed, of the changes of seal sets after the set of a height.
func (s *Store) unsealed(from uint64) (list []window, err error) {
	_, last := s.Heights()
	if last == 0 {
		return nil, nil
	}
	changes, err := s.sets.changes(from, ^uint64(0))
	if err != nil {
		return nil, err
	}
	for _, c := range changes {
		if c.opens > last {
			continue
		}
		_, _, ok, err := s.lastSealed(c.opens, c.begin-1)
		if err != nil {
			return nil, err
		}
		if !ok {
			list = append(list, window{c.opens, min(last, c.begin-1)})
		}
	}
	return list, nil
}
