package node_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/hallmark-ledger/hallmark/node"
	"github.com/hallmark-ledger/hallmark/node/api"
)

// A transaction that waits is known to wait, and is not taken twice; a mempool
// that is full says so.
func TestMempool(t *testing.T) {
	t.Parallel()
	const most = 100
	home := newHome(t, "consensus.timeout_commit=1m", "consensus.heartbeat=1m", fmt.Sprint("mempool.max_transactions=", most))
	n := start(t, home) // the first block is a minute away
	first := issue("M001", 1)
	if n.Pending(id(t, first)) {
		t.Error("what was never sent is said to wait")
	}
	if err := n.Submit(ctx, first); err != nil {
		t.Fatal(err)
	}
	if !n.Pending(id(t, first)) {
		t.Error("what waits is not known")
	}
	if err := n.Submit(ctx, first); !errors.Is(err, api.ErrPending) {
		t.Errorf("submitted twice: %v", err)
	}
	for i := uint64(2); i <= most; i++ {
		if err := n.Submit(ctx, issue(fmt.Sprintf("M%03d", i), i)); err != nil {
			t.Fatal(i, err)
		}
	}
	last := issue("M101", most+1)
	if err := n.Submit(ctx, last); !errors.Is(err, api.ErrBusy) || n.Pending(id(t, last)) {
		t.Errorf("one more than fit: %v, waits: %v", err, n.Pending(id(t, last)))
	}
	refused := issue("M102", 1_000_000) // a nonce too far ahead
	if e, ok := errors.AsType[*api.SubmitError](n.Submit(ctx, refused)); ok && n.Pending(id(t, refused)) {
		t.Errorf("what was refused is said to wait: %v", e)
	}
}

// With blocks.retain the older ones are deleted, and are then not there.
func TestRetain(t *testing.T) {
	t.Parallel()
	home := newHome(t, "blocks.retain=3", "state.retain_versions=4", "consensus.heartbeat=1s")
	n := start(t, home, node.SealPassphrase(pass)) // what is not sealed stays a while longer
	for i := uint64(1); ; i++ {
		raw := issue(fmt.Sprintf("R%03d", i), i)
		if err := n.Submit(ctx, raw); err != nil {
			t.Fatal(err)
		}
		if n.awaitTx(raw) > 6 {
			break
		}
	}
	n.await(10)
	if earliest, _ := n.Heights(); earliest < 2 {
		t.Errorf("the earliest block is %d", earliest)
	}
	if _, err := n.Block(1); !errors.Is(err, api.ErrNoBlock) {
		t.Errorf("block 1: %v", err)
	}
	if _, err := n.View(1); err == nil {
		t.Error("the state of height 1 can be read")
	}
	n.stop(home)
	n = start(t, home)
	n.await(11)
	n.stop(home)
}
