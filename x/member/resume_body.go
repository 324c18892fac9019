package member

import (
	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

func validateResumeBody(msg *memberv1.ResumeBody) error {
	return checkReasoned(msg.GetBody(), msg.GetReason())
}

// ResumeBody lets a stopped body go on. Any regulator may decide it, so that a
// body is not held by one that has no key left.
func (m *Module) ResumeBody(c *exec.Context, msg *memberv1.ResumeBody) error {
	if err := validateResumeBody(msg); err != nil {
		return malformed(err)
	}
	if _, err := permit(c, resumeBody); err != nil {
		return err
	}
	body, err := find(c.Store, msg.Body)
	if err != nil {
		return err
	}
	next := body
	next.Stopped = false
	return change(c, msg.Body, body, next, ChangeResume, msg.Reason, byMember(c), EventResumed)
}
