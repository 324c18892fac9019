package validator

import (
	"errors"
	"fmt"

	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// MaxValidators is the largest size of a set. A commit of a hundred validators
// has some 20 kB, far below the size of a block.
const MaxValidators = 100

// Validator is one validator within a set.
type Validator struct {
	Name         string // for good: its keys and power may change, not its member
	Member       string // that runs it
	ConsensusKey ConsensusKey
	SealKey      SealKey
	Power        uint64
}

// SealKey is a compressed SM2 public key.
type SealKey [33]byte

// Set is the validators that decide the heights from Begin on, until the next
// set begins.
type Set struct {
	Begin uint64
	// Decided is the height of the block that decided on the set, 0 at genesis.
	Decided uint64
	// SealHash is the hash of Seal.
	SealHash sm3.Hash
	// Validators are sorted by name.
	Validators []Validator
}

// Seal returns the seal set.
func (s Set) Seal() (seal.Set, error) { return sealSet(s.Validators) }

// Find returns the validator with the name.
func (s Set) Find(name string) (Validator, bool) {
	i := index(s.Validators, name)
	if i < 0 {
		return Validator{}, false
	}
	return s.Validators[i], true
}

// index returns the place of the validator with the name, -1 if there is none.
func index(vs []Validator, name string) int {
	for i := range vs {
		if vs[i].Name == name {
			return i
		}
	}
	return -1
}

func sealSet(vs []Validator) (seal.Set, error) {
	entries := make([]seal.Entry, len(vs))
	for i, v := range vs {
		entries[i] = seal.Entry{Key: v.SealKey, Power: v.Power}
	}
	return seal.NewSet(entries)
}

// checkSet reports what keeps vs from being a set that CometBFT and seals can
// both work with.
func checkSet(vs []Validator) error {
	if len(vs) == 0 {
		return errors.New("no validator is left")
	}
	if len(vs) > MaxValidators {
		return fmt.Errorf("%d validators, more than %d", len(vs), MaxValidators)
	}
	addresses := make(map[Address]bool, len(vs))
	for i, v := range vs {
		switch a := v.ConsensusKey.Address(); {
		case !isSlug(v.Name):
			return fmt.Errorf("%.50q is not a name for a validator", v.Name)
		case !isSlug(v.Member):
			return fmt.Errorf("%.50q is not the id of a member", v.Member)
		case i > 0 && vs[i-1].Name >= v.Name:
			return fmt.Errorf("the names %q and %q are not in ascending order", vs[i-1].Name, v.Name)
		case addresses[a]:
			return fmt.Errorf("two validators have the consensus address %x", a)
		default:
			addresses[a] = true
		}
	}
	_, err := sealSet(vs) // powers above zero, their sum, the seal keys
	return err
}

// total is the power of vs, for which checkSet holds.
func total(vs []Validator) (sum uint64) {
	for _, v := range vs {
		sum += v.Power
	}
	return sum
}

// isSlug reports whether s is 3 to 40 of a-z, 0-9 and hyphen, beginning and
// ending with a letter or digit.
func isSlug(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return len(s) >= 3 && len(s) <= 40 && s[0] != '-' && s[len(s)-1] != '-'
}
