package governance

import (
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	governancev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/governance/v1"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

func TestLastApprovalExecutes(t *testing.T) {
	w := newWorld(t, 4)
	n := w.propose(0, admitting("reg-8"), setting(governancev1.Parameter_PARAMETER_QUOTA_BLOCK, 30_000))
	w.want(n, Open)
	w.must(w.approve(1, n))
	if p := w.want(n, Open); p.Expires != w.time.Unix()+30*day {
		t.Errorf("expires at %d", p.Expires)
	}
	w.must(w.approve(2, n)) // 3 of 4 are two thirds
	p := w.want(n, Executed)
	if p.Tally != (Tally{4, 3, 3, 0}) || p.Closed != 10 || !p.ClosedTime.Equal(w.time) {
		t.Errorf("%+v", p)
	}
	ids, _ := members{}.Regulators(w.state)
	params, err := w.m.Params(w.state)
	if len(ids) != 5 || err != nil || params.QuotaBlock != 30_000 {
		t.Errorf("%v, %+v, %v", ids, params, err)
	}
	var kinds []string
	for _, e := range w.events {
		kinds = append(kinds, e.Type)
	}
	want := "governance.proposed governance.voted governance.voted governance.voted member.changed governance.parameters governance.closed"
	if got := strings.Join(kinds, " "); got != want {
		t.Errorf("events %s", got)
	}
	if err := w.approve(3, n); !codeClosed.Is(err) {
		t.Error(err)
	}
}

func TestOneRegulatorDecidesAtOnce(t *testing.T) {
	w := newWorld(t, 1)
	w.want(w.propose(0, admitting("reg-1")), Executed)
	w.want(w.propose(0, admitting("reg-2")), Open) // two now
}

func TestRejected(t *testing.T) {
	w := newWorld(t, 4)
	n := w.propose(0, admitting("reg-8"))
	w.must(w.reject(1, n))
	w.want(n, Open) // three can still approve
	w.must(w.reject(2, n))
	if p := w.want(n, Rejected); p.Tally != (Tally{4, 3, 1, 2}) {
		t.Errorf("%+v", p.Tally)
	}
}

func TestVotesChange(t *testing.T) {
	w := newWorld(t, 5)
	n := w.propose(0, admitting("reg-8")) // needs 4
	w.must(w.approve(1, n), w.approve(2, n), w.reject(0, n), w.approve(0, n), w.approve(0, n), w.reject(2, n))
	p := w.want(n, Open)
	if tally, err := w.m.Tally(w.state, p); err != nil || tally != (Tally{5, 4, 2, 1}) {
		t.Errorf("%+v, %v", tally, err)
	}
	w.must(w.approve(3, n))
	w.want(n, Open)
	w.must(w.approve(2, n))
	w.want(n, Executed)
	var who []string
	err := w.m.Votes(w.state, n, func(id string, v Vote) (bool, error) {
		who = append(who, id)
		return true, nil
	})
	if err != nil || strings.Join(who, " ") != "reg-0 reg-1 reg-2 reg-3" {
		t.Errorf("%v, %v", who, err)
	}
}

// Votes count among the regulators of the moment.
func TestVotesOfThoseWhoLeft(t *testing.T) {
	w := newWorld(t, 6)
	n := w.propose(0, removing("someone")) // needs 4 of 6
	w.must(w.approve(1, n), w.approve(2, n))
	other := w.propose(3, suspending(reg(0))) // a majority, 4 of 6
	w.must(w.approve(4, other), w.approve(5, other), w.approve(1, other))
	w.want(other, Executed) // five left; the first vote on n does not count, 4 needed
	w.must(w.approve(1, n))
	if tally, err := w.m.Tally(w.state, w.want(n, Open)); err != nil || tally != (Tally{5, 4, 2, 0}) {
		t.Errorf("%+v, %v", tally, err)
	}
	if err := w.approve(0, n); !codeNotRegulator.Is(err) {
		t.Error(err)
	}
	w.must(w.approve(3, n))
	w.want(n, Open)
	w.must(w.approve(4, n))
	if p := w.want(n, Executed); p.Tally != (Tally{5, 4, 4, 0}) {
		t.Errorf("%+v", p.Tally)
	}
}

// A proposal that enough approve once others have left is decided by the next
// vote, even one given again.
func TestVoteAgainDecides(t *testing.T) {
	w := newWorld(t, 4)
	n := w.propose(0, removing("someone")) // 3 of 4
	w.must(w.approve(1, n))
	other := w.propose(0, suspending(reg(3)))
	w.must(w.approve(1, other), w.approve(2, other))
	w.want(other, Executed) // three left: 2 needed
	w.endBlock()
	w.want(n, Open)
	w.must(w.reject(2, n)) // enough have approved, but who is against does not execute it
	w.want(n, Open)
	w.must(w.approve(1, n))
	w.want(n, Executed)
}

// TestRaised: a proposal that a report raised has no vote, and is decided as any
// other. It is nobody's: who reported the fact, a regulator that it may be about,
// cannot withdraw it, nor keep it away by having as many open as one may have.
func TestRaised(t *testing.T) {
	w := newWorld(t, 3)
	raise := func() (n uint64) {
		w.must(w.doAs("reg-0", exec.DutyOperator, func(c *exec.Context) (err error) {
			n, err = w.m.Raise(c, "A fact 事实", admitting("reg-8"))
			return err
		}))
		return n
	}
	n := raise()
	if e := w.events[len(w.events)-1]; e.Type != EventRaised {
		t.Errorf("%+v", e)
	}
	if p := w.want(n, Open); p.Proposer != "" {
		t.Errorf("%+v", p)
	}
	for i := range 3 {
		if err := w.withdraw(i, n); !codeNotProposer.Is(err) {
			t.Error(err)
		}
	}
	w.must(w.approve(0, n))
	w.want(n, Open)
	w.must(w.approve(1, n))
	w.want(n, Executed)
	for range MaxOpen {
		w.propose(0, admitting("reg-8"))
	}
	w.want(raise(), Open)
	if err := w.m.Check(w.state); err != nil {
		t.Error(err)
	}
}

func TestWithdrawn(t *testing.T) {
	w := newWorld(t, 3)
	n := w.propose(0, admitting("reg-8"))
	if err := w.withdraw(1, n); !codeNotProposer.Is(err) {
		t.Error(err)
	}
	w.must(w.withdraw(0, n))
	if p := w.want(n, Withdrawn); p.Tally != (Tally{}) {
		t.Errorf("%+v", p)
	}
	for _, err := range []error{w.withdraw(0, n), w.approve(1, n), w.reject(1, n)} {
		if !codeClosed.Is(err) {
			t.Error(err)
		}
	}
	for _, err := range []error{w.withdraw(0, 99), w.approve(1, 0), w.reject(1, 99)} {
		if !codeUnknown.Is(err) {
			t.Error(err)
		}
	}
}

func TestExpired(t *testing.T) {
	w := newWorld(t, 3)
	w.must(w.do(0, func(c *exec.Context) error { // two at most in a block
		p := DefaultParams()
		p.SweepPerBlock = 2
		return parameters.Set(c.Store, p)
	}))
	n := w.propose(0, admitting("reg-8"))
	w.time = w.time.Add(time.Second)
	for range 3 {
		w.propose(1, admitting("reg-8"))
	}
	w.time = time.Unix(w.want(n, Open).Expires, 0).Add(-1)
	w.endBlock()
	w.want(n, Open)
	w.time = w.time.Add(1)
	p := w.want(n, Open)
	if p.StatusAt(w.time) != Expired {
		t.Error("not expired in effect")
	}
	if err := w.approve(1, n); !codeClosed.Is(err) {
		t.Error(err)
	}
	root := w.state.Root()
	w.endBlock()
	w.want(n, Expired)
	if w.state.Root() == root {
		t.Error("nothing recorded")
	}
	w.time = w.time.Add(time.Minute)
	w.endBlock()
	w.want(2, Expired)
	w.want(3, Expired)
	w.want(4, Open)
	w.endBlock()
	w.want(4, Expired)
	root = w.state.Root()
	w.endBlock()
	if w.state.Root() != root {
		t.Error("a block with nothing due changes the state")
	}
}

// What has become impossible is recorded as failed and changes nothing else.
func TestFailed(t *testing.T) {
	w := newWorld(t, 1)
	n := w.propose(0, admitting("reg-8"), suspending(impossibleName), admitting("reg-9"))
	p := w.want(n, Failed)
	if p.Failure.Code != 999 || p.Failure.Action != 2 || len(p.Failure.Detail) > maxDetail || !utf8.ValidString(p.Failure.Detail) {
		t.Errorf("%+v", p.Failure)
	}
	if ids, _ := (members{}).Regulators(w.state); len(ids) != 1 {
		t.Errorf("the first action was done: %v", ids)
	}
	for _, e := range w.events {
		if e.Type == "member.changed" {
			t.Error("an event of what was not done")
		}
	}
	if e := w.events[len(w.events)-1]; e.Type != EventClosed || e.Attributes[1].Value != "failed" {
		t.Errorf("%+v", e)
	}
}

func TestNoRegulatorLeft(t *testing.T) {
	w := newWorld(t, 2)
	n := w.propose(0, removing(reg(0)), removing(reg(1)))
	w.must(w.approve(1, n))
	if p := w.want(n, Failed); p.Failure.Code != codeNoRegulators.Number || p.Failure.Action != 0 {
		t.Errorf("%+v", p.Failure)
	}
	n = w.propose(0, removing(reg(0)), removing(reg(1)), admitting("reg-8"))
	w.must(w.approve(1, n))
	w.want(n, Executed) // someone is left
}

// A fault is not made a failure of the proposal.
func TestFault(t *testing.T) {
	w := newWorld(t, 1)
	err := w.tryPropose(0, suspending(faultName))
	if _, ok := exec.AsRefusal(err); ok || err == nil {
		t.Error(err)
	}
}

// Who may do what: every message, every duty, regulators and others.
func TestAccess(t *testing.T) {
	acts := map[act]func(*Module, *exec.Context) error{
		propose: func(m *Module, c *exec.Context) error {
			return m.Propose(c, &governancev1.Propose{Title: "t", Actions: []*governancev1.Action{admitting("reg-8")}})
		},
		approve:  func(m *Module, c *exec.Context) error { return m.Approve(c, &governancev1.Approve{Proposal: 1}) },
		reject:   func(m *Module, c *exec.Context) error { return m.Reject(c, &governancev1.Reject{Proposal: 1}) },
		withdraw: func(m *Module, c *exec.Context) error { return m.Withdraw(c, &governancev1.Withdraw{Proposal: 1}) },
	}
	for i, rule := range access {
		if rule.act != act(i) || acts[rule.act] == nil {
			t.Fatalf("the table has act %d at %d", rule.act, i)
		}
		for _, duty := range []exec.Duty{exec.DutyAdmin, exec.DutyOperator, exec.DutyCertifier, exec.DutyApprover} {
			for _, actor := range []string{reg(0), "cb-0"} {
				w := newWorld(t, 5)
				w.propose(0, admitting("reg-8"))
				err := w.doAs(actor, duty, func(c *exec.Context) error { return acts[rule.act](w.m, c) })
				switch {
				case actor != reg(0) && !codeNotRegulator.Is(err):
					t.Errorf("%d by %s of %s: %v", rule.act, duty, actor, err)
				case actor == reg(0) && duty != rule.duty && !codeDuty.Is(err):
					t.Errorf("%d by %s: %v", rule.act, duty, err)
				case actor == reg(0) && duty == rule.duty && err != nil:
					t.Errorf("%d by %s: %v", rule.act, duty, err)
				}
			}
		}
		// Another regulator's approver signs for nothing here.
		w := newWorld(t, 5)
		w.propose(0, admitting("reg-8"))
		err := w.do(1, func(c *exec.Context) error { c.Actor = reg(0); return acts[rule.act](w.m, c) })
		if !codeDuty.Is(err) {
			t.Errorf("%d under another's signature: %v", rule.act, err)
		}
	}
	if len(acts) != len(access) {
		t.Error("an act is not in the table")
	}
}

func TestProposeRefuses(t *testing.T) {
	many := make([]*governancev1.Action, MaxActions+1)
	for i := range many {
		many[i] = admitting("reg-8")
	}
	huge := suspending("someone")
	huge.GetSuspendMember().Reason = strings.Repeat("x", MaxActionBytes)
	good := []*governancev1.Action{admitting("reg-8")}
	for _, c := range []struct {
		what string
		msg  *governancev1.Propose
		want *exec.Code
	}{
		{"nil", nil, &codeMalformed},
		{"no title", &governancev1.Propose{Actions: good}, &codeMalformed},
		{"a long title", &governancev1.Propose{Title: strings.Repeat("界", 201), Actions: good}, &codeMalformed},
		{"two lines", &governancev1.Propose{Title: "a\nb", Actions: good}, &codeMalformed},
		{"a title that turns around", &governancev1.Propose{Title: "a\u202eb", Actions: good}, &codeMalformed},
		{"bytes", &governancev1.Propose{Title: "\xff", Actions: good}, &codeMalformed},
		{"a short document", &governancev1.Propose{Title: "t", Document: []byte{1}, Actions: good}, &codeMalformed},
		{"a zero document", &governancev1.Propose{Title: "t", Document: make([]byte, 32), Actions: good}, &codeMalformed},
		{"no actions", &governancev1.Propose{Title: "t"}, &codeMalformed},
		{"many actions", &governancev1.Propose{Title: "t", Actions: many}, &codeMalformed},
		{"an empty action", &governancev1.Propose{Title: "t", Actions: []*governancev1.Action{{}}}, &codeMalformed},
		{"a nil action", &governancev1.Propose{Title: "t", Actions: []*governancev1.Action{nil}}, &codeMalformed},
		{"nil within", &governancev1.Propose{Title: "t", Actions: []*governancev1.Action{{Action: &governancev1.Action_SetParameters{}}}}, &codeMalformed},
		{"huge", &governancev1.Propose{Title: "t", Actions: []*governancev1.Action{huge}}, &codeMalformed},
		{"bad by its form", &governancev1.Propose{Title: "t", Actions: []*governancev1.Action{suspending(badName)}}, &codeImpossible},
		{"unknown to the executor", &governancev1.Propose{Title: "t", Actions: []*governancev1.Action{suspending(badName + "-unknown")}}, &codeMalformed},
	} {
		w := newWorld(t, 3)
		before := w.state.Root()
		if err := w.m.Validate(c.msg); !c.want.Is(err) {
			t.Errorf("%s, by its form: %v", c.what, err)
		}
		err := w.do(0, func(x *exec.Context) error { return w.m.Propose(x, c.msg) })
		if !c.want.Is(err) || w.state.Root() != before {
			t.Errorf("%s: %v, want %s", c.what, err, c.want.Name)
		}
	}
}

func TestTooManyOpen(t *testing.T) {
	w := newWorld(t, 3)
	for range MaxOpen {
		w.propose(0, admitting("reg-8"))
	}
	if err := w.tryPropose(0, admitting("reg-8")); !codeTooMany.Is(err) {
		t.Error(err)
	}
	w.propose(1, admitting("reg-8")) // others are not kept from it
	w.must(w.withdraw(0, 5))
	w.propose(0, admitting("reg-8"))
	list, err := w.m.OpenProposals(w.state, 3)
	if err != nil || len(list) != 3 || list[0] != 1 {
		t.Errorf("%v, %v", list, err)
	}
	all, err := w.m.Proposals(w.state, 5, 2)
	if err != nil || len(all) != 2 || all[0].Number != 5 || all[0].Status != Withdrawn || all[1].Number != 6 {
		t.Errorf("%v", err)
	}
}

// broken is a store that cannot be read.
type broken struct{ err error }

func (b broken) Get([]byte) ([]byte, bool, error)      { return nil, false, b.err }
func (b broken) Scan(_, _ []byte, _ store.Visit) error { return b.err }

// An error of the store is never taken for an answer.
func TestStoreErrors(t *testing.T) {
	disk := errors.New("disk")
	r := broken{disk}
	m := newWorld(t, 1).m
	c := func() *exec.Context { return &exec.Context{Store: store.NewBranch(r)} }
	_, params := m.Params(r)
	_, list := m.Proposals(r, 1, 1)
	_, opens := m.OpenProposals(r, 1)
	_, count := m.Tally(r, Proposal{})
	_, export := m.ExportGenesis(r)
	_, _, _, window := m.ImportWindow(r, "body", time.Unix(1, 0))
	_, _, next := m.NextUpgrade(r, 1)
	for what, err := range map[string]error{
		"Params": params, "Proposals": list, "OpenProposals": opens, "Tally": count, "ExportGenesis": export,
		"ImportWindow": window, "NextUpgrade": next, "Check": m.Check(r), "EndBlock": m.EndBlock(c()),
		"Approve": m.Approve(c(), &governancev1.Approve{}), "Withdraw": m.Withdraw(c(), &governancev1.Withdraw{}),
	} {
		if !errors.Is(err, disk) {
			t.Errorf("%s: %v", what, err)
		}
	}
}
