package merkle

import (
	"slices"

	"github.com/transparency-dev/merkle/compact"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// The first byte of what is hashed, RFC 9162 section 2.1.1.
const (
	leafPrefix = 0x00
	nodePrefix = 0x01
)

// LeafHash returns SM3(0x00 ‖ data).
func LeafHash(data []byte) (h sm3.Hash) {
	newSM3().leaf(data, &h)
	return h
}

// NodeHash returns SM3(0x01 ‖ left ‖ right).
func NodeHash(left, right sm3.Hash) (h sm3.Hash) {
	newSM3().node(&left, &right, &h)
	return h
}

// EmptyRoot returns the root of a tree without leaves, SM3("").
func EmptyRoot() sm3.Hash { return sm3.Sum(nil) }

// core hashes leaves and nodes with one hash function of 32 bytes: SM3, or in
// tests SHA-256, for which Certificate Transparency has published roots. It
// holds scratch state: one goroutine uses it at a time.
type core interface {
	leaf(data []byte, out *sm3.Hash)
	// node may be given an out that is left or right.
	node(left, right, out *sm3.Hash)
	// leaves is leaf for all i: data[i], out[i].
	leaves(data [][]byte, out []sm3.Hash)
	// nodes is node for all i: in[2i], in[2i+1], out[i]. out may begin where in
	// does.
	nodes(in, out []sm3.Hash)
	empty() sm3.Hash
}

// newCore makes a core for one goroutine.
type newCore func() core

// sm3Core is core over SM3. A node is 65 bytes, two compressions; a leaf of up
// to 54 bytes is one.
type sm3Core struct {
	h    *sm3.Hasher
	msg  [1 + 2*sm3.Size]byte // a node's message; its first byte stays nodePrefix
	data []byte               // a leaf's message, or several, one after the other
	// Of several nodes: their messages, as msg, and the jobs of nodes or leaves.
	msgs [together][1 + 2*sm3.Size]byte
	jobs [together]sm3.SumJob
}

// together is how many messages are given to sm3.Hasher at a time: what it
// hashes side by side.
const together = 8

func newSM3() core {
	c := &sm3Core{h: sm3.NewHasher()}
	c.msg[0] = nodePrefix
	for i := range c.msgs {
		c.msgs[i][0] = nodePrefix
	}
	return c
}

// keepLeaf is the largest leaf buffer in bytes that a core keeps for the next leaf.
const keepLeaf = 64 << 10

func (c *sm3Core) leaf(data []byte, out *sm3.Hash) {
	if len(data) > keepLeaf {
		d := sm3.New()
		d.Write([]byte{leafPrefix})
		d.Write(data)
		d.Sum(out[:0])
		return
	}
	c.data = append(append(c.data[:0], leafPrefix), data...)
	c.h.Sum(c.data, out)
}

func (c *sm3Core) node(left, right, out *sm3.Hash) {
	copy(c.msg[1:], left[:])
	copy(c.msg[1+sm3.Size:], right[:])
	c.h.Sum(c.msg[:], out)
}

// shortLeaf is the largest leaf in bytes that is hashed side by side with others.
const shortLeaf = 512

func (c *sm3Core) leaves(data [][]byte, out []sm3.Hash) {
	c.data = slices.Grow(c.data[:0], together*(1+shortLeaf)) // so that no append below moves it
	n := 0
	for i, d := range data {
		if len(d) > shortLeaf {
			c.leafAside(d, &out[i])
			continue
		}
		begin := len(c.data)
		c.data = append(append(c.data, leafPrefix), d...)
		c.jobs[n] = sm3.SumJob{Data: c.data[begin:], Out: &out[i]}
		if n++; n == together {
			c.h.RunSums(c.jobs[:n])
			n, c.data = 0, c.data[:0]
		}
	}
	c.h.RunSums(c.jobs[:n])
}

// leafAside is leaf while jobs refer to c.data.
func (c *sm3Core) leafAside(data []byte, out *sm3.Hash) {
	waiting := c.data
	c.data = nil
	c.leaf(data, out)
	c.data = waiting
}

func (c *sm3Core) nodes(in, out []sm3.Hash) {
	for len(out) > 0 {
		n := min(together, len(out))
		for i := range n {
			copy(c.msgs[i][1:], in[2*i][:])
			copy(c.msgs[i][1+sm3.Size:], in[2*i+1][:])
			c.jobs[i] = sm3.SumJob{Data: c.msgs[i][:], Out: &out[i]}
		}
		c.h.RunSums(c.jobs[:n])
		in, out = in[2*n:], out[n:]
	}
}

func (c *sm3Core) empty() sm3.Hash { return EmptyRoot() }

// sliceHasher fits a core to the byte slices of transparency-dev/merkle: it is
// its LogHasher and, by HashChildren, its compact.HashFn.
type sliceHasher struct{ core }

func (s sliceHasher) HashLeaf(data []byte) []byte {
	var h sm3.Hash
	s.leaf(data, &h)
	return h[:]
}

func (s sliceHasher) HashChildren(left, right []byte) []byte {
	var h sm3.Hash
	s.node((*sm3.Hash)(left), (*sm3.Hash)(right), &h)
	return h[:]
}

func (s sliceHasher) EmptyRoot() []byte {
	h := s.empty()
	return h[:]
}

func (s sliceHasher) Size() int { return sm3.Size }

// fold replaces hashes, whose length is a power of two, by the root of the
// perfect tree over them, level by level and in place. The root is hashes[0].
func fold(c core, hashes []sm3.Hash) {
	for n := len(hashes) / 2; n > 0; n /= 2 {
		c.nodes(hashes[:2*n], hashes[:n])
	}
}

// factory returns the compact ranges of transparency-dev over c.
func factory(c core) *compact.RangeFactory {
	return &compact.RangeFactory{Hash: sliceHasher{c}.HashChildren}
}
