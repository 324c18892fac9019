package certificate

import (
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// Revoke revokes a certificate. Whether the holder is barred after that follows
// from family and reason.
func (m *Module) Revoke(c *exec.Context, msg *certificatev1.Revoke) error {
	r, err := parse(rules.Revoke, msg)
	if err != nil {
		return err
	}
	return m.end(c, msg.GetIssuer(), msg.GetNumber(), msg.GetReason(), rules.Revoked, r)
}

// end closes a certificate for a reason.
func (m *Module) end(c *exec.Context, issuer, number, reason string, to rules.Status, r rules.Record) error {
	issuer, err := m.body(c, issuer, r.Action)
	if err != nil {
		return err
	}
	s, err := m.begin(c, rules.Ref{Issuer: issuer, Number: number}, r)
	if err != nil {
		return err
	}
	if err := rules.CheckReason(s.before.Family, r.Action, reason); err != nil {
		return err
	}
	s.after.Standing = s.before.Close(to, reason, r.Decided)
	return m.write(c, s)
}
