package member

import (
	"slices"

	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	"github.com/hallmark-ledger/hallmark/x/civil"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

func validateAccredit(msg *memberv1.Accredit) error {
	if err := CheckID(msg.GetBody()); err != nil {
		return err
	}
	if err := checkText("the number of an accreditation", msg.GetNumber(), maxNumber); err != nil {
		return err
	}
	if err := checkSchemes(msg.GetSchemes()); err != nil {
		return err
	}
	return checkPeriod(civil.Date(msg.GetFrom()), civil.Date(msg.GetUntil()))
}

// Accredit files an accreditation that the actor gave a body. It may lie in the
// past: accreditations are older than the ledger.
func (m *Module) Accredit(c *exec.Context, msg *memberv1.Accredit) error {
	if err := validateAccredit(msg); err != nil {
		return malformed(err)
	}
	actor, err := permit(c, accredit)
	if err != nil {
		return err
	}
	if !slices.Contains(actor.Marks, msg.Mark) {
		return codeMark.Refuse("%s gives %v, not %.10q", c.Actor, actor.Marks, msg.Mark)
	}
	body, err := find(c.Store, msg.Body)
	switch {
	case err != nil:
		return err
	case !isBody(body.Roles):
		return codeNotABody.Refuse("%s is %v", msg.Body, body.Roles)
	case body.Status == StatusRemoved:
		return codeStanding.Refuse("%s is %s", msg.Body, body.standing())
	}
	n, err := give(c.Store, msg.Body, Grant{
		By: c.Actor, Mark: msg.Mark, Number: msg.Number, Schemes: msg.Schemes,
		From: civil.Date(msg.From), Until: civil.Date(msg.Until), Act: byMember(c),
	})
	if err != nil {
		return err
	}
	c.Emit(EventAccredited, AttrMember, msg.Body, AttrGrant, count(n), AttrMark, msg.Mark, AttrBy, c.Actor)
	return nil
}
