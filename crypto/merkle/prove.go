package merkle

import (
	"fmt"

	"github.com/transparency-dev/merkle/compact"
	"github.com/transparency-dev/merkle/proof"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// LeafReader gives access to the stored leaf hashes of a tree.
type LeafReader interface {
	// ReadLeafHashes sets dst[i] to the hash of leaf first+i, for all of dst,
	// or returns an error. It is called from one goroutine at a time.
	ReadLeafHashes(dst []sm3.Hash, first uint64) error
}

// InMemory is a LeafReader over leaf hashes in memory.
type InMemory []sm3.Hash

// ReadLeafHashes implements LeafReader. Its error is ErrIndex.
func (m InMemory) ReadLeafHashes(dst []sm3.Hash, first uint64) error {
	if n := uint64(len(m)); first > n || uint64(len(dst)) > n-first {
		return fmt.Errorf("%w: %d leaves from %d on, of %d", ErrIndex, len(dst), first, n)
	}
	copy(dst, m[first:])
	return nil
}

// ProveInclusion returns the proof of the leaf at index in the tree of the
// first size leaves of r. It reads every other leaf hash once and hashes on
// all cores: O(size) time, 512 KiB of memory. For many proofs use a Tree.
// Errors: ErrIndex, or what r returns.
func ProveInclusion(r LeafReader, index, size uint64) (Inclusion, error) {
	if index >= size {
		return Inclusion{}, fmt.Errorf("%w: leaf %d of %d", ErrIndex, index, size)
	}
	path, err := pathOf(newSM3(), func() (proof.Nodes, error) { return proof.Inclusion(index, size) }, subtrees(r))
	if err != nil {
		return Inclusion{}, err
	}
	return Inclusion{index, size, path}, nil
}

// ProveConsistency returns the proof that the tree of the first old leaves of
// r is a prefix of the tree of its first size leaves, at the cost of
// ProveInclusion. Errors: ErrIndex, or what r returns.
func ProveConsistency(r LeafReader, old, size uint64) (Consistency, error) {
	if old > size {
		return Consistency{}, fmt.Errorf("%w: prefix of %d in a tree of %d", ErrIndex, old, size)
	}
	path, err := pathOf(newSM3(), func() (proof.Nodes, error) { return proof.Consistency(old, size) }, subtrees(r))
	if err != nil {
		return Consistency{}, err
	}
	return Consistency{old, size, path}, nil
}

// readLeaves is the number of leaf hashes read at a time.
const readLeaves = 16 << 10

// subtrees computes the roots of perfect sub-trees over r.
func subtrees(r LeafReader) func(compact.NodeID) (sm3.Hash, error) {
	var buf []sm3.Hash
	return func(id compact.NodeID) (sm3.Hash, error) {
		b := NewBuilder() // a perfect tree hashes alike wherever it stands
		for begin, end := id.Coverage(); begin < end; {
			if buf == nil {
				buf = make([]sm3.Hash, readLeaves)
			}
			part := buf[:min(end-begin, readLeaves)]
			if err := r.ReadLeafHashes(part, begin); err != nil {
				return sm3.Hash{}, fmt.Errorf("merkle: reading leaf hashes: %w", err)
			}
			b.AppendLeafHashes(part)
			begin += uint64(len(part))
		}
		return b.Root(), nil
	}
}
