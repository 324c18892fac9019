package api

import (
	"net"
	"net/netip"
	"sync"
)

// eachListener bounds how many connections of one address are open. What is above
// is closed at once: whoever made it learns nothing, and costs nothing.
type eachListener struct {
	net.Listener
	most int

	mu sync.Mutex
	of map[address]int // guarded by mu; without zeros
}

// limitEach bounds the connections of an address, below 0 not at all.
func limitEach(l net.Listener, most int) net.Listener {
	if most < 0 {
		return l
	}
	return &eachListener{Listener: l, most: most, of: map[address]int{}}
}

// Accept implements net.Listener.
func (l *eachListener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		a := addressOfConn(c)
		if l.enter(a) {
			return &countedConn{Conn: c, leave: sync.OnceFunc(func() { l.leave(a) })}, nil
		}
		_ = c.Close()
	}
}

func (l *eachListener) enter(a address) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.of[a] >= l.most {
		return false
	}
	l.of[a]++
	return true
}

func (l *eachListener) leave(a address) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.of[a]--; l.of[a] == 0 {
		delete(l.of, a)
	}
}

// countedConn gives its place back when it is closed.
type countedConn struct {
	net.Conn
	leave func()
}

func (c *countedConn) Close() error {
	defer c.leave()
	return c.Conn.Close()
}

func addressOfConn(c net.Conn) address {
	ap, err := netip.ParseAddrPort(c.RemoteAddr().String())
	if err != nil {
		return address{}
	}
	return addressIs(ap)
}
