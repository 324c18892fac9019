package testnet

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/cli"
	"github.com/hallmark-ledger/hallmark/testnet/generate"
	"github.com/hallmark-ledger/hallmark/testnet/runner"
)

// TestConnected follows the headers of four validators, each a process, with
// hallmark verify --connected: from one of them and two others as witnesses, also
// while one is dead, and when it is the one that headers came from.
func TestConnected(t *testing.T) {
	if testing.Short() {
		t.Skip("runs four nodes")
	}
	t.Setenv("HOME", t.TempDir())
	net, _, err := Up(t.Context(), filepath.Join(t.TempDir(), "net"), generate.Options{}, runner.Options{
		Env: []string{asNode + "=1"}, Set: []string{"consensus.timeout_commit=100ms", "consensus.heartbeat=1s"},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := net.Close(); err != nil {
			t.Error(err)
		}
	}()
	if err := net.Nodes[0].Reach(t.Context(), 4); err != nil {
		t.Fatal(err)
	}
	start, err := net.Nodes[3].Client.Block(t.Context(), 2)
	if err != nil {
		t.Fatal(err)
	}
	headers := filepath.Join(t.TempDir(), "headers")
	verify := func(what string, from, witnesses int, more ...string) {
		t.Helper()
		args := []string{
			"--json", "--node", net.Nodes[1].URL(), "verify", "00199Q00001R0M", "--claim", "absent", "--connected", "--chain-id", net.ChainID,
			"--headers", headers, "--primary", "http://" + net.Nodes[from].RPC,
		}
		for i, n := range net.Nodes[:3] {
			if i != from {
				args = append(args, "--witness", "http://"+n.RPC)
			}
		}
		begin := time.Now()
		var out bytes.Buffer
		code := cli.Run(t.Context(), append(args, more...), os.Stdin, &out, &out, os.Getenv)
		var v struct {
			Header struct {
				Height    uint64
				Witnesses []string
			}
		}
		if err := json.Unmarshal(out.Bytes(), &v); err != nil || code != 0 || len(v.Header.Witnesses) < witnesses {
			t.Errorf("%s: exit code %d, %v\n%s", what, code, err, out.Bytes())
		}
		t.Logf("%s: height %d, witnesses %v, %v", what, v.Header.Height, v.Header.Witnesses, time.Since(begin).Round(time.Millisecond))
	}
	verify("at first", 0, 2, "--trust-height", strconv.FormatUint(start.Height, 10), "--trust-hash", start.Hash)
	if err := net.Nodes[0].Kill(); err != nil { // more rounds than one from now on
		t.Fatal(err)
	}
	height, err := net.Nodes[1].Client.Block(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := net.Nodes[1].Reach(t.Context(), height.Height+4); err != nil {
		t.Fatal(err)
	}
	verify("the primary is dead", 0, 1)
	verify("a witness is dead", 1, 1)
	if err := net.Nodes[0].Start(); err != nil {
		t.Fatal(err)
	}
	if err := net.Nodes[0].Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(100 * time.Millisecond) {
		a, err := net.Nodes[0].Client.Status(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		b, err := net.Nodes[1].Client.Status(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if a.Height+1 >= b.Height {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("heights %d and %d", a.Height, b.Height)
		}
	}
	verify("it is back", 0, 2)
}
