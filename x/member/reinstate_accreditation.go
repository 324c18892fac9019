package member

import (
	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

func validateReinstateAccreditation(msg *memberv1.ReinstateAccreditation) error {
	return checkReasoned(msg.GetBody(), msg.GetReason())
}

// ReinstateAccreditation ends the suspension of an accreditation, as of today.
func (m *Module) ReinstateAccreditation(c *exec.Context, msg *memberv1.ReinstateAccreditation) error {
	if err := validateReinstateAccreditation(msg); err != nil {
		return malformed(err)
	}
	return decide(c, reinstateAccreditation, msg.Body, msg.Grant, StepReinstate, msg.Reason, EventAccreditationReinstated)
}
