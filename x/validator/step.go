package validator

import (
	"errors"
	"fmt"
	"slices"

	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	validatorv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/validator/v1"
)

// kind says what a step changes.
type kind uint8

const (
	add kind = iota + 1
	remove
	setPower
	replaceConsensusKey
	replaceSealKey
)

// step is one change within SetValidators; which fields count depends on kind.
type step struct {
	kind         kind
	name, member string
	consensusKey ConsensusKey
	sealKey      SealKey
	proof        sm2.Signature
	power        uint64
}

// maxSteps is how many steps a change may have: all that can be done to two full
// sets, and room.
const maxSteps = 4 * MaxValidators

// validateSetValidators checks what can be checked without state, and returns
// the steps.
func validateSetValidators(a *validatorv1.SetValidators) ([]step, error) {
	if n := len(a.GetChanges()); n == 0 || n > maxSteps {
		return nil, codeMalformed.Refuse("%d changes, want 1 to %d", n, maxSteps)
	}
	kinds := make(map[string][]kind) // of the steps so far, by name
	steps := make([]step, len(a.Changes))
	for i, change := range a.Changes {
		s, err := newStep(change)
		if err != nil {
			return nil, codeMalformed.Refuse("change %d: %v", i+1, err)
		}
		// A validator that begins or ends has no other step: one that ends and
		// comes back would look like one with another key.
		if k := kinds[s.name]; slices.Contains(k, s.kind) || len(k) > 0 && (s.kind <= remove || k[0] <= remove) {
			return nil, codeMalformed.Refuse("change %d: it repeats or contradicts an earlier one for %q", i+1, s.name)
		}
		kinds[s.name] = append(kinds[s.name], s.kind)
		steps[i] = s
	}
	return steps, nil
}

// newStep converts one change.
func newStep(c *validatorv1.Change) (s step, err error) {
	switch c := c.GetChange().(type) {
	case *validatorv1.Change_Add:
		a := c.Add
		s = step{kind: add, name: a.GetName(), member: a.GetMember(), power: a.GetPower()}
		err = errors.Join(s.consensus(a.GetConsensusKey()), s.seal(a.GetSealKey(), a.GetSealProof()), s.checkPower())
		if !isSlug(s.member) {
			err = fmt.Errorf("%.50q is not the id of a member", s.member)
		}
	case *validatorv1.Change_Remove:
		s = step{kind: remove, name: c.Remove.GetName()}
	case *validatorv1.Change_SetPower:
		s = step{kind: setPower, name: c.SetPower.GetName(), power: c.SetPower.GetPower()}
		err = s.checkPower()
	case *validatorv1.Change_ReplaceConsensusKey:
		s = step{kind: replaceConsensusKey, name: c.ReplaceConsensusKey.GetName()}
		err = s.consensus(c.ReplaceConsensusKey.GetConsensusKey())
	case *validatorv1.Change_ReplaceSealKey:
		s = step{kind: replaceSealKey, name: c.ReplaceSealKey.GetName()}
		err = s.seal(c.ReplaceSealKey.GetSealKey(), c.ReplaceSealKey.GetSealProof())
	default:
		err = errors.New("it says nothing")
	}
	if err == nil && !isSlug(s.name) {
		err = fmt.Errorf("%.50q is not a name for a validator", s.name)
	}
	return s, err
}

func (s *step) consensus(key []byte) error { return fill(s.consensusKey[:], key, "consensus key") }

func (s *step) seal(key, proof []byte) error {
	return errors.Join(fill(s.sealKey[:], key, "seal key"), fill(s.proof[:], proof, "proof of possession"))
}

func (s *step) checkPower() error {
	if s.power == 0 || s.power > uint64(maxTotalVotingPower) {
		return fmt.Errorf("the power %d is not within 1 to %d", s.power, maxTotalVotingPower)
	}
	return nil
}
