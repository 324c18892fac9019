package proof_test

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store/proof"
	"github.com/hallmark-ledger/hallmark/store/storetest"
)

// makeVectors makes the contents of testdata/vectors.json. Proofs come from
// the reference trie, verdicts are stated by hand.
func makeVectors() vectorFile {
	var f vectorFile
	for _, kvs := range []struct {
		name string
		kvs  []storetest.KV
	}{
		{"no key", nil},
		{"one key", numbered(1)},
		{"two keys", numbered(2)},
		{"three keys", numbered(3)},
		{"ten keys", numbered(10)},
		{"long and short", longAndShort()},
		{"close paths", closePaths()},
		{"a thousand keys", numbered(1000)},
	} {
		f.addState(kvs.name, kvs.kvs)
	}
	addEveryDepth(&f)
	addMalformed(&f)
	addUnconvincing(&f)
	return f
}

// numbered returns n entries: key "key-i", value "value-i".
func numbered(n int) []storetest.KV {
	kvs := make([]storetest.KV, n)
	for i := range kvs {
		kvs[i] = storetest.KV{Key: fmt.Appendf(nil, "key-%d", i), Value: fmt.Appendf(nil, "value-%d", i)}
	}
	return kvs
}

// longAndShort has keys and values at the limits, among them an empty value.
func longAndShort() []storetest.KV {
	return []storetest.KV{
		{Key: []byte{0}, Value: []byte{}},
		{Key: []byte{0xff}, Value: []byte{0}},
		{Key: bytes.Repeat([]byte{0xab}, 512), Value: bytes.Repeat([]byte{0xcd}, 1000)},
		{Key: []byte{0, 0}, Value: make([]byte, 64)},
	}
}

// closePaths has keys whose paths begin with the same 12 bits or more.
func closePaths() []storetest.KV {
	var kvs []storetest.KV
	first := proof.Path([]byte("near-0"))
	for i := 0; len(kvs) < 6; i++ {
		key := fmt.Appendf(nil, "near-%d", i)
		if p := proof.Path(key); p[0] == first[0] && p[1]>>4 == first[1]>>4 {
			kvs = append(kvs, storetest.KV{Key: key, Value: fmt.Appendf(nil, "%d", i)})
		}
	}
	return kvs
}

// addState adds a state and proofs of what it holds and what it does not.
func (f *vectorFile) addState(name string, kvs []storetest.KV) {
	root := storetest.Root(kvs)
	s := state{Name: name, Root: root[:], Entries: []entry{}}
	for _, kv := range kvs {
		s.Entries = append(s.Entries, entry{kv.Key, kv.Value})
	}
	f.States = append(f.States, s)
	for i := 0; i < len(kvs); i += 1 + len(kvs)/10 {
		kv := kvs[i]
		f.inclusion(fmt.Sprintf("%s: entry %d is there", name, i), "ok", root, kv, storetest.Prove(kvs, kv.Key))
	}
	for _, absent := range []string{"key-1000", "key-1001", "Key-0", "key-0 ", ""} {
		key := []byte(absent)
		f.absence(fmt.Sprintf("%s: %q is absent", name, absent), "ok", root, key, storetest.Prove(kvs, key))
	}
}

func (f *vectorFile) inclusion(name, want string, root sm3.Hash, kv storetest.KV, p []byte) {
	value := hexBytes(kv.Value)
	f.Vectors = append(f.Vectors, vector{name, "inclusion", root[:], kv.Key, &value, slices.Clone(p), want})
}

func (f *vectorFile) absence(name, want string, root sm3.Hash, key, p []byte) {
	f.Vectors = append(f.Vectors, vector{name, "absence", root[:], key, nil, slices.Clone(p), want})
}

// addEveryDepth adds proofs with as many forks as can be, which no state of
// practice has; the roots are made to fit.
func addEveryDepth(f *vectorFile) {
	kv := storetest.KV{Key: []byte("deep"), Value: []byte("value")}
	path := proof.Path(kv.Key)
	var depths []uint8
	var siblings []sm3.Hash
	for d := 255; d >= 0; d-- {
		depths = append(depths, uint8(d))
		siblings = append(siblings, sm3.Sum([]byte{byte(d)}))
	}
	fold := func(path, valueHash sm3.Hash, depths []uint8, siblings []sm3.Hash) sm3.Hash {
		node := proof.Leaf(path, valueHash)
		for i, d := range depths {
			if proof.Bit(&path, int(d)) == 0 {
				node = proof.Fork(int(d), node, siblings[i])
			} else {
				node = proof.Fork(int(d), siblings[i], node)
			}
		}
		return node
	}

	all := fold(path, sm3.Sum(kv.Value), depths, siblings)
	p := proof.Append(nil, proof.Inclusion, depths, nil, siblings)
	f.inclusion("forks at all 256 depths", "ok", all, kv, p)
	p[len(p)-1] ^= 1
	f.inclusion("forks at all 256 depths, one bit of the last sibling flipped", "ErrRoot", all, kv, p)

	other := proof.OtherLeaf{Path: path, ValueHash: sm3.Sum(nil)}
	other.Path[31] ^= 1 // differs from path in bit 255 alone
	short := fold(other.Path, other.ValueHash, depths[1:], siblings[1:])
	f.absence("forks at 255 depths, paths part at the last bit", "ok", short, kv.Key,
		proof.Append(nil, proof.AbsenceByLeaf, depths[1:], &other, siblings[1:]))
	long := fold(other.Path, other.ValueHash, depths, siblings)
	f.absence("forks at all 256 depths, paths part at the last", "ErrOffPath", long, kv.Key,
		proof.Append(nil, proof.AbsenceByLeaf, depths, &other, siblings))
	own := proof.OtherLeaf{Path: path, ValueHash: sm3.Sum(kv.Value)}
	f.absence("forks at all 256 depths, absent beside itself", "ErrSamePath", all, kv.Key,
		proof.Append(nil, proof.AbsenceByLeaf, depths, &own, siblings))
}
