package certificate

import (
	"crypto/sha256"
	"fmt"
	"testing"

	"github.com/hallmark-ledger/hallmark/store/storetest"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// storeRoot tells two states apart.
func storeRoot(w *world) [32]byte {
	h := sha256.New()
	for _, kv := range w.state.(*storetest.Mem).All() {
		fmt.Fprintf(h, "%x=%x\n", kv.Key, kv.Value)
	}
	return [32]byte(h.Sum(nil))
}

// prepared returns a world in which an action can be taken on a certificate.
func prepared(t *testing.T, f rules.Family, a rules.Action) (w *world, ref rules.Ref, order, record uint32) {
	w = newWorld(t, "2017-06-01")
	w.window = 10
	s := rules.Valid
	switch a {
	case rules.Issue, rules.Import:
		s = rules.None
	case rules.Reinstate:
		s = rules.Suspended
	case rules.Reverse:
		s = rules.Revoked
	}
	ref, order, record = w.reach(f, s)
	if a == rules.Unflag {
		w.ok(samr, head(samr), w.message(f, rules.Flag, ref, 0, 0))
	}
	return w, ref, order, record
}

// byMembers lists what members do; the rest is of governance and of time.
func byMembers() (list []rules.Action) {
	for _, a := range rules.Actions() {
		if a.By() != rules.ByGovernance && a.By() != rules.ByChain {
			list = append(list, a)
		}
	}
	return list
}

func TestRightsAgreeWithRules(t *testing.T) {
	if len(rights) != len(rules.Actions())+1 || len(eventOf) != len(rights) {
		t.Fatalf("%d rights, %d events, %d actions", len(rights), len(eventOf), len(rules.Actions()))
	}
	for _, a := range rules.Actions() {
		r := rights[a]
		want := right{caretaker: r.caretaker, covered: r.covered}
		switch a.By() {
		case rules.ByBody, rules.ByBodyAndRegulator, rules.ByBothBodies:
			want.role, want.signing = RoleCertificationBody, fourEyes
		case rules.ByRegulator:
			want.role, want.signing = RoleRegulator, approver
		case rules.ByGovernance, rules.ByChain:
		}
		if r != want || r.covered && r.signing != fourEyes || eventOf[a] == "" {
			t.Errorf("%v: %+v", a, r)
		}
	}
}

func TestEveryRoleAction(t *testing.T) {
	for _, a := range byMembers() {
		for role := Role(0); role <= RoleObserver+1; role++ {
			w, ref, order, record := prepared(t, rules.VoluntaryProduct, a)
			actor, signers := by(a)
			msg := w.message(rules.VoluntaryProduct, a, ref, order, record)
			w.members[actor].Roles = []Role{role}
			if err := w.do(actor, signers, msg); role == rights[a].role && err != nil || role != rights[a].role && !codeRole.Is(err) {
				t.Errorf("%v by role %d: %v", a, role, err)
			}
		}
		// A member nobody knows.
		w, ref, order, record := prepared(t, rules.VoluntaryProduct, a)
		w.refuse(&codeRole, "nobody", body("nobody"), w.message(rules.VoluntaryProduct, a, ref, order, record))
		// A member that is suspended can do nothing.
		actor, signers := by(a)
		w.members[actor].Active = false
		w.refuse(&codeInactive, actor, signers, w.message(rules.VoluntaryProduct, a, ref, order, record))
	}
}

func TestEveryDutyAction(t *testing.T) {
	duties := []exec.Duty{exec.DutyAdmin, exec.DutyOperator, exec.DutyCertifier, exec.DutyApprover}
	for _, a := range byMembers() {
		for set := range 1 << len(duties) {
			for _, onePerson := range []bool{false, true} {
				w, ref, order, record := prepared(t, rules.VoluntaryProduct, a)
				actor, _ := by(a)
				var signers []exec.Signer
				has := map[exec.Duty]bool{}
				for i, d := range duties {
					if set>>i&1 != 0 {
						s := sign(actor, d)
						if onePerson {
							s.Holder = "one"
						}
						signers = append(signers, s)
						has[d] = true
					}
				}
				want := has[exec.DutyCertifier] && has[exec.DutyApprover] && !onePerson
				code := &codeFourEyes
				if rights[a].signing == approver {
					want, code = has[exec.DutyApprover], &codeApprover
				}
				switch a { // those of others are there
				case rules.Annul:
					signers = append(signers, head(samr)...)
				case rules.Transfer:
					signers = append(signers, body(cqc)...)
				}
				err := w.do(actor, signers, w.message(rules.VoluntaryProduct, a, ref, order, record))
				if want && err != nil || !want && !code.Is(err) {
					t.Errorf("%v with %v, one person %v: %v", a, has, onePerson, err)
				}
			}
		}
	}
}

// TestOtherSignatures: signatures of others do not stand in for those of the
// actor, nor for those of who must sign with it.
func TestOtherSignatures(t *testing.T) {
	f := rules.VoluntaryProduct
	for _, a := range byMembers() {
		w, ref, order, record := prepared(t, f, a)
		actor, _ := by(a)
		code := &codeFourEyes
		if rights[a].signing == approver {
			code = &codeApprover
		}
		w.refuse(code, actor, append(body("someone"), sign(actor, exec.DutyOperator)), w.message(f, a, ref, order, record))
	}
	w, ref, _, _ := prepared(t, f, rules.Annul)
	msg := w.message(f, rules.Annul, ref, 0, 0)
	for _, s := range [][]exec.Signer{
		body(cqc),
		append(body(cqc), body(cqm)...),
		append(body(cqc), sign(samr, exec.DutyOperator)),
		append(body(cqc), head("nobody")...),
	} {
		w.refuse(&codeRegulator, cqc, s, msg)
	}
	w.members[samr].Active = false
	w.refuse(&codeRegulator, cqc, append(body(cqc), head(samr)...), msg)

	w, ref, _, _ = prepared(t, f, rules.Transfer)
	msg = w.message(f, rules.Transfer, ref, 0, 0)
	for _, s := range [][]exec.Signer{body(cqm), append(body(cqm), head(cqc)...), append(body(cqm), body(samr)...)} {
		w.refuse(&codeOtherBody, cqm, s, msg)
	}
}

// TestStopped: a stopped body may do what rules say and nothing else.
func TestStopped(t *testing.T) {
	f := rules.VoluntaryProduct
	for _, a := range byMembers() {
		if a.By() == rules.ByRegulator {
			continue
		}
		w, ref, order, record := prepared(t, f, a)
		actor, signers := by(a)
		w.members[actor].Stopped = true
		err := w.do(actor, signers, w.message(f, a, ref, order, record))
		if open := a.OpenToStopped() && a != rules.Transfer; open && err != nil || !open && !codeStopped.Is(err) {
			t.Errorf("%v: %v", a, err)
		}
	}
	w, ref, _, _ := prepared(t, f, rules.Transfer)
	w.members[cqc].Stopped = true
	_, signers := by(rules.Transfer)
	w.ok(cqm, signers, w.message(f, rules.Transfer, ref, 0, 0))
}

// TestForeign: nobody acts on another body's certificates; a caretaker does, for
// one that has ended.
func TestForeign(t *testing.T) {
	f := rules.VoluntaryProduct
	for _, a := range byMembers() {
		if a.By() == rules.ByRegulator || a == rules.Issue || a == rules.Import || a == rules.Transfer {
			continue
		}
		signers := append(body(cqm), head(samr)...)
		w, ref, order, record := prepared(t, f, a)
		msg := w.message(f, a, ref, order, record)
		w.refuse(&codeNotIssuer, cqm, signers, msg)
		w.members[cqc].Caretaker = cqm // but it lives
		w.refuse(&codeNotIssuer, cqm, signers, msg)
		w.members[cqc].Active, w.members[cqc].Caretaker = false, local
		w.refuse(&codeNotIssuer, cqm, signers, msg)
		w.members[cqc].Caretaker = cqm
		if rights[a].caretaker {
			w.ok(cqm, signers, msg)
		} else {
			w.refuse(&codeCaretaker, cqm, signers, msg)
		}
	}
}

// TestCovered: what makes a certificate valid, or valid for more, needs an
// approval for the scheme.
func TestCovered(t *testing.T) {
	f := rules.VoluntaryProduct
	for _, a := range byMembers() {
		w, ref, order, record := prepared(t, f, a)
		actor, signers := by(a)
		w.uncovered = []string{actor + " " + schemes[f]}
		err := w.do(actor, signers, w.message(f, a, ref, order, record))
		if covered := rights[a].covered; covered && !codeApproval.Is(err) || !covered && err != nil {
			t.Errorf("%v: %v", a, err)
		}
	}
}
