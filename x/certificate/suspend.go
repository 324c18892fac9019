package certificate

import (
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// Suspend suspends a valid certificate.
func (m *Module) Suspend(c *exec.Context, msg *certificatev1.Suspend) error {
	r, err := parse(rules.Suspend, msg)
	if err != nil {
		return err
	}
	from, until := civil.Date(msg.GetFrom()), civil.Date(msg.GetUntil())
	if from == 0 {
		from = r.Decided
	}
	issuer, err := m.body(c, msg.GetIssuer(), r.Action)
	if err != nil {
		return err
	}
	s, err := m.begin(c, rules.Ref{Issuer: issuer, Number: msg.GetNumber()}, r)
	if err != nil {
		return err
	}
	if err := rules.CheckReason(s.before.Family, r.Action, msg.GetReason()); err != nil {
		return err
	}
	if err := rules.CheckSuspension(s.before.Family, r.Decided, from, until, c.Today()); err != nil {
		return err
	}
	s.after.Standing = s.before.Suspend(msg.GetReason(), r.Decided, from, until)
	return m.write(c, s)
}
