package certificate

import (
	"fmt"
	"testing"

	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
)

func TestRenewal(t *testing.T) {
	w := newWorld(t, "2017-06-01")
	old := w.issue(ms, "A-1")
	w.to("2018-05-01")
	msg := func() *certificatev1.Renew {
		m := w.message(ms, rules.Renew, old, 0, 0).(*certificatev1.Renew)
		m.Certificate.FirstIssued = 0
		return m
	}
	m := msg()
	m.Certificate.Holder = holder2
	w.refuse(&codeOtherHolder, cqc, body(cqc), m)
	m = msg()
	m.Certificate.Scheme = schemes[rules.Service]
	w.refuse(&codeOtherHolder, cqc, body(cqc), m)
	m = msg()
	m.Certificate.Issued++
	w.refuse(&codeGap, cqc, body(cqc), m)
	m = msg()
	m.Certificate.FirstIssued = days("2017-05-31")
	w.refuse(&rules.CodeDateOrder, cqc, body(cqc), m)
	m = msg()
	m.Certificate.Number = "A-1"
	w.refuse(&rules.CodeExists, cqc, body(cqc), m)
	m = msg()
	m.ReissueReason = ""
	w.refuse(&rules.CodeReissue, cqc, body(cqc), m)
	m = msg()
	m.Certificate.Details.Main = &certificatev1.Ref{Issuer: old.Issuer, Number: old.Number}
	w.refuse(&codeMainInvalid, cqc, body(cqc), m)

	// A new cycle may be counted from the last day of the old one.
	m = msg()
	m.Certificate.Expires = days("2021-06-01")
	w.ok(cqc, body(cqc), m)
	next := rules.Ref{Issuer: cqcNumber, Number: "N-2"}
	w.status(old, rules.Revoked, "0120")
	w.status(next, rules.Valid, "")
	w.barred(holder, "A01", 0)
	a, _, _ := Record(w.state, old, 2)
	b, _, _ := Record(w.state, next, 1)
	if a.Link != next || b.Link != old || w.view(old).Successor != next || w.head(next).FirstIssued != date("2017-06-01") || w.kinds() != "renewed renewed" {
		t.Errorf("links %v %v, first issued %v, events %s", a.Link, b.Link, w.head(next).FirstIssued, w.kinds())
	}

	// The old one cannot come back while the new one stands.
	w.refuse(&codeReplacement, samr, head(samr), w.message(ms, rules.Reverse, old, 0, 2))
	w.ok(cqc, append(body(cqc), head(samr)...), w.message(ms, rules.Annul, next, 0, 0))
	w.ok(samr, head(samr), w.message(ms, rules.Reverse, old, 0, 2))
	w.status(old, rules.Valid, "")
	if v := w.view(old); !v.Successor.IsZero() || v.Status.Flags != rules.FlagReversed {
		t.Errorf("successor %v, flags %v", v.Successor, v.Status.Flags)
	}
	w.to("2018-06-02")
	w.endBlock()
	w.status(old, rules.Expired, "")
}

func TestTransfer(t *testing.T) {
	w := newWorld(t, "2017-06-01")
	old := w.issue(ms, "A-1")
	both := append(body(cqm), body(cqc)...)
	msg := w.message(ms, rules.Transfer, old, 0, 0).(*certificatev1.Transfer)
	w.refuse(&codeSameBody, cqc, both, msg)
	msg.Certificate.Expires++
	w.refuse(&codeCycle, cqm, both, msg)
	msg.Certificate.Expires--
	msg.Issuer = "CNCA-R-1999-001"
	w.refuse(&rules.CodeAbsent, cqm, both, msg)
	msg.Issuer = cqcNumber
	w.suspend(old, "2017-07-01")
	w.refuse(&rules.CodeSuspended, cqm, both, msg)
	w.ok(cqc, body(cqc), w.message(ms, rules.Reinstate, old, 0, 0))
	w.ok(cqm, both, msg)
	w.status(old, rules.Revoked, "0120")
	w.barred(holder, "A01", 0)
	next := rules.Ref{Issuer: cqmNumber, Number: "N-2"}
	r, _, _ := Record(w.state, next, 1)
	if r.Link != old || r.ReissueReason != "0103" || len(r.Signers) != 4 || r.Actor != cqm {
		t.Errorf("record %+v", r)
	}
	w.refuse(&rules.CodeRevoked, cqm, both, msg)
}

// TestEndedBody: a body has ended; its caretaker or a release lets its
// certificates go.
func TestEndedBody(t *testing.T) {
	w := newWorld(t, "2017-06-01")
	old := []rules.Ref{w.issue(ms, "A-1"), w.issue(ms, "A-2"), w.issue(ms, "A-3")}
	transfer := func(i int) *certificatev1.Transfer {
		m := w.message(ms, rules.Transfer, old[i], 0, 0).(*certificatev1.Transfer)
		m.Certificate.Number = fmt.Sprintf("T-%d", i)
		return m
	}
	release := &certificatev1.ReleaseCertificates{Issuer: cqcNumber, Receiver: cqm, Until: days("2017-07-01")}
	w.refuse(&codeNotEnded, samr, head(samr), release)
	w.members[cqc].Active = false
	w.refuse(&codeOtherBody, cqm, body(cqm), transfer(0))
	w.refuse(&codeOtherBody, cqm, append(body(cqm), body(cqc)...), transfer(0))

	w.members["care"] = &Member{Roles: []Role{RoleCertificationBody}, Active: true, ApprovalNumber: "CNCA-R-2003-104"}
	w.members[cqc].Caretaker = "care"
	w.refuse(&codeOtherBody, cqm, append(body(cqm), head("care")...), transfer(0))
	w.ok(cqm, append(body(cqm), body("care")...), transfer(0))
	w.ok("care", body("care"), transfer(1)) // the caretaker takes one over itself
	w.members["care"].Active = false
	w.refuse(&codeOtherBody, cqm, append(body(cqm), body("care")...), transfer(2))

	for code, r := range map[*certificatev1.ReleaseCertificates]func(error) bool{
		{Issuer: cqcNumber, Receiver: cqm, Until: days("2017-05-31")}:        rules.CodeDateOrder.Is,
		{Issuer: "CNCA-R-1999-001", Receiver: cqm, Until: release.Until}:     rules.CodeAbsent.Is,
		{Issuer: cqcNumber, Receiver: samr, Until: release.Until}:            codeRole.Is,
		{Issuer: cqcNumber, Receiver: "care", Until: release.Until}:          codeInactive.Is,
		{Issuer: cqcNumber, Receiver: "nobody-at-all", Until: release.Until}: codeRole.Is,
	} {
		if err := w.do(samr, head(samr), code); !r(err) {
			t.Errorf("%v: %v", code, err)
		}
	}
	w.ok(samr, head(samr), release)
	if r, ok, err := ReleaseOf(w.state, cqcNumber, cqm); !ok || err != nil || r.Until != date("2017-07-01") || w.kinds() != "released" {
		t.Errorf("release %+v, %v, %v", r, ok, err)
	}
	w.to("2017-07-02")
	w.refuse(&codeOtherBody, cqm, body(cqm), transfer(2))
	w.to("2017-07-01")
	w.ok(cqm, body(cqm), transfer(2))
	w.status(old[2], rules.Revoked, "0120")
}
