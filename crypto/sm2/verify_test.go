package sm2

import (
	"bytes"
	"errors"
	"math/big"
	"testing"

	gmsm "github.com/emmansun/gmsm/sm2"
)

func TestSignVerify(t *testing.T) {
	for _, n := range []int{0, 1, 14, 31, 32, 33, 55, 56, 64, 300, 100_000} {
		private, message := newKey(t), bytes.Repeat([]byte{byte(n)}, n)
		sig := mustSign(t, private, message)
		if err := Verify(private.Public(), message, sig); err != nil {
			t.Errorf("%d bytes: %v", n, err)
		}
		if again := mustSign(t, private, message); again == sig {
			t.Errorf("%d bytes: two signatures are the same: not randomised", n)
		}
		if err := Verify(private.Public(), append(message, 0), sig); err != ErrSignature {
			t.Errorf("%d bytes: a longer message verifies: %v", n, err)
		}
		if err := Verify(newKey(t).Public(), message, sig); err != ErrSignature {
			t.Errorf("%d bytes: another key verifies: %v", n, err)
		}
	}
}

// TestMangled flips every bit of the key, the message and the signature.
func TestMangled(t *testing.T) {
	key, message, sig := standardKey(t).Public(), []byte(standard.message), standardSignature(t)
	if err := Verify(key, message, sig); err != nil {
		t.Fatal(err)
	}
	for bit := range len(message) * 8 {
		mangled := bytes.Clone(message)
		mangled[bit/8] ^= 1 << (bit % 8)
		if err := Verify(key, mangled, sig); err != ErrSignature {
			t.Errorf("bit %d of the message flipped: %v", bit, err)
		}
	}
	for bit := range len(sig) * 8 {
		mangled := sig
		mangled[bit/8] ^= 1 << (bit % 8)
		if err := Verify(key, message, mangled); err != ErrSignature {
			t.Errorf("bit %d of the signature flipped: %v", bit, err)
		}
	}
	encoded := key.Bytes()
	for bit := range len(encoded) * 8 {
		mangled := encoded
		mangled[bit/8] ^= 1 << (bit % 8)
		other, err := ParsePublicKey(mangled[:])
		if err != nil {
			continue // half of all x have no point
		}
		if err := Verify(other, message, sig); err != ErrSignature {
			t.Errorf("bit %d of the key flipped: %v", bit, err)
		}
	}
}

func TestAdversarialSignatures(t *testing.T) {
	key, message, good := standardKey(t).Public(), []byte(standard.message), standardSignature(t)
	n := curve.Params().N
	r, s := number(t, standard.r), number(t, standard.s)
	zero, one, top := new(big.Int), big.NewInt(1), new(big.Int).SetBytes(bytes.Repeat([]byte{0xff}, 32))
	minus := func(a, b *big.Int) *big.Int { return new(big.Int).Sub(a, b) }
	for name, c := range map[string]struct {
		r, s   *big.Int
		parses bool
	}{
		"all zero":         {zero, zero, false},
		"r = 0":            {zero, s, false},
		"s = 0":            {r, zero, false},
		"r = n":            {n, s, false},
		"s = n":            {r, n, false},
		"r = n+1":          {new(big.Int).Add(n, one), s, false},
		"s = n+1":          {r, new(big.Int).Add(n, one), false},
		"all ones":         {top, top, false},
		"r all ones":       {top, s, false},
		"s all ones":       {r, top, false},
		"r + s = n":        {r, minus(n, r), false},
		"r = 1, s = n-1":   {one, minus(n, one), false},
		"r = s = 1":        {one, one, true},
		"r = s = n-1":      {minus(n, one), minus(n, one), true},
		"swapped":          {s, r, true},
		"s negated":        {r, minus(n, s), true},
		"r negated":        {minus(n, r), s, true},
		"both negated":     {minus(n, r), minus(n, s), true},
		"s as -(r+s)":      {r, new(big.Int).Mod(minus(zero, new(big.Int).Add(r, s)), n), true},
		"r with e instead": {number(t, standard.e), s, true},
	} {
		var sig Signature
		c.r.FillBytes(sig[:32])
		c.s.FillBytes(sig[32:])
		if err := Verify(key, message, sig); err != ErrSignature {
			t.Errorf("%s: Verify = %v", name, err)
		}
		if _, err := ParseSignature(sig[:]); (err == nil) != c.parses || err != nil && !errors.Is(err, ErrSignatureEncoding) {
			t.Errorf("%s: ParseSignature = %v", name, err)
		}
	}
	der := good.appendDER(nil)
	for name, b := range map[string][]byte{
		"nothing": nil, "63 bytes": good[:63], "65 bytes": append(good[:64:64], 0),
		"DER": der, "128 bytes of text": []byte(good.String()),
	} {
		if _, err := ParseSignature(b); !errors.Is(err, ErrSignatureEncoding) {
			t.Errorf("%s: ParseSignature = %v", name, err)
		}
	}
	if err := Verify(key, message, Signature(der[:64])); err != ErrSignature { // 64 bytes of it do parse
		t.Errorf("DER, cut: Verify = %v", err)
	}
	if sig, err := ParseSignature(good[:]); err != nil || sig != good {
		t.Errorf("ParseSignature of a good one = %v, %v", sig, err)
	}
}

