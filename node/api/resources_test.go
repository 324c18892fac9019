package api_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"encoding/hex"
	wire "github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/app/apptest"
	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	governancev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/governance/v1"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/store/proof"
	x "github.com/hallmark-ledger/hallmark/x/certificate"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
)

const number = "00117Q12345R0M/3700"

// fourEyes are the keys with which the first body decides.
var fourEyes = []string{"cqc/certifier", "cqc/approver"}

// issue is a transaction that issues certificates.
func issue(nonce uint64, numbers ...string) []byte {
	d := apptest.Draft{Nonce: nonce, Keys: fourEyes}
	for _, n := range numbers {
		d.Messages = append(d.Messages, apptest.Issue(n, today))
	}
	return d.Sign()
}

func suspend(nonce uint64, n string) []byte {
	return apptest.Draft{Nonce: nonce, Keys: fourEyes, Messages: []*txv1.Message{apptest.Suspend(n, today)}}.Sign()
}

// seven is a service on a chain of a few blocks: a certificate issued at height
// 2, suspended at 3; a proposal at 4; a hundred certificates at 5, which is sealed.
func seven(t *testing.T) *service {
	t.Helper()
	n := newNode(t)
	n.commit()
	n.commit(issue(1, number))
	n.commit(suspend(2, number))
	n.commit(apptest.Draft{Nonce: 1, Keys: []string{"cnca/approver"}, Messages: []*txv1.Message{
		apptest.Propose(openWindow()),
	}}.Sign())
	var many []string
	for i := range 100 {
		many = append(many, fmt.Sprintf("00126Q%05dR0M", i))
	}
	n.commit(issue(3, many...))
	sealed := newSeals(n)
	sealed.seal()
	opts := unlimited
	opts.Seals, opts.Statements = sealed, statements{sealed, []seal.Conflict{{}}}
	return serve(t, n, opts)
}

func TestCertificate(t *testing.T) {
	s := seven(t)
	var c wire.Certificate
	r := s.get(certificate(apptest.CQC, number), 200, &c)
	if h := r.Header.Get("Hallmark-Height"); h != "5" {
		t.Errorf("height %q", h)
	}
	if c.Number != number || c.Effective.Status != "suspended" || c.Effective.Code != "02" || c.Effective.Text.Zh != "暂停" || c.Effective.Holds ||
		c.Effective.Reason != "0111" || c.Effective.ReasonText == nil || c.Member != "cqc" || c.Details == nil || c.Details.Holder == nil || c.Records != 2 {
		t.Errorf("%s", r.body)
	}
	if !c.At.Equal(apptest.Begin.Add(5 * time.Second)) {
		t.Errorf("at %v", c.At)
	}
	r = s.get(certificate(apptest.CQC, number)+"?height=2", 200, &c)
	if r.Header.Get("Hallmark-Height") != "2" || c.Effective.Status != "valid" || !c.Effective.Holds || !c.At.Equal(apptest.Begin.Add(2*time.Second)) {
		t.Errorf("%s", r.body)
	}
	s.problem(certificate(apptest.CQC, number)+"?height=1", 404)
	s.problem(certificate(apptest.CQM, number), 404)
	s.problem(certificate(apptest.CQC, number)+"?height=6", 404)
	if p := s.problem(certificate(apptest.CQC, "lower"), 422); p.Refusal == nil || p.Refusal.Text.Zh == "" {
		t.Errorf("%+v", p)
	}
}

func TestHeightGone(t *testing.T) {
	s := seven(t)
	for range 8 {
		s.commit()
	}
	s.problem("/v1/parameters?height=2", 410)
	s.get("/v1/parameters?height=13", 200, nil)
}

func TestHistory(t *testing.T) {
	s := seven(t)
	var h wire.History
	s.get(certificate(apptest.CQC, number)+"/history?limit=1", 200, &h)
	if len(h.Items) != 1 || h.Next != 2 || h.Items[0].Action != "issue" || h.Items[0].Height != 2 || len(h.Items[0].Signers) != 2 || h.Items[0].Signers[1].Duty != "approver" {
		t.Errorf("%+v", h)
	}
	h = wire.History{}
	s.get(certificate(apptest.CQC, number)+"/history?from=2", 200, &h)
	if len(h.Items) != 1 || h.Next != 0 || h.Items[0].Status != "suspended" || h.Items[0].Text.Zh != "暂停" || h.Items[0].From != "valid" {
		t.Errorf("%+v", h)
	}
	var empty wire.History
	s.get(certificate(apptest.CQC, number)+"/history?from=4294967297", 200, &empty)
	if len(empty.Items) != 0 {
		t.Errorf("%+v", empty)
	}
	var on wire.OnDate
	s.get(certificate(apptest.CQC, number)+"/on/"+today.String(), 200, &on)
	if on.Effective.Status != "suspended" || on.Record.N != 2 {
		t.Errorf("%+v", on)
	}
	s.problem(certificate(apptest.CQC, number)+"/on/2026-05-01", 404)
	s.problem(certificate(apptest.CQC, number)+"/on/2027-05-01", 422)
	s.problem(certificate(apptest.CQC, number)+"/on/yesterday", 422)
	var d wire.Details
	s.get(certificate(apptest.CQC, number)+"/versions/1", 200, &d)
	if len(d.Standards) != 1 {
		t.Errorf("%+v", d)
	}
	s.problem(certificate(apptest.CQC, number)+"/versions/2", 404)
	s.problem(certificate(apptest.CQC, number)+"/versions/0", 422)
}

