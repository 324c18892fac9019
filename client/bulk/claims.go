package bulk

import (
	"context"
	"sync"

	"github.com/hallmark-ledger/hallmark/client/record"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
)

// claim is which certificates rows change, and which they only look at.
type claim struct{ changes, reads map[rules.Ref]bool }

func newClaim() claim { return claim{map[rules.Ref]bool{}, map[rules.Ref]bool{}} }

// add adds a record of a body with the approval number own.
func (c claim) add(r *record.Record, own string) {
	full := func(ref rules.Ref) rules.Ref {
		if ref.Issuer == "" {
			ref.Issuer = own
		}
		return ref
	}
	c.changes[full(r.Ref())] = true
	if r.OldNumber != "" {
		c.changes[full(rules.Ref{Issuer: r.OldIssuer, Number: r.OldNumber})] = true
	}
	if !r.Details.Main.IsZero() {
		c.reads[full(r.Details.Main)] = true
	}
	for _, ref := range r.Details.Components {
		c.reads[full(ref)] = true
	}
}

// claims holds the claims of the transactions on their way.
type claims struct {
	mu      sync.Mutex
	changes map[rules.Ref]int // how many change it; guarded by mu
	reads   map[rules.Ref]int // how many look at it; guarded by mu
	freed   chan struct{}     // closed at the next release; guarded by mu
}

func newClaims() *claims {
	return &claims{changes: map[rules.Ref]int{}, reads: map[rules.Ref]int{}, freed: make(chan struct{})}
}

// take waits until nothing on its way stands against c, and holds it.
func (s *claims) take(ctx context.Context, c claim) error {
	for {
		s.mu.Lock()
		if s.free(c) {
			s.put(c, 1)
			s.mu.Unlock()
			return nil
		}
		freed := s.freed
		s.mu.Unlock()
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-freed:
		}
	}
}

// free reports whether c can be held; mu is locked.
func (s *claims) free(c claim) bool {
	for ref := range c.changes {
		if s.changes[ref]+s.reads[ref] > 0 {
			return false
		}
	}
	for ref := range c.reads {
		if s.changes[ref] > 0 {
			return false
		}
	}
	return true
}

func (s *claims) put(c claim, n int) {
	add := func(m map[rules.Ref]int, list map[rules.Ref]bool) {
		for ref := range list {
			if m[ref] += n; m[ref] == 0 {
				delete(m, ref)
			}
		}
	}
	add(s.changes, c.changes)
	add(s.reads, c.reads)
}

func (s *claims) release(c claim) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.put(c, -1)
	close(s.freed)
	s.freed = make(chan struct{})
}
