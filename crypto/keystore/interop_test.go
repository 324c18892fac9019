package keystore

import (
	"bytes"
	"encoding/asn1"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/emmansun/gmsm/pkcs"
	"github.com/emmansun/gmsm/pkcs8"
	gmsm "github.com/emmansun/gmsm/sm2"
	tjfoc "github.com/tjfoc/gmsm/x509"
)

func TestGmsm(t *testing.T) {
	key := testKey(t)
	d := key.Bytes()
	got, err := pkcs8.ParsePKCS8PrivateKeySM2(fromPEM(t, cheapFile(t)), passphrase)
	if err != nil || !bytes.Equal(got.D.Bytes(), d[:]) {
		t.Errorf("gmsm does not read our file: %v", err)
	}

	theirs, err := gmsm.NewPrivateKey(d[:])
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		scheme pkcs.PBESEncrypter
		want   error
	}{
		"as here":       {pkcs.NewPBESEncrypter(pkcs.SM4CBC, pkcs.NewPBKDF2Opts(pkcs.SM3, 16, 7)), nil},
		"long salt":     {pkcs.NewPBESEncrypter(pkcs.SM4CBC, pkcs.NewPBKDF2Opts(pkcs.SM3, 64, 7)), nil},
		"short salt":    {pkcs.NewPBESEncrypter(pkcs.SM4CBC, pkcs.NewPBKDF2Opts(pkcs.SM3, 7, 7)), ErrWeak},
		"no iterations": {pkcs.NewPBESEncrypter(pkcs.SM4CBC, pkcs.NewPBKDF2Opts(pkcs.SM3, 16, 0)), ErrWeak},
		"SHA-256":       {pkcs.NewPBESEncrypter(pkcs.SM4CBC, pkcs.NewPBKDF2Opts(pkcs.SHA256, 16, 7)), ErrEncryption},
		"AES":           {pkcs.NewPBESEncrypter(pkcs.AES256CBC, pkcs.NewPBKDF2Opts(pkcs.SM3, 16, 7)), ErrEncryption},
		"SM4-GCM":       {pkcs.NewPBESEncrypter(pkcs.SM4GCM, pkcs.NewPBKDF2Opts(pkcs.SM3, 16, 7)), ErrEncryption},
		"SM4-ECB":       {pkcs.NewPBESEncrypter(pkcs.SM4ECB, pkcs.NewPBKDF2Opts(pkcs.SM3, 16, 7)), ErrEncryption},
		"GM/T 0091":     {pkcs.NewSMPBESEncrypter(16, 7), ErrEncryption},
		"scrypt":        {pkcs.NewPBESEncrypter(pkcs.SM4CBC, pkcs.ScryptOpts{CostParameter: 4, BlockSize: 8, ParallelizationParameter: 1, SaltSize: 16}), ErrEncryption},
	} {
		der, err := pkcs8.MarshalPrivateKey(theirs, passphrase, c.scheme)
		if err != nil {
			t.Fatal(name, err)
		}
		got, err := parseCheap(toPEM(der))
		if !errors.Is(err, c.want) || c.want == nil && got.Bytes() != d {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// TestTjfoc: tjfoc/gmsm encrypts with AES alone, so it is given the plaintext,
// and its encrypted files are refused.
func TestTjfoc(t *testing.T) {
	d := testKey(t).Bytes()
	info, err := marshalKey(testKey(t))
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := tjfoc.ParsePKCS8UnecryptedPrivateKey(info)
	if err != nil || !bytes.Equal(theirs.D.FillBytes(make([]byte, 32)), d[:]) {
		t.Fatalf("tjfoc does not read our key: %v", err)
	}
	info, err = tjfoc.MarshalSm2UnecryptedPrivateKey(theirs)
	if err != nil {
		t.Fatal(err)
	}
	file, err := seal(nil, info, passphrase, 1)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := parseCheap(file); err != nil || got.Bytes() != d {
		t.Errorf("tjfoc's key, encrypted here, is not read: %v", err)
	}
	der, err := tjfoc.MarshalSm2EcryptedPrivateKey(theirs, passphrase)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parseCheap(toPEM(der)); !errors.Is(err, ErrEncryption) {
		t.Errorf("tjfoc's AES file: %v, want ErrEncryption", err)
	}
}

// openssl runs OpenSSL with input, or skips the test where it cannot do args.
func openssl(t *testing.T, input []byte, args ...string) []byte {
	t.Helper()
	cmd := exec.Command("openssl", args...)
	var out, complaint bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(input), &out, &complaint
	if err := cmd.Run(); err != nil {
		t.Skipf("this machine's openssl cannot do %q: %v: %s", args, err, strings.TrimSpace(complaint.String()))
	}
	return out.Bytes()
}

// TestOpenSSLPrimitives decrypts our file with OpenSSL's PBKDF2, HMAC-SM3 and
// SM4-CBC and lets it read the key inside. It works with OpenSSL 3.0.
func TestOpenSSLPrimitives(t *testing.T) {
	e, err := parseInfo(fromPEM(t, cheapFile(t)), cheap)
	if err != nil {
		t.Fatal(err)
	}
	secret := openssl(t, nil, "kdf", "-keylen", "16", "-kdfopt", "digest:SM3", "-kdfopt", "pass:"+string(passphrase),
		"-kdfopt", "hexsalt:"+hex.EncodeToString(e.salt), "-kdfopt", fmt.Sprint("iter:", e.iterations), "PBKDF2")
	info := openssl(t, e.ciphertext, "enc", "-d", "-sm4-cbc",
		"-K", strings.ReplaceAll(strings.TrimSpace(string(secret)), ":", ""), "-iv", hex.EncodeToString(e.iv[2:]))
	want, err := marshalKey(testKey(t))
	if err != nil || !bytes.Equal(info, want) {
		t.Fatalf("openssl decrypts to %x, want %x (%v)", info, want, err)
	}
	spki := openssl(t, info, "pkey", "-inform", "DER", "-pubout", "-outform", "DER")
	d := testKey(t).Bytes()
	point, err := publicPoint(d[:])
	if err != nil || !bytes.HasSuffix(spki, point) {
		t.Errorf("openssl reads another public key: %x, want %x (%v)", spki, point, err)
	}
}

// opensslKey makes an SM2 key with OpenSSL, as PKCS #8 in PEM.
func opensslKey(t *testing.T) []byte {
	return openssl(t, nil, "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2")
}

func TestOpenSSLKey(t *testing.T) {
	block, _ := pem.Decode(opensslKey(t))
	file, err := seal(nil, block.Bytes, passphrase, 1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parseCheap(file); err != nil {
		t.Errorf("a key of openssl's, encrypted here, is not read: %v", err)
	}
}

// TestOpenSSLFile reads a file that OpenSSL made, as the package comment says.
func TestOpenSSLFile(t *testing.T) {
	clear := opensslKey(t)
	convert := []string{"pkcs8", "-topk8", "-v2", "sm4-cbc", "-passout", "pass:" + string(passphrase)}
	for prf, want := range map[string]error{"hmacWithSHA256": ErrEncryption, "hmacWithSM3": nil} {
		t.Run(prf, func(t *testing.T) {
			file := openssl(t, clear, append(convert, "-v2prf", prf, "-iter", "500")...)
			if _, err := parseCheap(file); !errors.Is(err, want) {
				t.Errorf("%v, want %v", err, want)
			}
		})
	}
}

// TestOpenSSLReads: releases of OpenSSL with the other identifier of
// hmacWithSM3 cannot read our files; see the package comment.
func TestOpenSSLReads(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key.pem")
	if err := os.WriteFile(path, cheapFile(t), 0o600); err != nil {
		t.Fatal(err)
	}
	spki := openssl(t, nil, "pkey", "-in", path, "-passin", "pass:"+string(passphrase), "-pubout", "-outform", "DER")
	d := testKey(t).Bytes()
	if point, err := publicPoint(d[:]); err != nil || !bytes.HasSuffix(spki, point) {
		t.Errorf("openssl reads another public key: %x, want %x (%v)", spki, point, err)
	}
}

// TestBothIdentifiers: a file with OpenSSL's identifier of hmacWithSM3 opens.
func TestBothIdentifiers(t *testing.T) {
	type algorithm[P any] struct {
		OID    asn1.ObjectIdentifier
		Params P
	}
	type pbkdf2 struct {
		Salt       []byte
		Iterations int
		KeyLength  int `asn1:"optional"`
		PRF        algorithm[asn1.RawValue]
	}
	var info struct {
		Scheme algorithm[struct {
			KDF    algorithm[pbkdf2]
			Cipher algorithm[[]byte]
		}]
		Ciphertext []byte
	}
	if rest, err := asn1.Unmarshal(fromPEM(t, cheapFile(t)), &info); err != nil || len(rest) > 0 {
		t.Fatal(err)
	}
	kdf := &info.Scheme.Params.KDF.Params
	for oid, want := range map[string]error{
		"1.2.156.10197.1.401.2":   nil,
		"1.2.156.10197.1.401.3.1": nil,
		"1.2.156.10197.1.401.3":   ErrEncryption,
		"1.2.156.10197.1.401":     ErrEncryption,
		"1.2.840.113549.2.9":      ErrEncryption,
	} {
		kdf.PRF.OID = nil
		for arc := range strings.SplitSeq(oid, ".") {
			n, _ := strconv.Atoi(arc)
			kdf.PRF.OID = append(kdf.PRF.OID, n)
		}
		for _, length := range []int{0, 16, 32} { // 0: left out, as OpenSSL does
			kdf.KeyLength = length
			der, err := asn1.Marshal(info)
			if err != nil {
				t.Fatal(err)
			}
			if length == 32 {
				want = ErrEncryption
			}
			if key, err := parseCheap(toPEM(der)); !errors.Is(err, want) || want == nil && key.Bytes() != testKey(t).Bytes() {
				t.Errorf("%s, key length %d: %v, want %v", oid, length, err, want)
			}
		}
	}
}
