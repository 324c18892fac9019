package evidence

import (
	"errors"
	"fmt"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/merkle"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	evidencev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/evidence/v1"
)

// Limits of a leaf, in bytes.
const (
	MaxLeafName = 255
	SaltSize    = 16
	// MaxLeaf is the length of the longest encoding of a leaf.
	MaxLeaf = 34 + 11 + 3 + MaxLeafName + 10 + 2 + SaltSize
)

// Leaf is what a leaf of an anchor's tree commits to. It is beside the state: the
// member has it, in its manifest.
type Leaf struct {
	Content  sm3.Hash // SM3 of the content
	Size     uint64   // its length in bytes
	Name     string   // path below the folder that was anchored; empty for a line
	Captured time.Time
	Salt     []byte // SaltSize random bytes, or none
}

// Check reports what cannot be.
func (l *Leaf) Check() error {
	switch {
	case !clean(l.Name, 0, MaxLeafName):
		return fmt.Errorf("evidence: the name of a leaf has %d bytes, at most %d, of UTF-8 without control characters", len(l.Name), MaxLeafName)
	case l.Captured.UnixNano() <= 0:
		return errors.New("evidence: a leaf is captured after 1970")
	case len(l.Salt) != 0 && len(l.Salt) != SaltSize:
		return fmt.Errorf("evidence: the salt of a leaf has %d bytes, not %d or none", len(l.Salt), SaltSize)
	}
	return nil
}

// EncodeLeaf returns the one encoding of a leaf: the data of the tree's leaf.
func EncodeLeaf(l *Leaf) ([]byte, error) {
	if err := l.Check(); err != nil {
		return nil, err
	}
	return encode(&evidencev1.Leaf{Content: l.Content[:], Size: l.Size, Name: l.Name, Captured: l.Captured.UnixNano(), Salt: l.Salt})
}

// DecodeLeaf reads an encoding, all of it, and checks it.
func DecodeLeaf(b []byte) (*Leaf, error) {
	m := &evidencev1.Leaf{}
	if err := decode(b, m); err != nil {
		return nil, fmt.Errorf("evidence: a leaf: %w", err)
	}
	if len(m.GetContent()) != sm3.Size {
		return nil, fmt.Errorf("evidence: the content of a leaf has a hash of %d bytes, not %d", len(m.GetContent()), sm3.Size)
	}
	l := &Leaf{Content: sm3.Hash(m.GetContent()), Size: m.GetSize(), Name: m.GetName(), Captured: time.Unix(0, m.GetCaptured()).UTC(), Salt: m.GetSalt()}
	return l, l.Check()
}

// ErrPeriod: a leaf was captured outside of the period that its anchor states.
var ErrPeriod = errors.New("evidence: the leaf was not captured within the period of its anchor")

// Verify checks that an encoded leaf is one of the anchor's: proof is that of
// docs/formats.md, section 8. The errors are those of crypto/merkle, of DecodeLeaf,
// and ErrPeriod.
func (a *Anchor) Verify(leaf, proof []byte) (*Leaf, uint64, error) {
	l, err := DecodeLeaf(leaf)
	if err != nil {
		return nil, 0, err
	}
	if l.Captured.Before(a.From) || a.To.Before(l.Captured) {
		return nil, 0, ErrPeriod
	}
	p, err := merkle.DecodeInclusion(proof)
	if err != nil {
		return nil, 0, err
	}
	return l, p.Index, merkle.VerifyInclusion(p, merkle.LeafHash(leaf), merkle.Head{Size: a.Leaves, Root: a.Root})
}
