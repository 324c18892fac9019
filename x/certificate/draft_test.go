package certificate

import (
	"testing"

	"google.golang.org/protobuf/proto"

	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
)

func TestIssueRefuses(t *testing.T) {
	w := newWorld(t, "2017-06-01")
	good := &certificatev1.Issue{Certificate: w.certificate(ms, "A-1"), Decided: w.day()}
	for _, c := range []struct {
		name string
		set  func(m *certificatev1.Issue)
		code func(error) bool
	}{
		{"no certificate", func(m *certificatev1.Issue) { m.Certificate = nil }, codeMalformed.Is},
		{"no details", func(m *certificatev1.Issue) { m.Certificate.Details = nil }, codeMalformed.Is},
		{"evidence", func(m *certificatev1.Issue) { m.Evidence = [][]byte{{1}} }, codeMalformed.Is},
		{"evidence twice", func(m *certificatev1.Issue) { m.Evidence = [][]byte{make([]byte, 32)} }, rules.CodeCount.Is},
		{"note", func(m *certificatev1.Issue) { m.Note = " x" }, rules.CodeText.Is},
		{"no decision", func(m *certificatev1.Issue) { m.Decided = 0 }, rules.CodeDate.Is},
		{"decided tomorrow", func(m *certificatev1.Issue) { m.Decided++ }, rules.CodeFuture.Is},
		{"decided after the issue", func(m *certificatev1.Issue) { m.Certificate.Issued-- }, rules.CodeDateOrder.Is},
		{"scheme", func(m *certificatev1.Issue) { m.Certificate.Scheme = "X" }, rules.CodeScheme.Is},
		{"number", func(m *certificatev1.Issue) { m.Certificate.Number = "a" }, rules.CodeNumber.Is},
		{"CCC number", func(m *certificatev1.Issue) {
			m.Certificate.Scheme, m.Certificate.Details = schemes[rules.CCC], details(rules.CCC)
		}, rules.CodeCCCNumber.Is},
		{"holder", func(m *certificatev1.Issue) { m.Certificate.Holder = "91371323760038087N" }, rules.CodeHolder.Is},
		{"ends before it begins", func(m *certificatev1.Issue) { m.Certificate.Expires = m.Certificate.Issued - 1 }, rules.CodeDateOrder.Is},
		{"too long", func(m *certificatev1.Issue) { m.Certificate.Expires += 1000 }, rules.CodeValidity.Is},
		{"text", func(m *certificatev1.Issue) { m.Certificate.Details.ScopeZh = "" }, rules.CodeText.Is},
		{"product fields", func(m *certificatev1.Issue) { m.Certificate.Details.Models = []string{"M"} }, rules.CodeProduct.Is},
		{"run out", func(m *certificatev1.Issue) {
			m.Decided = days("2015-01-01")
			m.Certificate.FirstIssued, m.Certificate.Issued, m.Certificate.Expires = m.Decided, m.Decided, days("2017-05-31")
		}, codeRunOut.Is},
	} {
		m := proto.CloneOf(good)
		c.set(m)
		if err := w.do(cqc, body(cqc), m); !c.code(err) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	w.ok(cqc, body(cqc), good)
	w.refuse(&rules.CodeExists, cqc, body(cqc), good)
	w.members[cqc].ApprovalNumber = ""
	w.refuse(&codeRole, cqc, body(cqc), good)

	// Before its day of issue it exists, but does not hold.
	m := proto.CloneOf(good)
	m.Certificate.Issued++
	w.ok(cqm, body(cqm), m)
	ref := rules.Ref{Issuer: cqmNumber, Number: "A-1"}
	w.flags(ref, rules.FlagNotYet)

	// One number, two bodies; and none.
	if list, err := Issuers(w.state, "A-1"); err != nil || len(list) != 2 || list[0] != cqcNumber || list[1] != cqmNumber {
		t.Errorf("issuers %v, %v", list, err)
	}
	if list, err := Issuers(w.state, "A-2"); err != nil || list != nil {
		t.Errorf("issuers %v, %v", list, err)
	}
	if _, ok, err := w.state.Get(NumberKey("A-2")); ok || err != nil {
		t.Errorf("a key for a number that nobody issued: %v, %v", ok, err)
	}
	for _, key := range [][]byte{OrderKey(ref, 1), SuccessorKey(ref), BarredKey(holder, "A01")} {
		if _, ok, err := w.state.Get(key); ok || err != nil {
			t.Errorf("key %x: %v, %v", key, ok, err)
		}
	}
	for _, key := range [][]byte{HeadKey(ref), DetailsKey(ref), RecordKey(ref, 1), NumberKey("A-1")} {
		if _, ok, err := w.state.Get(key); !ok || err != nil {
			t.Errorf("key %x: %v, %v", key, ok, err)
		}
	}
}

func TestSuspendRefuses(t *testing.T) {
	for f, months := range map[rules.Family]int{rules.ManagementSystem: 6, rules.CCC: 12, rules.VoluntaryProduct: 12, rules.Service: 6} {
		w := newWorld(t, "2017-06-01")
		ref := w.issue(f, numbersOf[f])
		good := w.message(f, rules.Suspend, ref, 0, 0).(*certificatev1.Suspend)
		for _, c := range []struct {
			name string
			set  func(m *certificatev1.Suspend)
			code func(error) bool
		}{
			{"no reason", func(m *certificatev1.Suspend) { m.Reason = "" }, rules.CodeReason.Is},
			{"reason of another family", func(m *certificatev1.Suspend) { m.Reason = "0301" }, rules.CodeReason.Is},
			{"before the issue", func(m *certificatev1.Suspend) { m.Decided-- }, rules.CodeDateOrder.Is},
			{"tomorrow", func(m *certificatev1.Suspend) { m.From = m.Decided + 1 }, rules.CodeFuture.Is},
			{"no end", func(m *certificatev1.Suspend) { m.Until = 0 }, rules.CodeDate.Is},
			{"too long", func(m *certificatev1.Suspend) { m.Until = int32(w.today().AddMonths(months)) + 1 }, rules.CodeSuspension.Is},
			{"absent", func(m *certificatev1.Suspend) { m.Number = "A-9" }, rules.CodeAbsent.Is},
			{"of nobody", func(m *certificatev1.Suspend) { m.Issuer = "NOBODY" }, codeNotIssuer.Is},
			{"decision of no day", func(m *certificatev1.Suspend) { m.Decided = 0 }, rules.CodeDate.Is},
		} {
			m := proto.CloneOf(good)
			c.set(m)
			if err := w.do(cqc, body(cqc), m); !c.code(err) {
				t.Errorf("%v, %s: %v", f, c.name, err)
			}
		}
		good.Issuer, good.Until = "", int32(w.today().AddMonths(months)) // the whole of what is allowed
		w.ok(cqc, body(cqc), good)
		for _, reserved := range []string{"0120", "0201"} {
			w.refuse(&rules.CodeReason, cqc, body(cqc), &certificatev1.Revoke{Number: ref.Number, Decided: w.day(), Reason: reserved + "x"})
		}
	}
}

// TestMissingParts: messages without anything in them are refused, not more.
func TestMissingParts(t *testing.T) {
	w := newWorld(t, "2017-06-01")
	for _, msg := range []proto.Message{
		&certificatev1.Issue{}, &certificatev1.Import{}, &certificatev1.Suspend{}, &certificatev1.Reinstate{}, &certificatev1.Revoke{},
		&certificatev1.Cancel{}, &certificatev1.Amend{}, &certificatev1.Correct{}, &certificatev1.Annul{}, &certificatev1.Renew{},
		&certificatev1.Transfer{}, &certificatev1.FileOrder{}, &certificatev1.CloseOrder{}, &certificatev1.Flag{}, &certificatev1.Unflag{},
		&certificatev1.ReverseDecision{}, &certificatev1.ReleaseCertificates{},
	} {
		for _, actor := range []string{cqc, samr, ""} {
			if err := w.do(actor, body(actor), msg); err == nil {
				t.Errorf("%T was done", msg)
			}
		}
	}
}
