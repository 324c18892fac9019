package apptest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/cockroachdb/pebble/vfs"
	abci "github.com/cometbft/cometbft/abci/types"

	"github.com/hallmark-ledger/hallmark/app"
	"github.com/hallmark-ledger/hallmark/store/engine"
)

// Node is one application on a store of its own. The store lies on a file system
// in memory that knows what was synced, so that a crash loses the rest.
// One goroutine uses a Node; the App in it may be called by many.
type Node struct {
	*app.App
	net    *Network
	fs     *vfs.MemFS
	db     *engine.DB
	height int64         // of the last block committed
	skew   time.Duration // of its clock
}

// open opens the store and the application on it.
func (n *Node) open() error {
	db, err := engine.Open("/node", engine.Options{FS: n.fs, CacheBytes: 1 << 20, MemTableBytes: 256 << 10, Retain: n.net.options.Retain})
	if err != nil {
		return err
	}
	clock := func() time.Time { return n.net.clock().Add(n.skew) }
	a, err := app.New(db, app.Options{Clock: clock, Logger: slog.New(alarm{&n.net.alarms})})
	if err != nil {
		return errors.Join(err, db.Close())
	}
	n.db, n.App = db, a
	return nil
}

// Crash stops the node without warning: what is not durable is lost. It then
// starts anew, as CometBFT starts it.
func (n *Node) Crash(ctx context.Context) error {
	n.fs.SetIgnoreSyncs(true) // what the closing writes was never written
	if err := n.db.Close(); err != nil {
		return fmt.Errorf("close: %w", err)
	}
	n.fs.ResetToSyncedState()
	n.fs.SetIgnoreSyncs(false)
	if err := n.open(); err != nil {
		return fmt.Errorf("reopen: %w", err)
	}
	return n.handshake(ctx)
}

// handshake brings the application to the last block that was decided, as
// CometBFT does when it starts (consensus/replay.go).
func (n *Node) handshake(ctx context.Context) error {
	info, err := n.Info(ctx, &abci.RequestInfo{})
	if err != nil {
		return err
	}
	n.height = info.LastBlockHeight
	if n.height == 0 {
		if err := n.begin(ctx); err != nil {
			return err
		}
	} else if want := n.net.block(n.height).Response.AppHash; string(info.LastBlockAppHash) != string(want) {
		return fmt.Errorf("at height %d Info has the root %x, want %x", n.height, info.LastBlockAppHash, want)
	}
	for _, b := range n.net.after(n.height) {
		if err := n.finalize(ctx, b); err != nil {
			return err
		}
		if err := n.commit(ctx, b); err != nil {
			return err
		}
	}
	return nil
}

// begin calls InitChain. Every node must answer alike.
func (n *Node) begin(ctx context.Context) error {
	res, err := n.InitChain(ctx, n.net.init)
	if err != nil {
		return err
	}
	return n.net.began(res)
}

// process asks the node about a proposal.
func (n *Node) process(ctx context.Context, b *abci.RequestFinalizeBlock) (accepted bool, err error) {
	res, err := n.ProcessProposal(ctx, &abci.RequestProcessProposal{
		Txs: b.Txs, Height: b.Height, Time: b.Time, Hash: b.Hash, Misbehavior: b.Misbehavior,
	})
	return err == nil && res.IsAccepted(), err
}

// finalize gives the node a decided block and compares the answer with that of
// the others.
func (n *Node) finalize(ctx context.Context, b *Block) error {
	res, err := n.FinalizeBlock(ctx, b.Request)
	if err != nil {
		return err
	}
	return b.compare(res)
}

// commit commits it, and checks the state.
func (n *Node) commit(ctx context.Context, b *Block) error {
	if _, err := n.Commit(ctx, &abci.RequestCommit{}); err != nil {
		return err
	}
	n.height = b.Request.Height
	return n.check(b)
}

// check compares the newest state with the block's root, and checks what must
// hold of it.
func (n *Node) check(b *Block) error {
	r, err := n.View(0)
	if err != nil {
		return err
	}
	root, err := r.Root()
	if err != nil {
		return err
	}
	if r.Height() != uint64(b.Request.Height) || string(root[:]) != string(b.Response.AppHash) {
		return fmt.Errorf("the state of height %d has the root %x, want %x", r.Height(), root, b.Response.AppHash)
	}
	if every := n.net.options.CheckEvery; every > 0 && b.Request.Height%every == 0 {
		if err := r.Check(r); err != nil {
			return fmt.Errorf("height %d: %w", b.Request.Height, err)
		}
	}
	return nil
}
