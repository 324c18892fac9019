package validator

import (
	"crypto/ed25519"
	"encoding/hex"
	"math/big"
	"slices"
	"strings"
	"testing"
)

func TestConsensusKeys(t *testing.T) {
	for n := range 50 {
		if err := consensusKeyOf(n).check(); err != nil {
			t.Errorf("key %d: %v", n, err)
		}
	}
	for _, c := range []struct{ key, want string }{
		// The points of small order and their other encodings, as listed by
		// libsodium (crypto_core/ed25519/ref10, ge25519_has_small_order).
		{strings.Repeat("00", 32), "small order"},
		{"01" + strings.Repeat("00", 31), "small order"},
		{"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05", "small order"},
		{"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a", "small order"},
		{"ec" + strings.Repeat("ff", 30) + "7f", "small order"},
		{"ed" + strings.Repeat("ff", 30) + "7f", "not below"},
		{"ee" + strings.Repeat("ff", 30) + "7f", "not below"},
		// No point has these.
		{"02" + strings.Repeat("00", 31), "no point"},
		{"07" + strings.Repeat("00", 31), "no point"},
		{"08" + strings.Repeat("00", 31), "no point"},
	} {
		for _, sign := range []byte{0, 0x80} {
			b, err := hex.DecodeString(c.key)
			if err != nil {
				t.Fatal(err)
			}
			k := ConsensusKey(b)
			k[31] |= sign
			if err := k.check(); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: %v, want %q", k, err, c.want)
			}
		}
	}
	// RFC 8032 §7.1, test 1.
	b, _ := hex.DecodeString("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
	if err := ConsensusKey(b).check(); err != nil {
		t.Error(err)
	}
	if a := ConsensusKey(b).Address().String(); a != "21fe31dfa154a261626bf854046fd2271b7bed4b" {
		t.Errorf("address %s", a)
	}
}

// About half of all y have a point; for each the standard library agrees: it
// verifies nothing for bytes that are none, and here a forgery for small order.
func TestNoPoints(t *testing.T) {
	points := 0
	for n := range 200 {
		var k ConsensusKey
		y := new(big.Int).Add(big.NewInt(int64(n)), new(big.Int).Lsh(one, 200))
		y.FillBytes(k[:])
		slices.Reverse(k[:])
		if k.check() == nil {
			points++
		}
	}
	if points < 70 || points > 130 {
		t.Errorf("%d of 200 are points", points)
	}
	neutral := ConsensusKey{1}
	forged := append([]byte{1}, make([]byte, 63)...) // R = neutral, s = 0
	if !ed25519.Verify(neutral[:], []byte("anything"), forged) || neutral.check() == nil {
		t.Error("a key for which anyone can sign is taken")
	}
}
