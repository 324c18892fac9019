package node_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/app/apptest"
	"github.com/hallmark-ledger/hallmark/crypto/keystore"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/node"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/civil"
	"github.com/hallmark-ledger/hallmark/x/tx"
)

const wait = 20 * time.Second // for what takes well under one

func pass(keystore.Request) ([]byte, error) { return []byte("a pass phrase of tests"), nil }

// newHome makes the home of the one validator of a new chain, on free ports.
func newHome(t testing.TB, settings ...string) string {
	t.Helper()
	home := filepath.Join(t.TempDir(), "home")
	_, err := node.InitHome(home, options(settings...))
	if err != nil {
		t.Fatal(err)
	}
	return home
}

func options(settings ...string) node.InitOptions {
	all := []string{
		"node.name=val-00", "consensus.timeout_commit=10ms", "consensus.heartbeat=1s", "consensus.timeout_propose=200ms", "consensus.timeout_vote=100ms",
		"log.modules=consensus:error",
		"p2p.listen=" + freeAddress(), "rpc.listen=" + freeAddress(), "api.listen=" + freeAddress(), "metrics.listen=" + freeAddress(),
	}
	return node.InitOptions{
		ChainID: apptest.Chain, Member: "cnca", Passphrase: pass, Iterations: keystore.MinIterations,
		Settings: append(all, settings...), State: apptest.Genesis(1, 0),
	}
}

// ports counts upwards from below those that the system gives out by itself.
var ports atomic.Uint32

func init() { ports.Store(uint32(12000 + os.Getpid()%1000*16)) }

// freeAddress returns an address that nobody listens on.
func freeAddress() string {
	for {
		address := fmt.Sprintf("127.0.0.1:%d", ports.Add(1))
		if l, err := net.Listen("tcp", address); err == nil {
			_ = l.Close()
			return address
		}
	}
}

func load(t testing.TB, home string, set ...string) *node.Config {
	t.Helper()
	c, err := node.Load(home, set...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// running is a node that was started.
type running struct {
	*node.Node
	t testing.TB
}

func start(t testing.TB, home string, options ...node.Option) running {
	t.Helper()
	n, err := node.New(t.Context(), load(t, home), slog.New(slog.DiscardHandler), options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = n.Stop() }) // where the test ended before
	if err := n.Start(); err != nil {
		t.Fatal(err)
	}
	return running{n, t}
}

// stop stops the node and checks all of the state that it left.
func (r running) stop(home string) {
	r.t.Helper()
	if err := r.Stop(); err != nil {
		r.t.Fatal(err)
	}
	checkHome(r.t, home)
}

// await waits for a height that is committed.
func (r running) await(height uint64) {
	r.t.Helper()
	wake, stop := r.Notify()
	defer stop()
	for deadline := time.After(wait); ; {
		if _, latest := r.Heights(); latest >= height {
			return
		}
		select {
		case <-wake:
		case <-deadline:
			r.t.Fatalf("height %d is not reached", height)
		}
	}
}

// awaitTx waits until a transaction is in a block, and returns the height.
func (r running) awaitTx(raw []byte) uint64 {
	r.t.Helper()
	_, height := r.Heights()
	for height = max(height, 2) - 1; ; height++ {
		r.await(height)
		b, err := r.Block(height)
		if err != nil {
			r.t.Fatal(err)
		}
		for i, t := range b.Block.Txs {
			if string(t) != string(raw) {
				continue
			}
			if res := b.Results.TxResults[i]; res.Code != 0 || res.Log != "" {
				r.t.Fatalf("the transaction failed: %d %s", res.Code, res.Log)
			}
			return height
		}
	}
}

// issue returns a transaction that issues a certificate.
func issue(number string, nonce uint64) []byte {
	return apptest.Draft{
		Nonce: nonce, Expiry: time.Now().Add(time.Hour), Keys: []string{"cqc/certifier", "cqc/approver"},
		Messages: []*txv1.Message{apptest.Issue(number, civil.DateOf(time.Now()))},
	}.Sign()
}

// id returns the id of a transaction.
func id(t testing.TB, raw []byte) sm3.Hash {
	t.Helper()
	d, err := tx.Open(raw, tx.Limits{ChainID: apptest.Chain, Bytes: 1 << 20, Messages: 1000, Signers: 16})
	if err != nil {
		t.Fatal(err)
	}
	return d.ID()
}

// checkHome checks the whole state of a home that no node runs on: an export
// reads every record, and a genesis with it is checked as a whole.
func checkHome(t testing.TB, home string) {
	t.Helper()
	if _, err := load(t, home).Export(0, "hallmark-check"); err != nil {
		t.Fatal(err)
	}
}

// says fails unless err matches kind and has every word.
func says(t testing.TB, err, kind error, words ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want one of %v", kind)
	}
	if !errors.Is(err, kind) {
		t.Fatalf("the error is of another kind than %v: %v", kind, err)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("%q is not in: %v", w, err)
		}
	}
	if !strings.ContainsFunc(err.Error(), func(r rune) bool { return r >= 0x4e00 && r < 0xa000 }) {
		t.Errorf("not in Chinese: %v", err)
	}
}

var ctx = context.Background()
