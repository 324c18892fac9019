package sealer

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// pruneEvery is how many heights are let go together.
const pruneEvery = 1024

// prune deletes heights that are no longer kept. What this node signed of them is
// forgotten as well, and nothing up to there is ever signed again.
func (s *Store) prune() (err error) {
	last, floor := s.last.Load(), s.floor.Load()
	if last < s.options.Retain+pruneEvery || last-s.options.Retain < floor+pruneEvery {
		return nil
	}
	to := min(last-s.options.Retain, floor+16*pruneEvery)
	keep, err := s.keepers(floor+1, to)
	if err != nil {
		return err
	}
	b := s.db.NewBatch()
	defer func() { err = errors.Join(err, b.Close()) }()
	s.mu.Lock()
	defer s.mu.Unlock()
	for h := floor + 1; h <= to; h++ {
		if h == s.newest.Load() || keep[h] {
			continue
		}
		for _, prefix := range []byte{recordPrefix, sealedPrefix, signedPrefix} {
			if err := b.Delete(heightKey(prefix, h)); err != nil {
				return err
			}
		}
	}
	if err := b.Set([]byte(floorKey), binary.BigEndian.AppendUint64(nil, to)); err != nil {
		return err
	}
	if err := b.WriteSync(); err != nil {
		return fmt.Errorf("sealer: %w", err)
	}
	s.floor.Store(to)
	return nil
}

// keepers returns the heights of a range that are the last sealed handovers of
// their change of sets.
func (s *Store) keepers(from, to uint64) (map[uint64]bool, error) {
	keep := map[uint64]bool{}
	changes, err := s.sets.changes(max(from, s.options.Initial), ^uint64(0))
	if err != nil {
		return nil, err
	}
	for _, c := range changes {
		if c.opens > to {
			break
		}
		st, _, ok, err := s.lastSealed(c.opens, c.begin-1)
		if err != nil {
			return nil, err
		}
		if ok {
			keep[st.Height] = true
		}
	}
	return keep, nil
}
