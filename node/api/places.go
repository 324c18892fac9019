package api

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// places bounds how many requests do something at a time, in all and of one
// address, so that one client does not take all there is.
type places struct {
	what       string // for the client, as "feeds"
	most, each int
	changed    func(taken int) // called under mu; may be nil

	mu    sync.Mutex
	taken int             // guarded by mu
	of    map[address]int // guarded by mu; without zeros
	freed chan struct{}   // guarded by mu; closed, and made anew, when a place is free
}

func newPlaces(what string, most, each int) *places {
	return &places{what: what, most: most, each: each, of: map[address]int{}, freed: make(chan struct{})}
}

// enter takes a place, for which it waits if need be, and returns what gives it
// back, which may be called more than once.
func (p *places) enter(ctx context.Context, a address, wait time.Duration) (leave func(), err error) {
	over := time.NewTimer(wait)
	defer over.Stop()
	for {
		freed, refused := p.try(a)
		if refused == nil {
			return sync.OnceFunc(func() { p.leave(a) }), nil
		}
		select {
		case <-freed:
		case <-over.C:
			return nil, refused
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// try takes a place, or says why there is none, and what to wait for.
func (p *places) try(a address) (<-chan struct{}, *problem) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.taken >= p.most:
		return p.freed, later(http.StatusServiceUnavailable, time.Second, "The node has as many %s as it takes.", p.what)
	case p.of[a] >= p.each:
		return p.freed, later(http.StatusTooManyRequests, time.Second, "This address has %d %s, as many as one may have.", p.each, p.what)
	}
	p.taken++
	p.of[a]++
	p.tell()
	return nil, nil
}

func (p *places) leave(a address) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.taken--
	if p.of[a]--; p.of[a] == 0 {
		delete(p.of, a)
	}
	close(p.freed)
	p.freed = make(chan struct{})
	p.tell()
}

// tell tells of the number taken. The caller holds mu.
func (p *places) tell() {
	if p.changed != nil {
		p.changed(p.taken)
	}
}
