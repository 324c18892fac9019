package member

import (
	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

func validateCancelPendingKey(msg *memberv1.CancelPendingKey) (Key, error) {
	return keyOf(msg.GetKey())
}

// CancelPendingKey ends a key of the actor that cannot be used yet. The key in
// whose place it was to come, if it still lives, goes on.
func (m *Module) CancelPendingKey(c *exec.Context, msg *memberv1.CancelPendingKey) error {
	key, err := validateCancelPendingKey(msg)
	if err != nil {
		return malformed(err)
	}
	if _, err := permit(c, cancelPending); err != nil {
		return err
	}
	k, err := ownKey(c, key)
	if err != nil {
		return err
	}
	if !k.pending(c.Time) {
		return codeKeyState.Refuse("%s is %s, not pending: revoke it", key, k.state(c.Time))
	}
	how := KeyEnd{EndCancelled, c.Time.UTC(), byMember(c)}
	if err := end(c.Store, key, k, how); err != nil {
		return err
	}
	if err := goOn(c, k.Replaces); err != nil {
		return err
	}
	c.Emit(EventKeyCancelled, AttrMember, c.Actor, AttrKey, key.String(), AttrDuty, k.Duty.String(), AttrBy, c.Actor)
	return nil
}

// goOn takes back that a key, if there is one, is to end for one that no longer
// comes.
func goOn(c *exec.Context, key Key) error {
	k, ok, err := keys.Get(c.Store, key)
	if err != nil || !ok || k.End.Reason != EndRotated || k.dead(c.Time) {
		return err
	}
	return restore(c.Store, key, k)
}
