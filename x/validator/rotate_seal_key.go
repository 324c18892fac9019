package validator

import (
	"fmt"
	"slices"

	validatorv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/validator/v1"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// RotationWindows is how many activation windows pass between two rotations of
// one validator's seal key by its member.
const RotationWindows = 10

// validateRotateSealKey checks what can be checked without state.
func validateRotateSealKey(msg *validatorv1.RotateSealKey) (step, error) {
	s := step{kind: replaceSealKey, name: msg.GetName()}
	err := s.seal(msg.GetSealKey(), msg.GetSealProof())
	if !isSlug(s.name) {
		err = fmt.Errorf("%.50q is not a name for a validator", s.name)
	}
	if err != nil {
		return s, codeMalformed.Refuse("%v", err)
	}
	return s, nil
}

// RotateSealKey lets a member replace the seal key of its own validator, whose
// power stays. Two of its admin keys of different holders sign. There must be
// no open window; the rotation opens one.
func (m *Module) RotateSealKey(c *exec.Context, msg *validatorv1.RotateSealKey) error {
	s, err := validateRotateSealKey(msg)
	if err != nil {
		return err
	}
	if !twoAdmins(c) {
		return codeDuty.Refuse("a seal key is rotated by two admins")
	}
	previous, err := last(c.Store)
	if err != nil {
		return err
	}
	v, ok := previous.Find(s.name)
	switch {
	case !ok:
		return codeUnknown.Refuse("%q", s.name)
	case v.Member != c.Actor:
		return codeNotOwner.Refuse("%s is run by %s", v.Name, v.Member)
	case previous.Begin > c.Height:
		return codeWindowOpen.Refuse("until height %d", previous.Begin)
	}
	if err := m.checkEligible(c, c.Actor); err != nil {
		return err
	}
	if err := m.checkRotation(c, v); err != nil {
		return err
	}
	err = m.registerSealKey(c, s.sealKey, SealKeyRecord{
		Validator: v.Name, Member: v.Member, Registered: c.Height,
		ConsensusKey: v.ConsensusKey, Proof: s.proof, Rotation: true,
	})
	if err != nil {
		return err
	}
	vs := slices.Clone(previous.Validators)
	vs[index(vs, v.Name)].SealKey = s.sealKey
	c.Emit(EventSealKeyRotated, AttrValidator, v.Name, AttrMember, v.Member, AttrSealKey, s.sealKey.String())
	return m.schedule(c, previous, vs)
}

// checkRotation refuses a rotation soon after another. Each opens a window, and
// while one is open nobody else can rotate.
func (m *Module) checkRotation(c *exec.Context, v Validator) error {
	k, ok, err := sealKeys.Get(c.Store, v.SealKey)
	if err != nil {
		return err
	}
	if !ok {
		return corrupt("the seal key of %s has no record", v.Name)
	}
	blocks, err := m.parameters.ActivationBlocks(c.Store)
	if err != nil {
		return err
	}
	if again := k.Registered + RotationWindows*blocks; k.Rotation && c.Height < again {
		return codeTooSoon.Refuse("from height %d on", again)
	}
	return nil
}

// twoAdmins reports whether two admins of the actor, different in key and in
// holder, stand behind the message.
func twoAdmins(c *exec.Context) bool {
	admins := c.Signed(exec.DutyAdmin)
	return slices.ContainsFunc(admins, func(s exec.Signer) bool {
		return s.Key != admins[0].Key && s.Holder != admins[0].Holder
	})
}
