package trace

import (
	"errors"
	"fmt"
	"slices"
	"sort"
	"time"

	"github.com/hallmark-ledger/hallmark/store"
)

// How far a walk upstream goes. What is larger is walked product by product.
const (
	MaxDepth    = 8       // products between the one asked for and the farthest
	MaxProducts = 256     // registered
	MaxNamed    = 1024    // registered or not
	MaxEntries  = 32_768  // of all chains together
	MaxWork     = 1 << 22 // entries of the first chain, times links of all
)

// ErrTooFar: the way of a product is longer than a walk goes.
var ErrTooFar = errors.New("trace: the way of the product is too long to be walked as a whole")

// Way is the way of a product from upstream, as far as it is on the ledger.
type Way struct {
	// Products has the one asked for first, then those that it was made of or has
	// in it, and so on: in the order in which a search finds them that follows the
	// links of each in turn (breadth first), each once.
	Products []*Walked
	at       map[string]int // place of each in Products; never ranged over
}

// Walked is a product on a way.
type Walked struct {
	*Product
	Depth   int
	Chain   []*Entry // all of it
	Recalls []Standing
	Links   []Link // upstream, in the order of the chain

	ordered []int              // Links by the time of the event, then the number of the entry
	changes []certificateState // the first is the registration
}

// Link is what an event says of a product and one on the other side, that lies
// upstream.
type Link struct {
	Entry *Entry // of the chain of the product downstream
	Other string // URI of the product upstream
	// Leaves says that the other was taken out again: the event is of action DELETE.
	Leaves bool
	// Known says that the other is registered; else its origin is unknown.
	Known bool
	// Confirmed says that the other's own chain has the event too.
	Confirmed bool
}

// Walk walks the way of a product upstream. It reads nothing but single keys, in
// the order that docs/formats.md, section 20, has. It ends, whatever the links are:
// each product is visited once.
func Walk(r store.Reader, uri string) (*Way, bool, error) {
	p, ok, err := Find(r, uri)
	if err != nil || !ok {
		return nil, false, err
	}
	w := &Way{at: map[string]int{uri: 0}, Products: []*Walked{{Product: p}}}
	unknown := map[string]bool{}
	total, links := uint64(0), 0
	for i := 0; i < len(w.Products); i++ {
		at := w.Products[i]
		if at.Entries > MaxEntries-total {
			return nil, true, fmt.Errorf("%w: more than %d entries", ErrTooFar, MaxEntries)
		}
		total += at.Entries
		if at.Chain, err = Entries(r, at.Product, 1, MaxEntries); err != nil {
			return nil, true, err
		}
		if at.Recalls, err = Recalls(r, at.URI); err != nil {
			return nil, true, err
		}
		if err = at.trackCertificates(); err != nil {
			return nil, true, err
		}
		at.link()
		if links += len(at.Links); links*len(w.Products[0].Chain) > MaxWork {
			return nil, true, fmt.Errorf("%w: %d entries and more than %d links", ErrTooFar, len(w.Products[0].Chain), links)
		}
		for l := range at.Links {
			other := at.Links[l].Other
			if _, seen := w.at[other]; seen || unknown[other] {
				continue
			}
			if len(w.at)+len(unknown) >= MaxNamed {
				return nil, true, fmt.Errorf("%w: more than %d products", ErrTooFar, MaxNamed)
			}
			p, ok, err := Find(r, other)
			switch {
			case err != nil:
				return nil, true, err
			case !ok:
				unknown[other] = true
				continue
			case at.Depth == MaxDepth:
				return nil, true, fmt.Errorf("%w: %s lies deeper than %d", ErrTooFar, other, MaxDepth)
			case len(w.Products) == MaxProducts:
				return nil, true, fmt.Errorf("%w: more than %d registered products", ErrTooFar, MaxProducts)
			}
			w.at[other] = len(w.Products)
			w.Products = append(w.Products, &Walked{Product: p, Depth: at.Depth + 1})
		}
	}
	w.confirm()
	return w, true, nil
}

// link finds the links of a product in its chain.
func (p *Walked) link() {
	for _, e := range p.Chain {
		if e.Event == nil || !e.Event.Part.upstream() {
			continue
		}
		for _, other := range e.Event.Others {
			p.Links = append(p.Links, Link{Entry: e, Other: other, Leaves: e.Event.Action == Delete})
		}
	}
	p.ordered = make([]int, len(p.Links))
	for i := range p.ordered {
		p.ordered[i] = i
	}
	slices.SortStableFunc(p.ordered, func(a, b int) int { return p.Links[a].Entry.Event.Time.Compare(p.Links[b].Entry.Event.Time) })
}

