package sealer

import (
	"sync"
	"time"

	"github.com/cometbft/cometbft/p2p"
)

const (
	// inboxSize is how many messages of a peer may wait. What does not fit is
	// dropped, and asked for later.
	inboxSize = 128
	// A peer may have so many signatures looked at, and so many requests
	// answered, in a second, and in a burst. What is above is ignored.
	signatureRate, signatureBurst = 2000, 8192
	requestRate, requestBurst     = 50, 200
	// knownHeights is for how many heights it is remembered what a peer has.
	knownHeights = 64
)

// peer is what is known of a peer.
type peer struct {
	p2p.Peer
	inbox chan []byte
	gone  chan struct{} // closed by RemovePeer
	once  sync.Once     // of gone

	mu         sync.Mutex
	height     uint64                      // guarded by mu; as its last status
	sealed     uint64                      // guarded by mu; as its last status
	known      map[uint64]map[int]struct{} // guarded by mu; places whose signatures it has
	number     uint64                      // guarded by mu; of the last request
	asked      *question                   // guarded by mu; nil: none is open
	signatures bucket                      // guarded by mu
	requests   bucket                      // guarded by mu
}

// question is a request that was sent.
type question struct {
	number    uint64
	low, high uint64
	handover  bool
	until     time.Time
}

func newPeer(p p2p.Peer) *peer {
	return &peer{
		Peer: p, inbox: make(chan []byte, inboxSize), gone: make(chan struct{}), known: map[uint64]map[int]struct{}{},
		signatures: bucket{rate: signatureRate, burst: signatureBurst, left: signatureBurst},
		requests:   bucket{rate: requestRate, burst: requestBurst, left: requestBurst},
	}
}

// learn remembers that the peer has the signatures of some places, and reports
// whether it was not known of one.
func (p *peer) learn(height uint64, places []int) (news bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	m := p.known[height]
	if m == nil {
		if len(p.known) >= knownHeights {
			lowest := ^uint64(0)
			for h := range p.known {
				lowest = min(lowest, h)
			}
			if height < lowest {
				return true
			}
			delete(p.known, lowest)
		}
		m = map[int]struct{}{}
		p.known[height] = m
	}
	for _, place := range places {
		if _, ok := m[place]; !ok {
			m[place] = struct{}{}
			news = true
		}
	}
	return news
}

// may reports whether the peer may have n signatures looked at.
func (p *peer) may(n int) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.signatures.take(float64(n))
}

func (p *peer) mayAsk() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.requests.take(1)
}

// bucket is a token bucket.
type bucket struct {
	rate, burst, left float64
	at                time.Time
}

func (b *bucket) take(n float64) bool {
	now := time.Now()
	if !b.at.IsZero() {
		b.left = min(b.burst, b.left+b.rate*now.Sub(b.at).Seconds())
	}
	b.at = now
	if b.left < n {
		return false
	}
	b.left -= n
	return true
}
