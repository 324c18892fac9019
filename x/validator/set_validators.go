package validator

import (
	"fmt"
	"slices"
	"strings"

	validatorv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/validator/v1"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// ApplySetValidators decides on the next set. Governance calls it when the
// regulators have approved; if a.Exempt, all of them.
func (m *Module) ApplySetValidators(c *exec.Context, a *validatorv1.SetValidators) error {
	steps, err := validateSetValidators(a)
	if err != nil {
		return err
	}
	previous, err := last(c.Store)
	if err != nil {
		return err
	}
	waiting, err := pending(c.Store, c.Height)
	if err != nil {
		return err
	}
	if waiting >= MaxPending {
		return codeQueueFull.Refuse("%d changes wait, the last until height %d", waiting, previous.Begin)
	}
	if n := len(previous.Validators); a.GetExempt() && n >= exemptBelow {
		return codeNotExempt.Refuse("%d validators", n)
	}
	vs := slices.Clone(previous.Validators)
	for _, s := range steps {
		if vs, err = m.take(c, vs, s); err != nil {
			return err
		}
	}
	if len(vs) > 0 && !a.GetExempt() { // an empty set is refused below
		if err := checkPower(previous.Validators, vs); err != nil {
			return codePower.Refuse("%v", err)
		}
	}
	return m.schedule(c, previous, vs)
}

// take returns vs after the step s, and records the keys that it registers.
func (m *Module) take(c *exec.Context, vs []Validator, s step) ([]Validator, error) {
	i, known := slices.BinarySearchFunc(vs, s.name, func(v Validator, name string) int { return strings.Compare(v.Name, name) })
	var v Validator
	if s.kind == add {
		if known {
			return nil, codeExists.Refuse("%s", s.name)
		}
		v = Validator{Name: s.name, Member: s.member}
	} else {
		if !known {
			return nil, codeUnknown.Refuse("%s", s.name)
		}
		v = vs[i]
	}
	before := v

	// A member that may not validate can only lose power.
	if s.kind != remove && (s.kind != setPower || s.power > v.Power) {
		if err := m.checkEligible(c, v.Member); err != nil {
			return nil, err
		}
	}
	switch s.kind {
	case remove:
		return slices.Delete(vs, i, i+1), nil
	case add:
		v.ConsensusKey, v.SealKey, v.Power = s.consensusKey, s.sealKey, s.power
	case setPower:
		v.Power = s.power
	case replaceConsensusKey:
		v.ConsensusKey = s.consensusKey
	case replaceSealKey:
		v.SealKey = s.sealKey
	}
	if v == before {
		return nil, codeNoChange.Refuse("%s", s.name)
	}
	if v.ConsensusKey != before.ConsensusKey {
		if err := m.registerConsensusKey(c, v.ConsensusKey, ConsensusKeyRecord{v.Name, v.Member, c.Height}); err != nil {
			return nil, err
		}
	}
	if v.SealKey != before.SealKey {
		r := SealKeyRecord{Validator: v.Name, Member: v.Member, Registered: c.Height, ConsensusKey: v.ConsensusKey, Proof: s.proof}
		if err := m.registerSealKey(c, v.SealKey, r); err != nil {
			return nil, err
		}
	}
	if s.kind == add {
		return slices.Insert(vs, i, v), nil
	}
	vs[i] = v
	return vs, nil
}

// checkEligible refuses a member that may not run a validator.
func (m *Module) checkEligible(c *exec.Context, member string) error {
	ok, err := m.members.MayValidate(c.Store, member)
	if err == nil && !ok {
		return codeNotEligible.Refuse("%s", member)
	}
	return err
}

func emitScheduled(c *exec.Context, s Set) {
	c.Emit(EventScheduled,
		AttrBegin, fmt.Sprint(s.Begin),
		AttrSealHash, s.SealHash.String(),
		AttrValidators, fmt.Sprint(len(s.Validators)),
		AttrPower, fmt.Sprint(total(s.Validators)))
}
