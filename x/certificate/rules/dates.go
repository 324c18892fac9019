package rules

import "github.com/hallmark-ledger/hallmark/x/civil"

// CheckDecided refuses a decision date that is none, after today, or before the
// decision that came before (none for the first).
func CheckDecided(decided, today, before civil.Date) error {
	switch {
	case !decided.Valid():
		return CodeDate.Refuse("decided: %v", decided)
	case decided > today:
		return CodeFuture.Refuse("decided on %v, today is %v", decided, today)
	case decided < before:
		return CodeDateOrder.Refuse("decided on %v, the last act on %v", decided, before)
	}
	return nil
}

// AheadMonths is how far ahead a decision may reach: a certificate is issued at
// most so long after it, and a new cycle is counted from the last day of the old
// certificate only if that lies at most so long after the issue. Otherwise
// certificates dated ahead, or renewed on the day of their issue and again, would
// be valid for any time that the family does not allow.
const AheadMonths = 6

// CheckValidity refuses dates of a certificate that contradict each other or its
// decision, or exceed what the family allows. before is the last day of the
// certificate that it renews, none otherwise: a new cycle may be counted from
// there (ISO/IEC 17021-1, 9.6.3.2), if it is near.
//
// A certificate is not issued before it is decided. That it has not run out
// already is for the handler, since one may be imported.
func CheckValidity(f Family, decided, first, issued, expires, before civil.Date) error {
	if !first.Valid() || !issued.Valid() || !expires.Valid() {
		return CodeDate.Refuse("first issued %v, issued %v, expires %v", first, issued, expires)
	}
	switch {
	case first > issued:
		return CodeDateOrder.Refuse("first issued on %v, issued on %v", first, issued)
	case issued > expires:
		return CodeDateOrder.Refuse("issued on %v, expires on %v", issued, expires)
	case issued < decided:
		return CodeDateOrder.Refuse("issued on %v, decided on %v", issued, decided)
	case issued > decided.AddMonths(AheadMonths):
		return CodeValidity.Refuse("issued on %v, decided on %v, at the latest %v", issued, decided, decided.AddMonths(AheadMonths))
	}
	if before > issued.AddMonths(AheadMonths) {
		before = 0
	}
	months := f.Rules().ValidityMonths
	if last := max(issued, before).AddMonths(months); months > 0 && expires > last {
		return CodeValidity.Refuse("issued on %v, expires on %v, at the latest %v", issued, expires, last)
	}
	return nil
}

// CheckSuspension refuses a suspension that does not begin between its decision
// and today, ends before it begins or before today, or exceeds what the family
// allows.
func CheckSuspension(f Family, decided, from, until, today civil.Date) error {
	if !from.Valid() || !until.Valid() {
		return CodeDate.Refuse("suspended from %v until %v", from, until)
	}
	switch {
	case from < decided:
		return CodeDateOrder.Refuse("suspended from %v, decided on %v", from, decided)
	case from > today:
		return CodeFuture.Refuse("suspended from %v, today is %v", from, today)
	case until < from || until < today:
		return CodeDateOrder.Refuse("suspended from %v until %v, today is %v", from, until, today)
	}
	if last := from.AddMonths(f.Rules().SuspensionMonths); until > last {
		return CodeSuspension.Refuse("suspended from %v until %v, at the latest %v", from, until, last)
	}
	return nil
}

// CheckReinstatement refuses to reinstate a certificate whose suspension has
// ended unresolved today: the body must revoke it.
func CheckReinstatement(s Standing, today civil.Date) error {
	if e := EffectiveOn(s, today, Facts{}); e.Flags&FlagOverdue != 0 {
		return CodeSuspensionUp.Refuse("suspended until %v, today is %v", s.SuspendedUntil, today)
	}
	return nil
}
