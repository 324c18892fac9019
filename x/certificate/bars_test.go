package certificate

import (
	"testing"

	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

const ms = rules.ManagementSystem

// revoke revokes a certificate of CQC for a reason.
func (w *world) revoke(ref rules.Ref, reason string) {
	w.t.Helper()
	w.ok(cqc, body(cqc), &certificatev1.Revoke{Number: ref.Number, Decided: w.day(), Reason: reason})
}

// issueBy returns the issue of a certificate by CQM, to a holder.
func (w *world) issueBy(number, holder, scheme string) *certificatev1.Issue {
	c := w.certificate(ms, number)
	c.Holder, c.Scheme = holder, scheme
	return &certificatev1.Issue{Certificate: c, Decided: w.day()}
}

func (w *world) barred(holder, scope string, want civil.Date) {
	w.t.Helper()
	if got, err := BarredUntil(w.state, holder, scope); err != nil || got != want {
		w.t.Fatalf("barred until %v, %v, want %v", got, err, want)
	}
}

func TestBar(t *testing.T) {
	w := newWorld(t, "2017-06-01")
	first := w.issue(ms, "A-1")
	second := w.issue(ms, "A-2")
	third := w.issue(ms, "A-3")
	w.revoke(first, "0122")
	w.barred(holder, "A01", 0)
	w.revoke(second, "0101")
	w.barred(holder, "A01", date("2018-06-01"))
	w.barred("760038087", "A01", date("2018-06-01")) // the old code of the same holder
	w.barred(holder, "A02", 0)

	for _, code := range []string{holder, "760038087"} {
		w.refuse(&codeBarred, cqm, body(cqm), w.issueBy("B-1", code, "A010101"))
		w.refuse(&codeBarred, cqc, body(cqc), w.issueBy("B-1", code, "A010101"))
	}
	w.ok(cqm, body(cqm), w.issueBy("B-2", holder, "A020101"))
	w.ok(cqm, body(cqm), w.issueBy("B-3", holder2, "A010101"))

	// Neither a change of name nor an erratum, nor an earlier date, is the way
	// round it; what the holder has cannot be renewed or transferred.
	b3 := rules.Ref{Issuer: cqmNumber, Number: "B-3"}
	text := w.text(b3)
	text.Holder.NameEn = "Hongda"
	w.refuse(&codeBarred, cqm, body(cqm), &certificatev1.Amend{
		Number: "B-3", Decided: w.day(), Action: certificatev1.Action_ACTION_NAME, ChangeType: "09", Holder: holder, Details: text,
	})
	w.refuse(&codeBarred, cqm, body(cqm), &certificatev1.Correct{Number: "B-3", Decided: w.day(), Note: "x", Holder: holder})
	w.refuse(&codeBarred, cqm, body(cqm), &certificatev1.Correct{Number: "B-2", Decided: w.day(), Note: "x", Scheme: "A010101"})
	early := w.issueBy("B-4", holder, "A010101")
	early.Decided = days("2017-01-01")
	w.refuse(&codeBarred, cqm, body(cqm), early)
	w.refuse(&codeBarred, cqc, body(cqc), w.message(ms, rules.Renew, third, 0, 0))
	w.refuse(&codeBarred, cqm, append(body(cqm), body(cqc)...), w.message(ms, rules.Transfer, third, 0, 0))
	w.ok(cqc, body(cqc), w.message(ms, rules.Extend, third, 0, 0)) // but it can be used

	w.to("2018-06-01")
	w.refuse(&codeBarred, cqm, body(cqm), w.issueBy("B-5", holder, "A010101"))
	w.to("2018-06-02")
	w.ok(cqm, body(cqm), w.issueBy("B-5", holder, "A010101"))

	list, err := Bars(w.state, holder, 0, 10)
	if err != nil || len(list) != 1 || list[0].Certificate != second || list[0].Scope != "A01" || list[0].Reason != "0101" {
		t.Errorf("bars %+v, %v", list, err)
	}
}

// TestBarsOfOne: the longest bar counts, and each ends with its own grounds.
func TestBarsOfOne(t *testing.T) {
	w := newWorld(t, "2017-06-01")
	first, second := w.issue(ms, "A-1"), w.issue(ms, "A-2")
	w.revoke(first, "0101")
	w.to("2017-07-01")
	w.revoke(second, "0114")
	w.barred(holder, "A01", date("2018-07-01"))
	if list, _ := Bars(w.state, holder, 1, 10); len(list) != 1 || list[0].Certificate != first {
		t.Errorf("bars %+v", list)
	}

	// An erratum of the holder, which a regulator has seen, moves the bar to whom
	// it is about.
	w.ok(cqc, append(body(cqc), head(samr)...), &certificatev1.Correct{Number: "A-2", Decided: w.day(), Note: "wrong holder", Holder: holder2})
	w.barred(holder, "A01", date("2018-06-01"))
	w.barred(holder2, "A01", date("2018-07-01"))

	w.ok(samr, head(samr), w.message(ms, rules.Reverse, first, 0, 2))
	w.status(first, rules.Valid, "")
	w.barred(holder, "A01", 0)
	w.ok(cqc, append(body(cqc), head(samr)...), w.message(ms, rules.Annul, second, 0, 0))
	w.barred(holder2, "A01", 0)
	// Reversed, the annulment leaves the revocation, and so the bar.
	w.ok(samr, head(samr), w.message(ms, rules.Reverse, second, 0, 4))
	w.barred(holder2, "A01", date("2018-07-01"))
	w.status(second, rules.Revoked, "0114")
	// And then the revocation itself, under which it was filed with number 2.
	w.refuse(&codeNotReversible, samr, head(samr), w.message(ms, rules.Reverse, second, 0, 5))
	w.ok(samr, head(samr), w.message(ms, rules.Reverse, second, 0, 2))
	w.status(second, rules.Valid, "")
	w.barred(holder2, "A01", 0)
	if w.head(second).Flags&rules.FlagReversed == 0 {
		t.Error("no flag")
	}
}

// TestBarOfCCC: a manufacturer that has lost one product's certificate is not
// kept from certifying others.
func TestBarOfCCC(t *testing.T) {
	w := newWorld(t, "2017-06-01")
	ref := w.issue(rules.CCC, "2009010702358369")
	w.revoke(ref, "0205")
	w.barred(holder, "B010101/0702", date("2018-06-01"))
	again := &certificatev1.Issue{Certificate: w.certificate(rules.CCC, "2013010702607951"), Decided: w.day()}
	w.refuse(&codeBarred, cqc, body(cqc), again)
	again.Certificate.Number = "2016010901123456"
	w.ok(cqc, body(cqc), again)
}
