package certificate

import (
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// Annul annuls a record that was filed in error: it says nothing about the
// holder then, and bars nobody. The number stays taken.
func (m *Module) Annul(c *exec.Context, msg *certificatev1.Annul) error {
	r, err := parseGrounds(rules.Annul, msg)
	if err != nil {
		return err
	}
	issuer, err := m.body(c, msg.GetIssuer(), r.Action)
	if err != nil {
		return err
	}
	signed, err := m.regulatorSigned(c)
	if err != nil {
		return err
	}
	if !signed {
		return codeRegulator.Refuse("%s/%.60s", issuer, msg.GetNumber())
	}
	s, err := m.begin(c, rules.Ref{Issuer: issuer, Number: msg.GetNumber()}, r)
	if err != nil {
		return err
	}
	s.after.Standing = s.before.Close(rules.Annulled, "", r.Decided)
	return m.write(c, s)
}
