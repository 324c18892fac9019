package trace

import (
	"errors"
	"fmt"
	"slices"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

var chainTag = sm3.NewTag(sm3.TagBlock("hallmark/trace/v1"))

// Fold returns the head of a chain after one more entry:
//
//	SM3(tag block "hallmark/trace/v1" ‖ head ‖ SM3(entry))
func Fold(head sm3.Hash, entry []byte) (next sm3.Hash) {
	h, in := sm3.NewHasher(), [2 * sm3.Size]byte{}
	digest := sm3.Sum(entry)
	copy(in[:], head[:])
	copy(in[sm3.Size:], digest[:])
	h.Pair(chainTag, &in, &next)
	return next
}

// with returns the record after an entry, whose encoding is given; it shares
// nothing with p that it changes. The record before the first entry is nil. The
// error says why the entry cannot follow.
func (p *Product) with(e *Entry, encoding []byte) (*Product, error) {
	var next Product
	switch {
	case p == nil && e.Registered != nil:
		next = *e.Registered
	case p == nil || e.Registered != nil:
		return nil, errors.New("the first entry is the registration, and no other")
	default:
		next = *p
	}
	if next.Entries+1 != e.N {
		return nil, fmt.Errorf("entry %d comes after %d entries", e.N, next.Entries)
	}
	if err := next.change(e); err != nil {
		return nil, err
	}
	next.Entries, next.Head = e.N, Fold(next.Head, encoding)
	return &next, nil
}

// change does what an entry says of the record beside the chain.
func (p *Product) change(e *Entry) error {
	switch {
	case e.Certificates != nil:
		list := slices.Clone(p.Certificates)
		for _, ref := range e.Certificates.Remove {
			i := slices.Index(list, ref)
			if i < 0 {
				return fmt.Errorf("%s/%s is not linked", ref.Issuer, ref.Number)
			}
			list = slices.Delete(list, i, i+1)
		}
		for _, ref := range e.Certificates.Add {
			if slices.Contains(p.Certificates, ref) {
				return fmt.Errorf("%s/%s was linked already", ref.Issuer, ref.Number)
			}
			list = append(list, ref)
		}
		p.Certificates = list
		return checkRefs(list)
	case e.Reporters != nil:
		p.Reporters = e.Reporters.Reporters
		return checkReporters(p.Reporters, p.Owner)
	case e.Recall != nil:
		p.Recalls = append(slices.Clone(p.Recalls), e.N)
	case e.Lift != nil:
		i := slices.Index(p.Recalls, e.Lift.Recall)
		if i < 0 {
			return fmt.Errorf("entry %d is no recall that stands", e.Lift.Recall)
		}
		p.Recalls = slices.Delete(slices.Clone(p.Recalls), i, i+1)
	}
	return nil
}
