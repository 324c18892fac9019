package member

import (
	"fmt"
	"testing"
	"time"

	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
)

const cnasApprover = "cnas/approver/approver"

func (l *ledger) covers(scheme, on string, want bool) {
	l.Helper()
	got, err := l.Covers(l.state, "cqc", scheme, date(on))
	l.must(err)
	if got != want {
		l.Errorf("approved for %s on %s: %v", scheme, on, got)
	}
}

func (l *ledger) accredited(scheme, on string, want bool) {
	l.Helper()
	got, err := l.Accredited(l.state, "cqc", "01", scheme, date(on))
	l.must(err)
	if got != want {
		l.Errorf("accredited for %s on %s: %v", scheme, on, got)
	}
}

func approve(from, until string, schemes ...string) *memberv1.ApproveSchemes {
	return &memberv1.ApproveSchemes{Body: "cqc", Schemes: schemes, From: int32(date(from)), Until: int32(date(until))}
}

func TestApprovals(t *testing.T) {
	l := newLedger(t) // 2017-06-01
	l.covers("A010101", "2017-06-01", false)
	l.must(govern(l, l.ApplyApproveSchemes, approve("2002-01-01", "2018-12-31", "A01", "A020101", "CCC", "07")))
	l.emitted(EventApproved, AttrMember, "cqc", AttrGrant, "1")
	for scheme, want := range map[string]bool{
		"A010101": true, "A0101": true, "A01": true, "A": false, "A020101": true, "A020102": false, "A0201": false, "A030102": false,
		"B010101": false, "CCC": true, "CCC0702": true, "CCC07": true, "CC07": false, "0702": true, "0802": false,
		"": false, "A0": false, "a010101": false, "A01\x0001": false, "A01010101": false, "A01 0101": false,
	} {
		l.covers(scheme, "2017-06-01", want)
	}
	l.covers("A010101", "2001-12-31", false)
	l.covers("A010101", "2002-01-01", true)
	l.covers("A010101", "2018-12-31", true)
	l.covers("A010101", "2019-01-01", false)
	if ok, _ := l.Covers(l.state, "cqm", "A010101", date("2017-06-01")); ok {
		t.Error("another body is approved")
	}
	if ok, _ := l.Covers(l.state, "nobody", "A010101", date("2017-06-01")); ok {
		t.Error("nobody is approved")
	}
	if ok, _ := l.Accredited(l.state, "cqc", "", "A010101", date("2017-06-01")); ok {
		t.Error("an approval is an accreditation")
	}
	if ok, _ := l.Accredited(l.state, "cqc", "01", "A010101", date("2017-06-01")); ok {
		t.Error("an approval is an accreditation")
	}

	// A restriction takes a part out from its day on.
	restrict := func(n uint64, schemes ...string) error {
		return govern(l, l.ApplyRestrictApproval, &memberv1.RestrictApproval{Body: "cqc", Grant: n, Schemes: schemes, Reason: "r"})
	}
	l.later(10 * 24 * time.Hour)
	l.refused(restrict(1, "A03"), &codeNotInGrant)
	l.refused(restrict(1, "A02"), &codeNotInGrant) // broader than what is approved
	l.refused(restrict(2, "A01"), &codeUnknownGrant)
	l.refused(restrict(0, "A01"), &codeUnknownGrant)
	l.refused(restrict(1), &codeMalformed)
	l.refused(restrict(1, "A0"), &codeMalformed)
	l.refused(govern(l, l.ApplyRestrictApproval, &memberv1.RestrictApproval{Body: "cqc", Grant: 1, Schemes: []string{"A01"}}), &codeMalformed)
	l.refused(govern(l, l.ApplyRestrictApproval, &memberv1.RestrictApproval{Body: "nobody", Grant: 1, Schemes: []string{"A01"}, Reason: "r"}), &codeUnknownMember)
	l.must(restrict(1, "A0101"))
	l.emitted(EventApprovalRestricted, AttrMember, "cqc", AttrGrant, "1")
	l.refused(restrict(1, "A010101"), &codeNotInGrant)
	l.covers("A010101", "2017-06-10", true)
	l.covers("A010101", "2017-06-11", false)
	l.covers("A010201", "2017-06-11", true)
	// Approved again, beside it.
	l.must(govern(l, l.ApplyApproveSchemes, approve("2017-06-11", "2020-01-01", "A010101")))
	l.covers("A010101", "2017-06-11", true)
	l.covers("A010102", "2017-06-11", false)

	revoke := func(n uint64) error {
		return govern(l, l.ApplyRevokeApproval, &memberv1.RevokeApproval{Body: "cqc", Grant: n, Reason: "r"})
	}
	l.later(10 * 24 * time.Hour)
	l.refused(revoke(3), &codeUnknownGrant)
	l.refused(govern(l, l.ApplyRevokeApproval, &memberv1.RevokeApproval{Body: "cqc", Grant: 1}), &codeMalformed)
	l.must(revoke(1))
	l.emitted(EventApprovalRevoked, AttrMember, "cqc", AttrGrant, "1")
	l.refused(revoke(1), &codeGrantState)
	l.refused(restrict(1, "A01"), &codeNotInGrant)
	l.covers("A010201", "2017-06-20", true) // the past stays
	l.covers("A010201", "2017-06-21", false)
	l.covers("A010101", "2017-06-21", true)

	// Removed, it is approved for nothing from that day on.
	l.later(10 * 24 * time.Hour)
	l.must(steps(l, "cqc")[ChangeRemove]())
	l.later(10 * 24 * time.Hour)
	l.must(steps(l, "cqc")[ChangeCaretaker]())
	l.covers("A010101", "2017-06-30", true)
	l.covers("A010101", "2017-07-01", false)
	l.refused(govern(l, l.ApplyApproveSchemes, approve("2017-06-11", "2020-01-01", "A010101")), &codeStanding)
}

