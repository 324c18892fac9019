package connected

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/app/apptest"
	"github.com/hallmark-ledger/hallmark/client"
	"github.com/hallmark-ledger/hallmark/crypto/keystore"
	"github.com/hallmark-ledger/hallmark/light"
	"github.com/hallmark-ledger/hallmark/node"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

const (
	good = "00117Q20001R0M" // issued
	bad  = "00117Q20002R0M" // issued, and suspended later
)

func pass(keystore.Request) ([]byte, error) { return []byte("a pass phrase of tests"), nil }

// ports counts upwards from below those that the system gives out by itself.
var ports atomic.Uint32

func init() { ports.Store(uint32(10000 + os.Getpid()%1000*16)) }

func freeAddress() string {
	for {
		address := fmt.Sprintf("127.0.0.1:%d", ports.Add(1))
		if l, err := net.Listen("tcp", address); err == nil {
			_ = l.Close()
			return address
		}
	}
}

// places are settings of addresses that nobody listens on.
func places() []string {
	var set []string
	for _, name := range []string{"p2p", "rpc", "api"} {
		set = append(set, name+".listen="+freeAddress())
	}
	return append(set, "metrics.listen=")
}

// network is a node that is the one validator of a chain.
type network struct {
	*node.Node
	t    testing.TB
	home string
	rpc  string // address
	api  *client.Client
	day  civil.Date
}

// newNetwork starts a new chain, whose blocks without transactions are far apart if
// idle.
func newNetwork(t testing.TB, idle bool) *network {
	t.Helper()
	home, beat := filepath.Join(t.TempDir(), "home"), "1s"
	if idle {
		beat = "1h"
	}
	_, err := node.InitHome(home, node.InitOptions{
		ChainID: apptest.Chain, Member: "cnca", Passphrase: pass, Iterations: keystore.MinIterations,
		Settings: append(places(),
			"node.name=val-00", "consensus.timeout_commit=10ms", "consensus.heartbeat="+beat, "consensus.timeout_propose=200ms", "consensus.timeout_vote=100ms",
			"log.modules=consensus:error", "api.read_rate=0",
		),
		State: apptest.Genesis(1, 0),
	})
	if err != nil {
		t.Fatal(err)
	}
	return start(t, home)
}

// start starts the node of a home.
func start(t testing.TB, home string, set ...string) *network {
	t.Helper()
	c, err := node.Load(home, set...)
	if err != nil {
		t.Fatal(err)
	}
	n := &network{t: t, home: home, rpc: "http://" + c.RPC.Listen, day: civil.DateOf(time.Now())}
	if n.Node, err = node.New(context.Background(), c, slog.New(slog.DiscardHandler), node.SealPassphrase(pass)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = n.Stop() })
	if err := n.Start(); err != nil {
		t.Fatal(err)
	}
	if n.api, err = client.New([]string{"http://" + c.API.Listen}, client.Options{}); err != nil {
		t.Fatal(err)
	}
	return n
}

// copyHome copies the home of a node that does not run.
func copyHome(t testing.TB, home string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "home")
	if err := os.CopyFS(to, os.DirFS(home)); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"seal_key.pem", "validator_key.json", "node_key.json"} {
		if err := os.Chmod(filepath.Join(to, "config", key), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return to
}

func (n *network) height() uint64 {
	_, latest := n.Heights()
	return latest
}

// await waits for a height that is committed and sealed.
func (n *network) await(height uint64) {
	n.t.Helper()
	for deadline := time.Now().Add(30 * time.Second); n.height() < height || n.Seals().Newest() < height; {
		if time.Now().After(deadline) {
			n.t.Fatalf("height %d, sealed %d; waiting for %d", n.height(), n.Seals().Newest(), height)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// do has messages of the body in a block, which is sealed, and returns its height.
func (n *network) do(nonce uint64, messages ...*txv1.Message) uint64 {
	n.t.Helper()
	raw := apptest.Draft{Nonce: nonce, Expiry: time.Now().Add(time.Hour), Keys: []string{"cqc/certifier", "cqc/approver"}, Messages: messages}.Sign()
	from := max(n.height(), 1)
	if err := n.Submit(n.t.Context(), raw); err != nil {
		n.t.Fatal(err)
	}
	for h := from; ; h++ {
		n.await(h)
		b, err := n.Block(h)
		if err != nil {
			n.t.Fatal(err)
		}
		for i, tx := range b.Block.Txs {
			if string(tx) == string(raw) {
				if res := b.Results.TxResults[i]; res.Code != 0 || res.Log != "" {
					n.t.Fatalf("refused: %d %s", res.Code, res.Log)
				}
				return h
			}
		}
	}
}

func (n *network) issue(nonce uint64, numbers ...string) uint64 {
	n.t.Helper()
	var list []*txv1.Message
	for _, number := range numbers {
		list = append(list, apptest.Issue(number, n.day))
	}
	return n.do(nonce, list...)
}

func (n *network) suspend(nonce uint64, number string) uint64 {
	n.t.Helper()
	return n.do(nonce, apptest.Suspend(number, n.day))
}

// bundle gets the bundle of a claim from the node's API.
func (n *network) bundle(c light.Claim) []byte {
	n.t.Helper()
	raw, err := []byte(nil), error(nil)
	switch c.Kind {
	case light.Absent:
		raw, err = n.api.AbsenceBundle(n.t.Context(), c.Number)
	case light.OnDate:
		raw, err = n.api.Bundle(n.t.Context(), c.Issuer, c.Number, client.OnDateClaim(c.Date.String()))
	default:
		raw, err = n.api.Bundle(n.t.Context(), c.Issuer, c.Number, client.Claim(c.Kind.String()))
	}
	if err != nil {
		n.t.Fatal(err)
	}
	return raw
}

func valid(number string) light.Claim { return light.Claim{Issuer: apptest.CQC, Number: number} }

// trust returns the block of a height, as somebody trusted would give it.
func (n *network) trust(height uint64) *Trust {
	n.t.Helper()
	b, err := n.Block(height)
	if err != nil {
		n.t.Fatal(err)
	}
	return &Trust{height, [32]byte(b.Hash)}
}

// config follows a chain in a new folder, without much patience.
func (n *network) config(trust *Trust, primary string, witnesses ...string) Config {
	return Config{
		ChainID: apptest.Chain, Dir: filepath.Join(n.t.TempDir(), "headers"), Trust: trust, Primary: primary, Witnesses: witnesses,
		Wait: time.Millisecond, Patience: time.Millisecond, Drift: 500 * time.Millisecond,
	}
}

// honest is a second way to a node, as the address of a node of its own.
func honest(n *network) string { return newProxy(n.t, n.rpc).URL }

// verify is what a verifier says who opens the folder for one claim.
func verify(t testing.TB, c Config, bundle []byte, claim light.Claim, limits light.Limits, now time.Time) (*light.Verdict, error) {
	t.Helper()
	k, err := Open(t.Context(), c, now)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err := k.Close(); err != nil {
			t.Error(err)
		}
	}()
	return k.Verify(t.Context(), bundle, claim, limits, now)
}

// outcome is the verdict's outcome and its first reason, or that of the error.
func outcome(v *light.Verdict, err error) string {
	switch e := err.(type) {
	case nil:
		return v.Outcome.String() + " " + v.Reasons[0].Code
	case *Error:
		return "error " + e.Reason.Code
	case *Attack:
		return "fork"
	}
	return err.Error()
}
