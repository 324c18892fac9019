package sealer

import (
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"

	"github.com/cockroachdb/pebble/vfs"

	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store/engine/pebbledb"
)

// Options are the settings of a store. The zero value of a field takes the
// default that its comment names.
type Options struct {
	// ChainID is the name of the chain. Required.
	ChainID string
	// Initial is the first height of the chain; default 1.
	Initial uint64
	// Retain is how many newest heights are kept; default 100,000. Handovers are
	// kept for ever, one of each change of sets.
	Retain uint64
	// Logger is told of conflicts and of faults; default none.
	Logger *slog.Logger
	// FS is the file system; default the operating system's.
	FS vfs.FS
}

// Store keeps statements, signatures and seals. Its methods may be called from
// several goroutines.
type Store struct {
	db      *pebbledb.DB
	source  Source
	sets    sets
	chain   sm3.Hash
	options Options
	log     *slog.Logger
	counts  counts
	news    notifier // of heights that were derived or sealed

	first, last atomic.Uint64 // heights that are derived; written by Run alone
	newest      atomic.Uint64 // sealed and pinned; written under mu
	floor       atomic.Uint64 // as "p"; written under mu

	// mu is held while a record is changed, and guards the fields below.
	mu      sync.Mutex
	genesis sm3.Hash // zero until it is known
	release func()   // of the pin of newest; nil if there is none
	waiting candidate
}

// Open opens the store in dir, or makes one, and pins the newest sealed height
// whose state can be read. It must be called before a version of the state is
// committed.
func Open(dir string, source Source, options Options) (*Store, error) {
	if options.ChainID == "" {
		return nil, errors.New("sealer: Options.ChainID is missing")
	}
	if options.Initial == 0 {
		options.Initial = 1
	}
	if options.Retain == 0 {
		options.Retain = 100_000
	}
	if options.Logger == nil {
		options.Logger = slog.New(slog.DiscardHandler)
	}
	db, err := pebbledb.Open(dir, pebbledb.Options{FS: options.FS, CacheBytes: 8 << 20, MemTableBytes: 4 << 20, Small: true})
	if err != nil {
		return nil, fmt.Errorf("sealer: %w", err)
	}
	s := &Store{
		db: db, source: source, sets: sets{source: source}, chain: sm3.Sum([]byte(options.ChainID)),
		options: options, log: options.Logger,
	}
	if err := s.restore(); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}

// restore reads what is there.
func (s *Store) restore() error {
	for _, f := range []struct {
		key  string
		size int
		set  func([]byte)
	}{
		{genesisKey, 32, func(b []byte) { s.genesis = sm3.Hash(b) }},
		{floorKey, 8, func(b []byte) { s.floor.Store(binary.BigEndian.Uint64(b)) }},
		{rangeKey, 16, func(b []byte) {
			s.first.Store(binary.BigEndian.Uint64(b))
			s.last.Store(binary.BigEndian.Uint64(b[8:]))
		}},
	} {
		b, err := s.db.Get([]byte(f.key))
		if err != nil {
			return fmt.Errorf("sealer: %w", err)
		}
		if b != nil && len(b) != f.size {
			return fmt.Errorf("%w: the value of %q has %d bytes", ErrCorrupt, f.key, len(b))
		}
		if b != nil {
			f.set(b)
		}
	}
	if err := s.countConflicts(); err != nil {
		return err
	}
	return s.pinNewest()
}

// Close closes the database and lets the pin go. Nothing must use the store any
// more.
func (s *Store) Close() error {
	s.unpin()
	return s.db.Close()
}

// Heights returns the first and the last height whose statements were derived
// from blocks without a gap, both 0 if none was.
func (s *Store) Heights() (first, last uint64) { return s.first.Load(), s.last.Load() }

// Newest returns the newest height that is sealed and whose state is pinned, so
// that it can be read and proven; 0 if there is none.
func (s *Store) Newest() uint64 { return s.newest.Load() }

// Notify returns a channel of capacity 1 that is sent to, without waiting, when a
// statement was derived or a height sealed, and a function that ends that.
func (s *Store) Notify() (<-chan struct{}, func()) { return s.news.subscribe() }

// Statement returns the statement of a height, false if the node has not executed
// it or keeps it no longer.
func (s *Store) Statement(height uint64) (*seal.Statement, bool, error) {
	r, err := s.load(height)
	if err != nil || r == nil {
		return nil, false, err
	}
	return &r.statement, true, nil
}

// Sealed returns the statement of a height with its seal, false if it has none.
func (s *Store) Sealed(height uint64) (*seal.Statement, seal.Seal, bool, error) {
	ok, err := s.isSealed(height)
	if err != nil || !ok {
		return nil, seal.Seal{}, false, err
	}
	r, err := s.load(height)
	if err != nil || r == nil { // pruned meanwhile
		return nil, seal.Seal{}, false, err
	}
	return &r.statement, r.seal(), true, nil
}

// Missing returns the names of the validators whose signature over the statement
// of a height is not there; all of them if there is no statement.
func (s *Store) Missing(height uint64) ([]string, error) {
	set, err := s.sets.at(height)
	if err != nil {
		return nil, err
	}
	r, err := s.load(height)
	if err != nil {
		return nil, err
	}
	missing := []string{}
	for place, name := range set.names {
		if r != nil {
			if _, ok := r.held(place); ok {
				continue
			}
		}
		missing = append(missing, name)
	}
	return missing, nil
}

// SetOf returns the seal set that decides a height, and the height where the
// validator set begins that it belongs to. A height ahead of the node has the set
// that is known by now, which is final for validator.LeastActivation blocks.
func (s *Store) SetOf(height uint64) (seal.Set, uint64, error) {
	v, err := s.source.SetAt(height)
	if err != nil {
		return seal.Set{}, 0, err
	}
	set, err := v.Seal()
	return set, v.Begin, err
}
