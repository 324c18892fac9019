package seal

import (
	"fmt"

	"github.com/hallmark-ledger/hallmark/crypto/sm2"
)

// Verifier verifies by one set: it holds the keys as points. It is immutable and
// safe for concurrent use.
type Verifier struct {
	set  Set
	hash [32]byte
	keys []*sm2.PublicKey // nil where the bytes are no point: it verifies nothing
}

// NewVerifier returns the verifier of a set.
func NewVerifier(set Set) *Verifier {
	v := &Verifier{set: set, hash: set.Hash(), keys: make([]*sm2.PublicKey, len(set.entries))}
	for i := range set.entries {
		if key, err := sm2.ParsePublicKey(set.entries[i].Key[:]); err == nil {
			v.keys[i] = key
		}
	}
	return v
}

// Set returns the set.
func (v *Verifier) Set() Set { return v.set }

// VerifyOne verifies the signature of the key at a place of the set over a
// statement, which must name the set. Its errors wrap ErrOtherSet or
// ErrSignature.
func (v *Verifier) VerifyOne(st *Statement, place int, signature sm2.Signature) error {
	if st.Set != v.hash {
		return fmt.Errorf("%w: %s, not %x", ErrOtherSet, st.Set, v.hash)
	}
	if place < 0 || place >= len(v.keys) {
		return fmt.Errorf("%w: there is no key %d in a set of %d", ErrSignature, place, len(v.keys))
	}
	return v.verify(st.Append(nil), place, signature)
}

func (v *Verifier) verify(message []byte, place int, signature sm2.Signature) error {
	key := v.keys[place]
	if key == nil {
		return fmt.Errorf("%w: key %d of the set is no point of the curve", ErrSignature, place)
	}
	if err := sm2.Verify(key, message, signature); err != nil {
		return fmt.Errorf("%w: that of key %d", ErrSignature, place)
	}
	return nil
}

// Verify returns nil if s is a seal of st by the set: st is a statement that
// names the set, every signature is good, and those who signed have more than
// two thirds of the power. The power is added up first, so that a seal of too
// few costs nothing. Its errors wrap ErrStatement, ErrOtherSet, ErrSeal,
// ErrQuorum or ErrSignature.
func (v *Verifier) Verify(st *Statement, s Seal) error {
	if err := st.Check(); err != nil {
		return err
	}
	if st.Set != v.hash {
		return fmt.Errorf("%w: %s, not %x", ErrOtherSet, st.Set, v.hash)
	}
	if len(s.signed) != (len(v.keys)+7)/8 {
		return fmt.Errorf("%w: it is of a set of another size", ErrSeal)
	}
	places := s.Signers()
	power := uint64(0)
	for _, p := range places {
		if p >= len(v.keys) {
			return fmt.Errorf("%w: it has a signer beyond the %d keys of the set", ErrSeal, len(v.keys))
		}
		power += v.set.entries[p].Power // the total fits
	}
	if !v.set.Quorum(power) {
		return fmt.Errorf("%w: %d of %d", ErrQuorum, power, v.set.total)
	}
	message := st.Append(make([]byte, 0, StatementSize))
	for i, p := range places {
		if err := v.verify(message, p, s.signatures[i]); err != nil {
			return err
		}
	}
	return nil
}
