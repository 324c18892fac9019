package merkle

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

func checkInclusionCodec(t testing.TB, p Inclusion) {
	t.Helper()
	data := p.Append(nil)
	got, err := DecodeInclusion(data)
	if err != nil || got.Index != p.Index || got.Size != p.Size || !slices.Equal(got.Path, p.Path) {
		t.Fatalf("%v decodes as %v (%v)", p, got, err)
	}
	if len(data) > MaxProofLen {
		t.Fatalf("%d bytes", len(data))
	}
}

func checkConsistencyCodec(t testing.TB, p Consistency) {
	t.Helper()
	data := p.Append(nil)
	got, err := DecodeConsistency(data)
	if err != nil || got.Old != p.Old || got.Size != p.Size || !slices.Equal(got.Path, p.Path) {
		t.Fatalf("%v decodes as %v (%v)", p, got, err)
	}
}

// mangled is a proof of either kind: its encoding, and decoding and verifying
// against what is trusted.
type mangled struct {
	name   string
	data   []byte
	verify func([]byte) error
}

// proofsToMangle are the proofs of all shapes in trees of up to 19 leaves.
func proofsToMangle() (all []mangled) {
	leaves := numbered(19)
	hashes := leafHashes(leaves)
	for n := range len(leaves) + 1 {
		tree := NewTree(hashes[:n])
		for i := range n {
			p, _ := tree.Inclusion(uint64(i))
			all = append(all, mangled{"inclusion", p.Append(nil), func(data []byte) error {
				p, err := DecodeInclusion(data)
				if err != nil {
					return err
				}
				return VerifyInclusion(p, hashes[i], tree.Head())
			}})
		}
		for m := range n + 1 {
			p, _ := tree.Consistency(uint64(m))
			all = append(all, mangled{"consistency", p.Append(nil), func(data []byte) error {
				p, err := DecodeConsistency(data)
				if err != nil {
					return err
				}
				return VerifyConsistency(p, headOf(leaves[:m]), tree.Head())
			}})
		}
	}
	return all
}

func isOurs(err error) bool {
	for _, known := range []error{ErrIndex, ErrEncoding, ErrSize, ErrPathLen, ErrRoot} {
		if errors.Is(err, known) {
			return true
		}
	}
	return false
}

// TestMangledProofs changes every byte of every proof in three ways, cuts it at
// every length, and lengthens it; each must fail with a documented error.
func TestMangledProofs(t *testing.T) {
	for _, p := range proofsToMangle() {
		if err := p.verify(p.data); err != nil {
			t.Fatalf("%s %x: %v", p.name, p.data, err)
		}
		refused := func(what string, data []byte) {
			t.Helper()
			if err := p.verify(data); !isOurs(err) {
				t.Fatalf("%s %s: %x: %v", p.name, what, data, err)
			}
		}
		for i := range p.data {
			for _, flip := range []byte{0x01, 0x80, 0xff} {
				data := slices.Clone(p.data)
				data[i] ^= flip
				refused("altered", data)
			}
			refused("truncated", p.data[:i])
		}
		refused("with a byte more", append(slices.Clone(p.data), 0))
		refused("with a hash more", append(slices.Clone(p.data), make([]byte, 32)...))
		refused("twice", append(slices.Clone(p.data), p.data...))
	}
}

