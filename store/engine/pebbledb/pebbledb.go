// Package pebbledb is pebble behind the cosmos-db interface, with the settings
// and the one extra operation (DeleteRange on a batch) that the state store
// needs. cosmos-db's own wrapper leaves pebble's cache, memtable and file
// system at their defaults and cannot delete a range.
package pebbledb

import (
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble"
	"github.com/cockroachdb/pebble/vfs"
	dbm "github.com/cosmos/cosmos-db"
)

// Options are the settings of a database. The zero value of a field takes the
// default that its comment names.
type Options struct {
	// FS is the file system; default the operating system's.
	FS vfs.FS
	// CacheBytes bounds the cache of uncompressed blocks; default 64 MiB.
	CacheBytes int64
	// MemTableBytes is the size of one memtable, of which up to four exist;
	// default 16 MiB.
	MemTableBytes uint64
	// Small says that entries are small and looked up by ranges: tables are then
	// not compressed, and more of them may wait before they are merged.
	Small bool
}

// DB implements dbm.DB.
type DB struct {
	db      *pebble.DB
	lock    *pebble.Lock
	failure *failure
}

var _ dbm.DB = (*DB)(nil)

// Open opens or creates the database in dir. It fails if another process has
// it open.
func Open(dir string, o Options) (d *DB, err error) {
	if o.FS == nil {
		o.FS = vfs.Default
	}
	if o.CacheBytes == 0 {
		o.CacheBytes = 64 << 20
	}
	if o.MemTableBytes == 0 {
		o.MemTableBytes = 16 << 20
	}
	failed := newFailure()
	cache := pebble.NewCache(o.CacheBytes)
	defer cache.Unref()
	po := &pebble.Options{
		FS:                          o.FS,
		Cache:                       cache,
		Logger:                      logger{failed},
		EventListener:               &pebble.EventListener{BackgroundError: failed.background},
		MemTableSize:                o.MemTableBytes,
		MemTableStopWritesThreshold: 4,
		MaxConcurrentCompactions:    func() int { return 2 },
		FormatMajorVersion:          pebble.FormatRangeKeys,
		L0CompactionThreshold:       2, // one layer of tables: they move down as they are if they do not overlap
		L0StopWritesThreshold:       24,
		WALBytesPerSync:             0,
		Levels:                      make([]pebble.LevelOptions, 7),
	}
	for i := range po.Levels {
		l := &po.Levels[i]
		l.BlockSize = 8 << 10
		l.TargetFileSize = 4 << 20 << min(i, 3)
		l.Compression = pebble.SnappyCompression
		if o.Small {
			l.Compression = pebble.NoCompression
		}
		// No filters: the store asks for keys that are there.
	}
	if o.Small {
		po.L0CompactionThreshold = 8
	}
	if err := o.FS.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("pebbledb: open: %w", err)
	}
	lock, err := pebble.LockDirectory(dir, o.FS)
	if err != nil {
		return nil, fmt.Errorf("pebbledb: lock %s (is it open in another process?): %w", dir, err)
	}
	po.Lock = lock
	defer func() {
		if r := recover(); r != nil {
			// A panic of any kind: damaged files can bring that about.
			d, err = nil, fmt.Errorf("pebbledb: open %s: pebble gave up: %v", dir, r)
		}
		if err != nil {
			err = errors.Join(err, lock.Close())
		}
	}()
	db, err := pebble.Open(dir, po)
	if err != nil {
		return nil, fmt.Errorf("pebbledb: open %s: %w", dir, err)
	}
	return &DB{db: db, lock: lock, failure: failed}, nil
}

// Get implements dbm.DB: the value of key, or nil if it is absent. The slice
// belongs to the caller.
func (d *DB) Get(key []byte) ([]byte, error) {
	v, closer, err := d.db.Get(key)
	if errors.Is(err, pebble.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	out := append(make([]byte, 0, len(v)), v...)
	return out, closer.Close()
}

// Has implements dbm.DB.
func (d *DB) Has(key []byte) (bool, error) {
	_, closer, err := d.db.Get(key)
	if errors.Is(err, pebble.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, closer.Close()
}

// Set implements dbm.DB.
func (d *DB) Set(key, value []byte) error { return d.single(key, value, false, false) }

// SetSync implements dbm.DB.
func (d *DB) SetSync(key, value []byte) error { return d.single(key, value, false, true) }

// Delete implements dbm.DB.
func (d *DB) Delete(key []byte) error { return d.single(key, nil, true, false) }

// DeleteSync implements dbm.DB.
func (d *DB) DeleteSync(key []byte) error { return d.single(key, nil, true, true) }

func (d *DB) single(key, value []byte, del, sync bool) (err error) {
	b := d.NewBatch()
	defer func() { err = errors.Join(err, b.Close()) }()
	if del {
		err = b.Delete(key)
	} else {
		err = b.Set(key, value)
	}
	if err != nil {
		return err
	}
	if sync {
		return b.WriteSync()
	}
	return b.Write()
}

// Iterator implements dbm.DB.
func (d *DB) Iterator(start, end []byte) (dbm.Iterator, error) { return d.iterator(start, end, false) }

// ReverseIterator implements dbm.DB.
func (d *DB) ReverseIterator(start, end []byte) (dbm.Iterator, error) {
	return d.iterator(start, end, true)
}

func (d *DB) iterator(start, end []byte, reverse bool) (dbm.Iterator, error) {
	it, err := d.db.NewIter(&pebble.IterOptions{LowerBound: start, UpperBound: end})
	if err != nil {
		return nil, err
	}
	i := &iterator{it: it, start: start, end: end, reverse: reverse}
	if reverse {
		i.valid = it.Last()
	} else {
		i.valid = it.First()
	}
	return i, nil
}

// Close implements dbm.DB. After a failed write it abandons pebble's
// goroutines rather than wait for them; the process is expected to end.
func (d *DB) Close() error {
	if cause := d.failure.get(); cause != nil {
		return fmt.Errorf("%w: %w", ErrFailed, cause)
	}
	// Pebble waits for flushes, of which one may fail now.
	done := make(chan error, 1)
	go func() { done <- d.db.Close() }() //determinism:ok the caller waits for it
	select {
	case err := <-done:
		return errors.Join(err, d.lock.Close())
	case <-d.failure.done:
		return fmt.Errorf("pebbledb: close: %w", d.failure.get())
	}
}

// NewBatch implements dbm.DB; the batch is a *Batch.
func (d *DB) NewBatch() dbm.Batch { return &Batch{d: d, b: d.db.NewBatch()} }

// NewBatchWithSize implements dbm.DB.
func (d *DB) NewBatchWithSize(size int) dbm.Batch {
	return &Batch{d: d, b: d.db.NewBatchWithSize(size)}
}

// Print implements dbm.DB; it prints nothing.
func (d *DB) Print() error { return nil }

// Stats implements dbm.DB.
func (d *DB) Stats() map[string]string {
	if d.failure.get() != nil {
		return map[string]string{}
	}
	return map[string]string{"pebble": d.db.Metrics().String()}
}

// DiskBytes is the space that the tables and logs of the database take; 0 after
// a failed write, which may have left pebble with a lock held.
func (d *DB) DiskBytes() uint64 {
	if d.failure.get() != nil {
		return 0
	}
	return d.db.Metrics().DiskSpaceUsage()
}
