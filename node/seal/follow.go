package sealer

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// batchHeights is how many statements are written at once, while the node is
// behind.
const batchHeights = 256

// retry is how long Run waits after a block could not be read.
const retry = 5 * time.Second

// Run derives the statement of each committed block until ctx ends, and returns
// nil then. A block that cannot be read is tried again; an error is one of the
// database, after which the node seals nothing until it is started again.
func (s *Store) Run(ctx context.Context) error {
	news, stop := s.source.Notify()
	defer stop()
	for {
		err := s.follow(ctx)
		var unread *readError
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.As(err, &unread):
			s.log.Error("the statement of a block cannot be derived; it is tried again 无法生成区块的签章陈述，将重试", "err", err)
		case err != nil:
			return err
		}
		wait := time.NewTimer(retry)
		select {
		case <-ctx.Done():
		case <-news:
		case <-wait.C:
		}
		wait.Stop()
	}
}

// readError: a block or the state was not readable.
type readError struct {
	height uint64
	err    error
}

func (e *readError) Error() string { return fmt.Sprintf("sealer: block %d: %v", e.height, e.err) }
func (e *readError) Unwrap() error { return e.err }

// follow derives what was committed since the last time.
func (s *Store) follow(ctx context.Context) error {
	for ctx.Err() == nil {
		earliest, latest := s.source.Heights()
		first, last := s.Heights()
		next := last + 1
		if latest == 0 || next > latest {
			return nil
		}
		if first == 0 || next < earliest {
			// Blocks were pruned before they were seen, or it begins: what is
			// older is taken from peers.
			next = max(next, earliest)
			first = next
		}
		if err := s.derived(first, next, min(latest, next+batchHeights-1)); err != nil {
			return err
		}
		s.news.wake()
		if err := s.prune(); err != nil {
			return err
		}
		s.choose()
	}
	return nil
}

// derived writes the statements of the heights from next to last.
func (s *Store) derived(first, next, last uint64) (err error) {
	b := s.db.NewBatch()
	defer func() { err = errors.Join(err, b.Close()) }()
	s.mu.Lock() // signatures of these heights come when they are there
	defer s.mu.Unlock()
	for h := next; h <= last; h++ {
		st, n, err := s.derive(h)
		if err != nil {
			if h == next {
				return &readError{h, err}
			}
			last = h - 1
			break
		}
		old, err := s.load(h)
		if err != nil {
			return err
		}
		if old != nil && old.statement == *st {
			continue // written before the range was, or taken from a peer
		}
		if old != nil {
			s.log.Error("the sealed statement of a height is not what its block gives 已签章的陈述与区块不符", "height", h)
			s.counts.forks.Add(1)
			continue
		}
		if err := b.Set(heightKey(recordPrefix, h), (&record{statement: *st, n: n}).bytes()); err != nil {
			return err
		}
	}
	if err := b.Set([]byte(rangeKey), binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, first), last)); err != nil {
		return err
	}
	if err := b.WriteSync(); err != nil {
		return fmt.Errorf("sealer: %w", err)
	}
	s.first.Store(first)
	s.last.Store(last)
	return nil
}

// derive returns the statement of a height, and the number of keys of its set.
// The caller holds mu.
func (s *Store) derive(height uint64) (*seal.Statement, int, error) {
	genesis, err := s.genesisRoot()
	if err != nil {
		return nil, 0, err
	}
	b, err := s.source.Block(height)
	if err != nil {
		return nil, 0, err
	}
	set, err := s.sets.at(height)
	if err != nil {
		return nil, 0, err
	}
	next, begin, err := s.sets.next(height, set.SealHash)
	if err != nil {
		return nil, 0, err
	}
	st := &seal.Statement{
		Chain: s.chain, Genesis: genesis, AppVersion: b.AppVersion, Height: height, Time: b.Time.UnixNano(),
		Block: b.Hash, State: b.State, Set: set.SealHash, Next: next, NextHeight: begin,
	}
	return st, set.seals.Len(), st.Check()
}

// genesisRoot returns the root of the genesis state, which is asked for once. The
// caller holds mu.
func (s *Store) genesisRoot() (sm3.Hash, error) {
	if !s.genesis.IsZero() {
		return s.genesis, nil
	}
	root, err := s.source.Genesis()
	if err != nil {
		return root, err
	}
	if err := s.db.SetSync([]byte(genesisKey), root[:]); err != nil {
		return root, fmt.Errorf("sealer: %w", err)
	}
	s.genesis = root
	return root, nil
}
