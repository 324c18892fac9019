package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"

	"github.com/hallmark-ledger/hallmark/app"
	"github.com/hallmark-ledger/hallmark/app/apptest"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store/engine"
	"github.com/hallmark-ledger/hallmark/x/civil"
	"github.com/hallmark-ledger/hallmark/x/tx"
)

// certifiers are the bodies that file certificates, in turn.
var certifiers = []string{"cqc", "cqm"}

// today is the day of all decisions.
var today = civil.DateOf(apptest.Begin)

// chain is the application on a store on disk, and the blocks that it was given.
// Nothing stands for CometBFT but this: the calls are those that it makes. One
// goroutine uses it.
type chain struct {
	*app.App
	db       *engine.DB
	opened   time.Time
	base     time.Time // of the last block when it was opened
	height   int64     // of the last block
	filed    int       // certificates that exist, and the number of the next
	nonces   map[string]uint64
	observed *app.Observation // of the last block
}

// openChain opens the chain in dir, or begins it.
func openChain(dir string) (*chain, error) {
	db, err := engine.Open(dir, engine.Options{})
	if err != nil {
		return nil, err
	}
	c := &chain{db: db, opened: time.Now(), nonces: map[string]uint64{}}
	version, _ := db.Version()
	c.height = int64(version)
	c.base = c.timeOf(c.height)
	if c.App, err = app.New(db, app.Options{Clock: c.clock, Observer: c}); err != nil {
		return nil, err
	}
	if version == 0 {
		return c, c.begin()
	}
	return c, c.resume()
}

// timeOf is the time of a block: they are a second apart, however long they take.
func (*chain) timeOf(height int64) time.Time {
	return apptest.Begin.Add(time.Duration(height) * time.Second)
}

// clock goes as a clock does, from the time of the last block.
func (c *chain) clock() time.Time { return c.base.Add(time.Since(c.opened)) }

// Committed implements app.Observer.
func (c *chain) Committed(o *app.Observation) { c.observed = o }

func (c *chain) begin() error {
	raw, err := json.Marshal(apptest.Genesis(1, 4))
	if err != nil {
		return err
	}
	_, err = c.InitChain(context.Background(), &abci.RequestInitChain{
		Time: apptest.Begin, ChainId: apptest.Chain, InitialHeight: 1, AppStateBytes: raw,
	})
	return err
}

// resume finds out how far the chain had come.
func (c *chain) resume() error {
	r, err := c.View(0)
	if err != nil {
		return err
	}
	for _, id := range certifiers {
		w, err := tx.Nonces(r, apptest.Key(id+"/certifier").Public().Bytes())
		if err != nil {
			return err
		}
		c.nonces[id] = w.Highest()
	}
	for step := 1 << 30; step > 0; step /= 2 { // they are numbered without gaps
		ok, err := exists(r, number(c.filed+step-1))
		if err != nil {
			return err
		}
		if ok {
			c.filed += step
		}
	}
	return nil
}

// block makes the next block of txs.
func (c *chain) block(txs [][]byte) *abci.RequestFinalizeBlock {
	height := c.height + 1
	hash := sm3.Sum(fmt.Append(nil, height)) // no two blocks of a height are made
	return &abci.RequestFinalizeBlock{Txs: txs, Height: height, Time: c.timeOf(height), Hash: hash[:]}
}

// finish finalizes a block and commits it.
func (c *chain) finish(b *abci.RequestFinalizeBlock) (*abci.ResponseFinalizeBlock, error) {
	res, err := c.FinalizeBlock(context.Background(), b)
	if err != nil {
		return nil, err
	}
	if _, err := c.Commit(context.Background(), &abci.RequestCommit{}); err != nil {
		return nil, err
	}
	c.height = b.Height
	return res, nil
}

// Of the blocks that build the state.
const (
	buildRecords = 1000 // per transaction
	buildTxs     = 20   // per block
)

// grow files certificates until n exist.
func (c *chain) grow(n int, out io.Writer) error {
	start, missing := time.Now(), n-c.filed
	var spent time.Duration
	for c.filed < n {
		var txs [][]byte
		for i := 0; i < buildTxs && c.filed < n; i++ {
			txs = append(txs, c.issue(certifiers[i%len(certifiers)], min(buildRecords, n-c.filed)))
		}
		begin := time.Now()
		res, err := c.finish(c.block(txs))
		if err != nil {
			return err
		}
		spent += time.Since(begin)
		if err := accepted(res, len(txs)); err != nil {
			return err
		}
	}
	if missing <= 0 {
		fmt.Fprintf(out, "%d certificates exist already\n", c.filed)
		return nil
	}
	fmt.Fprintf(out, "%d certificates built in %.1f s, of which %.1f s in blocks: %.0f records/s\n",
		missing, time.Since(start).Seconds(), spent.Seconds(), float64(missing)/spent.Seconds())
	return nil
}

// accepted returns an error unless all n transactions did all that they were to.
func accepted(res *abci.ResponseFinalizeBlock, n int) error {
	if len(res.TxResults) != n {
		return fmt.Errorf("%d results of %d transactions", len(res.TxResults), n)
	}
	for i, r := range res.TxResults {
		if r.Code != 0 || r.Log != "" {
			return fmt.Errorf("transaction %d is refused: code %d: %s", i, r.Code, r.Log)
		}
	}
	return nil
}
