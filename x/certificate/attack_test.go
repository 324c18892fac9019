package certificate

import (
	"fmt"
	"testing"

	"google.golang.org/protobuf/proto"

	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// TestRenewedForEver: the longest validity holds however often a certificate is
// renewed and however far ahead it is dated. A new cycle is counted from the last
// day of the old one only where that is near.
func TestRenewedForEver(t *testing.T) {
	w := newWorld(t, "2017-06-01")
	old := w.issue(ms, "A-0")
	renew := func(old rules.Ref, n int, until civil.Date) *certificatev1.Renew {
		m := w.message(ms, rules.Renew, old, 0, 0).(*certificatev1.Renew)
		m.Certificate.Number, m.Certificate.FirstIssued, m.Certificate.Expires = fmt.Sprintf("A-%d", n), 0, int32(until)
		return m
	}
	w.to("2017-11-30") // the last day of the old one is more than six months ahead
	w.refuse(&rules.CodeValidity, cqc, body(cqc), renew(old, 1, date("2020-12-01")))
	w.to("2017-12-01")
	w.ok(cqc, body(cqc), renew(old, 1, date("2021-06-01")))
	for n := range 3 { // on the same day, again and again
		old = rules.Ref{Issuer: cqcNumber, Number: fmt.Sprintf("A-%d", n+1)}
		w.refuse(&rules.CodeValidity, cqc, body(cqc), renew(old, n+2, date("2021-06-02")))
		w.ok(cqc, body(cqc), renew(old, n+2, w.today().AddMonths(36)))
	}

	ahead := w.certificate(ms, "B-1")
	ahead.Issued, ahead.Expires = days("2018-06-02"), days("2021-06-02")
	w.refuse(&rules.CodeValidity, cqc, body(cqc), &certificatev1.Issue{Certificate: ahead, Decided: w.day()})
	ahead.Issued, ahead.Expires = days("2018-06-01"), days("2021-06-01")
	w.ok(cqc, body(cqc), &certificatev1.Issue{Certificate: ahead, Decided: w.day()})
}

// TestErratumIsNoRenewal: an erratum makes nothing valid for longer than it could
// have been when it was filed, nor without what an issue needs.
func TestErratumIsNoRenewal(t *testing.T) {
	w := newWorld(t, "2017-06-01")
	ref := w.issue(ms, "A-1")
	correct := func(issued, expires string) *certificatev1.Correct {
		m := &certificatev1.Correct{Number: "A-1", Decided: w.day(), Note: "typing error", Expires: days(expires)}
		if issued != "" {
			m.Issued = days(issued)
		}
		return m
	}
	w.to("2018-05-30")
	w.refuse(&rules.CodeDateOrder, cqc, body(cqc), correct("2018-05-30", "2021-05-30"))
	w.refuse(&rules.CodeDateOrder, cqc, body(cqc), correct("2018-05-30", "2018-06-01"))
	w.uncovered = []string{"cqc A010101"}
	w.refuse(&codeApproval, cqc, body(cqc), correct("", "2020-06-01"))
	w.ok(cqc, body(cqc), correct("", "2018-05-31")) // to the shorter needs nothing
	w.uncovered = nil
	w.revoke(w.issue(ms, "A-2"), "0101") // the holder is barred
	w.refuse(&codeBarred, cqc, body(cqc), correct("", "2020-06-01"))
	w.to("2018-05-31")
	w.endBlock()
	w.status(ref, rules.Valid, "")
}

// TestErratumKeepsBars: a body does not lift a bar, nor put it on others, without
// governance or a regulator.
func TestErratumKeepsBars(t *testing.T) {
	w := newWorld(t, "2017-06-01")
	a, b := w.issue(ms, "A-1"), w.issue(rules.CCC, numbersOf[rules.CCC])
	w.revoke(a, "0101")
	w.revoke(b, "0209")
	for _, c := range []struct {
		number string
		set    *certificatev1.Correct
	}{
		{a.Number, &certificatev1.Correct{Holder: holder2}},
		{a.Number, &certificatev1.Correct{Holder: "840:C1"}},
		{a.Number, &certificatev1.Correct{Scheme: "A020101"}},
		{b.Number, &certificatev1.Correct{Scheme: "B0102"}},
	} {
		m := proto.CloneOf(c.set)
		m.Number, m.Decided, m.Note = c.number, w.day(), "typing error"
		w.refuse(&codeRegulator, cqc, body(cqc), m)
		w.refuse(&codeRegulator, cqc, append(body(cqc), body(cqm)...), m)
	}
	w.ok(cqc, body(cqc), &certificatev1.Correct{Number: "A-1", Decided: w.day(), Note: "the old code", Holder: "760038087", Scheme: "A010102"})
	w.barred(holder, "A01", date("2018-06-01"))
	w.ok(cqc, append(body(cqc), head(samr)...), w.message(ms, rules.Annul, a, 0, 0))
	w.barred(holder, "A01", 0)
}

// TestDecidedBeforeTheEnd: a body whose approval or accreditation is over does not
// go on by dates from when it was not.
func TestDecidedBeforeTheEnd(t *testing.T) {
	w := newWorld(t, "2017-06-01")
	ref := w.issue(ms, "A-1")
	w.suspend(ref, "2017-07-01")
	w.lastDays = map[string]civil.Date{"cqc A010101": w.today(), "cqc 01": w.today()}
	marked := &certificatev1.Issue{Certificate: w.certificate(ms, "A-2"), Decided: w.day()}
	marked.Certificate.Details.Marks = []string{"01"}
	plain := &certificatev1.Issue{Certificate: w.certificate(ms, "A-3"), Decided: w.day()}
	reinstate := w.message(ms, rules.Reinstate, ref, 0, 0)
	w.to("2017-06-02")
	w.refuse(&codeApproval, cqc, body(cqc), plain)
	w.refuse(&codeApproval, cqc, body(cqc), reinstate)
	w.lastDays["cqc A010101"] = w.today()
	w.refuse(&codeMarks, cqc, body(cqc), marked)
	w.ok(cqc, body(cqc), plain)
	w.ok(cqc, body(cqc), reinstate)
}

// TestStolenKeysExtend: what stolen keys have changed without changing the status
// is flagged too, until somebody decides anew.
func TestStolenKeysExtend(t *testing.T) {
	w := newWorld(t, "2017-06-01")
	ref := w.issue(ms, "A-1")
	w.to("2017-06-10")
	stolen := body(cqc)
	stolen[0].Key[1]++
	w.ok(cqc, stolen, w.message(ms, rules.Extend, ref, 0, 0))
	w.to("2017-06-11")
	regulator := head(samr)
	w.ok(samr, regulator, w.message(ms, rules.Flag, ref, 0, 0))
	w.ok(samr, regulator, w.message(ms, rules.Unflag, ref, 0, 0))
	w.compromises[regulator[0].Key] = w.now // of what a regulator does the text says nothing
	w.flags(ref, 0)
	w.compromises[stolen[0].Key] = date("2017-06-10").Start()
	w.flags(ref, rules.FlagKeyCompromised)
	if v := w.view(ref); len(v.Compromised) != 1 || v.Compromised[0].Key != stolen[0].Key || v.Status.Holds() {
		t.Errorf("%+v", v)
	}
	w.suspend(ref, "2017-07-01")
	w.flags(ref, 0)
}