func TestApproveSchemesRefused(t *testing.T) {
	l := newLedger(t)
	for i, a := range []*memberv1.ApproveSchemes{
		{Body: "CQC", Schemes: []string{"A01"}, From: 1, Until: 2},
		{Body: "cqc", From: 1, Until: 2},
		{Body: "cqc", Schemes: []string{"A01", "A01"}, From: 1, Until: 2},
		{Body: "cqc", Schemes: []string{"A01", ""}, From: 1, Until: 2},
		{Body: "cqc", Schemes: make([]string, 101), From: 1, Until: 2},
		{Body: "cqc", Schemes: []string{"A01"}, From: 2, Until: 1},
		{Body: "cqc", Schemes: []string{"A01"}, From: 0, Until: 1},
		{Body: "cqc", Schemes: []string{"A01"}, From: 1, Until: 1 << 30},
		{Body: "cqc", Schemes: []string{"A01"}, From: -5, Until: 1},
	} {
		if err := govern(l, l.ApplyApproveSchemes, a); !codeMalformed.Is(err) {
			t.Errorf("%d: %v", i, err)
		}
	}
	l.refused(govern(l, l.ApplyApproveSchemes, &memberv1.ApproveSchemes{Body: "lab", Schemes: []string{"A01"}, From: 1, Until: 2}), &codeNotABody)
	l.refused(govern(l, l.ApplyApproveSchemes, &memberv1.ApproveSchemes{Body: "nobody", Schemes: []string{"A01"}, From: 1, Until: 2}), &codeUnknownMember)
	var err error
	n := 0
	for ; err == nil; n++ {
		err = govern(l, l.ApplyApproveSchemes, &memberv1.ApproveSchemes{Body: "cqc", Schemes: []string{"A01"}, From: 1, Until: 2})
	}
	l.refused(err, &codeTooManyGrants)
	if n != maxGrants+1 {
		t.Errorf("%d approvals of one scheme", n-1)
	}
}

