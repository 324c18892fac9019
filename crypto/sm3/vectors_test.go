package sm3_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// The two examples of GB/T 32905-2016, appendix A (A.1 and A.2), and the
// empty message, which the standard does not give.
var vectors = []struct{ name, message, digest string }{
	{"A.1", "abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"},
	{"A.2", strings.Repeat("abcd", 16), "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"},
	{"empty", "", "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b"},
}

func TestVectors(t *testing.T) {
	h := sm3.NewHasher()
	for _, v := range vectors {
		if got := sm3.Sum([]byte(v.message)).String(); got != v.digest {
			t.Errorf("%s: Sum = %s, want %s", v.name, got, v.digest)
		}
		var out sm3.Hash
		h.Sum([]byte(v.message), &out)
		if out.String() != v.digest {
			t.Errorf("%s: Hasher.Sum = %s, want %s", v.name, out, v.digest)
		}
		stream := sm3.New()
		for i := range len(v.message) {
			stream.Write([]byte{v.message[i]})
		}
		if got := sm3.Hash(stream.Sum(nil)); got.String() != v.digest {
			t.Errorf("%s: byte by byte = %s, want %s", v.name, got, v.digest)
		}
	}
}

func TestEveryBitCounts(t *testing.T) {
	message := []byte(strings.Repeat("abcd", 16))
	want := sm3.Sum(message)
	for bit := range len(message) * 8 {
		changed := bytes.Clone(message)
		changed[bit/8] ^= 1 << (bit % 8)
		if sm3.Sum(changed) == want {
			t.Errorf("bit %d does not change the digest", bit)
		}
	}
}

func TestHash(t *testing.T) {
	if !(sm3.Hash{}).IsZero() {
		t.Error("32 zero bytes are not IsZero")
	}
	for i := range sm3.Size {
		var h sm3.Hash
		h[i] = 1
		if h.IsZero() {
			t.Errorf("IsZero overlooks byte %d", i)
		}
	}
	if got, want := (sm3.Hash{0: 0xab, 31: 0x01}).String(), "ab"+strings.Repeat("00", 30)+"01"; got != want {
		t.Errorf("String = %s, want %s", got, want)
	}
}
