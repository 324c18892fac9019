package governance

import (
	"cmp"

	governancev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/governance/v1"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// Withdraw ends an open proposal of the acting regulator.
func (m *Module) Withdraw(c *exec.Context, msg *governancev1.Withdraw) error {
	if _, _, err := m.permit(c, withdraw); err != nil {
		return err
	}
	p, err := open(c, msg.GetProposal())
	if err != nil {
		return err
	}
	if p.Proposer != c.Actor {
		return codeNotProposer.Refuse("%d is of %s", p.Number, cmp.Or(p.Proposer, "no regulator: a fact raised it"))
	}
	return closeAs(c, p, Withdrawn)
}
