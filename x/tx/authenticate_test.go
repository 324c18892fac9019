package tx

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"
	"time"

	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/store/storetest"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

func TestAuthenticate(t *testing.T) {
	a, r := newAuthenticator(), state(t)
	x := decoded(t, body(t))
	before := r.Root()
	auth, err := a.Authenticate(t.Context(), r, block, limits, x)
	if err != nil {
		t.Fatal(err)
	}
	if auth.ID() != x.ID() || auth.Tx() != x || r.Root() != before {
		t.Error("another transaction, or the state has changed")
	}
	of := func(name string, f KeyFacts) exec.Signer {
		return exec.Signer{Member: f.Member, Key: key(t, name).Public().Bytes(), Duty: f.Duty, Holder: f.Holder}
	}
	all := []exec.Signer{of("certifier", registered[0]), of("approver", registered[1]), of("lab", registered[2])}
	if !slices.Equal(auth.Signers(0), all[:2]) || !slices.Equal(auth.Signers(1), all[1:]) {
		t.Errorf("%v, %v", auth.Signers(0), auth.Signers(1))
	}
	auth.Signers(0)[0].Member = "mine now"
	if auth.Signers(0)[0].Member != "cb" {
		t.Error("the caller does not own the signers")
	}
}

// Each reason of the state, and which of two comes first.
func TestAdmit(t *testing.T) {
	for _, c := range []struct {
		name   string
		code   *exec.Code
		change func(b *txv1.Body)
	}{
		{"nothing", nil, func(b *txv1.Body) {}},
		{"expires now", nil, func(b *txv1.Body) { b.Expiry = block.Time.Unix() }},
		{"expired a second ago", &codeExpired, func(b *txv1.Body) { b.Expiry = block.Time.Unix() - 1 }},
		{"expired for ever", &codeExpired, func(b *txv1.Body) { b.Expiry = math.MinInt64 }},
		{"no expiry", &codeExpired, func(b *txv1.Body) { b.Expiry = 0 }},
		{"longest expiry", nil, func(b *txv1.Body) { b.Expiry = block.Time.Unix() + 72*3600 }},
		{"a second longer", &codeExpiryTooFar, func(b *txv1.Body) { b.Expiry = block.Time.Unix() + 72*3600 + 1 }},
		{"never expires", &codeExpiryTooFar, func(b *txv1.Body) { b.Expiry = math.MaxInt64 }},
		{"longest jump", nil, func(b *txv1.Body) { b.Nonce = WindowSize }},
		{"too far", &codeNonceAhead, func(b *txv1.Body) { b.Nonce = WindowSize + 1 }},
		{"unknown", &codeUnknownKey, func(b *txv1.Body) { b.Signers[1] = signer(t, "cb", "stranger") }},
		{"unknown first", &codeUnknownKey, func(b *txv1.Body) { b.Signers[0] = signer(t, "cb", "stranger") }},
		{"not on the curve", &codeUnknownKey, func(b *txv1.Body) { b.Signers[0].Key = offCurve() }},
		{"of another member", &codeWrongMember, func(b *txv1.Body) {
			b.Signers[2].Member, b.Messages[1].Actor = "cb2", "cb2"
		}},
		{"of nobody", &codeWrongMember, func(b *txv1.Body) {
			b.Signers[2].Member, b.Messages[1].Actor = "", ""
		}},
		{"revoked", &codeUnusableKey, func(b *txv1.Body) { b.Signers[0] = signer(t, "cb", "revoked") }},
		{"revoked, of another member", &codeWrongMember, func(b *txv1.Body) { b.Signers[2] = signer(t, "lab", "revoked") }},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, r := newAuthenticator(), state(t)
			b := body(t)
			c.change(b)
			x := decoded(t, b)
			before := r.Root()
			_, err := a.Admit(r, block, limits, x)
			wants(t, err, c.code)

			// The same through Deliver, which leaves everything as it is.
			quota := NewQuota(100)
			_, err = a.Deliver(t.Context(), r, block, limits, quota, x, nothing)
			wants(t, err, c.code)
			if c.code == nil {
				return
			}
			if r.Root() != before || quota.Used("cb") != 0 || len(a.Cache.good.young) != 0 {
				t.Error("a transaction that was not admitted left something")
			}
		})
	}
}

// The last second counts as a whole only if the block falls on it.
func TestExpiryBetweenSeconds(t *testing.T) {
	now := time.Unix(100, 1)
	for _, c := range []struct {
		expiry int64
		code   *exec.Code
	}{{99, &codeExpired}, {100, &codeExpired}, {101, nil}, {110, nil}, {111, &codeExpiryTooFar}} {
		var err error
		if r := checkExpiry(c.expiry, now, 10*time.Second); r != nil {
			err = r
		}
		wants(t, err, c.code)
	}
}

