package member

import (
	"fmt"

	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
)

// Validate checks a message or a governed action of this module by its form
// alone, as its handler will: nil, or a refusal. CheckTx and the filing of a
// proposal can refuse with it early. What is none of the module's is an error
// that is no refusal.
func (m *Module) Validate(message any) (err error) {
	switch v := message.(type) {
	case *memberv1.AddKeys:
		_, err = validateAddKeys(v)
	case *memberv1.CancelPendingKey:
		_, err = validateCancelPendingKey(v)
	case *memberv1.RevokeKey:
		_, err = validateRevokeKey(v)
	case *memberv1.RotateKey:
		_, _, err = validateRotateKey(v)
	case *memberv1.ReportCompromise:
		_, _, err = validateCompromise(v.GetKey(), v.GetSince())
	case *memberv1.Accredit:
		err = validateAccredit(v)
	case *memberv1.SuspendAccreditation:
		err = validateSuspendAccreditation(v)
	case *memberv1.ReinstateAccreditation:
		err = validateReinstateAccreditation(v)
	case *memberv1.WithdrawAccreditation:
		err = validateWithdrawAccreditation(v)
	case *memberv1.StopBody:
		err = validateStopBody(v)
	case *memberv1.ResumeBody:
		err = validateResumeBody(v)

	case *memberv1.AdmitMember:
		_, _, err = validateAdmitMember(v)
	case *memberv1.AmendMember:
		_, err = validateAmendMember(v)
	case *memberv1.SuspendMember:
		err = validateSuspendMember(v)
	case *memberv1.ReinstateMember:
		err = validateReinstateMember(v)
	case *memberv1.RemoveMember:
		err = validateRemoveMember(v)
	case *memberv1.ApproveSchemes:
		err = validateApproveSchemes(v)
	case *memberv1.RestrictApproval:
		err = validateRestrictApproval(v)
	case *memberv1.RevokeApproval:
		err = validateRevokeApproval(v)
	case *memberv1.RecoverKeys:
		_, err = validateRecoverKeys(v)
	case *memberv1.DeclareCompromise:
		_, _, err = validateCompromise(v.GetKey(), v.GetSince())
	case *memberv1.NameCaretaker:
		err = validateNameCaretaker(v)
	default:
		return fmt.Errorf("member: %T is no message of this module", message)
	}
	return malformed(err)
}
