package governance

import (
	"slices"

	"github.com/hallmark-ledger/hallmark/x/exec"
)

// act is what a message of the module asks for.
type act uint8

const (
	propose act = iota
	approve
	reject
	withdraw
)

// access is the whole of who may send what: an active regulator, with at least
// one signature by a key of the duty. The others of its keys manage keys or file
// records; they decide nothing.
var access = [...]struct {
	act  act
	duty exec.Duty
}{
	{propose, exec.DutyApprover},
	{approve, exec.DutyApprover},
	{reject, exec.DutyApprover},
	{withdraw, exec.DutyApprover}, // and the regulator is the one that proposed
}

// permit refuses what the actor may not do. It returns the current regulators
// and the key that counts.
func (m *Module) permit(c *exec.Context, a act) (regulators []string, key [33]byte, err error) {
	regulators, err = m.members.Regulators(c.Store)
	if err != nil {
		return nil, key, err
	}
	if !slices.Contains(regulators, c.Actor) {
		return nil, key, codeNotRegulator.Refuse("%.50q", c.Actor)
	}
	signed := c.Signed(access[a].duty)
	if len(signed) == 0 {
		return nil, key, codeDuty.Refuse("no %s of %s has signed", access[a].duty, c.Actor)
	}
	return regulators, signed[0].Key, nil
}
