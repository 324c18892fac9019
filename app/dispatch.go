package app

import (
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/exec"
	"github.com/hallmark-ledger/hallmark/x/tx"
)

// dispatch does what a message says. It is the one place where a message meets
// its handler.
func (m *Modules) dispatch(c *exec.Context, msg *txv1.Message) error {
	switch a := msg.GetAction().(type) {
	case *txv1.Message_AddKeys:
		return m.Member.AddKeys(c, a.AddKeys)
	case *txv1.Message_CancelPendingKey:
		return m.Member.CancelPendingKey(c, a.CancelPendingKey)
	case *txv1.Message_RevokeKey:
		return m.Member.RevokeKey(c, a.RevokeKey)
	case *txv1.Message_RotateKey:
		return m.Member.RotateKey(c, a.RotateKey)
	case *txv1.Message_ReportCompromise:
		return m.Member.ReportCompromise(c, a.ReportCompromise)
	case *txv1.Message_Accredit:
		return m.Member.Accredit(c, a.Accredit)
	case *txv1.Message_SuspendAccreditation:
		return m.Member.SuspendAccreditation(c, a.SuspendAccreditation)
	case *txv1.Message_ReinstateAccreditation:
		return m.Member.ReinstateAccreditation(c, a.ReinstateAccreditation)
	case *txv1.Message_WithdrawAccreditation:
		return m.Member.WithdrawAccreditation(c, a.WithdrawAccreditation)
	case *txv1.Message_StopBody:
		return m.Member.StopBody(c, a.StopBody)
	case *txv1.Message_ResumeBody:
		return m.Member.ResumeBody(c, a.ResumeBody)

	case *txv1.Message_Propose:
		return m.Governance.Propose(c, a.Propose)
	case *txv1.Message_Approve:
		return m.Governance.Approve(c, a.Approve)
	case *txv1.Message_Reject:
		return m.Governance.Reject(c, a.Reject)
	case *txv1.Message_Withdraw:
		return m.Governance.Withdraw(c, a.Withdraw)

	case *txv1.Message_RotateSealKey:
		return m.Validator.RotateSealKey(c, a.RotateSealKey)
	case *txv1.Message_ReportConflict:
		return m.Validator.ReportConflict(c, a.ReportConflict)

	case *txv1.Message_Issue:
		return m.Certificate.Issue(c, a.Issue)
	case *txv1.Message_Import:
		return m.Certificate.Import(c, a.Import)
	case *txv1.Message_Suspend:
		return m.Certificate.Suspend(c, a.Suspend)
	case *txv1.Message_Reinstate:
		return m.Certificate.Reinstate(c, a.Reinstate)
	case *txv1.Message_Revoke:
		return m.Certificate.Revoke(c, a.Revoke)
	case *txv1.Message_Cancel:
		return m.Certificate.Cancel(c, a.Cancel)
	case *txv1.Message_Amend:
		return m.Certificate.Amend(c, a.Amend)
	case *txv1.Message_Correct:
		return m.Certificate.Correct(c, a.Correct)
	case *txv1.Message_Annul:
		return m.Certificate.Annul(c, a.Annul)
	case *txv1.Message_Renew:
		return m.Certificate.Renew(c, a.Renew)
	case *txv1.Message_Transfer:
		return m.Certificate.Transfer(c, a.Transfer)
	case *txv1.Message_FileOrder:
		return m.Certificate.FileOrder(c, a.FileOrder)
	case *txv1.Message_CloseOrder:
		return m.Certificate.CloseOrder(c, a.CloseOrder)
	case *txv1.Message_Flag:
		return m.Certificate.Flag(c, a.Flag)
	case *txv1.Message_Unflag:
		return m.Certificate.Unflag(c, a.Unflag)

	case *txv1.Message_AnchorEvidence:
		return m.Evidence.AnchorEvidence(c, a.AnchorEvidence)

	case *txv1.Message_RegisterProduct:
		return m.Trace.RegisterProduct(c, a.RegisterProduct)
	case *txv1.Message_CaptureEvents:
		return m.Trace.CaptureEvents(c, a.CaptureEvents)
	case *txv1.Message_LinkCertificates:
		return m.Trace.LinkCertificates(c, a.LinkCertificates)
	case *txv1.Message_SetReporters:
		return m.Trace.SetReporters(c, a.SetReporters)
	case *txv1.Message_Recall:
		return m.Trace.Recall(c, a.Recall)
	case *txv1.Message_LiftRecall:
		return m.Trace.LiftRecall(c, a.LiftRecall)
	}
	return tx.CodeNoAction.Refuse("message %d", c.Index)
}
