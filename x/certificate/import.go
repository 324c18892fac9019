package certificate

import (
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// MaxPastDecisions bounds what one import reports after the first record.
const MaxPastDecisions = 50

// Import files a certificate as it was, and what was decided on it since, all
// with their own dates and marked as imported. The ledger has not seen the
// decisions: it does not ask whether they kept its rules, only that they do not
// contradict each other. Bars that still run follow.
func (m *Module) Import(c *exec.Context, msg *certificatev1.Import) error {
	r, err := parse(rules.Import, msg)
	if err != nil {
		return err
	}
	if len(msg.GetDecisions()) > MaxPastDecisions {
		return rules.CodeCount.Refuse("%d past decisions, at most %d", len(msg.GetDecisions()), MaxPastDecisions)
	}
	issuer, err := m.body(c, "", r.Action)
	if err != nil {
		return err
	}
	if err := m.takeQuota(c); err != nil {
		return err
	}
	r.ReissueReason, r.Imported = msg.GetReissueReason(), true
	s, err := m.draft(c, issuer, msg.GetCertificate(), r)
	if err != nil {
		return err
	}
	s.after.Standing, err = stated(s.after.Standing, msg)
	if err != nil {
		return err
	}
	if s.after.Issued > c.Today() || s.after.SuspendedFrom > c.Today() {
		return rules.CodeFuture.Refuse("issued on %v, suspended from %v, today is %v", s.after.Issued, s.after.SuspendedFrom, c.Today())
	}
	if err := s.text.Check(s.after.Family, s.after.Ref); err != nil {
		return err
	}
	if err := m.write(c, s); err != nil {
		return err
	}
	h, decided := &s.after, r.Decided
	for _, d := range msg.GetDecisions() {
		if h, err = m.past(c, h, d, decided); err != nil {
			return err
		}
		decided = civil.Date(d.GetDecided())
	}
	_, _, err = m.settle(c, h)
	return err
}

// takeQuota counts one import in the window of the actor, if that is open.
func (m *Module) takeQuota(c *exec.Context) error {
	id, quota, open, err := m.windows.ImportWindow(c.Store, c.Actor, c.Time)
	if err != nil {
		return err
	}
	if !open {
		return codeWindow.Refuse("%s at %v", c.Actor, c.Time.UTC())
	}
	used, _, err := imports.Get(c.Store, window{c.Actor, id})
	if err != nil {
		return err
	}
	if used >= quota {
		return codeQuota.Refuse("%s: %d of window %d", c.Actor, quota, id)
	}
	return imports.Set(c.Store, window{c.Actor, id}, used+1)
}

// stated returns the standing that an import states.
func stated(s rules.Standing, msg *certificatev1.Import) (rules.Standing, error) {
	status := msg.GetStatus()
	if status <= certificatev1.Status_STATUS_UNSPECIFIED || status >= certificatev1.Status_STATUS_ANNULLED {
		return s, codeMalformed.Refuse("status %d cannot be imported", status)
	}
	s.Status, s.Reason = rules.Status(status), msg.GetReason()
	s.SuspendedFrom, s.SuspendedUntil = civil.Date(msg.GetSuspendedFrom()), civil.Date(msg.GetSuspendedUntil())
	s.Flags |= rules.FlagImported
	return s, s.Check()
}

// past files one past decision on an imported certificate.
func (m *Module) past(c *exec.Context, h *rules.Head, d *certificatev1.PastDecision, before civil.Date) (*rules.Head, error) {
	r := rules.Record{Action: rules.Action(d.GetAction() & 0xff), Decided: civil.Date(d.GetDecided()), Note: d.GetNote(), Imported: true}
	if err := rules.CheckDecided(r.Decided, c.Today(), before); err != nil {
		return nil, err
	}
	// The status that held on the day, should time have ended it by then.
	status := rules.EffectiveOn(h.Standing, r.Decided, rules.Facts{}).Status
	if _, code := rules.Next(h.Family, status, r.Action); code != nil {
		return nil, code.Refuse("%v on %v, when %v was %v", r.Action, r.Decided, h.Ref, status)
	}
	if err := rules.CheckReason(h.Family, r.Action, d.GetReason()); err != nil {
		return nil, err
	}
	s := &step{before: h, after: *h, record: r}
	switch d.GetAction() {
	case certificatev1.Action_ACTION_SUSPEND:
		from, until := civil.Date(d.GetSuspendedFrom()), civil.Date(d.GetSuspendedUntil())
		if from == 0 {
			from = r.Decided
		}
		if from > c.Today() {
			return nil, rules.CodeFuture.Refuse("suspended from %v, today is %v", from, c.Today())
		}
		s.after.Standing = h.Suspend(d.GetReason(), r.Decided, from, until)
	case certificatev1.Action_ACTION_REINSTATE:
		s.after.Standing = h.Reinstate(r.Decided)
	case certificatev1.Action_ACTION_REVOKE:
		s.after.Standing = h.Close(rules.Revoked, d.GetReason(), r.Decided)
	case certificatev1.Action_ACTION_CANCEL:
		s.after.Standing = h.Close(rules.Cancelled, d.GetReason(), r.Decided)
	default:
		return nil, codeHistory.Refuse("%v", r.Action)
	}
	return &s.after, m.write(c, s)
}
