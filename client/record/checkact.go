package record

import (
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// checkAct checks what the action asks of its fields.
func (r *Record) checkAct(issuer string, today civil.Date) *Fault {
	switch a := r.Action; {
	case a == rules.Import:
		return r.checkImport(issuer, today)
	case makes.has(a):
		return r.checkNew(issuer, today)
	case a == rules.Suspend:
		return r.checkSuspend(today)
	case a == rules.Revoke || a == rules.Cancel:
		return refuse("reason", anyFamily(func(f rules.Family) error { return rules.CheckReason(f, a, r.Reason) }))
	case a.Amends():
		return r.checkAmend(issuer)
	case a == rules.Correct:
		return r.checkCorrect(issuer)
	case a == rules.Order && r.Due < today:
		f := problem("it has passed: today is %v", "已经过去：今天是 %v", today)
		f.Field = "due"
		return f
	}
	return nil
}

// anyFamily returns nil if a check passes for some family: which one an existing
// certificate is of, only the ledger knows. Else it is the first one's refusal.
func anyFamily(check func(rules.Family) error) (err error) {
	for _, f := range rules.Families {
		e := check(f)
		if e == nil {
			return nil
		}
		if err == nil {
			err = e
		}
	}
	return err
}

func (r *Record) checkSuspend(today civil.Date) *Fault {
	err := anyFamily(func(f rules.Family) error { return rules.CheckReason(f, rules.Suspend, r.Reason) })
	if err != nil {
		return refuse("reason", err)
	}
	from := r.SuspendedFrom
	if from == 0 {
		from = r.Decided
	}
	// The longest suspension is of twelve months.
	return refuse("suspended_until", rules.CheckSuspension(rules.CCC, r.Decided, from, r.SuspendedUntil, today))
}

// checkIdentity checks what all new certificates have, and returns their family.
func (r *Record) checkIdentity(issuer string) (rules.Family, *Fault) {
	family, ok := rules.FamilyOf(r.Scheme)
	if !ok {
		return 0, refusalOf("scheme", rules.CodeScheme.Refuse("%.20q", r.Scheme))
	}
	ref := r.self(issuer)
	if f := refuse("number", rules.CheckNumber(family, ref, r.Issued)); f != nil {
		return 0, f
	}
	if f := refuse("holder", rules.CheckHolder(r.Holder)); f != nil {
		return 0, f
	}
	return family, refuse("details", r.Details.Check(family, ref))
}

// self is the certificate that the record is about, by its full name.
func (r *Record) self(issuer string) rules.Ref {
	ref := r.Ref()
	if ref.Issuer == "" {
		ref.Issuer = issuer
	}
	return ref
}

func (r *Record) checkNew(issuer string, today civil.Date) *Fault {
	first, before := r.FirstIssued, civil.Date(0)
	if r.Action != rules.Issue && first == 0 {
		first = r.Issued // the old certificate's is taken over
	}
	if r.Action == rules.Renew {
		before = r.Expires // the new cycle may count from the end of the old one
	}
	family, fault := r.checkIdentity(issuer)
	if fault != nil {
		return fault
	}
	if f := refuse("expires", rules.CheckValidity(family, r.Decided, first, r.Issued, r.Expires, before)); f != nil {
		return f
	}
	if r.Expires < today {
		f := problem("the certificate has run out: today is %v", "证书已届满：今天是 %v", today)
		f.Field = "expires"
		return f
	}
	if r.Action != rules.Issue && r.Issued > today {
		f := problem("the new certificate is issued today at the latest, %v, so that there is no gap", "新证书最迟于今天（%v）发证，以免中断", today)
		f.Field = "issued"
		return f
	}
	if r.Action == rules.Renew {
		return refuse("reissue_reason", rules.CheckReissueReason(r.Action, r.ReissueReason))
	}
	return nil
}

func (r *Record) checkAmend(issuer string) *Fault {
	err := anyFamily(func(f rules.Family) error { return rules.CheckChangeType(f, r.Action, r.ChangeType) })
	if err != nil {
		return refuse("change_type", err)
	}
	if f := refuse("reissue_reason", rules.CheckReissueReason(r.Action, r.ReissueReason)); f != nil {
		return f
	}
	if r.Holder != "" {
		if f := refuse("holder", rules.CheckHolder(r.Holder)); f != nil {
			return f
		}
	}
	return refuse("details", r.checkText(issuer))
}

// checkText checks the whole text of an existing certificate, which is one of a
// product if it says things that only products have.
func (r *Record) checkText(issuer string) error {
	family := rules.ManagementSystem
	if d := &r.Details; d.Producer != (rules.Party{}) || d.Factory != (rules.Party{}) || len(d.Models) > 0 || len(d.GTINs) > 0 {
		family = rules.VoluntaryProduct
	}
	return r.Details.Check(family, r.self(issuer))
}

func (r *Record) checkCorrect(issuer string) *Fault {
	if r.Scheme != "" {
		if _, ok := rules.FamilyOf(r.Scheme); !ok {
			return refusalOf("scheme", rules.CodeScheme.Refuse("%.20q", r.Scheme))
		}
	}
	if r.Holder != "" {
		if f := refuse("holder", rules.CheckHolder(r.Holder)); f != nil {
			return f
		}
	}
	text := detailsToProto(&r.Details) != nil
	if text {
		return refuse("details", r.checkText(issuer))
	}
	if r.Scheme == "" && r.Holder == "" && r.FirstIssued == 0 && r.Issued == 0 && r.Expires == 0 {
		return &Fault{Text: about("nothing is corrected: give what is to be different", "没有任何更正内容：请填写应更正的内容")}
	}
	return nil
}

// checkImport follows what the ledger does with an import: it states a standing,
// then past decisions change it.
func (r *Record) checkImport(issuer string, today civil.Date) *Fault {
	family, fault := r.checkIdentity(issuer)
	if fault != nil {
		return fault
	}
	if r.FirstIssued > r.Issued {
		return refusalOf("first_issued", rules.CodeDateOrder.Refuse("first issued on %v, issued on %v", r.FirstIssued, r.Issued))
	}
	if r.Issued > today {
		return refusalOf("issued", rules.CodeFuture.Refuse("issued on %v, today is %v", r.Issued, today))
	}
	s := rules.Standing{
		Family: family, Status: r.Status, Reason: r.Reason, Since: r.Decided, Issued: r.Issued, Expires: r.Expires,
		SuspendedFrom: r.SuspendedFrom, SuspendedUntil: r.SuspendedUntil, Flags: rules.FlagImported,
	}
	if f := refuse("status", s.Check()); f != nil {
		return f
	}
	if f := refuse("reissue_reason", rules.CheckReissueReason(rules.Import, r.ReissueReason)); f != nil {
		return f
	}
	if len(r.Decisions) > maxDecisions {
		return refusalOf("decisions", rules.CodeCount.Refuse("%d past decisions, at most %d", len(r.Decisions), maxDecisions))
	}
	before := r.Decided
	for _, d := range r.Decisions {
		var err error
		if s, err = past(s, d, today, before); err != nil {
			return refusalOf("decisions", err)
		}
		before = d.Decided
	}
	return nil
}

// past is a standing after a past decision.
func past(s rules.Standing, d Decision, today, before civil.Date) (rules.Standing, error) {
	if err := rules.CheckDecided(d.Decided, today, before); err != nil {
		return s, err
	}
	status := rules.EffectiveOn(s, d.Decided, rules.Facts{}).Status
	if _, code := rules.Next(s.Family, status, d.Action); code != nil {
		return s, code.Refuse("%v on %v, when it was %v", d.Action, d.Decided, status)
	}
	if err := rules.CheckReason(s.Family, d.Action, d.Reason); err != nil {
		return s, err
	}
	switch d.Action {
	case rules.Suspend:
		from := d.SuspendedFrom
		if from == 0 {
			from = d.Decided
		}
		s = s.Suspend(d.Reason, d.Decided, from, d.SuspendedUntil)
	case rules.Reinstate:
		s = s.Reinstate(d.Decided)
	case rules.Revoke:
		s = s.Close(rules.Revoked, d.Reason, d.Decided)
	default:
		s = s.Close(rules.Cancelled, d.Reason, d.Decided)
	}
	return s, s.Check()
}
