package member

import (
	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

func validateRevokeKey(msg *memberv1.RevokeKey) (Key, error) { return keyOf(msg.GetKey()) }

// RevokeKey ends a key of the actor. Admin keys are kept in so many hands as
// the actor's roles need.
func (m *Module) RevokeKey(c *exec.Context, msg *memberv1.RevokeKey) error {
	key, err := validateRevokeKey(msg)
	if err != nil {
		return malformed(err)
	}
	actor, err := permit(c, revokeKey)
	if err != nil {
		return err
	}
	k, err := ownKey(c, key)
	if err != nil {
		return err
	}
	if !k.alive(c.Time) {
		return codeKeyState.Refuse("%s is %s", key, k.state(c.Time))
	}
	if k.Duty == exec.DutyAdmin {
		left, err := adminHolders(c.Store, c.Actor, c.Time, key)
		if err != nil {
			return err
		}
		if left < quorum(actor.Roles) {
			return codeAdminsTooFew.Refuse("%d would be left, %s needs %d", left, c.Actor, quorum(actor.Roles))
		}
	}
	if err := end(c.Store, key, k, KeyEnd{EndRevoked, c.Time.UTC(), byMember(c)}); err != nil {
		return err
	}
	c.Emit(EventKeyRevoked, AttrMember, c.Actor, AttrKey, key.String(), AttrDuty, k.Duty.String(), AttrBy, c.Actor)
	return nil
}
