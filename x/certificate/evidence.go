package certificate

import (
	"slices"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
)

// groundsOf returns the evidence that a record rests on: what its decision names,
// and what the text after it names that the text before did not.
func groundsOf(r *rules.Record, before, after *rules.Details) []sm3.Hash {
	list := slices.Clone(r.Evidence)
	if after == nil {
		return list
	}
	for _, e := range after.Evidence {
		if !slices.Contains(list, e) && (before == nil || !slices.Contains(before.Evidence, e)) {
			list = append(list, e)
		}
	}
	return list
}

// rest indexes the evidence that the record of s rests on, and refuses evidence
// that is not anchored.
func (m *Module) rest(rw store.ReadWriter, s *step) error {
	for _, e := range groundsOf(&s.record, s.oldText, s.text) {
		ok, err := m.evidence.Anchored(rw, e)
		if err != nil {
			return err
		}
		if !ok {
			return codeEvidence.Refuse("%v", e)
		}
		if err := grounds.Set(rw, ground{e, numbered{s.after.Ref, s.record.N}}, struct{}{}); err != nil {
			return err
		}
	}
	return nil
}

// evidence calls f for all that c rests on, with the number of the record.
func (c *certificate) evidence(f func(e sm3.Hash, n uint32) error) error {
	var before *rules.Details
	for _, r := range c.records {
		after := c.details
		if i := int(r.After.Version) - 1; i < len(c.formers) {
			after = c.formers[i]
		}
		for _, e := range groundsOf(r, before, after) {
			if err := f(e, r.N); err != nil {
				return err
			}
		}
		before = after
	}
	return nil
}

// ground writes what c rests on.
func (c *certificate) ground(w store.Writer) error {
	return c.evidence(func(e sm3.Hash, n uint32) error {
		return grounds.Set(w, ground{e, numbered{c.ref, n}}, struct{}{})
	})
}

// checkGrounds holds what c rests on against what is anchored in r.
func (m *Module) checkGrounds(r store.Reader, c *certificate) error {
	return c.evidence(func(e sm3.Hash, n uint32) error {
		ok, err := m.evidence.Anchored(r, e)
		if err == nil && !ok {
			err = corrupt("record %d of %v rests on evidence %v, which is not anchored", n, c.ref, e)
		}
		return err
	})
}

// Decision is a record of a certificate.
type Decision struct {
	Certificate rules.Ref
	Record      uint32
}

// Decisions returns up to limit records that rest on an anchor of evidence, after
// one of them (the zero Decision: from the first).
func Decisions(r store.Reader, anchor sm3.Hash, after Decision, limit int) (list []Decision, err error) {
	part := store.AppendHash(nil, anchor)
	var start []byte
	if after != (Decision{}) {
		start = groundKey.AppendKey(nil, ground{anchor, numbered{after.Certificate, after.Record}})
	}
	err = grounds.ScanPart(r, part, start, func(k ground, _ struct{}) (bool, error) {
		if d := (Decision{k.ref, k.n}); len(list) < limit && d != after {
			list = append(list, d)
		}
		return len(list) < limit, nil
	})
	return list, err
}
