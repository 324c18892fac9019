package evidence

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/crypto/merkle"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	evidencev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/evidence/v1"
)

func leafOf(i int) *Leaf {
	return &Leaf{Content: sm3.Sum(fmt.Append(nil, i)), Size: uint64(i), Captured: time.Unix(1780282800, int64(i)).UTC(), Salt: bytes.Repeat([]byte{byte(i)}, SaltSize)}
}

// TestVerifyLeaf proves each leaf of a tree, and nothing that was changed in any
// byte.
func TestVerifyLeaf(t *testing.T) {
	var leaves [][]byte
	var hashes []sm3.Hash
	for i := range 11 {
		b, err := EncodeLeaf(leafOf(i))
		if err != nil {
			t.Fatal(err)
		}
		leaves, hashes = append(leaves, b), append(hashes, merkle.LeafHash(b))
	}
	tree := merkle.NewTree(hashes)
	a := &Anchor{Root: tree.Root(), Leaves: 11, From: leafOf(0).Captured, To: leafOf(10).Captured}
	for i, leaf := range leaves {
		p, err := tree.Inclusion(uint64(i))
		if err != nil {
			t.Fatal(err)
		}
		proof := p.Append(nil)
		l, index, err := a.Verify(leaf, proof)
		if err != nil || index != uint64(i) || l.Content != leafOf(i).Content || l.Size != uint64(i) || !l.Captured.Equal(leafOf(i).Captured) {
			t.Fatalf("%+v, %d, %v", l, index, err)
		}
		for _, b := range []*[]byte{&leaf, &proof} {
			good := *b
			for j := range good {
				*b = slices.Clone(good)
				(*b)[j] ^= 1
				if _, _, err := a.Verify(leaf, proof); err == nil {
					t.Errorf("leaf %d holds with byte %d changed", i, j)
				}
				*b = good[:j]
				if _, _, err := a.Verify(leaf, proof); err == nil {
					t.Errorf("leaf %d holds without what follows byte %d", i, j)
				}
			}
			*b = append(slices.Clone(good), 0)
			if _, _, err := a.Verify(leaf, proof); err == nil {
				t.Errorf("leaf %d holds with a byte more", i)
			}
			*b = good
		}
		fewer := *a
		fewer.Leaves = 10
		if _, _, err := fewer.Verify(leaf, proof); !errors.Is(err, merkle.ErrSize) {
			t.Errorf("a tree of another size: %v", err)
		}
		early, late := *a, *a
		early.To, late.From = l.Captured.Add(-1), l.Captured.Add(1)
		for _, b := range []*Anchor{&early, &late} {
			if _, _, err := b.Verify(leaf, proof); !errors.Is(err, ErrPeriod) {
				t.Errorf("captured outside of the period: %v", err)
			}
		}
	}
}

func TestLeafForm(t *testing.T) {
	for name, spoil := range map[string]func(m *evidencev1.Leaf){
		"no content":         func(m *evidencev1.Leaf) { m.Content = nil },
		"content of 31":      func(m *evidencev1.Leaf) { m.Content = m.Content[:31] },
		"salt of 15":         func(m *evidencev1.Leaf) { m.Salt = m.Salt[:15] },
		"salt of 17":         func(m *evidencev1.Leaf) { m.Salt = append(m.Salt, 0) },
		"captured in 1970":   func(m *evidencev1.Leaf) { m.Captured = 0 },
		"captured before":    func(m *evidencev1.Leaf) { m.Captured = -5 },
		"long name":          func(m *evidencev1.Leaf) { m.Name = strings.Repeat("x", 256) },
		"name of two lines":  func(m *evidencev1.Leaf) { m.Name = "a\nb" },
		"name turned around": func(m *evidencev1.Leaf) { m.Name = "gpj.\u202eexe" },
	} {
		b, err := EncodeLeaf(leafOf(3))
		if err != nil {
			t.Fatal(err)
		}
		m := &evidencev1.Leaf{}
		if err := proto.Unmarshal(b, m); err != nil {
			t.Fatal(err)
		}
		spoil(m)
		if b, err = encode(m); err != nil {
			t.Fatal(err)
		}
		if l, err := DecodeLeaf(b); err == nil {
			t.Errorf("%s: %+v", name, l)
		}
	}
	long := &Leaf{Size: 1<<64 - 1, Name: strings.Repeat("x", MaxLeafName), Captured: time.Unix(0, 1<<63-1), Salt: make([]byte, SaltSize)}
	if b, err := EncodeLeaf(long); err != nil || len(b) > MaxLeaf {
		t.Errorf("the longest leaf has %d bytes, MaxLeaf is %d: %v", len(b), MaxLeaf, err)
	}
	if b, err := EncodeLeaf(&Leaf{Captured: time.Unix(1, 0)}); err != nil {
		t.Error(err)
	} else if _, err := DecodeLeaf(b); err != nil {
		t.Errorf("a leaf without a name, size and salt: %v", err)
	}
}

func FuzzDecode(f *testing.F) {
	leaf, _ := EncodeLeaf(leafOf(3))
	f.Add(leaf)
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		if l, err := DecodeLeaf(b); err == nil {
			if again, err := EncodeLeaf(l); err != nil || !bytes.Equal(again, b) {
				t.Errorf("a second encoding: %x, %x, %v", b, again, err)
			}
		}
		if r, err := DecodeRecord(b); err == nil {
			if again, err := EncodeRecord(r); err != nil || !bytes.Equal(again, b) {
				t.Errorf("a second encoding: %x, %x, %v", b, again, err)
			}
		}
	})
}
