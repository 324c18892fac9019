package api

import (
	"context"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// address is who is limited: an IPv4 address, or the /64 of an IPv6 one, which
// is what one customer has. The zero value stands for what has none.
type address netip.Prefix

func addressOf(r *http.Request) address {
	ap, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return address{}
	}
	return addressIs(ap)
}

func addressIs(ap netip.AddrPort) address {
	a := ap.Addr().Unmap().WithZone("")
	bits := a.BitLen()
	if a.Is6() {
		bits = 64
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return address{}
	}
	return address(p)
}

type addressKey struct{}

// addressIn returns whose request has the context.
func addressIn(ctx context.Context) address {
	a, _ := ctx.Value(addressKey{}).(address)
	return a
}

// limits are how often addresses may ask.
type limits struct{ reads, writes *limiter }

func newLimits(o Options) limits {
	return limits{newLimiter(o.ReadRate, o.Addresses), newLimiter(o.WriteRate, o.Addresses)}
}

// limiter gives each address its own tokens. It remembers at most twice most
// addresses: when a generation is full the one before it is forgotten, so
// whoever has asked lately stays limited.
type limiter struct {
	rate rate.Limit
	most int

	mu       sync.Mutex
	now, old map[address]*rate.Limiter // guarded by mu
}

// newLimiter returns nil, which limits nothing, for a rate below zero.
func newLimiter(perSecond float64, most int) *limiter {
	if perSecond < 0 {
		return nil
	}
	return &limiter{rate: rate.Limit(perSecond), most: most, now: map[address]*rate.Limiter{}}
}

// allow takes a token of an address, or says when there will be one.
func (l *limiter) allow(a address, now time.Time) (wait time.Duration, ok bool) {
	if l == nil {
		return 0, true
	}
	of := l.of(a)
	if of.AllowN(now, 1) {
		return 0, true
	}
	return time.Duration(float64(time.Second) / float64(l.rate)), false
}

func (l *limiter) of(a address) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	of, ok := l.now[a]
	if ok {
		return of
	}
	if of, ok = l.old[a]; !ok {
		of = rate.NewLimiter(l.rate, max(1, int(2*l.rate)))
	}
	if len(l.now) >= l.most {
		l.now, l.old = map[address]*rate.Limiter{}, l.now
	}
	l.now[a] = of
	return of
}

// limited refuses requests of an address that asks too often.
func (s *Server) limited(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		l := s.limits.reads
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			l = s.limits.writes
		}
		if wait, ok := l.allow(addressIn(r.Context()), time.Now()); !ok {
			later(http.StatusTooManyRequests, wait, "%v requests a second are allowed.", float64(l.rate)).write(w)
			return
		}
		next.ServeHTTP(w, r)
	})
}
