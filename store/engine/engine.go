package engine

import (
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"sync"

	"github.com/cockroachdb/pebble/vfs"
	dbm "github.com/cosmos/cosmos-db"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store/engine/pebbledb"
)

// Options are the settings of a store. The zero value of a field takes the
// default that its comment names.
type Options struct {
	// Retain is the number of newest versions that can be read and proven;
	// default 32, least 1.
	Retain int
	// MemoryBound is about how many bytes the trie and the differences to
	// retained versions may take; what does not fit is read from checkpoints
	// when it is needed. Default 0: no bound. The upper levels of the trie,
	// about 20 bytes a key, always stay in memory. CacheBytes and
	// MemTableBytes come on top.
	MemoryBound int64
	// CacheBytes is the block cache of the database of values; that of the
	// index of keys has a quarter of it. Default 64 MiB.
	CacheBytes int64
	// MemTableBytes is one memtable of the database of values, of which up to
	// four exist, and of the index of keys. Default 16 MiB.
	MemTableBytes uint64
	// Workers is the number of goroutines that hash; default GOMAXPROCS.
	Workers int
	// FS is the file system; default the operating system's.
	FS vfs.FS

	// deltaDrops is how many deltas that nothing needs any more are dropped
	// together; default 2048. Deltas lie between the values of their versions, so a
	// table of the database with deletions of them overlaps all tables that have
	// those values, which must then be merged and written anew. Tables without
	// deletions follow each other, and move to their last level as they are.
	deltaDrops uint64
}

func (o Options) withDefaults() (Options, error) {
	if o.Retain == 0 {
		o.Retain = 32
	}
	if o.Workers == 0 {
		o.Workers = runtime.GOMAXPROCS(0) //determinism:ok how many hash does not show in what they hash
	}
	if o.FS == nil {
		o.FS = vfs.Default
	}
	if o.CacheBytes == 0 {
		o.CacheBytes = 64 << 20
	}
	if o.MemTableBytes == 0 {
		o.MemTableBytes = 16 << 20
	}
	if o.deltaDrops == 0 {
		o.deltaDrops = 2048
	}
	if o.Retain < 1 || o.Workers < 1 || o.MemoryBound < 0 || o.CacheBytes < 0 {
		return o, fmt.Errorf("engine: Retain and Workers are at least 1, MemoryBound and CacheBytes not negative; have %d, %d, %d, %d",
			o.Retain, o.Workers, o.MemoryBound, o.CacheBytes)
	}
	return o, nil
}

// fill is the mean number of entries in a bucket above which its directory is
// split.
func (o Options) fill() int {
	if o.MemoryBound > 0 {
		return boundedFill
	}
	return maxFill
}

var (
	// ErrCorrupt: something in the database or a checkpoint is not what was
	// written. The text names it. Restore the directory from a snapshot.
	ErrCorrupt = errors.New("engine: corrupt store")
	// ErrVersionGone: the version is not, or no longer, one that can be read.
	ErrVersionGone = errors.New("engine: version is not retained")
	// ErrStale: another stage was committed after this one was made.
	ErrStale = errors.New("engine: stage is stale or finished")
	// ErrVersion: versions are committed one after the other, from 1 or more.
	ErrVersion = errors.New("engine: version out of order")
	// ErrFailed: a commit failed; what it wrote is unknown until the store is
	// opened again. Nothing committed before is lost.
	ErrFailed = errors.New("engine: an earlier commit failed; end the process and start it again, which opens the last version that is whole")
	// ErrClosed: the store is closed.
	ErrClosed = errors.New("engine: store is closed")
	// ErrPins: MaxPins versions are pinned already.
	ErrPins = errors.New("engine: too many pinned versions")
)

// MaxPins is the number of different versions that can be pinned at a time.
const MaxPins = 16

