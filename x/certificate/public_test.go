package certificate

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"testing"

	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// publicFile has three published certificates and some numbers.
const publicFile = "../../../shared/data/cnca/public_certificates.json"

// published is a certificate as the national register shows it.
type published struct {
	Number string `json:"certNumber"`
	Name   string `json:"orgName"`
	Code   string `json:"orgCode"`
	Body   string `json:"rzjgId"`
	Scheme string `json:"authProjCode"`
	Status string `json:"certiStatus"`
	Ends   string `json:"certiEDate"`
	Report string `json:"reportDate"`
	Kind   string `json:"kind"` // of numbers without a certificate
}

func readPublic(t *testing.T) (list, ccc []published) {
	b, err := os.ReadFile(publicFile)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("%s is not there: the published certificates are no part of the repository", publicFile)
	}
	var file struct{ Records, NumbersOnly []published }
	if err == nil {
		err = json.Unmarshal(b, &file)
	}
	if err != nil || len(file.Records) == 0 {
		t.Fatal(err)
	}
	for _, p := range file.NumbersOnly {
		if p.Kind == "CCC" {
			ccc = append(ccc, p)
		}
	}
	return file.Records, ccc
}

// admit makes the bodies of the certificates members, under ids of their own.
func (w *world) admit(list []published) map[string]string {
	ids := map[string]string{}
	for _, m := range w.members {
		m.ApprovalNumber = "" // none of the tests' own
	}
	for i, p := range list {
		id := "body-" + string(rune('a'+i))
		ids[p.Body] = id
		w.members[id] = &Member{Roles: []Role{RoleCertificationBody}, Active: true, ApprovalNumber: p.Body}
	}
	return ids
}

func (p published) ref() rules.Ref { return rules.Ref{Issuer: p.Body, Number: p.Number} }

func (p published) certificate() *certificatev1.Certificate {
	d := details(ms)
	d.Holder.NameZh = p.Name
	return &certificatev1.Certificate{
		Number: p.Number, Scheme: p.Scheme, Holder: p.Code,
		FirstIssued: days(p.Report), Issued: days(p.Report), Expires: days(p.Ends), Details: d,
	}
}

