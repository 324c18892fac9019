package proof_test

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store/proof"
	"github.com/hallmark-ledger/hallmark/store/storetest"
)

// addUnconvincing adds well-formed proofs that do not prove the claim.
func addUnconvincing(f *vectorFile) {
	kvs := numbered(10)
	root, kv := storetest.Root(kvs), kvs[3]
	in := storetest.Prove(kvs, kv.Key)
	absent := []byte("key-10")
	out := storetest.Prove(kvs, absent)
	one := numbered(1)
	path, valueHash := proof.Path(kv.Key), sm3.Sum(kv.Value)
	with := func(value []byte) storetest.KV { return storetest.KV{Key: kv.Key, Value: value} }

	f.absence("inclusion offered for absence", "ErrWrongKind", root, kv.Key, in)
	f.inclusion("absence offered for inclusion", "ErrWrongKind", root, storetest.KV{Key: absent}, out)
	f.inclusion("empty state offered for inclusion", "ErrWrongKind", sm3.Hash{}, kv, []byte{3})
	f.absence("inclusion by a lone leaf offered for absence", "ErrWrongKind", storetest.Root(one), one[0].Key, []byte{1, 0})

	f.inclusion("another value", "ErrRoot", root, with([]byte("value-4")), in)
	f.inclusion("no value", "ErrRoot", root, with(nil), in)
	f.inclusion("the hash of the value as the value", "ErrRoot", root, with(valueHash[:]), in)
	f.inclusion("a key that is absent", "ErrRoot", root, storetest.KV{Key: absent, Value: kv.Value}, in)
	f.inclusion("the path as the key", "ErrRoot", root, storetest.KV{Key: path[:], Value: kv.Value}, in)
	f.inclusion("another key of the state", "ErrRoot", root, storetest.KV{Key: kvs[4].Key, Value: kv.Value}, in)
	f.inclusion("the root of another state", "ErrRoot", storetest.Root(kvs[:9]), kv, in)
	f.inclusion("the root of the empty state", "ErrRoot", sm3.Hash{}, kv, in)
	f.inclusion("a lone leaf and the root of the empty state", "ErrRoot", sm3.Hash{}, kv, []byte{1, 0})
	f.inclusion("no fork where there are some", "ErrRoot", root, kv, []byte{1, 0})
	f.inclusion("the proof of an earlier state", "ErrRoot", root, kv, storetest.Prove(kvs[:9], kv.Key))

	tamper := func(name string, change func(*parts)) {
		s := take(in)
		change(&s)
		f.inclusion("inclusion, "+name, "ErrRoot", root, kv, s.bytes())
		s = take(out)
		change(&s)
		f.absence("absence, "+name, "ErrRoot", root, absent, s.bytes())
	}
	tamper("first bit of a sibling flipped", func(s *parts) { s.siblings[0][0] ^= 0x80 })
	tamper("last bit of a sibling flipped", func(s *parts) { s.siblings[len(s.siblings)-1][31] ^= 1 })
	tamper("a sibling of zeros", func(s *parts) { s.siblings[0] = make([]byte, 32) })
	tamper("siblings reversed", func(s *parts) { slices.Reverse(s.siblings) })
	tamper("a sibling in place of another", func(s *parts) { s.siblings[1] = s.siblings[0] })
	tamper("deepest fork left out", func(s *parts) {
		s.flip(lastDepth(s.bytes()))
		s.siblings = s.siblings[1:]
	})
	tamper("topmost fork left out", func(s *parts) {
		s.flip(firstDepth(s.bytes()))
		s.siblings = s.siblings[:len(s.siblings)-1]
	})

	moved := take(in)
	d := lastDepth(in)
	moved.flip(d, d+1)
	f.inclusion("inclusion, deepest fork a bit deeper", "ErrRoot", root, kv, moved.bytes())
	added := take(in)
	added.flip(255)
	added.siblings = slices.Insert(added.siblings, 0, make([]byte, 32))
	f.inclusion("inclusion, a fork below the leaf", "ErrRoot", root, kv, added.bytes())

	addFalseAbsence(f, kvs, kv, in)
	addLeafForFork(f)

	f.absence("empty state, but the root is not zeros", "ErrRoot", root, absent, []byte{3})
	f.absence("empty state, but there is one key", "ErrRoot", storetest.Root(one), one[0].Key, []byte{3})
	f.absence("another leaf in the empty state", "ErrRoot", sm3.Hash{}, absent, slices.Concat([]byte{2, 0}, path[:], valueHash[:]))
	forged := take(out)
	forged.other[63] ^= 1
	f.absence("absence, the other leaf with another value", "ErrRoot", root, absent, forged.bytes())
	forged = take(out)
	forged.other[31] ^= 1
	f.absence("absence, the other leaf with another path", "ErrRoot", root, absent, forged.bytes())
	f.absence("absence of a key that is elsewhere", "ErrOffPath", root, offPath(out), out)
	f.absence("absence in an earlier state", "ErrRoot", root, kvs[9].Key, storetest.Prove(kvs[:9], kvs[9].Key))
}

