package node_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/app"
	"github.com/hallmark-ledger/hallmark/app/apptest"
	"github.com/hallmark-ledger/hallmark/crypto/keystore"
	"github.com/hallmark-ledger/hallmark/node"
	"github.com/hallmark-ledger/hallmark/x/certificate"
)

func TestInitRefuses(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	_, err := node.InitHome(home, options())
	says(t, err, node.ErrHome, "not empty", home)

	// Where it fails it leaves nothing, so that it can be tried again.
	empty := filepath.Join(t.TempDir(), "home")
	o := options()
	o.Member = "maker" // may not run a validator
	_, err = node.InitHome(empty, o)
	says(t, err, node.ErrGenesis, "maker")
	if _, err := os.Stat(empty); !os.IsNotExist(err) {
		t.Error("something is left behind:", err)
	}
	_, err = node.InitHome(empty, options("p2p.lisen=1"))
	says(t, err, node.ErrConfig, "p2p.lisen", "p2p.listen")
	_, err = node.InitHome(empty, node.InitOptions{ChainID: "c", Passphrase: pass})
	says(t, err, node.ErrConfig, "member")
	if _, err := node.InitHome(empty, options()); err != nil {
		t.Error(err)
	}
}

// Secrets are readable by their owner only, and the identity that is shown later
// is the one that init returned.
func TestKeys(t *testing.T) {
	t.Parallel()
	home := filepath.Join(t.TempDir(), "home")
	made, err := node.InitHome(home, options())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []string{"node_key.json", "validator_key.json", "seal_key.pem"} {
		if s, err := os.Stat(filepath.Join(home, "config", f)); err != nil || s.Mode().Perm() != 0o600 {
			t.Error(f, s.Mode(), err)
		}
	}
	c := load(t, home)
	shown, err := c.Keys(apptest.Chain, "cnca", pass)
	if err != nil {
		t.Fatal(err)
	}
	a, b := *made, *shown
	a.Proof, b.Proof = "", "" // signatures are random
	if a != b {
		t.Errorf("%+v, want %+v", b, a)
	}
	// A new seal key has a proof that a chain accepts.
	out := filepath.Join(home, "config", "next.pem")
	next, err := c.NewSealKey(out, apptest.Chain, "cnca", pass)
	if err != nil {
		t.Fatal(err)
	}
	g := apptest.Genesis(1, 0)
	node.AddValidator(g, "val-00", 10, next)
	if _, err := node.NewGenesis(apptest.Chain, time.Now(), g); err != nil {
		t.Error(err)
	}
	if _, err := node.NewGenesis("hallmark-other", time.Now(), g); err == nil {
		t.Error("a proof for one chain is accepted on another")
	}
	if _, err := keystore.Load(out, pass); err != nil {
		t.Error(err)
	}
	_, err = c.NewSealKey(c.SealKeyFile(), apptest.Chain, "cnca", pass)
	says(t, err, node.ErrHome)
}

// An exported state begins another chain, with the same validator.
func TestExport(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	n := start(t, home)
	raw := issue("001", 1)
	if err := n.Submit(ctx, raw); err != nil {
		t.Fatal(err)
	}
	n.await(n.awaitTx(raw) + 1)
	n.stop(home)

	c := load(t, home)
	_, err := c.Export(1000, "hallmark-next")
	says(t, err, node.ErrState, "1000", "can be read from height 1")
	doc, err := c.Export(0, "hallmark-next")
	if err != nil {
		t.Fatal(err)
	}
	var g app.Genesis
	if err := json.Unmarshal(doc.AppState, &g); err != nil || g.Exported == nil || doc.InitialHeight != int64(g.Exported.Height)+1 {
		t.Fatalf("begins at %d: %+v %v", doc.InitialHeight, g.Exported, err)
	}
	for _, path := range []string{"config/genesis.json", "data"} {
		remove(path)(t, home)
	}
	if err := os.Mkdir(c.DataDir(), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(c.ValidatorStateFile(), []byte(`{"height": "0", "round": 0, "step": 0}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := c.WriteGenesis(doc); err != nil {
		t.Fatal(err)
	}
	says(t, c.WriteGenesis(doc), node.ErrHome, "exists already")
	n = start(t, home)
	n.await(uint64(doc.InitialHeight) + 1)
	r, err := n.View(0)
	if err != nil {
		t.Fatal(err)
	}
	if issuers, err := certificate.Issuers(r, "001"); err != nil || len(issuers) != 1 {
		t.Errorf("the certificate is gone: %v %v", issuers, err)
	}
	n.stop(home)
}
