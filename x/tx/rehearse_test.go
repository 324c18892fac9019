package tx

import (
	"context"
	"errors"
	"slices"
	"testing"

	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// TestRehearse compares a rehearsal with what Deliver does then, for each number
// of signatures, and each end of the messages.
func TestRehearse(t *testing.T) {
	no := codeTest.Refuse("no")
	for signed := range 4 {
		for name, script := range map[string][]error{
			"done": {nil, nil}, "first refused": {no, nil}, "last refused": {nil, no}, "fault": {nil, errFault},
		} {
			for _, mode := range []txv1.Mode{txv1.Mode_MODE_ALL, txv1.Mode_MODE_EACH} {
				a, r, b := newAuthenticator(), state(t), body(t)
				b.Mode = mode
				d, err := New(b, limits)
				if err != nil {
					t.Fatal(err)
				}
				for _, n := range names[:signed] {
					if err := d.Sign(t.Context(), key(t, n)); err != nil {
						t.Fatal(err)
					}
				}
				before := r.Root()
				got, err := a.Rehearse(t.Context(), r, block, limits, 10, d.Bytes(), scripted(script))
				if r.Root() != before || got.ID != d.ID() || !slices.Equal(got.Missing, d.Missing()) || len(got.Missing) != 3-signed {
					t.Fatalf("%s, %d signed: wrote, or %+v", name, signed, got)
				}
				if len(a.Cache.good.young) != 0 {
					t.Error("a rehearsal is no authentication")
				}
				want, wantErr := a.Deliver(t.Context(), r, block, limits, NewQuota(10), decoded(t, b), scripted(script))
				if (err == nil) != (wantErr == nil) || err != nil && err.Error() != wantErr.Error() {
					t.Fatalf("%s, %d signed: %v, delivered: %v", name, signed, err, wantErr)
				}
				if !slices.EqualFunc(got.Results, want, sameResult) {
					t.Errorf("%s, %d signed: %v, delivered: %v", name, signed, got.Results, want)
				}
			}
		}
	}
}

func sameResult(a, b Result) bool {
	if (a.Refusal == nil) != (b.Refusal == nil) || a.Refusal != nil && a.Refusal.Error() != b.Refusal.Error() {
		return false
	}
	return slices.EqualFunc(a.Events, b.Events, func(a, b exec.Event) bool {
		return a.Type == b.Type && slices.Equal(a.Attributes, b.Attributes)
	})
}

// What is wrong with a transaction is told as it is of a signed one.
func TestRehearseRefused(t *testing.T) {
	draft := func(change func(*txv1.Body)) []byte {
		b := body(t)
		change(b)
		d, err := New(b, limits)
		if err != nil {
			t.Fatal(err)
		}
		return d.Bytes()
	}
	forged := sign(t, body(t))
	forged.Signatures[1] = forged.Signatures[0]
	cut := sign(t, body(t))
	cut.Signatures[2] = cut.Signatures[2][1:]
	one := sign(t, body(t))
	one.Signatures = one.Signatures[:1]
	for name, c := range map[string]struct {
		raw   []byte
		quota int
		code  *exec.Code
	}{
		"garbage":         {[]byte("no"), 9, &codeMalformed},
		"places":          {bytesOf(t, one), 9, &codeSignatureCount},
		"a cut signature": {bytesOf(t, cut), 9, &codeSignatureForm},
		"a forged one":    {bytesOf(t, forged), 9, &codeSignature},
		"expired":         {draft(func(b *txv1.Body) { b.Expiry = 1 }), 9, &codeExpired},
		"ahead":           {draft(func(b *txv1.Body) { b.Nonce = 5000 }), 9, &codeNonceAhead},
		"revoked":         {draft(func(b *txv1.Body) { b.Signers[0] = signer(t, "cb", "revoked") }), 9, &codeUnusableKey},
		"quota":           {draft(func(*txv1.Body) {}), 0, &codeQuota},
	} {
		r, ran := state(t), false
		got, err := newAuthenticator().Rehearse(t.Context(), r, block, limits, c.quota, c.raw, func(*exec.Context, *txv1.Message) error {
			ran = true
			return nil
		})
		if !c.code.Is(err) || ran || got.Results != nil {
			t.Errorf("%s: %v, ran %v", name, err, ran)
		}
	}
}

// A deadline ends a rehearsal between two messages.
func TestRehearseEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	n := 0
	_, err := newAuthenticator().Rehearse(ctx, state(t), block, limits, 9, bytesOf(t, sign(t, body(t))), func(*exec.Context, *txv1.Message) error {
		n++
		cancel()
		return nil
	})
	if !errors.Is(err, context.Canceled) || n != 1 {
		t.Errorf("%v after %d messages", err, n)
	}
}
