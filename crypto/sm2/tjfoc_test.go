package sm2

import (
	"bytes"
	"crypto/rand"
	"math/big"
	"testing"

	tjfoc "github.com/tjfoc/gmsm/sm2"
)

// tjfocKey returns key as tjfoc's type.
func tjfocKey(key *PublicKey) *tjfoc.PublicKey {
	return &tjfoc.PublicKey{Curve: tjfoc.P256Sm2(), X: key.point.X, Y: key.point.Y}
}

func tjfocPrivate(k *PrivateKey) *tjfoc.PrivateKey {
	return &tjfoc.PrivateKey{PublicKey: *tjfocKey(k.public), D: k.key.D}
}

// tjfocVerify asks tjfoc about one of our signatures.
func tjfocVerify(key *PublicKey, message []byte, sig Signature) bool {
	r, s := new(big.Int).SetBytes(sig[:32]), new(big.Int).SetBytes(sig[32:])
	return tjfoc.Sm2Verify(tjfocKey(key), message, []byte(UserID), r, s)
}

// TestAgainstTjfoc: each verifies what the other signs, and refuses it over
// another message.
func TestAgainstTjfoc(t *testing.T) {
	for i := range 60 {
		k, message := newKey(t), bytes.Repeat([]byte("m"), i*3)
		bad := append(bytes.Clone(message), 1)

		sig := mustSign(t, k, message)
		if !tjfocVerify(k.Public(), message, sig) || tjfocVerify(k.Public(), bad, sig) {
			t.Errorf("%d bytes: tjfoc does not judge our signature as we do", len(message))
		}

		r, s, err := tjfoc.Sm2Sign(tjfocPrivate(k), message, []byte(UserID), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		var theirs Signature
		r.FillBytes(theirs[:32])
		s.FillBytes(theirs[32:])
		if err := Verify(k.Public(), message, theirs); err != nil {
			t.Errorf("%d bytes: a signature of tjfoc: %v", len(message), err)
		}
		if err := Verify(k.Public(), bad, theirs); err != ErrSignature {
			t.Errorf("%d bytes: a signature of tjfoc over another message: %v", len(message), err)
		}
	}
}

// TestLeadingZeros looks for keys and signatures with a zero byte in front of x,
// y, r and s: where a missing pad shows.
func TestLeadingZeros(t *testing.T) {
	message := []byte("padding")
	for found := 0; found != 3; {
		k := newKey(t)
		x, y := k.public.point.X.BitLen() <= 248, k.public.point.Y.BitLen() <= 248
		if !(x && found&1 == 0 || y && found&2 == 0) {
			continue
		}
		if x {
			found |= 1
		}
		if y {
			found |= 2
		}
		encoded := k.Public().Bytes()
		key, err := ParsePublicKey(encoded[:])
		if err != nil {
			t.Fatal(err)
		}
		sig := mustSign(t, k, message)
		if Verify(key, message, sig) != nil || !tjfocVerify(key, message, sig) {
			t.Errorf("key %s: signature %s is not verified by both", key, sig)
		}
	}
	k := newKey(t)
	for found := 0; found != 3; {
		sig := mustSign(t, k, message)
		if sig[0] != 0 && sig[32] != 0 {
			continue
		}
		if sig[0] == 0 {
			found |= 1
		}
		if sig[32] == 0 {
			found |= 2
		}
		if Verify(k.Public(), message, sig) != nil || !tjfocVerify(k.Public(), message, sig) {
			t.Errorf("signature %s is not verified by both", sig)
		}
		if back, ok := parseDER(sig.appendDER(nil)); !ok || back != sig {
			t.Errorf("signature %s comes back from DER as %s", sig, back)
		}
	}
}
