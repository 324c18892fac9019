package node_test

import (
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hallmark-ledger/hallmark/node"
)

// Each way in which a home will not do has its own error, which says what to do.
func TestDoesNotStart(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	n := start(t, home)
	n.await(3)
	n.stop(home)
	genesis := filepath.Join("config", "genesis.json")
	for _, c := range []struct {
		name  string
		spoil func(t *testing.T, home string)
		kind  error
		words []string
	}{
		{"no file", remove("config/hallmark.toml"), node.ErrHome, []string{"hallmark.toml", "hallmarkd init"}},
		{"no node key", remove("config/node_key.json"), node.ErrHome, []string{"node_key.json", "backup"}},
		{"no validator key", remove("config/validator_key.json"), node.ErrHome, []string{"validator_key.json"}},
		{"no validator state", remove("data/validator_state.json"), node.ErrHome, []string{"validator_state.json", "signed last", "older copy"}},
		{"validator key is not JSON", replace("config/validator_key.json", "", "x"), node.ErrHome, []string{"validator_key.json"}},
		{"no genesis", remove(genesis), node.ErrGenesis, []string{"genesis.json"}},
		{"genesis is not JSON", replace(genesis, "{", "["), node.ErrGenesis, []string{"genesis.json"}},
		{"another chain", replace(genesis, `"chain_id": "hallmark-test"`, `"chain_id": "hallmark-other"`), node.ErrGenesis, []string{"hallmark-test", "hallmark-other"}},
		{"another genesis", replace(genesis, "Institution cqc", "Institution CQC"), node.ErrGenesis, []string{"not the one that the data was made with"}},
		{"no blocks", remove("data/blockstore.db"), node.ErrState, []string{"the blocks end at 0", "all of the data folder but validator_state.json"}},
		{"no CometBFT state", remove("data/state.db"), node.ErrState, nil},
		{"damaged state", damage, node.ErrState, []string{"cannot be opened", "all of the data folder but validator_state.json"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			copied := filepath.Join(t.TempDir(), "home")
			if err := os.CopyFS(copied, os.DirFS(home)); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(filepath.Join(copied, "config", "seal_key.pem"), 0o600); err != nil {
				t.Fatal(err)
			}
			c.spoil(t, copied)
			says(t, tryStart(t, copied), c.kind, c.words...)
		})
	}
	// The original is unharmed.
	n = start(t, home)
	n.await(4)
	n.stop(home)
}

// tryStart returns why a node does not start.
func tryStart(t *testing.T, home string) error {
	t.Helper()
	c, err := node.Load(home)
	if err != nil {
		return err
	}
	n, err := node.New(t.Context(), c, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	if err := n.Start(); err != nil {
		_ = n.Stop()
		return err
	}
	return n.Stop()
}

func remove(path string) func(*testing.T, string) {
	return func(t *testing.T, home string) {
		if err := os.RemoveAll(filepath.Join(home, path)); err != nil {
			t.Fatal(err)
		}
	}
}

func replace(path, from, to string) func(*testing.T, string) {
	return func(t *testing.T, home string) {
		path := filepath.Join(home, path)
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(raw), from) {
			t.Fatalf("%s has no %s", path, from)
		}
		if err := os.WriteFile(path, []byte(strings.Replace(string(raw), from, to, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// damage cuts the newest file of the database of values.
func damage(t *testing.T, home string) {
	files, err := filepath.Glob(filepath.Join(home, "data/state/values/MANIFEST-*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		if err := os.Truncate(f, 3); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSecondInstance(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	n := start(t, home)
	defer n.stop(home)
	n.await(1)
	says(t, tryStart(t, home), node.ErrLocked, home, "stop it first")
	_, err := load(t, home).Export(0, "hallmark-2")
	says(t, err, node.ErrLocked)
}

func TestPortInUse(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	c := load(t, home)
	for key, address := range map[string]string{
		"p2p.listen": c.P2P.Listen, "rpc.listen": c.RPC.Listen, "api.listen": c.API.Listen, "metrics.listen": c.Metrics.Listen,
	} {
		l, err := net.Listen("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		says(t, tryStart(t, home), node.ErrPort, key, address, "in use")
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
