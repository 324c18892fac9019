package light

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/app/apptest"
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	governancev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/governance/v1"
	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// eyes are the keys of a certifier and an approver of bodies.
func eyes(bodies ...string) (keys []string) {
	for _, b := range bodies {
		keys = append(keys, b+"/certifier", b+"/approver")
	}
	return keys
}

// certify returns the text of a certificate that is issued today for days.
func (l *ledger) certify(number, scheme string, days int32) *certificatev1.Certificate {
	day := int32(l.today())
	return &certificatev1.Certificate{
		Number: number, Scheme: scheme, Holder: apptest.Holder, FirstIssued: day, Issued: day, Expires: day + days, Details: apptest.Text(scheme),
	}
}

func (l *ledger) issue(number string) Claim {
	l.Helper()
	l.send(eyes("cqc"), &certificatev1.Issue{Decided: int32(l.today()), Certificate: l.certify(number, "A010101", 1000)})
	return Claim{Issuer: apptest.CQC, Number: number}
}

// readable checks what is true of the text and the JSON of every verdict.
func readable(t testing.TB, v *Verdict) {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil || !json.Valid(b) {
		t.Fatalf("%v: %s", err, b)
	}
	for _, lang := range []string{"zh", "en"} {
		s := Text(v, lang)
		if !strings.HasPrefix(s, map[string]string{"zh": "截至：", "en": "As of: "}[lang]) || !strings.HasSuffix(s, "\n") || strings.ContainsAny(s, "\x1b\r\x00") || strings.Contains(s, "%!") {
			t.Errorf("%s", s)
		}
	}
}

// on is the claim at the end of a date.
func (c Claim) on(day civil.Date) Claim { c.Kind, c.Date = OnDate, day; return c }

func (c Claim) as(k Kind) Claim {
	if c.Kind = k; k == Absent {
		c.Issuer = ""
	}
	return c
}

