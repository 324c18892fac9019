package seal

import (
	"errors"
	"fmt"
	"math/bits"

	"github.com/hallmark-ledger/hallmark/crypto/sm2"
)

// What can be wrong with a seal.
var (
	// ErrSeal: the bytes are not a seal of a set of so many keys.
	ErrSeal = errors.New("seal: not a seal")
	// ErrOtherSet: the statement names another set.
	ErrOtherSet = errors.New("seal: the statement is of another seal set")
	// ErrQuorum: those who signed do not have more than two thirds of the power.
	ErrQuorum = errors.New("seal: the signers do not have more than two thirds of the power")
	// ErrSignature: a signature is not of the key that stands for it.
	ErrSignature = errors.New("seal: a signature does not verify")
)

// Seal is signatures by keys of a set over one statement.
type Seal struct {
	// signed has a bit for each key of the set, in its order, the first the
	// highest of the first byte; the bits left over are clear.
	signed     []byte
	signatures []sm2.Signature // of those whose bit is set, in their order
}

// New returns the seal of a set of n keys by the signatures of those whose
// places in it are given, ascending. It panics if places and signatures do not
// fit each other.
func New(n int, places []int, signatures []sm2.Signature) Seal {
	s := Seal{signed: make([]byte, (n+7)/8), signatures: signatures}
	last := -1
	for _, p := range places {
		if p <= last || p >= n {
			panic("seal: places are not ascending, or beyond the set")
		}
		last = p
		s.signed[p/8] |= 0x80 >> (p % 8)
	}
	if len(places) != len(signatures) {
		panic("seal: not one signature for each place")
	}
	return s
}

// Append appends the encoding of s to dst: a bit for each key of the set, in
// bytes filled up with zeros, and the signatures, 64 bytes each.
func (s Seal) Append(dst []byte) []byte {
	dst = append(dst, s.signed...)
	for i := range s.signatures {
		dst = append(dst, s.signatures[i][:]...)
	}
	return dst
}

// Parse reads what Append writes of a seal of a set of n keys, all of b. Exactly
// one encoding of each seal is accepted. Its errors wrap ErrSeal.
func Parse(n int, b []byte) (Seal, error) {
	size := (n + 7) / 8
	if n < 1 || n > MaxKeys || len(b) < size {
		return Seal{}, fmt.Errorf("%w: %d bytes for a set of %d keys", ErrSeal, len(b), n)
	}
	s := Seal{signed: append([]byte(nil), b[:size]...)}
	if over := size*8 - n; s.signed[size-1]&(1<<over-1) != 0 {
		return Seal{}, fmt.Errorf("%w: it has a signer beyond the %d keys of the set", ErrSeal, n)
	}
	count := 0
	for _, x := range s.signed {
		count += bits.OnesCount8(x)
	}
	if b = b[size:]; len(b) != count*sm2.SignatureSize {
		return Seal{}, fmt.Errorf("%w: %d signers and %d bytes of signatures", ErrSeal, count, len(b))
	}
	s.signatures = make([]sm2.Signature, count)
	for i := range s.signatures {
		copy(s.signatures[i][:], b[i*sm2.SignatureSize:])
	}
	return s, nil
}

// Signers returns the places in the set of those who signed, ascending.
func (s Seal) Signers() []int {
	places := make([]int, 0, len(s.signatures))
	for i := range len(s.signed) * 8 {
		if s.signed[i/8]&(0x80>>(i%8)) != 0 {
			places = append(places, i)
		}
	}
	return places
}

// Signatures returns the signatures in the order of Signers. The caller must not
// change them.
func (s Seal) Signatures() []sm2.Signature { return s.signatures }
