package governance

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	governancev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/governance/v1"
	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/store/storetest"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// members is the fake of the same name: the regulators are in the state, so that
// a dropped branch drops what an action did to them.
type members struct{}

var regulators = store.NewItem("\xffr", store.ValueFuncs[string]{
	Encode: func(s string) ([]byte, error) { return []byte(s), nil },
	Decode: func(b []byte) (string, error) { return string(b), nil },
})

func (members) Regulators(r store.Reader) ([]string, error) {
	s, _, err := regulators.Get(r)
	return strings.Fields(s), err
}

// codeImpossible is what the fake executor refuses with, faultName the member
// whose suspension is a fault, badName the one that does not validate.
var codeImpossible = exec.Code{Number: 999, Name: "impossible"}

const (
	faultName      = "fault"
	badName        = "bad"
	impossibleName = "impossible"
)

// executor is the fake of the same name: it knows the actions of the module
// itself, and of members those that make and unmake regulators.
type executor struct{ m *Module }

func (e *executor) Validate(a *governancev1.Action) error {
	switch v := a.Action.(type) {
	case *governancev1.Action_SuspendMember:
		if v.SuspendMember.Member == badName {
			return codeImpossible.Refuse("bad by its form")
		}
		if v.SuspendMember.Member == badName+"-unknown" {
			return fmt.Errorf("no message of the module")
		}
		return nil
	case *governancev1.Action_SetParameters:
		return e.m.Validate(v.SetParameters)
	case *governancev1.Action_OpenImportWindow:
		return e.m.Validate(v.OpenImportWindow)
	case *governancev1.Action_ScheduleUpgrade:
		return e.m.Validate(v.ScheduleUpgrade)
	case *governancev1.Action_CancelUpgrade:
		return e.m.Validate(v.CancelUpgrade)
	}
	return nil
}

func (e *executor) Execute(c *exec.Context, a *governancev1.Action) error {
	if c.Actor != "" || c.Signers != nil {
		return fmt.Errorf("an action with an actor")
	}
	switch v := a.Action.(type) {
	case *governancev1.Action_SetParameters:
		return e.m.ApplySetParameters(c, v.SetParameters)
	case *governancev1.Action_OpenImportWindow:
		return e.m.ApplyOpenImportWindow(c, v.OpenImportWindow)
	case *governancev1.Action_ScheduleUpgrade:
		return e.m.ApplyScheduleUpgrade(c, v.ScheduleUpgrade)
	case *governancev1.Action_CancelUpgrade:
		return e.m.ApplyCancelUpgrade(c, v.CancelUpgrade)
	case *governancev1.Action_AdmitMember:
		return change(c, v.AdmitMember.Member, true)
	case *governancev1.Action_RemoveMember:
		return change(c, v.RemoveMember.Member, false)
	case *governancev1.Action_SuspendMember:
		switch v.SuspendMember.Member {
		case faultName:
			return fmt.Errorf("disk")
		case impossibleName:
			return codeImpossible.Refuse("%s\xff%s", strings.Repeat("界", 400), v.SuspendMember.Reason)
		}
		return change(c, v.SuspendMember.Member, false)
	}
	return nil
}

// change adds or removes a regulator.
func change(c *exec.Context, id string, in bool) error {
	list, err := members{}.Regulators(c.Store)
	if err != nil {
		return err
	}
	i, was := slices.BinarySearch(list, id)
	switch {
	case in && !was:
		list = slices.Insert(list, i, id)
	case !in && was:
		list = slices.Delete(list, i, i+1)
	}
	c.Emit("member.changed", "member", id)
	return regulators.Set(c.Store, strings.Join(list, " "))
}

// world is a chain with nothing but governance.
type world struct {
	t      testing.TB
	m      *Module
	state  *storetest.Mem
	height uint64
	time   time.Time
	events []exec.Event
}

// newWorld starts a chain with n regulators: reg-0, reg-1, …
func newWorld(t testing.TB, n int) *world {
	e := &executor{}
	e.m = New(members{}, e)
	w := &world{t: t, m: e.m, state: &storetest.Mem{}, height: 10, time: time.Unix(1_800_000_000, 5).UTC()}
	var ids []string
	for i := range n {
		ids = append(ids, reg(i))
	}
	if err := regulators.Set(w.state, strings.Join(ids, " ")); err != nil {
		t.Fatal(err)
	}
	if err := w.m.InitGenesis(w.state, &Genesis{}); err != nil {
		t.Fatal(err)
	}
	return w
}

func reg(i int) string { return fmt.Sprintf("reg-%d", i) }

// do runs f as a transaction of the i-th regulator's approver does.
func (w *world) do(i int, f func(*exec.Context) error) error {
	return w.doAs(reg(i), exec.DutyApprover, f)
}

