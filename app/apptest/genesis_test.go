package apptest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/vfs"
	abci "github.com/cometbft/cometbft/abci/types"

	"github.com/hallmark-ledger/hallmark/app"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/store/engine"
	"github.com/hallmark-ledger/hallmark/store/storetest"
)

// TestGenesisOfSimulation exports what a simulation has made, at the newest
// height and at one before, and begins a chain with it: its records have the same
// root, and it goes on.
func TestGenesisOfSimulation(t *testing.T) {
	for i := range uint64(3) {
		s, err := newSimulation(simulated())
		if err != nil {
			t.Fatal(err)
		}
		r := rand.New(rand.NewPCG(seed(t), 100+i))
		for range blocks(t, 40, 15) {
			if err := s.block(r); err != nil {
				t.Fatal(err)
			}
		}
		for _, back := range []int64{0, 7} {
			reborn(t, s.net, uint64(s.net.Height()-back))
		}
		if err := s.net.Close(); err != nil {
			t.Error(err)
		}
	}
}

// recordsRoot is the root of all records but the name of the chain.
func recordsRoot(t *testing.T, r store.Reader) sm3.Hash {
	t.Helper()
	m := new(storetest.Mem)
	err := r.Scan(nil, nil, func(key, value []byte) (bool, error) {
		if string(key) == "\x08c" {
			return true, nil
		}
		return true, m.Set(key, value)
	})
	if err != nil {
		t.Fatal(err)
	}
	return m.Root()
}

// reborn begins another chain with the state after a height.
func reborn(t *testing.T, net *Network, height uint64) {
	t.Helper()
	ctx := context.Background()
	before, err := net.Nodes[0].View(height)
	if err != nil {
		t.Fatal(err)
	}
	g, err := net.Nodes[0].Export(height)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(g)
	if err != nil {
		t.Fatal(err)
	}
	db, err := engine.Open("/node", engine.Options{FS: vfs.NewMem(), CacheBytes: 1 << 20, MemTableBytes: 256 << 10})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}()
	a, err := app.New(db, app.Options{Clock: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	now := net.block(int64(height)).Request.Time
	res, err := a.InitChain(ctx, &abci.RequestInitChain{ChainId: "hallmark-test-2", InitialHeight: int64(height) + 1, Time: now, AppStateBytes: raw})
	if err != nil && strings.Contains(err.Error(), "export another height") {
		return // a set of validators begins with the second block
	}
	if err != nil {
		t.Fatal(err)
	}
	comet, err := NewComet(int64(height)+1, res.Validators)
	if err != nil {
		t.Fatal(err)
	}
	for h := height + 1; h < height+30; h++ { // what waits for its height comes
		out, err := a.FinalizeBlock(ctx, &abci.RequestFinalizeBlock{Height: int64(h), Time: now, Hash: []byte{byte(h)}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := a.Commit(ctx, nil); err != nil {
			t.Fatal(err)
		}
		after, err := a.View(0)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(after.Check(after), comet.Apply(after, int64(h), out.ValidatorUpdates)); err != nil {
			t.Fatal(err)
		}
		if h > height+1 {
			continue
		}
		if !bytes.Equal(out.AppHash, res.AppHash) { // time has not moved
			if same := recordsRoot(t, before) == recordsRoot(t, after); same {
				t.Error("the records are the same, the root is not")
			}
		} else if recordsRoot(t, before) != recordsRoot(t, after) {
			t.Errorf("height %d: the records have another root", height)
		}
		again, err := a.Export(h)
		if err != nil {
			t.Fatal(err)
		}
		again.Exported = g.Exported
		if second, err := json.Marshal(again); err != nil || bytes.Equal(out.AppHash, res.AppHash) && !bytes.Equal(raw, second) {
			t.Errorf("a second export differs: %v", err)
		}
	}
}
