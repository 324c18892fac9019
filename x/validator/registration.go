package validator

import (
	"encoding/hex"

	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// Purposes that keys are reserved for; the first is also what the proof of
// possession of a seal key names.
const (
	PurposeSeal      = "validator/seal"
	PurposeConsensus = "validator/consensus"
)

// String returns k as 66 lower-case hexadecimal digits.
func (k SealKey) String() string { return hex.EncodeToString(k[:]) }

// ConsensusKeyRecord says who registered a consensus key.
type ConsensusKeyRecord struct {
	Validator, Member string
	Registered        uint64 // height of the block, 0 at genesis
}

// SealKeyRecord says who registered a seal key.
type SealKeyRecord struct {
	Validator, Member string
	Registered        uint64 // height of the block, 0 at genesis
	// ConsensusKey is what the proof names: that of the validator at the time.
	ConsensusKey ConsensusKey
	Proof        sm2.Signature
	// Rotation: by the member itself.
	Rotation bool
}

// possession is what the proof of k states.
func (r SealKeyRecord) possession(chain string, k SealKey) seal.Possession {
	return seal.Possession{
		ChainID: chain, Member: r.Member, Purpose: PurposeSeal,
		ConsensusKey: r.ConsensusKey[:], Key: k,
	}
}

// registerConsensusKey records a consensus key that was never registered before.
func (m *Module) registerConsensusKey(c *exec.Context, k ConsensusKey, r ConsensusKeyRecord) error {
	if err := k.check(); err != nil {
		return codeConsensusKey.Refuse("%s: %v", k, err)
	}
	// The address is what CometBFT goes by. Two keys with one address cannot be
	// found, but were they, CometBFT would halt.
	used, err := addresses.Has(c.Store, k.Address())
	if err != nil {
		return err
	}
	if used {
		return codeKeyUsed.Refuse("consensus key %s", k)
	}
	if err := m.members.ReserveKey(c, r.Member, PurposeConsensus, k[:]); err != nil {
		return err
	}
	return putConsensusKey(c.Store, k, r)
}

func putConsensusKey(w store.Writer, k ConsensusKey, r ConsensusKeyRecord) error {
	if err := consensusKeys.Set(w, k, r); err != nil {
		return err
	}
	return addresses.Set(w, k.Address(), k)
}

// registerSealKey records a seal key that was never registered before, as a seal
// key or a member's, and whose holder proves to have it.
func (m *Module) registerSealKey(c *exec.Context, k SealKey, r SealKeyRecord) error {
	used, err := sealKeys.Has(c.Store, k)
	if err != nil {
		return err
	}
	if used {
		return codeKeyUsed.Refuse("seal key %s", k)
	}
	if err := seal.VerifyPossession(r.possession(c.ChainID, k), r.Proof[:]); err != nil {
		return codeProof.Refuse("seal key %s: %v", k, err)
	}
	if err := m.members.ReserveKey(c, r.Member, PurposeSeal, k[:]); err != nil {
		return err
	}
	return sealKeys.Set(c.Store, k, r)
}

// Keys calls visit for every key that was ever registered, with what
// Members.ReserveKey is told of it: for a genesis, whose keys are still to be
// reserved. visit must not write.
func (m *Module) Keys(r store.Reader, visit func(member, purpose string, key []byte) error) error {
	err := consensusKeys.Scan(r, func(k ConsensusKey, v ConsensusKeyRecord) (bool, error) {
		return true, visit(v.Member, PurposeConsensus, k[:])
	})
	if err != nil {
		return err
	}
	return sealKeys.Scan(r, func(k SealKey, v SealKeyRecord) (bool, error) {
		return true, visit(v.Member, PurposeSeal, k[:])
	})
}
