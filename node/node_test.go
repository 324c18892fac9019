package node_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/app"
	"github.com/hallmark-ledger/hallmark/node"
	"github.com/hallmark-ledger/hallmark/node/api"
)

func TestCommitAndRestart(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	n := start(t, home)
	raw := issue("001", 1)
	if err := n.Submit(ctx, raw); err != nil {
		t.Fatal(err)
	}
	if err := n.Submit(ctx, raw); !errors.Is(err, api.ErrPending) {
		// It may be in a block by now.
		if _, ok := errors.AsType[*api.SubmitError](err); !ok {
			t.Errorf("submitted twice: %v", err)
		}
	}
	height := n.awaitTx(raw)
	if n.Pending(id(t, raw)) {
		t.Error("a transaction that was committed is said to wait")
	}
	if _, ok := errors.AsType[*api.SubmitError](n.Submit(ctx, raw)); !ok {
		t.Error("a transaction that was committed is not refused")
	}
	at, err := n.BlockTime(height)
	if b, _ := n.Block(height); err != nil || !at.Equal(b.Block.Time) {
		t.Errorf("block time %v, %v", at, err)
	}
	n.await(height + 1)
	before, err := n.View(height)
	if err != nil {
		t.Fatal(err)
	}
	root, err := before.Root()
	if err != nil {
		t.Fatal(err)
	}
	n.stop(home)

	n = start(t, home)
	view, err := n.View(height)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := view.Root(); err != nil || again != root {
		t.Errorf("height %d has root %s after a restart, %s before (%v)", height, again, root, err)
	}
	second := issue("002", 2)
	if err := n.Submit(ctx, second); err != nil {
		t.Fatal(err)
	}
	n.awaitTx(second)
	n.stop(home)
}

func TestServes(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	n := start(t, home)
	defer n.stop(home)
	raw := issue("001", 1)
	c := load(t, home)
	base := "http://" + c.API.Listen
	res, err := http.Post(base+"/v1/transactions?wait=committed", "application/octet-stream", bytes.NewReader(raw))
	if body := read(t, res, err); res.StatusCode != http.StatusOK || !strings.Contains(body, id(t, raw).String()) {
		t.Fatalf("%s: %s", res.Status, body)
	}
	for url, want := range map[string]string{
		base + "/v1/status":                          `"validator":"val-00"`,
		base + "/healthz":                            "",
		"http://" + c.RPC.Listen + "/status":         `"network":"hallmark-test"`,
		"http://" + c.Metrics.Listen + "/metrics":    "cometbft_consensus_height",
		"http://" + c.Metrics.Listen + "/metrics?_1": "hallmark_",
	} {
		res, err := http.Get(url)
		if body := read(t, res, err); res.StatusCode != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("%s: %s, without %s", url, res.Status, want)
		}
	}
	s, err := n.Status(ctx)
	if err != nil || s.Height == 0 || s.CatchingUp || s.Earliest == 0 || s.ChainID == "" {
		t.Errorf("status %+v, %v", s, err)
	}
}

func read(t *testing.T, res *http.Response, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// A node that is stopped while transactions come in stops in order, and comes up
// again with what it had.
func TestStopUnderLoad(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	n := start(t, home)
	var nonce, accepted atomic.Uint64
	var senders sync.WaitGroup
	stop := make(chan struct{})
	for range 3 {
		senders.Go(func() {
			for {
				select {
				case <-stop:
					return
				case <-time.After(5 * time.Millisecond):
				}
				i := nonce.Add(1)
				if n.Submit(ctx, issue(fmt.Sprintf("L%05d", i), i)) == nil {
					accepted.Add(1)
				}
			}
		})
	}
	n.await(6)
	n.stop(home) // transactions wait still, more come in, and blocks are made
	close(stop)
	senders.Wait()
	if accepted.Load() == 0 {
		t.Fatal("no transaction was accepted")
	}
	n = start(t, home)
	_, height := n.Heights()
	n.await(height + 1)
	n.stop(home)
}

// onBlock calls a function at each block.
type onBlock func(*app.Observation)

func (f onBlock) Committed(o *app.Observation) { f(o) }

func TestConsensusFault(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	n := start(t, home, node.Observer(onBlock(func(o *app.Observation) {
		if o.Block.Height == 2 {
			panic("made by a test")
		}
	})))
	<-n.Failed()
	says(t, n.Stop(), node.ErrFault, "consensus halted", "made by a test")

	// What was durable stays, and the block is not executed twice.
	n = start(t, home)
	n.await(4)
	n.stop(home)
}
