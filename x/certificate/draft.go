package certificate

import (
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// draft returns the step that files a new certificate of a body with r as its
// first record, valid until something else is said. The number must be free.
func (m *Module) draft(c *exec.Context, issuer string, msg *certificatev1.Certificate, r rules.Record) (*step, error) {
	if msg == nil {
		return nil, codeMalformed.Refuse("no certificate")
	}
	text, err := parseDetails(msg.GetDetails())
	if err != nil {
		return nil, err
	}
	family, ok := rules.FamilyOf(msg.GetScheme())
	if !ok {
		return nil, rules.CodeScheme.Refuse("%.20q", msg.GetScheme())
	}
	h := rules.Head{
		Ref:         rules.Ref{Issuer: issuer, Number: msg.GetNumber()},
		Scheme:      msg.GetScheme(),
		Holder:      msg.GetHolder(),
		FirstIssued: civil.Date(msg.GetFirstIssued()),
		Standing: rules.Standing{
			Family: family, Status: rules.Valid, Since: r.Decided,
			Issued: civil.Date(msg.GetIssued()), Expires: civil.Date(msg.GetExpires()),
		},
	}
	if err := h.Ref.Check(); err != nil {
		return nil, err
	}
	if err := rules.CheckDecided(r.Decided, c.Today(), 0); err != nil {
		return nil, err
	}
	taken, err := heads.Has(c.Store, h.Ref)
	if err != nil {
		return nil, err
	}
	if taken {
		return nil, rules.CodeExists.Refuse("%v", h.Ref)
	}
	return &step{after: h, text: text, record: r}, nil
}

// admit refuses a draft that may not be issued now. before is the last day of
// the certificate that it renews, none otherwise.
func (m *Module) admit(c *exec.Context, s *step, before civil.Date) error {
	h, decided := &s.after, s.record.Decided
	if err := rules.CheckValidity(h.Family, decided, h.FirstIssued, h.Issued, h.Expires, before); err != nil {
		return err
	}
	if err := rules.CheckNumber(h.Family, h.Ref, h.Issued); err != nil {
		return err
	}
	if err := rules.CheckHolder(h.Holder); err != nil {
		return err
	}
	if h.Expires < c.Today() {
		return codeRunOut.Refuse("on %v, today is %v", h.Expires, c.Today())
	}
	if err := m.covered(c, s.record.Action, h.Scheme, decided); err != nil {
		return err
	}
	if err := notBarred(c.Store, h, decided); err != nil {
		return err
	}
	return m.checkText(c, h, nil, s.text, decided)
}

// notBarred refuses a certificate whose holder is barred from it on the day of
// the decision. A decision dated before the bar began is refused as well: it was
// filed after it, and dates must not be the way round it.
func notBarred(r store.Reader, h *rules.Head, decided civil.Date) error {
	until, err := BarredUntil(r, h.Holder, rules.BarScope(h.Family, h.Scheme, h.Number))
	if err == nil && decided <= until {
		err = codeBarred.Refuse("%s until %v", h.Holder, until)
	}
	return err
}
