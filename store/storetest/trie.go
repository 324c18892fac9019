// Package storetest holds what tests of the store and of modules over it need:
// the trie and its proofs written straight from their definition, slow and
// plain, and a store in memory. Nothing but tests imports it.
package storetest

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// KV is one key and its value.
type KV struct{ Key, Value []byte }

// Root returns the root of the state that holds kvs, in any order. It panics
// if a key occurs twice.
func Root(kvs []KV) sm3.Hash { return node(leavesOf(kvs), 0) }

// Prove returns the proof that key is in the state kvs with its value, or that
// it is absent. It panics if a key occurs twice.
func Prove(kvs []KV, key []byte) []byte {
	leaves := leavesOf(kvs)
	if len(leaves) == 0 {
		return []byte{3}
	}

	path := sm3.Sum(key)
	var bitmap [32]byte
	var siblings [][]byte // deepest first
	for depth := 0; len(leaves) > 1; depth++ {
		left, right := split(leaves, depth)
		if len(left) == 0 || len(right) == 0 {
			continue // no fork here
		}
		bitmap[depth/8] |= 0x80 >> (depth % 8)
		way, beside := left, right
		if bit(path, depth) == 1 {
			way, beside = right, left
		}
		sibling := node(beside, depth+1)
		siblings = slices.Insert(siblings, 0, sibling[:])
		leaves = way
	}

	end := leaves[0]
	minimal := bytes.TrimRight(bitmap[:], "\x00")
	proof := []byte{1, byte(len(minimal))}
	proof = append(proof, minimal...)
	if end.path != path {
		proof[0] = 2
		proof = append(proof, end.path[:]...)
		proof = append(proof, end.valueHash[:]...)
	}
	return append(proof, bytes.Join(siblings, nil)...)
}

// leaf is a leaf before it is hashed.
type leaf struct{ path, valueHash sm3.Hash }

func leavesOf(kvs []KV) []leaf {
	leaves := make([]leaf, len(kvs))
	for i, kv := range kvs {
		leaves[i] = leaf{sm3.Sum(kv.Key), sm3.Sum(kv.Value)}
	}
	slices.SortFunc(leaves, func(a, b leaf) int { return bytes.Compare(a.path[:], b.path[:]) })
	for i := 1; i < len(leaves); i++ {
		if leaves[i].path == leaves[i-1].path {
			panic(fmt.Sprintf("storetest: two keys with path %v", leaves[i].path))
		}
	}
	return leaves
}

// node returns the hash of the node over leaves, which agree on all bits above
// depth.
func node(leaves []leaf, depth int) sm3.Hash {
	switch len(leaves) {
	case 0:
		return sm3.Hash{}
	case 1:
		return hash("hallmark/store/leaf/v1", 0, leaves[0].path, leaves[0].valueHash)
	}
	left, right := split(leaves, depth)
	if len(left) == 0 || len(right) == 0 {
		return node(leaves, depth+1)
	}
	return hash("hallmark/store/fork/v1", depth, node(left, depth+1), node(right, depth+1))
}

// split parts leaves, sorted by path, into those with bit depth clear and set.
func split(leaves []leaf, depth int) (left, right []leaf) {
	i := slices.IndexFunc(leaves, func(l leaf) bool { return bit(l.path, depth) == 1 })
	if i < 0 {
		return leaves, nil
	}
	return leaves[:i], leaves[i:]
}

func bit(path sm3.Hash, i int) int { return int(path[i/8]>>(7-i%8)) & 1 }

// hash returns SM3(name padded to 63 bytes ‖ depth ‖ a ‖ b).
func hash(name string, depth int, a, b sm3.Hash) sm3.Hash {
	in := make([]byte, 64, 128)
	copy(in, name)
	in[63] = byte(depth)
	in = append(in, a[:]...)
	return sm3.Sum(append(in, b[:]...))
}