// DB is an open store. Its methods may be called from several goroutines.
type DB struct {
	dir  string
	opts Options
	kv   dbm.DB // values and deltas

	// writing is held by whoever computes or installs a version. It is taken
	// before mu.
	writing sync.Mutex
	// mu guards the fields below. They change only while both writing and mu
	// are held, except pins, which mu alone guards.
	mu       sync.RWMutex
	trie     *trie
	tip      delta     // of the newest version, without its changes; version 0 before the first
	undo     []segment // by from; see segment
	pins     []pin     // by version
	failed   error     // set once: ErrFailed or ErrClosed, wrapped
	recent   []info    // of the newest versions, the last of them tip's
	sweeping sweep
	rising   uint64 // the floor of the commit under way; see prune

	index       keyIndex    // its database may be read at any time; the rest is guarded by writing
	checkpoints checkpoints // guarded by writing
	spare       []update    // guarded by writing; see updates
}

// segment leads from version to back to version from. The segments that start
// at a version and, each, where the one before ends, lead to it from the newest.
type segment struct {
	from, to uint64
	*overlay
}

type pin struct {
	version uint64
	count   int
}

// info is what pruning asks of a version's delta.
type info struct {
	version  uint64
	swept    uint64
	removals int
}

// Open opens the store in dir, which it creates if it is not there, at the last
// version whose Commit returned, or one more if that had become durable.
// Another process must not have it open.
func Open(dir string, opts Options) (*DB, error) {
	opts, err := opts.withDefaults()
	if err != nil {
		return nil, err
	}
	kv, index, err := openDatabases(dir, opts)
	if err != nil {
		return nil, err
	}
	db, err := recoverDB(dir, opts, kv, index)
	if err != nil {
		return nil, errors.Join(err, kv.Close(), index.Close())
	}
	return db, nil
}

// openDatabases opens the databases in dir, and creates it and them if they are
// not there. When it returns their names are durable, or what is committed to
// them would be lost with the names.
func openDatabases(dir string, opts Options) (values, index dbm.DB, err error) {
	if err := opts.FS.MkdirAll(dir, 0o755); err != nil {
		return nil, nil, fmt.Errorf("engine: open: %w", err)
	}
	values, err = pebbledb.Open(opts.FS.PathJoin(dir, "values"), pebbledb.Options{
		FS: opts.FS, CacheBytes: opts.CacheBytes, MemTableBytes: opts.MemTableBytes,
	})
	if err != nil {
		return nil, nil, err
	}
	index, err = pebbledb.Open(opts.FS.PathJoin(dir, "index"), pebbledb.Options{
		FS: opts.FS, CacheBytes: opts.CacheBytes / 4, MemTableBytes: opts.MemTableBytes, Small: true,
	})
	if err != nil {
		return nil, nil, errors.Join(err, values.Close())
	}
	for _, d := range []string{dir, opts.FS.PathDir(dir)} {
		if err := syncDir(opts.FS, d); err != nil && !errors.Is(err, fs.ErrPermission) {
			return nil, nil, errors.Join(fmt.Errorf("engine: open: %w", err), values.Close(), index.Close())
		}
	}
	return values, index, nil
}

// Version returns the newest version and its root: 0 and the root of the empty
// state before the first.
func (db *DB) Version() (uint64, sm3.Hash) {
	db.mu.RLock()
	defer db.mu.RUnlock()
	return db.tip.version, db.tip.root
}

// Close waits for checkpoints under way and closes the files. Stages and views
// must not be used afterwards. What was committed is durable without it.
func (db *DB) Close() error {
	db.writing.Lock()
	defer db.writing.Unlock()
	err := db.finishCheckpoints()
	db.mu.Lock()
	defer db.mu.Unlock()
	if errors.Is(db.failed, ErrClosed) {
		return nil
	}
	db.failed = ErrClosed
	for _, s := range db.trie.shards {
		err = errors.Join(err, s.file.close())
	}
	return errors.Join(err, db.kv.Close(), db.index.kv.Close())
}

// usable returns the reason why nothing more can be written. The caller holds
// writing or mu.
func (db *DB) usable() error { return db.failed }
