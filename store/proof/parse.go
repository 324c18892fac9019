package proof

import (
	"iter"
	"math/bits"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// Kind says what a proof claims. Its values are those of byte 0.
type Kind byte

const (
	Inclusion     Kind = 1 // the key is there with the value
	AbsenceByLeaf Kind = 2 // the way of the key ends at the leaf of another key
	AbsenceEmpty  Kind = 3 // no key is there
)

// MaxSize is the length in bytes of the longest proof that Parse accepts:
// absence with a fork at every depth.
const MaxSize = 2 + maxBitmap + 2*sm3.Size + MaxDepth*sm3.Size

const maxBitmap = MaxDepth / 8

// OtherLeaf is the leaf that stands where the way of an absent key ends.
type OtherLeaf struct {
	Path      sm3.Hash
	ValueHash sm3.Hash // SM3(value)
}

// Proof is a well-formed proof. Only Parse makes one; it is not verified.
type Proof struct {
	Kind  Kind
	Other OtherLeaf // AbsenceByLeaf only

	bitmap   []byte // bit d: a fork at depth d
	siblings []byte // 32 bytes for each set bit, deepest first
}

// Parse splits b into its parts. The result shares memory with b. Every error
// matches ErrMalformed.
func Parse(b []byte) (Proof, error) {
	var p Proof
	if len(b) == 0 {
		return Proof{}, ErrTruncated
	}
	p.Kind, b = Kind(b[0]), b[1:]
	switch p.Kind {
	case AbsenceEmpty:
		if len(b) > 0 {
			return Proof{}, ErrTrailing
		}
		return p, nil
	case Inclusion, AbsenceByLeaf:
	default:
		return Proof{}, ErrUnknownKind
	}

	if len(b) == 0 {
		return Proof{}, ErrTruncated
	}
	n := int(b[0])
	b = b[1:]
	if n > maxBitmap {
		return Proof{}, ErrBitmapSize
	}
	if len(b) < n {
		return Proof{}, ErrTruncated
	}
	p.bitmap, b = b[:n:n], b[n:]
	if n > 0 && p.bitmap[n-1] == 0 {
		return Proof{}, ErrBitmapZero
	}

	if p.Kind == AbsenceByLeaf {
		if len(b) < 2*sm3.Size {
			return Proof{}, ErrTruncated
		}
		p.Other.Path = sm3.Hash(b[:sm3.Size])
		p.Other.ValueHash = sm3.Hash(b[sm3.Size : 2*sm3.Size])
		b = b[2*sm3.Size:]
	}

	switch want := p.Len() * sm3.Size; {
	case len(b) < want:
		return Proof{}, ErrTruncated
	case len(b) > want:
		return Proof{}, ErrTrailing
	}
	p.siblings = b
	return p, nil
}

// Len returns the number of forks on the way, 0 to 256.
func (p *Proof) Len() int {
	n := 0
	for _, b := range p.bitmap {
		n += bits.OnesCount8(b)
	}
	return n
}

// Forks yields the depth of every fork on the way and the sibling there,
// deepest first. The sibling must not be modified.
func (p *Proof) Forks() iter.Seq2[int, *sm3.Hash] {
	return func(yield func(int, *sm3.Hash) bool) {
		rest := p.siblings
		for d := len(p.bitmap)*8 - 1; d >= 0; d-- {
			if p.bitmap[d>>3]>>(7-d&7)&1 == 0 {
				continue
			}
			if !yield(d, (*sm3.Hash)(rest)) {
				return
			}
			rest = rest[sm3.Size:]
		}
	}
}
