package trace

import (
	"cmp"
	"slices"
	"sort"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	xtrace "github.com/hallmark-ledger/hallmark/x/trace"
)

// Kind is how an event of a document and a chain differ.
type Kind string

// The kinds.
const (
	// Altered: the ledger has another event at its place.
	Altered Kind = "altered"
	// Inserted: the ledger has no event there.
	Inserted Kind = "inserted"
	// Reordered: the ledger has it at another place.
	Reordered Kind = "reordered"
	// Repeated: the document has had it before.
	Repeated Kind = "repeated"
	// Misstated: the chain has its hash, and says other things of it than the event
	// itself: whoever reported it did not say what it says.
	Misstated Kind = "misstated"
	// Dropped: the ledger has an event there that the document does not have.
	Dropped Kind = "dropped"
	// Anchored: it is in no chain but in an anchor about the product.
	Anchored Kind = "anchored"
)

// Alters reports whether a document with such a difference is not what was recorded;
// otherwise it only is not all of it, or not of a chain.
func (k Kind) Alters() bool { return k != Dropped && k != Anchored }

// Difference is one of a document and the chain of a product.
type Difference struct {
	Kind    Kind   `json:"kind"`
	Product string `json:"product"`
	// Of the document: the event, from 1; of a dropped one, that before which it is
	// missing.
	Event int    `json:"event"`
	ID    string `json:"id,omitempty"`
	Hash  string `json:"hash,omitempty"`
	// Of the ledger: what it has at that place; of a reordered one the place where it
	// has it. 0 if it has nothing there.
	Entry     uint64     `json:"entry,omitempty"`
	EntryHash string     `json:"entry_hash,omitempty"`
	EntryTime *time.Time `json:"entry_time,omitempty"`
	EntryStep string     `json:"entry_step,omitempty"`
}

// Presented is an event of a document about a product.
type Presented struct {
	Index int // in the document, from 0
	ID    string
	Event *xtrace.Event
}

// Compare compares the events of a document about a product, in their order, with its
// chain and the events that are anchored about it. It returns what differs, in the
// order of the document, what alters before what is missing at one place.
func Compare(product string, list []Presented, chain []*xtrace.Entry, anchored map[sm3.Hash]bool) (out []Difference) {
	var recorded []*xtrace.Entry
	at := map[sm3.Hash]int{} // in recorded
	for _, e := range chain {
		if e.Event != nil {
			at[e.Event.Hash] = len(recorded)
			recorded = append(recorded, e)
		}
	}
	tell := func(k Kind, p *Presented, e *xtrace.Entry) {
		d := Difference{Kind: k, Product: product, Event: len(list) + 1}
		if p != nil {
			d.Event, d.ID, d.Hash = p.Index+1, p.ID, p.Event.Hash.String()
		}
		if e != nil {
			t := e.Event.Time.UTC()
			d.Entry, d.EntryHash, d.EntryTime, d.EntryStep = e.N, e.Event.Hash.String(), &t, e.Event.Step
		}
		out = append(out, d)
	}
	seen := map[sm3.Hash]bool{}
	var found, unknown []int // of list
	for i := range list {
		p := &list[i]
		place, known := at[p.Event.Hash]
		switch {
		case seen[p.Event.Hash]:
			var e *xtrace.Entry
			if known {
				e = recorded[place]
			}
			tell(Repeated, p, e)
		case known:
			found = append(found, i)
			if !sameFacts(p.Event, recorded[place].Event) {
				tell(Misstated, p, recorded[place])
			}
		case anchored[p.Event.Hash]:
			tell(Anchored, p, nil)
		default:
			unknown = append(unknown, i)
		}
		seen[p.Event.Hash] = true
	}
	places := make([]int, len(found))
	for k, i := range found {
		places[k] = at[list[i].Event.Hash]
	}
	// Those that stand in the order of the chain, as many as possible, are where they
	// should be; between two of them the others are compared.
	kept := rising(places)
	for k, i := range found {
		if !kept[k] {
			tell(Reordered, &list[i], recorded[places[k]])
		}
	}
	fromDoc, fromChain := 0, 0
	gap := func(toDoc, toChain int) {
		first, _ := slices.BinarySearch(unknown, fromDoc)
		end, _ := slices.BinarySearch(unknown, toDoc)
		extra := unknown[first:max(first, end)]
		var missing []int
		for j := fromChain; j < toChain; j++ {
			if !seen[recorded[j].Event.Hash] {
				missing = append(missing, j)
			}
		}
		match(list, extra, recorded, missing, func(i, j int) {
			switch {
			case i < 0:
				d := &Presented{Index: len(list), Event: nil}
				d = nextOf(list, toDoc, d)
				tell(Dropped, nil, recorded[j])
				out[len(out)-1].Event = d.Index + 1
			case j < 0:
				var e *xtrace.Entry
				if toChain < len(recorded) {
					e = recorded[toChain]
				}
				tell(Inserted, &list[i], e)
			default:
				tell(Altered, &list[i], recorded[j])
			}
		})
	}
	for k, i := range found {
		if kept[k] {
			gap(i, places[k])
			fromDoc, fromChain = i+1, places[k]+1
		}
	}
	gap(len(list), len(recorded))
	slices.SortStableFunc(out, func(a, b Difference) int { return cmp.Compare(a.Event, b.Event) })
	return out
}

