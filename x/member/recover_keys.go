package member

import (
	"errors"

	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

func validateRecoverKeys(action *memberv1.RecoverKeys) ([]newKey, error) {
	if err := CheckID(action.GetMember()); err != nil {
		return nil, err
	}
	list, err := checkNewKeys(action.GetKeys(), maxAdmittedKeys)
	for _, k := range list {
		if k.duty != exec.DutyAdmin {
			return nil, errors.New("only admin keys are recovered; the admins see to the others")
		}
	}
	return list, err
}

// ApplyRecoverKeys ends all admin keys of a member, those that wait among them,
// and registers new ones, which can be used at once: the proposal was there to
// be seen.
func (m *Module) ApplyRecoverKeys(c *exec.Context, action *memberv1.RecoverKeys) error {
	list, err := validateRecoverKeys(action)
	if err != nil {
		return malformed(err)
	}
	member, err := find(c.Store, action.Member)
	switch {
	case err != nil:
		return err
	case member.Status == StatusRemoved:
		return codeStanding.Refuse("%s is %s", action.Member, member.standing())
	}
	if n := holdersOf(list, exec.DutyAdmin); n < quorum(member.Roles) {
		return codeAdminsTooFew.Refuse("%d people with admin keys, %s needs %d", n, action.Member, quorum(member.Roles))
	}
	act := byGovernance(c)
	old, err := adminKeys(c.Store, action.Member)
	if err != nil {
		return err
	}
	for _, key := range old {
		if err := recoverFrom(c, key, act); err != nil {
			return err
		}
	}
	c.Emit(EventKeysRecovered, AttrMember, action.Member)
	return enrol(c, action.Member, member.Roles, list, 0, Key{}, act)
}

// recoverFrom ends an admin key, and the one that it was about to replace.
func recoverFrom(c *exec.Context, key Key, act Act) error {
	for key != (Key{}) {
		k, _, err := keys.Get(c.Store, key)
		if err != nil {
			return err
		}
		if k.dead(c.Time) {
			return nil
		}
		waits := k.pending(c.Time)
		if err := end(c.Store, key, k, KeyEnd{EndRecovered, c.Time.UTC(), act}); err != nil {
			return err
		}
		if !waits {
			return nil
		}
		key = k.Replaces
	}
	return nil
}