func TestHolder(t *testing.T) {
	s := seven(t)
	seen, pages := map[string]bool{}, 0
	for cursor := ""; ; pages++ {
		var l wire.CertificateList
		s.get("/v1/holders/"+apptest.Holder+"/certificates?limit=30&cursor="+cursor, 200, &l)
		for _, c := range l.Items {
			if seen[c.Number] || c.Details != nil {
				t.Errorf("%+v", c)
			}
			seen[c.Number] = true
		}
		if cursor = l.Next; cursor == "" {
			break
		}
	}
	if len(seen) != 101 || pages != 3 {
		t.Errorf("%d certificates, %d further pages", len(seen), pages)
	}
	s.problem("/v1/holders/"+apptest.Holder+"/certificates?cursor=AAAA", 422)
	s.problem("/v1/holders/"+apptest.Holder+"/certificates?limit=201", 422)
	s.problem("/v1/holders/"+apptest.Holder+"/certificates?limit=0", 422)
	var b wire.BarList
	s.get("/v1/holders/"+apptest.Holder+"/bars", 200, &b)
	var i wire.Issuers
	s.get("/v1/numbers/00117Q12345R0M%2F3700", 200, &i)
	if len(i.Issuers) != 1 || i.Issuers[0] != apptest.CQC || i.Number != number {
		t.Errorf("%+v", i)
	}
	i = wire.Issuers{}
	s.get("/v1/numbers/FORGED", 200, &i)
	if i.Issuers == nil || len(i.Issuers) != 0 {
		t.Errorf("%+v", i)
	}
}

func TestMembers(t *testing.T) {
	s := seven(t)
	var all, bodies wire.MemberList
	s.get("/v1/members", 200, &all)
	s.get("/v1/members?role=certification_body", 200, &bodies)
	if len(all.Items) != 7 || len(bodies.Items) != 2 || bodies.Items[0].ApprovalNumber != apptest.CQC {
		t.Errorf("%+v, %+v", all, bodies)
	}
	var first, rest wire.MemberList
	s.get("/v1/members?limit=5", 200, &first)
	s.get("/v1/members?limit=5&cursor="+first.Next, 200, &rest)
	if len(first.Items) != 5 || len(rest.Items) != 2 || rest.Next != "" || rest.Items[0].ID != all.Items[5].ID {
		t.Errorf("%+v, %+v", first, rest)
	}
	var m wire.Member
	s.get("/v1/members/cqc", 200, &m)
	if m.ID != "cqc" || m.Version != 1 || m.Status != "active" || m.Change != "admit" || m.USCC == "" {
		t.Errorf("%+v", m)
	}
	var versions wire.MemberList
	s.get("/v1/members/cqc/versions", 200, &versions)
	var grants wire.GrantList
	s.get("/v1/members/cqc/grants", 200, &grants)
	if len(versions.Items) != 1 || len(grants.Items) != 1 || grants.Items[0].Until != "2029-12-31" || len(grants.Items[0].Schemes) != 2 {
		t.Errorf("%+v, %+v", versions, grants)
	}
	for _, path := range []string{"/v1/members/nobody", "/v1/members/nobody/keys", "/v1/members/nobody/grants", "/v1/members/nobody/versions"} {
		s.problem(path, 404)
	}
	s.problem("/v1/members?role=king", 422)
	s.problem("/v1/members?rôle=regulator", 422)
}

func TestKeys(t *testing.T) {
	s := seven(t)
	var keys, rest wire.KeyList
	s.get("/v1/members/cqc/keys?limit=3", 200, &keys)
	s.get("/v1/members/cqc/keys?limit=3&cursor="+keys.Next, 200, &rest)
	if len(keys.Items) != 3 || len(rest.Items) != 2 || rest.Next != "" {
		t.Errorf("%+v, %+v", keys, rest)
	}
	public := apptest.Key("cqc/certifier").Public().String()
	var k wire.Key
	s.get("/v1/keys/"+public, 200, &k)
	if k.Member != "cqc" || k.Duty != "certifier" || !k.Usable || k.Key != public || k.Holder != "cqc.certifier" {
		t.Errorf("%+v", k)
	}
	var nonce wire.Nonce
	s.get("/v1/keys/"+public+"/nonce", 200, &nonce)
	if nonce.Highest != 3 || nonce.Span != 1024 {
		t.Errorf("%+v", nonce)
	}
	s.problem("/v1/keys/"+apptest.Key("stranger").Public().String(), 404)
	s.problem("/v1/keys/02ab", 422)
}

