package member

import (
	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

func validateSuspendAccreditation(msg *memberv1.SuspendAccreditation) error {
	return checkReasoned(msg.GetBody(), msg.GetReason())
}

// SuspendAccreditation suspends an accreditation, as of today.
func (m *Module) SuspendAccreditation(c *exec.Context, msg *memberv1.SuspendAccreditation) error {
	if err := validateSuspendAccreditation(msg); err != nil {
		return malformed(err)
	}
	return decide(c, suspendAccreditation, msg.Body, msg.Grant, StepSuspend, msg.Reason, EventAccreditationSuspended)
}

// decide takes a step on an accreditation that the actor gave, or that a member
// gave whose caretaker it is.
func decide(c *exec.Context, a action, body string, n uint64, kind StepKind, reason, event string) error {
	if _, err := permit(c, a); err != nil {
		return err
	}
	g, err := grantOf(c.Store, body, n, false)
	if err != nil {
		return err
	}
	if g.By != c.Actor {
		giver, err := find(c.Store, g.By)
		if err != nil {
			return err
		}
		if giver.Caretaker != c.Actor {
			return codeNotGranter.Refuse("it was given by %s", g.By)
		}
	}
	if err := step(c, body, n, g, Step{Kind: kind, Reason: reason, Act: byMember(c)}); err != nil {
		return err
	}
	c.Emit(event, AttrMember, body, AttrGrant, count(n), AttrMark, g.Mark, AttrBy, c.Actor)
	return nil
}

// checkReasoned checks what most messages about another member say.
func checkReasoned(member, reason string) error {
	if err := CheckID(member); err != nil {
		return err
	}
	return checkText("the reason", reason, maxReason)
}
