package app

import (
	governancev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/governance/v1"
	"github.com/hallmark-ledger/hallmark/x/exec"
	"github.com/hallmark-ledger/hallmark/x/tx"
)

// actions carries out what the regulators decide: governance.Executor.
type actions struct{ *Modules }

// Validate implements governance.Executor.
func (m actions) Validate(action *governancev1.Action) error {
	switch a := action.GetAction().(type) {
	case *governancev1.Action_AdmitMember:
		return m.Member.Validate(a.AdmitMember)
	case *governancev1.Action_AmendMember:
		return m.Member.Validate(a.AmendMember)
	case *governancev1.Action_SuspendMember:
		return m.Member.Validate(a.SuspendMember)
	case *governancev1.Action_ReinstateMember:
		return m.Member.Validate(a.ReinstateMember)
	case *governancev1.Action_RemoveMember:
		return m.Member.Validate(a.RemoveMember)
	case *governancev1.Action_ApproveSchemes:
		return m.Member.Validate(a.ApproveSchemes)
	case *governancev1.Action_RestrictApproval:
		return m.Member.Validate(a.RestrictApproval)
	case *governancev1.Action_RevokeApproval:
		return m.Member.Validate(a.RevokeApproval)
	case *governancev1.Action_RecoverKeys:
		return m.Member.Validate(a.RecoverKeys)
	case *governancev1.Action_NameCaretaker:
		return m.Member.Validate(a.NameCaretaker)
	case *governancev1.Action_DeclareCompromise:
		return m.Member.Validate(a.DeclareCompromise)
	case *governancev1.Action_SetValidators:
		return m.Validator.Validate(a.SetValidators)
	case *governancev1.Action_SetParameters:
		return m.Governance.Validate(a.SetParameters)
	case *governancev1.Action_OpenImportWindow:
		return m.Governance.Validate(a.OpenImportWindow)
	case *governancev1.Action_ScheduleUpgrade:
		return m.Governance.Validate(a.ScheduleUpgrade)
	case *governancev1.Action_CancelUpgrade:
		return m.Governance.Validate(a.CancelUpgrade)
	case *governancev1.Action_ReverseDecision, *governancev1.Action_ReleaseCertificates:
		return nil // these are checked when they are done
	}
	return tx.CodeNoAction.Refuse("a governed action")
}

// Execute implements governance.Executor.
func (m actions) Execute(c *exec.Context, action *governancev1.Action) error {
	switch a := action.GetAction().(type) {
	case *governancev1.Action_AdmitMember:
		return m.Member.ApplyAdmitMember(c, a.AdmitMember)
	case *governancev1.Action_AmendMember:
		return m.Member.ApplyAmendMember(c, a.AmendMember)
	case *governancev1.Action_SuspendMember:
		return m.Member.ApplySuspendMember(c, a.SuspendMember)
	case *governancev1.Action_ReinstateMember:
		return m.Member.ApplyReinstateMember(c, a.ReinstateMember)
	case *governancev1.Action_RemoveMember:
		return m.Member.ApplyRemoveMember(c, a.RemoveMember)
	case *governancev1.Action_ApproveSchemes:
		return m.Member.ApplyApproveSchemes(c, a.ApproveSchemes)
	case *governancev1.Action_RestrictApproval:
		return m.Member.ApplyRestrictApproval(c, a.RestrictApproval)
	case *governancev1.Action_RevokeApproval:
		return m.Member.ApplyRevokeApproval(c, a.RevokeApproval)
	case *governancev1.Action_RecoverKeys:
		return m.Member.ApplyRecoverKeys(c, a.RecoverKeys)
	case *governancev1.Action_NameCaretaker:
		return m.Member.ApplyNameCaretaker(c, a.NameCaretaker)
	case *governancev1.Action_DeclareCompromise:
		return m.Member.ApplyDeclareCompromise(c, a.DeclareCompromise)
	case *governancev1.Action_SetValidators:
		return m.Validator.ApplySetValidators(c, a.SetValidators)
	case *governancev1.Action_SetParameters:
		return m.Governance.ApplySetParameters(c, a.SetParameters)
	case *governancev1.Action_OpenImportWindow:
		return m.Governance.ApplyOpenImportWindow(c, a.OpenImportWindow)
	case *governancev1.Action_ScheduleUpgrade:
		return m.Governance.ApplyScheduleUpgrade(c, a.ScheduleUpgrade)
	case *governancev1.Action_CancelUpgrade:
		return m.Governance.ApplyCancelUpgrade(c, a.CancelUpgrade)
	case *governancev1.Action_ReverseDecision:
		return m.Certificate.ApplyReverseDecision(c, a.ReverseDecision)
	case *governancev1.Action_ReleaseCertificates:
		return m.Certificate.ApplyReleaseCertificates(c, a.ReleaseCertificates)
	}
	return tx.CodeNoAction.Refuse("a governed action")
}
