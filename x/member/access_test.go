package member

import (
	"fmt"
	"slices"
	"testing"

	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

var allDuties = []exec.Duty{exec.DutyAdmin, exec.DutyOperator, exec.DutyCertifier, exec.DutyApprover}

// attempts are messages that a member of the test ledger can send, apart from
// who sends them; for "a grant of its own" see grantOf below.
func attempts(l *ledger, actor string) map[string]func(signers string) error {
	key := actor + "/operator/operator"
	if !allows(testRoles[actor], exec.DutyOperator) {
		key = actor + "/admin/h1"
	}
	pending := func(signers string) error {
		// A key of a duty that decides, which waits; registered by whoever may.
		admins := actor + "/admin/h1 " + actor + "/admin/h2"
		l.must(do(l, actor, admins, l.AddKeys, add(l.fresh(actor, "waits"+actor+signers, exec.DutyAdmin, "h9"))))
		return do(l, actor, signers, l.CancelPendingKey, &memberv1.CancelPendingKey{Key: l.raw("waits" + actor + signers)})
	}
	grant := func(kinds ...StepKind) uint64 {
		g := Grant{By: actor, Mark: "01", Number: "1", Schemes: []string{"A01"}, From: 1, Until: 90000}
		for _, k := range kinds {
			g.Steps = append(g.Steps, Step{Kind: k, Date: l.block.Today(), Reason: "r"})
		}
		n, err := give(l.state, "cqc", g)
		l.must(err)
		return n
	}
	return map[string]func(string) error{
		"register an operator": func(s string) error {
			return do(l, actor, s, l.AddKeys, add(l.fresh(actor, "new operator"+actor+s, exec.DutyOperator, "x")))
		},
		"register an admin": func(s string) error {
			return do(l, actor, s, l.AddKeys, add(l.fresh(actor, "new admin"+actor+s, exec.DutyAdmin, "x")))
		},
		"register an approver": func(s string) error {
			return do(l, actor, s, l.AddKeys, add(l.fresh(actor, "new approver"+actor+s, exec.DutyApprover, "x")))
		},
		"register a certifier": func(s string) error {
			return do(l, actor, s, l.AddKeys, add(l.fresh(actor, "new certifier"+actor+s, exec.DutyCertifier, "x")))
		},
		"rotate": func(s string) error {
			duty := exec.DutyOperator
			if !allows(testRoles[actor], duty) {
				duty = exec.DutyAdmin
			}
			return do(l, actor, s, l.RotateKey, l.rotation(actor, key, "rotated"+actor+s, duty))
		},
		"cancel": pending,
		"revoke": func(s string) error {
			victim := key
			if victim == actor+"/admin/h1" {
				victim = actor + "/admin/h2"
			}
			return do(l, actor, s, l.RevokeKey, &memberv1.RevokeKey{Key: l.raw(victim)})
		},
		"compromise": func(s string) error {
			return do(l, actor, s, l.ReportCompromise, &memberv1.ReportCompromise{Key: l.raw(key), Since: noon.Unix()})
		},
		"accredit": func(s string) error {
			mark := "01"
			if actor == "ukas" {
				mark = "02"
			}
			return do(l, actor, s, l.Accredit, &memberv1.Accredit{Body: "cqc", Mark: mark, Number: "1", Schemes: []string{"A01"}, From: 1, Until: 90000})
		},
		"suspend accreditation": func(s string) error {
			return do(l, actor, s, l.SuspendAccreditation, &memberv1.SuspendAccreditation{Body: "cqc", Grant: grant(), Reason: "r"})
		},
		"reinstate accreditation": func(s string) error {
			return do(l, actor, s, l.ReinstateAccreditation, &memberv1.ReinstateAccreditation{Body: "cqc", Grant: grant(StepSuspend), Reason: "r"})
		},
		"withdraw accreditation": func(s string) error {
			return do(l, actor, s, l.WithdrawAccreditation, &memberv1.WithdrawAccreditation{Body: "cqc", Grant: grant(), Reason: "r"})
		},
		"stop": func(s string) error {
			return do(l, actor, s, l.StopBody, &memberv1.StopBody{Body: "cqm", Reason: "r"})
		},
		"resume": func(s string) error {
			m, err := find(l.state, "insp")
			l.must(err)
			stopped := m
			stopped.Stopped, stopped.Change = true, ChangeStop
			l.must(put(l.state, "insp", m, stopped))
			return do(l, actor, s, l.ResumeBody, &memberv1.ResumeBody{Body: "insp", Reason: "r"})
		},
	}
}

// rights is who may do what, written out once more: the duty that signs, and
// the roles whose members may.
var rights = []struct {
	action string
	duty   exec.Duty
	admins int // that must sign where the role demands two
	roles  []Role
}{
	{"register an operator", exec.DutyAdmin, 1, []Role{1, 2, 3, 4, 5, 6}},
	{"register an admin", exec.DutyAdmin, 2, []Role{1, 2, 3, 4, 5, 6, 7}},
	{"register an approver", exec.DutyAdmin, 2, []Role{1, 2, 3, 4, 5}},
	{"register a certifier", exec.DutyAdmin, 2, []Role{3}},
	{"rotate", exec.DutyAdmin, 1, []Role{1, 2, 3, 4, 5, 6, 7}},
	{"cancel", exec.DutyAdmin, 1, []Role{1, 2, 3, 4, 5, 6, 7}},
	{"revoke", exec.DutyAdmin, 1, []Role{1, 2, 3, 4, 5, 6, 7}},
	{"compromise", exec.DutyAdmin, 1, []Role{1, 2, 3, 4, 5, 6, 7}},
	{"accredit", exec.DutyApprover, 1, []Role{2}},
	{"suspend accreditation", exec.DutyApprover, 1, []Role{2}},
	{"reinstate accreditation", exec.DutyApprover, 1, []Role{2}},
	{"withdraw accreditation", exec.DutyApprover, 1, []Role{2}},
	{"stop", exec.DutyApprover, 1, []Role{1}},
	{"resume", exec.DutyApprover, 1, []Role{1}},
}

// actors has a member of each role, by the role's number.
var actors = []string{"", "cnca", "cnas", "cqc", "lab", "insp", "maker", "press"}

// Every member tries every action under keys of every duty, under one and under
// two.
func TestAccess(t *testing.T) {
	for _, role := range []Role{1, 2, 3, 4, 5, 6, 7} {
		actor := actors[role]
		for _, right := range rights {
			for _, duty := range allDuties {
				signers := []string{""}
				if duty == exec.DutyAdmin {
					signers = append(signers, actor+"/admin/h1", actor+"/admin/h1 "+actor+"/admin/h2")
				} else if allows(testRoles[actor], duty) {
					signers = append(signers, fmt.Sprintf("%s/%s/%s", actor, duty, duty))
				} else {
					continue
				}
				for n, s := range signers {
					l := newLedger(t)
					err := attempts(l, actor)[right.action](s)
					need := 1
					if right.admins == 2 {
						need = quorum(testRoles[actor])
					}
					want := n > 0 && duty == right.duty && slices.Contains(right.roles, role) && (n >= need || duty != exec.DutyAdmin)
					if got := err == nil; got != want {
						t.Errorf("%s: %s, signed by %q: %v", role, right.action, s, err)
					}
					if _, ok := exec.AsRefusal(err); err != nil && !ok {
						t.Errorf("%s: %s: a fault: %v", role, right.action, err)
					}
				}
			}
		}
	}
}

// The table names every action once, in order.
func TestAccessTable(t *testing.T) {
	for i, rule := range access {
		if int(rule.action) != i {
			t.Errorf("rule %d is that of action %d", i, rule.action)
		}
	}
	if len(access) != int(resumeBody)+1 {
		t.Errorf("%d rules", len(access))
	}
	if len(attempts(newLedger(t), "cnca")) != len(rights) {
		t.Error("an action is not tried")
	}
}

// Members that cannot act, for every action.
func TestAccessByStatus(t *testing.T) {
	for _, role := range []Role{1, 2, 3, 4, 5, 6, 7} {
		for _, right := range rights {
			for _, status := range []Status{StatusSuspended, StatusRemoved} {
				l := newLedger(t)
				actor := actors[role]
				try := attempts(l, actor)[right.action]
				if right.action == "cancel" {
					try = func(s string) error {
						return do(l, actor, s, l.CancelPendingKey, &memberv1.CancelPendingKey{Key: l.raw(actor + "/admin/h1")})
					}
				}
				m, err := find(l.state, actor)
				l.must(err)
				next := m
				next.Status, next.Change = status, ChangeSuspend
				if status == StatusRemoved {
					next.Change = ChangeRemove
				}
				l.must(put(l.state, actor, m, next))
				l.refused(try(fmt.Sprintf("%s/admin/h1 %s/admin/h2", actor, actor)), &codeStanding)
			}
		}
	}
	l := newLedger(t)
	l.refused(do(l, "nobody", "cqc/admin/h1", l.AddKeys, add(l.fresh("nobody", "k", exec.DutyOperator, "o"))), &codeUnknownMember)
}

func TestRoleRules(t *testing.T) {
	for i, rule := range roleRules {
		if int(rule.role) != i+1 || !slices.Contains(rule.duties, exec.DutyAdmin) || rule.admins < 1 {
			t.Errorf("rule of %s", rule.role)
		}
		var r Role
		if err := r.UnmarshalText([]byte(rule.name)); err != nil || r != rule.role {
			t.Errorf("%s: %v", rule.name, err)
		}
		if memberv1.Role_value["ROLE_"+upper(rule.name)] != int32(rule.role) {
			t.Errorf("%s has another number in protobuf", rule.name)
		}
	}
	for i, rule := range dutyRules {
		if int(rule.duty) != i+1 || memberv1.Duty_value["DUTY_"+upper(rule.duty.String())] != int32(rule.duty) {
			t.Errorf("rule of %s", rule.duty)
		}
	}
	if Role(0).String() != "unknown" || Role(8).String() != "unknown" || new(Role).UnmarshalText([]byte("king")) == nil {
		t.Error("roles that are none")
	}
	for _, c := range []struct {
		roles []Role
		ok    bool
	}{
		{nil, false}, {[]Role{0}, false}, {[]Role{8}, false}, {[]Role{3, 3}, false}, {[]Role{4, 3}, false},
		{[]Role{1}, true}, {[]Role{2}, true}, {[]Role{3}, true}, {[]Role{3, 4, 5}, true}, {[]Role{4, 6}, true}, {[]Role{7}, true},
		{[]Role{1, 3}, false}, {[]Role{1, 2}, false}, {[]Role{2, 4}, false}, {[]Role{2, 6}, false}, {[]Role{6, 7}, false},
	} {
		if err := checkRoles(c.roles); (err == nil) != c.ok {
			t.Errorf("%v: %v", c.roles, err)
		}
	}
}

func upper(s string) string {
	b := []byte(s)
	for i := range b {
		if 'a' <= b[i] && b[i] <= 'z' {
			b[i] -= 'a' - 'A'
		}
	}
	return string(b)
}
