package merkle

import (
	"bytes"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/testonly"
	"pgregory.net/rapid"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// TestPathsAreRFC9162 walks every proof of every tree of 0 to 70 leaves: both
// ways to make it give the path of the RFC, it verifies, and it survives its
// encoding.
func TestPathsAreRFC9162(t *testing.T) {
	leaves := assorted(rand.New(rand.NewPCG(3, 4)), 70)
	hashes := leafHashes(leaves)
	for n := range 71 {
		tree := NewTree(hashes[:n])
		for i := range n {
			p, err := tree.Inclusion(uint64(i))
			streamed, err2 := ProveInclusion(InMemory(hashes), uint64(i), uint64(n))
			if err := errors.Join(err, err2); err != nil {
				t.Fatal(err)
			}
			if want := naivePath(sm3Func, i, leaves[:n]); !slices.Equal(p.Path, want) || !slices.Equal(streamed.Path, want) {
				t.Fatalf("inclusion of %d in %d:\n tree     %v\n streamed %v\n RFC      %v", i, n, p.Path, streamed.Path, want)
			}
			if err := VerifyInclusion(p, hashes[i], tree.Head()); err != nil {
				t.Fatalf("inclusion of %d in %d: %v", i, n, err)
			}
			checkInclusionCodec(t, p)
		}
		for m := range n + 1 {
			p, err := tree.Consistency(uint64(m))
			streamed, err2 := ProveConsistency(InMemory(hashes), uint64(m), uint64(n))
			if err := errors.Join(err, err2); err != nil {
				t.Fatal(err)
			}
			var want []sm3.Hash
			if m > 0 {
				want = naiveSubproof(sm3Func, m, leaves[:n], true)
			}
			if !slices.Equal(p.Path, want) || !slices.Equal(streamed.Path, want) {
				t.Fatalf("consistency of %d with %d:\n tree     %v\n streamed %v\n RFC      %v", m, n, p.Path, streamed.Path, want)
			}
			if err := VerifyConsistency(p, headOf(leaves[:m]), tree.Head()); err != nil {
				t.Fatalf("consistency of %d with %d: %v", m, n, err)
			}
			checkConsistencyCodec(t, p)
		}
	}
}

// TestPublishedShape: with SHA-256, proofs are byte for byte those that
// transparency-dev's own tree gives for Certificate Transparency's example.
func TestPublishedShape(t *testing.T) {
	theirs := testonly.New(sliceHasher{newSHA256()})
	theirs.AppendData(testonly.LeafInputs()...)
	var hashes []sm3.Hash
	for i := range theirs.Size() {
		hashes = append(hashes, sm3.Hash(theirs.LeafHash(i)))
	}
	for n := uint64(0); n <= theirs.Size(); n++ {
		tree := newTree(hashes[:n], newSHA256)
		head := Head{n, sm3.Hash(theirs.HashAt(n))}
		if tree.Head() != head {
			t.Errorf("%d leaves: %v, want %v", n, tree.Head(), head)
		}
		for i := range n {
			p, _ := tree.Inclusion(i)
			want, err := theirs.InclusionProof(i, n)
			if err != nil || !slices.EqualFunc(p.Path, want, equalHash) {
				t.Errorf("inclusion of %d in %d: %v, want %x (%v)", i, n, p.Path, want, err)
			}
			if err := verifyInclusion(newSHA256(), p, hashes[i], head); err != nil {
				t.Errorf("inclusion of %d in %d: %v", i, n, err)
			}
		}
		for m := range n + 1 {
			p, _ := tree.Consistency(m)
			want, err := theirs.ConsistencyProof(m, n)
			if err != nil || !slices.EqualFunc(p.Path, want, equalHash) {
				t.Errorf("consistency of %d with %d: %v, want %x (%v)", m, n, p.Path, want, err)
			}
			if err := verifyConsistency(newSHA256(), p, Head{m, sm3.Hash(theirs.HashAt(m))}, head); err != nil {
				t.Errorf("consistency of %d with %d: %v", m, n, err)
			}
		}
	}
}

func equalHash(a sm3.Hash, b []byte) bool { return bytes.Equal(a[:], b) }

// TestPathLen: the arithmetic of path lengths agrees with the nodes that
// transparency-dev chooses, at every size up to 2^64-1.
func TestPathLen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.Uint64Min(1).Draw(t, "size")
		index := rapid.Uint64Max(size-1).Draw(t, "index")
		nodes, err := proof.Inclusion(index, size)
		if got := inclusionLen(index, size); err != nil || got != lenOf(nodes) || got > 64 {
			t.Fatalf("inclusionLen = %d, want %d (%v)", got, lenOf(nodes), err)
		}
		nodes, err = proof.Consistency(index, size)
		if got := consistencyLen(index, size); err != nil || got != lenOf(nodes) || got > 65 {
			t.Fatalf("consistencyLen = %d, want %d (%v)", got, lenOf(nodes), err)
		}
	})
}

