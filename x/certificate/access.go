package certificate

import (
	"slices"

	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// signing says which signatures of the actor an action takes.
type signing uint8

const (
	nobody   signing = 0 // the chain does it, or governance, which has votes
	fourEyes signing = 1 // a certifier and an approver, different in key and holder
	approver signing = 2
)

// right says who may take an action and how.
type right struct {
	role    Role
	signing signing
	// caretaker: who acts for a body that has ended may take it too. It winds
	// down; what it decides to be valid again, its own approval must cover.
	caretaker bool
	// covered: the actor's approval covers the scheme on the day of the decision
	// and on that of filing. True of what makes a certificate valid, or valid for
	// more.
	covered bool
}

// rights is the table of actions, roles and duties. That a body acts on its own
// certificates only, and what one that is stopped may do, is rules.Action's to
// say.
var rights = []right{
	rules.Issue:       {RoleCertificationBody, fourEyes, false, true},
	rules.Import:      {RoleCertificationBody, fourEyes, false, false},
	rules.Suspend:     {RoleCertificationBody, fourEyes, true, false},
	rules.Reinstate:   {RoleCertificationBody, fourEyes, true, true},
	rules.Revoke:      {RoleCertificationBody, fourEyes, true, false},
	rules.Cancel:      {RoleCertificationBody, fourEyes, true, false},
	rules.Extend:      {RoleCertificationBody, fourEyes, false, true},
	rules.Reduce:      {RoleCertificationBody, fourEyes, true, false},
	rules.Name:        {RoleCertificationBody, fourEyes, false, false},
	rules.Address:     {RoleCertificationBody, fourEyes, false, false},
	rules.Model:       {RoleCertificationBody, fourEyes, false, true},
	rules.Standard:    {RoleCertificationBody, fourEyes, false, true},
	rules.Particulars: {RoleCertificationBody, fourEyes, false, false},
	rules.Correct:     {RoleCertificationBody, fourEyes, true, false},
	rules.Annul:       {RoleCertificationBody, fourEyes, true, false}, // and an approver of a regulator
	rules.Reverse:     {0, nobody, false, false},
	rules.Renew:       {RoleCertificationBody, fourEyes, false, true},
	rules.Transfer:    {RoleCertificationBody, fourEyes, false, true}, // of the receiving body; see transfer.go for the other
	rules.Lapse:       {0, nobody, false, false},
	rules.Overdue:     {0, nobody, false, false},
	rules.Order:       {RoleRegulator, approver, false, false},
	rules.CloseOrder:  {RoleRegulator, approver, false, false},
	rules.Flag:        {RoleRegulator, approver, false, false},
	rules.Unflag:      {RoleRegulator, approver, false, false},
}

// actor returns the member that a message acts for, if it is in the role for
// the action and the signatures are those that the action takes.
func (m *Module) actor(c *exec.Context, a rules.Action) (Member, error) {
	right := rights[a]
	member, ok, err := m.members.Member(c.Store, c.Actor)
	switch {
	case err != nil:
		return Member{}, err
	case right.signing == nobody:
		return Member{}, codeRole.Refuse("no member can %v", a)
	case !ok || !slices.Contains(member.Roles, right.role):
		return Member{}, codeRole.Refuse("%v is not for %s", a, c.Actor)
	case !member.Active:
		return Member{}, codeInactive.Refuse("%s", c.Actor)
	case right.signing == fourEyes && !c.FourEyes():
		return Member{}, codeFourEyes.Refuse("%v by %s", a, c.Actor)
	case right.signing == approver && len(c.Signed(exec.DutyApprover)) == 0:
		return Member{}, codeApprover.Refuse("%v by %s", a, c.Actor)
	}
	return member, nil
}

// body returns the approval number of the body that the actor takes the action
// for: its own, which issuer may leave out, or that of a body that has ended and
// whose caretaker it is.
func (m *Module) body(c *exec.Context, issuer string, a rules.Action) (string, error) {
	actor, err := m.actor(c, a)
	if err != nil {
		return "", err
	}
	if actor.ApprovalNumber == "" {
		return "", codeRole.Refuse("%s has no approval number", c.Actor)
	}
	// A stopped body may let a certificate go in a transfer; to receive one is to
	// issue.
	if actor.Stopped && (!a.OpenToStopped() || a == rules.Transfer) {
		return "", codeStopped.Refuse("%s may not %v", c.Actor, a)
	}
	if issuer == "" || issuer == actor.ApprovalNumber {
		return actor.ApprovalNumber, nil
	}
	_, owner, err := m.issuer(c, issuer)
	switch {
	case err != nil:
		return "", err
	case owner.Active || owner.Caretaker != c.Actor:
		return "", codeNotIssuer.Refuse("%s does not act for %.40s", c.Actor, issuer)
	case !rights[a].caretaker:
		return "", codeCaretaker.Refuse("%v for %s", a, issuer)
	}
	return issuer, nil
}

// issuer returns the member with an approval number, the zero Member if there
// is none.
func (m *Module) issuer(c *exec.Context, number string) (id string, owner Member, err error) {
	id, ok, err := m.members.ByApprovalNumber(c.Store, number)
	if err != nil || !ok {
		return "", Member{}, err
	}
	owner, _, err = m.members.Member(c.Store, id)
	return id, owner, err
}

// covered refuses an action that needs an approval where the actor has none.
func (m *Module) covered(c *exec.Context, a rules.Action, scheme string, on civil.Date) error {
	if !rights[a].covered {
		return nil
	}
	return m.approved(c, scheme, on)
}

// approved refuses what the actor decides on a day where its approval did not
// cover the scheme then, or does not today. Nobody sees a decision before it is
// filed: one that could be dated before the approval was revoked would be the way
// to go on without it.
func (m *Module) approved(c *exec.Context, scheme string, on civil.Date) error {
	for _, day := range []civil.Date{on, c.Today()} {
		if ok, err := m.members.Covers(c.Store, c.Actor, scheme, day); err != nil {
			return err
		} else if !ok {
			return codeApproval.Refuse("%s on %v: %s", c.Actor, day, scheme)
		}
		if on == c.Today() {
			break
		}
	}
	return nil
}

// backed reports whether an accreditation of the actor backed the mark on the day
// of a decision, and does today; see approved.
func (m *Module) backed(c *exec.Context, mark, scheme string, on civil.Date) (bool, error) {
	ok, err := m.members.Accredited(c.Store, c.Actor, mark, scheme, on)
	if err != nil || !ok || on == c.Today() {
		return ok, err
	}
	return m.members.Accredited(c.Store, c.Actor, mark, scheme, c.Today())
}

// signedBy reports whether a certifier and an approver of a member, different
// in key and in holder, stand behind the message.
func signedBy(c *exec.Context, member string) bool {
	return (&exec.Context{Actor: member, Signers: c.Signers}).FourEyes()
}

// regulatorSigned reports whether an approver of an active regulator other than
// the actor stands behind the message.
func (m *Module) regulatorSigned(c *exec.Context) (bool, error) {
	for _, s := range c.Signers {
		if s.Duty != exec.DutyApprover || s.Member == c.Actor {
			continue
		}
		member, _, err := m.members.Member(c.Store, s.Member)
		if err != nil || member.has(RoleRegulator) {
			return err == nil, err
		}
	}
	return false, nil
}
