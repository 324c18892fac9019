package light

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/crypto/merkle"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	lightv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/light/v1"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/evidence"
)

// AnchoredLeaf is a leaf of an anchor's tree.
type AnchoredLeaf struct {
	Anchor sm3.Hash // id
	Index  uint64
	evidence.Leaf
}

// leaf verifies a leaf by the record of its anchor, which is among the entries,
// and keeps it.
func (s *State) leaf(b []byte) error {
	f := fields{rest: b}
	id, leaf, proof := f.bytes(1), f.bytes(2), f.bytes(3)
	if err := f.end(); err != nil {
		return fmt.Errorf("%w: %w", ErrBundle, err)
	}
	if len(id) != sm3.Size {
		return fmt.Errorf("%w: the id of an anchor has %d bytes, not %d", ErrBundle, len(id), sm3.Size)
	}
	l := AnchoredLeaf{Anchor: sm3.Hash(id)}
	i, ok := s.find(evidence.AnchorKey(l.Anchor))
	if !ok || s.entries[i].value == nil {
		return fmt.Errorf("%w: a leaf of an anchor that is not proven", ErrBundle)
	}
	anchor, _, err := evidence.Find(s, l.Anchor)
	if err != nil {
		return fmt.Errorf("light: anchor %v: %w", l.Anchor, err)
	}
	content, index, err := anchor.Verify(leaf, proof)
	if err != nil {
		return fmt.Errorf("%w: %w", leafError(err), err)
	}
	l.Leaf, l.Index = *content, index
	if n := len(s.leaves); n > 0 && compareLeaves(&s.leaves[n-1], &l) >= 0 {
		return fmt.Errorf("%w: the leaves are not ascending by anchor and index, each once", ErrBundle)
	}
	s.leaves = append(s.leaves, l)
	return nil
}

// leafError says whether an error of a leaf is one of its form or of its proof.
func leafError(err error) error {
	for _, e := range []error{merkle.ErrRoot, merkle.ErrSize} {
		if errors.Is(err, e) {
			return ErrProof
		}
	}
	return ErrBundle
}

func compareLeaves(a, b *AnchoredLeaf) int {
	if c := bytes.Compare(a.Anchor[:], b.Anchor[:]); c != 0 {
		return c
	}
	switch {
	case a.Index < b.Index:
		return -1
	case a.Index > b.Index:
		return 1
	}
	return 0
}

// Leaves are the leaves of anchors that the bundle proves, ascending by anchor and
// index.
func (s *State) Leaves() []AnchoredLeaf { return s.leaves }

// leafWith returns the first leaf with a content, of an anchor if that is not
// zero. A node has none.
func leafWith(r store.Reader, anchor, content sm3.Hash) (*AnchoredLeaf, error) {
	s, ok := r.(*State)
	if ok {
		for i := range s.leaves {
			if l := &s.leaves[i]; l.Content == content && (anchor.IsZero() || l.Anchor == anchor) {
				return l, nil
			}
		}
	}
	return nil, fmt.Errorf("%w: no leaf has the content %v", ErrUnproven, content)
}

// anchored finds an anchor, and a leaf of it if the claim names a content.
func (v *Verdict) anchored(r store.Reader) error {
	id, content := v.Claim.Anchor, v.Claim.Content
	if id.IsZero() {
		l, err := leafWith(r, id, content)
		if err != nil {
			return err
		}
		id = l.Anchor
	}
	found, ok, err := evidence.Find(r, id)
	if err != nil {
		return err
	}
	if !ok {
		v.decide(false, Reason{}, reasonNoAnchor.with(id.String()))
		return nil
	}
	v.Evidence, v.Anchor = found, id
	yes := reasonAnchored
	if !content.IsZero() {
		if v.Leaf, err = leafWith(r, id, content); err != nil {
			return err
		}
		yes = reasonContent
	}
	v.decide(true, yes.with("recorded "+found.Time.Format(time.RFC3339)), Reason{})
	return nil
}

// AddLeaf adds a leaf of an anchor, and the proof that it is one (docs/formats.md,
// sections 8 and 19), to a bundle that proves the anchor. What a node gives proves
// an anchor; what is under it, the node does not have. The leaf is verified by the
// anchor's record in the bundle; whether that is of the ledger, Verify says. A
// leaf that the bundle has already changes nothing.
func AddLeaf(bundle []byte, anchor sm3.Hash, leaf, proof []byte) ([]byte, error) {
	m := new(lightv1.Bundle)
	if err := (proto.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(bundle, m); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBundle, err)
	}
	if again, err := marshal(m); err != nil || !bytes.Equal(again, bundle) {
		return nil, fmt.Errorf("%w: %w", ErrBundle, errCanonical)
	}
	record, err := anchorIn(m, anchor)
	if err != nil {
		return nil, err
	}
	_, index, err := record.Verify(leaf, proof)
	if err != nil {
		return nil, fmt.Errorf("light: it is no leaf of anchor %v: %w", anchor, err)
	}
	at := 0
	for ; at < len(m.Leaves); at++ {
		other, err := placeOf(m.Leaves[at])
		if err != nil {
			return nil, err
		}
		c := compareLeaves(other, &AnchoredLeaf{Anchor: anchor, Index: index})
		if c == 0 {
			return bundle, nil
		}
		if c > 0 {
			break
		}
	}
	added := &lightv1.AnchoredLeaf{Anchor: anchor[:], Leaf: leaf, Proof: proof}
	m.Leaves = append(m.Leaves[:at], append([]*lightv1.AnchoredLeaf{added}, m.Leaves[at:]...)...)
	return marshal(m)
}

// anchorIn returns the record of an anchor that a bundle has.
func anchorIn(m *lightv1.Bundle, anchor sm3.Hash) (*evidence.Record, error) {
	key := evidence.AnchorKey(anchor)
	for _, e := range m.Entries {
		if bytes.Equal(e.Key, key) && e.Value != nil {
			r, err := evidence.DecodeRecord(e.Value)
			if err == nil && r.ID() != anchor {
				err = fmt.Errorf("it is %v", r.ID())
			}
			if err != nil {
				return nil, fmt.Errorf("light: anchor %v: %w", anchor, err)
			}
			return r, nil
		}
	}
	return nil, fmt.Errorf("%w: anchor %v", ErrUnproven, anchor)
}

// placeOf returns where a leaf stands among others.
func placeOf(m *lightv1.AnchoredLeaf) (*AnchoredLeaf, error) {
	p, err := merkle.DecodeInclusion(m.Proof)
	if err != nil || len(m.Anchor) != sm3.Size {
		return nil, fmt.Errorf("%w: a leaf that is none", ErrBundle)
	}
	return &AnchoredLeaf{Anchor: sm3.Hash(m.Anchor), Index: p.Index}, nil
}
