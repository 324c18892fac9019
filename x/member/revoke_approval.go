package member

import (
	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

func validateRevokeApproval(action *memberv1.RevokeApproval) error {
	return checkReasoned(action.GetBody(), action.GetReason())
}

// ApplyRevokeApproval ends an approval, as of today.
func (m *Module) ApplyRevokeApproval(c *exec.Context, action *memberv1.RevokeApproval) error {
	if err := validateRevokeApproval(action); err != nil {
		return malformed(err)
	}
	g, err := grantOf(c.Store, action.Body, action.Grant, true)
	if err != nil {
		return err
	}
	if err := step(c, action.Body, action.Grant, g, Step{Kind: StepEnd, Reason: action.Reason, Act: byGovernance(c)}); err != nil {
		return err
	}
	c.Emit(EventApprovalRevoked, AttrMember, action.Body, AttrGrant, count(action.Grant))
	return nil
}
