package certificate

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/store/storetest"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// Members of the tests.
const (
	cqc   = "cqc"   // CNCA-R-2002-001
	cqm   = "cqm"   // CNCA-R-2002-002
	samr  = "samr"  // regulator
	local = "local" // regulator
)

const (
	cqcNumber = "CNCA-R-2002-001"
	cqmNumber = "CNCA-R-2002-002"
	holder    = "91371323760038087M"
	holder2   = "91440300708461136T"
)

// world is a chain with certificates alone, and fakes of all else.
type world struct {
	t      testing.TB
	m      *Module
	state  store.ReadWriter
	now    time.Time
	height uint64
	events []exec.Event // of the last act

	members     map[string]*Member
	uncovered   []string              // "member scheme" without an approval
	unmarked    []string              // "member mark" without an accreditation
	lastDays    map[string]civil.Date // of "member scheme" and "member mark"
	window      uint64                // quota, 0 for closed
	sweeps      uint64
	compromises map[[33]byte]time.Time
	anchored    map[sm3.Hash]bool // evidence; nil: all of it
	unchecked   bool              // do not check invariants after each act
}

func newWorld(t testing.TB, day string) *world {
	w := &world{t: t, state: &storetest.Mem{}, now: date(day).Start().Add(10 * time.Hour), height: 1, sweeps: 1000}
	w.members = map[string]*Member{
		cqc:   {Roles: []Role{RoleCertificationBody}, Active: true, ApprovalNumber: cqcNumber},
		cqm:   {Roles: []Role{RoleCertificationBody}, Active: true, ApprovalNumber: cqmNumber},
		samr:  {Roles: []Role{RoleRegulator}, Active: true},
		local: {Roles: []Role{RoleRegulator}, Active: true},
	}
	w.compromises = map[[33]byte]time.Time{}
	w.m = New(w, w, w, w, w)
	return w
}

// read makes the faults of a state those of the fakes: they read from it.
func read(r store.Reader) error {
	_, _, err := r.Get([]byte{3})
	return err
}

func (w *world) Member(r store.Reader, id string) (Member, bool, error) {
	m, ok := w.members[id]
	if !ok {
		return Member{}, false, read(r)
	}
	return *m, true, read(r)
}

func (w *world) ByApprovalNumber(r store.Reader, number string) (string, bool, error) {
	if err := read(r); err != nil {
		return "", false, err
	}
	for _, id := range storetest.SortedKeys(w.members) {
		if number != "" && w.members[id].ApprovalNumber == number {
			return id, true, nil
		}
	}
	return "", false, nil
}

func (w *world) Covers(r store.Reader, id, scheme string, on civil.Date) (bool, error) {
	return on.Valid() && !slices.Contains(w.uncovered, id+" "+scheme) && !w.over(id+" "+scheme, on), read(r)
}

func (w *world) Accredited(r store.Reader, id, mark, scheme string, on civil.Date) (bool, error) {
	return on.Valid() && scheme != "" && !slices.Contains(w.unmarked, id+" "+mark) && !w.over(id+" "+mark, on), read(r)
}

func (w *world) over(grant string, on civil.Date) bool {
	last, ok := w.lastDays[grant]
	return ok && on > last
}

func (w *world) ImportWindow(r store.Reader, _ string, _ time.Time) (id, quota uint64, open bool, err error) {
	return 7, w.window, w.window > 0, read(r)
}

func (w *world) SweepPerBlock(r store.Reader) (uint64, error) { return w.sweeps, read(r) }

func (w *world) CompromisedSince(r store.Reader, key [33]byte) (time.Time, bool, error) {
	t, ok := w.compromises[key]
	return t, ok, read(r)
}

func (w *world) Anchored(r store.Reader, id sm3.Hash) (bool, error) {
	return w.anchored == nil || w.anchored[id], read(r)
}

