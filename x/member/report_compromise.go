package member

import (
	"errors"
	"time"

	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

func validateCompromise(key []byte, since int64) (Key, time.Time, error) {
	if since <= 0 || since > maxSeconds {
		return Key{}, time.Time{}, errors.New("the time is Unix seconds, above 0")
	}
	k, err := keyOf(key)
	return k, time.Unix(since, 0).UTC(), err
}

// maxSeconds keeps times within Unix nanoseconds of 64 bits: the year 2262.
const maxSeconds = 1<<63/1_000_000_000 - 1

// ReportCompromise ends a key of the actor and flags what it signed. It is never
// refused for the admins that are left: what is stolen must die. A member that
// has too few then is given new ones by governance (ApplyRecoverKeys).
func (m *Module) ReportCompromise(c *exec.Context, msg *memberv1.ReportCompromise) error {
	key, since, err := validateCompromise(msg.GetKey(), msg.GetSince())
	if err != nil {
		return malformed(err)
	}
	if _, err := permit(c, reportCompromise); err != nil {
		return err
	}
	k, err := ownKey(c, key)
	if err != nil {
		return err
	}
	return compromise(c, key, k, since, byMember(c))
}

// ApplyDeclareCompromise does the same to a key of any member.
func (m *Module) ApplyDeclareCompromise(c *exec.Context, action *memberv1.DeclareCompromise) error {
	key, since, err := validateCompromise(action.GetKey(), action.GetSince())
	if err != nil {
		return malformed(err)
	}
	k, ok, err := keys.Get(c.Store, key)
	if err != nil {
		return err
	}
	if !ok {
		return codeUnknownKey.Refuse("%s", key)
	}
	return compromise(c, key, k, since, byGovernance(c))
}

// compromise records that the key may have been in other hands since then, and
// ends it if it has not ended.
func compromise(c *exec.Context, key Key, k KeyRecord, since time.Time, act Act) error {
	switch known := k.Compromise.Since; {
	case c.Time.Before(since):
		return codeCompromiseTime.Refuse("%s is after the block's time %s", stamp(since), stamp(c.Time))
	case since.Before(k.Registered.Time.Truncate(time.Second)):
		return codeCompromiseTime.Refuse("%s is before the key was registered, %s", stamp(since), stamp(k.Registered.Time))
	case !known.IsZero() && !since.Before(known):
		return codeCompromiseTime.Refuse("%s is not before %s, which was reported earlier", stamp(since), stamp(known))
	}
	waits := k.pending(c.Time)
	k.Compromise = Compromise{since, act}
	var err error
	if k.dead(c.Time) {
		err = keys.Set(c.Store, key, k)
	} else {
		err = end(c.Store, key, k, KeyEnd{EndCompromised, c.Time.UTC(), act})
	}
	if err == nil && waits {
		err = goOn(c, k.Replaces)
	}
	if err != nil {
		return err
	}
	attributes := []string{AttrMember, k.Member, AttrKey, key.String(), AttrDuty, k.Duty.String(), AttrSince, stamp(since)}
	if !act.Governed {
		attributes = append(attributes, AttrBy, act.Member)
	}
	c.Emit(EventKeyCompromised, attributes...)
	return nil
}
