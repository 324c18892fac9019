// Package store says what the state of the ledger is to those who read and
// write it: keys and values in key order (Reader, ReadWriter), writes that can
// be dropped (Branch), typed access (Map, Item), and the limits that all keep.
// It holds no database: store/engine keeps versions and their roots,
// store/proof verifies proofs, store/storetest has a store for tests.
//
// Everything here is deterministic: results depend on arguments alone.
package store

import (
	"bytes"
	"errors"
	"fmt"
)

// Limits of one entry, in bytes. A key has at least one byte; a value may be
// empty, which differs from absent.
const (
	MaxKey   = 512
	MaxValue = 1 << 20
)

var (
	// ErrKeySize: a key is empty or longer than MaxKey.
	ErrKeySize = fmt.Errorf("store: a key has 1 to %d bytes", MaxKey)
	// ErrValueSize: a value is longer than MaxValue.
	ErrValueSize = fmt.Errorf("store: a value has at most %d bytes", MaxValue)
	// ErrScanning: a write was tried from within a Scan of the same store.
	// Collect during the scan, write after it.
	ErrScanning = errors.New("store: write during a scan")
	// ErrCorrupt: a stored key or value does not decode. It is a fault of the
	// node or the program, never "not found".
	ErrCorrupt = errors.New("store: corrupt entry")
)

// CheckKey returns an error matching ErrKeySize if key cannot be written.
func CheckKey(key []byte) error {
	if len(key) == 0 || len(key) > MaxKey {
		return fmt.Errorf("%w, not %d", ErrKeySize, len(key))
	}
	return nil
}

// CheckValue returns an error matching ErrValueSize if value cannot be written.
func CheckValue(value []byte) error {
	if len(value) > MaxValue {
		return fmt.Errorf("%w, not %d", ErrValueSize, len(value))
	}
	return nil
}

// Visit is called by Scan for one entry. It returns false to stop the scan. An
// error stops it too and becomes Scan's result.
//
// key and value are read-only and valid only until Visit returns: whoever
// keeps them copies them. Visit may read the store that is being scanned and
// must not write to it.
type Visit func(key, value []byte) (more bool, err error)

// Reader reads one state. Any error is a fault of the store; a key that is not
// there is no error.
type Reader interface {
	// Get returns the value of key and true, or nil and false if the key is
	// absent. A key that breaks CheckKey is absent, so what a user sent can be
	// looked up without a check. An empty value is returned as an empty slice
	// that is not nil. The value must not be modified; it stays valid and
	// unchanged whatever is written later.
	Get(key []byte) (value []byte, ok bool, err error)

	// Scan visits the entries whose keys begin with prefix (empty: all) and
	// are not below start (nil: from the first), in ascending order of the
	// keys' bytes. It returns nil after the last entry or when visit stops it,
	// visit's error, or the store's own.
	Scan(prefix, start []byte, visit Visit) error
}

// Writer changes one state. The caller may reuse the slices it passes.
type Writer interface {
	// Set makes value the value of key. The error matches ErrKeySize or
	// ErrValueSize if they break the limits, and nothing is changed then. A nil
	// value is an empty one.
	Set(key, value []byte) error

	// Delete makes key absent. Deleting an absent key is no error.
	Delete(key []byte) error
}

// ReadWriter is a state that can be changed; what is written is read at once.
// One goroutine uses it at a time, unless the implementation says otherwise.
type ReadWriter interface {
	Reader
	Writer
}

// Prover reads one version of the state together with proofs for its root, in
// the format of package store/proof.
type Prover interface {
	// Prove returns what Get returns, and the proof of it: inclusion of (key,
	// value) if ok, absence of key otherwise. The caller owns proof.
	Prove(key []byte) (value []byte, ok bool, proof []byte, err error)
}

// Change is what one version does to one key: sets Value, or deletes the key
// (Value is nil then). A list of changes is sorted by key and names a key at
// most once. A change may leave things as they are: it may set the value that
// is already there or delete an absent key, and must not alter the root then.
type Change struct {
	Key    []byte
	Value  []byte
	Delete bool
}

// Range returns the bounds of Scan(prefix, start): the keys k with
// low ≤ k < high, where a nil high means no bound. If low ≥ high there are none.
func Range(prefix, start []byte) (low, high []byte) {
	low = prefix
	if bytes.Compare(start, prefix) > 0 {
		low = start
	}
	return low, prefixEnd(prefix)
}

// prefixEnd returns the lowest key above all keys that begin with prefix, or
// nil if there is none.
func prefixEnd(prefix []byte) []byte {
	for n := len(prefix); n > 0; n-- {
		if prefix[n-1] != 0xff {
			end := bytes.Clone(prefix[:n])
			end[n-1]++
			return end
		}
	}
	return nil
}
