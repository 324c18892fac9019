package app

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/tx"
)

func TestParallel(t *testing.T) {
	for _, n := range []int{0, 1, 2, 1000} {
		called := make([]atomic.Int32, n)
		if err := parallel(n, func(i int) { called[i].Add(1) }); err != nil {
			t.Fatal(err)
		}
		for i := range called {
			if called[i].Load() != 1 {
				t.Errorf("%d of %d: called %d times", i, n, called[i].Load())
			}
		}
	}
	err := parallel(100, func(i int) {
		if i == 50 {
			panic("at fifty")
		}
	})
	if err == nil || !strings.Contains(err.Error(), "at fifty") {
		t.Errorf("a panic: %v", err)
	}
}

// TestAhead: every transaction is waited for once it is asked for, in any place;
// what ends the verification is a fault; nothing is left running.
func TestAhead(t *testing.T) {
	e := &execution{app: &App{auth: tx.Authenticator{Cache: tx.NewCache(8)}, options: Options{Clock: time.Now}}}
	txs := make([]*tx.Tx, 3*aheadBatch+1) // none could be decoded
	for _, step := range []int{1, aheadBatch + 1, len(txs) - 1} {
		a := e.verifyAhead(t.Context(), txs)
		for i := 0; i < len(txs); i += step {
			if err := a.wait(i); err != nil || a.ready <= i {
				t.Errorf("transaction %d: %v, %d are ready", i, err, a.ready)
			}
		}
		a.end()
	}

	a := e.verifyAhead(t.Context(), txs) // nobody waits
	a.end()

	broken := &execution{app: &App{options: Options{Clock: time.Now}}}
	for name, e := range map[string]*execution{"a panic": broken, "the context": e} {
		ctx, cancel := context.WithCancelCause(t.Context())
		gone := errors.New("gone")
		if name == "the context" {
			txs = append([]*tx.Tx{signed(t)}, txs...)
			cancel(gone)
		}
		a := e.verifyAhead(ctx, txs)
		for i := range 2 {
			if err := a.wait(i * aheadBatch); err == nil || name == "the context" && i == 0 && !errors.Is(err, gone) {
				t.Errorf("%s: %v", name, err)
			}
		}
		a.end()
		cancel(nil)
	}
}

// signed returns a transaction with one good signature.
func signed(t *testing.T) *tx.Tx {
	t.Helper()
	key, err := sm2.Generate(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	public := key.Public().Bytes()
	limits := tx.Limits{ChainID: "c", Bytes: 1 << 20, Messages: 1, Signers: 1}
	draft, err := tx.New(&txv1.Body{
		ChainId: "c", Nonce: 1, Mode: txv1.Mode_MODE_ALL, Signers: []*txv1.Signer{{Member: "m", Key: public[:]}},
		Messages: []*txv1.Message{{Actor: "m", Signers: []uint32{0}}},
	}, limits)
	if err != nil {
		t.Fatal(err)
	}
	if err := draft.Sign(t.Context(), key); err != nil {
		t.Fatal(err)
	}
	x, err := tx.Decode(draft.Bytes(), limits)
	if err != nil {
		t.Fatal(err)
	}
	return x
}
