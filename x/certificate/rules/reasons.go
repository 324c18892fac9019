package rules

import (
	"slices"

	"github.com/hallmark-ledger/hallmark/x/civil"
)

// Reason is a reason code of one action in one family.
type Reason struct {
	Code string
	Text
	// BarMonths is how long the holder is barred at every body after this.
	BarMonths int
	// Grounds says why it bars or does not.
	Grounds string
	// Reserved marks a reason that is never given by hand: it belongs to a
	// renewal, a transfer or a lapse.
	Reserved bool
}

// Reasons returns the reason codes of a status in the family, in the order of
// their codes; none for a status without.
func (r *Rules) Reasons(s Status) []Reason {
	switch s {
	case Suspended:
		return r.suspension
	case Revoked:
		return r.revocation
	case Cancelled:
		return r.cancellation
	default:
		return nil
	}
}

// Reason returns the reason of a status with a code.
func (r *Rules) Reason(s Status, code string) (Reason, bool) {
	list := r.Reasons(s)
	i := slices.IndexFunc(list, func(e Reason) bool { return e.Code == code })
	if i < 0 {
		return Reason{}, false
	}
	return list[i], true
}

// CheckReason refuses a reason code that may not be given for an action, Suspend,
// Revoke or Cancel, in a family. No other action is given one.
func CheckReason(f Family, a Action, code string) error {
	var s Status
	switch a {
	case Suspend:
		s = Suspended
	case Revoke:
		s = Revoked
	case Cancel:
		s = Cancelled
	default:
		if code != "" {
			return CodeReason.Refuse("%v has no reason code, %q was given", a, code)
		}
		return nil
	}
	reason, ok := f.Rules().Reason(s, code)
	if !ok {
		return CodeReason.Refuse("%q is not a reason to %v in %v", code, a, f)
	}
	if reason.Reserved {
		return CodeReason.Refuse("%s is kept for renewals, transfers and lapses", code)
	}
	return nil
}

// checkStatusReason refuses a reason that does not belong to a status. A status
// that the family has no codes for, which only an import can state, has none.
func (r *Rules) checkStatusReason(s Status, code string) error {
	if len(r.Reasons(s)) == 0 {
		if code != "" {
			return CodeReason.Refuse("%v has no reason code, %q was given", s, code)
		}
		return nil
	}
	if _, ok := r.Reason(s, code); !ok {
		return CodeReason.Refuse("%q is not a reason of %v", code, s)
	}
	return nil
}

// BarredUntil returns the last day on which the holder of a certificate that was
// closed for a reason is barred at every body; none if it bars nobody. By Civil
// Code art. 201 and 202 the period begins after the day of the decision and ends
// with the day of the same number.
func BarredUntil(f Family, s Status, reason string, decided civil.Date) civil.Date {
	r, ok := f.Rules().Reason(s, reason)
	if !ok || r.BarMonths == 0 || !decided.Valid() {
		return 0
	}
	return decided.AddMonths(r.BarMonths)
}

// BarScope says what a bar is about: the holder of a certificate with this item
// code and number is barred from certificates with the same scope.
//
//	management system   the field, as A01: its items are versions of one standard
//	CCC                 item and product category of the number, as B01/0907
//	other               the item code
//
// A manufacturer that has lost one product's certificate is not kept from
// certifying its others.
func BarScope(f Family, item, number string) string {
	switch {
	case f == ManagementSystem && len(item) >= 3:
		return item[:3]
	case f == CCC && len(number) == 16:
		return item + "/" + number[6:10]
	}
	return item
}
