package certificate

import (
	"slices"

	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// Renew replaces a valid certificate of the acting body by a new one of the same
// holder and family. The two records name each other's certificate; the old one
// closes as its family says.
func (m *Module) Renew(c *exec.Context, msg *certificatev1.Renew) error {
	r, err := parse(rules.Renew, msg)
	if err != nil {
		return err
	}
	r.ReissueReason = msg.GetReissueReason()
	issuer, err := m.body(c, msg.GetIssuer(), r.Action)
	if err != nil {
		return err
	}
	old, err := m.begin(c, rules.Ref{Issuer: issuer, Number: msg.GetNumber()}, r)
	if err != nil {
		return err
	}
	s, err := m.draft(c, issuer, msg.GetCertificate(), r)
	if err != nil {
		return err
	}
	return m.replace(c, old, s, old.before.Expires)
}

// replace closes the old certificate and files the new one in its place. before
// is the last day that the new cycle may be counted from, none if there is no new
// cycle.
func (m *Module) replace(c *exec.Context, old, s *step, before civil.Date) error {
	if s.after.FirstIssued == 0 {
		s.after.FirstIssued = old.before.FirstIssued
	}
	switch {
	case s.after.Family != old.before.Family || !rules.SameHolder(s.after.Holder, old.before.Holder):
		return codeOtherHolder.Refuse("%s of %v in the place of %s of %v", s.after.Holder, s.after.Family, old.before.Holder, old.before.Family)
	case s.after.FirstIssued < old.before.FirstIssued:
		return rules.CodeDateOrder.Refuse("first issued on %v, the old one on %v", s.after.FirstIssued, old.before.FirstIssued)
	case s.after.Issued > c.Today():
		return codeGap.Refuse("issued on %v, today is %v", s.after.Issued, c.Today())
	case slices.Contains(restsOn(s.text), old.before.Ref):
		return codeMainInvalid.Refuse("%v rests on %v, which it replaces", s.after.Ref, old.before.Ref)
	}
	if err := m.admit(c, s, before); err != nil {
		return err
	}
	old.after.Standing = old.before.Replace(old.record.Decided)
	old.record.Link, s.record.Link = s.after.Ref, old.before.Ref
	if err := m.write(c, old); err != nil {
		return err
	}
	return m.write(c, s)
}
