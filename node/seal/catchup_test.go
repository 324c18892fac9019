package sealer

import (
	"testing"

	"github.com/cometbft/cometbft/p2p"
	"github.com/cometbft/cometbft/p2p/mock"

	sealv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/seal/v1"
)

// asked is a peer that keeps what it is asked.
type asked struct {
	*mock.Peer
	requests []*sealv1.Request
}

func (p *asked) TrySend(e p2p.Envelope) bool {
	m, err := unpack(e.Message.(*frame).bytes)
	if r := m.GetRequest(); err == nil && r != nil {
		p.requests = append(p.requests, r)
	}
	return true
}

// TestHandoversFirst: a node that has missed many heights, and a change of sets
// among them, asks for the handover before the heights; then for these from the
// newest down.
func TestHandoversFirst(t *testing.T) {
	c := newChain(300)
	c.sets = append(c.sets, setOf(120, 90, "e", "b", "c", "d"))
	s := newStore(t, c)
	r := NewReactor(s)
	to := &asked{Peer: mock.NewPeer(nil)}
	one := newPeer(to)
	one.height, one.sealed = 300, 300
	r.peers[to.ID()] = one
	for range 3 {
		r.pass()
		one.asked = nil // as if it were answered
	}
	if len(to.requests) != 3 {
		t.Fatalf("%v", to.requests)
	}
	for i, want := range []struct {
		handover  bool
		low, high uint64
	}{{true, 90, 119}, {false, 237, 300}, {false, 173, 236}} {
		if q := to.requests[i]; q.Handover != want.handover || q.Low != want.low || q.High != want.high {
			t.Errorf("request %d: %v, want %+v", i, q, want)
		}
	}
}
