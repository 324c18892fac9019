package member

import (
	"slices"

	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	"github.com/hallmark-ledger/hallmark/x/civil"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

func validateApproveSchemes(action *memberv1.ApproveSchemes) error {
	if err := CheckID(action.GetBody()); err != nil {
		return err
	}
	if err := checkSchemes(action.GetSchemes()); err != nil {
		return err
	}
	return checkPeriod(civil.Date(action.GetFrom()), civil.Date(action.GetUntil()))
}

// ApplyApproveSchemes files that the regulators approved a certification body
// for schemes. It may lie in the past: approvals are older than the ledger.
func (m *Module) ApplyApproveSchemes(c *exec.Context, action *memberv1.ApproveSchemes) error {
	if err := validateApproveSchemes(action); err != nil {
		return malformed(err)
	}
	body, err := find(c.Store, action.Body)
	switch {
	case err != nil:
		return err
	case !slices.Contains(body.Roles, RoleCertificationBody):
		return codeNotABody.Refuse("%s is %v", action.Body, body.Roles)
	case body.Status == StatusRemoved:
		return codeStanding.Refuse("%s is %s", action.Body, body.standing())
	}
	n, err := give(c.Store, action.Body, Grant{
		Schemes: action.Schemes, From: civil.Date(action.From), Until: civil.Date(action.Until), Act: byGovernance(c),
	})
	if err != nil {
		return err
	}
	c.Emit(EventApproved, AttrMember, action.Body, AttrGrant, count(n))
	return nil
}
