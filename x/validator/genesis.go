package validator

import (
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/store"
)

// Genesis is the state of the module as JSON. Keys, proofs and addresses are
// hexadecimal.
//
// To start a chain, list one set that begins at the initial height, decided 0,
// and each of its keys under consensus_keys and seal_keys, registered 0.
type Genesis struct {
	// Sets in the order of their begin.
	Sets []GenesisSet `json:"sets"`
	// ConsensusKeys and SealKeys have every key that was ever registered.
	ConsensusKeys []GenesisConsensusKey `json:"consensus_keys"`
	SealKeys      []GenesisSealKey      `json:"seal_keys"`
	Misbehaviours []GenesisMisbehaviour `json:"misbehaviours,omitempty"`
	Conflicts     []GenesisConflict     `json:"conflicts,omitempty"`
}

// GenesisSet is a Set.
type GenesisSet struct {
	Begin      uint64             `json:"begin"`
	Decided    uint64             `json:"decided,omitempty"`
	Validators []GenesisValidator `json:"validators"` // sorted by name
}

// GenesisValidator is a Validator.
type GenesisValidator struct {
	Name         string `json:"name"`
	Member       string `json:"member"`
	ConsensusKey string `json:"consensus_key"` // Ed25519, 32 bytes
	SealKey      string `json:"seal_key"`      // SM2, compressed, 33 bytes
	Power        uint64 `json:"power"`
}

// GenesisConsensusKey is a key and its ConsensusKeyRecord.
type GenesisConsensusKey struct {
	Key        string `json:"key"`
	Validator  string `json:"validator"`
	Member     string `json:"member"`
	Registered uint64 `json:"registered,omitempty"`
}

// GenesisSealKey is a key and its SealKeyRecord.
type GenesisSealKey struct {
	Key          string `json:"key"`
	Validator    string `json:"validator"`
	Member       string `json:"member"`
	Registered   uint64 `json:"registered,omitempty"`
	ConsensusKey string `json:"consensus_key"` // that the proof names
	Proof        string `json:"proof"`         // of possession, 64 bytes
	Rotation     bool   `json:"rotation,omitempty"`
}

// GenesisMisbehaviour is an Offence and its Misbehaviour.
type GenesisMisbehaviour struct {
	Address    string    `json:"address"`
	Height     uint64    `json:"height"`
	Kind       Kind      `json:"kind"` // 1 duplicate vote, 2 light client attack
	Validator  string    `json:"validator,omitempty"`
	Member     string    `json:"member,omitempty"`
	Time       time.Time `json:"time"`
	Power      uint64    `json:"power"`
	TotalPower uint64    `json:"total_power"`
	Reported   uint64    `json:"reported"`
}

// CheckProofs verifies the proofs of possession for the chain where the keys
// were registered: to be called for a genesis that starts a chain.
func (g *Genesis) CheckProofs(chain string) error {
	for _, k := range g.SealKeys {
		key, r, err := k.decode()
		if err == nil {
			err = seal.VerifyPossession(r.possession(chain, key), r.Proof[:])
		}
		if err != nil {
			return fmt.Errorf("validator genesis: seal key %s: the proof of possession: %w", k.Key, err)
		}
	}
	return nil
}

// InitGenesis writes g to an empty state. Its errors say what to correct.
func (m *Module) InitGenesis(rw store.ReadWriter, g *Genesis) error {
	if err := g.write(rw); err != nil {
		return fmt.Errorf("validator genesis: %w", err)
	}
	if err := m.Check(rw); err != nil {
		return fmt.Errorf("validator genesis: %w", err)
	}
	return nil
}

func (g *Genesis) write(rw store.ReadWriter) error {
	for i, j := range g.Sets {
		s, err := j.decode()
		if err == nil {
			err = checkSet(s.Validators)
		}
		if err == nil && i > 0 && g.Sets[i-1].Begin >= s.Begin {
			err = errors.New("it does not begin after the one before it")
		}
		if err == nil {
			err = s.put(rw)
		}
		if err != nil {
			return fmt.Errorf("set that begins at %d: %w", j.Begin, err)
		}
	}
	for _, j := range g.ConsensusKeys {
		var key ConsensusKey
		err := unhex(key[:], j.Key)
		if err == nil {
			err = key.check()
		}
		if err == nil {
			err = once(addresses.Has(rw, key.Address()))
		}
		if err == nil {
			err = putConsensusKey(rw, key, ConsensusKeyRecord{j.Validator, j.Member, j.Registered})
		}
		if err != nil {
			return fmt.Errorf("consensus key %s: %w", j.Key, err)
		}
	}
	for _, j := range g.SealKeys {
		key, r, err := j.decode()
		if err == nil {
			err = once(sealKeys.Has(rw, key))
		}
		if err == nil {
			err = sealKeys.Set(rw, key, r)
		}
		if err != nil {
			return fmt.Errorf("seal key %s: %w", j.Key, err)
		}
	}
	for _, j := range g.Misbehaviours {
		o := Offence{Height: j.Height, Kind: j.Kind}
		err := unhex(o.Address[:], j.Address)
		if err == nil {
			err = once(misbehaviours.Has(rw, o))
		}
		if err == nil {
			err = misbehaviours.Set(rw, o, Misbehaviour{j.Validator, j.Member, j.Time, j.Power, j.TotalPower, j.Reported})
		}
		var n uint64
		if err == nil {
			n, _, err = counts.Get(rw, o.Address)
		}
		if err == nil {
			err = counts.Set(rw, o.Address, n+1)
		}
		if err != nil {
			return fmt.Errorf("misbehaviour of %s at %d: %w", j.Address, j.Height, err)
		}
	}
	for _, j := range g.Conflicts {
		if err := j.write(rw); err != nil {
			return fmt.Errorf("conflict of %s: %w", j.Key, err)
		}
	}
	return nil
}

func (j GenesisSet) decode() (Set, error) {
	s := Set{Begin: j.Begin, Decided: j.Decided}
	for _, v := range j.Validators {
		d := Validator{Name: v.Name, Member: v.Member, Power: v.Power}
		if err := errors.Join(unhex(d.ConsensusKey[:], v.ConsensusKey), unhex(d.SealKey[:], v.SealKey)); err != nil {
			return s, fmt.Errorf("validator %q: %w", v.Name, err)
		}
		s.Validators = append(s.Validators, d)
	}
	return s, nil
}

func (j GenesisSealKey) decode() (k SealKey, r SealKeyRecord, err error) {
	r = SealKeyRecord{Validator: j.Validator, Member: j.Member, Registered: j.Registered, Rotation: j.Rotation}
	return k, r, errors.Join(unhex(k[:], j.Key), unhex(r.ConsensusKey[:], j.ConsensusKey), unhex(r.Proof[:], j.Proof))
}

// unhex reads s into dst, which it must fill.
func unhex(dst []byte, s string) error {
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != len(dst) || hex.EncodeToString(b) != s {
		return fmt.Errorf("%q is not %d lower-case hexadecimal digits", s, 2*len(dst))
	}
	copy(dst, b)
	return nil
}

func once(known bool, err error) error {
	if known {
		return errors.New("it is listed twice")
	}
	return err
}
