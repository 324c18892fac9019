package seal

import (
	"errors"
	"fmt"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// ErrChain: a statement is of another chain, or of another range of heights than
// the set that is trusted.
var ErrChain = errors.New("seal: the statement is not of the chain, or not of the heights, that are trusted")

// Trust is a set, and the chain and heights for which it is trusted.
type Trust struct {
	Chain   sm3.Hash // SM3(chain id)
	Genesis sm3.Hash // root of the genesis state
	Begin   uint64   // the first height that the set may seal
	set     *Verifier
}

// NewTrust returns the trust in a set for the heights from begin on.
func NewTrust(chain, genesis sm3.Hash, begin uint64, set Set) *Trust {
	return &Trust{Chain: chain, Genesis: genesis, Begin: begin, set: NewVerifier(set)}
}

// Set returns the set.
func (t *Trust) Set() Set { return t.set.set }

// SetHash returns the hash of the set.
func (t *Trust) SetHash() sm3.Hash { return t.set.hash }

// Verify returns nil if s is a seal by the set of a statement of this chain, of a
// height from Begin on. Its errors wrap ErrChain or those of Verifier.Verify.
func (t *Trust) Verify(st *Statement, s Seal) error {
	if err := t.check(st); err != nil {
		return err
	}
	return t.set.Verify(st, s)
}

func (t *Trust) check(st *Statement) error {
	switch {
	case st.Chain != t.Chain:
		return fmt.Errorf("%w: it is of another chain id", ErrChain)
	case st.Genesis != t.Genesis:
		return fmt.Errorf("%w: it has another genesis", ErrChain)
	case st.Height < t.Begin:
		return fmt.Errorf("%w: height %d, the set begins at %d", ErrChain, st.Height, t.Begin)
	}
	return nil
}

// Advance returns the trust in the set that st hands over to, next: st must be
// sealed by the set that is trusted so far and name next. Its errors wrap those
// of Verify, or ErrOtherSet if st names no next set or another one.
func (t *Trust) Advance(st *Statement, s Seal, next Set) (*Trust, error) {
	if st.NextHeight == 0 || next.Hash() != st.Next {
		return nil, fmt.Errorf("%w: the handover at height %d does not name it", ErrOtherSet, st.Height)
	}
	if err := t.Verify(st, s); err != nil {
		return nil, err
	}
	return NewTrust(t.Chain, t.Genesis, st.NextHeight, next), nil
}
