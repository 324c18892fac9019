package certificate

import (
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// Reinstate makes a suspended certificate valid again, before its suspension
// ends.
func (m *Module) Reinstate(c *exec.Context, msg *certificatev1.Reinstate) error {
	r, err := parse(rules.Reinstate, msg)
	if err != nil {
		return err
	}
	issuer, err := m.body(c, msg.GetIssuer(), r.Action)
	if err != nil {
		return err
	}
	s, err := m.begin(c, rules.Ref{Issuer: issuer, Number: msg.GetNumber()}, r)
	if err != nil {
		return err
	}
	if err := rules.CheckReinstatement(s.before.Standing, c.Today()); err != nil {
		return err
	}
	if err := m.covered(c, r.Action, s.before.Scheme, r.Decided); err != nil {
		return err
	}
	if err := checkOwnMain(c, s.before); err != nil {
		return err
	}
	s.after.Standing = s.before.Reinstate(r.Decided)
	return m.write(c, s)
}
