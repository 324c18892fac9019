package sm2

import (
	"bytes"
	"slices"
	"testing"
)

func TestDER(t *testing.T) {
	sig := standardSignature(t)
	r, s := sig[:32], sig[32:] // both have the high bit set, so DER puts a zero in front
	integer := func(v ...byte) []byte { return append([]byte{2, byte(len(v))}, v...) }
	sequence := func(parts ...[]byte) []byte {
		body := slices.Concat(parts...)
		return append([]byte{0x30, byte(len(body))}, body...)
	}
	padded := func(v []byte) []byte { return integer(append([]byte{0}, v...)...) }
	good := sequence(padded(r), padded(s))
	if der := sig.appendDER(nil); !bytes.Equal(der, good) || len(der) != maxDER {
		t.Fatalf("appendDER = %x, want %x", der, good)
	}
	if der := sig.appendDER([]byte("before")); !bytes.Equal(der, append([]byte("before"), good...)) {
		t.Errorf("appendDER after other bytes = %x", der)
	}
	if back, ok := parseDER(good); !ok || back != sig {
		t.Errorf("parseDER = %s, %v", back, ok)
	}
	var one Signature
	one[31], one[63] = 1, 0x80
	if der := one.appendDER(nil); !bytes.Equal(der, sequence(integer(1), integer(0, 0x80))) {
		t.Errorf("appendDER of r = 1, s = 128: %x", der)
	}
	if back, ok := parseDER(one.appendDER(nil)); !ok || back != one {
		t.Errorf("parseDER of r = 1, s = 128: %s, %v", back, ok)
	}

	for name, der := range map[string][]byte{
		"nothing":              nil,
		"r and s only":         sig[:],
		"no sequence":          good[2:],
		"cut":                  good[:len(good)-1],
		"a byte after":         append(bytes.Clone(good), 0),
		"a third integer":      sequence(padded(r), padded(s), integer(1)),
		"one integer":          sequence(padded(r)),
		"negative r":           sequence(integer(r...), padded(s)),
		"negative s":           sequence(padded(r), integer(s...)),
		"a zero too many":      sequence(padded(append([]byte{0}, r...)), padded(s)),
		"r of 33 bytes":        sequence(integer(append([]byte{1}, r...)...), padded(s)),
		"empty integer":        sequence(integer(), padded(s)),
		"a long-form length":   append([]byte{0x30, 0x81, byte(len(good) - 2)}, good[2:]...),
		"an indefinite length": append(append([]byte{0x30, 0x80}, good[2:]...), 0, 0),
		"octet strings":        sequence(append([]byte{4, 32}, r...), append([]byte{4, 32}, s...)),
	} {
		if back, ok := parseDER(der); ok {
			t.Errorf("%s: parseDER = %s", name, back)
		}
	}
}
