package governance

import (
	"fmt"

	governancev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/governance/v1"
)

// Validate checks a message or governed action of this module by its form alone,
// as its handler will: nil, or a refusal. What is none of the module's is an
// error that is no refusal.
func (m *Module) Validate(message any) error {
	switch v := message.(type) {
	case *governancev1.Propose:
		_, err := m.validatePropose(v)
		return err
	case *governancev1.Approve:
		return validateNumber(v.GetProposal())
	case *governancev1.Reject:
		return validateNumber(v.GetProposal())
	case *governancev1.Withdraw:
		return validateNumber(v.GetProposal())

	case *governancev1.SetParameters:
		return validateSetParameters(v)
	case *governancev1.OpenImportWindow:
		return validateOpenImportWindow(v)
	case *governancev1.ScheduleUpgrade:
		return validateScheduleUpgrade(v)
	case *governancev1.CancelUpgrade:
		if !isSlug(v.GetName()) {
			return codeMalformed.Refuse("%.50q is not a name for an upgrade", v.GetName())
		}
		return nil
	}
	return fmt.Errorf("governance: %T is no message of the module", message)
}

func validateNumber(proposal uint64) error {
	if proposal == 0 {
		return codeMalformed.Refuse("proposals are numbered from 1")
	}
	return nil
}
