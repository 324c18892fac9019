package member

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// newKey is a key that someone wants registered. That it is a point of the
// curve, and that its holder has it, is seen when its proof is verified.
type newKey struct {
	key    Key
	duty   exec.Duty
	holder string
	proof  []byte
}

const (
	maxAddedKeys    = 8  // of one AddKeys; each costs a signature to verify
	maxAdmittedKeys = 32 // of one action of the regulators
)

// keyOf reads a key by its form alone.
func keyOf(b []byte) (Key, error) {
	if len(b) != len(Key{}) || b[0] != 2 && b[0] != 3 {
		return Key{}, fmt.Errorf("a key is a compressed SM2 public key: %d bytes that begin with 02 or 03", len(Key{}))
	}
	return Key(b), nil
}

// checkNewKeys reads the keys of a message or an action, by their form alone.
func checkNewKeys(list []*memberv1.NewKey, most int) ([]newKey, error) {
	if len(list) == 0 || len(list) > most {
		return nil, fmt.Errorf("%d new keys, want 1 to %d", len(list), most)
	}
	var out []newKey
	for _, m := range list {
		key, err := keyOf(m.GetKey())
		if err != nil {
			return nil, err
		}
		k := newKey{key, small(m.GetDuty(), exec.DutyApprover), m.GetHolder(), m.GetProof()}
		if err := k.check(); err != nil {
			return nil, err
		}
		if slices.ContainsFunc(out, func(o newKey) bool { return string(o.key[1:]) == string(key[1:]) }) {
			return nil, fmt.Errorf("key %s, or its negative, stands in the list twice", key)
		}
		out = append(out, k)
	}
	return out, nil
}

func (k *newKey) check() error {
	if _, ok := ruleOf(k.duty); !ok {
		return errors.New("a key has one of the duties")
	}
	if len(k.proof) != sm2.SignatureSize {
		return fmt.Errorf("a proof of possession has %d bytes", sm2.SignatureSize)
	}
	return CheckHolder(k.holder)
}

// enrol registers keys of a member, or none of them. delay is for those that
// decide; replaces is the key in whose place the only one comes, zero for none.
func enrol(c *exec.Context, id string, roles []Role, list []newKey, delay time.Duration, replaces Key, act Act) error {
	for _, k := range list {
		if !allows(roles, k.duty) {
			return codeDuty.Refuse("%s, of a member that is %v", k.duty, roles)
		}
		if taken, err := keyTaken(c.Store, k.key[:]); err != nil {
			return err
		} else if taken {
			return codeKeyTaken.Refuse("%s", k.key)
		}
	}
	for _, rule := range dutyRules {
		var wanted uint64
		for _, k := range list {
			if k.duty == rule.duty {
				wanted++
			}
		}
		has, _, err := counts.Get(c.Store, countKey{id, rule.duty})
		if err != nil {
			return err
		}
		if wanted > 0 && has+wanted > rule.most {
			return codeTooManyKeys.Refuse("%s has %d of duty %s, and may have %d", id, has, rule.duty, rule.most)
		}
	}
	for _, k := range list { // last, since it costs most
		p := seal.Possession{ChainID: c.ChainID, Member: id, Purpose: Purpose(k.duty), Key: k.key}
		if err := seal.VerifyPossession(p, k.proof); err != nil {
			return codePossession.Refuse("key %s: %v", k.key, err)
		}
	}
	for _, k := range list {
		record := KeyRecord{Member: id, Duty: k.duty, Holder: k.holder, Registered: act, UsableFrom: c.Time.UTC(), Replaces: replaces}
		if sensitive(k.duty) {
			record.UsableFrom = record.UsableFrom.Add(delay)
		}
		if err := register(c.Store, k.key, record); err != nil {
			return err
		}
		attributes := []string{AttrMember, id, AttrKey, k.key.String(), AttrDuty, k.duty.String(), AttrHolder, k.holder, AttrUsableFrom, stamp(record.UsableFrom)}
		if replaces != (Key{}) {
			attributes = append(attributes, AttrReplaces, replaces.String())
		}
		c.Emit(EventKeyAdded, attributes...)
	}
	return nil
}

// registering is the action that registers keys of these duties.
func registering(list ...newKey) action {
	if slices.ContainsFunc(list, func(k newKey) bool { return sensitive(k.duty) }) {
		return registerDeciding
	}
	return registerOrdinary
}
