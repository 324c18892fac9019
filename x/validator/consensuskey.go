package validator

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"math/big"
	"slices"
)

// ConsensusKey is an Ed25519 public key (RFC 8032), with which a validator
// signs CometBFT's votes.
type ConsensusKey [32]byte

// String returns k as 64 lower-case hexadecimal digits.
func (k ConsensusKey) String() string { return hex.EncodeToString(k[:]) }

// Address is CometBFT's name for a consensus key.
type Address [20]byte

// String returns a as 40 lower-case hexadecimal digits.
func (a Address) String() string { return hex.EncodeToString(a[:]) }

// Address returns the first 20 bytes of SHA-256(k) (CometBFT v0.40.0,
// crypto/ed25519, PubKey.Address).
func (k ConsensusKey) Address() Address {
	sum := sha256.Sum256(k[:])
	return Address(sum[:20])
}

var (
	one = big.NewInt(1)
	two = big.NewInt(2)
	// fieldP = 2^255 - 19, curveD = -121665/121666 (RFC 8032 §5.1).
	fieldP = new(big.Int).Sub(new(big.Int).Lsh(one, 255), big.NewInt(19))
	curveD = quotient(big.NewInt(-121665), big.NewInt(121666))
)

// quotient returns a/b in the field.
func quotient(a, b *big.Int) *big.Int {
	q := new(big.Int).ModInverse(b, fieldP)
	return q.Mod(q.Mul(q, a), fieldP)
}

// check refuses what CometBFT takes for a key by its length alone, and should
// not: bytes that are no point, which could never sign, and points of small
// order, for which anyone can sign.
//
// The curve is -x² + y² = 1 + d·x²·y², so x² = (y²-1)/(d·y²+1) follows from y,
// and so does the y of the double, (y²+x²)/(2+x²-y²). A point has small order
// if its eightfold is the neutral element, whose y is 1.
func (k ConsensusKey) check() error {
	le := k
	le[31] &= 0x7f // the sign of x
	slices.Reverse(le[:])
	y := new(big.Int).SetBytes(le[:])
	if y.Cmp(fieldP) >= 0 {
		return errors.New("not an Ed25519 key: y is not below the field's prime")
	}
	for range 3 {
		yy := new(big.Int).Mul(y, y)
		u := new(big.Int).Sub(yy, one)
		v := new(big.Int).Add(new(big.Int).Mul(curveD, yy), one) // never zero: -1/d is no square
		if big.Jacobi(new(big.Int).Mod(new(big.Int).Mul(u, v), fieldP), fieldP) < 0 {
			return errors.New("not an Ed25519 key: no point of the curve has this y")
		}
		xx := quotient(u, v.Mod(v, fieldP))
		below := new(big.Int).Sub(new(big.Int).Add(two, xx), yy)
		y = quotient(new(big.Int).Add(yy, xx), below.Mod(below, fieldP))
	}
	if y.Cmp(one) == 0 {
		return errors.New("not an Ed25519 key: a point of small order, for which anyone can sign")
	}
	return nil
}
