package member

import (
	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

func validateRemoveMember(action *memberv1.RemoveMember) error {
	return checkReasoned(action.GetMember(), action.GetReason())
}

// ApplyRemoveMember ends a membership for good. Id and approval number are never
// given again; the institution may be admitted anew under other ones.
func (m *Module) ApplyRemoveMember(c *exec.Context, action *memberv1.RemoveMember) error {
	if err := validateRemoveMember(action); err != nil {
		return malformed(err)
	}
	old, err := find(c.Store, action.Member)
	if err != nil {
		return err
	}
	next := old
	next.Status = StatusRemoved
	return change(c, action.Member, old, next, ChangeRemove, action.Reason, byGovernance(c), EventRemoved)
}
