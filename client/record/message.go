package record

import (
	"fmt"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// Message returns r as a message, without actor and signers. It checks nothing:
// see Check.
func (r *Record) Message() *txv1.Message {
	m := new(txv1.Message)
	number, issuer, decided, evidence, note := r.Number, r.Issuer, int32(r.Decided), hashBytes(r.Evidence), r.Note
	switch r.Action {
	case rules.Issue:
		m.Action = &txv1.Message_Issue{Issue: &certificatev1.Issue{
			Certificate: r.certificate(), Decided: decided, Evidence: evidence, Note: note,
		}}
	case rules.Import:
		m.Action = &txv1.Message_Import{Import: &certificatev1.Import{
			Certificate: r.certificate(), Decided: decided, Evidence: evidence, Note: note,
			Status: certificatev1.Status(r.Status), Reason: r.Reason, ReissueReason: r.ReissueReason,
			SuspendedFrom: int32(r.SuspendedFrom), SuspendedUntil: int32(r.SuspendedUntil), Decisions: r.decisions(),
		}}
	case rules.Suspend:
		m.Action = &txv1.Message_Suspend{Suspend: &certificatev1.Suspend{
			Number: number, Issuer: issuer, Decided: decided, Evidence: evidence, Note: note,
			Reason: r.Reason, From: int32(r.SuspendedFrom), Until: int32(r.SuspendedUntil),
		}}
	case rules.Reinstate:
		m.Action = &txv1.Message_Reinstate{Reinstate: &certificatev1.Reinstate{
			Number: number, Issuer: issuer, Decided: decided, Evidence: evidence, Note: note,
		}}
	case rules.Revoke:
		m.Action = &txv1.Message_Revoke{Revoke: &certificatev1.Revoke{
			Number: number, Issuer: issuer, Decided: decided, Evidence: evidence, Note: note, Reason: r.Reason,
		}}
	case rules.Cancel:
		m.Action = &txv1.Message_Cancel{Cancel: &certificatev1.Cancel{
			Number: number, Issuer: issuer, Decided: decided, Evidence: evidence, Note: note, Reason: r.Reason,
		}}
	case rules.Correct:
		m.Action = &txv1.Message_Correct{Correct: &certificatev1.Correct{
			Number: number, Issuer: issuer, Decided: decided, Evidence: evidence, Note: note,
			Scheme: r.Scheme, Holder: r.Holder, FirstIssued: int32(r.FirstIssued), Issued: int32(r.Issued),
			Expires: int32(r.Expires), Details: detailsToProto(&r.Details),
		}}
	case rules.Annul:
		m.Action = &txv1.Message_Annul{Annul: &certificatev1.Annul{
			Number: number, Issuer: issuer, Decided: decided, Evidence: evidence, Note: note,
		}}
	case rules.Renew:
		m.Action = &txv1.Message_Renew{Renew: &certificatev1.Renew{
			Number: r.OldNumber, Issuer: r.OldIssuer, Decided: decided, Evidence: evidence, Note: note,
			Certificate: r.certificate(), ReissueReason: r.ReissueReason,
		}}
	case rules.Transfer:
		m.Action = &txv1.Message_Transfer{Transfer: &certificatev1.Transfer{
			Number: r.OldNumber, Issuer: r.OldIssuer, Decided: decided, Evidence: evidence, Note: note,
			Certificate: r.certificate(),
		}}
	case rules.Order:
		m.Action = &txv1.Message_FileOrder{FileOrder: &certificatev1.FileOrder{
			Number: number, Issuer: issuer, Decided: decided, Evidence: evidence, Note: note, Due: int32(r.Due),
		}}
	case rules.CloseOrder:
		m.Action = &txv1.Message_CloseOrder{CloseOrder: &certificatev1.CloseOrder{
			Number: number, Issuer: issuer, Decided: decided, Evidence: evidence, Note: note, Order: r.Order,
		}}
	case rules.Flag:
		m.Action = &txv1.Message_Flag{Flag: &certificatev1.Flag{
			Number: number, Issuer: issuer, Decided: decided, Evidence: evidence, Note: note,
		}}
	case rules.Unflag:
		m.Action = &txv1.Message_Unflag{Unflag: &certificatev1.Unflag{
			Number: number, Issuer: issuer, Decided: decided, Evidence: evidence, Note: note, Member: r.Member,
		}}
	default:
		if r.Action.Amends() {
			m.Action = &txv1.Message_Amend{Amend: &certificatev1.Amend{
				Number: number, Issuer: issuer, Decided: decided, Evidence: evidence, Note: note,
				Action: certificatev1.Action(r.Action), ChangeType: r.ChangeType, ReissueReason: r.ReissueReason,
				Holder: r.Holder, Details: detailsToProto(&r.Details),
			}}
		}
	}
	return m
}

func (r *Record) certificate() *certificatev1.Certificate {
	return &certificatev1.Certificate{
		Number: r.Number, Scheme: r.Scheme, Holder: r.Holder, FirstIssued: int32(r.FirstIssued),
		Issued: int32(r.Issued), Expires: int32(r.Expires), Details: detailsToProto(&r.Details),
	}
}

func (r *Record) decisions() (list []*certificatev1.PastDecision) {
	for _, d := range r.Decisions {
		list = append(list, &certificatev1.PastDecision{
			Action: certificatev1.Action(d.Action), Reason: d.Reason, Decided: int32(d.Decided), Note: d.Note,
			SuspendedFrom: int32(d.SuspendedFrom), SuspendedUntil: int32(d.SuspendedUntil),
		})
	}
	return list
}

// head is what the messages have in common.
type head interface {
	GetDecided() int32
	GetEvidence() [][]byte
	GetNote() string
}

// named are messages about an existing certificate.
type named interface {
	head
	GetNumber() string
	GetIssuer() string
}

// FromMessage returns the record of a message: the other way of Message.
func FromMessage(m *txv1.Message) (*Record, error) {
	r := new(Record)
	switch a := m.GetAction().(type) {
	case *txv1.Message_Issue:
		r.Action = rules.Issue
		return r, r.made(a.Issue, a.Issue.GetCertificate())
	case *txv1.Message_Import:
		r.Action, r.Status = rules.Import, rules.Status(a.Import.GetStatus())
		r.Reason, r.ReissueReason = a.Import.GetReason(), a.Import.GetReissueReason()
		r.SuspendedFrom, r.SuspendedUntil = civil.Date(a.Import.GetSuspendedFrom()), civil.Date(a.Import.GetSuspendedUntil())
		for _, d := range a.Import.GetDecisions() {
			r.Decisions = append(r.Decisions, Decision{
				rules.Action(d.GetAction()), civil.Date(d.GetDecided()), d.GetReason(),
				civil.Date(d.GetSuspendedFrom()), civil.Date(d.GetSuspendedUntil()), d.GetNote(),
			})
		}
		return r, r.made(a.Import, a.Import.GetCertificate())
	case *txv1.Message_Suspend:
		r.Action, r.Reason = rules.Suspend, a.Suspend.GetReason()
		r.SuspendedFrom, r.SuspendedUntil = civil.Date(a.Suspend.GetFrom()), civil.Date(a.Suspend.GetUntil())
		return r, r.on(a.Suspend)
	case *txv1.Message_Reinstate:
		r.Action = rules.Reinstate
		return r, r.on(a.Reinstate)
	case *txv1.Message_Revoke:
		r.Action, r.Reason = rules.Revoke, a.Revoke.GetReason()
		return r, r.on(a.Revoke)
	case *txv1.Message_Cancel:
		r.Action, r.Reason = rules.Cancel, a.Cancel.GetReason()
		return r, r.on(a.Cancel)
	case *txv1.Message_Amend:
		r.Action, r.ChangeType, r.ReissueReason = rules.Action(a.Amend.GetAction()), a.Amend.GetChangeType(), a.Amend.GetReissueReason()
		r.Holder, r.Details = a.Amend.GetHolder(), detailsFromProto(a.Amend.GetDetails())
		return r, r.on(a.Amend)
	case *txv1.Message_Correct:
		c := a.Correct
		r.Action, r.Scheme, r.Holder, r.Details = rules.Correct, c.GetScheme(), c.GetHolder(), detailsFromProto(c.GetDetails())
		r.FirstIssued, r.Issued, r.Expires = civil.Date(c.GetFirstIssued()), civil.Date(c.GetIssued()), civil.Date(c.GetExpires())
		return r, r.on(c)
	case *txv1.Message_Annul:
		r.Action = rules.Annul
		return r, r.on(a.Annul)
	case *txv1.Message_Renew:
		r.Action, r.ReissueReason = rules.Renew, a.Renew.GetReissueReason()
		return r, r.replaces(a.Renew, a.Renew.GetCertificate())
	case *txv1.Message_Transfer:
		r.Action = rules.Transfer
		return r, r.replaces(a.Transfer, a.Transfer.GetCertificate())
	case *txv1.Message_FileOrder:
		r.Action, r.Due = rules.Order, civil.Date(a.FileOrder.GetDue())
		return r, r.on(a.FileOrder)
	case *txv1.Message_CloseOrder:
		r.Action, r.Order = rules.CloseOrder, a.CloseOrder.GetOrder()
		return r, r.on(a.CloseOrder)
	case *txv1.Message_Flag:
		r.Action = rules.Flag
		return r, r.on(a.Flag)
	case *txv1.Message_Unflag:
		r.Action, r.Member = rules.Unflag, a.Unflag.GetMember()
		return r, r.on(a.Unflag)
	}
	return nil, fmt.Errorf("record: %T is no act on a certificate", m.GetAction())
}

func (r *Record) common(h head) error {
	r.Decided, r.Note = civil.Date(h.GetDecided()), h.GetNote()
	for _, e := range h.GetEvidence() {
		if len(e) != sm3.Size {
			return fmt.Errorf("record: an id of evidence has %d bytes", len(e))
		}
		r.Evidence = append(r.Evidence, sm3.Hash(e))
	}
	return nil
}

func (r *Record) on(m named) error {
	r.Number, r.Issuer = m.GetNumber(), m.GetIssuer()
	return r.common(m)
}

func (r *Record) made(h head, c *certificatev1.Certificate) error {
	r.Number, r.Scheme, r.Holder, r.Details = c.GetNumber(), c.GetScheme(), c.GetHolder(), detailsFromProto(c.GetDetails())
	r.FirstIssued, r.Issued, r.Expires = civil.Date(c.GetFirstIssued()), civil.Date(c.GetIssued()), civil.Date(c.GetExpires())
	return r.common(h)
}

func (r *Record) replaces(m named, c *certificatev1.Certificate) error {
	r.OldNumber, r.OldIssuer = m.GetNumber(), m.GetIssuer()
	return r.made(m, c)
}
