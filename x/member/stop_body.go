package member

import (
	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

func validateStopBody(msg *memberv1.StopBody) error {
	return checkReasoned(msg.GetBody(), msg.GetReason())
}

// StopBody stops a body: it may wind down its certificates, not issue any. It is
// the decision of one regulator, since it cannot wait, and takes nothing away
// that ResumeBody does not give back; suspension and removal take a proposal.
func (m *Module) StopBody(c *exec.Context, msg *memberv1.StopBody) error {
	if err := validateStopBody(msg); err != nil {
		return malformed(err)
	}
	if _, err := permit(c, stopBody); err != nil {
		return err
	}
	body, err := find(c.Store, msg.Body)
	if err != nil {
		return err
	}
	if !isBody(body.Roles) {
		return codeNotABody.Refuse("%s is %v", msg.Body, body.Roles)
	}
	next := body
	next.Stopped = true
	return change(c, msg.Body, body, next, ChangeStop, msg.Reason, byMember(c), EventStopped)
}
