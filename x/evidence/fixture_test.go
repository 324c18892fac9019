package evidence

import (
	"fmt"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	evidencev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/evidence/v1"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/store/storetest"
	"github.com/hallmark-ledger/hallmark/x/civil"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// Subjects of the tests: of cqc, held by maker; the product is maker's.
var (
	certificate = OfCertificate("CNCA-R-2002-001", "2023010911000001")
	engagement  = OfEngagement("CNCA-R-2002-001", "B01", "2026/0007-a")
	product     = OfProduct("https://id.gs1.org/01/09506000134352/10/LOT1")
)

// world is a chain with evidence alone, and fakes of all else.
type world struct {
	*testing.T
	m      *Module
	state  store.ReadWriter
	now    time.Time
	height uint64
	events []exec.Event

	members      map[string]*Member
	certificates map[Subject]Certificate
	products     map[string]Product
	grants       map[string]bool // "member scheme"
}

func newWorld(t *testing.T) *world {
	w := &world{T: t, state: &storetest.Mem{}, now: time.Date(2026, 6, 1, 4, 0, 0, 0, time.UTC), height: 1}
	w.members = map[string]*Member{
		"samr":    {Roles: []Role{RoleRegulator}, Active: true},
		"cnas":    {Roles: []Role{2}, Active: true},
		"cqc":     {Roles: []Role{RoleCertificationBody}, Active: true, ApprovalNumber: "CNCA-R-2002-001"},
		"cqm":     {Roles: []Role{RoleCertificationBody}, Active: true, ApprovalNumber: "CNCA-R-2002-002"},
		"lab":     {Roles: []Role{RoleLaboratory}, Active: true},
		"inspect": {Roles: []Role{RoleInspectionBody}, Active: true},
		"maker":   {Roles: []Role{RoleOperator}, Active: true, Holder: "760038087"},
		"trader":  {Roles: []Role{RoleOperator}, Active: true, Holder: "708461136"},
		"watch":   {Roles: []Role{7}, Active: true},
	}
	w.certificates = map[Subject]Certificate{certificate: {"B01", "760038087"}}
	w.products = map[string]Product{product.Product: {Owner: "maker"}}
	w.grants = map[string]bool{"lab B01": true, "inspect B01": true}
	w.m = New(w, w, w)
	return w
}

func (w *world) Member(_ store.Reader, id string) (Member, bool, error) {
	m, ok := w.members[id]
	if !ok {
		return Member{}, false, nil
	}
	return *m, true, nil
}

func (w *world) ByApprovalNumber(_ store.Reader, number string) (string, bool, error) {
	for _, id := range storetest.SortedKeys(w.members) {
		if number != "" && w.members[id].ApprovalNumber == number {
			return id, true, nil
		}
	}
	return "", false, nil
}

func (w *world) Accredited(_ store.Reader, id, scheme string, on civil.Date) (bool, error) {
	return on == civil.DateOf(w.now) && w.grants[id+" "+scheme], nil
}

func (w *world) Certificate(_ store.Reader, issuer, number string) (Certificate, bool, error) {
	c, ok := w.certificates[OfCertificate(issuer, number)]
	return c, ok, nil
}

func (w *world) Product(_ store.Reader, uri string) (Product, bool, error) {
	p, ok := w.products[uri]
	return p, ok, nil
}

// anchor returns an anchor of a member that can be filed.
func (w *world) anchor(member string, kind Kind, s Subject) *Anchor {
	return &Anchor{
		Member: member, Kind: kind, Subject: s, Root: sm3.Sum([]byte("root")), Leaves: 3,
		From: w.now.Add(-time.Hour), To: w.now.Add(-time.Minute), Method: "GB/T 2828.1", Retention: SixYears,
	}
}

func sign(member string, duty exec.Duty) exec.Signer {
	s := exec.Signer{Member: member, Duty: duty, Holder: member + "-" + duty.String()}
	s.Key[0] = 2
	copy(s.Key[1:], s.Holder)
	return s
}

// file runs a message of a member in a block of its own.
func (w *world) file(actor string, signers []exec.Signer, msg *evidencev1.AnchorEvidence) error {
	w.Helper()
	w.height++
	branch := store.NewBranch(w.state)
	c := &exec.Context{
		Block: exec.Block{ChainID: "test", Height: w.height, Time: w.now}, Store: branch,
		TxID: sm3.Sum(fmt.Append(nil, "tx ", w.height)), Actor: actor, Signers: signers,
	}
	err := w.m.AnchorEvidence(c, msg)
	if _, refused := exec.AsRefusal(err); err != nil && !refused {
		w.Fatalf("fault: %v", err)
	}
	w.events = nil
	if err == nil {
		w.events = c.Events()
		if err := branch.Write(); err != nil {
			w.Fatal(err)
		}
	}
	if err := w.m.Check(w.state); err != nil {
		w.Fatalf("height %d: %v", w.height, err)
	}
	return err
}

// try files an anchor of its own member, under a key with the duty operator.
func (w *world) try(a *Anchor) error {
	w.Helper()
	return w.file(a.Member, []exec.Signer{sign(a.Member, exec.DutyOperator)}, &evidencev1.AnchorEvidence{Anchor: AnchorMessage(a)})
}

func (w *world) ok(a *Anchor) sm3.Hash {
	w.Helper()
	if err := w.try(a); err != nil {
		w.Fatal(err)
	}
	return a.ID()
}

func (w *world) refuse(code *exec.Code, err error) {
	w.Helper()
	if !code.Is(err) {
		w.Errorf("got %v, want %s", err, code.Name)
	}
}
