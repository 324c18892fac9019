package seal

import (
	"errors"
	"fmt"

	"github.com/hallmark-ledger/hallmark/crypto/sm2"
)

// ErrConflict: the two statements are no proof of misbehaviour.
var ErrConflict = errors.New("seal: no conflict")

// Conflict is two different statements of one height of one chain, both signed by
// one key: a proof of misbehaviour that anyone can check.
type Conflict struct {
	Key        [sm2.PublicKeySize]byte
	Statements [2]Statement
	Signatures [2]sm2.Signature
}

// Verify returns nil if c is that. Its errors wrap ErrConflict, ErrStatement,
// ErrSignature or sm2.ErrPublicKey.
func (c *Conflict) Verify() error {
	a, b := &c.Statements[0], &c.Statements[1]
	switch {
	case a.Chain != b.Chain || a.Genesis != b.Genesis:
		return fmt.Errorf("%w: the statements are of different chains", ErrConflict)
	case a.Height != b.Height:
		return fmt.Errorf("%w: the statements are of heights %d and %d", ErrConflict, a.Height, b.Height)
	case *a == *b:
		return fmt.Errorf("%w: the statements are the same", ErrConflict)
	}
	key, err := sm2.ParsePublicKey(c.Key[:])
	if err != nil {
		return err
	}
	for i := range c.Statements {
		st := &c.Statements[i]
		if err := st.Check(); err != nil {
			return err
		}
		if err := sm2.Verify(key, st.Append(nil), c.Signatures[i]); err != nil {
			return fmt.Errorf("%w: that of statement %d", ErrSignature, i+1)
		}
	}
	return nil
}
