package store

import (
	"bytes"
	"errors"
	"slices"
)

// Branch holds writes over a parent, which stays as it is until Write. Drop a
// branch to discard what was written, or go back to a Mark to discard the last of
// it. Branches nest.
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
	writes []written
	// places finds a key in writes; empty while there are at most fewWrites.
	places places
	// order lists the first len(order) writes sorted by key; sorted brings it
	// up to date.
	order []int
	// scans counts the scans under way, which forbid writes.
	scans int

	// marked is the number of writes at the last Mark or Rollback; undo has what
	// the later changes of those before it replaced, the oldest first.
	marked int
	undo   []replaced
}

// written is a change and the hash of its key, 0 while places is not in use.
type written struct {
	Change
	hash uint64
}

// replaced is a change that stood at a place of writes.
type replaced struct {
	at  int
	was Change
}

// fewWrites is the number of writes up to which looking at each in turn is
// cheaper than a table.
const fewWrites = 8

// NewBranch returns a branch of parent without writes.
func NewBranch(parent Reader) *Branch { return &Branch{parent: parent} }

// Get implements Reader.
func (b *Branch) Get(key []byte) ([]byte, bool, error) {
	if i, _ := b.find(key); i >= 0 {
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

// give is Set for a key and a value that become the branch's own.
func (b *Branch) give(key, value []byte) error {
	if err := CheckKey(key); err != nil {
		return err
	}
	if err := CheckValue(value); err != nil {
		return err
	}
	if value == nil {
		value = []byte{}
	}
	return b.put(Change{Key: key, Value: value}, false)
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
			if err := parent.put(w.Change, false); err != nil {
				return err
			}
		}
	case Writer:
		for _, w := range b.writes {
			if err := write(parent, w.Change); err != nil {
				return err
			}
		}
	default:
		return errors.New("store: the branch's parent cannot be written to")
	}
	*b = Branch{parent: b.parent}
	return nil
}

// Mark is what a branch held at an instant: see Branch.Mark.
type Mark struct{ writes, undo int }

// Mark notes what was written so far, for Rollback. It costs next to nothing. A
// mark holds until a Rollback to an earlier one, or Write.
func (b *Branch) Mark() Mark {
	b.marked = len(b.writes)
	return Mark{b.marked, len(b.undo)}
}

// Rollback discards what was written since m. During a Scan of the branch it
// returns ErrScanning.
func (b *Branch) Rollback(m Mark) error {
	if b.scans > 0 {
		return ErrScanning
	}
	for i := len(b.undo) - 1; i >= m.undo; i-- {
		b.writes[b.undo[i].at].Change = b.undo[i].was
	}
	clear(b.undo[m.undo:])
	b.undo = b.undo[:m.undo]
	if n := len(b.writes); n > m.writes {
		b.places.drop(b.writes, m.writes)
		clear(b.writes[m.writes:])
		b.writes = b.writes[:m.writes]
		if len(b.order) > m.writes {
			b.order = slices.DeleteFunc(b.order, func(i int) bool { return i >= m.writes })
		}
	}
	b.marked = m.writes
	return nil
}

// Changes returns what was written, sorted by key, each key once. It may hold
// changes that leave the parent as it is. The slices must not be modified.
func (b *Branch) Changes() []Change {
	changes := make([]Change, len(b.writes))
	for at, i := range b.sorted() {
		changes[at] = b.writes[i].Change
	}
	return changes
}

// find returns the position of key in writes, or -1, and the hash of key if
// places is in use.
func (b *Branch) find(key []byte) (at int, hash uint64) {
	if b.places.empty() {
		return slices.IndexFunc(b.writes, func(w written) bool { return bytes.Equal(w.Key, key) }), 0
	}
	hash = hashOf(key)
	return b.places.find(b.writes, key, hash), hash
}

// put records w, whose sizes are within the limits. If borrowed, it copies the
// slices of w; otherwise they become the branch's own.
func (b *Branch) put(w Change, borrowed bool) error {
	if b.scans > 0 {
		return ErrScanning
	}
	i, hash := b.find(w.Key)
	if i >= 0 {
		was := &b.writes[i].Change
		if i < b.marked {
			b.undo = append(b.undo, replaced{i, *was})
		}
		w.Key = was.Key
		if borrowed && !w.Delete {
			w.Value = join(nil, w.Value)
		}
		*was = w
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
	b.writes = append(b.writes, written{w, hash})
	if len(b.writes) > fewWrites {
		b.places.add(b.writes)
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