// A signature by another key, over another body, or of another place.
func TestWrongSignature(t *testing.T) {
	good := sign(t, body(t))
	other := body(t)
	other.Nonce = 2
	for name, change := range map[string]func(x *txv1.Tx){
		"exchanged":       func(x *txv1.Tx) { x.Signatures[0], x.Signatures[1] = x.Signatures[1], x.Signatures[0] },
		"repeated":        func(x *txv1.Tx) { x.Signatures[1] = x.Signatures[0] },
		"of another body": func(x *txv1.Tx) { x.Signatures = sign(t, other).Signatures },
		"last of another": func(x *txv1.Tx) { x.Signatures[2] = sign(t, other).Signatures[2] },
		"without tag": func(x *txv1.Tx) {
			sig := mustSign(t, key(t, "certifier"), x.Body)
			x.Signatures[0] = sig[:]
		},
		"over the id": func(x *txv1.Tx) {
			id := ID(x.Body)
			sig := mustSign(t, key(t, "certifier"), id[:])
			x.Signatures[0] = sig[:]
		},
	} {
		t.Run(name, func(t *testing.T) {
			a, r := newAuthenticator(), state(t)
			x := &txv1.Tx{Body: good.Body, Signatures: slices.Clone(good.Signatures)}
			change(x)
			before := r.Root()
			for range 2 {
				_, err := a.Deliver(t.Context(), r, block, limits, NewQuota(9), mustDecode(t, bytesOf(t, x)), nothing)
				wants(t, err, &codeSignature)
			}
			if r.Root() != before {
				t.Error("it left something")
			}
			// The nonce is still there for the rightful owner.
			_, err := a.Deliver(t.Context(), r, block, limits, NewQuota(9), mustDecode(t, bytesOf(t, good)), nothing)
			wants(t, err, nil)
		})
	}
}

// The nonce is of the first signer's key alone, and is spent once.
func TestSpend(t *testing.T) {
	a, r := newAuthenticator(), state(t)
	x := decoded(t, body(t))
	first, err := a.Authenticate(t.Context(), r, block, limits, x)
	if err != nil {
		t.Fatal(err)
	}
	second, err := a.Authenticate(t.Context(), r, block, limits, x) // side by side
	if err != nil {
		t.Fatal(err)
	}
	wants(t, first.Spend(r), nil)
	root := r.Root()
	wants(t, second.Spend(r), &codeNonceUsed)
	_, err = a.Authenticate(t.Context(), r, block, limits, x)
	wants(t, err, &codeNonceUsed)
	if r.Root() != root {
		t.Error("the state has changed")
	}
	for i, n := range names[:3] {
		w, err := Nonces(r, key(t, n).Public().Bytes())
		if want := uint64(0); err != nil || i == 0 && w.Highest() != 1 || i > 0 && w.Highest() != want {
			t.Errorf("%s: %d, %v", n, w.Highest(), err)
		}
	}
	// Another first signer may use the same nonce.
	b := body(t)
	b.Signers[0], b.Signers[1] = b.Signers[1], b.Signers[0]
	b.Messages[1].Signers = []uint32{0, 2}
	_, err = a.Authenticate(t.Context(), r, block, limits, decoded(t, b))
	wants(t, err, nil)

	b = body(t)
	b.Nonce = 1 + WindowSize
	_, err = a.Deliver(t.Context(), r, block, limits, NewQuota(9), decoded(t, b), nothing)
	wants(t, err, nil)
	b.Nonce = 2 + 2*WindowSize
	_, err = a.Admit(r, block, limits, decoded(t, b))
	wants(t, err, &codeNonceAhead)
	b.Nonce = 2 + WindowSize
	_, err = a.Deliver(t.Context(), r, block, limits, NewQuota(9), decoded(t, b), nothing)
	wants(t, err, nil)
	b = body(t)
	_, err = a.Admit(r, block, limits, decoded(t, b))
	wants(t, err, &codeNonceOld)
	if err := Check(r); err != nil {
		t.Error(err)
	}
}

// failing is a store that fails on keys that begin with at.
type failing struct {
	*storetest.Mem
	at byte
}

var errDisk = errors.New("disk")

func (f failing) Get(k []byte) ([]byte, bool, error) {
	if k[0] == f.at {
		return nil, false, errDisk
	}
	return f.Mem.Get(k)
}

// A fault of the store, a corrupt window, an ended context: none becomes a
// refusal.
func TestFaults(t *testing.T) {
	a, x := newAuthenticator(), decoded(t, body(t))
	for _, at := range []byte{1, 3} {
		_, err := a.Deliver(t.Context(), failing{state(t), at}, block, limits, NewQuota(9), x, nothing)
		if !errors.Is(err, errDisk) {
			t.Errorf("%v", err)
		}
	}

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := a.Deliver(ctx, state(t), block, limits, NewQuota(9), x, nothing)
	if _, ok := exec.AsRefusal(err); ok || !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}

	auth, err := a.Authenticate(t.Context(), state(t), block, limits, x)
	if err != nil {
		t.Fatal(err)
	}
	if err := auth.Spend(failing{state(t), 1}); !errors.Is(err, errDisk) {
		t.Errorf("%v", err)
	}
	r := state(t)
	k := key(t, "certifier").Public().Bytes()
	if err := r.Set(nonces.Key(k), make([]byte, windowBytes)); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Admit(r, block, limits, x); !errors.Is(err, store.ErrCorrupt) {
		t.Errorf("%v", err)
	}
	if err := Check(r); !errors.Is(err, store.ErrCorrupt) {
		t.Errorf("%v", err)
	}
}
