package sm2

import (
	"bytes"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// openssl runs the command in a directory of its own.
type openssl struct{ command, dir string }

// newOpenSSL skips the test where the machine has no openssl with SM2.
func newOpenSSL(t *testing.T) openssl {
	t.Helper()
	command, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("no openssl command on this machine: SM2 is not cross-checked against it")
	}
	o := openssl{command, t.TempDir()}
	if out, err := o.run("genpkey", "-algorithm", "SM2", "-out", "probe.pem"); err != nil {
		t.Skipf("this openssl has no SM2, so it is not cross-checked against: %v: %s", err, out)
	}
	return o
}

func (o openssl) run(args ...string) (string, error) {
	run := exec.Command(o.command, args...)
	run.Dir = o.dir
	out, err := run.CombinedOutput()
	return string(out), err
}

func (o openssl) must(t *testing.T, args ...string) string {
	t.Helper()
	out, err := o.run(args...)
	if err != nil {
		t.Fatalf("openssl %s: %v: %s", strings.Join(args, " "), err, out)
	}
	return out
}

func (o openssl) write(t *testing.T, name string, b []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(o.dir, name), b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func (o openssl) read(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(o.dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// messages are what the two sides sign for each other. openssl 3.0 does not
// sign an empty file.
var messages = [][]byte{[]byte("message digest"), {0}, bytes.Repeat([]byte("hallmark "), 50)}

func TestOpenSSLSigns(t *testing.T) {
	o := newOpenSSL(t)
	o.must(t, "genpkey", "-algorithm", "SM2", "-out", "key.pem")
	o.must(t, "pkey", "-in", "key.pem", "-pubout", "-outform", "DER", "-out", "public.der")
	spki := o.read(t, "public.der")
	point := spki[len(spki)-64:] // x, y
	key, err := ParsePublicKey(slices.Concat([]byte{2 | point[63]&1}, point[:32]))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(publicDER(key), spki) {
		t.Errorf("openssl writes the key as %x, the test as %x", spki, publicDER(key))
	}
	for _, message := range messages {
		o.write(t, "message", message)
		o.must(t, "pkeyutl", "-sign", "-inkey", "key.pem", "-rawin", "-digest", "sm3",
			"-pkeyopt", "distid:"+UserID, "-in", "message", "-out", "signature")
		sig, ok := parseDER(o.read(t, "signature"))
		if !ok {
			t.Fatalf("openssl's signature is not DER: %x", o.read(t, "signature"))
		}
		if err := Verify(key, message, sig); err != nil {
			t.Errorf("openssl's signature over %q: %v", message, err)
		}
		if err := Verify(key, append(bytes.Clone(message), 0), sig); err != ErrSignature {
			t.Errorf("openssl's signature over another message: %v", err)
		}
	}
}

func TestOpenSSLVerifies(t *testing.T) {
	o := newOpenSSL(t)
	k := newKey(t)
	o.write(t, "public.pem", pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: publicDER(k.Public())}))
	verify := func(message []byte, sig Signature) (string, error) {
		o.write(t, "message", message)
		o.write(t, "signature", sig.appendDER(nil))
		return o.run("pkeyutl", "-verify", "-pubin", "-inkey", "public.pem", "-rawin", "-digest", "sm3",
			"-pkeyopt", "distid:"+UserID, "-in", "message", "-sigfile", "signature")
	}
	for _, message := range messages {
		sig := mustSign(t, k, message)
		if out, err := verify(message, sig); err != nil {
			t.Errorf("openssl refuses our signature over %q: %v: %s", message, err, out)
		}
		sig[63] ^= 1
		if out, err := verify(message, sig); err == nil {
			t.Errorf("openssl accepts a mangled signature, so this test proves nothing: %s", out)
		}
	}
}

// publicDER returns key as a SubjectPublicKeyInfo: id-ecPublicKey with the SM2
// curve, 1.2.156.10197.1.301, and the uncompressed point.
func publicDER(key *PublicKey) []byte {
	der := []byte{
		0x30, 0x59, 0x30, 0x13,
		0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
		0x06, 0x08, 0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x82, 0x2d,
		0x03, 0x42, 0x00, 0x04,
	}
	der = append(der, key.point.X.FillBytes(make([]byte, 32))...)
	return append(der, key.point.Y.FillBytes(make([]byte, 32))...)
}
