package merkle

import (
	"errors"
	"fmt"

	"github.com/transparency-dev/merkle/proof"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// Why a proof does not hold, beside ErrIndex.
var (
	// ErrSize: the proof is for a tree of another size than the trusted one.
	ErrSize = errors.New("merkle: proof is for a tree of another size")
	// ErrPathLen: the path has more or fewer hashes than its place asks for.
	ErrPathLen = errors.New("merkle: wrong number of hashes in the path")
	// ErrRoot: the path leads to another root, so the leaf or the prefix is
	// not part of the trusted tree or the path was altered.
	ErrRoot = errors.New("merkle: path does not lead to the trusted root")
)

// VerifyInclusion checks that the leaf with hash leaf stands at p.Index in the
// tree that head names (RFC 9162, section 2.1.3.2). The caller trusts head and
// has computed leaf from the data itself; p may be anything. The caller also
// decides what p.Index means to it.
// Errors: ErrSize, ErrIndex, ErrPathLen, ErrRoot.
func VerifyInclusion(p Inclusion, leaf sm3.Hash, head Head) error {
	return verifyInclusion(newSM3(), p, leaf, head)
}

func verifyInclusion(c core, p Inclusion, leaf sm3.Hash, head Head) error {
	if p.Size != head.Size {
		return fmt.Errorf("%w: %d, trusted %d", ErrSize, p.Size, head.Size)
	}
	if p.Index >= p.Size {
		return fmt.Errorf("%w: leaf %d of %d", ErrIndex, p.Index, p.Size)
	}
	if want := inclusionLen(p.Index, p.Size); len(p.Path) != want {
		return fmt.Errorf("%w: %d, want %d", ErrPathLen, len(p.Path), want)
	}
	return asErrRoot(proof.VerifyInclusion(sliceHasher{c}, p.Index, p.Size, leaf[:], slicesOf(p.Path), head.Root[:]))
}

// VerifyConsistency checks that the tree that old names is a prefix of the
// tree that head names (RFC 9162, section 2.1.4.2), so that nothing was taken
// away or changed between them. The caller trusts both; p may be anything.
// The tree of no leaves is a prefix of all, if old.Root is EmptyRoot.
// Errors: ErrSize, ErrIndex, ErrPathLen, ErrRoot.
func VerifyConsistency(p Consistency, old, head Head) error {
	return verifyConsistency(newSM3(), p, old, head)
}

func verifyConsistency(c core, p Consistency, old, head Head) error {
	if p.Old != old.Size || p.Size != head.Size {
		return fmt.Errorf("%w: %d to %d, trusted %d to %d", ErrSize, p.Old, p.Size, old.Size, head.Size)
	}
	if p.Old > p.Size {
		return fmt.Errorf("%w: prefix of %d in a tree of %d", ErrIndex, p.Old, p.Size)
	}
	if want := consistencyLen(p.Old, p.Size); len(p.Path) != want {
		return fmt.Errorf("%w: %d, want %d", ErrPathLen, len(p.Path), want)
	}
	// The package proof takes any root for the tree of no leaves.
	for _, h := range []Head{old, head} {
		if h.Size == 0 && h.Root != c.empty() {
			return fmt.Errorf("%w: a tree without leaves has the root %v, not %v", ErrRoot, c.empty(), h.Root)
		}
	}
	return asErrRoot(proof.VerifyConsistency(sliceHasher{c}, p.Old, p.Size, slicesOf(p.Path), old.Root[:], head.Root[:]))
}

// asErrRoot gives the error of a chained path its name here; lengths and
// indices have been checked before, so only a root is left to differ.
func asErrRoot(err error) error {
	var mismatch proof.RootMismatchError
	if errors.As(err, &mismatch) {
		return fmt.Errorf("%w: %x instead of %x", ErrRoot, mismatch.CalculatedRoot, mismatch.ExpectedRoot)
	}
	return err
}

func slicesOf(path []sm3.Hash) [][]byte {
	s := make([][]byte, len(path))
	for i := range path {
		s[i] = path[i][:]
	}
	return s
}
