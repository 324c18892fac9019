package app_test

import (
	"bytes"
	"fmt"
	"testing"

	abci "github.com/cometbft/cometbft/abci/types"

	"github.com/hallmark-ledger/hallmark/app/apptest"
)

// TestCrash stops the application after every call of a block and goes on as
// CometBFT does, beside one that is never stopped.
func TestCrash(t *testing.T) {
	for _, first := range []bool{true, false} {
		for at := range 4 {
			t.Run(fmt.Sprintf("first %v after %d calls", first, at), func(t *testing.T) { crash(t, first, at) })
		}
	}
}

func crash(t *testing.T, first bool, at int) {
	steady, c := newChain(t), newChain(t)
	if !first {
		txs := issue(1, "A1")
		steady.ok(txs)
		c.ok(txs)
	}
	b := c.next(issue(2, "A2"), issue(3, "A3"), []byte("garbage"))
	want := steady.finalize(b)
	steady.commit(b, want)

	calls := []func(){
		func() { c.accepts(b) },
		func() { c.finalize(b) },
		func() { c.commit(b, want) },
	}
	for _, call := range calls[:at] {
		call()
	}
	c.crash()
	info, err := c.Info(ctx, &abci.RequestInfo{})
	if err != nil {
		t.Fatal(err)
	}
	switch info.LastBlockHeight {
	case b.Height:
		if at < 3 {
			t.Fatal("committed before Commit")
		}
	case 0:
		if _, err := c.InitChain(ctx, initRequest(t, apptest.Genesis(1, 4))); err != nil {
			t.Fatal(err)
		}
		fallthrough
	default:
		got := c.finalize(b)
		if !bytes.Equal(got.AppHash, want.AppHash) {
			t.Fatalf("again: %x, want %x", got.AppHash, want.AppHash)
		}
		c.finalize(b) // CometBFT may give it twice
		c.commit(b, got)
	}
	last := issue(4, "A4")
	if !bytes.Equal(steady.ok(last).AppHash, c.ok(last).AppHash) {
		t.Error("they part afterwards")
	}
	if _, err := c.InitChain(ctx, initRequest(t, apptest.Genesis(1, 4))); err == nil {
		t.Error("a chain can begin again")
	}
}
