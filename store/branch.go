package store

import (
	"bytes"
	"errors"
	"slices"
)

// Branch holds writes over a parent, which stays as it is until Write. Drop a
// branch to discard what was written. Branches nest: each transaction of a
// block is run on a branch of the block's own.
//
// One goroutine uses a branch and everything above it at a time. The parent
// must not change while the branch is in use, other than by its Write.
//
// A branch is cheap to make and to drop. Writes are kept in the order in which
// they came; they are sorted only when a Scan or Changes asks for it.
type Branch struct {
	parent Reader

	// writes has one change for each key written, in the order of the first
	// write. Its slices belong to the branch, are never modified, and are
	// shared with readers and with the parent after Write.
	writes []Change
	// index finds a key in writes; nil while there are at most fewWrites. It
	// is never ranged over.
	index map[string]int
	// order lists the first len(order) writes sorted by key; sorted brings it
	// up to date.
	order []int
	// scans counts the scans under way, which forbid writes.
	scans int
}

// fewWrites is the number of writes up to which looking at each in turn is
// cheaper than an index. Most transactions stay below it.
const fewWrites = 8

// NewBranch returns a branch of parent without writes.
func NewBranch(parent Reader) *Branch { return &Branch{parent: parent} }

// Get implements Reader.
func (b *Branch) Get(key []byte) ([]byte, bool, error) {
	if i := b.find(key); i >= 0 {
		w := &b.writes[i]
		return w.Value, !w.Delete, nil
	}
	return b.parent.Get(key)
}

// Set implements Writer. It copies key and value. During a Scan of the branch
// it returns ErrScanning.
func (b *Branch) Set(key, value []byte) error {
	if err := CheckKey(key); err != nil {
		return err
	}
	if err := CheckValue(value); err != nil {
		return err
	}
	return b.put(Change{Key: key, Value: value}, true)
}

// Delete implements Writer. It records the deletion whether or not the parent
// holds the key. During a Scan of the branch it returns ErrScanning.
func (b *Branch) Delete(key []byte) error {
	if err := CheckKey(key); err != nil {
		return err
	}
	return b.put(Change{Key: key, Delete: true}, true)
}

// Write moves what was written to the parent, which must be a Writer, and
// leaves the branch empty and ready for use. It fails without effect during a
// Scan of either.
func (b *Branch) Write() error {
	if b.scans > 0 {
		return ErrScanning
	}
	switch parent := b.parent.(type) {
	case *Branch:
		if parent.scans > 0 {
			return ErrScanning
		}
		for _, w := range b.writes {
			if err := parent.put(w, false); err != nil {
				return err
			}
		}
	case Writer:
		for _, w := range b.writes {
			if err := write(parent, w); err != nil {
				return err
			}
		}
	default:
		return errors.New("store: the branch's parent cannot be written to")
	}
	*b = Branch{parent: b.parent}
	return nil
}

// Changes returns what was written, sorted by key, each key once. It may hold
// changes that leave the parent as it is. The slices must not be modified.
func (b *Branch) Changes() []Change {
	changes := make([]Change, len(b.writes))
	for at, i := range b.sorted() {
		changes[at] = b.writes[i]
	}
	return changes
}

// find returns the position of key in writes, or -1.
func (b *Branch) find(key []byte) int {
	if b.index != nil {
		if i, ok := b.index[string(key)]; ok {
			return i
		}
		return -1
	}
	return slices.IndexFunc(b.writes, func(w Change) bool { return bytes.Equal(w.Key, key) })
}

// put records w, whose sizes are within the limits. If borrowed, it copies the
// slices of w; otherwise they become the branch's own.
func (b *Branch) put(w Change, borrowed bool) error {
	if b.scans > 0 {
		return ErrScanning
	}
	if i := b.find(w.Key); i >= 0 {
		w.Key = b.writes[i].Key
		if borrowed && !w.Delete {
			w.Value = join(nil, w.Value)
		}
		b.writes[i] = w
		return nil
	}

	if borrowed {
		both := join(w.Key, w.Value) // one allocation for the two
		n := len(w.Key)
		w.Key = both[:n:n]
		if !w.Delete {
			w.Value = both[n:]
		}
	}
	b.writes = append(b.writes, w)
	switch {
	case b.index != nil:
		b.index[string(w.Key)] = len(b.writes) - 1
	case len(b.writes) > fewWrites:
		b.index = make(map[string]int, 4*fewWrites)
		for i := range b.writes {
			b.index[string(b.writes[i].Key)] = i
		}
	}
	return nil
}

// join returns a new slice, never nil, of a ‖ b.
func join(a, b []byte) []byte {
	return append(append(make([]byte, 0, len(a)+len(b)), a...), b...)
}

// write applies one change to w.
func write(w Writer, c Change) error {
	if c.Delete {
		return w.Delete(c.Key)
	}
	return w.Set(c.Key, c.Value)
}
