package runner

import (
	"bytes"
	"io"
	"net"
	"testing"
	"time"
)

// echo listens and sends back what it is sent.
func echo(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				io.Copy(c, c)
			}()
		}
	}()
	return listener.Addr().String()
}

func dial(t *testing.T, addr string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return c
}

// round sends b and expects it back.
func round(c net.Conn, b []byte) error {
	go c.Write(b)
	got := make([]byte, len(b))
	if _, err := io.ReadFull(c, got); err != nil {
		return err
	}
	if !bytes.Equal(got, b) {
		return io.ErrUnexpectedEOF
	}
	return nil
}

func TestLink(t *testing.T) {
	l, err := newLink(t.Context(), echo(t))
	if err != nil {
		t.Fatal(err)
	}
	c := dial(t, l.addr())
	if err := round(c, bytes.Repeat([]byte("0123456789abcdef"), 100_000)); err != nil {
		t.Fatal(err)
	}

	l.setDelay(150 * time.Millisecond)
	begin := time.Now()
	if err := round(c, []byte("slow")); err != nil || time.Since(begin) < 300*time.Millisecond {
		t.Errorf("there and back in %v, %v", time.Since(begin), err)
	}
	l.setDelay(0)

	l.setCut(true)
	if err := round(c, []byte("cut")); err == nil {
		t.Error("the cut link carries what was open")
	}
	if err := round(dial(t, l.addr()), []byte("cut")); err == nil {
		t.Error("the cut link carries something new")
	}
	l.setCut(false)
	if err := round(dial(t, l.addr()), []byte("mended")); err != nil {
		t.Error(err)
	}
	if err := l.close(); err != nil {
		t.Error(err)
	}
	if _, err := net.Dial("tcp", l.addr()); err == nil {
		t.Error("the closed link still listens")
	}
}

// TestLinkTargetDown: a target that is not there closes the connection.
func TestLinkTargetDown(t *testing.T) {
	gone, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone.Close()
	l, err := newLink(t.Context(), gone.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	if err := round(dial(t, l.addr()), []byte("anybody")); err == nil {
		t.Error("an answer from nobody")
	}
	if err := l.close(); err != nil {
		t.Error(err)
	}
}
