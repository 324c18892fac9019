package evidence

import (
	"fmt"

	"github.com/hallmark-ledger/hallmark/crypto/merkle"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// groupLeaves is the number of leaves of a group, a perfect sub-tree of an
// anchor's tree whose root is stored: a proof reads one group and the roots of the
// others. The last group of an anchor may have fewer.
const groupLeaves = 1 << 10

// tree computes an anchor's root as leaves come. It is the tree of docs/formats.md
// section 8 over the leaves; since groups are perfect sub-trees from the left, it
// is also that tree over the roots of the groups, which stand for its leaf hashes.
// It keeps the leaf hashes of the group that is open, 32 KiB, and the roots of the
// others, 32 bytes for each 1,024 leaves.
type tree struct {
	open   []sm3.Hash // leaf hashes of the last group, fewer than groupLeaves
	groups []sm3.Hash // roots of those before
}

func (t *tree) size() uint64 { return uint64(len(t.groups))*groupLeaves + uint64(len(t.open)) }

// add adds leaf hashes.
func (t *tree) add(hashes []sm3.Hash) {
	for len(hashes) > 0 {
		n := min(groupLeaves-len(t.open), len(hashes))
		t.open = append(t.open, hashes[:n]...)
		if len(t.open) == groupLeaves {
			t.groups = append(t.groups, rootOf(t.open))
			t.open = t.open[:0]
		}
		hashes = hashes[n:]
	}
}

// roots returns the roots of all groups, the open one included.
func (t *tree) roots() []sm3.Hash {
	if len(t.open) == 0 {
		return t.groups
	}
	return append(t.groups[:len(t.groups):len(t.groups)], rootOf(t.open))
}

// root returns the root of the anchor; there is a leaf.
func (t *tree) root() sm3.Hash { return rootOf(t.roots()) }

func rootOf(hashes []sm3.Hash) sm3.Hash {
	b := merkle.NewBuilder()
	b.AppendLeafHashes(hashes)
	return b.Root()
}

// auditPath returns the path of leaf index of an anchor, from the leaf up, given
// the leaf hashes of its group and the roots of all groups.
func auditPath(index uint64, group, roots []sm3.Hash) ([]sm3.Hash, error) {
	low, err := merkle.NewTree(group).Inclusion(index % groupLeaves)
	if err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	high, err := merkle.NewTree(roots).Inclusion(index / groupLeaves)
	if err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	return append(low.Path, high.Path...), nil
}
