package governance

import (
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// EndBlock records what has expired, at most sweep_per_block proposals; the rest
// waits for the next block and cannot be decided meanwhile.
func (m *Module) EndBlock(c *exec.Context) error {
	params, err := m.Params(c.Store)
	if err != nil {
		return err
	}
	var due []queueKey
	err = queue.Scan(c.Store, func(k queueKey, _ struct{}) (bool, error) {
		if k.expires > c.Time.Unix() || uint64(len(due)) >= params.SweepPerBlock {
			return false, nil
		}
		due = append(due, k)
		return true, nil
	})
	if err != nil {
		return err
	}
	for _, k := range due {
		p, ok, err := proposals.Get(c.Store, k.proposal)
		if err != nil {
			return err
		}
		if !ok {
			return corrupt("proposal %d waits to expire and does not exist", k.proposal)
		}
		p.Number = k.proposal
		if err := closeAs(c, p, Expired); err != nil {
			return err
		}
	}
	return nil
}
