package sm2

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/hex"
	"fmt"
	"math/big"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// PublicKeySize is the length of an encoded public key in bytes.
const PublicKeySize = 33

// PublicKey is a point of the curve that is known to be valid, with what
// verification needs of it. ParsePublicKey and PrivateKey.Public make one; the
// zero value verifies nothing. It is immutable and safe for concurrent use.
// Compare with Equal: two parses of the same bytes are different pointers.
type PublicKey struct {
	encoded [PublicKeySize]byte
	za      sm3.Hash
	point   ecdsa.PublicKey // gmsm caches by this address, so it never moves
}

// ParsePublicKey decodes a compressed point: 33 bytes, 02 or 03 for an even or
// odd y, then x (SEC 1 §2.3.4). It refuses, with an error that wraps
// ErrPublicKey, any other length or first byte (and so infinity), an x that is
// not below p, and an x that no point of the curve has. Exactly one encoding
// exists for each point.
func ParsePublicKey(b []byte) (*PublicKey, error) {
	if len(b) != PublicKeySize {
		return nil, fmt.Errorf("%w: it has %d bytes, want %d (compressed: 02 or 03, then x)", ErrPublicKey, len(b), PublicKeySize)
	}
	if b[0] != 2 && b[0] != 3 {
		return nil, fmt.Errorf("%w: it begins with %02x, want 02 or 03 (compressed form)", ErrPublicKey, b[0])
	}
	if bytes.Compare(b[1:], fieldP[:]) >= 0 {
		return nil, fmt.Errorf("%w: x is not below the field's prime", ErrPublicKey)
	}
	x, y := elliptic.UnmarshalCompressed(curve, b)
	if x == nil {
		return nil, fmt.Errorf("%w: no point of the curve has this x", ErrPublicKey)
	}
	return newPublicKey(x, y), nil
}

// newPublicKey takes a point that is on the curve.
func newPublicKey(x, y *big.Int) *PublicKey {
	k := &PublicKey{point: ecdsa.PublicKey{Curve: curve, X: x, Y: y}}
	k.encoded[0] = 2 | byte(y.Bit(0))
	x.FillBytes(k.encoded[1:])
	k.za = computeZA(x, y)
	return k
}

// Bytes returns the 33-byte encoding that ParsePublicKey reads.
func (k *PublicKey) Bytes() [PublicKeySize]byte { return k.encoded }

// Equal reports whether k and other are the same point.
func (k *PublicKey) Equal(other *PublicKey) bool {
	return k == other || k != nil && other != nil && k.encoded == other.encoded
}

// String returns the encoding as 66 lower-case hexadecimal digits.
func (k *PublicKey) String() string { return hex.EncodeToString(k.encoded[:]) }

// valid tells a key that was made here from nil and from the zero value.
func (k *PublicKey) valid() bool { return k != nil && k.encoded[0] != 0 }
