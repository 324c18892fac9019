package certificate

import (
	"slices"

	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// reissuedAtTransfer is the reissue reason of every transfer.
const reissuedAtTransfer = "0103"

// Transfer replaces a valid certificate of another body by one of the acting
// body, which decides on it as if it issued it. The cycle goes on: the new
// certificate does not last longer than the old one.
func (m *Module) Transfer(c *exec.Context, msg *certificatev1.Transfer) error {
	r, err := parse(rules.Transfer, msg)
	if err != nil {
		return err
	}
	r.ReissueReason = reissuedAtTransfer
	receiver, err := m.body(c, "", r.Action)
	if err != nil {
		return err
	}
	if msg.GetIssuer() == receiver || msg.GetIssuer() == "" {
		return codeSameBody.Refuse("from %.40s to %s", msg.GetIssuer(), receiver)
	}
	if err := m.handsOver(c, msg.GetIssuer()); err != nil {
		return err
	}
	old, err := m.begin(c, rules.Ref{Issuer: msg.GetIssuer(), Number: msg.GetNumber()}, r)
	if err != nil {
		return err
	}
	s, err := m.draft(c, receiver, msg.GetCertificate(), r)
	if err != nil {
		return err
	}
	if s.after.Expires > old.before.Expires {
		return codeCycle.Refuse("until %v, the old one until %v", s.after.Expires, old.before.Expires)
	}
	return m.replace(c, old, s, 0)
}

// handsOver refuses a transfer that the body which issued the old certificate
// does not stand behind: by its own signatures, by those of its caretaker, or by
// a release, where it has ended.
func (m *Module) handsOver(c *exec.Context, issuer string) error {
	id, owner, err := m.issuer(c, issuer)
	switch {
	case err != nil:
		return err
	case id == "":
		return rules.CodeAbsent.Refuse("no body has the approval number %.40s", issuer)
	case owner.Active:
		if !slices.Contains(owner.Roles, RoleCertificationBody) || !signedBy(c, id) {
			return codeOtherBody.Refuse("%s", issuer)
		}
		return nil
	}
	if owner.Caretaker != "" && signedBy(c, owner.Caretaker) {
		caretaker, _, err := m.members.Member(c.Store, owner.Caretaker)
		if err != nil || caretaker.has(RoleCertificationBody) {
			return err
		}
	}
	release, ok, err := releases.Get(c.Store, takeover{issuer, c.Actor})
	if err == nil && (!ok || release.Until < c.Today()) {
		err = codeOtherBody.Refuse("%s has ended; its caretaker is %q, released to %s until %v", issuer, owner.Caretaker, c.Actor, release.Until)
	}
	return err
}
