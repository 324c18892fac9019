package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/app/apptest"
	"github.com/hallmark-ledger/hallmark/crypto/keystore"
	"github.com/hallmark-ledger/hallmark/node"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// followed is a node whose headers can be followed.
type followed struct {
	*node.Node
	home, api, rpc string
}

// addresses are settings of places that nobody listens at.
func addresses(t *testing.T) []string {
	t.Helper()
	set := []string{"metrics.listen="}
	for _, name := range []string{"p2p", "rpc", "api"} {
		address, err := freeAddress()
		if err != nil {
			t.Fatal(err)
		}
		set = append(set, name+".listen="+address)
	}
	return set
}

// follow starts the node of a home.
func follow(t *testing.T, home string) *followed {
	t.Helper()
	c, err := node.Load(home, addresses(t)...)
	if err != nil {
		t.Fatal(err)
	}
	f := &followed{home: home, api: "http://" + c.API.Listen, rpc: "http://" + c.RPC.Listen}
	if f.Node, err = node.New(context.Background(), c, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Stop() })
	if err := f.Start(); err != nil {
		t.Fatal(err)
	}
	return f
}

func newFollowed(t *testing.T) *followed {
	t.Helper()
	home := filepath.Join(t.TempDir(), "home")
	if err := os.WriteFile(home+".pass", []byte(passphrase), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := node.InitHome(home, node.InitOptions{
		ChainID: apptest.Chain, Member: "cnca", Iterations: keystore.MinIterations, State: apptest.Genesis(1, 0),
		Passphrase: func(keystore.Request) ([]byte, error) { return []byte(passphrase), nil },
		Settings: append(addresses(t), "node.name=val-00", "consensus.timeout_commit=10ms", "consensus.heartbeat=1s",
			"seal.passphrase_file="+home+".pass"),
	})
	if err != nil {
		t.Fatal(err)
	}
	return follow(t, home)
}

// do has messages in a block, which is sealed, as the next three are.
func (f *followed) do(t *testing.T, nonce uint64, m *txv1.Message) {
	t.Helper()
	raw := apptest.Draft{Nonce: nonce, Expiry: time.Now().Add(time.Hour), Keys: []string{"cqc/certifier", "cqc/approver"}, Messages: []*txv1.Message{m}}.Sign()
	if err := f.Submit(t.Context(), raw); err != nil {
		t.Fatal(err)
	}
	_, from := f.Heights()
	for deadline := time.Now().Add(30 * time.Second); f.Seals().Newest() < from+3; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("no blocks")
		}
	}
}

