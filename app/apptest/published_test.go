package apptest

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	governancev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/governance/v1"
	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/certificate"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
	"github.com/hallmark-ledger/hallmark/x/member"
)

// publishedFile has three published certificates and some numbers.
const publishedFile = "../../../shared/data/cnca/public_certificates.json"

// published is a certificate as the national register shows it.
type published struct {
	Number string `json:"certNumber"`
	Name   string `json:"orgName"`
	Code   string `json:"orgCode"`
	Old    string `json:"orgCodeOld"`
	Body   string `json:"rzjgId"`
	Title  string `json:"rzjgIdName"`
	Scheme string `json:"authProjCode"`
	Ends   string `json:"certiEDate"`
	Report string `json:"reportDate"`
	Kind   string `json:"kind"` // of numbers without a certificate
}

func readPublished(t *testing.T) (list, numbers []published) {
	t.Helper()
	b, err := os.ReadFile(publishedFile)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("%s is not there: the published certificates are no part of the repository", publishedFile)
	}
	var file struct{ Records, NumbersOnly []published }
	if err == nil {
		err = json.Unmarshal(b, &file)
	}
	if err != nil || len(file.Records) == 0 {
		t.Fatal(err)
	}
	return file.Records, file.NumbersOnly
}

func (p published) ref() Ref { return Ref{p.Body, p.Number} }

func (p published) certificate(t *testing.T) *certificatev1.Certificate {
	d := Text(p.Scheme)
	d.Holder.NameZh = p.Name
	return &certificatev1.Certificate{
		Number: p.Number, Scheme: p.Scheme, Holder: p.Code,
		FirstIssued: dayOf(t, p.Report), Issued: dayOf(t, p.Report), Expires: dayOf(t, p.Ends), Details: d,
	}
}

func dayOf(t *testing.T, s string) int32 {
	t.Helper()
	d, err := civil.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return int32(d)
}

// newRegister begins a chain whose bodies are the real ones, admitted by governance.
// A body's member id is its approval number in small letters.
func newRegister(t *testing.T, day string, list []published) *register {
	begin, err := civil.Parse(day)
	if err != nil {
		t.Fatal(err)
	}
	g := Genesis(1, 4)
	bodies := []string{"cqc", "cqm"} // of the tests' own: the real ones take their place
	g.Member.Members = slices.DeleteFunc(g.Member.Members, func(m member.GenesisMember) bool { return slices.Contains(bodies, m.ID) })
	g.Member.Keys = slices.DeleteFunc(g.Member.Keys, func(k member.GenesisKey) bool { return slices.Contains(bodies, k.Member) })
	g.Member.Grants = nil
	r := &register{T: t, net: newNetwork(t, g, Options{Begin: begin.Start().Add(9 * time.Hour), CheckEvery: 1}), nonces: map[string]uint64{}}
	for i, p := range list {
		id := strings.ToLower(p.Body)
		profile := &memberv1.Profile{
			NameZh: p.Title, Uscc: uscc("9111000000008000" + string(rune('0'+i))), Region: "110000", Roles: []memberv1.Role{3}, ApprovalNumber: p.Body,
		}
		admit := &memberv1.AdmitMember{Member: id, Profile: profile}
		for _, name := range []string{"admin/1", "admin/2", "certifier", "approver"} {
			admit.Keys = append(admit.Keys, NewKey(id+"/"+name))
		}
		r.decide(
			&governancev1.Action{Action: &governancev1.Action_AdmitMember{AdmitMember: admit}},
			&governancev1.Action{Action: &governancev1.Action_ApproveSchemes{ApproveSchemes: &memberv1.ApproveSchemes{
				Body: id, Schemes: []string{"A01", "A02", "B01", "B03"}, From: dayOf(t, "2003-01-01"), Until: dayOf(t, "2035-12-31"),
			}}},
		)
	}
	return r
}

