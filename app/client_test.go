package app_test

import (
	"sync"
	"sync/atomic"
	"testing"

	abcicli "github.com/cometbft/cometbft/abci/client"
	abci "github.com/cometbft/cometbft/abci/types"

	"github.com/hallmark-ledger/hallmark/app"
)

// This is proxy.ClientCreator of CometBFT.
var _ interface {
	NewABCIClient() (abcicli.Client, error)
} = app.Clients{}

// TestConcurrency lets CheckTx, queries and blocks run beside each other.
func TestConcurrency(t *testing.T) {
	c := newChain(t)
	cli, err := app.Clients{App: c.App}.NewABCIClient()
	if err != nil {
		t.Fatal(err)
	}
	if err := cli.Start(); err != nil {
		t.Fatal(err)
	}
	calls := 0 // one at a time
	cli.SetResponseCallback(func(*abci.Request, *abci.Response) { calls++ })

	const workers, each = 4, 12
	var good atomic.Int64
	stop := make(chan struct{})
	var background, senders sync.WaitGroup
	background.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
			}
			if _, err := cli.Info(ctx, &abci.RequestInfo{}); err != nil {
				t.Error(err)
			}
			if res, err := cli.Query(ctx, &abci.RequestQuery{Path: "/store/key", Data: []byte("\x08c"), Prove: true}); err != nil || res.Code == 900 {
				t.Error(res, err)
			}
		}
	})
	for w := range workers {
		senders.Go(func() {
			for i := range each {
				n := uint64(1 + w*each + i)
				rr, err := cli.CheckTxAsync(ctx, &abci.RequestCheckTx{Tx: issue(n, "N")})
				if err != nil {
					t.Error(err)
					return
				}
				called := false
				rr.SetCallback(func(res *abci.Response) {
					called = true
					if r := res.GetCheckTx(); r.Code == 0 {
						good.Add(1)
					} else {
						t.Error(r.Log)
					}
				})
				if !called {
					t.Error("the callback was not called")
				}
			}
		})
	}
	for range 10 {
		c.ok()
	}
	senders.Wait()
	close(stop)
	background.Wait()
	if calls != workers*each || good.Load() != workers*each {
		t.Errorf("%d calls, %d good", calls, good.Load())
	}
	if cli.Error() != nil || cli.Flush(ctx) != nil {
		t.Error("nothing waits")
	}
	if r, err := cli.Echo(ctx, "x"); err != nil || r.Message != "x" {
		t.Error(r, err)
	}
}

// TestUnused calls what the ledger has no use for.
func TestUnused(t *testing.T) {
	c := newChain(t)
	if r, err := c.InsertTx(ctx, &abci.RequestInsertTx{}); err != nil || r.Code == 0 {
		t.Error(r, err)
	}
	if r, err := c.ReapTxs(ctx, &abci.RequestReapTxs{}); err != nil || r.Txs != nil {
		t.Error(r, err)
	}
	if r, err := c.ExtendVote(ctx, &abci.RequestExtendVote{}); err != nil || r.VoteExtension != nil {
		t.Error(r, err)
	}
	for _, extension := range [][]byte{nil, {1}} {
		r, err := c.VerifyVoteExtension(ctx, &abci.RequestVerifyVoteExtension{VoteExtension: extension})
		if err != nil || r.IsAccepted() != (extension == nil) {
			t.Error(r, err)
		}
	}
	if r, err := c.ListSnapshots(ctx, nil); err != nil || r.Snapshots != nil {
		t.Error(r, err)
	}
	if r, err := c.OfferSnapshot(ctx, nil); err != nil || r.Result != abci.ResponseOfferSnapshot_ABORT {
		t.Error(r, err)
	}
	if r, err := c.LoadSnapshotChunk(ctx, nil); err != nil || r.Chunk != nil {
		t.Error(r, err)
	}
	if r, err := c.ApplySnapshotChunk(ctx, nil); err != nil || r.Result != abci.ResponseApplySnapshotChunk_ABORT {
		t.Error(r, err)
	}
}
