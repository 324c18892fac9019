package merkle

import (
	"slices"

	"github.com/transparency-dev/merkle/compact"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// Head is a tree's size in leaves and its root: what a verifier must trust
// before a proof can tell it anything. An evidence anchor holds one.
type Head struct {
	Size uint64
	Root sm3.Hash
}

// Builder computes the root of a tree whose leaves arrive in order. It keeps
// the roots of the perfect sub-trees so far, at most 64 hashes, and nothing of
// the leaves. One goroutine uses it at a time; the batch calls use more inside.
//
// The root depends on the sequence of leaves only, never on how it was split
// into calls or on the number of cores.
type Builder struct {
	new  newCore
	core core // the caller's goroutine's
	made *compact.RangeFactory
	done *compact.Range // over [0, size)
}

// NewBuilder returns a Builder of the empty tree.
func NewBuilder() *Builder { return newBuilder(newSM3) }

func newBuilder(hashing newCore) *Builder {
	b := &Builder{new: hashing, core: hashing()}
	b.made = factory(b.core)
	b.done = b.made.NewEmptyRange(0)
	return b
}

// Size returns the number of leaves appended.
func (b *Builder) Size() uint64 { return b.done.End() }

// Append adds the leaf of data and returns its index.
func (b *Builder) Append(data []byte) uint64 {
	var h sm3.Hash
	b.core.leaf(data, &h)
	return b.AppendLeafHash(h)
}

// AppendLeafHash adds the leaf whose leaf hash is h and returns its index.
func (b *Builder) AppendLeafHash(h sm3.Hash) uint64 {
	index := b.Size()
	must(b.done.Append(h[:], nil))
	return index
}

// AppendBatch adds the leaves of all data in order, hashed on all cores, and
// returns the index of the first. Beside the batch it uses 32 KiB per core and
// about 60 bytes for each 1,024 leaves; a long input is best handed over in
// batches of tens of thousands.
func (b *Builder) AppendBatch(data [][]byte) uint64 {
	return b.appendMany(len(data), func(c core, out []sm3.Hash, from int) {
		c.leaves(data[from:from+len(out)], out)
	})
}

// AppendLeafHashes adds leaves by their leaf hashes in order, as AppendBatch
// does. It does not change hashes.
func (b *Builder) AppendLeafHashes(hashes []sm3.Hash) uint64 {
	return b.appendMany(len(hashes), func(_ core, out []sm3.Hash, from int) {
		copy(out, hashes[from:])
	})
}

// appendMany adds n leaves, whose hashes fill writes to out, from being the
// position of out[0] among the n. It is called from several goroutines.
func (b *Builder) appendMany(n int, fill func(c core, out []sm3.Hash, from int)) uint64 {
	first := b.Size()
	segments := split(first, n)
	nodes := make([][][]byte, len(segments))
	spread(len(segments), b.new, func(c core) func(int) {
		var scratch []sm3.Hash
		return func(i int) {
			s := segments[i]
			for _, id := range compact.RangeNodes(s.begin, s.end, nil) {
				begin, end := id.Coverage()
				scratch = slices.Grow(scratch[:0], int(end-begin))[:end-begin]
				fill(c, scratch, int(begin-first))
				fold(c, scratch)
				root := scratch[0]
				nodes[i] = append(nodes[i], root[:])
			}
		}
	})
	for i, s := range segments {
		r, err := b.made.NewRange(s.begin, s.end, nodes[i])
		must(err)
		must(b.done.AppendRange(r, nil))
	}
	return first
}

// Root returns the root of the leaves so far, in O(log n).
func (b *Builder) Root() sm3.Hash {
	root, err := b.done.GetRootHash(nil)
	must(err)
	if root == nil {
		return b.core.empty()
	}
	return sm3.Hash(root)
}

// Head returns the size and the root of the leaves so far.
func (b *Builder) Head() Head { return Head{b.Size(), b.Root()} }

// must stops on an error of the compact ranges, which arises only where this
// package has broken their contract.
func must(err error) {
	if err != nil {
		panic("merkle: " + err.Error())
	}
}
