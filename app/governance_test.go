package app_test

import (
	"crypto/ed25519"
	"errors"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/app"
	"github.com/hallmark-ledger/hallmark/app/apptest"
	governancev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/governance/v1"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	validatorv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/validator/v1"
	"github.com/hallmark-ledger/hallmark/x/governance"
	"github.com/hallmark-ledger/hallmark/x/member"
)

// decide proposes actions as cnca and approves them as samr-bj, which is enough
// of three. The proposal is the n-th.
func (c *chain) decide(n uint64, actions ...*governancev1.Action) {
	c.Helper()
	c.decideAs(n, governance.Executed, actions...)
}

func (c *chain) decideAs(n uint64, want governance.Status, actions ...*governancev1.Action) {
	c.Helper()
	c.ok(propose(n, actions...))
	c.ok(apptest.Draft{Nonce: n, Keys: []string{"samr-bj/approver"}, Messages: []*txv1.Message{apptest.Approve(n)}}.Sign())
	r, err := c.View(0)
	if err != nil {
		c.Fatal(err)
	}
	p, ok, err := r.Governance.Proposal(r, n)
	if err != nil || !ok || p.Status != want {
		c.Fatalf("proposal %d: %v %v, %v, %v", n, p.Status, p.Failure, ok, err)
	}
}

func TestSuspendMember(t *testing.T) {
	c := newChain(t)
	raw := issue(1, "A1")
	c.decide(1, suspendMember("cqc"))
	r, err := c.View(0)
	if err != nil {
		t.Fatal(err)
	}
	if f, ok, err := r.Member.Member(r, "cqc"); err != nil || !ok || f.Status != member.StatusSuspended {
		t.Fatalf("%v, %v", f, err)
	}
	if res := c.checkTx(raw); res.Code != 37 {
		t.Errorf("CheckTx of a suspended member: %s", res.Log)
	}
	if c.accepts(c.next(raw)) {
		t.Error("a proposal of a suspended member is accepted")
	}
	c.decideAs(2, governance.Failed, suspendMember("cqc"))
}

func TestSetValidators(t *testing.T) {
	c := newChain(t)
	c.decide(1, &governancev1.Action{Action: &governancev1.Action_SetValidators{SetValidators: &validatorv1.SetValidators{
		Changes: []*validatorv1.Change{{Change: &validatorv1.Change_SetPower{SetPower: &validatorv1.SetPower{Name: "val-02", Power: 12}}}},
	}}})
	decided := c.height
	for {
		res := c.ok()
		if len(res.ValidatorUpdates) == 0 {
			if c.height > decided+20 {
				t.Fatal("CometBFT was told nothing")
			}
			continue
		}
		u := res.ValidatorUpdates[0]
		if c.height != decided+18 || u.Power != 12 || string(u.PubKey.GetEd25519()) != string(apptest.ConsensusKey(2).Public().(ed25519.PublicKey)) {
			t.Fatalf("height %d after %d: %v", c.height, decided, res.ValidatorUpdates)
		}
		break
	}
}

// TestConflictRaises: a member that is no regulator proves that a seal key signed
// two statements. The regulators find the proposal to remove the validator, and
// their votes carry it out.
func TestConflictRaises(t *testing.T) {
	c := newChain(t)
	c.ok()
	for nonce, height := range []uint64{1, 2} { // the second raises nothing
		c.ok(apptest.Draft{Nonce: uint64(nonce + 1), Keys: []string{"maker/operator"}, Messages: []*txv1.Message{
			{Action: &txv1.Message_ReportConflict{ReportConflict: apptest.ConflictOf("val-01", height)}},
		}}.Sign())
	}
	proposal := func(n uint64) (governance.Proposal, bool) {
		r, err := c.View(0)
		if err != nil {
			t.Fatal(err)
		}
		p, ok, err := r.Governance.Proposal(r, n)
		if err != nil {
			t.Fatal(err)
		}
		return p, ok
	}
	p, ok := proposal(1)
	if _, two := proposal(2); !ok || two || p.Status != governance.Open || p.Proposer != "" || p.Actions[0].GetSetValidators().GetChanges()[0].GetRemove().GetName() != "val-01" {
		t.Fatalf("%+v, a second one: %v", p, two)
	}
	for _, regulator := range []string{"cnca", "samr-bj"} {
		c.ok(apptest.Draft{Nonce: 1, Keys: []string{regulator + "/approver"}, Messages: []*txv1.Message{apptest.Approve(1)}}.Sign())
	}
	if p, _ := proposal(1); p.Status != governance.Executed {
		t.Fatalf("%v, %+v", p.Status, p.Failure)
	}
	r, err := c.View(0)
	if err != nil {
		t.Fatal(err)
	}
	sets, err := r.Validator.Sets(r, uint64(c.height)+1, 2)
	if err != nil || len(sets) != 1 || len(sets[0].Validators) != 3 {
		t.Errorf("%+v, %v", sets, err)
	}
}

func TestUpgrade(t *testing.T) {
	c := newChain(t)
	at := uint64(c.height) + 30
	c.decide(1, &governancev1.Action{Action: &governancev1.Action_ScheduleUpgrade{ScheduleUpgrade: &governancev1.ScheduleUpgrade{
		Name: "second", Height: at, AppVersion: 2,
	}}})
	for uint64(c.height) < at-1 {
		res := c.ok()
		told := res.ConsensusParamUpdates != nil && res.ConsensusParamUpdates.Version.App == 2
		if told != (uint64(c.height) == at-1) {
			t.Fatalf("height %d of %d: %v", c.height, at, res.ConsensusParamUpdates)
		}
	}
	if c.accepts(c.next()) {
		t.Error("a block of a version that is not known is accepted")
	}
	if _, err := c.FinalizeBlock(ctx, c.next()); !errors.Is(err, app.ErrUpgrade) {
		t.Errorf("a block of a version that is not known: %v", err)
	}
	c.crash()
	if _, err := c.FinalizeBlock(ctx, c.next()); !errors.Is(err, app.ErrUpgrade) {
		t.Errorf("after a restart: %v", err)
	}
}

func TestExpiry(t *testing.T) {
	c := newChain(t)
	c.ok(propose(1, suspendMember("cqc")))
	c.now = c.now.Add(31 * 24 * time.Hour)
	if res := c.ok(); len(res.Events) != 1 || res.Events[0].Type != governance.EventClosed {
		t.Errorf("%v", res.Events)
	}
}