// illegal tries every action that the status forbids. other is a body that a
// transfer would go to.
func (r *register) illegal(ref Ref, other string) {
	r.Helper()
	h := r.head(ref)
	code := map[rules.Status]uint32{1: 402, 2: 403, 3: 404, 4: 405, 5: 406, 6: 407}[h.Status]
	for _, action := range []string{
		"suspend", "reinstate", "revoke", "cancel", "extend", "reduce", "name", "address", "model", "standard", "particulars", "annul", "renew", "transfer",
	} {
		legal, want := slices.Contains(from[action], statusNames[h.Status]), code
		if action == "cancel" && h.Status.Live() && !h.Family.Product() {
			legal, want = false, 409
		}
		if legal {
			continue
		}
		signers := eyes(ref.Issuer)
		switch action {
		case "annul":
			signers = append(signers, "cnca/approver")
		case "transfer":
			signers = append(eyes(other), signers...)
		}
		r.refused(want, signers, r.message(action, ref))
	}
}

// TestPublishedCertificates takes published certificates through their lives
// under the block time of then, as signed transactions in blocks, with every
// transition that is not legal refused on the way.
func TestPublishedCertificates(t *testing.T) {
	list, numbers := readPublished(t)
	r := newRegister(t, "2017-06-20", list)
	for _, p := range list {
		m := &txv1.Message{Action: &txv1.Message_Issue{Issue: &certificatev1.Issue{Certificate: p.certificate(t), Decided: dayOf(t, p.Report)}}}
		r.ok(eyes(p.Body), m)
		r.is(p.ref(), rules.Valid, "")
		r.refused(401, eyes(p.Body), m)
	}
	gone, a, b := list[0], list[1], list[2]
	for _, p := range list {
		r.illegal(p.ref(), map[bool]string{true: a.Body, false: b.Body}[p.Body == b.Body])
	}

	// The first: suspended and reinstated, amended, renewed.
	r.refused(456, eyes(b.Body), r.message("suspend", a.ref())) // another body's
	r.ok(eyes(a.Body), r.message("suspend", a.ref()))
	r.is(a.ref(), rules.Suspended, "0112")
	r.illegal(a.ref(), b.Body)
	r.ok(eyes(a.Body), r.message("reinstate", a.ref()))
	r.is(a.ref(), rules.Valid, "")
	for i, action := range []string{"name", "address"} {
		m := r.message(action, a.ref())
		d := m.GetAmend().Details
		if d.Holder.NameZh = a.Name; action == "name" {
			d.Holder.NameZh += "（更名）"
		} else {
			d.Holder.NameZh += "（更名）"
			d.Holder.AddressZh = "临沂市"
		}
		r.ok(eyes(a.Body), m)
		if h := r.head(a.ref()); h.Version != uint32(i+2) {
			t.Errorf("version %d after %d amendments", h.Version, i+1)
		}
	}
	renewal := r.message("renew", a.ref())
	renewal.GetRenew().Certificate.Number, renewal.GetRenew().Certificate.Holder = "00217Q10097R2S", a.Old
	r.ok(eyes(a.Body), renewal)
	r.is(a.ref(), rules.Revoked, "0120")
	r.is(Ref{a.Body, "00217Q10097R2S"}, rules.Valid, "")
	r.illegal(a.ref(), b.Body)

	// The second: to the first body, and revoked there for fault.
	moved := r.message("transfer", b.ref())
	moved.GetTransfer().Certificate.Number = "00217Q10098R1S"
	r.refused(473, eyes(a.Body), moved)
	r.ok(append(eyes(a.Body), eyes(b.Body)...), moved)
	r.is(b.ref(), rules.Revoked, "0120")
	there := Ref{a.Body, "00217Q10098R1S"}
	r.ok(eyes(a.Body), r.message("revoke", there))
	r.is(there, rules.Revoked, "0114")
	r.illegal(there, b.Body)
	again := b.certificate(t)
	again.Number, again.Issued = "10417Q20770R2S", r.today()
	barred := &txv1.Message{Action: &txv1.Message_Issue{Issue: &certificatev1.Issue{Certificate: again, Decided: r.today()}}}
	r.refused(460, eyes(b.Body), barred)

	r.numbers(list[0].Body, numbers)

	// The third runs out, after the last second of its last day.
	last, err := civil.Parse(gone.Ends)
	if err != nil {
		t.Fatal(err)
	}
	r.to(last)
	r.is(gone.ref(), rules.Valid, "")
	r.to(last.AddDays(1))
	r.is(gone.ref(), rules.Expired, "")
	r.illegal(gone.ref(), b.Body)
}

