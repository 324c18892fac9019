package member

import (
	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

func validateAmendMember(action *memberv1.AmendMember) (Profile, error) {
	p := decodeProfile(action.GetProfile())
	if err := CheckID(action.GetMember()); err != nil {
		return p, err
	}
	return p, p.check()
}

// ApplyAmendMember replaces the profile of a member. Keys whose duty the new
// roles do not have cannot be used as long as that is so.
func (m *Module) ApplyAmendMember(c *exec.Context, action *memberv1.AmendMember) error {
	profile, err := validateAmendMember(action)
	if err != nil {
		return malformed(err)
	}
	id := action.Member
	old, err := find(c.Store, id)
	if err != nil {
		return err
	}
	if old.ApprovalNumber != "" && profile.ApprovalNumber != old.ApprovalNumber {
		return codeApprovalFixed.Refuse("%s has %s", id, old.ApprovalNumber)
	}
	if need := quorum(profile.Roles); need > quorum(old.Roles) {
		if n, err := adminHolders(c.Store, id, c.Time, Key{}); err != nil {
			return err
		} else if n < need {
			return codeAdminsTooFew.Refuse("%d people with admin keys, the roles %v need %d", n, profile.Roles, need)
		}
	}
	next := old
	next.Profile = profile
	return change(c, id, old, next, ChangeAmend, "", byGovernance(c), EventAmended)
}

// change makes next the current version of a member, if the change is legal for
// old. It keeps at least one regulator.
func change(c *exec.Context, id string, old, next Member, what Change, reason string, act Act, event string) error {
	if !old.may(what) {
		return codeStanding.Refuse("%s is %s", id, old.standing())
	}
	next.Change, next.Reason, next.Act = what, reason, act
	if old.isRegulator() && !next.isRegulator() {
		if all, err := regulators(c.Store); err != nil {
			return err
		} else if len(all) < 2 {
			return codeLastRegulator.Refuse("%s is the last", id)
		}
	}
	if err := put(c.Store, id, old, next); err != nil {
		return err
	}
	attributes := []string{AttrMember, id, AttrVersion, count(old.Version + 1)}
	if !act.Governed {
		attributes = append(attributes, AttrBy, act.Member)
	}
	if what == ChangeCaretaker {
		attributes = append(attributes, AttrCaretaker, next.Caretaker)
	}
	c.Emit(event, attributes...)
	return nil
}
