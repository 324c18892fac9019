package certificate

import (
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// Issue issues a certificate of the acting body.
func (m *Module) Issue(c *exec.Context, msg *certificatev1.Issue) error {
	r, err := parse(rules.Issue, msg)
	if err != nil {
		return err
	}
	issuer, err := m.body(c, "", rules.Issue)
	if err != nil {
		return err
	}
	s, err := m.draft(c, issuer, msg.GetCertificate(), r)
	if err != nil {
		return err
	}
	if err := m.admit(c, s, 0); err != nil {
		return err
	}
	return m.write(c, s)
}
