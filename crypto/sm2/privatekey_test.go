package sm2

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/big"
	"strings"
	"testing"
	"testing/iotest"
)

func TestNewPrivateKeyRange(t *testing.T) {
	n := curve.Params().N
	plus := func(i int64) *big.Int { return new(big.Int).Add(n, big.NewInt(i)) }
	for name, c := range map[string]struct {
		d    *big.Int
		want bool
	}{
		"0":       {new(big.Int), false},
		"1":       {big.NewInt(1), true},
		"2":       {big.NewInt(2), true},
		"n-3":     {plus(-3), true},
		"n-2":     {plus(-2), true},
		"n-1":     {plus(-1), false}, // 1 + d has no inverse
		"n":       {n, false},
		"n+1":     {plus(1), false},
		"2^256-1": {new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 256), big.NewInt(1)), false},
	} {
		d := c.d.FillBytes(make([]byte, 32))
		k, err := NewPrivateKey(d)
		if (err == nil) != c.want || err != nil && !errors.Is(err, ErrPrivateKey) {
			t.Errorf("%s: NewPrivateKey = %v", name, err)
			continue
		}
		if err != nil {
			continue
		}
		clear(d) // no reference may be kept
		if got := k.Bytes(); new(big.Int).SetBytes(got[:]).Cmp(c.d) != 0 {
			t.Errorf("%s: Bytes = %x", name, got)
		}
		if err := Verify(k.Public(), []byte("m"), mustSign(t, k, []byte("m"))); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, size := range []int{0, 31, 33, 64} {
		if _, err := NewPrivateKey(bytes.Repeat([]byte{1}, size)); !errors.Is(err, ErrPrivateKey) {
			t.Errorf("%d bytes: NewPrivateKey = %v", size, err)
		}
	}
}

func TestGenerate(t *testing.T) {
	d := unhex(t, standard.d)
	refused := strings.Repeat("\x00", 32) + strings.Repeat("\xff", 32)
	k, err := Generate(io.MultiReader(strings.NewReader(refused), bytes.NewReader(d)))
	if err != nil || !k.Public().Equal(standardKey(t).Public()) {
		t.Errorf("Generate does not skip what is out of range: %v", err)
	}
	if _, err := Generate(bytes.NewReader(d[:31])); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("Generate on short randomness: %v", err)
	}
	if newKey(t).Public().Equal(newKey(t).Public()) {
		t.Error("Generate makes one key twice")
	}
}

func TestSignFaults(t *testing.T) {
	k := newKey(t)
	broken := errors.New("no entropy")
	if _, err := k.SignWith(iotest.ErrReader(broken), nil); !errors.Is(err, broken) {
		t.Errorf("SignWith without randomness: %v", err)
	}
	cause := errors.New("shutting down")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(cause)
	if _, err := k.Sign(ctx, nil); !errors.Is(err, cause) {
		t.Errorf("Sign after the context ended: %v", err)
	}
	if _, err := new(PrivateKey).Sign(t.Context(), nil); !errors.Is(err, ErrPrivateKey) {
		t.Errorf("Sign with the zero value: %v", err)
	}
	sig, err := k.SignWith(nil, []byte("m"))
	if err != nil || Verify(k.Public(), []byte("m"), sig) != nil {
		t.Errorf("SignWith(nil) = %v, %v", sig, err)
	}
	if again, _ := k.SignWith(nil, []byte("m")); again == sig {
		t.Error("SignWith(nil) is not randomised")
	}
}

// TestWeakRandomness: with randomness that never changes, the nonce still
// depends on the message, so the key cannot be worked out from two signatures.
func TestWeakRandomness(t *testing.T) {
	k := standardKey(t)
	nonce := func(message string) *big.Int { // k = s + (r + s)·d
		sig, err := k.SignWith(bytes.NewReader(make([]byte, 1024)), []byte(message))
		if err != nil {
			t.Fatal(err)
		}
		if err := Verify(k.Public(), []byte(message), sig); err != nil {
			t.Fatal(err)
		}
		r, s := new(big.Int).SetBytes(sig[:32]), new(big.Int).SetBytes(sig[32:])
		r.Add(r, s).Mul(r, k.key.D).Add(r, s)
		return r.Mod(r, curve.Params().N)
	}
	if nonce("one").Cmp(nonce("two")) == 0 {
		t.Error("two messages were signed with one nonce")
	}
}
