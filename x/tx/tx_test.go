package tx

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/store/storetest"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// What most tests share: a chain, a block, limits, and keys by name.

var (
	limits = Limits{ChainID: "test-1", Bytes: 1 << 20, Messages: 100, Signers: 4, MaxExpiry: 72 * time.Hour}
	block  = exec.Block{ChainID: "test-1", Height: 7, Time: time.Unix(1_800_000_000, 0).UTC()}
	expiry = block.Time.Unix() + 3600
)

// key returns the private key of a name, the same each time.
func key(t testing.TB, name string) *sm2.PrivateKey {
	t.Helper()
	d := sm3.Sum([]byte(name))
	d[0] &= 0x7f
	k, err := sm2.NewPrivateKey(d[:])
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// signer returns an entry of the list of signers.
func signer(t testing.TB, member, name string) *txv1.Signer {
	t.Helper()
	k := key(t, name).Public().Bytes()
	return &txv1.Signer{Member: member, Key: k[:]}
}

// body returns a valid body: two signers of one member, one of another, two
// messages.
func body(t testing.TB) *txv1.Body {
	t.Helper()
	return &txv1.Body{
		ChainId: limits.ChainID,
		Signers: []*txv1.Signer{signer(t, "cb", "certifier"), signer(t, "cb", "approver"), signer(t, "lab", "lab")},
		Nonce:   1,
		Expiry:  expiry,
		Mode:    txv1.Mode_MODE_EACH,
		Messages: []*txv1.Message{
			{Actor: "cb", Signers: []uint32{0, 1}},
			{Actor: "lab", Signers: []uint32{1, 2}},
		},
	}
}

var names = []string{"certifier", "approver", "lab", "stranger", "revoked"}

// sign returns the transaction with body b, whatever it says, signed by those of
// names that it lists.
func sign(t testing.TB, b *txv1.Body) *txv1.Tx {
	t.Helper()
	encoded, err := marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	return signEncoded(t, encoded, b.Signers)
}

func signEncoded(t testing.TB, body []byte, signers []*txv1.Signer) *txv1.Tx {
	t.Helper()
	out := &txv1.Tx{Body: body}
	for _, s := range signers {
		sig := sm2.Signature{31: 1, 63: 1} // in range, if it is nobody's
		for _, n := range names {
			if k := key(t, n); slices.Equal(s.Key, pub(k)) {
				sig = mustSign(t, k, SignBytes(body))
			}
		}
		out.Signatures = append(out.Signatures, sig[:])
	}
	return out
}

func pub(k *sm2.PrivateKey) []byte { b := k.Public().Bytes(); return b[:] }

func mustSign(t testing.TB, k *sm2.PrivateKey, message []byte) sm2.Signature {
	t.Helper()
	sig, err := k.Sign(context.Background(), message)
	if err != nil {
		t.Fatal(err)
	}
	return sig
}

func bytesOf(t testing.TB, x *txv1.Tx) []byte {
	t.Helper()
	b, err := marshal(x)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// decoded returns b signed and decoded.
func decoded(t testing.TB, b *txv1.Body) *Tx {
	t.Helper()
	return mustDecode(t, bytesOf(t, sign(t, b)))
}

func mustDecode(t testing.TB, raw []byte) *Tx {
	t.Helper()
	x, err := Decode(raw, limits)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// registry is a Keys of facts that are kept in the state under 03 ‖ key, as one
// byte that is an index here.
type registry []KeyFacts

var registered = registry{
	{Member: "cb", Duty: exec.DutyCertifier, Holder: "h1", Usable: true},
	{Member: "cb", Duty: exec.DutyApprover, Holder: "h2", Usable: true},
	{Member: "lab", Duty: exec.DutyOperator, Holder: "h3", Usable: true},
	{Member: "cb", Duty: exec.DutyCertifier, Holder: "h1", Reason: "revoked on 2026-01-01"},
}

func (g registry) Key(r store.Reader, k [33]byte, at time.Time) (KeyFacts, bool, error) {
	if !at.Equal(block.Time) {
		return KeyFacts{}, false, fmt.Errorf("asked for %v", at)
	}
	v, ok, err := r.Get(append([]byte{3}, k[:]...))
	if err != nil || !ok {
		return KeyFacts{}, false, err
	}
	return g[v[0]], true, nil
}

// state returns a state in which the keys of names are registered, except the
// stranger's.
func state(t testing.TB) *storetest.Mem {
	t.Helper()
	m := new(storetest.Mem)
	for i, n := range []string{"certifier", "approver", "lab", "revoked"} {
		register(t, m, n, i)
	}
	return m
}

func register(t testing.TB, w store.Writer, name string, facts int) {
	t.Helper()
	if err := w.Set(append([]byte{3}, pub(key(t, name))...), []byte{byte(facts)}); err != nil {
		t.Fatal(err)
	}
}

func newAuthenticator() *Authenticator {
	return &Authenticator{Keys: registered, Cache: NewCache(1000)}
}

// wants fails t unless err is a refusal with code c (nil: no error).
func wants(t testing.TB, err error, c *exec.Code) {
	t.Helper()
	if c == nil && err != nil || c != nil && !c.Is(err) {
		name := "no error"
		if c != nil {
			name = c.Name
		}
		t.Errorf("got %v, want %s", err, name)
	}
}
