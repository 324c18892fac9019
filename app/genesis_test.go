package app_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"

	"github.com/hallmark-ledger/hallmark/app"
	"github.com/hallmark-ledger/hallmark/app/apptest"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/store/engine"
)

// records returns all entries of the modules: all but the application's own.
func records(t *testing.T, r store.Reader) (list []store.Change) {
	t.Helper()
	err := r.Scan(nil, nil, func(key, value []byte) (bool, error) {
		if key[0] != 8 {
			list = append(list, store.Change{Key: bytes.Clone(key), Value: bytes.Clone(value)})
		}
		return true, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestExport(t *testing.T) {
	c := newChain(t)
	c.ok(issue(1, "A1", "A2"))
	c.ok(propose(1, suspendMember("cqm")), apptest.Draft{Nonce: 2, Keys: []string{"cqc/certifier", "cqc/approver"}, Messages: []*txv1.Message{apptest.Suspend("A1", today)}}.Sign())
	c.ok()
	before, err := c.View(2)
	if err != nil {
		t.Fatal(err)
	}
	c.ok(issue(3, "A3"))

	g, err := c.Export(2)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(g)
	if err != nil {
		t.Fatal(err)
	}
	req := &abci.RequestInitChain{ChainId: "hallmark-test-2", InitialHeight: 3, Time: c.now, AppStateBytes: raw}
	db, err := engine.Open(t.TempDir(), engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	a, err := app.New(db, app.Options{Clock: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	res, err := a.InitChain(ctx, req)
	if err != nil {
		t.Fatal(err)
	}
	if len(res.Validators) != 4 {
		t.Errorf("%d validators", len(res.Validators))
	}
	out, err := a.FinalizeBlock(ctx, &abci.RequestFinalizeBlock{Height: 3, Time: c.now, Hash: []byte{1}})
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(out.AppHash, res.AppHash) {
		t.Error("the first block is empty and changes the root")
	}
	if _, err := a.Commit(ctx, nil); err != nil {
		t.Fatal(err)
	}
	after, err := a.View(0)
	if err != nil {
		t.Fatal(err)
	}
	want, got := records(t, before), records(t, after)
	if !slices.EqualFunc(want, got, func(a, b store.Change) bool { return bytes.Equal(a.Key, b.Key) && bytes.Equal(a.Value, b.Value) }) {
		t.Errorf("%d records became %d others", len(want), len(got))
	}
	again, err := a.Export(3)
	if err != nil {
		t.Fatal(err)
	}
	again.Exported = g.Exported
	if second, err := json.Marshal(again); err != nil || !bytes.Equal(raw, second) {
		t.Errorf("a second export differs: %v", err)
	}
	if _, err := a.Export(2); err == nil {
		t.Error("a height that is not there was exported")
	}
}

func TestBadGenesis(t *testing.T) {
	for _, c := range []struct {
		want string // part of the error
		edit func(*app.Genesis, *abci.RequestInitChain)
	}{
		{"", func(*app.Genesis, *abci.RequestInitChain) {}},
		{"chain_id", func(_ *app.Genesis, r *abci.RequestInitChain) { r.ChainId = "" }},
		{"possession", func(_ *app.Genesis, r *abci.RequestInitChain) { r.ChainId = "another" }},
		{"initial_height", func(_ *app.Genesis, r *abci.RequestInitChain) { r.InitialHeight = 0 }},
		{"begins at initial_height, 2", func(_ *app.Genesis, r *abci.RequestInitChain) { r.InitialHeight = 2 }},
		{"after its end", func(_ *app.Genesis, r *abci.RequestInitChain) { r.AppStateBytes = append(r.AppStateBytes, '1') }},
		{"unknown field", func(_ *app.Genesis, r *abci.RequestInitChain) { r.AppStateBytes = []byte(`{"x":1}`) }},
		{"never used", func(g *app.Genesis, _ *abci.RequestInitChain) { g.Exported = &app.Exported{ChainID: apptest.Chain} }},
		{"begins at 9", func(g *app.Genesis, _ *abci.RequestInitChain) {
			g.Exported = &app.Exported{ChainID: "another", Height: 8}
		}},
		{"no member is an active regulator", func(g *app.Genesis, _ *abci.RequestInitChain) {
			for i := range g.Member.Members {
				if slices.Contains(apptest.Regulators, g.Member.Members[i].ID) {
					g.Member.Members[i].Status = 2
				}
			}
		}},
		{"which may not run one", func(g *app.Genesis, _ *abci.RequestInitChain) { g.Member.Members[0].Status = 2 }},
		{"tx: windows[0]", func(g *app.Genesis, _ *abci.RequestInitChain) {
			g.Tx.Windows = append(g.Tx.Windows, struct {
				Key    string `json:"key"`
				Window string `json:"window"`
			}{"00", "00"})
		}},
		{"ed25519", func(_ *app.Genesis, r *abci.RequestInitChain) { r.ConsensusParams.Validator.PubKeyTypes = nil }},
		{"max_bytes", func(_ *app.Genesis, r *abci.RequestInitChain) { r.ConsensusParams.Block.MaxBytes = 1 << 20 }},
		{"max_gas", func(_ *app.Genesis, r *abci.RequestInitChain) { r.ConsensusParams.Block.MaxGas = 7 }},
		{"vote_extensions", func(_ *app.Genesis, r *abci.RequestInitChain) {
			r.ConsensusParams.Abci.VoteExtensionsEnableHeight = 2
		}},
		{"lacks", func(_ *app.Genesis, r *abci.RequestInitChain) { r.Validators[0].Power = 9 }},
		{"list has 5, app_state 4", func(_ *app.Genesis, r *abci.RequestInitChain) { r.Validators = append(r.Validators, r.Validators[0]) }},
	} {
		db, err := engine.Open(t.TempDir(), engine.Options{})
		if err != nil {
			t.Fatal(err)
		}
		a, err := app.New(db, app.Options{Clock: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		if res, err := a.CheckTx(ctx, &abci.RequestCheckTx{}); err != nil || res.Code != 900 {
			t.Errorf("CheckTx before the chain begins: %v, %v", res, err)
		}
		if _, err := a.FinalizeBlock(ctx, &abci.RequestFinalizeBlock{Height: 1}); err == nil {
			t.Error("a block before the chain begins is executed")
		}
		g := apptest.Genesis(1, 4)
		req := initRequest(t, g)
		res, err := a.InitChain(ctx, req)
		if err != nil {
			t.Fatal(err)
		}
		req.Validators = res.Validators
		slices.Reverse(req.Validators)
		c.edit(g, req)
		if g.Exported != nil || g.Member.Members[0].Status != 1 || g.Tx.Windows != nil {
			req.AppStateBytes = initRequest(t, g).AppStateBytes
		}
		if _, err = a.InitChain(ctx, req); c.want == "" && err != nil || err == nil && c.want != "" || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestNew(t *testing.T) {
	db, err := engine.Open(t.TempDir(), engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := app.New(db, app.Options{}); err == nil {
		t.Error("without a clock")
	}
	stage, err := db.Stage(3, []store.Change{{Key: []byte{3}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := stage.Commit(); err != nil {
		t.Fatal(err)
	}
	if _, err := app.New(db, app.Options{Clock: time.Now}); err == nil {
		t.Error("on another store")
	}
}