// TestPublicCertificates takes the published certificates through their lives in
// the time in which they were valid, with what is not legal refused on the way.
func TestPublicCertificates(t *testing.T) {
	list, ccc := readPublic(t)
	w := newWorld(t, "2017-06-20")
	ids := w.admit(list)
	gone := list[0].ref()
	for _, p := range list {
		id := ids[p.Body]
		w.ok(id, body(id), &certificatev1.Issue{Certificate: p.certificate(), Decided: days(p.Report)})
		w.status(p.ref(), rules.Valid, "")
		if got := "0" + string(rune('0'+w.head(p.ref()).Status)); got != p.Status {
			t.Errorf("status %s, published %s", got, p.Status)
		}
	}
	if n, _ := ByHolder(w.state, "91371323760038087M", rules.Ref{}, 10); len(n) != 2 {
		t.Errorf("the holder of two has %v", n)
	}
	a, b := list[1], list[2]
	cqm, st := ids[a.Body], ids[b.Body]
	try := func(code *exec.Code, id string, a rules.Action, ref rules.Ref) {
		t.Helper()
		signers := append(body(id), head(samr)...)
		if msg := w.message(ms, a, ref, 0, 0); code == nil {
			w.ok(id, signers, msg)
		} else {
			w.refuse(code, id, signers, msg)
		}
	}

	// The first: suspended and reinstated, amended, renewed.
	ref := a.ref()
	try(&rules.CodeNotSuspended, cqm, rules.Reinstate, ref)
	try(&rules.CodeNoCancellation, cqm, rules.Cancel, ref)
	try(&codeNotIssuer, st, rules.Suspend, ref)
	try(nil, cqm, rules.Suspend, ref)
	for _, action := range []rules.Action{rules.Suspend, rules.Extend, rules.Name, rules.Renew} {
		try(&rules.CodeSuspended, cqm, action, ref)
	}
	try(nil, cqm, rules.Reinstate, ref)
	w.to("2017-09-15")
	try(nil, cqm, rules.Standard, ref)
	try(nil, cqm, rules.Extend, ref)
	if h := w.head(ref); h.Version != 3 {
		t.Errorf("version %d", h.Version)
	}
	renewal := w.message(ms, rules.Renew, ref, 0, 0).(*certificatev1.Renew)
	renewal.Certificate.Number, renewal.Certificate.Holder = "00217Q10097R2S", "760038087" // the holder's old code
	w.ok(cqm, body(cqm), renewal)
	w.status(ref, rules.Revoked, "0120")
	try(&rules.CodeRevoked, cqm, rules.Suspend, ref)

	// The second: to the first body, and revoked there for fault.
	moved := w.message(ms, rules.Transfer, b.ref(), 0, 0).(*certificatev1.Transfer)
	moved.Certificate.Number = "00217Q10098R1S"
	w.refuse(&codeOtherBody, cqm, body(cqm), moved)
	w.ok(cqm, append(body(cqm), body(st)...), moved)
	w.status(b.ref(), rules.Revoked, "0120")
	there := rules.Ref{Issuer: a.Body, Number: moved.Certificate.Number}
	w.ok(cqm, body(cqm), &certificatev1.Revoke{Number: there.Number, Decided: w.day(), Reason: "0114"})
	w.barred("760038087", "A01", date("2018-09-15"))
	again := b.certificate()
	again.Number = "10417Q20770R2S"
	w.refuse(&codeBarred, st, body(st), &certificatev1.Issue{Certificate: again, Decided: days(b.Report)})

	// The third runs out.
	w.to(list[0].Ends)
	w.endBlock()
	w.status(gone, rules.Valid, "")
	w.now = date(list[0].Ends).End()
	try(&rules.CodeExpired, ids[list[0].Body], rules.Suspend, gone)
	w.endBlock()
	w.status(gone, rules.Expired, "")
	try(&rules.CodeExpired, ids[list[0].Body], rules.Renew, gone)

	// CCC has cancellation, and ends by it.
	cqc := ids["CNCA-R-2002-001"]
	for i, p := range ccc {
		c := w.certificate(rules.CCC, p.Number)
		w.ok(cqc, body(cqc), &certificatev1.Issue{Certificate: c, Decided: w.day()})
		ref := rules.Ref{Issuer: "CNCA-R-2002-001", Number: p.Number}
		if i == 0 {
			w.ok(cqc, body(cqc), &certificatev1.Cancel{Number: p.Number, Decided: w.day(), Reason: "0202"})
			w.status(ref, rules.Cancelled, "0202")
			w.refuse(&rules.CodeCancelled, cqc, body(cqc), w.message(rules.CCC, rules.Revoke, ref, 0, 0))
			continue
		}
		w.now = w.head(ref).Expires.End()
		w.endBlock()
		w.status(ref, rules.Cancelled, "0201")
	}
}

// TestPublicImport imports them under today's time: long past, they have run out.
func TestPublicImport(t *testing.T) {
	list, _ := readPublic(t)
	w := newWorld(t, "2026-11-24")
	ids := w.admit(list)
	for _, p := range list {
		id := ids[p.Body]
		m := &certificatev1.Import{Certificate: p.certificate(), Decided: days(p.Report), Status: valid}
		w.refuse(&codeRunOut, id, body(id), &certificatev1.Issue{Certificate: m.Certificate, Decided: m.Decided})
		w.window = 0
		w.refuse(&codeWindow, id, body(id), m)
		w.window = 1
		w.ok(id, body(id), m)
		w.status(p.ref(), rules.Expired, "")
		w.flags(p.ref(), rules.FlagImported)
		if h := w.head(p.ref()); h.Since != date(p.Ends).AddDays(1) {
			t.Errorf("since %v", h.Since)
		}
		r, ok, err := On(w.state, p.ref(), date(p.Ends))
		if err != nil || !ok || !rules.EffectiveOn(r.After.Standing, date(p.Ends), rules.Facts{}).Holds() {
			t.Errorf("not valid on its last day: %+v, %v", r, err)
		}
	}
	w.endBlock()
	if w.kinds() != "" {
		t.Errorf("left to the sweep: %s", w.kinds())
	}
}
