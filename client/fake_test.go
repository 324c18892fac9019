package client

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/app/apptest"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// faulty is a node that fails as a test wants: what a real one does is tested
// with one.
type faulty struct {
	*httptest.Server
	mu     sync.Mutex
	asked  []string // "GET /v1/status"
	answer func(w http.ResponseWriter, r *http.Request)
}

// newFaulty returns a node that answers every path with answer.
func newFaulty(t *testing.T, answer http.HandlerFunc) *faulty {
	f := &faulty{answer: answer}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		f.asked = append(f.asked, r.Method+" "+r.URL.EscapedPath())
		f.mu.Unlock()
		f.answer(w, r)
	}))
	t.Cleanup(f.Close)
	return f
}

// count returns how often something was asked for.
func (f *faulty) count(what string) (n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, a := range f.asked {
		if strings.HasPrefix(a, what) {
			n++
		}
	}
	return n
}

func give(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	if status >= 400 {
		w.Header().Set("Content-Type", "application/problem+json")
	}
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v)
}

func problem(w http.ResponseWriter, status int, r *api.Refusal) {
	give(w, status, api.Problem{Title: http.StatusText(status), Status: status, Refusal: r})
}

// standingAt is the status of a node at a height, with blocks one second apart.
func standingAt(height uint64) api.Status {
	return api.Status{ChainID: apptest.Chain, Height: height, Time: apptest.Begin.Add(time.Duration(height) * time.Second)}
}

// ledger is what several nodes have in common.
type ledger struct {
	mu     sync.Mutex
	height uint64
	txs    map[string]*api.Transaction
}

func newLedger() *ledger { return &ledger{height: 5, txs: map[string]*api.Transaction{}} }

func (l *ledger) put(id, state string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.txs[id] = &api.Transaction{ID: id, State: state, Messages: 1}
}

// serve answers as a node does, as far as submitting and waiting need; other
// paths go to the test.
func (l *ledger) serve(submit http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		l.mu.Lock()
		status := standingAt(l.height)
		l.mu.Unlock()
		switch {
		case r.URL.Path == "/v1/status":
			give(w, 200, status)
		case r.Method == http.MethodPost && r.URL.Path == "/v1/transactions":
			submit(w, r)
		case strings.HasPrefix(r.URL.Path, "/v1/transactions/"):
			id := strings.TrimPrefix(r.URL.Path, "/v1/transactions/")
			l.mu.Lock()
			t := l.txs[id]
			l.mu.Unlock()
			if t == nil {
				t = &api.Transaction{ID: id, State: "unknown", Indexed: status.Height}
			}
			give(w, 200, t)
		default:
			http.Error(w, "not here", 500)
		}
	}
}

func newClient(t *testing.T, nodes ...*faulty) *Client {
	t.Helper()
	var urls []string
	for _, n := range nodes {
		urls = append(urls, n.URL)
	}
	c, err := New(urls, Options{Patience: 700 * time.Millisecond, Timeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// signed is a transaction, and its id.
func signed(t *testing.T, nonce uint64) (raw []byte, id string) {
	t.Helper()
	raw = apptest.Draft{Nonce: nonce, Keys: []string{"cqc/certifier", "cqc/approver"}, Messages: []*txv1.Message{apptest.Issue("1", civil.DateOf(apptest.Begin))}}.Sign()
	id, err := IDOf(raw)
	if err != nil {
		t.Fatal(err)
	}
	return raw, id
}

func soon(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}