// addFalseAbsence claims that kv, which is in kvs, is absent.
func addFalseAbsence(f *vectorFile, kvs []storetest.KV, kv storetest.KV, in []byte) {
	root, path := storetest.Root(kvs), proof.Path(kv.Key)

	own := take(in)
	valueHash := sm3.Sum(kv.Value)
	own.kind, own.other = 2, slices.Concat(path[:], valueHash[:])
	f.absence("present, absent beside itself", "ErrSamePath", root, kv.Key, own.bytes())
	own.other = slices.Concat(path[:], kv32("x"))
	f.absence("present, absent beside itself with another value", "ErrSamePath", root, kv.Key, own.bytes())

	for i, n := range kvs {
		if bytes.Equal(n.Key, kv.Key) {
			continue
		}
		s := take(storetest.Prove(kvs, n.Key))
		other, valueHash := proof.Path(n.Key), sm3.Sum(n.Value)
		s.kind, s.other = 2, slices.Concat(other[:], valueHash[:])
		parting := 0
		for proof.Bit(&path, parting) == proof.Bit(&other, parting) {
			parting++
		}
		f.absence(fmt.Sprintf("present, absent beside entry %d, the truth", i), "ErrOffPath", root, kv.Key, s.bytes())

		// Were the depth not in the tag, this would prove a lie: the fork at
		// which the two paths part is said to stand where they agree and where
		// the other's bit is the same, so the hashes would be the same.
		if to := agreeing(path, other, parting, depthsOf(s.bytes())); to >= 0 {
			lie := s
			lie.bitmap = slices.Clone(s.bitmap)
			lie.flip(parting, to)
			f.absence(fmt.Sprintf("present, absent beside entry %d, parting fork moved from depth %d to %d", i, parting, to),
				"ErrRoot", root, kv.Key, lie.bytes())
		}

		// Only the forks at which the paths agree are shown.
		depths := depthsOf(s.bytes())
		for at, d := range depths {
			if proof.Bit(&path, d) != proof.Bit(&other, d) {
				s.flip(d)
				s.siblings[len(depths)-1-at] = nil
			}
		}
		f.absence(fmt.Sprintf("present, absent beside entry %d, forks at which they part left out", i), "ErrRoot", root, kv.Key, s.bytes())
	}
}

// agreeing returns a depth between the neighbours of parting among depths at
// which a and b agree and which has the bit that b has at parting, or -1.
func agreeing(a, b sm3.Hash, parting int, depths []int) int {
	i := slices.Index(depths, parting)
	low, high := 0, 255
	if i > 0 {
		low = depths[i-1] + 1
	}
	if i+1 < len(depths) {
		high = depths[i+1] - 1
	}
	for d := low; d <= high; d++ {
		if proof.Bit(&a, d) == proof.Bit(&b, d) && proof.Bit(&b, d) == proof.Bit(&b, parting) {
			return d
		}
	}
	return -1
}

// addLeafForFork passes a fork off as a leaf: both hash a tag and 64 bytes.
func addLeafForFork(f *vectorFile) {
	two := numbered(2)
	var sides [2]sm3.Hash // left, right
	a, b := proof.Path(two[0].Key), proof.Path(two[1].Key)
	d := 0
	for proof.Bit(&a, d) == proof.Bit(&b, d) {
		d++
	}
	sides[proof.Bit(&a, d)] = proof.Leaf(a, sm3.Sum(two[0].Value))
	sides[proof.Bit(&b, d)] = proof.Leaf(b, sm3.Sum(two[1].Value))
	f.absence("a fork passed off as the other leaf", "ErrRoot", storetest.Root(two), []byte("key-2"),
		slices.Concat([]byte{2, 0}, sides[0][:], sides[1][:]))
	// The reverse: a leaf passed off as a fork at depth 0, whose right side is
	// the hash of the value.
	one := numbered(1)
	valueHash := sm3.Sum(one[0].Value)
	f.inclusion("a leaf passed off as a fork", "ErrRoot", storetest.Root(one), one[0],
		slices.Concat([]byte{1, 1, 0x80}, valueHash[:]))
}

// offPath returns a key whose path parts from that of the other leaf of p at
// the topmost fork.
func offPath(p []byte) []byte {
	s := take(p)
	d := firstDepth(p)
	for i := 0; ; i++ {
		key := fmt.Appendf(nil, "elsewhere-%d", i)
		if path := proof.Path(key); proof.Bit(&path, d) != s.other[d/8]>>(7-d%8)&1 {
			return key
		}
	}
}

// depthsOf returns the depths of the forks of p, topmost first.
func depthsOf(p []byte) []int {
	parsed, err := proof.Parse(p)
	if err != nil {
		panic(err)
	}
	var depths []int
	for d := range parsed.Forks() {
		depths = append(depths, d)
	}
	slices.Reverse(depths)
	return depths
}

func firstDepth(p []byte) int { return depthsOf(p)[0] }
func lastDepth(p []byte) int  { d := depthsOf(p); return d[len(d)-1] }

// kv32 returns 32 bytes that depend on s.
func kv32(s string) []byte { h := sm3.Sum([]byte(s)); return h[:] }
