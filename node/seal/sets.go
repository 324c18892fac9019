package sealer

import (
	"fmt"
	"sync"

	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/x/validator"
)

// set is the validator set of some heights, ready to verify with. It is
// immutable.
type set struct {
	validator.Set
	verifier *seal.Verifier
	seals    seal.Set
	names    []string // by place in the seal set
}

func newSet(v validator.Set) (*set, error) {
	seals, err := v.Seal()
	if err != nil {
		return nil, fmt.Errorf("sealer: the set that begins at %d: %w", v.Begin, err)
	}
	s := &set{Set: v, verifier: seal.NewVerifier(seals), seals: seals}
	byKey := make(map[validator.SealKey]string, len(v.Validators))
	for _, one := range v.Validators {
		byKey[one.SealKey] = one.Name
	}
	for _, e := range seals.Entries() {
		s.names = append(s.names, byKey[e.Key])
	}
	return s, nil
}

// place returns the place of a key, false if it is not in the set.
func (s *set) place(key validator.SealKey) (int, bool) {
	for i, e := range s.seals.Entries() {
		if e.Key == key {
			return i, true
		}
	}
	return 0, false
}

// power returns the power of several places.
func (s *set) power(places []int) (sum uint64) {
	entries := s.seals.Entries()
	for _, p := range places {
		sum += entries[p].Power
	}
	return sum
}

// maxSets is how many sets are remembered.
const maxSets = 16

// sets finds the set of a height, and remembers the last that were asked for.
type sets struct {
	source Source

	mu    sync.Mutex
	known []*span // guarded by mu; the last used at the end
}

// span is a set and a range of heights that it is known to decide.
type span struct {
	*set
	last uint64 // the first is Begin
}

// at returns the set that decides a height.
func (s *sets) at(height uint64) (*set, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, k := range s.known {
		if k.Begin <= height && height <= k.last {
			s.known = append(append(s.known[:i:i], s.known[i+1:]...), k)
			return k.set, nil
		}
	}
	v, err := s.source.SetAt(height)
	if err != nil {
		return nil, err
	}
	for _, k := range s.known {
		if k.Begin == v.Begin {
			k.last = max(k.last, height)
			return k.set, nil
		}
	}
	one, err := newSet(v)
	if err != nil {
		return nil, err
	}
	if len(s.known) == maxSets {
		s.known = append([]*span(nil), s.known[1:]...)
	}
	s.known = append(s.known, &span{one, height})
	return one, nil
}

// next returns the hash of the next different seal set that was scheduled after
// the block of height, and where it begins; zeros if there was none. It does not
// depend on what was decided later.
func (s *sets) next(height uint64, current sm3.Hash) (hash sm3.Hash, begin uint64, err error) {
	following, err := s.source.SetsAfter(height, validator.MaxPending)
	if err != nil {
		return hash, 0, err
	}
	for _, v := range following {
		if v.Decided > height {
			break // they are decided in the order of their begin
		}
		if v.SealHash != current {
			return v.SealHash, v.Begin, nil
		}
	}
	return hash, 0, nil
}

// change is a change of seal sets.
type change struct {
	opens uint64 // the first height whose statement names the next set
	begin uint64 // the first that the next set decides
	next  validator.Set
}

// changes returns those from the set of a height on whose next set begins at most
// at limit, in order.
func (s *sets) changes(from, limit uint64) (list []change, err error) {
	current, err := s.at(from)
	if err != nil {
		return nil, err
	}
	hash, since, at := current.SealHash, current.Begin, from
	for {
		page, err := s.source.SetsAfter(at, 64)
		if err != nil {
			return nil, err
		}
		for _, v := range page {
			at = v.Begin
			if v.Begin > limit {
				return list, nil
			}
			if v.SealHash == hash {
				continue
			}
			list = append(list, change{max(v.Decided, since), v.Begin, v})
			hash, since = v.SealHash, v.Begin
		}
		if len(page) < 64 {
			return list, nil
		}
	}
}
