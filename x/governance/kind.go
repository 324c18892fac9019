package governance

import (
	"fmt"
	"slices"

	governancev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/governance/v1"
)

// Kind is the kind of a governed action: the number of its field in
// hallmark.governance.v1.Action.
type Kind uint32

// Threshold is the part of the current regulators that must approve an action of
// a kind: Numerator/Denominator, more than one half, at most one.
type Threshold struct {
	Kind        Kind   `json:"kind"`
	Numerator   uint32 `json:"numerator"`
	Denominator uint32 `json:"denominator"`
}

const maxDenominator = 1000

// kind is what the module knows of a kind.
type kind struct {
	name      string
	threshold Threshold // unless another is set
}

// kinds lists every kind in ascending order. The threshold is two thirds, or a majority (501/1000 is more
// than half and no more for up to 500 regulators) where things must go fast or
// are easily undone.
var kinds = []kind{
	{"admit_member", Threshold{1, 2, 3}},
	{"amend_member", Threshold{2, 2, 3}},
	{"suspend_member", Threshold{3, 501, 1000}},
	{"reinstate_member", Threshold{4, 2, 3}},
	{"remove_member", Threshold{5, 2, 3}},
	{"approve_schemes", Threshold{6, 501, 1000}},
	{"restrict_approval", Threshold{7, 501, 1000}},
	{"revoke_approval", Threshold{8, 2, 3}},
	{"recover_keys", Threshold{9, 2, 3}},
	{"name_caretaker", Threshold{10, 501, 1000}},
	{"declare_compromise", Threshold{11, 501, 1000}},
	{"set_validators", Threshold{20, 2, 3}},
	{"set_parameters", Threshold{25, 2, 3}},
	{"open_import_window", Threshold{26, 501, 1000}},
	{"schedule_upgrade", Threshold{27, 2, 3}},
	{"cancel_upgrade", Threshold{28, 501, 1000}},
	{"reverse_decision", Threshold{30, 2, 3}},
	{"release_certificates", Threshold{31, 2, 3}},
}

// String returns the name of the kind.
func (k Kind) String() string {
	for _, e := range kinds {
		if e.threshold.Kind == k {
			return e.name
		}
	}
	return fmt.Sprintf("kind %d", uint32(k))
}

// MarshalText returns the name of the kind.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads the name of a kind.
func (k *Kind) UnmarshalText(name []byte) error {
	for _, e := range kinds {
		if e.name == string(name) {
			*k = e.threshold.Kind
			return nil
		}
	}
	return fmt.Errorf("governance: %.50q is no kind of action", name)
}

// KindOf returns the kind of an action, 0 if it says nothing.
func KindOf(a *governancev1.Action) Kind {
	m := a.ProtoReflect()
	f := m.WhichOneof(m.Descriptor().Oneofs().Get(0))
	if f == nil || !m.Get(f).Message().IsValid() {
		return 0
	}
	return Kind(f.Number())
}

// check reports what is wrong with t.
func (t Threshold) check() error {
	known := slices.ContainsFunc(kinds, func(k kind) bool { return k.threshold.Kind == t.Kind })
	switch {
	case !known:
		return fmt.Errorf("%s is no kind of action", t.Kind)
	case t.Denominator == 0 || t.Denominator > maxDenominator:
		return fmt.Errorf("%s: the denominator %d is not within 1 to %d", t.Kind, t.Denominator, maxDenominator)
	case t.Numerator > t.Denominator:
		return fmt.Errorf("%s: %d/%d can never be reached", t.Kind, t.Numerator, t.Denominator)
	case 2*uint64(t.Numerator) <= uint64(t.Denominator):
		return fmt.Errorf("%s: %d/%d is not more than half", t.Kind, t.Numerator, t.Denominator)
	}
	return nil
}

// of returns how many of n regulators t asks for.
func (t Threshold) of(n int) int {
	d := int(t.Denominator)
	return (n*int(t.Numerator) + d - 1) / d
}

// needed returns how many of n regulators must approve the actions together.
func needed(p Params, actions []*governancev1.Action, n int) int {
	most := 0
	for _, a := range actions {
		need := p.threshold(KindOf(a)).of(n)
		if a.GetSetValidators().GetExempt() {
			need = n
		}
		most = max(most, need)
	}
	return most
}
