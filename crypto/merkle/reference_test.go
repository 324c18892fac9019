package merkle

import (
	"crypto/sha256"
	"encoding/binary"
	"math/bits"
	"math/rand/v2"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// The definitions of RFC 9162, section 2.1, word for word and without regard
// to cost, over any hash function of 32 bytes.

type hashFunc func([]byte) [32]byte

func sm3Func(b []byte) [32]byte { return sm3.Sum(b) }

// naiveRoot is MTH of section 2.1.1.
func naiveRoot(h hashFunc, leaves [][]byte) sm3.Hash {
	switch n := len(leaves); n {
	case 0:
		return h(nil)
	case 1:
		return h(append([]byte{0}, leaves[0]...))
	default:
		k := splitPoint(n)
		return naiveNode(h, naiveRoot(h, leaves[:k]), naiveRoot(h, leaves[k:]))
	}
}

func naiveNode(h hashFunc, left, right sm3.Hash) sm3.Hash {
	return h(append(append([]byte{1}, left[:]...), right[:]...))
}

// splitPoint is the largest power of two below n.
func splitPoint(n int) int { return 1 << (bits.Len(uint(n-1)) - 1) }

// naivePath is PATH of section 2.1.3.1.
func naivePath(h hashFunc, m int, leaves [][]byte) []sm3.Hash {
	if len(leaves) == 1 {
		return nil
	}
	k := splitPoint(len(leaves))
	if m < k {
		return append(naivePath(h, m, leaves[:k]), naiveRoot(h, leaves[k:]))
	}
	return append(naivePath(h, m-k, leaves[k:]), naiveRoot(h, leaves[:k]))
}

// naiveSubproof is SUBPROOF of section 2.1.4.1; PROOF(m, D) is
// naiveSubproof(m, D, true).
func naiveSubproof(h hashFunc, m int, leaves [][]byte, complete bool) []sm3.Hash {
	n := len(leaves)
	switch {
	case m == n && complete:
		return nil
	case m == n:
		return []sm3.Hash{naiveRoot(h, leaves)}
	}
	k := splitPoint(n)
	if m <= k {
		return append(naiveSubproof(h, m, leaves[:k], complete), naiveRoot(h, leaves[k:]))
	}
	return append(naiveSubproof(h, m-k, leaves[k:], false), naiveRoot(h, leaves[:k]))
}

// sha256Core is core over SHA-256, as Certificate Transparency uses it.
type sha256Core struct{}

func newSHA256() core { return sha256Core{} }

func (sha256Core) leaf(data []byte, out *sm3.Hash) {
	*out = sha256.Sum256(append([]byte{0}, data...))
}
func (sha256Core) node(left, right, out *sm3.Hash) { *out = naiveNode(sha256.Sum256, *left, *right) }
func (sha256Core) empty() sm3.Hash                 { return sha256.Sum256(nil) }

func (c sha256Core) leaves(data [][]byte, out []sm3.Hash) {
	for i := range out {
		c.leaf(data[i], &out[i])
	}
}

func (c sha256Core) nodes(in, out []sm3.Hash) {
	for i := range out {
		c.node(&in[2*i], &in[2*i+1], &out[i])
	}
}

// numbered returns n different leaves of 32 bytes.
func numbered(n int) [][]byte {
	leaves := make([][]byte, n)
	for i := range leaves {
		leaves[i] = binary.BigEndian.AppendUint64(make([]byte, 24, 32), uint64(i))
	}
	return leaves
}

// assorted returns n different leaves of random lengths.
func assorted(r *rand.Rand, n int) [][]byte {
	leaves := numbered(n)
	for i := range leaves {
		for range r.IntN(200) {
			leaves[i] = append(leaves[i], byte(r.Uint32()))
		}
	}
	return leaves
}

func leafHashes(leaves [][]byte) []sm3.Hash {
	out := make([]sm3.Hash, len(leaves))
	LeafHashes(leaves, out)
	return out
}

func headOf(leaves [][]byte) Head {
	b := NewBuilder()
	b.AppendBatch(leaves)
	return b.Head()
}
