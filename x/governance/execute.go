package governance

import (
	"strings"

	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// execute does the actions of an approved proposal, all or none, and closes it
// as executed or failed. Only a fault is an error.
func (m *Module) execute(c *exec.Context, p Proposal) error {
	branch := store.NewBranch(c.Store)
	// The regulators act together: no member, no key.
	together := &exec.Context{Block: c.Block, Store: branch, TxID: c.TxID, Index: c.Index}
	failure, err := m.do(together, p)
	if err != nil {
		return err
	}
	if failure != nil {
		p.Failure = *failure
		return closeAs(c, p, Failed)
	}
	if err := branch.Write(); err != nil {
		return err
	}
	for _, e := range together.Events() {
		var pairs []string
		for _, a := range e.Attributes {
			pairs = append(pairs, a.Key, a.Value)
		}
		c.Emit(e.Type, pairs...)
	}
	return closeAs(c, p, Executed)
}

// do does the actions and returns why it cannot be.
func (m *Module) do(c *exec.Context, p Proposal) (*Failure, error) {
	for i, a := range p.Actions {
		if err := m.executor.Execute(c, a); err != nil {
			r, ok := exec.AsRefusal(err)
			if !ok {
				return nil, err
			}
			return newFailure(r, i+1), nil
		}
	}
	left, err := m.members.Regulators(c.Store)
	if err != nil {
		return nil, err
	}
	// Thresholds are parts of the regulators, so one regulator can reach each.
	if len(left) == 0 {
		return newFailure(codeNoRegulators.Refuse("after all %d actions", len(p.Actions)), 0), nil
	}
	return nil, nil
}

func newFailure(r *exec.Refusal, action int) *Failure {
	detail := r.Detail
	if len(detail) > maxDetail {
		detail = detail[:maxDetail]
	}
	// A detail may quote bytes of any kind, and may have been cut within a
	// character.
	return &Failure{r.Code.Number, action, strings.ToValidUTF8(detail, "")}
}
