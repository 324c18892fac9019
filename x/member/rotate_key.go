package member

import (
	"errors"
	"time"

	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// validateRotateKey returns the old key, and the new one without its duty and
// holder, which are the old one's.
func validateRotateKey(msg *memberv1.RotateKey) (old Key, fresh newKey, err error) {
	if old, err = keyOf(msg.GetOldKey()); err != nil {
		return old, fresh, err
	}
	if fresh.key, err = keyOf(msg.GetNewKey()); err != nil {
		return old, fresh, err
	}
	fresh.proof = msg.GetProof()
	if old == fresh.key {
		err = errors.New("the new key is the old one")
	}
	return old, fresh, err
}

// RotateKey puts a new key of the same person in the place of a living one.
// While the new one waits, the old one lives; so the number of people with a
// duty never changes.
func (m *Module) RotateKey(c *exec.Context, msg *memberv1.RotateKey) error {
	key, fresh, err := validateRotateKey(msg)
	if err != nil {
		return malformed(err)
	}
	k, err := ownKey(c, key)
	if err != nil {
		return err
	}
	fresh.duty, fresh.holder = k.Duty, k.Holder
	if err := fresh.check(); err != nil {
		return malformed(err)
	}
	actor, err := permit(c, registering(fresh))
	if err != nil {
		return err
	}
	if !k.alive(c.Time) || k.ended() {
		return codeKeyState.Refuse("%s is %s", key, k.state(c.Time))
	}
	var delay time.Duration
	if sensitive(k.Duty) {
		if delay, err = m.params.KeyDelay(c.Store); err != nil {
			return err
		}
	}
	act := byMember(c)
	if err := end(c.Store, key, k, KeyEnd{EndRotated, c.Time.UTC().Add(delay), act}); err != nil {
		return err
	}
	if err := enrol(c, c.Actor, actor.Roles, []newKey{fresh}, delay, key, act); err != nil {
		return err
	}
	c.Emit(EventKeyRotated, AttrMember, c.Actor, AttrKey, key.String(), AttrDuty, k.Duty.String(), AttrBy, c.Actor)
	return nil
}
