package certificate

import (
	"fmt"
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"

	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
)

const (
	valid     = certificatev1.Status_STATUS_VALID
	suspended = certificatev1.Status_STATUS_SUSPENDED
	revoked   = certificatev1.Status_STATUS_REVOKED
	cancelled = certificatev1.Status_STATUS_CANCELLED
)

// past returns the import of a certificate that was issued in 2015.
func (w *world) past(number string, status certificatev1.Status, decisions ...*certificatev1.PastDecision) *certificatev1.Import {
	c := w.certificate(ms, number)
	c.FirstIssued, c.Issued, c.Expires = days("2012-03-01"), days("2015-03-01"), days("2018-02-28")
	return &certificatev1.Import{Certificate: c, Decided: days("2015-03-01"), Status: status, Decisions: decisions}
}

func decision(a certificatev1.Action, day, reason string) *certificatev1.PastDecision {
	return &certificatev1.PastDecision{Action: a, Decided: days(day), Reason: reason}
}

func TestImport(t *testing.T) {
	w := newWorld(t, "2017-06-01")
	w.refuse(&codeWindow, cqc, body(cqc), w.past("A-1", valid))
	w.window = 3
	w.members[cqc].Stopped = true
	w.refuse(&codeStopped, cqc, body(cqc), w.past("A-1", valid))
	w.members[cqc].Stopped = false

	w.ok(cqc, body(cqc), w.past("A-1", valid))
	ref := rules.Ref{Issuer: cqcNumber, Number: "A-1"}
	w.flags(ref, rules.FlagImported)
	w.refuse(&rules.CodeExists, cqc, body(cqc), w.past("A-1", valid))

	// With its history: suspended, reinstated, suspended, revoked for fault.
	s1 := decision(certificatev1.Action_ACTION_SUSPEND, "2015-06-01", "0111")
	s1.SuspendedUntil = days("2015-09-01")
	s2 := proto.CloneOf(s1)
	s2.Decided, s2.SuspendedFrom, s2.SuspendedUntil = days("2016-06-01"), days("2016-06-03"), days("2016-12-01")
	w.ok(cqc, body(cqc), w.past("A-2", valid, s1, decision(certificatev1.Action_ACTION_REINSTATE, "2015-07-01", ""),
		s2, decision(certificatev1.Action_ACTION_REVOKE, "2017-01-01", "0115")))
	ref = rules.Ref{Issuer: cqcNumber, Number: "A-2"}
	w.status(ref, rules.Revoked, "0115")
	w.barred(holder, "A01", date("2018-01-01"))
	if got := fmt.Sprint(w.history(ref)); got != "[import suspend reinstate suspend revoke]" || w.kinds() != "imported imported imported imported imported" {
		t.Errorf("history %s, events %s", got, w.kinds())
	}
	for _, c := range []struct {
		on   string
		n    uint32
		want rules.Status
	}{
		{"2015-03-01", 1, rules.Valid}, {"2015-05-31", 1, rules.Valid}, {"2015-06-01", 2, rules.Suspended}, {"2015-12-01", 3, rules.Valid},
		{"2016-12-31", 4, rules.Suspended}, {"2017-01-01", 5, rules.Revoked}, {"2017-05-01", 5, rules.Revoked},
	} {
		r, ok, err := On(w.state, ref, date(c.on))
		if err != nil || !ok || r.N != c.n || !r.Imported || rules.EffectiveOn(r.After.Standing, date(c.on), rules.Facts{}).Status != c.want {
			t.Errorf("on %s: record %+v, %v", c.on, r, err)
		}
	}
	if _, ok, err := On(w.state, ref, date("2015-02-28")); ok || err != nil {
		t.Errorf("before the first record: %v, %v", ok, err)
	}

	// As stated, whatever the tables of the family say of it.
	w.ok(cqc, body(cqc), w.past("A-3", cancelled))
	w.refuse(&codeQuota, cqc, body(cqc), w.past("A-4", valid))
	if n, err := Imported(w.state, cqc, 7); n != 3 || err != nil {
		t.Errorf("imported %d, %v", n, err)
	}
	w.window = 100
	m := w.past("A-5", suspended)
	m.Reason, m.SuspendedFrom, m.SuspendedUntil = "0116", days("2017-01-01"), days("2017-05-31")
	w.ok(cqc, body(cqc), m) // and overdue since
	w.flags(rules.Ref{Issuer: cqcNumber, Number: "A-5"}, rules.FlagImported|rules.FlagOverdue)
	if w.kinds() != "imported overdue" {
		t.Errorf("events %s", w.kinds())
	}

	for _, c := range []struct {
		name string
		m    *certificatev1.Import
		code func(error) bool
	}{
		{"no status", w.past("B", 0), codeMalformed.Is},
		{"annulled", w.past("B", certificatev1.Status_STATUS_ANNULLED), codeMalformed.Is},
		{"status of nothing", w.past("B", 77), codeMalformed.Is},
		{"revoked for no reason", w.past("B", revoked), rules.CodeReason.Is},
		{"suspended without an end", w.past("B", suspended), rules.CodeDate.Is},
		{"an act that is not reported", w.past("B", valid, decision(certificatev1.Action_ACTION_EXTEND, "2016-01-01", "")), codeHistory.Is},
		{"an act of no kind", w.past("B", valid, decision(259, "2016-01-01", "0111")), codeHistory.Is},
		{"an illegal act", w.past("B", valid, decision(certificatev1.Action_ACTION_REINSTATE, "2016-01-01", "")), rules.CodeNotSuspended.Is},
		{"a cancellation", w.past("B", valid, decision(certificatev1.Action_ACTION_CANCEL, "2016-01-01", "")), rules.CodeNoCancellation.Is},
		{"before the first", w.past("B", valid, decision(certificatev1.Action_ACTION_REVOKE, "2015-01-01", "0101")), rules.CodeDateOrder.Is},
		{"after today", w.past("B", valid, decision(certificatev1.Action_ACTION_REVOKE, "2017-06-02", "0101")), rules.CodeFuture.Is},
		{"too many", w.past("B", valid, slices.Repeat([]*certificatev1.PastDecision{s1}, MaxPastDecisions+1)...), rules.CodeCount.Is},
	} {
		if err := w.do(cqc, body(cqc), c.m); !c.code(err) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	s3 := proto.CloneOf(s1)
	s3.SuspendedFrom = days("2017-06-02")
	w.refuse(&rules.CodeFuture, cqc, body(cqc), w.past("B", valid, s3))
	m = w.past("B", valid)
	m.Certificate.Issued = days("2017-06-02")
	w.refuse(&rules.CodeFuture, cqc, body(cqc), m)
	m = w.past("B", valid)
	m.Certificate.Details.ScopeZh = ""
	w.refuse(&rules.CodeText, cqc, body(cqc), m)

	// What has run out since is ended at once, and nothing can be done after it.
	w.to("2020-01-01")
	w.ok(cqc, body(cqc), w.past("A-6", valid, s1, decision(certificatev1.Action_ACTION_REINSTATE, "2015-07-01", "")))
	if w.kinds() != "imported imported imported lapsed" {
		t.Errorf("events %s", w.kinds())
	}
	w.refuse(&rules.CodeExpired, cqc, body(cqc), w.past("B", valid, decision(certificatev1.Action_ACTION_REVOKE, "2018-03-01", "0101")))
}
