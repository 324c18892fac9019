package member

import (
	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

func validateRestrictApproval(action *memberv1.RestrictApproval) error {
	if err := checkReasoned(action.GetBody(), action.GetReason()); err != nil {
		return err
	}
	return checkSchemes(action.GetSchemes())
}

// ApplyRestrictApproval takes schemes out of an approval, as of today. They may
// be narrower than what the approval names: A0101 out of A01.
func (m *Module) ApplyRestrictApproval(c *exec.Context, action *memberv1.RestrictApproval) error {
	if err := validateRestrictApproval(action); err != nil {
		return malformed(err)
	}
	g, err := grantOf(c.Store, action.Body, action.Grant, true)
	if err != nil {
		return err
	}
	for _, s := range action.Schemes {
		if !g.names(s, c.Today()) {
			return codeNotInGrant.Refuse("%s", s)
		}
	}
	err = step(c, action.Body, action.Grant, g, Step{Kind: StepRestrict, Schemes: action.Schemes, Reason: action.Reason, Act: byGovernance(c)})
	if err != nil {
		return err
	}
	c.Emit(EventApprovalRestricted, AttrMember, action.Body, AttrGrant, count(action.Grant))
	return nil
}