// nextOf returns event i of the list, or one after the last.
func nextOf(list []Presented, i int, none *Presented) *Presented {
	switch {
	case i < len(list):
		return &list[i]
	case len(list) > 0:
		return &Presented{Index: list[len(list)-1].Index + 1}
	}
	return none
}

// match pairs events of the document with missing ones of the chain that stand in one
// gap: as they come if there are as many, else those of one time first. do is called
// with -1 for what has no partner.
func match(list []Presented, extra []int, recorded []*xtrace.Entry, missing []int, do func(i, j int)) {
	partner := map[int]int{} // place in extra → place in missing
	taken := map[int]bool{}
	if len(extra) != len(missing) {
		for a, i := range extra {
			for b, j := range missing {
				if !taken[b] && list[i].Event.Time.Equal(recorded[j].Event.Time) {
					partner[a], taken[b] = b, true
					break
				}
			}
		}
	}
	b := 0
	for a := range extra {
		if _, ok := partner[a]; ok {
			continue
		}
		for b < len(missing) && taken[b] {
			b++
		}
		if b < len(missing) {
			partner[a], taken[b] = b, true
		}
	}
	for a, i := range extra {
		if b, ok := partner[a]; ok {
			do(i, missing[b])
		} else {
			do(i, -1)
		}
	}
	for b, j := range missing {
		if !taken[b] {
			do(-1, j)
		}
	}
}

// rising says of each number whether it is of the longest rising sequence among them.
func rising(numbers []int) []bool {
	var ends []int // of the sequences of each length, the one with the smallest last: where that is
	before := make([]int, len(numbers))
	for i, n := range numbers {
		k := sort.Search(len(ends), func(k int) bool { return numbers[ends[k]] >= n })
		before[i] = -1
		if k > 0 {
			before[i] = ends[k-1]
		}
		if k == len(ends) {
			ends = append(ends, i)
		} else {
			ends[k] = i
		}
	}
	in := make([]bool, len(numbers))
	if len(ends) > 0 {
		for i := ends[len(ends)-1]; i >= 0; i = before[i] {
			in[i] = true
		}
	}
	return in
}

// sameFacts reports whether a chain says of an event what the event says. Times are
// hashed in milliseconds; what corrects another event, only a whole document tells.
func sameFacts(a, b *xtrace.Event) bool {
	apart := a.Time.Sub(b.Time).Abs()
	return apart < time.Millisecond && a.Offset == b.Offset && a.Type == b.Type && a.Action == b.Action && a.Step == b.Step &&
		a.Disposition == b.Disposition && a.Place == b.Place && a.Part == b.Part && slices.Equal(a.Others, b.Others)
}
