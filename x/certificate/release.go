package certificate

import (
	"slices"

	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// ApplyReleaseCertificates lets a body take over the certificates of one that
// has ended: its transfers need no other signatures then. It is executed by
// governance. A later release replaces an earlier one.
func (m *Module) ApplyReleaseCertificates(c *exec.Context, a *certificatev1.ReleaseCertificates) error {
	until := civil.Date(a.GetUntil())
	if !until.Valid() || until < c.Today() {
		return rules.CodeDateOrder.Refuse("released until %v, today is %v", until, c.Today())
	}
	id, owner, err := m.issuer(c, a.GetIssuer())
	switch {
	case err != nil:
		return err
	case id == "":
		return rules.CodeAbsent.Refuse("no body has the approval number %.40s", a.GetIssuer())
	case owner.Active:
		return codeNotEnded.Refuse("%s", a.GetIssuer())
	}
	receiver, _, err := m.members.Member(c.Store, a.GetReceiver())
	switch {
	case err != nil:
		return err
	case !slices.Contains(receiver.Roles, RoleCertificationBody):
		return codeRole.Refuse("%.40s is no certification body", a.GetReceiver())
	case !receiver.Active:
		return codeInactive.Refuse("%s", a.GetReceiver())
	}
	c.Emit(EventReleased, AttrIssuer, a.GetIssuer(), AttrMember, a.GetReceiver(), AttrUntil, until.String())
	return releases.Set(c.Store, takeover{a.GetIssuer(), a.GetReceiver()}, Release{until, c.Height, c.TxID})
}
