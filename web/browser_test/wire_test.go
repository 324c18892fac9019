package browser_test

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

// wire is what lies between the browser and the node: it notes every byte that the
// browser sends, and can be cut.
type wire struct {
	listener net.Listener
	to       string

	mu   sync.Mutex
	sent bytes.Buffer          // guarded by mu
	cut  bool                  // guarded by mu
	open map[net.Conn]struct{} // guarded by mu
}

func newWire(t *testing.T, to string) *wire {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	w := &wire{listener: listener, to: to, open: map[net.Conn]struct{}{}}
	t.Cleanup(func() {
		_ = listener.Close()
		w.setCut(true)
	})
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			go w.serve(c)
		}
	}()
	return w
}

func (w *wire) url() string { return "http://" + w.listener.Addr().String() }

func (w *wire) serve(from net.Conn) {
	defer from.Close()
	to, err := net.Dial("tcp", w.to)
	if err != nil {
		return
	}
	defer to.Close()
	w.mu.Lock()
	cut := w.cut
	w.open[from] = struct{}{}
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		delete(w.open, from)
		w.mu.Unlock()
	}()
	if cut {
		return
	}
	go func() {
		_, _ = io.Copy(from, to)
		from.Close()
	}()
	_, _ = io.Copy(to, io.TeeReader(from, w))
}

// Write implements io.Writer for what the browser sends.
func (w *wire) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.sent.Write(b)
}

func (w *wire) bytes() []byte {
	w.mu.Lock()
	defer w.mu.Unlock()
	return bytes.Clone(w.sent.Bytes())
}

func (w *wire) setCut(cut bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut = cut
	if cut {
		for c := range w.open {
			_ = c.Close()
		}
	}
}

// control lets the driver cut and join the wire: POST /cut, POST /join.
func (w *wire) control(t *testing.T) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { w.setCut(r.URL.Path == "/cut") }))
	t.Cleanup(s.Close)
	return s.URL
}
