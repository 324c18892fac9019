package validator

import (
	"fmt"
	"time"

	"github.com/hallmark-ledger/hallmark/x/exec"
)

// Kind is how a consensus key misbehaved. The numbers are CometBFT's
// (abci/types, MisbehaviorType).
type Kind uint8

const (
	DuplicateVote     Kind = 1
	LightClientAttack Kind = 2
)

// String returns the name of the kind.
func (k Kind) String() string {
	switch k {
	case DuplicateVote:
		return "duplicate_vote"
	case LightClientAttack:
		return "light_client_attack"
	}
	return "unknown"
}

// Offence names one misbehaviour.
type Offence struct {
	Address Address
	Height  uint64 // at which it happened
	Kind    Kind
}

// Misbehaviour is what CometBFT says of an offence.
type Misbehaviour struct {
	// Validator and Member that the consensus key was registered for; empty if
	// it never was.
	Validator, Member string
	Time              time.Time
	// Power of the validator and of its set, at that height.
	Power, TotalPower uint64
	Reported          uint64 // height of the block that said so
}

// RecordMisbehaviour keeps what CometBFT reports with a block, once: Time, Power
// and TotalPower of v are its words, the rest is filled in. It refuses nothing:
// what is done about it is for the regulators.
func (m *Module) RecordMisbehaviour(c *exec.Context, o Offence, v Misbehaviour) error {
	known, err := misbehaviours.Has(c.Store, o)
	if err != nil || known {
		return err
	}
	v.Validator, v.Member, v.Reported = "", "", c.Height
	key, ok, err := addresses.Get(c.Store, o.Address)
	if err != nil {
		return err
	}
	if ok {
		k, ok, err := consensusKeys.Get(c.Store, key)
		if err != nil {
			return err
		}
		if !ok {
			return corrupt("consensus key %s has an address and no record", key)
		}
		v.Validator, v.Member = k.Validator, k.Member
	}
	if err := misbehaviours.Set(c.Store, o, v); err != nil {
		return err
	}
	n, _, err := counts.Get(c.Store, o.Address)
	if err != nil {
		return err
	}
	if err := counts.Set(c.Store, o.Address, n+1); err != nil {
		return err
	}
	c.Emit(EventMisbehaviour,
		AttrAddress, o.Address.String(), AttrValidator, v.Validator, AttrMember, v.Member,
		AttrKind, o.Kind.String(), AttrHeight, fmt.Sprint(o.Height))
	return nil
}