func TestGovernance(t *testing.T) {
	s := seven(t)
	var l, open, none wire.ProposalList
	s.get("/v1/proposals", 200, &l)
	s.get("/v1/proposals?open=true", 200, &open)
	s.get("/v1/proposals?open=true&from=2", 200, &none)
	if len(l.Items) != 1 || len(open.Items) != 1 || len(none.Items) != 0 || l.Items[0].Kinds[0] != "open_import_window" {
		t.Errorf("%+v, %+v, %+v", l, open, none)
	}
	var p wire.Proposal
	s.get("/v1/proposals/1", 200, &p)
	if p.Status != "open" || p.Approvals != 1 || p.Needed != 2 || p.Regulators != 3 || len(p.Votes) != 1 || p.Votes[0].Regulator != "cnca" || len(p.Actions) != 1 {
		t.Errorf("%+v", p)
	}
	s.problem("/v1/proposals/2", 404)
	s.problem("/v1/proposals/-1", 422)
	s.commit(apptest.Draft{Nonce: 1, Keys: []string{"samr-bj/approver"}, Messages: []*txv1.Message{apptest.Approve(1)}}.Sign())
	p = wire.Proposal{}
	s.get("/v1/proposals/1", 200, &p)
	if p.Status != "executed" || p.ClosedHeight != 6 || p.Approvals != 2 {
		t.Errorf("%+v", p)
	}
	var params wire.Parameters
	s.get("/v1/parameters", 200, &params)
	if params.Values["max_tx_bytes"] != 1<<20 || len(params.Values) != 12 || len(params.Thresholds) == 0 {
		t.Errorf("%+v", params)
	}
	var sets wire.ValidatorSets
	s.get("/v1/validators", 200, &sets)
	if len(sets.Items) != 1 || len(sets.Items[0].Validators) != 4 || sets.Items[0].Validators[0].Power != 10 || len(sets.Items[0].Validators[0].Address) != 40 {
		t.Errorf("%+v", sets)
	}
}

func TestBlocks(t *testing.T) {
	s := seven(t)
	var b, latest wire.Block
	s.get("/v1/blocks/2", 200, &b)
	s.get("/v1/blocks/latest", 200, &latest)
	if b.Height != 2 || len(b.Transactions) != 1 || latest.Height != 5 || len(b.Hash) != 64 {
		t.Errorf("%+v, %+v", b, latest)
	}
	s.prune(3)
	s.problem("/v1/blocks/1", 410)
	s.problem("/v1/blocks/6", 404)
	s.problem("/v1/blocks/0", 404)
	s.problem("/v1/blocks/9999999999999999999", 422)
	s.problem("/v1/blocks/first", 422)
	var st wire.Status
	s.get("/v1/status", 200, &st)
	s.get("/healthz", 200, nil)
	if st.Height != 5 || st.ChainID != apptest.Chain {
		t.Errorf("%+v", st)
	}
}

func TestProof(t *testing.T) {
	s := seven(t)
	ref := rules.Ref{Issuer: apptest.CQC, Number: number}
	for _, c := range []struct {
		key    []byte
		exists bool
	}{{x.HeadKey(ref), true}, {x.NumberKey("FORGED"), false}} {
		var p wire.StateProof
		s.get("/v1/proofs/"+hex.EncodeToString(c.key), 200, &p)
		var root sm3.Hash
		raw, err := hex.DecodeString(p.Root)
		if err != nil {
			t.Fatal(err)
		}
		copy(root[:], raw)
		evidence, err := hex.DecodeString(p.Proof)
		if err != nil {
			t.Fatal(err)
		}
		value, err := hex.DecodeString(p.Value)
		if err != nil {
			t.Fatal(err)
		}
		if c.exists {
			err = proof.VerifyInclusion(root, c.key, value, evidence)
		} else {
			err = proof.VerifyAbsence(root, c.key, evidence)
		}
		if err != nil || p.Exists != c.exists || p.Height != 5 {
			t.Errorf("%+v: %v", p, err)
		}
	}
	s.problem("/v1/proofs/abc", 422)
	s.problem("/v1/proofs/XY", 422)
}

func TestRouting(t *testing.T) {
	s := seven(t)
	s.problem("/", 404)
	s.problem("/v1/nothing", 404)
	s.problem("/v1/status/", 404)
	s.problem("/v1//status", 404)
	s.problem("/v1/status?a=%zz", 400)
	p := s.do(http.MethodDelete, "/v1/status", nil)
	s.isProblem(p, 405)
	if p.Header.Get("Allow") != "GET, HEAD" {
		t.Errorf("allow %q", p.Header.Get("Allow"))
	}
}

// openWindow is an action to propose.
func openWindow() *governancev1.Action {
	return &governancev1.Action{Action: &governancev1.Action_OpenImportWindow{OpenImportWindow: &governancev1.OpenImportWindow{
		Body: "cqc", From: apptest.Begin.Add(time.Hour).Unix(), Until: apptest.Begin.Add(24 * time.Hour).Unix(), MaxRecords: 100,
	}}}
}

// issueTwice are messages of which the second is refused.
func issueTwice(n string) []*txv1.Message {
	return []*txv1.Message{apptest.Suspend(n, today), apptest.Suspend(n, today)}
}