// numbers files certificates with numbers that were published without one: CCC
// numbers end by cancellation, by hand or when they have run out.
func (r *register) numbers(cqc string, list []published) {
	var ends []Ref
	for i, p := range list {
		ccc := strings.HasPrefix(p.Kind, "CCC")
		scheme := map[bool]string{true: "B01", false: "A010101"}[ccc]
		if p.Kind == "voluntary product" {
			scheme = "B0301"
		}
		ref := Ref{cqc, p.Number}
		c := &certificatev1.Certificate{
			Number: p.Number, Scheme: scheme, Holder: holders[2], FirstIssued: r.today(), Issued: r.today(), Expires: r.today() + 100, Details: Text(scheme),
		}
		issue := &txv1.Message{Action: &txv1.Message_Issue{Issue: &certificatev1.Issue{Certificate: c, Decided: r.today()}}}
		if ccc { // the number names the body
			c.Number = p.Number[:4] + "99" + p.Number[6:]
			r.refused(413, eyes(cqc), issue)
			c.Number = p.Number
		}
		r.ok(eyes(cqc), issue)
		r.is(ref, rules.Valid, "")
		if !ccc {
			continue
		}
		if i == 0 {
			r.ok(eyes(cqc), r.message("suspend", ref))
			r.illegal(ref, "CNCA-R-2002-002")
			r.ok(eyes(cqc), r.message("cancel", ref))
			r.is(ref, rules.Cancelled, "0202")
			r.illegal(ref, "CNCA-R-2002-002")
			continue
		}
		ends = append(ends, ref)
	}
	r.to(civil.Date(r.today()).AddDays(101))
	for _, ref := range ends {
		r.is(ref, rules.Cancelled, "0201")
		r.illegal(ref, "CNCA-R-2002-002")
	}
}

// TestPublishedImport imports them under a later time: long past, they have run
// out, and what held then can still be told.
func TestPublishedImport(t *testing.T) {
	list, _ := readPublished(t)
	r := newRegister(t, "2026-11-24", list)
	for _, p := range list {
		m := &txv1.Message{Action: &txv1.Message_Import{Import: &certificatev1.Import{Certificate: p.certificate(t), Decided: dayOf(t, p.Report), Status: 1}}}
		r.refused(463, eyes(p.Body), &txv1.Message{Action: &txv1.Message_Issue{Issue: &certificatev1.Issue{Certificate: p.certificate(t), Decided: dayOf(t, p.Report)}}})
		r.refused(469, eyes(p.Body), m)
		now := r.net.Now().Unix()
		r.decide(&governancev1.Action{Action: &governancev1.Action_OpenImportWindow{OpenImportWindow: &governancev1.OpenImportWindow{
			Body: strings.ToLower(p.Body), From: now, Until: now + 86400, MaxRecords: 1,
		}}})
		r.ok(eyes(p.Body), m)
		r.is(p.ref(), rules.Expired, "")
		other := p.certificate(t)
		other.Number = "ANOTHER"
		r.refused(470, eyes(p.Body), &txv1.Message{Action: &txv1.Message_Import{Import: &certificatev1.Import{Certificate: other, Decided: dayOf(t, p.Report), Status: 1}}})

		h, last := r.head(p.ref()), civil.Date(dayOf(t, p.Ends))
		if h.Flags&rules.FlagImported == 0 || h.Since != last.AddDays(1) {
			t.Errorf("%v: flags %v, since %v", p.ref(), h.Flags, h.Since)
		}
		rec, ok, err := certificate.On(r.view(), rules.Ref(p.ref()), last)
		if err != nil || !ok || !rules.EffectiveOn(rec.After.Standing, last, rules.Facts{}).Holds() {
			t.Errorf("%v was not valid on its last day: %v, %v", p.ref(), ok, err)
		}
		r.illegal(p.ref(), map[bool]string{true: list[0].Body, false: list[2].Body}[p.Body == list[2].Body])
	}
}