func date(s string) civil.Date {
	d, err := civil.Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

func days(s string) int32 { return int32(date(s)) }

func (w *world) today() civil.Date { return civil.DateOf(w.now) }
func (w *world) day() int32        { return int32(w.today()) }

// to moves the time forward to a day.
func (w *world) to(day string) { w.now = date(day).Start().Add(10 * time.Hour) }

// sign returns a signer whose holder is that of the duty.
func sign(member string, duty exec.Duty) exec.Signer {
	s := exec.Signer{Member: member, Duty: duty, Holder: member + "-" + duty.String()}
	s.Key[0] = 2
	copy(s.Key[1:], s.Holder)
	return s
}

func body(member string) []exec.Signer {
	return []exec.Signer{sign(member, exec.DutyCertifier), sign(member, exec.DutyApprover)}
}

func head(member string) []exec.Signer { return []exec.Signer{sign(member, exec.DutyApprover)} }

// run runs f as one message of its own block, and the end of the block.
func (w *world) run(actor string, signers []exec.Signer, f func(c *exec.Context) error) error {
	w.t.Helper()
	w.height++
	branch := store.NewBranch(w.state)
	c := w.context(branch, actor, signers)
	err := f(c)
	if _, refused := exec.AsRefusal(err); err != nil && !refused {
		w.t.Fatalf("fault: %v", err)
	}
	w.events = nil
	if err == nil {
		w.events = c.Events()
		if err := branch.Write(); err != nil {
			w.t.Fatal(err)
		}
	}
	w.check()
	return err
}

func (w *world) context(rw store.ReadWriter, actor string, signers []exec.Signer) *exec.Context {
	return &exec.Context{
		Block: exec.Block{ChainID: "test", Height: w.height, Time: w.now}, Store: rw,
		TxID: sm3.Sum(fmt.Append(nil, "tx ", w.height)), Actor: actor, Signers: signers,
	}
}

// endBlock runs the sweep.
func (w *world) endBlock() {
	w.t.Helper()
	w.height++
	c := &exec.Context{Block: exec.Block{ChainID: "test", Height: w.height, Time: w.now}, Store: w.state}
	if err := w.m.EndBlock(c); err != nil {
		w.t.Fatal(err)
	}
	w.events = c.Events()
	w.check()
}

func (w *world) check() {
	w.t.Helper()
	if w.unchecked {
		return
	}
	if err := w.m.Check(w.state); err != nil {
		w.t.Fatalf("height %d: %v", w.height, err)
	}
}

// do runs the handler of a message, whichever it is.
func (w *world) do(actor string, signers []exec.Signer, msg proto.Message) error {
	w.t.Helper()
	return w.run(actor, signers, func(c *exec.Context) error { return dispatch(w.m, c, msg) })
}

// dispatch is the app's type switch for the module.
func dispatch(m *Module, c *exec.Context, msg proto.Message) error {
	switch msg := msg.(type) {
	case *certificatev1.Issue:
		return m.Issue(c, msg)
	case *certificatev1.Import:
		return m.Import(c, msg)
	case *certificatev1.Suspend:
		return m.Suspend(c, msg)
	case *certificatev1.Reinstate:
		return m.Reinstate(c, msg)
	case *certificatev1.Revoke:
		return m.Revoke(c, msg)
	case *certificatev1.Cancel:
		return m.Cancel(c, msg)
	case *certificatev1.Amend:
		return m.Amend(c, msg)
	case *certificatev1.Correct:
		return m.Correct(c, msg)
	case *certificatev1.Annul:
		return m.Annul(c, msg)
	case *certificatev1.Renew:
		return m.Renew(c, msg)
	case *certificatev1.Transfer:
		return m.Transfer(c, msg)
	case *certificatev1.FileOrder:
		return m.FileOrder(c, msg)
	case *certificatev1.CloseOrder:
		return m.CloseOrder(c, msg)
	case *certificatev1.Flag:
		return m.Flag(c, msg)
	case *certificatev1.Unflag:
		return m.Unflag(c, msg)
	case *certificatev1.ReverseDecision: // governance acts for no member
		c.Actor, c.Signers = "", nil
		return m.ApplyReverseDecision(c, msg)
	case *certificatev1.ReleaseCertificates:
		c.Actor, c.Signers = "", nil
		return m.ApplyReleaseCertificates(c, msg)
	}
	return fmt.Errorf("no handler for %T", msg)
}

// ok runs a message that must be done.
func (w *world) ok(actor string, signers []exec.Signer, msg proto.Message) {
	w.t.Helper()
	if err := w.do(actor, signers, msg); err != nil {
		w.t.Fatalf("%s: %v", msg.ProtoReflect().Descriptor().Name(), err)
	}
}

// refuse runs a message that must be refused with a code, and changes nothing.
func (w *world) refuse(code *exec.Code, actor string, signers []exec.Signer, msg proto.Message) {
	w.t.Helper()
	if err := w.do(actor, signers, msg); !code.Is(err) {
		w.t.Fatalf("%s: got %v, want %s", msg.ProtoReflect().Descriptor().Name(), err, code.Name)
	}
}

func (w *world) head(ref rules.Ref) *rules.Head {
	w.t.Helper()
	h, ok, err := Head(w.state, ref)
	if err != nil || !ok {
		w.t.Fatalf("%v: %v, %v", ref, ok, err)
	}
	return h
}

func (w *world) text(ref rules.Ref) *certificatev1.Details {
	w.t.Helper()
	d, err := textOf(w.state, ref)
	if err != nil {
		w.t.Fatal(err)
	}
	m := &certificatev1.Details{}
	if err := proto.Unmarshal(rules.EncodeDetails(d), m); err != nil {
		w.t.Fatal(err)
	}
	return m
}

// status checks status and reason of a certificate.
func (w *world) status(ref rules.Ref, want rules.Status, reason string) {
	w.t.Helper()
	if h := w.head(ref); h.Status != want || h.Reason != reason {
		w.t.Fatalf("%v is %v %q, want %v %q", ref, h.Status, h.Reason, want, reason)
	}
}

// kinds returns the types of the events of the last act.
func (w *world) kinds() string {
	var list []string
	for _, e := range w.events {
		list = append(list, strings.TrimPrefix(e.Type, "certificate."))
	}
	return strings.Join(list, " ")
}

// schemes has an item code for each family, numbers a number of CQC's.
var (
	schemes = map[rules.Family]string{
		rules.ManagementSystem: "A010101", rules.CCC: "B010101", rules.VoluntaryProduct: "B020101", rules.Service: "C010101",
	}
	numbersOf = map[rules.Family]string{
		rules.ManagementSystem: "00216Q10097R1S", rules.CCC: "2009010702358369", rules.VoluntaryProduct: "V-1", rules.Service: "S-1",
	}
)

var party = &certificatev1.Party{NameZh: "山东泓达生物科技有限公司", AddressZh: "山东省临沂市沂水县", Country: "156", Region: "371323"}

func details(f rules.Family) *certificatev1.Details {
	d := &certificatev1.Details{
		Holder: party, ScopeZh: "饲料添加剂的生产", ScopeCodes: []string{"03.07", "03.08"}, Standards: []string{"GB/T 19001-2008"},
	}
	if f.Product() {
		d.Producer, d.Factory = party, party
		d.Models = []string{"M1", "M2"}
	}
	return proto.CloneOf(d)
}

// certificate returns a new certificate, valid from today for a year.
func (w *world) certificate(f rules.Family, number string) *certificatev1.Certificate {
	return &certificatev1.Certificate{
		Number: number, Scheme: schemes[f], Holder: holder,
		FirstIssued: w.day(), Issued: w.day(), Expires: int32(w.today().AddMonths(12)), Details: details(f),
	}
}

// issue issues a certificate by CQC and returns its name.
func (w *world) issue(f rules.Family, number string) rules.Ref {
	w.t.Helper()
	w.ok(cqc, body(cqc), &certificatev1.Issue{Certificate: w.certificate(f, number), Decided: w.day()})
	return rules.Ref{Issuer: cqcNumber, Number: number}
}

// reasonFor returns a reason that can be given for an action, without a bar if
// there is one.
func reasonFor(f rules.Family, a rules.Action) string {
	status := map[rules.Action]rules.Status{rules.Suspend: rules.Suspended, rules.Revoke: rules.Revoked, rules.Cancel: rules.Cancelled}[a]
	var reason string
	for _, r := range f.Rules().Reasons(status) {
		if !r.Reserved && (reason == "" || r.BarMonths == 0) {
			reason = r.Code
		}
	}
	return reason
}
