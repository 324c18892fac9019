package app

import (
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/certificate"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
	"github.com/hallmark-ledger/hallmark/x/evidence"
	"github.com/hallmark-ledger/hallmark/x/member"
	"github.com/hallmark-ledger/hallmark/x/trace"
)

// providers are members, certificates and products as evidence sees them.
type providers struct{ *Modules }

// Member implements evidence.Members.
func (p providers) Member(r store.Reader, id string) (evidence.Member, bool, error) {
	f, ok, err := p.Modules.Member.Member(r, id)
	if err != nil || !ok {
		return evidence.Member{}, false, err
	}
	m := evidence.Member{
		Active: f.Status == member.StatusActive, ApprovalNumber: f.ApprovalNumber, Caretaker: f.Caretaker,
		Holder: certificate.HolderOf(f.USCC), // none of a foreign member
	}
	for _, role := range f.Roles {
		m.Roles = append(m.Roles, evidence.Role(role))
	}
	return m, true, nil
}

// ByApprovalNumber implements evidence.Members.
func (p providers) ByApprovalNumber(r store.Reader, number string) (id string, ok bool, err error) {
	return p.Modules.Member.ByApprovalNumber(r, number)
}

// Accredited implements evidence.Members.
func (p providers) Accredited(r store.Reader, id, scheme string, on civil.Date) (bool, error) {
	return p.Modules.Member.AccreditedFor(r, id, scheme, on)
}

// Certificate implements evidence.Certificates.
func (p providers) Certificate(r store.Reader, issuer, number string) (evidence.Certificate, bool, error) {
	h, ok, err := certificate.Head(r, rules.Ref{Issuer: issuer, Number: number})
	if err != nil || !ok {
		return evidence.Certificate{}, false, err
	}
	return evidence.Certificate{Scheme: h.Scheme, Holder: certificate.HolderOf(h.Holder)}, true, nil
}

// Product implements evidence.Products.
func (p providers) Product(r store.Reader, uri string) (evidence.Product, bool, error) {
	v, ok, err := trace.Find(r, uri)
	if err != nil || !ok {
		return evidence.Product{}, false, err
	}
	return evidence.Product{Owner: v.Owner, Reporters: v.Reporters}, true, nil
}

// anchors is evidence as certificates see it.
type anchors struct{ *Modules }

// Anchored implements certificate.Evidence.
func (a anchors) Anchored(r store.Reader, id sm3.Hash) (bool, error) {
	return a.Evidence.Anchored(r, id)
}
