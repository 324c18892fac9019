package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"

	"github.com/hallmark-ledger/hallmark/app"
	"github.com/hallmark-ledger/hallmark/app/apptest"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store/engine"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

var ctx = context.Background()

// today is the day of the first blocks.
var today = civil.DateOf(apptest.Begin)

// chain is one node's application and the blocks that it was given.
type chain struct {
	*testing.T
	*app.App
	db     *engine.DB
	dir    string
	height int64 // of the last block
	now    time.Time
	root   []byte
	events map[string]bool // types seen
	retain int64
}

// newChain starts a chain with four validators.
func newChain(t *testing.T, edit ...func(*app.Genesis)) *chain {
	t.Helper()
	c := &chain{T: t, dir: t.TempDir(), now: apptest.Begin, events: seen}
	c.open()
	g := apptest.Genesis(1, 4)
	for _, f := range edit {
		f(g)
	}
	res, err := c.InitChain(ctx, initRequest(t, g))
	if err != nil {
		t.Fatal(err)
	}
	c.root = res.AppHash
	t.Cleanup(func() {
		if err := c.db.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

func initRequest(t *testing.T, g *app.Genesis) *abci.RequestInitChain {
	t.Helper()
	raw, err := json.Marshal(g)
	if err != nil {
		t.Fatal(err)
	}
	params := &cmtproto.ConsensusParams{
		Block:     &cmtproto.BlockParams{MaxBytes: 4 << 20, MaxGas: -1},
		Validator: &cmtproto.ValidatorParams{PubKeyTypes: []string{"ed25519"}},
		Abci:      &cmtproto.ABCIParams{},
	}
	return &abci.RequestInitChain{Time: apptest.Begin, ChainId: apptest.Chain, InitialHeight: 1, AppStateBytes: raw, ConsensusParams: params}
}

// open opens the store, and the application on it.
func (c *chain) open() {
	c.Helper()
	db, err := engine.Open(c.dir, engine.Options{})
	if err != nil {
		c.Fatal(err)
	}
	a, err := app.New(db, app.Options{Clock: func() time.Time { return c.now }, RetainBlocks: c.retain})
	if err != nil {
		c.Fatal(err)
	}
	c.db, c.App = db, a
}

// crash loses all that is not durable, and starts anew.
func (c *chain) crash() {
	c.Helper()
	if err := c.db.Close(); err != nil {
		c.Fatal(err)
	}
	c.open()
}

// next returns the next block, a second after the last.
func (c *chain) next(txs ...[]byte) *abci.RequestFinalizeBlock {
	height := c.height + 1
	hash := sm3.Sum(fmt.Appendf(nil, "%d %x", height, txs))
	return &abci.RequestFinalizeBlock{Txs: txs, Height: height, Time: c.now.Add(time.Second), Hash: hash[:]}
}

func process(b *abci.RequestFinalizeBlock) *abci.RequestProcessProposal {
	return &abci.RequestProcessProposal{Txs: b.Txs, Height: b.Height, Time: b.Time, Hash: b.Hash, Misbehavior: b.Misbehavior}
}

func (c *chain) finalize(b *abci.RequestFinalizeBlock) *abci.ResponseFinalizeBlock {
	c.Helper()
	res, err := c.FinalizeBlock(ctx, b)
	if err != nil {
		c.Fatal(err)
	}
	for _, e := range res.Events {
		c.events[e.Type] = true
	}
	for _, r := range res.TxResults {
		for _, e := range r.Events {
			c.events[e.Type] = true
		}
	}
	return res
}

// commit commits what was finalized and checks the whole state.
func (c *chain) commit(b *abci.RequestFinalizeBlock, res *abci.ResponseFinalizeBlock) {
	c.Helper()
	if _, err := c.Commit(ctx, &abci.RequestCommit{}); err != nil {
		c.Fatal(err)
	}
	c.height, c.now, c.root = b.Height, b.Time, res.AppHash
	r, err := c.View(0)
	if err != nil {
		c.Fatal(err)
	}
	if err := r.Check(r); err != nil {
		c.Fatal(err)
	}
	if root, err := r.Root(); err != nil || string(root[:]) != string(res.AppHash) || r.Height() != uint64(b.Height) {
		c.Fatalf("height %d has root %x (%v), want %d %x", r.Height(), root, err, b.Height, res.AppHash)
	}
}

// run takes transactions through a whole block.
func (c *chain) run(txs ...[]byte) *abci.ResponseFinalizeBlock {
	c.Helper()
	b := c.next(txs...)
	if !c.accepts(b) {
		c.Fatal("the proposal was refused")
	}
	res := c.finalize(b)
	c.commit(b, res)
	return res
}

// ok runs transactions that must succeed.
func (c *chain) ok(txs ...[]byte) *abci.ResponseFinalizeBlock {
	c.Helper()
	res := c.run(txs...)
	for i, r := range res.TxResults {
		if r.Code != 0 || r.Log != "" {
			c.Fatalf("transaction %d: %d %s", i, r.Code, r.Log)
		}
	}
	return res
}

func (c *chain) accepts(b *abci.RequestFinalizeBlock) bool {
	c.Helper()
	res, err := c.ProcessProposal(ctx, process(b))
	if err != nil {
		c.Fatal(err)
	}
	return res.IsAccepted()
}

func (c *chain) checkTx(raw []byte) *abci.ResponseCheckTx {
	c.Helper()
	res, err := c.CheckTx(ctx, &abci.RequestCheckTx{Tx: raw})
	if err != nil {
		c.Fatal(err)
	}
	return res
}
