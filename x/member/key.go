package member

import (
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// KeyRecord is all that is known of a registered key. It is never deleted: who
// held which key when stays provable.
type KeyRecord struct {
	Member     string     `json:"member"`
	Duty       exec.Duty  `json:"-"`
	Holder     string     `json:"holder"`
	Registered Act        `json:"registered,omitzero"`
	UsableFrom time.Time  `json:"usable_from,omitzero"` // zero: from the genesis on
	Replaces   Key        `json:"replaces,omitzero"`    // in whose place it came, zero for none
	End        KeyEnd     `json:"end,omitzero"`         // zero: none
	Compromise Compromise `json:"compromise,omitzero"`  // zero: none reported
}

// KeyEnd is how a key ended or, if it is being replaced, will end.
type KeyEnd struct {
	Reason EndReason `json:"reason"`
	At     time.Time `json:"at"` // from then on it is dead
	Act    Act       `json:"act"`
}

// Compromise says since when a key may have been in other hands.
type Compromise struct {
	Since time.Time `json:"since"`
	Act   Act       `json:"act"`
}

// EndReason is why a key ended. The numbers are those of the protobuf
// enumeration.
type EndReason uint8

// The reasons.
const (
	EndRevoked     EndReason = 1
	EndCancelled   EndReason = 2 // before it could be used
	EndRotated     EndReason = 3
	EndCompromised EndReason = 4
	EndRecovered   EndReason = 5 // governance gave the member new admin keys
)

var endNames = []string{"unknown", "revoked", "cancelled", "rotated", "compromised", "recovered"}

// String returns the name of the reason.
func (e EndReason) String() string { return nameOf(endNames, e) }

// MarshalText implements encoding.TextMarshaler with the name.
func (e EndReason) MarshalText() ([]byte, error) { return []byte(e.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (e *EndReason) UnmarshalText(text []byte) (err error) {
	*e, err = named[EndReason](endNames, text)
	return err
}

// ended reports whether an end of the key is known, be it to come.
func (k *KeyRecord) ended() bool { return k.End.Reason != 0 }

// pending reports whether the key waits for its time at t.
func (k *KeyRecord) pending(t time.Time) bool { return t.Before(k.UsableFrom) && !k.dead(t) }

// dead reports whether the key has ended at t.
func (k *KeyRecord) dead(t time.Time) bool { return k.ended() && !t.Before(k.End.At) }

// alive reports whether the key itself can be used at t; its member's standing
// is another matter.
func (k *KeyRecord) alive(t time.Time) bool { return !t.Before(k.UsableFrom) && !k.dead(t) }

// dutyRule is what a duty brings with it.
type dutyRule struct {
	duty exec.Duty
	// sensitive: a key of this duty decides. Registering one takes as many
	// admins as the member's roles demand, and the delay.
	sensitive bool
	// most is how many keys of it a member has at a time.
	most uint64
}

// dutyRules is in order of the numbers.
var dutyRules = []dutyRule{
	{exec.DutyAdmin, true, 32},
	{exec.DutyOperator, false, 1000},
	{exec.DutyCertifier, true, 1000},
	{exec.DutyApprover, true, 100},
}

func ruleOf(d exec.Duty) (dutyRule, bool) {
	if d < 1 || int(d) > len(dutyRules) {
		return dutyRule{}, false
	}
	return dutyRules[d-1], true
}

// sensitive reports whether keys of the duty decide.
func sensitive(d exec.Duty) bool {
	rule, _ := ruleOf(d)
	return rule.sensitive
}

// dutyNamed returns the duty with the name.
func dutyNamed(name string) (exec.Duty, error) {
	i := slices.IndexFunc(dutyRules, func(r dutyRule) bool { return r.duty.String() == name })
	if i < 0 {
		return 0, fmt.Errorf("member: %q is no duty", name)
	}
	return dutyRules[i].duty, nil
}

// Purpose is the purpose that the proof of possession of a key with this duty
// names (seal.Possession): "member/admin" and so on. A proof for one duty is of
// no use for another.
func Purpose(d exec.Duty) string { return "member/" + d.String() }

var holderForm = regexp.MustCompile(`^[A-Za-z0-9._-]{1,40}$`)

// CheckHolder returns an error that says what is wrong with a holder id, nil if
// nothing is. It is an opaque id that the member gives a person: no name, no
// number of a document.
func CheckHolder(holder string) error {
	if !holderForm.MatchString(holder) {
		return fmt.Errorf("a holder id has 1 to 40 of A-Z, a-z, 0-9, dot, underscore and hyphen: not %.50q", holder)
	}
	return nil
}

// parseKey checks that b is a point of the curve.
func parseKey(b []byte) (Key, error) {
	k, err := sm2.ParsePublicKey(b)
	if err != nil {
		return Key{}, err
	}
	return k.Bytes(), nil
}

// state is where the key stands at t, for people: "pending", "usable",
// "being replaced", or how it ended.
func (k *KeyRecord) state(t time.Time) string {
	switch {
	case k.dead(t):
		return k.End.Reason.String()
	case k.pending(t):
		return "pending"
	case k.ended():
		return "being replaced"
	}
	return "usable"
}
