package sm2

import (
	"bytes"
	"encoding/hex"
	"math/big"
	"strings"
	"testing"
)

// The signature example of GB/T 32918.5-2017, appendix A.
var standard = struct{ d, x, y, id, message, za, e, k, r, s string }{
	d:       "3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8",
	x:       "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020",
	y:       "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13",
	id:      "1234567812345678",
	message: "message digest",
	za:      "B2E14C5C79C6DF5B85F4FE7ED8DB7A262B9DA7E07CCB0EA9F4747B8CCDA8A4F3",
	e:       "F0B43E94BA45ACCAACE692ED534382EB17E6AB5A19CE7B31F4486FDFC0D28640",
	k:       "59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21",
	r:       "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3",
	s:       "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA",
}

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func number(t testing.TB, s string) *big.Int { return new(big.Int).SetBytes(unhex(t, s)) }

// standardKey returns the example's private key.
func standardKey(t testing.TB) *PrivateKey {
	t.Helper()
	k, err := NewPrivateKey(unhex(t, standard.d))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func standardSignature(t testing.TB) Signature {
	t.Helper()
	sig, err := ParseSignature(unhex(t, standard.r+standard.s))
	if err != nil {
		t.Fatal(err)
	}
	return sig
}

func TestStandardVector(t *testing.T) {
	if UserID != standard.id {
		t.Fatalf("UserID = %s", UserID)
	}
	private := standardKey(t)
	if got := private.Bytes(); !bytes.Equal(got[:], unhex(t, standard.d)) {
		t.Errorf("private Bytes = %x", got)
	}
	key := private.Public()
	if want := "03" + strings.ToLower(standard.x); key.String() != want {
		t.Errorf("public key = %s, want %s", key, want)
	}
	if y := key.point.Y.FillBytes(make([]byte, 32)); !bytes.Equal(y, unhex(t, standard.y)) {
		t.Errorf("y = %x, want %s", y, standard.y)
	}
	if !bytes.Equal(key.za[:], unhex(t, standard.za)) {
		t.Errorf("Z_A = %s, want %s", key.za, standard.za)
	}
	if e := key.Digest([]byte(standard.message)); !bytes.Equal(e[:], unhex(t, standard.e)) {
		t.Errorf("e = %s, want %s", e, standard.e)
	}
	encoded := key.Bytes()
	parsed, err := ParsePublicKey(encoded[:])
	if err != nil {
		t.Fatal(err)
	}
	if err := Verify(parsed, []byte(standard.message), standardSignature(t)); err != nil {
		t.Error(err)
	}
}

// TestStandardVectorFromNonce makes the example's signature from its k by the
// equations of the package comment, which no library lets one do.
func TestStandardVectorFromNonce(t *testing.T) {
	sig := signWithNonce(number(t, standard.d), number(t, standard.k), number(t, standard.e))
	if sig != standardSignature(t) {
		t.Errorf("signature = %s, want %s%s", sig, standard.r, standard.s)
	}
}

// signWithNonce signs the digest e with private key d and nonce k, by the
// equations of GB/T 32918.2-2016 §6.1, without its checks.
func signWithNonce(d, k, e *big.Int) (sig Signature) {
	n := curve.Params().N
	x := new(big.Int)
	if k.Sign() != 0 {
		x, _ = curve.ScalarBaseMult(k.Bytes())
	}
	r := new(big.Int).Add(e, x)
	r.Mod(r, n)
	s := new(big.Int).Mul(r, d)
	s.Sub(k, s)
	inverse := new(big.Int).Add(d, big.NewInt(1))
	s.Mul(s, inverse.ModInverse(inverse, n)).Mod(s, n)
	r.FillBytes(sig[:32])
	s.FillBytes(sig[32:])
	return sig
}

func TestFingerprint(t *testing.T) {
	key := standardKey(t).Public()
	const want = "4f14 583c 3fbd f19a 56f1 05ad 74e9 8760" // openssl dgst -sm3 agrees
	if got := key.Fingerprint().String(); got != want {
		t.Errorf("fingerprint = %q, want %q", got, want)
	}
	if other := newKey(t).Public(); other.Fingerprint() == key.Fingerprint() {
		t.Error("two keys have one fingerprint")
	}
}

// newKey returns a fresh key.
func newKey(t testing.TB) *PrivateKey {
	t.Helper()
	k, err := Generate(nil)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// mustSign returns k's signature over message.
func mustSign(t testing.TB, k Signer, message []byte) Signature {
	t.Helper()
	sig, err := k.Sign(t.Context(), message)
	if err != nil {
		t.Fatal(err)
	}
	return sig
}
