package tx

import (
	"context"
	"encoding/hex"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
)

// The bytes of a signed transaction, with what depends on them. Its signatures
// are of the day it was made; all else is made again.
func TestGolden(t *testing.T) {
	file, err := os.ReadFile("testdata/signed.txt")
	if err != nil {
		t.Fatal(err)
	}
	_, signed, _ := strings.Cut(string(file), "transaction ")
	signed, _, _ = strings.Cut(signed, "\n")
	raw, err := hex.DecodeString(signed)
	if err != nil {
		t.Fatal(err)
	}
	x := mustDecode(t, raw)
	a, r := newAuthenticator(), state(t)
	if _, err := a.Authenticate(t.Context(), r, block, limits, x); err != nil {
		t.Error(err)
	}

	b := body(t)
	encoded, _ := marshal(b)
	var got strings.Builder
	line := func(name string, v []byte) { got.WriteString(name + " " + hex.EncodeToString(v) + "\n") }
	for _, n := range names[:3] {
		k := key(t, n)
		d, e := k.Bytes(), k.Public().Digest(SignBytes(encoded))
		line("private-key", d[:])
		line("public-key", pub(k))
		line("signed-digest", e[:])
	}
	id := x.ID()
	line("body", encoded)
	line("id", id[:])
	line("transaction", raw)
	var w Window
	if err := errors.Join(w.Use(1), w.Use(70), w.Use(65)); err != nil {
		t.Fatal(err)
	}
	line("window-1-70-65", w.bytes())
	if got.String() != string(file) {
		t.Errorf("testdata/signed.txt should be:\n%s", got.String())
	}
}

func TestDraft(t *testing.T) {
	d, err := New(body(t), limits)
	if err != nil {
		t.Fatal(err)
	}
	// Signed by one, sent on, signed by the others, in any order.
	for _, n := range []int{2, 0, 1} {
		if len(d.Missing()) == 0 {
			t.Error("nothing is missing")
		}
		if _, err := Decode(d.Bytes(), limits); !codeSignatureForm.Is(err) {
			t.Errorf("a draft is taken for a transaction: %v", err)
		}
		for range 2 { // again replaces
			if err := d.Sign(t.Context(), key(t, names[n])); err != nil {
				t.Fatal(err)
			}
		}
		again, err := Open(d.Bytes(), limits)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(again.Missing(), d.Missing()) || again.ID() != d.ID() || again.Body().Nonce != 1 {
			t.Error("opened as something else")
		}
		d = again
	}
	if len(d.Missing()) != 0 {
		t.Errorf("missing %v", d.Missing())
	}
	x := mustDecode(t, d.Bytes())
	if x.ID() != d.ID() {
		t.Error("another id")
	}
	if _, err := newAuthenticator().Authenticate(t.Context(), state(t), block, limits, x); err != nil {
		t.Error(err)
	}

	if err := d.Sign(t.Context(), key(t, "stranger")); err == nil {
		t.Error("a stranger has signed")
	}
	for _, bad := range []sm2.Signer{wrongSigner{key(t, "lab"), false}, wrongSigner{key(t, "lab"), true}} {
		if err := d.Sign(t.Context(), bad); err == nil {
			t.Error("a wrong signature was taken")
		}
	}
	x2 := sign(t, body(t))
	x2.Signatures[0], x2.Signatures[1] = x2.Signatures[1], x2.Signatures[0]
	_, err = Open(bytesOf(t, x2), limits)
	wants(t, err, &codeSignature)
	x2.Signatures[0] = x2.Signatures[0][1:]
	_, err = Open(bytesOf(t, x2), limits)
	wants(t, err, &codeSignatureForm)
	x2.Signatures = x2.Signatures[1:]
	_, err = Open(bytesOf(t, x2), limits)
	wants(t, err, &codeSignatureCount)
	_, err = Open([]byte("no"), limits)
	wants(t, err, &codeMalformed)
	_, err = Open(bytesOf(t, &txv1.Tx{Body: []byte("no")}), limits)
	wants(t, err, &codeMalformed)
	off := body(t)
	off.Signers[0].Key = offCurve()
	_, err = Open(bytesOf(t, sign(t, off)), limits)
	wants(t, err, &codeKey)
}

// offCurve returns what has the form of a key and is no point.
func offCurve() []byte {
	for k := make([]byte, 33); ; k[32]++ {
		k[0] = 2
		if _, err := sm2.ParsePublicKey(k); err != nil {
			return k
		}
	}
}

// wrongSigner signs something else, or fails.
type wrongSigner struct {
	*sm2.PrivateKey
	fails bool
}

func (w wrongSigner) Sign(ctx context.Context, message []byte) (sm2.Signature, error) {
	if w.fails {
		return sm2.Signature{}, errors.New("no token in the slot")
	}
	return w.PrivateKey.Sign(ctx, message[1:])
}
