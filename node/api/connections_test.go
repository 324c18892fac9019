package api_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestConnectionsOfOneAddress: an address has so many connections and no more,
// others have theirs, and one that is closed makes room.
func TestConnectionsOfOneAddress(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("of the loopback network, only Linux has more than one address")
	}
	n := newNode(t)
	n.commit()
	opts := unlimited
	opts.ConnectionsEach = 3
	s := serve(t, n, opts)
	dial := func(from string) (net.Conn, *http.Response, error) {
		d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}, Timeout: 5 * time.Second}
		c, err := d.DialContext(t.Context(), "tcp", strings.TrimPrefix(s.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		if err := c.SetDeadline(time.Now().Add(5 * time.Second)); err != nil {
			t.Fatal(err)
		}
		_, _ = fmt.Fprint(c, "GET /v1/status HTTP/1.1\r\nHost: x\r\n\r\n") // it may be closed by now
		r, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err == nil {
			_ = r.Body.Close()
		}
		return c, r, err
	}
	const one, other = "127.0.0.1", "127.0.0.2"
	var open []net.Conn
	for range 3 {
		c, r, err := dial(one)
		if err != nil || r.StatusCode != http.StatusOK {
			t.Fatal(err)
		}
		open = append(open, c)
	}
	for range 20 {
		if _, r, err := dial(one); err == nil {
			t.Fatalf("a fourth connection is answered: %s", r.Status)
		}
	}
	if _, r, err := dial(other); err != nil || r.StatusCode != http.StatusOK {
		t.Fatalf("another address: %v", err)
	}
	if err := open[0].Close(); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if _, _, err := dial(one); err == nil {
			return
		}
		if time.Now().After(end) {
			t.Fatal("a connection was closed and its place is not free")
		}
	}
}
