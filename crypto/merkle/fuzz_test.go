package merkle

import (
	"bytes"
	"testing"
)

// FuzzDecodeProof: bytes that decode are the one encoding of what they decode to.
func FuzzDecodeProof(f *testing.F) {
	for _, p := range proofsToMangle() {
		f.Add(p.data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if p, err := DecodeInclusion(data); err == nil {
			if !bytes.Equal(p.Append(nil), data) {
				t.Errorf("inclusion %v has two encodings", p)
			}
		} else if !isOurs(err) {
			t.Errorf("undocumented error: %v", err)
		}
		if p, err := DecodeConsistency(data); err == nil {
			if !bytes.Equal(p.Append(nil), data) {
				t.Errorf("consistency %v has two encodings", p)
			}
		} else if !isOurs(err) {
			t.Errorf("undocumented error: %v", err)
		}
	})
}

// FuzzVerifyInclusion: no bytes but the one proof of a leaf verify for it.
func FuzzVerifyInclusion(f *testing.F) {
	const n = 19
	hashes := leafHashes(numbered(n))
	tree := NewTree(hashes)
	for i := range uint64(n) {
		p, _ := tree.Inclusion(i)
		f.Add(p.Append(nil), byte(i), uint64(n))
	}
	f.Add([]byte{}, byte(0), uint64(0))
	f.Add(make([]byte, MaxProofLen), byte(0), uint64(1)<<63)
	f.Fuzz(func(t *testing.T, data []byte, leaf byte, size uint64) {
		p, err := DecodeInclusion(data)
		if err != nil {
			return
		}
		index := uint64(leaf) % n
		err = VerifyInclusion(p, hashes[index], Head{size, tree.Root()})
		if err != nil {
			if !isOurs(err) {
				t.Errorf("undocumented error: %v", err)
			}
			return
		}
		if size != n {
			return // the caller trusts a size that is not the root's; see the package comment
		}
		want, _ := tree.Inclusion(index)
		if !bytes.Equal(data, want.Append(nil)) {
			t.Errorf("leaf %d verifies with %x", index, data)
		}
	})
}

// FuzzVerifyConsistency: no bytes but the one proof of a prefix verify for it.
func FuzzVerifyConsistency(f *testing.F) {
	const n = 19
	tree := NewTree(leafHashes(numbered(n)))
	var heads [n + 1]Head
	for m := range heads {
		heads[m] = NewTree(tree.levels[0][:m:m]).Head()
		p, _ := tree.Consistency(uint64(m))
		f.Add(p.Append(nil), byte(m))
	}
	f.Fuzz(func(t *testing.T, data []byte, prefix byte) {
		p, err := DecodeConsistency(data)
		if err != nil {
			return
		}
		old := heads[prefix%(n+1)]
		if err := VerifyConsistency(p, old, tree.Head()); err != nil {
			if !isOurs(err) {
				t.Errorf("undocumented error: %v", err)
			}
			return
		}
		want, _ := tree.Consistency(old.Size)
		if !bytes.Equal(data, want.Append(nil)) {
			t.Errorf("prefix %d verifies with %x", old.Size, data)
		}
	})
}
