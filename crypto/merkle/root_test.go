package merkle

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/transparency-dev/merkle/testonly"
	"pgregory.net/rapid"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// TestPublishedRoots compares with the roots and node hashes of Certificate
// Transparency's example tree, through the same code with SHA-256 in it.
func TestPublishedRoots(t *testing.T) {
	leaves, roots := testonly.LeafInputs(), testonly.RootHashes()
	for n := range roots {
		one, many := newBuilder(newSHA256), newBuilder(newSHA256)
		hashes := make([]sm3.Hash, n)
		for i, leaf := range leaves[:n] {
			one.Append(leaf)
			newSHA256().leaf(leaf, &hashes[i])
		}
		many.AppendBatch(leaves[:n])
		tree := newTree(hashes, newSHA256)
		for _, root := range []sm3.Hash{one.Root(), many.Root(), tree.Root(), naiveRoot(sha256.Sum256, leaves[:n])} {
			if !bytes.Equal(root[:], roots[n]) {
				t.Errorf("root of %d leaves is %v, published %x", n, root, roots[n])
			}
		}
		for level, row := range testonly.NodeHashes() {
			for i, want := range row {
				if (i+1)<<level <= n && !bytes.Equal(tree.levels[level][i][:], want) {
					t.Errorf("%d leaves: node %d.%d is %v, published %x", n, level, i, tree.levels[level][i], want)
				}
			}
		}
	}
}

// TestGoldenRoots fixes the SM3 roots of the same leaves, which were computed
// apart from this code: the recursion of section 2.1.1 with OpenSSL's SM3.
func TestGoldenRoots(t *testing.T) {
	want := []string{
		"1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b",
		"2daef60e7a0b8f5e024c81cd2ab3109f2b4f155cf83adeb2ae5532f74a157fdf",
		"0b990fe0c7ad70f1bf1a1262f2c7908ea48146b14253a6db99f2917ab1f5cc4d",
		"209ec96a210d662a964772680e8544d18cab7b88ffec3e00962220349b56ea56",
		"28e4e307ef6d2d0c62d84b11ef96e835efe490f35b93c8f024ecfe38c8dd4377",
		"bb10c996aeebbcdc69be3715fc847344de77442d37a5ab8213da9f41785b103b",
		"8723c1ab1f82ddfba4a3733ac0c80d936d9f4c208c7dbc8cc81ca9fff8584f66",
		"bd36c22a1ac6ff4308e0c3cc1a85bf0ffa30538ec60a55c70413ab15d45db4d2",
		"bc48ba7a709184b5f2a631e1adeb8dc2a0d4c018c1d6cc89b5664fe154c93b38",
	}
	b := NewBuilder()
	for n := range want {
		if got := b.Root().String(); got != want[n] {
			t.Errorf("root of %d leaves is %s, want %s", n, got, want[n])
		}
		if n < len(want)-1 {
			b.Append(testonly.LeafInputs()[n])
		}
	}
}

func TestRootIsRFC9162(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	sizes := []int{}
	for n := range 71 {
		sizes = append(sizes, n)
	}
	sizes = append(sizes, 1023, 1024, 1025, 4095, 4097, 2048+r.IntN(30000), r.IntN(70000))
	for _, n := range sizes {
		leaves := assorted(r, n)
		want := naiveRoot(sm3Func, leaves)
		one, batch, hashes := NewBuilder(), NewBuilder(), NewBuilder()
		for i, leaf := range leaves {
			if got := one.Append(leaf); got != uint64(i) {
				t.Fatalf("leaf %d got index %d", i, got)
			}
		}
		batch.AppendBatch(leaves)
		hashes.AppendLeafHashes(leafHashes(leaves))
		for way, got := range map[string]Head{
			"Append": one.Head(), "AppendBatch": batch.Head(), "AppendLeafHashes": hashes.Head(),
			"Tree": NewTree(leafHashes(leaves)).Head(),
		} {
			if got != (Head{uint64(n), want}) {
				t.Errorf("%s: %d leaves give %v, want root %v", way, n, got, want)
			}
		}
	}
}

// TestRootIgnoresCalls: however a sequence is cut into calls, on however many
// cores, the root is that of the sequence, at every point on the way.
func TestRootIgnoresCalls(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(rapid.IntRange(1, 5).Draw(t, "cores")))
		n := rapid.IntRange(0, 5000).Draw(t, "leaves")
		leaves := numbered(n)
		b := NewBuilder()
		for done := 0; done < n; {
			part := leaves[done:min(n, done+rapid.IntRange(1, 3000).Draw(t, "part"))]
			var first uint64
			switch rapid.IntRange(0, 3).Draw(t, "way") {
			case 0:
				first, part = b.Append(part[0]), part[:1]
			case 1:
				first, part = b.AppendLeafHash(LeafHash(part[0])), part[:1]
			case 2:
				first = b.AppendBatch(part)
			case 3:
				hashes := leafHashes(part)
				before := slices.Clone(hashes)
				first = b.AppendLeafHashes(hashes)
				if !slices.Equal(hashes, before) {
					t.Fatal("AppendLeafHashes changed its argument")
				}
			}
			if first != uint64(done) {
				t.Fatalf("first index %d, want %d", first, done)
			}
			done += len(part)
			if got, want := b.Root(), naiveRoot(sm3Func, leaves[:done]); got != want || b.Size() != uint64(done) {
				t.Fatalf("after %d leaves: %v, want %v", done, b.Head(), want)
			}
		}
	})
}

func TestLargeLeaf(t *testing.T) {
	for _, n := range []int{keepLeaf - 1, keepLeaf, keepLeaf + 1, 3 * keepLeaf} {
		data := make([]byte, n)
		if got, want := LeafHash(data), naiveRoot(sm3Func, [][]byte{data}); got != want {
			t.Errorf("leaf of %d bytes: %v, want %v", n, got, want)
		}
	}
}

func TestNodeHashMayOverwriteItsInput(t *testing.T) {
	c := newSM3()
	left, right := LeafHash([]byte("l")), LeafHash([]byte("r"))
	want := naiveNode(sm3Func, left, right)
	if got := NodeHash(left, right); got != want {
		t.Errorf("NodeHash: %v, want %v", got, want)
	}
	for _, overwritten := range []*sm3.Hash{&left, &right} {
		l, r := left, right
		c.node(&left, &right, overwritten)
		if *overwritten != want {
			t.Error("node with out = an input differs: " + hex.EncodeToString(overwritten[:]))
		}
		left, right = l, r
	}
}

// Leaves are hashed side by side up to a length, alone above it; neighbours of
// any lengths must not disturb each other.
func TestLeavesOfAnyLengths(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	lengths := []int{0, 1, 31, 54, 55, shortLeaf - 1, shortLeaf, shortLeaf + 1, keepLeaf, keepLeaf + 1}
	for n := range 40 {
		data := make([][]byte, n)
		for i := range data {
			data[i] = make([]byte, lengths[r.IntN(len(lengths))])
			for j := range data[i] {
				data[i][j] = byte(r.Uint32())
			}
		}
		got := make([]sm3.Hash, n)
		newSM3().leaves(data, got)
		for i := range data {
			if want := naiveRoot(sm3Func, data[i:i+1]); got[i] != want {
				t.Fatalf("%d leaves: leaf %d of %d bytes: %v, want %v", n, i, len(data[i]), got[i], want)
			}
		}
	}
}