// TestVerifyConnected verifies by headers: by number and by file, from a hash, from
// a card, and from what was kept.
func TestVerifyConnected(t *testing.T) {
	const number = "00117Q20001R0M"
	n, p := newFollowed(t), newPerson(t)
	n.do(t, 1, apptest.Issue(number, civil.DateOf(time.Now())))
	target, err := url.Parse(n.rpc)
	if err != nil {
		t.Fatal(err)
	}
	other := httptest.NewServer(httputil.NewSingleHostReverseProxy(target))
	defer other.Close()
	first, err := n.Block(2)
	if err != nil {
		t.Fatal(err)
	}
	hash := fmt.Sprintf("%X", first.Hash)
	with := func(more ...string) []string {
		return append([]string{"verify", number, "--issuer", apptest.CQC, "--node", n.api, "--connected", "--primary", n.rpc, "--witness", other.URL}, more...)
	}
	says := func(out string, words ...string) {
		t.Helper()
		for _, w := range words {
			if !strings.Contains(out, w) {
				t.Errorf("%q is not in:\n%s", w, out)
			}
		}
	}
	for _, args := range [][]string{
		with(), // of which chain?
		{"verify", number, "--primary", n.rpc},
		{"verify", number, "--connected", "--chain-id", apptest.Chain, "--primary", n.rpc},
		with("--chain-id", apptest.Chain, "--trust-height", "2"),
		with("--chain-id", apptest.Chain, "--trust-height", "2", "--trust-hash", "AB"),
		with("--chain-id", apptest.Chain, "--witness", n.rpc, "--trust-height", "2", "--trust-hash", hash),
		with("--chain-id", apptest.Chain, "--trust-period", "-1h"),
	} {
		p.run(exitUsage, args...)
	}
	says(p.run(exitUnknown, with("--chain-id", apptest.Chain)...), "NOT ESTABLISHED", "nothing to start from")
	says(p.run(exitUnknown, with("--chain-id", apptest.Chain, "--trust-height", "3", "--trust-hash", hash)...), "NOT ESTABLISHED")
	// From a hash; then from what was kept, for a file that has a proof.
	at := []string{"--chain-id", apptest.Chain, "--trust-height", "2", "--trust-hash", hash}
	says(p.run(exitDone, with(at...)...), "ESTABLISHED", "Header: chain "+apptest.Chain, "not sealed", "Witnesses that agree: "+other.URL)
	if _, err := os.Stat(filepath.Join(p.home, ".hallmark", "headers-"+apptest.Chain)); err != nil {
		t.Error(err)
	}
	file := filepath.Join(p.home, "one.hmb")
	p.run(exitDone, "prove", number, "--issuer", apptest.CQC, "--node", n.api, "--out", file)
	out := p.run(exitDone, "--json", "verify", file, "--connected", "--chain-id", apptest.Chain, "--primary", n.rpc, "--witness", other.URL)
	var v struct {
		Outcome   string
		Connected bool
		Header    struct{ Witnesses []string }
		Seal      any
	}
	if err := json.Unmarshal([]byte(out), &v); err != nil || v.Outcome != "holds" || !v.Connected || len(v.Header.Witnesses) != 1 || v.Seal != nil {
		t.Errorf("%v: %s", err, out)
	}
	// From a card, whose validators have sealed what the bundle has.
	p.run(exitDone, "card", "draft", "--node", n.api, "--out", filepath.Join(p.home, "c.hmcard"))
	card := []string{"--card", filepath.Join(p.home, "c.hmcard"), "--headers", filepath.Join(p.home, "fresh")}
	says(p.run(exitDone, with(card...)...), "ESTABLISHED")
	says(p.run(exitDone, with(append(card, "--lang", "zh")...)...), "结论：已证实", "区块头：")
	// What a node says of a number, and does not prove, is no outcome.
	says(p.run(exitUnknown, "verify", "00117Q99999R0M", "--node", n.api, "--connected", "--chain-id", apptest.Chain, "--primary", n.rpc, "--witness", other.URL), "--claim absent")
	says(p.run(exitDone, "verify", "00117Q99999R0M", "--claim", "absent", "--node", n.api, "--connected", "--chain-id", apptest.Chain, "--primary", n.rpc, "--witness", other.URL), "ESTABLISHED")
	n.do(t, 2, apptest.Suspend(number, civil.DateOf(time.Now())))
	says(p.run(int(1), with("--chain-id", apptest.Chain)...), "DOES NOT HOLD")
	says(p.run(exitUnknown, with("--chain-id", apptest.Chain, "--max-age", "1ms")...), "The block is older than you allow")
}

// TestVerifyFork: two chains of one validator; the command says so and leaves the
// evidence.
func TestVerifyFork(t *testing.T) {
	const number = "00117Q20001R0M"
	n, p := newFollowed(t), newPerson(t)
	n.do(t, 1, apptest.Issue(number, civil.DateOf(time.Now())))
	first, err := n.Block(2)
	if err != nil {
		t.Fatal(err)
	}
	if err := n.Stop(); err != nil {
		t.Fatal(err)
	}
	there := filepath.Join(t.TempDir(), "home")
	if err := os.CopyFS(there, os.DirFS(n.home)); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"seal_key.pem", "validator_key.json", "node_key.json"} {
		if err := os.Chmod(filepath.Join(there, "config", key), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	here, fork := follow(t, n.home), follow(t, there)
	here.do(t, 2, apptest.Suspend(number, civil.DateOf(time.Now())))
	fork.do(t, 2, apptest.Issue("00117Q20002R0M", civil.DateOf(time.Now())))
	args := []string{
		"verify", number, "--issuer", apptest.CQC, "--node", fork.api, "--connected", "--chain-id", apptest.Chain,
		"--primary", fork.rpc, "--witness", here.rpc, "--trust-height", "2", "--trust-hash", fmt.Sprintf("%X", first.Hash),
	}
	if out := p.run(exitUnknown, args...); !strings.Contains(out, "FORK DETECTED") || strings.Contains(out, "Outcome") {
		t.Error(out)
	}
	var v struct{ Code, Evidence, Outcome string }
	out := p.run(exitUnknown, append([]string{"--json"}, args...)...)
	if err := json.Unmarshal([]byte(out), &v); err != nil || v.Code != "fork-detected" || v.Outcome != "" {
		t.Errorf("%v: %s", err, out)
	}
	raw, err := os.ReadFile(v.Evidence)
	if err != nil || !json.Valid(raw) || !strings.Contains(string(raw), "hallmark/fork-evidence/v1") {
		t.Error(err, string(raw))
	}
}
