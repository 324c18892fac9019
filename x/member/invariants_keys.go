package member

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

func checkKeys(r store.Reader) error {
	total := 0
	err := keys.Scan(r, func(key Key, k KeyRecord) (bool, error) {
		total++
		if err := checkKey(r, key, k); err != nil {
			return false, fmt.Errorf("key %s: %w", key, err)
		}
		return true, nil
	})
	if err != nil {
		return err
	}
	if err := checkCount(r, "keys of members", held.Prefix(), total); err != nil {
		return err
	}
	return reserved.Scan(r, func(key string, _ Reservation) (bool, error) {
		if len(key) == len(Key{}) {
			if ok, err := keys.Has(r, Key([]byte(key))); err != nil || ok {
				return false, wrong(err, "key %x is reserved and a member's", key)
			}
		}
		return true, nil
	})
}

func checkKey(r store.Reader, key Key, k KeyRecord) error {
	negative := key
	negative[0] ^= 1
	twin, err := keys.Has(r, negative)
	if err != nil || twin {
		return wrong(err, "its negative is registered")
	}
	if ok, err := held.Has(r, heldKey{k.Member, k.ended(), k.Duty, key}); err != nil || !ok {
		return wrong(err, "it is not listed under %s", k.Member)
	}
	if ok, err := members.Has(r, k.Member); err != nil || !ok {
		return wrong(err, "%s is no member", k.Member)
	}
	if err := CheckHolder(k.Holder); err != nil {
		return err
	}
	switch {
	case k.UsableFrom.Before(k.Registered.Time):
		return errors.New("it could be used before it was registered")
	case k.ended() && k.End.At.Before(k.Registered.Time):
		return errors.New("it ended before it was registered")
	case !k.Compromise.Since.IsZero() && k.Compromise.Since.Before(k.Registered.Time.Truncate(time.Second)):
		return errors.New("it was compromised before it was registered")
	case !k.Compromise.Since.IsZero() && !k.ended():
		return errors.New("it is compromised and goes on")
	}
	if k.Replaces == (Key{}) {
		return nil
	}
	old, ok, err := keys.Get(r, k.Replaces)
	if err != nil || !ok || old.Member != k.Member || old.Duty != k.Duty || old.Holder != k.Holder {
		return wrong(err, "it replaces %s, which is of another holder, duty or member", k.Replaces)
	}
	return nil
}

// checkAdmins checks the numbers of keys, and that enough people are left who
// hold admin keys, unless one was reported compromised.
func checkAdmins(r store.Reader) error {
	counters := 0
	err := members.Scan(r, func(id string, m Member) (bool, error) {
		have := make([]uint64, len(dutyRules))
		var holders []string
		compromised := false
		err := held.ScanPart(r, store.AppendText(nil, id), nil, func(h heldKey, _ struct{}) (bool, error) {
			k, _, err := keys.Get(r, h.key)
			if !h.ended && int(h.duty) <= len(have) {
				have[h.duty-1]++
			}
			if h.duty == exec.DutyAdmin {
				compromised = compromised || k.End.Reason == EndCompromised
				if !h.ended && !slices.Contains(holders, k.Holder) {
					holders = append(holders, k.Holder)
				}
			}
			return true, err
		})
		if err != nil {
			return false, err
		}
		if len(holders) < quorum(m.Roles) && !compromised {
			return false, fmt.Errorf("%s is %v and needs admin keys of %d holders, it has those of %d", id, m.Roles, quorum(m.Roles), len(holders))
		}
		for i, rule := range dutyRules {
			n, ok, err := counts.Get(r, countKey{id, rule.duty})
			if err != nil || n != have[i] || n > rule.most || ok && n == 0 {
				return false, wrong(err, "%s has %d keys of duty %s, of at most %d; %d are counted", id, have[i], rule.duty, rule.most, n)
			}
			if ok {
				counters++
			}
		}
		return true, nil
	})
	if err != nil {
		return err
	}
	return checkCount(r, "counts of keys", counts.Prefix(), counters)
}
