package pebbledb

import (
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble"
	dbm "github.com/cosmos/cosmos-db"
)

var errClosed = errors.New("pebbledb: batch was written or closed")

// Batch implements dbm.Batch.
type Batch struct {
	d *DB
	b *pebble.Batch
}

var _ dbm.Batch = (*Batch)(nil)

// Set implements dbm.Batch; key and value are copied.
func (b *Batch) Set(key, value []byte) error {
	if b.b == nil {
		return errClosed
	}
	return b.b.Set(key, value, nil)
}

// Delete implements dbm.Batch.
func (b *Batch) Delete(key []byte) error {
	if b.b == nil {
		return errClosed
	}
	return b.b.Delete(key, nil)
}

// DeleteRange deletes every key from start up to, not including, end.
func (b *Batch) DeleteRange(start, end []byte) error {
	if b.b == nil {
		return errClosed
	}
	return b.b.DeleteRange(start, end, nil)
}

// Write implements dbm.Batch.
func (b *Batch) Write() error { return b.commit(pebble.NoSync) }

// WriteSync implements dbm.Batch.
func (b *Batch) WriteSync() error { return b.commit(pebble.Sync) }

func (b *Batch) commit(o *pebble.WriteOptions) (err error) {
	if b.b == nil {
		return errClosed
	}
	if b.d.failed.Load() {
		return ErrFailed
	}
	defer func() {
		if r := recover(); r != nil {
			f, ok := r.(fatal)
			if !ok {
				panic(r)
			}
			b.d.failed.Store(true)
			b.b = nil // pebble's pipeline may still refer to it
			err = fmt.Errorf("pebbledb: write: %w", f)
		}
	}()
	if err := b.b.Commit(o); err != nil {
		b.d.failed.Store(true)
		return fmt.Errorf("pebbledb: write: %w", err)
	}
	return b.Close()
}

// Close implements dbm.Batch; it is idempotent.
func (b *Batch) Close() error {
	if b.b == nil {
		return nil
	}
	err := b.b.Close()
	b.b = nil
	return err
}

// GetByteSize implements dbm.Batch.
func (b *Batch) GetByteSize() (int, error) {
	if b.b == nil {
		return 0, errClosed
	}
	return b.b.Len(), nil
}

// iterator implements dbm.Iterator.
type iterator struct {
	it         *pebble.Iterator
	start, end []byte
	reverse    bool
	valid      bool
}

func (i *iterator) Domain() (start, end []byte) { return i.start, i.end }
func (i *iterator) Valid() bool                 { return i.valid }
func (i *iterator) Key() []byte                 { return append([]byte(nil), i.it.Key()...) }
func (i *iterator) Value() []byte               { return append([]byte{}, i.it.Value()...) }
func (i *iterator) Error() error                { return i.it.Error() }
func (i *iterator) Close() error                { return i.it.Close() }

func (i *iterator) Next() {
	if i.reverse {
		i.valid = i.it.Prev()
	} else {
		i.valid = i.it.Next()
	}
}