func (w *world) doAs(actor string, duty exec.Duty, f func(*exec.Context) error) error {
	branch := store.NewBranch(w.state)
	c := &exec.Context{
		Block: exec.Block{ChainID: "hallmark-test", Height: w.height, Time: w.time}, Store: branch, Actor: actor,
		Signers: []exec.Signer{{Member: actor, Duty: duty, Key: [33]byte{2, actor[len(actor)-1]}, Holder: "h"}},
	}
	err := f(c)
	if err == nil {
		if err := branch.Write(); err != nil {
			w.t.Fatal(err)
		}
		w.events = append(w.events, c.Events()...)
	}
	if err := w.m.Check(w.state); err != nil {
		w.t.Fatal(err)
	}
	return err
}

// propose files a proposal of the i-th regulator and returns its number.
func (w *world) propose(i int, actions ...*governancev1.Action) uint64 {
	w.t.Helper()
	if err := w.tryPropose(i, actions...); err != nil {
		w.t.Fatal(err)
	}
	n, _, err := lastProposal.Get(w.state)
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

func (w *world) tryPropose(i int, actions ...*governancev1.Action) error {
	return w.do(i, func(c *exec.Context) error {
		return w.m.Propose(c, &governancev1.Propose{Title: "A proposal 提案", Actions: actions})
	})
}

func (w *world) approve(i int, n uint64) error {
	return w.do(i, func(c *exec.Context) error { return w.m.Approve(c, &governancev1.Approve{Proposal: n}) })
}

func (w *world) reject(i int, n uint64) error {
	return w.do(i, func(c *exec.Context) error { return w.m.Reject(c, &governancev1.Reject{Proposal: n}) })
}

func (w *world) withdraw(i int, n uint64) error {
	return w.do(i, func(c *exec.Context) error { return w.m.Withdraw(c, &governancev1.Withdraw{Proposal: n}) })
}

func (w *world) endBlock() {
	if err := w.do(0, w.m.EndBlock); err != nil {
		w.t.Fatal(err)
	}
	w.height++
}

// want fails unless the proposal has the status.
func (w *world) want(n uint64, s Status) Proposal {
	w.t.Helper()
	p, ok, err := w.m.Proposal(w.state, n)
	if err != nil || !ok || p.Status != s {
		w.t.Fatalf("proposal %d is %s, want %s: %v, %v", n, p.Status, s, ok, err)
	}
	return p
}

func (w *world) must(errs ...error) {
	w.t.Helper()
	for _, err := range errs {
		if err != nil {
			w.t.Fatal(err)
		}
	}
}

// The actions.

func admitting(id string) *governancev1.Action {
	return &governancev1.Action{Action: &governancev1.Action_AdmitMember{AdmitMember: &memberv1.AdmitMember{Member: id}}}
}

func removing(id string) *governancev1.Action {
	return &governancev1.Action{Action: &governancev1.Action_RemoveMember{RemoveMember: &memberv1.RemoveMember{Member: id}}}
}

// suspending needs only a majority.
func suspending(id string) *governancev1.Action {
	return &governancev1.Action{Action: &governancev1.Action_SuspendMember{SuspendMember: &memberv1.SuspendMember{Member: id}}}
}

func setting(p governancev1.Parameter, v uint64) *governancev1.Action {
	return &governancev1.Action{Action: &governancev1.Action_SetParameters{SetParameters: &governancev1.SetParameters{
		Changes: []*governancev1.ParameterChange{{Parameter: p, Value: v}},
	}}}
}

func thresholding(k governancev1.ActionKind, numerator, denominator uint32) *governancev1.Action {
	return &governancev1.Action{Action: &governancev1.Action_SetParameters{SetParameters: &governancev1.SetParameters{
		Thresholds: []*governancev1.Threshold{{Kind: k, Numerator: numerator, Denominator: denominator}},
	}}}
}

func importing(body string, from, until int64, records uint64) *governancev1.Action {
	return &governancev1.Action{Action: &governancev1.Action_OpenImportWindow{OpenImportWindow: &governancev1.OpenImportWindow{
		Body: body, From: from, Until: until, MaxRecords: records,
	}}}
}

func upgrading(name string, height, version uint64) *governancev1.Action {
	return &governancev1.Action{Action: &governancev1.Action_ScheduleUpgrade{ScheduleUpgrade: &governancev1.ScheduleUpgrade{
		Name: name, Height: height, AppVersion: version,
	}}}
}

func cancelling(name string) *governancev1.Action {
	return &governancev1.Action{Action: &governancev1.Action_CancelUpgrade{CancelUpgrade: &governancev1.CancelUpgrade{Name: name}}}
}
