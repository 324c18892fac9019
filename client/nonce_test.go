package client

import (
	"context"
	"net/http"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/app/apptest"
)

func nonceNode(t *testing.T, highest *atomic.Uint64, span uint64) *Client {
	return newClient(t, newFaulty(t, func(w http.ResponseWriter, _ *http.Request) {
		give(w, 200, api.Nonce{Highest: highest.Load(), Span: span})
	}))
}

// Many at once get each nonce once; when the window is used up they wait until it
// moves.
func TestNonces(t *testing.T) {
	for name, book := range map[string]NonceBook{"memory": nil, "file": NewFileBook(filepath.Join(t.TempDir(), "k.nonces"))} {
		t.Run(name, func(t *testing.T) {
			var highest atomic.Uint64
			highest.Store(7)
			n := nonceNode(t, &highest, 16).Nonces(apptest.Key("cqc/certifier").Public(), book)
			expiry := time.Now().Add(time.Hour)
			var mu sync.Mutex
			got := map[uint64]bool{}
			var all sync.WaitGroup
			for range 24 {
				all.Go(func() {
					v, err := n.Next(soon(t), expiry)
					if err != nil {
						t.Error(err)
					}
					mu.Lock()
					defer mu.Unlock()
					if got[v] {
						t.Errorf("%d was handed out twice", v)
					}
					got[v] = true
					if len(got) == 16 { // the window is used up
						highest.Store(20)
					}
				})
			}
			all.Wait()
			for v := uint64(8); v < 8+24; v++ {
				if !got[v] {
					t.Errorf("%d was left out", v)
				}
			}
			highest.Store(31)
			n.Stale()
			if v, err := n.Next(soon(t), expiry); err != nil || v != 32 {
				t.Errorf("%d, %v", v, err)
			}
		})
	}
}

func TestNonceWindowFull(t *testing.T) {
	var highest atomic.Uint64
	n := nonceNode(t, &highest, 1).Nonces(apptest.Key("k").Public(), nil)
	if _, err := n.Next(soon(t), time.Now()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if v, err := n.Next(ctx, time.Now()); err == nil {
		t.Errorf("%d beyond the window", v)
	}
}

// Two programs share a file: neither gets what the other has, until it expires.
func TestFileBook(t *testing.T) {
	path := filepath.Join(t.TempDir(), "k.nonces")
	a, b := NewFileBook(path), NewFileBook(path)
	now := time.Now()
	for i, c := range []struct {
		book   *FileBook
		expiry time.Time
		want   uint64
	}{
		{a, now.Add(time.Hour), 1},
		{b, now.Add(time.Hour), 2},
		{a, now.Add(-2 * time.Hour), 3}, // expired long ago
		{b, now.Add(time.Hour), 3},
	} {
		if v, ok, err := c.book.Reserve(1, 3, c.expiry); err != nil || !ok || v != c.want {
			t.Errorf("%d: %d, %v, %v, want %d", i, v, ok, err, c.want)
		}
	}
	if v, ok, err := a.Reserve(1, 3, now); err != nil || ok {
		t.Errorf("%d, %v", v, err)
	}
	if v, ok, err := a.Reserve(4, 9, now); err != nil || !ok || v != 4 {
		t.Errorf("%d, %v, %v", v, ok, err)
	}
}
