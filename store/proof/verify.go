package proof

import (
	"sync"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// VerifyInclusion checks that proof shows key with exactly value in the state
// whose root is root. It returns nil, or one of the errors of this package.
// It does not limit the lengths of key and value, and may be called from
// several goroutines.
func VerifyInclusion(root sm3.Hash, key, value, proof []byte) error {
	p, err := Parse(proof)
	if err != nil {
		return err
	}
	if p.Kind != Inclusion {
		return ErrWrongKind
	}
	s := scratches.Get().(*scratch)
	defer scratches.Put(s)

	s.hasher.Sum(key, &s.path)
	s.hasher.Sum(value, &s.valueHash)
	if s.root(&p) != root {
		return ErrRoot
	}
	return nil
}

// VerifyAbsence checks that proof shows that the state whose root is root does
// not hold key, with any value. It returns nil, or one of the errors of this
// package.
//
// The argument: wherever the state holds a second key, a fork stands on the way
// of the other leaf at the first bit at which the two paths part. A path that
// agrees with the other leaf's at every fork on its way, and is not the same,
// therefore belongs to no key of the state.
func VerifyAbsence(root sm3.Hash, key, proof []byte) error {
	p, err := Parse(proof)
	if err != nil {
		return err
	}
	switch p.Kind {
	case AbsenceEmpty:
		if !root.IsZero() {
			return ErrRoot
		}
		return nil
	case AbsenceByLeaf:
	default:
		return ErrWrongKind
	}
	s := scratches.Get().(*scratch)
	defer scratches.Put(s)

	s.hasher.Sum(key, &s.path)
	if s.path == p.Other.Path {
		return ErrSamePath
	}
	for depth := range p.Forks() {
		if Bit(&s.path, depth) != Bit(&p.Other.Path, depth) {
			return ErrOffPath
		}
	}
	s.path, s.valueHash = p.Other.Path, p.Other.ValueHash
	if s.root(&p) != root {
		return ErrRoot
	}
	return nil
}

// Leaf returns SM3(LeafTag ‖ path ‖ valueHash), where valueHash = SM3(value).
func Leaf(path, valueHash sm3.Hash) sm3.Hash {
	s := scratches.Get().(*scratch)
	defer scratches.Put(s)
	s.pair(leafTag, &path, &valueHash)
	return s.node
}

// Fork returns SM3(ForkTag(depth) ‖ left ‖ right), depth 0 to 255.
func Fork(depth int, left, right sm3.Hash) sm3.Hash {
	s := scratches.Get().(*scratch)
	defer scratches.Put(s)
	s.pair(forkTags[depth], &left, &right)
	return s.node
}

// scratch is what one verification works on, kept so that it allocates nothing.
type scratch struct {
	hasher          *sm3.Hasher
	in              [2 * sm3.Size]byte
	path, valueHash sm3.Hash // of the leaf to fold up from
	node            sm3.Hash
}

var scratches = sync.Pool{New: func() any { return &scratch{hasher: sm3.NewHasher()} }}

// root folds the leaf (s.path, s.valueHash) upwards through the forks of p. The
// leaf's own path gives the side at each.
func (s *scratch) root(p *Proof) sm3.Hash {
	s.pair(leafTag, &s.path, &s.valueHash)
	for depth, sibling := range p.Forks() {
		if Bit(&s.path, depth) == 0 {
			s.pair(forkTags[depth], &s.node, sibling)
		} else {
			s.pair(forkTags[depth], sibling, &s.node)
		}
	}
	return s.node
}

// pair sets s.node = SM3(tag ‖ left ‖ right).
func (s *scratch) pair(tag *sm3.Tag, left, right *sm3.Hash) {
	copy(s.in[:sm3.Size], left[:])
	copy(s.in[sm3.Size:], right[:])
	s.hasher.Pair(tag, &s.in, &s.node)
}
