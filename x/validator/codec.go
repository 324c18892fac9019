package validator

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/crypto/seal"
	validatorv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/validator/v1"
	"github.com/hallmark-ledger/hallmark/store"
)

// The height where a set begins is its key, not part of the value.
var setCodec = store.ValueFuncs[Set]{
	Encode: func(s Set) ([]byte, error) {
		m := &validatorv1.Set{Decided: s.Decided, SealHash: s.SealHash[:]}
		for _, v := range s.Validators {
			m.Validators = append(m.Validators, &validatorv1.Validator{
				Name: v.Name, Member: v.Member, ConsensusKey: v.ConsensusKey[:], SealKey: v.SealKey[:], Power: v.Power,
			})
		}
		return encode(m)
	},
	Decode: func(b []byte) (s Set, err error) {
		m := &validatorv1.Set{}
		if err := decode(b, m); err != nil {
			return s, err
		}
		s.Decided = m.Decided
		if err := fill(s.SealHash[:], m.SealHash, "seal hash"); err != nil {
			return s, err
		}
		for _, v := range m.Validators {
			d := Validator{Name: v.Name, Member: v.Member, Power: v.Power}
			if err := errors.Join(fill(d.ConsensusKey[:], v.ConsensusKey, "consensus key"), fill(d.SealKey[:], v.SealKey, "seal key")); err != nil {
				return s, err
			}
			s.Validators = append(s.Validators, d)
		}
		return s, checkSet(s.Validators)
	},
}

var consensusKeyCodec = store.ValueFuncs[ConsensusKeyRecord]{
	Encode: func(k ConsensusKeyRecord) ([]byte, error) {
		return encode(&validatorv1.ConsensusKey{Validator: k.Validator, Member: k.Member, Registered: k.Registered})
	},
	Decode: func(b []byte) (ConsensusKeyRecord, error) {
		m := &validatorv1.ConsensusKey{}
		err := decode(b, m)
		return ConsensusKeyRecord{m.Validator, m.Member, m.Registered}, err
	},
}

var sealKeyCodec = store.ValueFuncs[SealKeyRecord]{
	Encode: func(k SealKeyRecord) ([]byte, error) {
		return encode(&validatorv1.SealKey{
			Validator: k.Validator, Member: k.Member, Registered: k.Registered,
			ConsensusKey: k.ConsensusKey[:], Proof: k.Proof[:], Rotation: k.Rotation,
		})
	},
	Decode: func(b []byte) (k SealKeyRecord, err error) {
		m := &validatorv1.SealKey{}
		if err := decode(b, m); err != nil {
			return k, err
		}
		k = SealKeyRecord{Validator: m.Validator, Member: m.Member, Registered: m.Registered, Rotation: m.Rotation}
		return k, errors.Join(fill(k.ConsensusKey[:], m.ConsensusKey, "consensus key"), fill(k.Proof[:], m.Proof, "proof"))
	},
}

var misbehaviourCodec = store.ValueFuncs[Misbehaviour]{
	Encode: func(v Misbehaviour) ([]byte, error) {
		return encode(&validatorv1.Misbehaviour{
			Validator: v.Validator, Member: v.Member, Time: v.Time.UnixNano(),
			Power: v.Power, TotalPower: v.TotalPower, Reported: v.Reported,
		})
	},
	Decode: func(b []byte) (Misbehaviour, error) {
		m := &validatorv1.Misbehaviour{}
		err := decode(b, m)
		return Misbehaviour{m.Validator, m.Member, time.Unix(0, m.Time).UTC(), m.Power, m.TotalPower, m.Reported}, err
	},
}

var conflictCodec = store.ValueFuncs[Conflict]{
	Encode: func(v Conflict) ([]byte, error) {
		return encode(&validatorv1.Conflict{
			Validator: v.Validator, Member: v.Member, Reporter: v.Reporter, Reported: v.Reported,
			First: v.Statements[0].Append(nil), FirstSignature: v.Signatures[0][:],
			Second: v.Statements[1].Append(nil), SecondSignature: v.Signatures[1][:],
		})
	},
	Decode: func(b []byte) (v Conflict, err error) {
		m := &validatorv1.Conflict{}
		if err := decode(b, m); err != nil {
			return v, err
		}
		v = Conflict{Validator: m.Validator, Member: m.Member, Reporter: m.Reporter, Reported: m.Reported}
		for i, part := range [2]struct{ statement, signature []byte }{{m.First, m.FirstSignature}, {m.Second, m.SecondSignature}} {
			if v.Statements[i], err = seal.ParseStatement(part.statement); err != nil {
				return v, err
			}
			if err := fill(v.Signatures[i][:], part.signature, "signature"); err != nil {
				return v, err
			}
		}
		return v, nil
	},
}

var addressCodec = store.ValueFuncs[ConsensusKey]{
	Encode: func(k ConsensusKey) ([]byte, error) { return k[:], nil },
	Decode: func(b []byte) (k ConsensusKey, err error) { return k, fill(k[:], b, "consensus key") },
}

func encode(m proto.Message) ([]byte, error) {
	return proto.MarshalOptions{Deterministic: true}.Marshal(m)
}

// decode reads b into m and refuses any other encoding than encode's.
func decode(b []byte, m proto.Message) error {
	if err := (proto.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(b, m); err != nil {
		return err
	}
	again, err := encode(m)
	if err == nil && !bytes.Equal(again, b) {
		err = errors.New("not the one encoding of the value")
	}
	return err
}

// fill copies b to dst if it has the length for it.
func fill(dst, b []byte, what string) error {
	if len(b) != len(dst) {
		return fmt.Errorf("the %s has %d bytes, want %d", what, len(b), len(dst))
	}
	copy(dst, b)
	return nil
}
