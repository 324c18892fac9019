package member

import (
	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

func validateWithdrawAccreditation(msg *memberv1.WithdrawAccreditation) error {
	return checkReasoned(msg.GetBody(), msg.GetReason())
}

// WithdrawAccreditation ends an accreditation, as of today.
func (m *Module) WithdrawAccreditation(c *exec.Context, msg *memberv1.WithdrawAccreditation) error {
	if err := validateWithdrawAccreditation(msg); err != nil {
		return malformed(err)
	}
	return decide(c, withdrawAccreditation, msg.Body, msg.Grant, StepEnd, msg.Reason, EventAccreditationWithdrawn)
}
