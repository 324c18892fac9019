package member

import (
	"slices"
	"time"

	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// put makes next the current version of the member and keeps the indexes; old
// is the one that it follows, the zero value for a new member.
func put(rw store.ReadWriter, id string, old, next Member) error {
	next.Version = old.Version + 1
	if err := indexMember(rw, id, &old, &next); err != nil {
		return err
	}
	if err := versions.Set(rw, place{id, next.Version}, next); err != nil {
		return err
	}
	return members.Set(rw, id, next)
}

// indexMember brings the indexes from old to next. It refuses a registration or
// approval number that is another member's.
func indexMember(rw store.ReadWriter, id string, old, next *Member) error {
	for _, r := range old.Roles {
		if !slices.Contains(next.Roles, r) {
			if err := roles.Delete(rw, roleKey{r, id}); err != nil {
				return err
			}
		}
	}
	for _, r := range next.Roles {
		if !slices.Contains(old.Roles, r) {
			if err := roles.Set(rw, roleKey{r, id}, struct{}{}); err != nil {
				return err
			}
		}
	}
	if err := indexRegistration(rw, id, old, next); err != nil {
		return err
	}
	if next.ApprovalNumber == "" || next.ApprovalNumber == old.ApprovalNumber {
		return nil
	}
	if other, ok, err := approvals.Get(rw, next.ApprovalNumber); err != nil {
		return err
	} else if ok {
		return codeApprovalTaken.Refuse("%s is of %s", next.ApprovalNumber, other)
	}
	return approvals.Set(rw, next.ApprovalNumber, id)
}

// indexRegistration: an institution is one member at a time. One that was
// removed frees its registration, so that the institution can be admitted again
// under another id.
func indexRegistration(rw store.ReadWriter, id string, old, next *Member) error {
	was, is := registrationOf(&old.Profile), registrationOf(&next.Profile)
	had, has := old.Version > 0 && old.Status != StatusRemoved, next.Status != StatusRemoved
	if had && has && was == is {
		return nil
	}
	if had {
		if err := registrations.Delete(rw, was); err != nil {
			return err
		}
	}
	if !has {
		return nil
	}
	if other, ok, err := registrations.Get(rw, is); err != nil {
		return err
	} else if ok {
		return codeRegistrationTaken.Refuse("it is of %s", other)
	}
	return registrations.Set(rw, is, id)
}

// register writes a new key that has not ended.
func register(rw store.ReadWriter, key Key, k KeyRecord) error {
	if err := keys.Set(rw, key, k); err != nil {
		return err
	}
	return hold(rw, key, &k, false)
}

// end ends a key, or ends it otherwise than was planned.
func end(rw store.ReadWriter, key Key, k KeyRecord, how KeyEnd) error {
	known := k.ended()
	k.End = how
	if err := keys.Set(rw, key, k); err != nil || known {
		return err
	}
	return hold(rw, key, &k, true)
}

// restore takes back an end that has not come.
func restore(rw store.ReadWriter, key Key, k KeyRecord) error {
	k.End = KeyEnd{}
	if err := keys.Set(rw, key, k); err != nil {
		return err
	}
	return hold(rw, key, &k, false)
}

// hold notes that the key has ended, or that it has not, and counts it.
func hold(rw store.ReadWriter, key Key, k *KeyRecord, ended bool) error {
	if err := held.Delete(rw, heldKey{k.Member, !ended, k.Duty, key}); err != nil {
		return err
	}
	if err := held.Set(rw, heldKey{k.Member, ended, k.Duty, key}, struct{}{}); err != nil {
		return err
	}
	n, _, err := counts.Get(rw, countKey{k.Member, k.Duty})
	if err != nil {
		return err
	}
	if ended {
		n-- // it was counted when it was registered
	} else {
		n++
	}
	if n == 0 {
		return counts.Delete(rw, countKey{k.Member, k.Duty})
	}
	return counts.Set(rw, countKey{k.Member, k.Duty}, n)
}

// adminKeys returns the member's admin keys that have not ended, those that
// wait among them.
func adminKeys(r store.Reader, id string) (list []Key, err error) {
	part := append(heldPart(nil, id, false), byte(exec.DutyAdmin))
	err = held.ScanPart(r, part, nil, func(k heldKey, _ struct{}) (bool, error) {
		list = append(list, k.key)
		return true, nil
	})
	return list, err
}

// adminHolders counts the people who can sign for the member as admins at t,
// leaving the key except out. A key that waits to replace another stands for
// that one, which has the same holder.
func adminHolders(r store.Reader, id string, t time.Time, except Key) (int, error) {
	list, err := adminKeys(r, id)
	if err != nil {
		return 0, err
	}
	var holders []string
	for _, key := range list {
		for key != (Key{}) {
			k, _, err := keys.Get(r, key)
			if err != nil {
				return 0, err
			}
			if key != except && k.alive(t) {
				if !slices.Contains(holders, k.Holder) {
					holders = append(holders, k.Holder)
				}
				break
			}
			if !k.pending(t) {
				break
			}
			key = k.Replaces
		}
	}
	return len(holders), nil
}

// ownKey returns a key of the acting member, or a refusal.
func ownKey(c *exec.Context, key Key) (KeyRecord, error) {
	k, ok, err := keys.Get(c.Store, key)
	switch {
	case err != nil:
		return k, err
	case !ok:
		return k, codeUnknownKey.Refuse("%s", key)
	case k.Member != c.Actor:
		return k, codeForeignKey.Refuse("%s is of %s", key, k.Member)
	}
	return k, nil
}
