package sealer_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/app"
	"github.com/hallmark-ledger/hallmark/app/apptest"
	"github.com/hallmark-ledger/hallmark/crypto/keystore"
	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/node"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

const wait = 150 * time.Second // for what takes a few, and longer if a connection is to be found dead

func pass(keystore.Request) ([]byte, error) { return []byte("a pass phrase of tests"), nil }

// ports counts upwards from below those that the system gives out by itself.
var ports atomic.Uint32

func init() { ports.Store(uint32(14000 + os.Getpid()%1000*16)) }

func freeAddress() string {
	for {
		address := fmt.Sprintf("127.0.0.1:%d", ports.Add(1))
		if l, err := net.Listen("tcp", address); err == nil {
			_ = l.Close()
			return address
		}
	}
}

// network is nodes in this process, each connected to all others.
type network struct {
	testing.TB
	nodes []*member
	nonce atomic.Uint64
}

// member is a node, which may be stopped.
type member struct {
	*node.Node
	net     *network
	home    string
	id      node.Identity
	p2p     string
	keys    []sm2.Signer // beside those in the home
	locked  bool         // the keys in the home stay closed
	set     []string
	running bool
	stopped chan struct{} // closed before the node stops
	feeding sync.WaitGroup
}

// newNetwork makes the homes of a network of validators and full nodes, and
// starts none.
func newNetwork(t testing.TB, validators, fullNodes int, edit ...func(*app.Genesis)) *network {
	t.Helper()
	n := &network{TB: t}
	state := apptest.Genesis(1, 0)
	for _, f := range edit {
		f(state)
	}
	for i := range validators + fullNodes {
		m := &member{net: n, home: filepath.Join(t.TempDir(), "home"), p2p: freeAddress()}
		name := fmt.Sprintf("val-%02d", i)
		id, err := node.InitHome(m.home, node.InitOptions{
			ChainID: apptest.Chain, Member: apptest.Regulators[i%len(apptest.Regulators)], Passphrase: pass, Iterations: keystore.MinIterations,
			Settings: []string{
				"node.name=" + name, "consensus.timeout_commit=20ms", "consensus.heartbeat=1s", "consensus.timeout_propose=1s", "consensus.timeout_vote=200ms",
				"consensus.gossip_interval=5ms",
				"p2p.listen=" + m.p2p, "rpc.listen=", "api.listen=" + freeAddress(), "metrics.listen=", "api.read_rate=0",
				"p2p.pex=false", "p2p.strict_addresses=false", "p2p.duplicate_ip=true", "p2p.redial=1s", "log.modules=consensus:error",
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		m.id = *id
		if i < validators {
			node.AddValidator(state, name, 10, id)
		}
		n.nodes = append(n.nodes, m)
	}
	doc, err := node.NewGenesis(apptest.Chain, time.Now().Add(-time.Second), state)
	if err != nil {
		t.Fatal(err)
	}
	for i, m := range n.nodes {
		var peers []string
		for j, other := range n.nodes {
			if i != j {
				peers = append(peers, other.id.NodeID+"@"+other.p2p)
			}
		}
		m.set = []string{"p2p.persistent_peers=" + strings.Join(peers, ",")}
		if err := m.config().WriteGenesis(doc); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(n.stop)
	return n
}

func (m *member) config() *node.Config {
	m.net.Helper()
	c, err := node.Load(m.home, m.set...)
	if err != nil {
		m.net.Fatal(err)
	}
	return c
}

// start starts nodes side by side.
func (n *network) start(list ...*member) {
	n.Helper()
	if len(list) == 0 {
		list = n.nodes
	}
	var all sync.WaitGroup
	errs := make([]error, len(list))
	for i, m := range list {
		all.Go(func() { errs[i] = m.start() })
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		n.Fatal(err)
	}
}

func (m *member) start() (err error) {
	options := []node.Option{node.SealKeys(m.keys...)}
	if !m.locked {
		options = append(options, node.SealPassphrase(pass))
	}
	logger := slog.New(slog.DiscardHandler)
	if os.Getenv("SEAL_TEST_LOG") != "" {
		logger = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})).With("home", filepath.Base(filepath.Dir(m.home)))
	}
	if m.Node, err = node.New(context.Background(), m.config(), logger, options...); err != nil {
		return err
	}
	m.running, m.stopped = true, make(chan struct{})
	return m.Node.Start()
}

func (m *member) stop() {
	m.net.Helper()
	if !m.running {
		return
	}
	m.running = false
	close(m.stopped)
	m.feeding.Wait()
	if err := m.Node.Stop(); err != nil {
		m.net.Error(err)
	}
}

func (n *network) stop() {
	var all sync.WaitGroup
	for _, m := range n.nodes {
		all.Go(m.stop)
	}
	all.Wait()
}

// feed submits transactions to a node until the test ends or the node is
// stopped, so that blocks do not wait for the heartbeat.
func (m *member) feed() {
	one := m.Node
	m.feeding.Go(func() {
		for {
			nonce := m.net.nonce.Add(1)
			select {
			case <-m.net.Context().Done():
				return
			case <-m.stopped:
				return
			case <-time.After(30 * time.Millisecond):
			}
			_ = one.Submit(m.net.Context(), apptest.Draft{ // the node may be stopping
				Nonce: nonce, Expiry: time.Now().Add(time.Hour), Keys: []string{"cqc/certifier", "cqc/approver"},
				Messages: []*txv1.Message{apptest.Issue(fmt.Sprintf("N%06d", nonce), civil.DateOf(time.Now()))},
			}.Sign())
		}
	})
}

// until waits until a node is as it should be, looking again at each block and
// each seal.
func (m *member) until(what string, done func() bool) {
	m.net.Helper()
	blocks, stop := m.Notify()
	defer stop()
	seals, stopSeals := m.Seals().Notify()
	defer stopSeals()
	over := time.After(wait)
	look := time.NewTicker(100 * time.Millisecond)
	defer look.Stop()
	for !done() {
		select {
		case <-blocks:
		case <-seals:
		case <-look.C:
		case <-over:
			_, height := m.Heights()
			m.net.Fatalf("%s: not after %v; height %d, sealed %d", what, wait, height, m.Seals().Newest())
		}
	}
}

func (m *member) awaitHeight(height uint64) {
	m.net.Helper()
	m.until(fmt.Sprint("height ", height), func() bool { _, h := m.Heights(); return h >= height })
}

func (m *member) awaitSealed(height uint64) {
	m.net.Helper()
	m.until(fmt.Sprint("a seal of height ", height), func() bool { return m.Seals().Newest() >= height })
}

func (m *member) height() uint64 {
	_, h := m.Heights()
	return h
}

// checkSealed verifies the seals of heights by the keys of the genesis file, and
// that the newest sealed state can be read and has the root that the seal names.
func (m *member) checkSealed(low, high uint64) {
	m.net.Helper()
	for h := low; h <= high; h++ {
		st, sl, ok, err := m.Seals().Sealed(h)
		if err != nil || !ok {
			m.net.Fatalf("height %d has no seal: %v", h, err)
		}
		set, begin, err := m.Seals().SetOf(h)
		if err != nil {
			m.net.Fatal(err)
		}
		trust := seal.NewTrust(sm3.Sum([]byte(apptest.Chain)), st.Genesis, begin, set)
		if err := trust.Verify(st, sl); err != nil || st.Height != h {
			m.net.Fatalf("height %d: %v", h, err)
		}
	}
}

func (m *member) checkPin() {
	m.net.Helper()
	newest := m.Seals().Newest()
	st, _, ok, err := m.Seals().Sealed(newest)
	if err != nil || !ok {
		m.net.Fatalf("the newest sealed height %d has no seal: %v", newest, err)
	}
	view, err := m.View(newest)
	if err != nil {
		m.net.Fatalf("the newest sealed state cannot be read: %v", err)
	}
	if root, err := view.Root(); err != nil || root != st.State {
		m.net.Fatalf("height %d: root %s, sealed is %s (%v)", newest, root, st.State, err)
	}
}
