package member

import (
	"fmt"
	"slices"

	"github.com/hallmark-ledger/hallmark/x/exec"
)

// Role is what an institution is. The numbers are those of the protobuf
// enumeration.
type Role uint8

// The roles of design §1.
const (
	RoleRegulator         Role = 1
	RoleAccreditationBody Role = 2
	RoleCertificationBody Role = 3
	RoleLaboratory        Role = 4
	RoleInspectionBody    Role = 5
	RoleOperator          Role = 6
	RoleObserver          Role = 7
)

// roleRule is what a role brings with it.
type roleRule struct {
	role Role
	name string
	// duties that a key of such a member may have.
	duties []exec.Duty
	// alone: the role goes with no other, for the sake of impartiality.
	alone bool
	// body: an institution that assesses others, which a regulator may stop.
	body bool
	// admins is how many people must hold admin keys, and must sign together
	// to register a key that decides.
	admins int
}

// roleRules is in order of the numbers.
var roleRules = []roleRule{
	{RoleRegulator, "regulator", []exec.Duty{exec.DutyAdmin, exec.DutyOperator, exec.DutyApprover}, true, false, 2},
	{RoleAccreditationBody, "accreditation_body", []exec.Duty{exec.DutyAdmin, exec.DutyOperator, exec.DutyApprover}, true, false, 2},
	{RoleCertificationBody, "certification_body", []exec.Duty{exec.DutyAdmin, exec.DutyOperator, exec.DutyCertifier, exec.DutyApprover}, false, true, 2},
	{RoleLaboratory, "laboratory", []exec.Duty{exec.DutyAdmin, exec.DutyOperator, exec.DutyApprover}, false, true, 1},
	{RoleInspectionBody, "inspection_body", []exec.Duty{exec.DutyAdmin, exec.DutyOperator, exec.DutyApprover}, false, true, 1},
	{RoleOperator, "operator", []exec.Duty{exec.DutyAdmin, exec.DutyOperator}, false, false, 1},
	{RoleObserver, "observer", []exec.Duty{exec.DutyAdmin}, true, false, 1},
}

// rule returns what r brings with it, false if r is no role.
func (r Role) rule() (roleRule, bool) {
	if r < 1 || int(r) > len(roleRules) {
		return roleRule{}, false
	}
	return roleRules[r-1], true
}

// String returns the name of the role.
func (r Role) String() string {
	if rule, ok := r.rule(); ok {
		return rule.name
	}
	return "unknown"
}

// MarshalText implements encoding.TextMarshaler with the name.
func (r Role) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (r *Role) UnmarshalText(text []byte) error {
	i := slices.IndexFunc(roleRules, func(rule roleRule) bool { return rule.name == string(text) })
	if i < 0 {
		return fmt.Errorf("member: %q is no role", text)
	}
	*r = roleRules[i].role
	return nil
}

// checkRoles returns what is wrong with a member's roles, nil if nothing is.
func checkRoles(roles []Role) error {
	if len(roles) == 0 {
		return fmt.Errorf("a member has at least one role")
	}
	for i, r := range roles {
		rule, ok := r.rule()
		switch {
		case !ok:
			return fmt.Errorf("%d is no role", r)
		case i > 0 && roles[i-1] >= r:
			return fmt.Errorf("the roles are not ascending by number, each once")
		case rule.alone && len(roles) > 1:
			return fmt.Errorf("the role %s goes with no other", r)
		}
	}
	return nil
}

// allows reports whether one of the roles has keys of the duty.
func allows(roles []Role, duty exec.Duty) bool {
	return slices.ContainsFunc(roles, func(r Role) bool {
		rule, _ := r.rule()
		return slices.Contains(rule.duties, duty)
	})
}

// quorum is how many people must hold admin keys of a member with these roles.
func quorum(roles []Role) int {
	n := 1
	for _, r := range roles {
		rule, _ := r.rule()
		n = max(n, rule.admins)
	}
	return n
}

// isBody reports whether one of the roles assesses others.
func isBody(roles []Role) bool {
	return slices.ContainsFunc(roles, func(r Role) bool {
		rule, _ := r.rule()
		return rule.body
	})
}
