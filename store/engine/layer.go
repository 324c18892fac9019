package engine

import (
	"cmp"
	"math/bits"
	"slices"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

type nodeChange struct {
	n    uint32 // index in shard.nodes
	hash sm3.Hash
}

type bucketChange struct {
	i uint32 // index in the directory
	b bucket
}

// layer is what differs in one shard between two states that share the rest:
// laid over the one it gives the other. It is sorted, and holds the nodes above
// each of its buckets.
type layer struct {
	bits    int
	nodes   []nodeChange
	buckets []bucketChange
}

// overlay is what differs between two states. Staged, it holds what a commit
// will make new; after the commit has exchanged it for what was there before,
// it leads from the new version back to the old.
type overlay struct {
	// layers of each shard and of the top, those further from the state below
	// first; more than one only where a directory was split in between.
	layers [shards + 1][]*layer
	bytes  int64 // about the memory it takes
}

func (l *layer) node(n uint32) *sm3.Hash {
	at, ok := slices.BinarySearchFunc(l.nodes, n, func(c nodeChange, n uint32) int { return cmp.Compare(c.n, n) })
	if !ok {
		return nil
	}
	return &l.nodes[at].hash
}

func (l *layer) bucket(i uint32) (bucket, bool) {
	at, ok := slices.BinarySearchFunc(l.buckets, i, func(c bucketChange, i uint32) int { return cmp.Compare(c.i, i) })
	if !ok {
		return bucket{}, false
	}
	return l.buckets[at].b, true
}

// newLayer returns the layer for the directory slots, ascending and unique,
// with all nodes above them, whose hashes are still to be computed; start[l] is
// the position of the first node of level l, start[bits+1] the end.
func newLayer(bitsOf int, slots []uint32) (l *layer, start []int) {
	counts := make([]int, bitsOf+2)
	for i := range slots {
		fresh := bitsOf + 1 // the levels at which slot i has a node of its own
		if i > 0 {
			fresh = bits.Len32(slots[i] ^ slots[i-1])
		}
		counts[bitsOf+1-fresh]++
	}
	start = make([]int, bitsOf+2)
	for level, n := 0, 0; level <= bitsOf; level++ {
		n += counts[level]
		start[level+1] = start[level] + n
	}
	l = &layer{bits: bitsOf, nodes: make([]nodeChange, start[bitsOf+1])}
	next := slices.Clone(start)
	for i := range slots {
		for level := bitsOf; level >= 0; level-- {
			n := uint32(1)<<level | slots[i]>>(bitsOf-level)
			at := next[level]
			if at > start[level] && l.nodes[at-1].n == n {
				break // and so are those above
			}
			l.nodes[at].n = n
			next[level]++
		}
	}
	return l, start
}

func (l *layer) bytes() int64 {
	n := int64(len(l.nodes)) * (sm3.Size + 4)
	for i := range l.buckets {
		n += 40 + int64(l.buckets[i].b.count())*residentBytes
	}
	return n
}

func (o *overlay) measure() {
	o.bytes = 0
	for _, layers := range o.layers {
		for _, l := range layers {
			o.bytes += l.bytes()
		}
	}
}

// over returns the overlay that does what far, laid over near, does.
func over(far, near *overlay) *overlay {
	o := new(overlay)
	for s := range o.layers {
		layers := slices.Clone(far.layers[s])
		for _, l := range near.layers[s] {
			if n := len(layers); n > 0 && layers[n-1].bits == l.bits {
				layers[n-1] = layers[n-1].over(l)
			} else {
				layers = append(layers, l)
			}
		}
		o.layers[s] = layers
	}
	o.measure()
	return o
}

func (l *layer) over(near *layer) *layer {
	return &layer{
		bits:    l.bits,
		nodes:   union(l.nodes, near.nodes, func(c *nodeChange) uint32 { return c.n }),
		buckets: union(l.buckets, near.buckets, func(c *bucketChange) uint32 { return c.i }),
	}
}

// union merges two sorted lists; where both have a key it takes far's.
func union[T any](far, near []T, key func(*T) uint32) []T {
	out := make([]T, 0, len(far)+len(near))
	for len(far) > 0 && len(near) > 0 {
		switch f, n := key(&far[0]), key(&near[0]); {
		case f < n:
			out, far = append(out, far[0]), far[1:]
		case f > n:
			out, near = append(out, near[0]), near[1:]
		default:
			out, far, near = append(out, far[0]), far[1:], near[1:]
		}
	}
	return slices.Clip(append(append(out, far...), near...))
}
