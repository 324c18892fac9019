package member

import (
	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

func validateSuspendMember(action *memberv1.SuspendMember) error {
	return checkReasoned(action.GetMember(), action.GetReason())
}

// ApplySuspendMember makes the keys of a member unusable. A body that is stopped stays so.
func (m *Module) ApplySuspendMember(c *exec.Context, action *memberv1.SuspendMember) error {
	if err := validateSuspendMember(action); err != nil {
		return malformed(err)
	}
	old, err := find(c.Store, action.Member)
	if err != nil {
		return err
	}
	next := old
	next.Status = StatusSuspended
	return change(c, action.Member, old, next, ChangeSuspend, action.Reason, byGovernance(c), EventSuspended)
}
