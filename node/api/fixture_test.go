package api_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	cmttypes "github.com/cometbft/cometbft/types"

	wire "github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/app"
	"github.com/hallmark-ledger/hallmark/app/apptest"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/node/api"
	"github.com/hallmark-ledger/hallmark/node/txindex"
	"github.com/hallmark-ledger/hallmark/store/engine"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

var today = civil.DateOf(apptest.Begin)

// node is a node without a network: the real application on a real store, and
// blocks that the test decides on. It implements api.Backend and txindex.Source.
type node struct {
	*testing.T
	app *app.App
	db  *engine.DB

	committing sync.Mutex // held while a block is made

	mu       sync.Mutex
	now      time.Time
	latest   uint64
	earliest uint64
	blocks   map[uint64]*api.BlockData
	mempool  map[sm3.Hash][]byte
	full     bool // the mempool
	waiting  map[chan struct{}]struct{}
}

// newNode starts a chain at height 1, with four validators.
func newNode(t *testing.T) *node {
	t.Helper()
	n := &node{T: t, now: apptest.Begin, blocks: map[uint64]*api.BlockData{}, mempool: map[sm3.Hash][]byte{}, waiting: map[chan struct{}]struct{}{}}
	db, err := engine.Open(filepath.Join(t.TempDir(), "state"), engine.Options{Retain: 8})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	a, err := app.New(db, app.Options{Clock: n.time})
	if err != nil {
		t.Fatal(err)
	}
	n.app, n.db = a, db
	raw, err := json.Marshal(apptest.Genesis(1, 4))
	if err != nil {
		t.Fatal(err)
	}
	_, err = a.InitChain(context.Background(), &abci.RequestInitChain{
		Time: apptest.Begin, ChainId: apptest.Chain, InitialHeight: 1, AppStateBytes: raw,
		ConsensusParams: &cmtproto.ConsensusParams{
			Block: &cmtproto.BlockParams{MaxBytes: 4 << 20, MaxGas: -1}, Validator: &cmtproto.ValidatorParams{PubKeyTypes: []string{"ed25519"}}, Abci: &cmtproto.ABCIParams{},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func (n *node) time() time.Time {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.now
}

// commit makes a block, a second after the last, of transactions and of what
// waits in the mempool.
func (n *node) commit(txs ...[]byte) *api.BlockData {
	n.Helper()
	n.committing.Lock()
	defer n.committing.Unlock()
	ctx := context.Background()
	n.mu.Lock()
	for _, raw := range n.mempool {
		txs = append(txs, raw)
	}
	height, at := int64(n.latest)+1, n.now.Add(time.Second)
	n.mu.Unlock()
	list := make([]cmttypes.Tx, len(txs))
	for i, raw := range txs {
		list[i] = raw
	}
	b := cmttypes.MakeBlock(height, list, &cmttypes.Commit{Height: height - 1}, nil)
	b.ChainID, b.Time, b.ProposerAddress, b.ValidatorsHash = apptest.Chain, at, make([]byte, 20), make([]byte, 32)
	_, root := n.db.Version()
	b.AppHash = root[:]
	hash := b.Hash()
	proposal, err := n.app.ProcessProposal(ctx, &abci.RequestProcessProposal{Txs: txs, Height: height, Time: at, Hash: hash})
	if err != nil || !proposal.IsAccepted() {
		n.Errorf("block %d: %v, %v", height, proposal, err)
	}
	results, err := n.app.FinalizeBlock(ctx, &abci.RequestFinalizeBlock{Txs: txs, Height: height, Time: at, Hash: hash})
	if err != nil {
		n.Error(err)
		return nil
	}
	data := &api.BlockData{Block: b, Hash: hash, Results: results}
	n.mu.Lock()
	n.blocks[uint64(height)] = data // as CometBFT does: before the state after it can be read
	n.mu.Unlock()
	if _, err := n.app.Commit(ctx, &abci.RequestCommit{}); err != nil {
		n.Error(err)
		return nil
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.latest, n.now = uint64(height), at
	if n.earliest == 0 {
		n.earliest = uint64(height)
	}
	for _, raw := range txs {
		if id, ok := txindex.ID(raw); ok {
			delete(n.mempool, id)
		}
	}
	for c := range n.waiting {
		select {
		case c <- struct{}{}:
		default:
		}
	}
	return data
}

// prune forgets the blocks before a height.
func (n *node) prune(height uint64) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for h := range n.blocks {
		if h < height {
			delete(n.blocks, h)
		}
	}
	n.earliest = height
}

// The methods of api.Backend.

func (n *node) View(height uint64) (*app.Reader, error) { return n.app.View(height) }

func (n *node) Block(height uint64) (*api.BlockData, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	b, ok := n.blocks[height]
	if !ok {
		return nil, fmt.Errorf("%w: %d", api.ErrNoBlock, height)
	}
	return b, nil
}

func (n *node) BlockTime(height uint64) (time.Time, error) {
	b, err := n.Block(height)
	if err != nil {
		return time.Time{}, err
	}
	return b.Block.Time, nil
}

func (n *node) Submit(ctx context.Context, raw []byte) error {
	n.mu.Lock()
	full := n.full
	n.mu.Unlock()
	if full {
		return api.ErrBusy
	}
	res, err := n.app.CheckTx(ctx, &abci.RequestCheckTx{Tx: raw})
	if err != nil {
		return err
	}
	if !res.IsOK() {
		return &api.SubmitError{Code: res.Code, Log: res.Log}
	}
	id, _ := txindex.ID(raw)
	n.mu.Lock()
	defer n.mu.Unlock()
	n.mempool[id] = bytes.Clone(raw)
	return nil
}

func (n *node) Pending(id sm3.Hash) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	_, ok := n.mempool[id]
	return ok
}

func (n *node) Rehearse(ctx context.Context, raw []byte) (*app.Rehearsal, error) {
	return n.app.Rehearse(ctx, raw)
}

func (n *node) Status(context.Context) (*wire.Status, error) {
	height, root := n.db.Version()
	n.mu.Lock()
	defer n.mu.Unlock()
	return &wire.Status{
		ChainID: apptest.Chain, NodeID: "test", Moniker: "test", Version: "test", AppVersion: app.Version, Height: height, Time: n.now,
		StateRoot: root.String(), Earliest: 1, Mempool: len(n.mempool), Now: n.now,
	}, nil
}

func (n *node) Heights() (earliest, latest uint64) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.earliest, n.latest
}

func (n *node) Notify() (<-chan struct{}, func()) {
	c := make(chan struct{}, 1)
	n.mu.Lock()
	defer n.mu.Unlock()
	n.waiting[c] = struct{}{}
	return c, func() {
		n.mu.Lock()
		defer n.mu.Unlock()
		delete(n.waiting, c)
	}
}

// Transactions implements txindex.Source.
func (n *node) Transactions(height uint64) ([][]byte, error) {
	b, err := n.Block(height)
	if err != nil {
		return nil, err
	}
	return b.Block.Txs.ToSliceOfBytes(), nil
}

// service is a server on a node, behind a real listener.
type service struct {
	*node
	server *api.Server
	index  *txindex.Index
	url    string
	log    *logBuffer
}

// unlimited are options under which a test is not refused for its haste.
var unlimited = api.Options{ReadRate: -1, WriteRate: -1}

// serve starts a server on the node.
func serve(t *testing.T, n *node, opts api.Options) *service {
	t.Helper()
	s := &service{node: n, log: new(logBuffer)}
	var err error
	if s.index, err = txindex.Open(filepath.Join(t.TempDir(), "txindex"), n, txindex.Options{}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.index.Run(ctx) }()
	opts.Index = s.index
	if s.server, err = api.New(n, opts, s.logger()); err != nil {
		t.Fatal(err)
	}
	h := httptest.NewUnstartedServer(nil)
	served := make(chan error, 1)
	go func() { served <- s.server.Serve(narrow{h.Listener}) }()
	s.url = "http://" + h.Listener.Addr().String()
	t.Cleanup(func() {
		over, end := context.WithTimeout(context.Background(), 10*time.Second)
		defer end()
		if err := s.server.Shutdown(over); err != nil {
			t.Error(err)
		}
		if err := <-served; err != nil {
			t.Error(err)
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if err := s.index.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func (s *service) logger() *slog.Logger { return slog.New(slog.NewTextHandler(s.log, nil)) }

// newReader is for http.ReadRequest.
func newReader(s string) *bufio.Reader { return bufio.NewReader(strings.NewReader(s)) }

// narrow gives connections small buffers, so that who reads nothing is noticed
// after some kilobytes, not megabytes.
type narrow struct{ net.Listener }

func (n narrow) Accept() (net.Conn, error) {
	c, err := n.Listener.Accept()
	if err == nil {
		err = c.(*net.TCPConn).SetWriteBuffer(16 << 10)
	}
	return c, err
}

// logBuffer keeps what was logged.
type logBuffer struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *logBuffer) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(b)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// reply is an answer that was read.
type reply struct {
	*http.Response
	body []byte
}

// do sends a request whose body, if any, is a transaction.
func (s *service) do(method, path string, body []byte) *reply {
	s.Helper()
	r, err := http.NewRequest(method, s.url+path, bytes.NewReader(body))
	if err != nil {
		s.Fatal(err)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/octet-stream")
	}
	return s.send(r)
}

func (s *service) send(r *http.Request) *reply {
	s.Helper()
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		s.Fatal(err)
	}
	b, err := io.ReadAll(res.Body)
	if err != nil {
		s.Fatal(err)
	}
	if err := res.Body.Close(); err != nil {
		s.Fatal(err)
	}
	return &reply{res, b}
}

// get asks for a path and reads the answer, which must have the status, into out.
func (s *service) get(path string, status int, out any) *reply {
	s.Helper()
	r := s.do(http.MethodGet, path, nil)
	s.want(r, status, out)
	return r
}

func (s *service) want(r *reply, status int, out any) {
	s.Helper()
	if r.StatusCode != status {
		s.Fatalf("%s %s: %s, want %d: %s", r.Request.Method, r.Request.URL, r.Status, status, r.body)
	}
	if out == nil {
		return
	}
	d := json.NewDecoder(bytes.NewReader(r.body))
	d.DisallowUnknownFields()
	if err := d.Decode(out); err != nil {
		s.Fatalf("%s: %v: %s", r.Request.URL, err, r.body)
	}
}

// problem asks for a path that must answer with a problem.
func (s *service) problem(path string, status int) *wire.Problem {
	s.Helper()
	return s.isProblem(s.do(http.MethodGet, path, nil), status)
}

func (s *service) isProblem(r *reply, status int) *wire.Problem {
	s.Helper()
	var p wire.Problem
	s.want(r, status, &p)
	if ct := r.Header.Get("Content-Type"); ct != "application/problem+json" {
		s.Errorf("%s: a problem of type %s", r.Request.URL, ct)
	}
	if p.Status != status || p.Title != http.StatusText(status) || p.Text == nil || p.Text.Zh == "" || p.Text.En == "" || p.Detail == "" {
		s.Errorf("%s: problem %s", r.Request.URL, r.body)
	}
	return &p
}

// certificate is the path of a certificate.
func certificate(issuer, number string) string {
	return "/v1/certificates/" + url.PathEscape(issuer) + "/" + url.PathEscape(number)
}

// id is that of an encoded transaction.
func id(t *testing.T, raw []byte) string {
	t.Helper()
	h, ok := txindex.ID(raw)
	if !ok {
		t.Fatal("not a transaction")
	}
	return h.String()
}
