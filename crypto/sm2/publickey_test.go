package sm2

import (
	"bytes"
	"errors"
	"math/big"
	"slices"
	"strings"
	"testing"

	gmsm "github.com/emmansun/gmsm/sm2"
	tjfoc "github.com/tjfoc/gmsm/sm2"
)

// onCurve works out with math/big alone what ParsePublicKey must make of b:
// the y of the point, or nil for a refusal.
func onCurve(b []byte) *big.Int {
	p := curve.Params().P
	if len(b) != PublicKeySize || b[0] != 2 && b[0] != 3 {
		return nil
	}
	x := new(big.Int).SetBytes(b[1:])
	if x.Cmp(p) >= 0 {
		return nil
	}
	y := new(big.Int).Exp(x, big.NewInt(3), p)
	y.Sub(y, new(big.Int).Mul(big.NewInt(3), x)).Add(y, curve.Params().B).Mod(y, p)
	if y.ModSqrt(y, p) == nil {
		return nil
	}
	if y.Bit(0) != uint(b[0]&1) {
		y.Sub(p, y)
	}
	return y
}

func TestParsePublicKeyRefuses(t *testing.T) {
	key := standardKey(t).Public()
	good, x, y := key.Bytes(), unhex(t, standard.x), unhex(t, standard.y)
	p := curve.Params().P
	small := smallX(t, true) // on the curve, and p + small still fits 32 bytes
	uncompressed := slices.Concat([]byte{4}, x, y)
	for name, b := range map[string][]byte{
		"nothing":                    nil,
		"infinity":                   {0},
		"infinity, padded":           make([]byte, 33),
		"32 bytes":                   good[:32],
		"34 bytes":                   append(good[:33:33], 0),
		"no prefix":                  x,
		"uncompressed":               uncompressed,
		"uncompressed, cut":          uncompressed[:33],
		"raw x and y":                uncompressed[1:],
		"hybrid":                     slices.Concat([]byte{7}, x, y),
		"hybrid prefix":              slices.Concat([]byte{7}, x),
		"prefix 0":                   slices.Concat([]byte{0}, x),
		"prefix 1":                   slices.Concat([]byte{1}, x),
		"prefix 4":                   slices.Concat([]byte{4}, x),
		"prefix 83":                  slices.Concat([]byte{0x83}, x),
		"x not on the curve":         encode(2, smallX(t, false)),
		"x = p":                      encode(2, p),
		"x = p + x of a point":       encode(2, new(big.Int).Add(p, small)),
		"x = 2^256-1":                append([]byte{3}, bytes.Repeat([]byte{0xff}, 32)...),
		"the key in text":            []byte(key.String())[:33],
		"a signature":                unhex(t, standard.r+standard.s),
		"SubjectPublicKeyInfo (DER)": publicDER(key),
	} {
		got, err := ParsePublicKey(b)
		if !errors.Is(err, ErrPublicKey) || got != nil {
			t.Errorf("%s: ParsePublicKey = %v, %v", name, got, err)
		}
	}
}

func TestParsePublicKeyAgainstArithmetic(t *testing.T) {
	var accepted int
	for x := range int64(200) { // x = 0 is one: b has a square root or it has not
		for _, prefix := range []byte{2, 3} {
			b := encode(prefix, big.NewInt(x))
			want := onCurve(b)
			key, err := ParsePublicKey(b)
			if (err == nil) != (want != nil) {
				t.Errorf("x = %d: ParsePublicKey: %v, but y = %v", x, err, want)
			}
			if err != nil {
				continue
			}
			accepted++
			if got := key.Bytes(); !bytes.Equal(got[:], b) || key.point.Y.Cmp(want) != 0 {
				t.Errorf("x = %d: key %s with y %x, want y %x", x, key, key.point.Y, want)
			}
		}
	}
	if accepted < 100 || accepted > 300 {
		t.Errorf("%d of 400 encodings are points: about half should be", accepted)
	}
}

// TestZA compares Z_A with what both libraries work out.
func TestZA(t *testing.T) {
	for range 20 {
		key := newKey(t).Public()
		ours, err := gmsm.CalculateZA(&key.point, []byte(UserID))
		if err != nil || !bytes.Equal(key.za[:], ours) {
			t.Errorf("Z_A = %s, gmsm has %x (%v)", key.za, ours, err)
		}
		theirs, err := tjfoc.ZA(tjfocKey(key), []byte(UserID))
		if err != nil || !bytes.Equal(key.za[:], theirs) {
			t.Errorf("Z_A = %s, tjfoc has %x (%v)", key.za, theirs, err)
		}
	}
}

func TestPublicKeyEqual(t *testing.T) {
	a, b := newKey(t).Public(), newKey(t).Public()
	encoded := a.Bytes()
	again, err := ParsePublicKey(encoded[:])
	if err != nil {
		t.Fatal(err)
	}
	encoded[0] ^= 1
	negated, err := ParsePublicKey(encoded[:])
	if err != nil {
		t.Fatal(err)
	}
	var none *PublicKey
	for _, c := range []struct {
		name string
		a, b *PublicKey
		want bool
	}{
		{"itself", a, a, true}, {"parsed again", a, again, true}, {"another", a, b, false},
		{"the negated point", a, negated, false}, {"nil", a, nil, false},
		{"nil and nil", none, nil, true}, {"nil and a key", none, a, false},
		{"the zero value", a, new(PublicKey), false},
	} {
		if c.a.Equal(c.b) != c.want {
			t.Errorf("%s: Equal = %v", c.name, !c.want)
		}
	}
	if again.za != a.za || strings.ToLower(a.String()) != a.String() || len(a.String()) != 66 {
		t.Error("a key that was parsed again differs")
	}
}

// encode returns prefix and x, 33 bytes.
func encode(prefix byte, x *big.Int) []byte {
	b := x.FillBytes(make([]byte, PublicKeySize))
	b[0] = prefix
	return b
}

// smallX returns the smallest x > 0 that has, or has not, a point.
func smallX(t *testing.T, has bool) *big.Int {
	t.Helper()
	for x := int64(1); x < 1000; x++ {
		if (onCurve(encode(2, big.NewInt(x))) != nil) == has {
			return big.NewInt(x)
		}
	}
	t.Fatal("no such x below 1000")
	return nil
}
