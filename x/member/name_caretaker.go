package member

import (
	"slices"

	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

func validateNameCaretaker(action *memberv1.NameCaretaker) error {
	if err := CheckID(action.GetMember()); err != nil {
		return err
	}
	return CheckID(action.GetCaretaker())
}

// ApplyNameCaretaker names who acts in the place of a member that cannot: it is
// removed, or suspended until it is reinstated. Another may be named later.
func (m *Module) ApplyNameCaretaker(c *exec.Context, action *memberv1.NameCaretaker) error {
	if err := validateNameCaretaker(action); err != nil {
		return malformed(err)
	}
	old, err := find(c.Store, action.Member)
	if err != nil {
		return err
	}
	caretaker, err := find(c.Store, action.Caretaker)
	if err != nil {
		return err
	}
	switch shared := slices.ContainsFunc(caretaker.Roles, func(r Role) bool { return slices.Contains(old.Roles, r) }); {
	case action.Caretaker == action.Member:
		return codeCaretaker.Refuse("it is the member itself")
	case caretaker.Status != StatusActive || caretaker.Stopped:
		return codeCaretaker.Refuse("%s is %s", action.Caretaker, caretaker.standing())
	case !shared:
		return codeCaretaker.Refuse("%s is %v, %s is %v", action.Caretaker, caretaker.Roles, action.Member, old.Roles)
	}
	next := old
	next.Caretaker = action.Caretaker
	return change(c, action.Member, old, next, ChangeCaretaker, "", byGovernance(c), EventCaretaker)
}
