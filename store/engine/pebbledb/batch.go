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

func (b *Batch) commit(o *pebble.WriteOptions) error {
	if b.b == nil {
		return errClosed
	}
	f := b.d.failure
	if cause := f.get(); cause != nil {
		return fmt.Errorf("%w: %w", ErrFailed, cause)
	}
	// Pebble may be waiting for a flush that never succeeds. Then its goroutine
	// is left behind.
	done := make(chan struct{})
	go b.d.commit(b.b, o, done) //determinism:ok the caller waits for it
	select {
	case <-done:
	case <-f.done:
	}
	if cause := f.get(); cause != nil {
		b.b = nil // pebble may still refer to it
		return fmt.Errorf("pebbledb: write: %w", cause)
	}
	return b.Close()
}

func (d *DB) commit(b *pebble.Batch, o *pebble.WriteOptions, done chan struct{}) {
	defer close(done)
	defer func() {
		if r := recover(); r != nil {
			d.failure.set(rescued(r))
		}
	}()
	if err := b.Commit(o); err != nil {
		d.failure.set(err)
	}
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
