package keystore

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/hallmark-ledger/hallmark/crypto/sm2"
)

// cheap lets tests use few iterations.
var cheap = span{1, 1000}

var passphrase = []byte("正确 horse battery staple")

// testKey is 1…32 as a private key.
func testKey(t testing.TB) *sm2.PrivateKey {
	t.Helper()
	d := make([]byte, 32)
	for i := range d {
		d[i] = byte(i + 1)
	}
	key, err := sm2.NewPrivateKey(d)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// cheapFile is testKey under passphrase with 2 iterations, salt and IV of 0x5a.
func cheapFile(t testing.TB) []byte {
	t.Helper()
	file, err := encode(bytes.NewReader(bytes.Repeat([]byte{0x5a}, 32)), testKey(t), passphrase, 2, cheap)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func parseCheap(file []byte) (*sm2.PrivateKey, error) { return parseWith(file, passphrase) }

func parseWith(file, p []byte) (*sm2.PrivateKey, error) {
	return parse(file, cheap, func() ([]byte, error) { return p, nil })
}

func toPEM(der []byte) []byte { return pem.EncodeToMemory(&pem.Block{Type: pemType, Bytes: der}) }

func fromPEM(t testing.TB, file []byte) []byte {
	t.Helper()
	block, rest := pem.Decode(file)
	if block == nil || len(rest) > 0 {
		t.Fatalf("not one PEM block: %q", file)
	}
	return block.Bytes
}

func isOurs(err error) bool {
	for _, known := range []error{
		ErrTooLarge, ErrPEM, ErrUnencrypted, ErrEncryption, ErrWeak, ErrCostly,
		ErrPassphrase, ErrCorrupt, ErrKeyType, ErrEmptyPassphrase, ErrMalformedPassphrase,
	} {
		if errors.Is(err, known) {
			return true
		}
	}
	return false
}

func TestRoundTrip(t *testing.T) {
	key := testKey(t)
	file, err := Encode(nil, key, passphrase, MinIterations)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Parse(file, passphrase)
	if err != nil || got.Bytes() != key.Bytes() {
		t.Fatalf("%v, %v", got, err)
	}
	again, err := Encode(nil, key, passphrase, MinIterations)
	if err != nil || bytes.Equal(file, again) {
		t.Error("two files of one key are equal: salt or IV is not random")
	}
	if len(file) > 600 {
		t.Errorf("a file of %d bytes", len(file))
	}
}

// TestGolden fixes the bytes of a file, whose parts TestOpenSSLPrimitives takes to
// another implementation.
func TestGolden(t *testing.T) {
	const want = "" +
		"3081f6306106092a864886f70d01050d3054303406092a864886f70d01050c302704105a5a5a5a5a5a5a5a5a5a5a5a5a" +
		"5a5a5a020102020110300d06092a811ccf55018311020500301c06082a811ccf5501680204105a5a5a5a5a5a5a5a5a5a" +
		"5a5a5a5a5a5a0481903c1eefb5f4aca9a26ece2960addedbf9ada003424a1458c05dc0986bcf131546352a249feb7e7a" +
		"e00e467c3bae99f1943806b9f6057c419d2b378bc5b824e75ab15f6f19b0b5608dbace40915d88c303e7a911ec3ec8d9" +
		"80b8ca2cd399a8cc095fdc5e6266779fc61cb1d048d2a4e98f2be57780d3ea2bb61e899582bce0caba649383b20414ef" +
		"7e402b87591cbca060"
	if got := hex.EncodeToString(fromPEM(t, cheapFile(t))); got != want {
		t.Errorf("DER is\n%s, want\n%s", got, want)
	}
	got, err := parseCheap(cheapFile(t))
	if err != nil || got.Bytes() != testKey(t).Bytes() {
		t.Error(err)
	}
}

func TestRefusedFiles(t *testing.T) {
	good := string(cheapFile(t))
	info, _ := marshalKey(testKey(t))
	block := func(kind string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	withIterations := func(n int) string {
		file, err := encode(nil, testKey(t), passphrase, n, span{1, n})
		if err != nil {
			t.Fatal(err)
		}
		return string(file)
	}
	for _, c := range []struct {
		name, file string
		want       error
	}{
		{"as it is", good, nil},
		{"white space around", "\n  " + good + "\n\n", nil},
		{"CRLF", strings.ReplaceAll(good, "\n", "\r\n"), nil},
		{"empty", "", ErrPEM},
		{"text", "hello\n", ErrPEM},
		{"DER", string(fromPEM(t, []byte(good))), ErrPEM},
		{"certificate", block("CERTIFICATE", []byte{1}), ErrPEM},
		{"text before", "my key\n" + good, ErrPEM},
		{"text after", good + "my key\n", ErrPEM},
		{"two blocks", good + good, ErrPEM},
		{"headers", strings.Replace(good, "KEY-----\n", "KEY-----\nA: b\n\n", 1), ErrPEM},
		{"no end line", good[:strings.Index(good, "-----END")], ErrPEM},
		{"too large", good + strings.Repeat(" ", maxSize), ErrTooLarge},
		{"in the clear", block("PRIVATE KEY", info), ErrUnencrypted},
		{"SEC 1 in the clear", block("EC PRIVATE KEY", info), ErrUnencrypted},
		{"in the clear under a false name", block(pemType, info), ErrUnencrypted},
		{"old encryption", "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: SM4-CBC,00\n\nAAAA\n-----END EC PRIVATE KEY-----\n", ErrEncryption},
		{"empty block", block(pemType, nil), ErrCorrupt},
		{"not DER", block(pemType, []byte("not DER")), ErrCorrupt},
		{"no ciphertext", block(pemType, []byte{0x30, 0x04, 0x30, 0x00, 0x04, 0x00}), ErrEncryption},
		{"iterations above", withIterations(cheap.max + 1), ErrCostly},
	} {
		if _, err := parseCheap([]byte(c.file)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
	if _, err := Parse([]byte(withIterations(MinIterations-1)), passphrase); !errors.Is(err, ErrWeak) {
		t.Errorf("%v, want ErrWeak", err)
	}
	for iterations, want := range map[int]error{0: ErrWeak, MinIterations - 1: ErrWeak, MaxIterations + 1: ErrCostly} {
		if _, err := Encode(nil, testKey(t), passphrase, iterations); !errors.Is(err, want) {
			t.Errorf("Encode with %d iterations: %v, want %v", iterations, err, want)
		}
	}
}

func TestRefusedPassphrases(t *testing.T) {
	long := bytes.Repeat([]byte("x"), maxPassphrase)
	for _, c := range []struct {
		p    []byte
		want error
	}{
		{[]byte("wrong"), ErrPassphrase},
		{append(slices.Clone(passphrase), ' '), ErrPassphrase},
		{long, ErrPassphrase},
		{nil, ErrEmptyPassphrase},
		{[]byte{}, ErrEmptyPassphrase},
		{append(slices.Clone(long), 'x'), ErrMalformedPassphrase},
		{[]byte("two\nlines"), ErrMalformedPassphrase},
		{[]byte("nul\x00"), ErrMalformedPassphrase},
	} {
		if _, err := parseWith(cheapFile(t), c.p); !errors.Is(err, c.want) {
			t.Errorf("reading with %.20q: %v, want %v", c.p, err, c.want)
		}
		if _, err := encode(nil, testKey(t), c.p, 1, cheap); c.want != ErrPassphrase && !errors.Is(err, c.want) {
			t.Errorf("writing with %.20q: %v, want %v", c.p, err, c.want)
		}
	}
}

func TestOtherKeys(t *testing.T) {
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p256, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	p384, _ := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	_, ed, _ := ed25519.GenerateKey(rand.Reader)
	for name, key := range map[string]any{"RSA": rsaKey, "P-256": p256, "P-384": p384, "Ed25519": ed} {
		info, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			t.Fatal(err)
		}
		file, err := seal(nil, info, passphrase, 1)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parseCheap(file); !errors.Is(err, ErrKeyType) || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v, want ErrKeyType", name, err)
		}
	}
}
