package rules

import (
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// MaxHeadSize is the most bytes that an encoded Head has, so that a QR code can
// carry it.
const MaxHeadSize = 256

// Head is a certificate without its text.
type Head struct {
	Ref
	Scheme string // item code, as A010101
	Holder string // see CheckHolder
	// FirstIssued is the day on which the holder first had such a certificate.
	FirstIssued civil.Date
	// Version counts the texts from 1; every amendment and erratum of the text
	// adds one.
	Version uint32
	// Records is the number of records in the history, at least 1: the last has
	// this n.
	Records uint32
	// Details is SM3 of the encoded Details.
	Details sm3.Hash
	Standing
}

// Ref names a certificate: who issued it, and its number there.
type Ref struct {
	Issuer string // approval number, as CNCA-R-2002-001
	Number string
}

// IsZero reports whether r names none.
func (r Ref) IsZero() bool { return r == Ref{} }

func (r Ref) String() string { return r.Issuer + "/" + r.Number }

// Check reports how the parts of h break the rules, as a refusal.
func (h *Head) Check() error {
	if err := h.Ref.Check(); err != nil {
		return err
	}
	family, ok := FamilyOf(h.Scheme)
	if !ok {
		return CodeScheme.Refuse("%q", h.Scheme)
	}
	if family != h.Family {
		return CodeHead.Refuse("%s is of family %v, not %v", h.Scheme, family, h.Family)
	}
	if err := CheckNumber(family, h.Ref, h.Issued); err != nil {
		return err
	}
	if err := CheckHolder(h.Holder); err != nil {
		return err
	}
	switch {
	case !h.FirstIssued.Valid():
		return CodeDate.Refuse("first issue")
	case h.FirstIssued > h.Issued:
		return CodeDateOrder.Refuse("first issued on %v, issued on %v", h.FirstIssued, h.Issued)
	case h.Version == 0 || h.Records == 0 || h.Version > h.Records:
		return CodeHead.Refuse("version %d after %d records", h.Version, h.Records)
	case h.Details.IsZero():
		return CodeHead.Refuse("no digest of the details")
	}
	return h.Standing.Check()
}

// Check reports how the parts of s break the rules, as a refusal.
func (s *Standing) Check() error {
	if !s.Family.Known() {
		return CodeScheme.Refuse("family %d", s.Family)
	}
	if !s.Status.Known() {
		return CodeAction.Refuse("status %d", s.Status)
	}
	for _, d := range []struct {
		name string
		date civil.Date
		need bool
	}{
		{"since", s.Since, true},
		{"issued", s.Issued, true},
		{"expires", s.Expires, true},
		{"suspended from", s.SuspendedFrom, s.Status == Suspended},
		{"suspended until", s.SuspendedUntil, s.Status == Suspended},
		{"order due", s.OrderDue, s.OrderDue != 0},
	} {
		if d.need != d.date.Valid() || !d.need && d.date != 0 {
			return CodeDate.Refuse("%s: %v", d.name, d.date)
		}
	}
	switch {
	case s.Expires < s.Issued:
		return CodeDateOrder.Refuse("issued on %v, expires on %v", s.Issued, s.Expires)
	case s.SuspendedUntil < s.SuspendedFrom:
		return CodeDateOrder.Refuse("suspended from %v until %v", s.SuspendedFrom, s.SuspendedUntil)
	case s.Flags&^StoredFlags != 0:
		return CodeHead.Refuse("flags %x", uint32(s.Flags))
	case s.Flags&FlagOverdue != 0 && s.Status != Suspended:
		return CodeHead.Refuse("overdue, but %v", s.Status)
	case s.Flags&FlagReplaced != 0 && !s.Status.Final():
		return CodeHead.Refuse("replaced, but %v", s.Status)
	}
	return s.Family.Rules().checkStatusReason(s.Status, s.Reason)
}
