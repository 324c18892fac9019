package member

import (
	"slices"

	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// action is what a member's message asks for.
type action uint8

const (
	registerOrdinary action = iota // AddKeys, RotateKey of keys that do not decide
	registerDeciding               // AddKeys, RotateKey of keys that decide
	cancelPending
	revokeKey
	reportCompromise
	accredit
	suspendAccreditation
	reinstateAccreditation
	withdrawAccreditation
	stopBody
	resumeBody
)

// accessRule says who may do an action: an active member that has one of the
// roles (none named: any), signing with a key of the duty.
type accessRule struct {
	action action
	roles  []Role
	duty   exec.Duty
	// quorum: as many admins of different holders as the member's roles demand,
	// not one.
	quorum bool
}

// access is the whole of who may send what. Keys are the admins' business;
// decisions about other members take an approver, who signs as head of the
// body. Operators and certifiers decide nothing here.
var access = []accessRule{
	{registerOrdinary, nil, exec.DutyAdmin, false},
	{registerDeciding, nil, exec.DutyAdmin, true},
	{cancelPending, nil, exec.DutyAdmin, false},
	{revokeKey, nil, exec.DutyAdmin, false},
	{reportCompromise, nil, exec.DutyAdmin, false},
	{accredit, []Role{RoleAccreditationBody}, exec.DutyApprover, false},
	{suspendAccreditation, []Role{RoleAccreditationBody}, exec.DutyApprover, false},
	{reinstateAccreditation, []Role{RoleAccreditationBody}, exec.DutyApprover, false},
	{withdrawAccreditation, []Role{RoleAccreditationBody}, exec.DutyApprover, false},
	{stopBody, []Role{RoleRegulator}, exec.DutyApprover, false},
	{resumeBody, []Role{RoleRegulator}, exec.DutyApprover, false},
}

// permit refuses what the actor may not do under the signatures it relies on.
// It returns the actor.
//
// The signers' keys were found to be in order when the transaction began, which
// holds for all of its messages, also where an earlier one has ended a key. The
// actor is read anew.
func permit(c *exec.Context, a action) (Member, error) {
	rule := access[a]
	actor, err := find(c.Store, c.Actor)
	if err != nil {
		return actor, err
	}
	if actor.Status != StatusActive {
		return actor, codeStanding.Refuse("%s is %s", c.Actor, actor.standing())
	}
	if len(rule.roles) > 0 && !slices.ContainsFunc(rule.roles, func(r Role) bool { return slices.Contains(actor.Roles, r) }) {
		return actor, codeRole.Refuse("%s is %v, want one of %v", c.Actor, actor.Roles, rule.roles)
	}
	holders := signedBy(c, &actor, rule.duty)
	switch {
	case len(holders) == 0:
		return actor, codeSignature.Refuse("no %s of %s has signed", rule.duty, c.Actor)
	case rule.quorum && len(holders) < quorum(actor.Roles):
		return actor, codeTwoAdmins.Refuse("admins of %d holder have signed, want %d", len(holders), quorum(actor.Roles))
	}
	return actor, nil
}

// signedBy returns who signed for the actor with a key of the duty, each holder
// once. A role that the actor has lost within the transaction takes its duties
// with it.
func signedBy(c *exec.Context, actor *Member, duty exec.Duty) (holders []string) {
	if !allows(actor.Roles, duty) {
		return nil
	}
	for _, s := range c.Signed(duty) {
		if !slices.Contains(holders, s.Holder) {
			holders = append(holders, s.Holder)
		}
	}
	return holders
}

// find returns the member, or a refusal if there is none.
func find(r store.Reader, id string) (Member, error) {
	m, ok, err := members.Get(r, id)
	if err == nil && !ok {
		err = codeUnknownMember.Refuse("%.50q", id)
	}
	return m, err
}
