package member

import (
	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

func validateReinstateMember(action *memberv1.ReinstateMember) error {
	return checkReasoned(action.GetMember(), action.GetReason())
}

// ApplyReinstateMember ends the suspension of a member and the task of its caretaker.
// What a regulator has stopped stays stopped.
func (m *Module) ApplyReinstateMember(c *exec.Context, action *memberv1.ReinstateMember) error {
	if err := validateReinstateMember(action); err != nil {
		return malformed(err)
	}
	old, err := find(c.Store, action.Member)
	if err != nil {
		return err
	}
	next := old
	next.Status, next.Caretaker = StatusActive, ""
	return change(c, action.Member, old, next, ChangeReinstate, action.Reason, byGovernance(c), EventReinstated)
}