func TestValid(t *testing.T) {
	l := newLedger(t, 4)
	c := l.issue("Q-1")
	v := l.verdict(c)
	is(t, v, Holds, "valid")
	if len(v.Unproven) > 0 || len(v.Notes) > 0 || v.View == nil || v.Member == nil || v.Member.ID != "cqc" || v.Details == nil ||
		v.Details.Holder.NameChinese != "山东某某有限公司" || v.Age != time.Minute || v.Height != uint64(l.net.Height()) {
		t.Errorf("%+v", v)
	}
	text := Text(v, "en")
	for i, want := range []string{"As of: 2026-06-01 12:00:02 Beijing time, height 2\nAge: 1 min\n", "Outcome: ESTABLISHED", "Holder: 山东某某有限公司, " + apptest.Holder} {
		if !strings.Contains(text, want) || i == 0 && !strings.HasPrefix(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	is(t, l.verdict(Claim{Issuer: apptest.CQM, Number: "Q-1"}), DoesNotHold, "unknown-certificate")
	is(t, l.verdict(c.as(History)), Holds, "complete-history")
	is(t, l.verdict(c.as(Approved)), Holds, "issuer-approved")
	is(t, l.verdict(c.as(Absent)), DoesNotHold, "number-issued")
	is(t, l.verdict(Claim{Kind: Absent, Number: "Q-2"}), Holds, "number-unknown")
}

func TestHeadOnly(t *testing.T) {
	l := newLedger(t, 4)
	c := l.issue("Q-1")
	now := l.net.Now()
	b := l.prove(c, true)
	v := Verify(b, l.card(), c, Limits{}, now)
	is(t, v, NotEstablished, "unproven", "valid")
	open := []string{"body-unproven", "keys-unproven", "details-unproven"}
	if !slices.Equal(codes(v.Unproven), open) {
		t.Error(codes(v.Unproven))
	}
	v = Verify(b, l.card(), c, Limits{HeadSuffices: true}, now)
	is(t, v, Holds, "valid")
	if !slices.Equal(codes(v.Unproven), open) || v.Status.Status != rules.Valid || v.View != nil || v.Details != nil {
		t.Errorf("%+v", v)
	}
	// The contrary is proven by the head alone.
	l.send(eyes("cqc"), &certificatev1.Revoke{Number: "Q-1", Decided: int32(l.today()), Reason: "0122"})
	is(t, Verify(l.prove(c, true), l.card(), c, Limits{}, now), DoesNotHold, "not-valid")

	// One that rests on others is never established by its head.
	l.issue("Q-2")
	m := l.certify("Q-3", "A010101", 100)
	m.Details.Components = []*certificatev1.Ref{{Issuer: apptest.CQC, Number: "Q-2"}}
	l.send(eyes("cqc"), &certificatev1.Issue{Decided: int32(l.today()), Certificate: m})
	c.Number = "Q-3"
	v = Verify(l.prove(c, true), l.card(), c, Limits{HeadSuffices: true}, l.net.Now())
	is(t, v, NotEstablished, "unproven", "valid")
	if !slices.Contains(codes(v.Unproven), "components-unproven") {
		t.Error(codes(v.Unproven))
	}
	is(t, l.verdict(c), Holds, "valid")
}

// TestStatuses looks at each thing that can happen to a certificate.
func TestStatuses(t *testing.T) {
	l := newLedger(t, 4)
	day := l.today()
	at := func(c Claim, status rules.Status, reason string, flags rules.Flags) {
		t.Helper()
		v := l.verdict(c)
		if v.Status == nil || v.Status.Status != status || v.Status.Flags != flags {
			t.Fatalf("%v: status %+v, want %v %v", v.Reasons, v.Status, status, flags)
		}
		o := DoesNotHold
		if reason == "valid" {
			o = Holds
		}
		is(t, v, o, reason)
	}
	suspended, revoked, stays, flagged := l.issue("Q-S"), l.issue("Q-R"), l.issue("Q-OK"), l.issue("Q-F")
	product := Claim{Issuer: apptest.CQC, Number: "2026010907000001"}
	ends := Claim{Issuer: apptest.CQC, Number: "Q-E"}
	parts := Claim{Issuer: apptest.CQC, Number: "Q-P"}
	withParts := l.certify("Q-P", "A010101", 900)
	withParts.Details.Components = []*certificatev1.Ref{{Issuer: apptest.CQC, Number: "Q-S"}}
	l.send(eyes("cqc"),
		&certificatev1.Issue{Decided: int32(day), Certificate: l.certify("2026010907000001", "B01", 900)},
		&certificatev1.Issue{Decided: int32(day), Certificate: l.certify("Q-E", "A010101", 5)},
		&certificatev1.Issue{Decided: int32(day), Certificate: withParts},
	)
	at(parts, rules.Valid, "valid", rules.FlagComponents)
	l.to(day+1, 9)
	l.send(eyes("cqc"),
		&certificatev1.Suspend{Number: "Q-S", Decided: int32(day) + 1, Reason: "0111", Until: int32(day) + 8},
		&certificatev1.Revoke{Number: "Q-R", Decided: int32(day) + 1, Reason: "0114"},
		&certificatev1.Cancel{Number: product.Number, Decided: int32(day) + 1, Reason: "0202"},
	)
	l.send([]string{"cnca/approver"}, &certificatev1.Flag{Issuer: apptest.CQC, Number: "Q-F", Decided: int32(day) + 1, Note: "a warning"})
	at(suspended, rules.Suspended, "not-valid", 0)
	at(revoked, rules.Revoked, "not-valid", 0)
	at(product, rules.Cancelled, "not-valid", 0)
	at(flagged, rules.Valid, "blocking-flag", rules.FlagRegulator)
	at(parts, rules.Valid, "blocking-flag", rules.FlagComponents|rules.FlagComponentSuspended)
	at(stays, rules.Valid, "valid", 0)
	if v := l.verdict(parts); len(v.View.Unsound) != 1 || v.Details == nil {
		t.Errorf("%+v", v)
	}
	if v := l.verdict(flagged); !slices.Equal(v.View.Supervision.Flags, []string{"cnca"}) {
		t.Errorf("%+v", v)
	}

	// Dates count at the verification: a seal of today shows what is over tomorrow.
	b, card := l.prove(ends, false), l.card()
	for _, c := range []struct {
		at     time.Time
		status rules.Status
	}{{(day + 5).End().Add(-time.Second), rules.Valid}, {(day + 5).End(), rules.Expired}} {
		if v := Verify(b, card, ends, Limits{MaxAge: 1000 * time.Hour}, c.at); v.Status.Status != c.status || (v.Outcome == Holds) != (c.status == rules.Valid) {
			t.Errorf("at %v: %v %v", c.at, v.Status, v.Outcome)
		}
	}
	l.to(day+6, 1)
	at(ends, rules.Expired, "not-valid", 0)
	l.to(day+9, 1)
	at(suspended, rules.Suspended, "not-valid", rules.FlagOverdue)

	l.send([]string{"cnca/approver"}, &memberv1.StopBody{Body: "cqc", Reason: "why"})
	at(stays, rules.Valid, "valid", rules.FlagBodyStopped)

	// The past is as it was.
	at(suspended.on(day), rules.Valid, "valid", 0)
	at(suspended.on(day+1), rules.Suspended, "not-valid", 0)
	at(suspended.on(day+8), rules.Suspended, "not-valid", 0)
	at(revoked.on(day), rules.Valid, "valid", 0)
	at(revoked.on(day+1), rules.Revoked, "not-valid", 0)
	at(ends.on(day+5), rules.Valid, "valid", 0)
	at(ends.on(day+6), rules.Expired, "not-valid", 0)
	is(t, l.verdict(stays.on(day-1)), DoesNotHold, "before-first-record")
	is(t, l.verdict(stays.on(l.today())), NotEstablished, "seal-before-date-ended")
	is(t, l.verdict(Claim{Issuer: apptest.CQC, Number: "NONE"}.on(day)), DoesNotHold, "unknown-certificate")

	// A key that was in other hands.
	l.send([]string{"cqc/admin/1"}, &memberv1.ReportCompromise{Key: keyOf("cqc/certifier"), Since: day.Start().Unix()})
	at(stays, rules.Valid, "blocking-flag", rules.FlagBodyStopped|rules.FlagKeyCompromised)
	if v := l.verdict(stays); len(v.View.Compromised) != 1 {
		t.Errorf("%+v", v.View)
	}
}

func keyOf(name string) []byte { k := apptest.Key(name).Public().Bytes(); return k[:] }

// TestRecordedLater: a decision counts from its own date; that the ledger learnt
// of it later, the verdict says.
func TestRecordedLater(t *testing.T) {
	l := newLedger(t, 4)
	day := l.today()
	c := l.issue("Q-1")
	l.to(day+5, 9)
	before, card := l.prove(c.on(day+3), false), l.card()
	l.send(eyes("cqc"), &certificatev1.Revoke{Number: "Q-1", Decided: int32(day) + 3, Reason: "0114"})
	v := Verify(before, card, c.on(day+3), Limits{}, l.net.Now())
	is(t, v, Holds, "valid")
	v = l.verdict(c.on(day + 3))
	is(t, v, DoesNotHold, "not-valid")
	if !slices.Equal(codes(v.Notes), []string{"recorded-later"}) || v.Records[0].Decided != day+3 {
		t.Errorf("%+v", v)
	}
	if v = l.verdict(c.on(day + 2)); len(v.Notes) > 0 {
		t.Errorf("%+v", v)
	}
	is(t, v, Holds, "valid")
}

func TestRenewedTransferredImported(t *testing.T) {
	l := newLedger(t, 4)
	day := int32(l.today())
	renewed, transferred := l.issue("Q-1"), l.issue("Q-2")
	l.send(eyes("cqc"), &certificatev1.Renew{Number: "Q-1", Decided: day, ReissueReason: "0102", Certificate: l.certify("Q-1B", "A010101", 1000)})
	l.send(eyes("cqm", "cqc"), &certificatev1.Transfer{Issuer: apptest.CQC, Number: "Q-2", Decided: day, Certificate: l.certify("M-2", "A010101", 900)})
	for _, c := range []struct{ old, now Claim }{
		{renewed, Claim{Issuer: apptest.CQC, Number: "Q-1B"}}, {transferred, Claim{Issuer: apptest.CQM, Number: "M-2"}},
	} {
		v := l.verdict(c.old)
		is(t, v, DoesNotHold, "not-valid")
		if v.View.Successor != c.now.Ref() || v.Status.Flags&rules.FlagReplaced == 0 {
			t.Errorf("%+v", v.View)
		}
		is(t, l.verdict(c.now), Holds, "valid")
		is(t, l.verdict(c.now.as(Approved)), Holds, "issuer-approved")
		v = l.verdict(c.old.as(History))
		is(t, v, Holds, "complete-history")
		if len(v.Records) != 2 {
			t.Error(len(v.Records))
		}
	}
	l.decide(&governancev1.OpenImportWindow{Body: "cqc", From: l.net.Now().Unix(), Until: l.net.Now().Add(48 * time.Hour).Unix(), MaxRecords: 10})
	old := l.certify("Q-OLD", "A010101", 300)
	old.FirstIssued, old.Issued = day-500, day-500
	l.send(eyes("cqc"), &certificatev1.Import{Certificate: old, Decided: day - 500, Status: 1})
	imported := Claim{Issuer: apptest.CQC, Number: "Q-OLD"}
	v := l.verdict(imported)
	is(t, v, Holds, "valid")
	if v.Status.Flags&rules.FlagImported == 0 {
		t.Error(v.Status)
	}
	// Before it was imported, by what was decided then; and the verdict says that
	// the ledger learnt of it later.
	v = l.verdict(imported.on(civil.Date(day - 100)))
	is(t, v, Holds, "valid")
	if !slices.Equal(codes(v.Notes), []string{"recorded-later"}) {
		t.Error(v.Notes)
	}
}

func TestApproved(t *testing.T) {
	l := newLedger(t, 4)
	c := l.issue("Q-1").as(Approved)
	is(t, l.verdict(c), Holds, "issuer-approved")
	// What happens later changes nothing.
	l.to(l.today()+1, 9)
	l.decide(&memberv1.RevokeApproval{Body: "cqc", Grant: 1, Reason: "why"})
	is(t, l.verdict(c), Holds, "issuer-approved")
	l.decide(&memberv1.RemoveMember{Member: "cqc", Reason: "why"})
	is(t, l.verdict(c), Holds, "issuer-approved")
	// Imported is what the body issued in other days, without an approval.
	l.decide(&governancev1.OpenImportWindow{Body: "cqm", From: l.net.Now().Unix(), Until: l.net.Now().Add(48 * time.Hour).Unix(), MaxRecords: 10})
	old := l.certify("Q-OLD", "A010101", 300)
	day := int32(civil.Date(18000)) // 2019
	old.FirstIssued, old.Issued, old.Expires = day, day, day+1000
	l.send(eyes("cqm"), &certificatev1.Import{Certificate: old, Decided: day, Status: 1})
	is(t, l.verdict(Claim{Kind: Approved, Issuer: apptest.CQM, Number: "Q-OLD"}), DoesNotHold, "issuer-not-approved")
}