// lenOf is the number of hashes that nodes come to once joined.
func lenOf(nodes proof.Nodes) int {
	n := len(nodes.IDs)
	if _, begin, end := nodes.Ephem(); end > begin {
		n -= end - begin - 1
	}
	return n
}

func TestLargeTrees(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, n := range []int{readLeaves, readLeaves + 1, 3*readLeaves + 5, 1 + r.IntN(100000)} {
		hashes := leafHashes(numbered(n))
		tree := NewTree(hashes)
		for range 20 {
			i, m := uint64(r.IntN(n)), uint64(r.IntN(n+1))
			p, _ := tree.Inclusion(i)
			if err := VerifyInclusion(p, hashes[i], tree.Head()); err != nil {
				t.Errorf("inclusion of %d in %d: %v", i, n, err)
			}
			c, _ := tree.Consistency(m)
			if err := VerifyConsistency(c, NewTree(hashes[:m]).Head(), tree.Head()); err != nil {
				t.Errorf("consistency of %d with %d: %v", m, n, err)
			}
		}
		i := uint64(r.IntN(n))
		p, _ := tree.Inclusion(i)
		if streamed, err := ProveInclusion(InMemory(hashes), i, uint64(n)); err != nil || !slices.Equal(streamed.Path, p.Path) {
			t.Errorf("streamed inclusion of %d in %d differs (%v)", i, n, err)
		}
		c, _ := tree.Consistency(i)
		if streamed, err := ProveConsistency(InMemory(hashes), i, uint64(n)); err != nil || !slices.Equal(streamed.Path, c.Path) {
			t.Errorf("streamed consistency of %d with %d differs (%v)", i, n, err)
		}
	}
}

func TestProofsThatCannotBeMade(t *testing.T) {
	hashes := leafHashes(numbered(5))
	tree := NewTree(hashes)
	_, inTree := tree.Inclusion(5)
	_, inNone := NewTree(nil).Inclusion(0)
	_, longer := tree.Consistency(6)
	_, streamed := ProveInclusion(InMemory(hashes), 5, 5)
	_, streamedLonger := ProveConsistency(InMemory(hashes), 6, 5)
	_, missing := ProveInclusion(InMemory(hashes), 3, 9)
	_, missingMany := ProveInclusion(InMemory(hashes), 0, math.MaxUint64)
	for i, err := range []error{inTree, inNone, longer, streamed, streamedLonger, missing, missingMany} {
		if !errors.Is(err, ErrIndex) {
			t.Errorf("case %d: %v, want ErrIndex", i, err)
		}
	}
	broken := errors.New("disk")
	if _, err := ProveInclusion(failing{broken}, 3, 9); !errors.Is(err, broken) {
		t.Errorf("the reader's error is lost: %v", err)
	}
	if _, err := ProveConsistency(failing{broken}, 3, 9); !errors.Is(err, broken) {
		t.Errorf("the reader's error is lost: %v", err)
	}
}

type failing struct{ err error }

func (f failing) ReadLeafHashes([]sm3.Hash, uint64) error { return f.err }