func TestVerifyInclusionRefusals(t *testing.T) {
	hashes := leafHashes(numbered(7))
	head := NewTree(hashes).Head()
	good := func() Inclusion { p, _ := NewTree(hashes).Inclusion(2); return p }
	for _, c := range []struct {
		name string
		do   func(p *Inclusion, leaf *sm3.Hash, head *Head)
		want error
	}{
		{"as it is", func(*Inclusion, *sm3.Hash, *Head) {}, nil},
		{"another leaf", func(_ *Inclusion, leaf *sm3.Hash, _ *Head) { *leaf = hashes[3] }, ErrRoot},
		{"a node as leaf", func(_ *Inclusion, leaf *sm3.Hash, _ *Head) { *leaf = NodeHash(hashes[2], hashes[3]) }, ErrRoot},
		{"another index", func(p *Inclusion, _ *sm3.Hash, _ *Head) { p.Index = 3 }, ErrRoot},
		{"index at size", func(p *Inclusion, _ *sm3.Hash, _ *Head) { p.Index = 7 }, ErrIndex},
		{"largest index", func(p *Inclusion, _ *sm3.Hash, _ *Head) { p.Index = math.MaxUint64 }, ErrIndex},
		{"another size, same shape", func(p *Inclusion, _ *sm3.Hash, _ *Head) { p.Size = 8 }, ErrSize},
		{"another trusted size", func(_ *Inclusion, _ *sm3.Hash, h *Head) { h.Size = 8 }, ErrSize},
		{"both sizes 0", func(p *Inclusion, _ *sm3.Hash, h *Head) { p.Size, h.Size = 0, 0 }, ErrIndex},
		{"both sizes 2^63", func(p *Inclusion, _ *sm3.Hash, h *Head) { p.Size, h.Size = 1<<63, 1<<63 }, ErrPathLen},
		{"another root", func(_ *Inclusion, _ *sm3.Hash, h *Head) { h.Root[31] ^= 1 }, ErrRoot},
		{"hash missing", func(p *Inclusion, _ *sm3.Hash, _ *Head) { p.Path = p.Path[:2] }, ErrPathLen},
		{"hash too many", func(p *Inclusion, _ *sm3.Hash, _ *Head) { p.Path = append(p.Path, p.Path[0]) }, ErrPathLen},
		{"no path", func(p *Inclusion, _ *sm3.Hash, _ *Head) { p.Path = nil }, ErrPathLen},
		{"hashes swapped", func(p *Inclusion, _ *sm3.Hash, _ *Head) { p.Path[0], p.Path[1] = p.Path[1], p.Path[0] }, ErrRoot},
	} {
		p, leaf, h := good(), hashes[2], head
		c.do(&p, &leaf, &h)
		if err := VerifyInclusion(p, leaf, h); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

func TestVerifyConsistencyRefusals(t *testing.T) {
	hashes := leafHashes(numbered(7))
	head, empty := NewTree(hashes).Head(), NewTree(nil).Head()
	for _, c := range []struct {
		name string
		old  uint64
		do   func(p *Consistency, old, head *Head)
		want error
	}{
		{"as it is", 3, func(*Consistency, *Head, *Head) {}, nil},
		{"from none", 0, func(*Consistency, *Head, *Head) {}, nil},
		{"from none with another root", 0, func(_ *Consistency, old, _ *Head) { old.Root = sm3.Hash{} }, ErrRoot},
		{"none to none", 0, func(p *Consistency, _, h *Head) { p.Size, *h = 0, empty }, nil},
		{"none to none with another root", 0, func(p *Consistency, old, h *Head) { p.Size, h.Size = 0, 0 }, ErrRoot},
		{"the same tree", 7, func(*Consistency, *Head, *Head) {}, nil},
		{"the same size, another root", 7, func(_ *Consistency, old, _ *Head) { old.Root[0] ^= 1 }, ErrRoot},
		{"another old root", 3, func(_ *Consistency, old, _ *Head) { old.Root[0] ^= 1 }, ErrRoot},
		{"another old root, power of two", 4, func(_ *Consistency, old, _ *Head) { old.Root[0] ^= 1 }, ErrRoot},
		{"another new root", 3, func(_ *Consistency, _, h *Head) { h.Root[0] ^= 1 }, ErrRoot},
		{"another old size", 3, func(p *Consistency, _, _ *Head) { p.Old = 2 }, ErrSize},
		{"another size", 3, func(p *Consistency, _, _ *Head) { p.Size = 8 }, ErrSize},
		{"backwards", 3, func(p *Consistency, old, h *Head) { p.Old, p.Size, *old, *h = 7, 3, *h, *old }, ErrIndex},
		{"hash missing", 3, func(p *Consistency, _, _ *Head) { p.Path = p.Path[1:] }, ErrPathLen},
		{"hash too many", 3, func(p *Consistency, _, _ *Head) { p.Path = append(p.Path, p.Path[0]) }, ErrPathLen},
		{"a path from none", 0, func(p *Consistency, _, _ *Head) { p.Path = hashes[:1] }, ErrPathLen},
		{"a path to the same tree", 7, func(p *Consistency, _, _ *Head) { p.Path = hashes[:1] }, ErrPathLen},
		{"sizes 2^63 and more", 3, func(p *Consistency, old, h *Head) {
			p.Old, p.Size, old.Size, h.Size = 1<<63, math.MaxUint64, 1<<63, math.MaxUint64
		}, ErrPathLen},
	} {
		p, err := NewTree(hashes).Consistency(c.old)
		if err != nil {
			t.Fatal(err)
		}
		old, h := NewTree(hashes[:c.old]).Head(), head
		c.do(&p, &old, &h)
		if err := VerifyConsistency(p, old, h); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

// TestHugeSizes: a claim about a huge tree costs nothing before its length has
// been found wrong.
func TestHugeSizes(t *testing.T) {
	for _, size := range []uint64{1 << 32, 1<<63 - 1, 1 << 63, 1<<63 + 1, math.MaxUint64} {
		for _, index := range []uint64{0, 1, size / 2, size - 2, size - 1, size} {
			data := binary.BigEndian.AppendUint64(nil, index)
			data = binary.BigEndian.AppendUint64(data, size)
			if _, err := DecodeInclusion(data); index != size && !errors.Is(err, ErrEncoding) || index == size && !errors.Is(err, ErrIndex) {
				t.Errorf("inclusion of %d in %d without a path: %v", index, size, err)
			}
			if _, err := DecodeConsistency(data); index != 0 && index != size && !errors.Is(err, ErrEncoding) {
				t.Errorf("consistency of %d with %d without a path: %v", index, size, err)
			}
			if index < size {
				p := Inclusion{index, size, make([]sm3.Hash, inclusionLen(index, size))}
				checkInclusionCodec(t, p)
				if err := VerifyInclusion(p, sm3.Hash{}, Head{Size: size}); !errors.Is(err, ErrRoot) {
					t.Errorf("inclusion of %d in %d: %v", index, size, err)
				}
			}
			c := Consistency{index, size, make([]sm3.Hash, consistencyLen(index, size))}
			checkConsistencyCodec(t, c)
			if err := VerifyConsistency(c, Head{Size: index, Root: EmptyRoot()}, Head{Size: size}); index != 0 && !errors.Is(err, ErrRoot) {
				t.Errorf("consistency of %d with %d: %v", index, size, err)
			}
		}
	}
}
