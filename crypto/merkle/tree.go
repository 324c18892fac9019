package merkle

import (
	"fmt"
	"math/bits"

	"github.com/transparency-dev/merkle/compact"
	"github.com/transparency-dev/merkle/proof"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// Tree is a whole tree in memory, about 64 bytes per leaf: for making many
// proofs. It is immutable and safe for concurrent use.
type Tree struct {
	core newCore
	// levels[0] are the leaf hashes. A level has half the nodes of the one
	// below, rounded up: a last node without a sibling is carried up as it is,
	// which gives the tree of RFC 9162.
	levels [][]sm3.Hash
}

// NewTree computes the tree over leafHashes on all cores. It keeps the slice,
// which must not be changed any more.
func NewTree(leafHashes []sm3.Hash) *Tree { return newTree(leafHashes, newSM3) }

func newTree(leafHashes []sm3.Hash, hashing newCore) *Tree {
	t := &Tree{hashing, [][]sm3.Hash{leafHashes}}
	for below := leafHashes; len(below) > 1; {
		level := make([]sm3.Hash, (len(below)+1)/2)
		each(len(below)/2, hashing, func(c core, begin, end int) {
			c.nodes(below[2*begin:2*end], level[begin:end])
		})
		if len(below)%2 == 1 {
			level[len(level)-1] = below[len(below)-1]
		}
		t.levels = append(t.levels, level)
		below = level
	}
	return t
}

// Size returns the number of leaves.
func (t *Tree) Size() uint64 { return uint64(len(t.levels[0])) }

// Root returns the root.
func (t *Tree) Root() sm3.Hash {
	if t.Size() == 0 {
		return t.core().empty()
	}
	return t.levels[len(t.levels)-1][0]
}

// Head returns the size and the root.
func (t *Tree) Head() Head { return Head{t.Size(), t.Root()} }

// Inclusion returns the proof of the leaf at index, in O(log n) without
// hashing. Its error is ErrIndex.
func (t *Tree) Inclusion(index uint64) (Inclusion, error) {
	p := Inclusion{Index: index, Size: t.Size()}
	if index >= p.Size {
		return Inclusion{}, fmt.Errorf("%w: leaf %d of %d", ErrIndex, index, p.Size)
	}
	p.Path = make([]sm3.Hash, 0, inclusionLen(index, p.Size))
	for _, level := range t.levels {
		if sibling := index ^ 1; sibling < uint64(len(level)) {
			p.Path = append(p.Path, level[sibling])
		}
		index >>= 1
	}
	return p, nil
}

// Consistency returns the proof that the tree of the first old leaves is a
// prefix of this one, in O(log n). Its error is ErrIndex.
func (t *Tree) Consistency(old uint64) (Consistency, error) {
	if old > t.Size() {
		return Consistency{}, fmt.Errorf("%w: prefix of %d in a tree of %d", ErrIndex, old, t.Size())
	}
	path, err := pathOf(t.core(), func() (proof.Nodes, error) { return proof.Consistency(old, t.Size()) },
		func(id compact.NodeID) (sm3.Hash, error) { return t.levels[id.Level][id.Index], nil })
	return Consistency{old, t.Size(), path}, err
}

// pathOf fetches the nodes that a proof is made of, all roots of perfect
// sub-trees, and joins those that stand for one hash of the path.
func pathOf(c core, wanted func() (proof.Nodes, error), node func(compact.NodeID) (sm3.Hash, error)) ([]sm3.Hash, error) {
	nodes, err := wanted()
	if err != nil {
		return nil, fmt.Errorf("merkle: %w", err)
	}
	parts := make([][]byte, len(nodes.IDs))
	for i, id := range nodes.IDs {
		h, err := node(id)
		if err != nil {
			return nil, err
		}
		parts[i] = h[:]
	}
	joined, err := nodes.Rehash(parts, sliceHasher{c}.HashChildren)
	if err != nil {
		return nil, fmt.Errorf("merkle: %w", err)
	}
	path := make([]sm3.Hash, len(joined))
	for i, h := range joined {
		path[i] = sm3.Hash(h)
	}
	return path, nil
}

// inner is the number of levels below the point where the ways to leaf i and
// to the last of n leaves part.
func inner(i, n uint64) int { return bits.Len64(i ^ (n - 1)) }

// border is the number of hashes above that point, all of them left siblings.
func border(i, n uint64) int { return bits.OnesCount64(i >> inner(i, n)) }

// inclusionLen is the number of hashes in the path of leaf index < size.
func inclusionLen(index, size uint64) int { return inner(index, size) + border(index, size) }

// consistencyLen is the number of hashes in the path from old ≤ size to size.
func consistencyLen(old, size uint64) int {
	if old == 0 || old == size {
		return 0
	}
	z := bits.TrailingZeros64(old)
	n := inner(old-1, size) - z + border(old-1, size)
	if old != 1<<z {
		n++ // the root of the last perfect sub-tree of the old tree
	}
	return n
}