// confirm compares each link with the chain of the other product.
func (w *Way) confirm() {
	events := make([]map[[32]byte]bool, len(w.Products))
	for i, p := range w.Products {
		events[i] = map[[32]byte]bool{}
		for _, e := range p.Chain {
			if e.Event != nil {
				events[i][e.Event.Hash] = true
			}
		}
	}
	for _, p := range w.Products {
		for l := range p.Links {
			link := &p.Links[l]
			if at, ok := w.at[link.Other]; ok {
				link.Known, link.Confirmed = true, events[at][link.Entry.Event.Hash]
			}
		}
	}
}

// Product returns a registered product on the way, nil if it is not there.
func (w *Way) Product(uri string) *Walked {
	if i, ok := w.at[uri]; ok {
		return w.Products[i]
	}
	return nil
}

// Joined returns the places of the registered products that the first one of the
// way was made of or had in it at an instant, directly or through others, by the
// times of the events: ascending, its own place, 0, among them.
func (w *Way) Joined(at time.Time) (list []int) {
	seen := make([]bool, len(w.Products))
	seen[0] = true
	for queue := []int{0}; len(queue) > 0; queue = queue[1:] {
		for _, other := range w.Products[queue[0]].joined(at) {
			if i, ok := w.at[other]; ok && !seen[i] {
				seen[i] = true
				queue = append(queue, i)
			}
		}
	}
	for i, is := range seen {
		if is {
			list = append(list, i)
		}
	}
	return list
}

// joined returns the products that links join to p at an instant: the last link by
// the time of its event, or else the number of its entry, says whether one joined
// or left. What p was made of never leaves.
func (p *Walked) joined(at time.Time) (list []string) {
	last, made := map[string]bool{}, map[string]bool{} // is there; is an input; never ranged over
	var order []string
	for _, i := range p.ordered {
		l := &p.Links[i]
		if at.Before(l.Entry.Event.Time) {
			break
		}
		if _, seen := last[l.Other]; !seen {
			order = append(order, l.Other)
		}
		made[l.Other] = made[l.Other] || l.Entry.Event.Part == Output
		last[l.Other] = made[l.Other] || !l.Leaves
	}
	for _, other := range order {
		if last[other] {
			list = append(list, other)
		}
	}
	return list
}

// CertificatesAt returns the certificates that a product relied on when the chain
// had a height: after the last entry that was filed at that height or before. A
// product that was registered later counts as it was registered.
func (p *Walked) CertificatesAt(height uint64) []Ref {
	i := sort.Search(len(p.changes), func(i int) bool { return p.changes[i].height > height })
	return p.changes[max(i, 1)-1].certificates
}

// CertificatesBefore returns the certificates that a product relied on before entry
// n of its chain.
func (p *Walked) CertificatesBefore(n uint64) []Ref {
	i := sort.Search(len(p.changes), func(i int) bool { return p.changes[i].n >= n })
	return p.changes[max(i, 1)-1].certificates
}

// CertificatesOn returns the certificates that a product relied on at an instant, by
// the times of the blocks: after the last entry that was filed by then; none before
// it was registered.
func (p *Walked) CertificatesOn(at time.Time) []Ref {
	i := sort.Search(len(p.changes), func(i int) bool { return at.Before(p.changes[i].time) })
	if i == 0 {
		return nil
	}
	return p.changes[i-1].certificates
}

// certificateState is the certificates of a product after an entry.
type certificateState struct {
	n, height    uint64
	time         time.Time // of the block
	certificates []Ref
}

// trackCertificates finds them after each entry that changes them.
func (p *Walked) trackCertificates() error {
	first := p.Chain[0].Registered
	if first.URI != p.URI || first.Owner != p.Owner {
		return corrupt("the chain of %s registers %s of %s", p.URI, first.URI, first.Owner)
	}
	state := Product{Certificates: first.Certificates}
	before := p.Chain[0]
	for _, e := range p.Chain {
		if e.Height < before.Height || e.Time.Before(before.Time) { // CertificatesAt and CertificatesOn search by them
			return corrupt("entry %d of %s is of height %d at %v, the one before of %d at %v", e.N, p.URI, e.Height, e.Time, before.Height, before.Time)
		}
		before = e
		if e.N > 1 && e.Certificates == nil {
			continue
		}
		if err := state.change(e); err != nil {
			return corrupt("entry %d of %s: %v", e.N, p.URI, err)
		}
		p.changes = append(p.changes, certificateState{e.N, e.Height, e.Time, state.Certificates})
	}
	return nil
}
