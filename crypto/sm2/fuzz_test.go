package sm2

import (
	"bytes"
	"errors"
	"math/big"
	"testing"
)

// FuzzParsePublicKey compares ParsePublicKey with plain arithmetic, and holds it
// to one encoding per point.
func FuzzParsePublicKey(f *testing.F) {
	standard := standardKey(f).Public().Bytes()
	f.Add(standard[:])
	f.Add(standard[:32])
	f.Add(append([]byte{4}, standard[1:]...))
	f.Add([]byte{0})
	f.Add(make([]byte, 33))
	for _, x := range []*big.Int{new(big.Int), big.NewInt(1), big.NewInt(2), curve.Params().P, curve.Params().Gx, curve.Params().N} {
		f.Add(encode(2, x))
		f.Add(encode(3, x))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		key, err := ParsePublicKey(b)
		want := onCurve(b)
		if (err == nil) != (want != nil) || (key == nil) != (err != nil) {
			t.Fatalf("ParsePublicKey(%x) = %v, %v, but y = %v", b, key, err, want)
		}
		if err != nil {
			if !errors.Is(err, ErrPublicKey) {
				t.Fatalf("ParsePublicKey(%x): %v", b, err)
			}
			return
		}
		if got := key.Bytes(); !bytes.Equal(got[:], b) || key.point.Y.Cmp(want) != 0 {
			t.Fatalf("ParsePublicKey(%x) = %s", b, key)
		}
	})
}

// FuzzVerify compares Verify with tjfoc's, over signatures and over what a
// mask makes of them: with a mask of zeros (or none) the signature is good.
func FuzzVerify(f *testing.F) {
	d := standardKey(f).Bytes()
	f.Add(d[:], []byte(standard.message), []byte{})
	f.Add(d[:], []byte{}, []byte{1})
	f.Add(d[:], []byte{}, append(make([]byte, 63), 1))
	f.Add(d[:], []byte("m"), bytes.Repeat([]byte{0xff}, 64))
	f.Add(append(make([]byte, 31), 1), []byte("d = 1"), make([]byte, 64))
	top := new(big.Int).Sub(curve.Params().N, big.NewInt(2))
	f.Add(top.FillBytes(make([]byte, 32)), []byte("d = n-2"), make([]byte, 64))
	f.Fuzz(func(t *testing.T, d, message, mask []byte) {
		private, err := NewPrivateKey(d)
		if err != nil {
			return
		}
		good, err := private.SignWith(bytes.NewReader(make([]byte, 32)), message)
		if err != nil {
			t.Fatal(err)
		}
		sig := good
		for i := range min(len(mask), len(sig)) {
			sig[i] ^= mask[i]
		}
		err = Verify(private.Public(), message, sig)
		if err != nil && err != ErrSignature {
			t.Fatal(err)
		}
		if (err == nil) != (sig == good) {
			t.Fatalf("key %x, message %x: Verify(%s) = %v, signed was %s", d, message, sig, err, good)
		}
		if tjfocVerify(private.Public(), message, sig) != (err == nil) {
			t.Fatalf("key %x, message %x, signature %s: Verify = %v, tjfoc differs", d, message, sig, err)
		}
		if _, parse := ParseSignature(sig[:]); err == nil && parse != nil {
			t.Fatalf("a signature that verifies does not parse: %v", parse)
		}
	})
}
