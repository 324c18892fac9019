package sealer

import "fmt"

// candidate is a height that is pinned until it is sealed, so that its state is
// there then, however few heights are retained.
type candidate struct {
	height  uint64
	release func() // nil if there is none
}

// candidateLife is after how many heights a candidate that was not sealed is
// given up for a newer one.
const candidateLife = 32

// pinNewest pins the newest sealed height that can be read.
func (s *Store) pinNewest() error {
	it, err := s.db.ReverseIterator([]byte{sealedPrefix}, []byte{sealedPrefix + 1})
	if err != nil {
		return fmt.Errorf("sealer: %w", err)
	}
	defer it.Close()
	for ; it.Valid(); it.Next() {
		height := heightOf(it.Key())
		release, err := s.source.Pin(height)
		if err != nil {
			continue // ahead of the state, or its state is gone
		}
		s.release = release
		s.newest.Store(height)
		return nil
	}
	return it.Error()
}

// advance makes a sealed height the newest, if it is and its state can be read.
// The caller holds mu.
func (s *Store) advance(height uint64) {
	if height <= s.newest.Load() {
		return
	}
	release, err := s.source.Pin(height)
	if err != nil {
		return
	}
	if s.release != nil {
		s.release()
	}
	s.release = release
	s.newest.Store(height)
	if s.waiting.release != nil && s.waiting.height <= height {
		s.waiting.release()
		s.waiting = candidate{}
	}
}

// choose pins the last height as the candidate, unless there is one.
func (s *Store) choose() {
	s.mu.Lock()
	defer s.mu.Unlock()
	last := s.last.Load()
	if s.waiting.release != nil && s.waiting.height+candidateLife > last || last <= s.newest.Load() {
		return
	}
	release, err := s.source.Pin(last)
	if err != nil {
		return // it is older than what is retained already; the next will do
	}
	if s.waiting.release != nil {
		s.waiting.release()
	}
	s.waiting = candidate{last, release}
}

func (s *Store) unpin() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, release := range []func(){s.release, s.waiting.release} {
		if release != nil {
			release()
		}
	}
	s.release, s.waiting = nil, candidate{}
}