// TestNonceZero: whoever knows d can satisfy the equation with k = 0 if the
// point at infinity passes for one with x = 0 (tjfoc lets it pass).
func TestNonceZero(t *testing.T) {
	private := newKey(t)
	message := []byte("k = 0")
	e := private.public.Digest(message)
	sig := signWithNonce(private.key.D, new(big.Int), new(big.Int).SetBytes(e[:]))
	if sig.fault() != "" {
		t.Fatalf("the forgery is refused before the curve: %s", sig.fault())
	}
	if err := Verify(private.Public(), message, sig); err != ErrSignature {
		t.Errorf("Verify = %v", err)
	}
}

// TestEqualPoints: when [s]G and [r+s]P are the same point, the sum must be
// worked out as a doubling. The digest is chosen to fit.
func TestEqualPoints(t *testing.T) {
	n := curve.Params().N
	private := newKey(t)
	s := new(big.Int).SetBytes(unhex(t, standard.k))
	sum := new(big.Int).ModInverse(private.key.D, n) // r + s = s/d
	sum.Mul(sum, s).Mod(sum, n)
	r := new(big.Int).Sub(sum, s)
	r.Mod(r, n)
	x, _ := curve.ScalarBaseMult(new(big.Int).Lsh(s, 1).Bytes())
	e := new(big.Int).Sub(r, x)
	e.Mod(e, n)

	var sig Signature
	r.FillBytes(sig[:32])
	s.FillBytes(sig[32:])
	w := workspaces.New().(*workspace)
	e.FillBytes(w.e[:])
	if sig.fault() != "" || !w.verify(private.public, &sig) {
		t.Error("a valid signature whose two points are equal does not verify")
	}
}

func TestVerifyWithoutKey(t *testing.T) {
	for name, key := range map[string]*PublicKey{"nil": nil, "the zero value": new(PublicKey)} {
		if err := Verify(key, nil, standardSignature(t)); !errors.Is(err, ErrPublicKey) {
			t.Errorf("%s: Verify = %v", name, err)
		}
	}
}

// TestAllocations holds Verify to what gmsm allocates by itself. Under the race
// detector a sync.Pool forgets on purpose; the count is then a little higher.
func TestAllocations(t *testing.T) {
	key, message, sig := standardKey(t).Public(), []byte(standard.message), standardSignature(t)
	e, der := key.Digest(message), sig.appendDER(nil)
	raw := testing.AllocsPerRun(200, func() { gmsm.VerifyASN1(&key.point, e[:], der) })
	ours := testing.AllocsPerRun(200, func() { _ = Verify(key, message, sig) })
	if ours > raw+1 {
		t.Errorf("Verify allocates %v times, gmsm %v", ours, raw)
	}
	t.Logf("Verify allocates %v times, gmsm %v", ours, raw)
}
