package txindex

import (
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"github.com/cockroachdb/pebble/vfs"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store/engine/pebbledb"
)

// Place says where a transaction is.
type Place struct {
	Height uint64
	Index  uint32 // within the block, from 0
}

// Options are the settings of an index. The zero value of a field takes the
// default that its comment names.
type Options struct {
	// CacheBytes is the cache of the database; default 8 MiB.
	CacheBytes int64
	// Logger is told of blocks that cannot be read; default none.
	Logger *slog.Logger
	// FS is the file system; default the operating system's.
	FS vfs.FS
}

// Index is an open index.
type Index struct {
	db     *pebbledb.DB
	source Source
	logger *slog.Logger

	mu          sync.Mutex
	first, last uint64                     // guarded by mu; written by Run alone; both 0 if nothing is indexed
	waiting     map[chan struct{}]struct{} // guarded by mu
}

const (
	rangeKey = "r"
	txPrefix = "t"
)

// ErrCorrupt: the database holds something else than what was written. Delete
// its directory; it is made anew from the blocks.
var ErrCorrupt = errors.New("txindex: corrupt index")

// Open opens the index in dir, or makes one. It fails if another process has it
// open.
func Open(dir string, source Source, options Options) (*Index, error) {
	if options.CacheBytes == 0 {
		options.CacheBytes = 8 << 20
	}
	if options.Logger == nil {
		options.Logger = slog.New(slog.DiscardHandler)
	}
	db, err := pebbledb.Open(dir, pebbledb.Options{FS: options.FS, CacheBytes: options.CacheBytes, MemTableBytes: 4 << 20, Small: true})
	if err != nil {
		return nil, fmt.Errorf("txindex: %w", err)
	}
	x := &Index{db: db, source: source, logger: options.Logger, waiting: map[chan struct{}]struct{}{}}
	if err := x.load(); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return x, nil
}

func (x *Index) load() error {
	v, err := x.db.Get([]byte(rangeKey))
	if err != nil {
		return fmt.Errorf("txindex: %w", err)
	}
	if v == nil {
		return nil
	}
	if len(v) != 16 {
		return fmt.Errorf("%w: a range of %d bytes", ErrCorrupt, len(v))
	}
	x.first, x.last = binary.BigEndian.Uint64(v), binary.BigEndian.Uint64(v[8:])
	if x.first == 0 || x.first > x.last {
		return fmt.Errorf("%w: heights %d to %d", ErrCorrupt, x.first, x.last)
	}
	return nil
}

// Close closes the database. Run must have returned.
func (x *Index) Close() error { return x.db.Close() }

// Lookup returns where a transaction is, false if the index does not have it.
func (x *Index) Lookup(id sm3.Hash) (Place, bool, error) {
	v, err := x.db.Get(txKey(id))
	if err != nil || v == nil {
		return Place{}, false, err
	}
	if len(v) != 12 {
		return Place{}, false, fmt.Errorf("%w: the place of %v has %d bytes", ErrCorrupt, id, len(v))
	}
	return Place{binary.BigEndian.Uint64(v), binary.BigEndian.Uint32(v[8:])}, true, nil
}

// Heights returns the first and the last height that are indexed, both 0 if none
// is.
func (x *Index) Heights() (first, last uint64) {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.first, x.last
}

// Notify returns a channel of capacity 1 that is sent to, without waiting, when
// further heights were indexed, and a function that ends that.
func (x *Index) Notify() (<-chan struct{}, func()) {
	c := make(chan struct{}, 1)
	x.mu.Lock()
	defer x.mu.Unlock()
	x.waiting[c] = struct{}{}
	return c, func() {
		x.mu.Lock()
		defer x.mu.Unlock()
		delete(x.waiting, c)
	}
}

// advance makes known that the heights first to last are indexed.
func (x *Index) advance(first, last uint64) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.first, x.last = first, last
	for c := range x.waiting {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

func txKey(id sm3.Hash) []byte { return append([]byte(txPrefix), id[:]...) }

func (p Place) bytes() []byte {
	return binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint64(nil, p.Height), p.Index)
}

func rangeBytes(first, last uint64) []byte {
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, first), last)
}
