package store

import (
	"bytes"
	"slices"
)

// Scan implements Reader: it merges the parent's entries with what was written.
// Until it returns, writes to the branch, and to branches below it, return
// ErrScanning.
func (b *Branch) Scan(prefix, start []byte, visit Visit) error {
	b.scans++
	defer func() { b.scans-- }()

	own := b.within(Range(prefix, start))
	if len(own) == 0 {
		return b.parent.Scan(prefix, start, visit)
	}

	stopped := false
	// next visits the first of own, unless it is a deletion.
	next := func() (bool, error) {
		w := &b.writes[own[0]]
		own = own[1:]
		if w.Delete {
			return true, nil
		}
		more, err := visit(w.Key, w.Value)
		stopped = !more
		return more, err
	}
	err := b.parent.Scan(prefix, start, func(key, value []byte) (bool, error) {
		for len(own) > 0 {
			c := bytes.Compare(b.writes[own[0]].Key, key)
			if c > 0 {
				break
			}
			if more, err := next(); err != nil || !more {
				return false, err
			}
			if c == 0 {
				return true, nil // the parent's entry is replaced
			}
		}
		more, err := visit(key, value)
		stopped = !more
		return more, err
	})
	for err == nil && !stopped && len(own) > 0 {
		_, err = next()
	}
	return err
}

// within returns the positions in writes of the keys k with low ≤ k < high, in
// order of the keys. A nil high means no bound.
func (b *Branch) within(low, high []byte) []int {
	order := b.sorted()
	from := b.search(order, low)
	if high == nil {
		return order[from:]
	}
	return order[from:max(from, b.search(order, high))]
}

// search returns how many of the writes listed in order, sorted by key, are
// below key.
func (b *Branch) search(order []int, key []byte) int {
	n, _ := slices.BinarySearchFunc(order, key, func(i int, key []byte) int {
		return bytes.Compare(b.writes[i].Key, key)
	})
	return n
}

// sorted returns the positions of all writes in order of their keys. The result
// must not be modified and holds until the next write.
//
// The new ones are sorted by themselves and then merged into the old from the
// end, so k new among n cost k·log n comparisons: a scan after every few writes
// stays cheap in a large branch.
func (b *Branch) sorted() []int {
	n := len(b.order)
	if n == len(b.writes) {
		return b.order
	}
	fresh := make([]int, 0, len(b.writes)-n)
	for i := n; i < len(b.writes); i++ {
		fresh = append(fresh, i)
	}
	slices.SortFunc(fresh, func(i, j int) int {
		return bytes.Compare(b.writes[i].Key, b.writes[j].Key)
	})
	if n == 0 {
		b.order = fresh
		return b.order
	}

	b.order = slices.Grow(b.order, len(fresh))[:len(b.writes)]
	for k := len(fresh) - 1; k >= 0; k-- {
		at := b.search(b.order[:n], b.writes[fresh[k]].Key)
		copy(b.order[at+k+1:], b.order[at:n])
		b.order[at+k] = fresh[k]
		n = at
	}
	return b.order
}
