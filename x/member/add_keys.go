package member

import (
	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

func validateAddKeys(msg *memberv1.AddKeys) ([]newKey, error) {
	return checkNewKeys(msg.GetKeys(), maxAddedKeys)
}

// AddKeys registers keys of the actor.
func (m *Module) AddKeys(c *exec.Context, msg *memberv1.AddKeys) error {
	list, err := validateAddKeys(msg)
	if err != nil {
		return malformed(err)
	}
	actor, err := permit(c, registering(list...))
	if err != nil {
		return err
	}
	delay, err := m.params.KeyDelay(c.Store)
	if err != nil {
		return err
	}
	return enrol(c, c.Actor, actor.Roles, list, delay, Key{}, byMember(c))
}
