package keystore

import (
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestMangledDER changes every byte of a file in every bit and some more, cuts
// it everywhere and lengthens it: an error each time, never a key.
func TestMangledDER(t *testing.T) {
	der := fromPEM(t, cheapFile(t))
	refused := func(what string, der []byte) {
		t.Helper()
		if key, err := parseCheap(toPEM(der)); key != nil || !isOurs(err) {
			t.Errorf("%s: key %v, error %v", what, key, err)
		}
	}
	for i := range der {
		for _, flip := range []byte{1, 2, 4, 8, 16, 32, 64, 128, 0xff, 0x55} {
			mangled := slices.Clone(der)
			mangled[i] ^= flip
			refused(fmt.Sprintf("byte %d ^ %#x", i, flip), mangled)
		}
		refused(fmt.Sprintf("cut to %d", i), der[:i])
	}
	refused("lengthened", append(slices.Clone(der), 0))
	refused("twice", append(slices.Clone(der), der...))
}

// TestMangledPlaintext is TestMangledDER behind the encryption, as of someone
// who knows the pass phrase: what is not exactly the key is refused.
func TestMangledPlaintext(t *testing.T) {
	info, err := marshalKey(testKey(t))
	if err != nil {
		t.Fatal(err)
	}
	refused := func(what string, info []byte) {
		t.Helper()
		if key, err := parseKey(info); key != nil || !isOurs(err) && !errors.Is(err, errNotInfo) {
			t.Errorf("%s: key %v, error %v", what, key, err)
		}
	}
	for i := range info {
		for flip := 1; flip < 256; flip++ {
			mangled := slices.Clone(info)
			mangled[i] ^= byte(flip)
			refused(fmt.Sprintf("byte %d ^ %#x", i, flip), mangled)
		}
		refused(fmt.Sprintf("cut to %d", i), info[:i])
	}
	refused("lengthened", append(slices.Clone(info), 0))
}

// TestMangledPEM: a changed character gives an error or, where PEM allows it
// (white space, unused bits), the same key.
func TestMangledPEM(t *testing.T) {
	file, want := cheapFile(t), testKey(t).Bytes()
	for i := range file {
		for _, flip := range []byte{1, 4, 0x20, 0x80} {
			mangled := slices.Clone(file)
			mangled[i] ^= flip
			switch key, err := parseCheap(mangled); {
			case err == nil && key.Bytes() != want:
				t.Errorf("byte %d ^ %#x: another key", i, flip)
			case err != nil && !isOurs(err):
				t.Errorf("byte %d ^ %#x: %v", i, flip, err)
			}
		}
		if key, err := parseCheap(file[:i]); i < len(file)-1 && (key != nil || !errors.Is(err, ErrPEM)) {
			t.Errorf("cut to %d: key %v, error %v", i, key, err)
		}
	}
}

// TestWrongPassphrases: about one in 256 gives sound padding, and none a key.
func TestWrongPassphrases(t *testing.T) {
	file := cheapFile(t)
	for i := range 5000 {
		if key, err := parseWith(file, fmt.Appendf(nil, "guess %d", i)); key != nil || !errors.Is(err, ErrPassphrase) {
			t.Fatalf("guess %d: key %v, error %v", i, key, err)
		}
	}
}

// TestNothingSecretIsPrinted: no error carries the key or the pass phrase.
func TestNothingSecretIsPrinted(t *testing.T) {
	key := testKey(t)
	d := key.Bytes()
	secrets := []string{string(d[:]), hex.EncodeToString(d[:]), string(passphrase)}
	der := fromPEM(t, cheapFile(t))
	for i := range der {
		mangled := slices.Clone(der)
		mangled[i] ^= 1
		_, err := parseCheap(toPEM(mangled))
		for _, secret := range secrets {
			if strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), secret) {
				t.Errorf("byte %d: the error shows a secret", i)
			}
		}
	}
}
