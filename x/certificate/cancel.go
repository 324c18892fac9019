package certificate

import (
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// Cancel cancels a certificate at the holder's request or because the product
// has ended, in families that have this.
func (m *Module) Cancel(c *exec.Context, msg *certificatev1.Cancel) error {
	r, err := parse(rules.Cancel, msg)
	if err != nil {
		return err
	}
	return m.end(c, msg.GetIssuer(), msg.GetNumber(), msg.GetReason(), rules.Cancelled, r)
}