func TestAccreditations(t *testing.T) {
	l := newLedger(t)
	message := func(f func(*memberv1.Accredit)) *memberv1.Accredit {
		m := &memberv1.Accredit{Body: "cqc", Mark: "01", Number: "CNAS C001-M", Schemes: []string{"A01"}, From: int32(date("2017-01-01")), Until: int32(date("2017-12-31"))}
		f(m)
		return m
	}
	give := func(f func(*memberv1.Accredit)) error { return do(l, "cnas", cnasApprover, l.Accredit, message(f)) }
	for name, f := range map[string]func(*memberv1.Accredit){
		"body": func(m *memberv1.Accredit) { m.Body = "" }, "no number": func(m *memberv1.Accredit) { m.Number = "" },
		"schemes": func(m *memberv1.Accredit) { m.Schemes = nil }, "from": func(m *memberv1.Accredit) { m.From = 0 },
	} {
		if err := give(f); !codeMalformed.Is(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	l.refused(give(func(m *memberv1.Accredit) { m.Mark = "02" }), &codeMark)
	l.refused(give(func(m *memberv1.Accredit) { m.Mark = "" }), &codeMark)
	l.refused(give(func(m *memberv1.Accredit) { m.Body = "maker" }), &codeNotABody)
	l.refused(give(func(m *memberv1.Accredit) { m.Body = "nobody" }), &codeUnknownMember)
	l.must(give(func(m *memberv1.Accredit) {}))
	l.emitted(EventAccredited, AttrMember, "cqc", AttrGrant, "1", AttrMark, "01", AttrBy, "cnas")
	l.must(give(func(m *memberv1.Accredit) { m.Body = "lab" }))
	l.accredited("A010101", "2016-12-31", false)
	l.accredited("A010101", "2017-06-01", true)
	l.accredited("A020101", "2017-06-01", false)
	l.covers("A010101", "2017-06-01", false)

	act := func(kind StepKind, actor, signer string, n uint64) error {
		switch kind {
		case StepSuspend:
			return do(l, actor, signer, l.SuspendAccreditation, &memberv1.SuspendAccreditation{Body: "cqc", Grant: n, Reason: "r"})
		case StepReinstate:
			return do(l, actor, signer, l.ReinstateAccreditation, &memberv1.ReinstateAccreditation{Body: "cqc", Grant: n, Reason: "r"})
		}
		return do(l, actor, signer, l.WithdrawAccreditation, &memberv1.WithdrawAccreditation{Body: "cqc", Grant: n, Reason: "r"})
	}
	// Every (state, step).
	day := 24 * time.Hour
	l.later(10 * day) // 06-11
	l.refused(act(StepReinstate, "cnas", cnasApprover, 1), &codeGrantState)
	l.refused(act(StepSuspend, "ukas", "ukas/approver/approver", 1), &codeNotGranter)
	l.refused(act(StepSuspend, "cnas", cnasApprover, 2), &codeUnknownGrant)
	l.refused(do(l, "cnas", cnasApprover, l.SuspendAccreditation, &memberv1.SuspendAccreditation{Body: "cqc", Grant: 1}), &codeMalformed)
	l.refused(do(l, "cnas", cnasApprover, l.ReinstateAccreditation, &memberv1.ReinstateAccreditation{Grant: 1, Reason: "r"}), &codeMalformed)
	l.refused(do(l, "cnas", cnasApprover, l.WithdrawAccreditation, &memberv1.WithdrawAccreditation{Grant: 1, Reason: "r"}), &codeMalformed)
	l.refused(govern(l, l.ApplyRevokeApproval, &memberv1.RevokeApproval{Body: "cqc", Grant: 1, Reason: "r"}), &codeUnknownGrant)
	l.must(act(StepSuspend, "cnas", cnasApprover, 1))
	l.emitted(EventAccreditationSuspended, AttrMember, "cqc", AttrGrant, "1")
	l.refused(act(StepSuspend, "cnas", cnasApprover, 1), &codeGrantState)
	l.accredited("A010101", "2017-06-10", true)
	l.accredited("A010101", "2017-06-11", false)
	l.later(10 * day) // 06-21
	l.must(act(StepReinstate, "cnas", cnasApprover, 1))
	l.emitted(EventAccreditationReinstated, AttrMember, "cqc")
	l.accredited("A010101", "2017-06-20", false)
	l.accredited("A010101", "2017-06-21", true)
	l.later(10 * day) // 07-01
	l.must(act(StepSuspend, "cnas", cnasApprover, 1))
	l.must(act(StepEnd, "cnas", cnasApprover, 1))
	l.emitted(EventAccreditationWithdrawn, AttrMember, "cqc", AttrBy, "cnas")
	for _, kind := range []StepKind{StepSuspend, StepReinstate, StepEnd} {
		l.refused(act(kind, "cnas", cnasApprover, 1), &codeGrantState)
	}
	for on, want := range map[string]bool{"2017-06-10": true, "2017-06-15": false, "2017-06-30": true, "2017-07-01": false, "2017-12-31": false} {
		l.accredited("A010101", on, want)
	}
	// After the last day nothing is left to decide.
	l.must(give(func(m *memberv1.Accredit) { m.Until = int32(date("2017-07-01")) }))
	l.later(day)
	for _, kind := range []StepKind{StepSuspend, StepReinstate, StepEnd} {
		l.refused(act(kind, "cnas", cnasApprover, 2), &codeGrantState)
	}
	// An approval is not accreditation bodies' business.
	l.must(govern(l, l.ApplyApproveSchemes, approve("2017-06-11", "2020-01-01", "A010101")))
	l.refused(act(StepSuspend, "cnas", cnasApprover, 3), &codeUnknownGrant)

	// The caretaker of an accreditation body decides on what it gave.
	l.must(give(func(m *memberv1.Accredit) {}))
	l.must(steps(l, "cnas")[ChangeRemove]())
	l.refused(act(StepEnd, "ukas", "ukas/approver/approver", 4), &codeNotGranter)
	l.must(govern(l, l.ApplyNameCaretaker, &memberv1.NameCaretaker{Member: "cnas", Caretaker: "ukas"}))
	l.must(act(StepEnd, "ukas", "ukas/approver/approver", 4))

	l.must(steps(l, "lab")[ChangeRemove]())
	l.refused(do(l, "ukas", "ukas/approver/approver", l.Accredit, message(func(m *memberv1.Accredit) { m.Body, m.Mark = "lab", "02" })), &codeStanding)
}

func TestTooManySteps(t *testing.T) {
	l := newLedger(t)
	l.must(do(l, "cnas", cnasApprover, l.Accredit, &memberv1.Accredit{Body: "cqc", Mark: "01", Number: "1", Schemes: []string{"A01"}, From: 1, Until: 50000}))
	suspend := func() error {
		return do(l, "cnas", cnasApprover, l.SuspendAccreditation, &memberv1.SuspendAccreditation{Body: "cqc", Grant: 1, Reason: "r"})
	}
	for range maxSteps / 2 {
		l.must(suspend())
		l.must(do(l, "cnas", cnasApprover, l.ReinstateAccreditation, &memberv1.ReinstateAccreditation{Body: "cqc", Grant: 1, Reason: "r"}))
	}
	l.refused(suspend(), &codeTooManyGrants)
	l.must(do(l, "cnas", cnasApprover, l.WithdrawAccreditation, &memberv1.WithdrawAccreditation{Body: "cqc", Grant: 1, Reason: "r"}))
}

func TestPrefixes(t *testing.T) {
	for scheme, want := range map[string]string{
		"A010101": "[A010101 A0101 A01 A]", "A01": "[A01 A]", "CCC0702": "[CCC0702 CCC07 CCC]", "0702": "[0702 07]", "A": "[A]",
		"": "[]", "A1": "[]", "ABCD01": "[]", "A01010101": "[]", "01010101": "[]", "A-1": "[]",
	} {
		if got := fmt.Sprint(prefixes(scheme)); got != want {
			t.Errorf("%q: %s, want %s", scheme, got, want)
		}
	}
}
