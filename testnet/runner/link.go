package runner

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"time"
)

// link carries the connections from one node to another. It can be cut, and be
// made slow.
type link struct {
	listener net.Listener
	target   string // host and port
	done     sync.WaitGroup

	mu    sync.Mutex
	cut   bool                  // guarded by mu
	delay time.Duration         // of each direction; guarded by mu
	conns map[net.Conn]struct{} // that are open, both ends; guarded by mu
}

// newLink listens on a free port of the loopback interface and carries what
// connects there to target.
func newLink(ctx context.Context, target string) (*link, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	l := &link{listener: listener, target: target, conns: map[net.Conn]struct{}{}}
	l.done.Go(l.accept)
	return l, nil
}

// addr is where the link listens.
func (l *link) addr() string { return l.listener.Addr().String() }

func (l *link) accept() {
	for {
		from, err := l.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			time.Sleep(10 * time.Millisecond) // as when there are too many open files
			continue
		}
		l.done.Go(func() { l.carry(from) })
	}
}

// carry carries one connection until either end, or the link, is closed or cut.
func (l *link) carry(from net.Conn) {
	defer from.Close()
	if !l.add(from) {
		return
	}
	defer l.remove(from)
	to, err := net.DialTimeout("tcp", l.target, 5*time.Second)
	if err != nil {
		return // the target is down; whoever connected sees a closed connection
	}
	defer to.Close()
	if !l.add(to) {
		return
	}
	defer l.remove(to)
	var both sync.WaitGroup
	for _, way := range [][2]net.Conn{{from, to}, {to, from}} {
		both.Go(func() {
			l.copy(way[1], way[0])
			from.Close()
			to.Close()
		})
	}
	both.Wait()
}

// chunk is what was read at once, and when it may be written.
type chunk struct {
	bytes []byte
	due   time.Time
}

// copy copies from src to dst. Each chunk is held back for the link's delay at
// the time it was read; chunks stay in order and do not wait for each other.
func (l *link) copy(dst io.Writer, src io.Reader) {
	chunks := make(chan chunk, 4096) // at most 128 MiB under way
	var writer sync.WaitGroup
	writer.Go(func() {
		for c := range chunks {
			time.Sleep(time.Until(c.due))
			if _, err := dst.Write(c.bytes); err != nil {
				break
			}
		}
		for range chunks { // until the reader notices
		}
	})
	for {
		b := make([]byte, 32<<10)
		n, err := src.Read(b)
		if n > 0 {
			chunks <- chunk{b[:n], time.Now().Add(l.held())}
		}
		if err != nil {
			break
		}
	}
	close(chunks)
	writer.Wait()
}

func (l *link) held() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.delay
}

// add remembers an open connection; false if the link is cut.
func (l *link) add(c net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cut {
		return false
	}
	l.conns[c] = struct{}{}
	return true
}

func (l *link) remove(c net.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.conns, c)
}

// setCut cuts the link, which closes what is open, or mends it.
func (l *link) setCut(cut bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cut = cut
	if cut {
		for c := range l.conns {
			c.Close()
		}
	}
}

// setDelay makes each direction slower by d from now on.
func (l *link) setDelay(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.delay = d
}

// close ends the link and waits until nothing of it is left.
func (l *link) close() error {
	err := l.listener.Close()
	l.setCut(true)
	l.done.Wait()
	return err
}
