package sm2

import (
	"bytes"
	"math/big"
	"math/rand/v2"
	"testing"
)

// TestFieldArithmetic parses points whose x, in the Montgomery form that gmsm
// computes with, has limbs at the edges of signed and unsigned carries. Until
// v0.44.1 gmsm's amd64 multiplication added a carry too many when a limb fell
// in [2^63, 2^63 + 2^31] (its issue 560): one multiplication in 2^31, so that
// random tests saw nothing, while a grinder could have made keys on which two
// kinds of processor differ.
func TestFieldArithmetic(t *testing.T) {
	p := curve.Params().P
	inverse := new(big.Int).Lsh(big.NewInt(1), 256)
	inverse.ModInverse(inverse, p)
	edges := []uint64{0, 1, 1<<31 - 1, 1 << 31, 1<<32 - 1, 1 << 32, 1<<63 - 1, 1 << 63, 1<<63 + 1<<31, 1<<64 - 1}
	rng := rand.New(rand.NewPCG(3, 5))
	var parsed int
	for range 2000 {
		x := new(big.Int)
		for range 4 {
			limb := rng.Uint64()
			switch rng.IntN(3) {
			case 0:
				limb = edges[rng.IntN(len(edges))]
			case 1:
				limb = 1<<63 | limb>>33
			}
			x.Lsh(x, 64).Or(x, new(big.Int).SetUint64(limb))
		}
		x.Mul(x, inverse).Mod(x, p)
		checkParse(t, encode(2|byte(rng.IntN(2)), x), &parsed)
	}
	if parsed < 800 {
		t.Errorf("only %d of 2000 were points", parsed)
	}
	// Found by FuzzParsePublicKey: v0.44.0 made another x of it.
	checkParse(t, unhex(t, "027ffffffffffffffffffffffffffffffeffffff00ff00e803ffff000f000000ff"), &parsed)
}

func checkParse(t *testing.T, b []byte, parsed *int) {
	t.Helper()
	key, err := ParsePublicKey(b)
	y := onCurve(b)
	if (err == nil) != (y != nil) {
		t.Fatalf("ParsePublicKey(%x): %v, but y = %x", b, err, y)
	}
	if err != nil {
		return
	}
	*parsed++
	if got := key.Bytes(); !bytes.Equal(got[:], b) || key.point.Y.Cmp(y) != 0 {
		t.Fatalf("ParsePublicKey(%x) = %s with y %x, want y %x", b, key, key.point.Y, y)
	}
	if !curve.IsOnCurve(key.point.X, key.point.Y) {
		t.Fatalf("%s is not on the curve", key)
	}
}
