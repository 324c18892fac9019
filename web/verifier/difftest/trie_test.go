package difftest

import (
	"bytes"
	"maps"
	"slices"
	"sort"
	"testing"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/store/proof"
	"github.com/hallmark-ledger/hallmark/store/storetest"
)

// trie is a state in memory with its proofs: docs/formats.md, sections 3 and 4.
type trie struct {
	values map[string][]byte
	leaves []leaf // ascending by path
	root   *fork  // nil for fewer than two leaves
	hash   sm3.Hash
}

type leaf struct {
	path, value, hash sm3.Hash
}

// fork is over leaves[from:to], parted at mid.
type fork struct {
	depth, from, mid, to int
	left, right          *fork
	leftHash, rightHash  sm3.Hash
}

func newTrie(values map[string][]byte) *trie {
	t := &trie{values: values}
	for key, value := range values {
		l := leaf{path: sm3.Sum([]byte(key)), value: sm3.Sum(value)}
		l.hash = proof.Leaf(l.path, l.value)
		t.leaves = append(t.leaves, l)
	}
	slices.SortFunc(t.leaves, func(a, b leaf) int { return bytes.Compare(a.path[:], b.path[:]) })
	if len(t.leaves) > 0 {
		t.root, t.hash = t.node(0, len(t.leaves), 0)
	}
	return t
}

func (t *trie) node(from, to, depth int) (*fork, sm3.Hash) {
	if to-from == 1 {
		return nil, t.leaves[from].hash
	}
	for proof.Bit(&t.leaves[from].path, depth) == proof.Bit(&t.leaves[to-1].path, depth) {
		depth++
	}
	mid := from + sort.Search(to-from, func(i int) bool { return proof.Bit(&t.leaves[from+i].path, depth) == 1 })
	f := &fork{depth: depth, from: from, mid: mid, to: to}
	f.left, f.leftHash = t.node(from, mid, depth+1)
	f.right, f.rightHash = t.node(mid, to, depth+1)
	return f, proof.Fork(depth, f.leftHash, f.rightHash)
}

// Get implements store.Reader.
func (t *trie) Get(key []byte) ([]byte, bool, error) {
	v, ok := t.values[string(key)]
	return v, ok, nil
}

// Scan implements store.Reader.
func (t *trie) Scan(prefix, start []byte, visit store.Visit) error {
	for _, key := range slices.Sorted(maps.Keys(t.values)) {
		if k := []byte(key); bytes.HasPrefix(k, prefix) && bytes.Compare(k, start) >= 0 {
			if more, err := visit(k, t.values[key]); err != nil || !more {
				return err
			}
		}
	}
	return nil
}

// Prove implements store.Prover.
func (t *trie) Prove(key []byte) ([]byte, bool, []byte, error) {
	path := sm3.Sum(key)
	var depths []uint8
	var siblings []sm3.Hash
	at, f := 0, t.root
	for f != nil {
		depths = append(depths, uint8(f.depth))
		if proof.Bit(&path, f.depth) == 0 {
			siblings, at, f = append(siblings, f.rightHash), f.from, f.left
		} else {
			siblings, at, f = append(siblings, f.leftHash), f.mid, f.right
		}
	}
	slices.Reverse(depths)
	slices.Reverse(siblings)
	value, ok := t.values[string(key)]
	switch {
	case ok:
		return value, true, proof.Append(nil, proof.Inclusion, depths, nil, siblings), nil
	case len(t.leaves) == 0:
		return nil, false, proof.Append(nil, proof.AbsenceEmpty, nil, nil, nil), nil
	default:
		other := &proof.OtherLeaf{Path: t.leaves[at].path, ValueHash: t.leaves[at].value}
		return nil, false, proof.Append(nil, proof.AbsenceByLeaf, depths, other, siblings), nil
	}
}

// TestTrie holds the trie against the plain one of storetest.
func TestTrie(t *testing.T) {
	for n := range 40 {
		values := map[string][]byte{}
		var kvs []storetest.KV
		for i := range n {
			key, value := []byte{byte(i), 'k'}, []byte{byte(i * 7)}
			values[string(key)] = value
			kvs = append(kvs, storetest.KV{Key: key, Value: value})
		}
		tree := newTrie(values)
		if tree.hash != storetest.Root(kvs) {
			t.Fatalf("%d keys: another root", n)
		}
		for i := range n + 5 {
			key := []byte{byte(i), 'k'}
			_, _, got, err := tree.Prove(key)
			if err != nil || !bytes.Equal(got, storetest.Prove(kvs, key)) {
				t.Fatalf("%d keys: another proof of %x", n, key)
			}
		}
	}
}
