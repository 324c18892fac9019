package trace

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	xtrace "github.com/hallmark-ledger/hallmark/x/trace"
)

const lot = "https://id.gs1.org/01/09506000134352/10/A1"

// eventOf is an event that is as its number says.
func eventOf(n int) *xtrace.Event {
	return &xtrace.Event{
		Hash: sm3.Sum([]byte(fmt.Sprint(n))), Time: time.Date(2026, 6, 1, n%24, 0, 0, 0, time.UTC).AddDate(0, 0, n/24),
		Type: xtrace.ObjectEvent, Action: xtrace.Observe, Part: xtrace.Object,
	}
}

// chainOf is a chain with a registration and events; presented are events of a
// document.
func chainOf(events ...int) []*xtrace.Entry {
	list := []*xtrace.Entry{{N: 1, Registered: &xtrace.Product{URI: lot}}}
	for i, n := range events {
		list = append(list, &xtrace.Entry{N: uint64(i + 2), Event: eventOf(n)})
	}
	return list
}

func presented(events ...int) (list []Presented) {
	for i, n := range events {
		list = append(list, Presented{Index: i, ID: fmt.Sprint("e", n), Event: eventOf(n)})
	}
	return list
}

func TestCompare(t *testing.T) {
	for _, c := range []struct {
		name       string
		doc, chain []int
		want       []string // kind event entry
	}{
		{"same", []int{1, 2, 3}, []int{1, 2, 3}, nil},
		{"none", nil, nil, nil},
		{"altered", []int{1, 99, 3}, []int{1, 2, 3}, []string{"altered 2 3"}},
		{"altered first", []int{99, 2, 3}, []int{1, 2, 3}, []string{"altered 1 2"}},
		{"altered last", []int{1, 2, 99}, []int{1, 2, 3}, []string{"altered 3 4"}},
		{"all altered", []int{97, 98}, []int{1, 2}, []string{"altered 1 2", "altered 2 3"}},
		{"dropped", []int{1, 3}, []int{1, 2, 3}, []string{"dropped 2 3"}},
		{"dropped first", []int{2, 3}, []int{1, 2, 3}, []string{"dropped 1 2"}},
		{"dropped last", []int{1, 2}, []int{1, 2, 3}, []string{"dropped 3 4"}},
		{"dropped all", nil, []int{1, 2}, []string{"dropped 1 2", "dropped 1 3"}},
		{"inserted", []int{1, 99, 2, 3}, []int{1, 2, 3}, []string{"inserted 2 3"}},
		{"inserted last", []int{1, 2, 3, 99}, []int{1, 2, 3}, []string{"inserted 4 0"}},
		{"moved on", []int{2, 3, 1, 4}, []int{1, 2, 3, 4}, []string{"reordered 3 2"}},
		{"moved back", []int{1, 4, 2, 3}, []int{1, 2, 3, 4}, []string{"reordered 2 5"}},
		{"two changed places", []int{2, 1, 3}, []int{1, 2, 3}, []string{"reordered 1 3"}},
		{"repeated", []int{1, 2, 1, 3}, []int{1, 2, 3}, []string{"repeated 3 2"}},
		{"inserted twice", []int{99, 99, 1}, []int{1}, []string{"inserted 1 2", "repeated 2 0"}},
		{"altered and dropped", []int{1, 99, 4}, []int{1, 2, 3, 4}, []string{"altered 2 3", "dropped 3 4"}},
		{"altered and dropped apart", []int{99, 3, 4}, []int{1, 3, 4, 5}, []string{"altered 1 2", "dropped 4 5"}},
		{"anchored", []int{1, 50, 2}, []int{1, 2}, []string{"anchored 2 0"}},
		{"anchored and in the chain", []int{1, 2, 50}, []int{1, 2, 50}, nil},
	} {
		got := Compare(lot, presented(c.doc...), chainOf(c.chain...), map[sm3.Hash]bool{eventOf(50).Hash: true})
		var said []string
		for _, d := range got {
			said = append(said, fmt.Sprintf("%s %d %d", d.Kind, d.Event, d.Entry))
			if d.Product != lot {
				t.Errorf("%s: of %s", c.name, d.Product)
			}
		}
		if !slices.Equal(said, c.want) {
			t.Errorf("%s: %q, want %q", c.name, said, c.want)
		}
	}
}

// An altered event that keeps its time is told from one that is missing beside it.
func TestComparePairsByTime(t *testing.T) {
	doc := presented(1, 99, 4)
	doc[1].Event.Time = eventOf(3).Time
	got := Compare(lot, doc, chainOf(1, 2, 3, 4), nil)
	if len(got) != 2 || got[0].Kind != Altered || got[0].Entry != 4 || got[1].Kind != Dropped || got[1].Entry != 3 {
		t.Fatalf("%+v", got)
	}
}

// What a chain says of an event is compared with the event, whatever the hash is.
func TestMisstated(t *testing.T) {
	for name, change := range map[string]func(*xtrace.Event){
		"time":   func(e *xtrace.Event) { e.Time = e.Time.Add(time.Second) },
		"offset": func(e *xtrace.Event) { e.Offset = 60 },
		"action": func(e *xtrace.Event) { e.Action = xtrace.Add },
		"step":   func(e *xtrace.Event) { e.Step = "shipping" },
		"place":  func(e *xtrace.Event) { e.Place = "https://id.gs1.org/414/9506000134352" },
		"part":   func(e *xtrace.Event) { e.Part = xtrace.Parent },
		"others": func(e *xtrace.Event) { e.Others = []string{lot} },
	} {
		chain := chainOf(1, 2)
		change(chain[1].Event)
		got := Compare(lot, presented(1, 2), chain, nil)
		if len(got) != 1 || got[0].Kind != Misstated || got[0].Event != 1 || got[0].Entry != 2 {
			t.Errorf("%s: %+v", name, got)
		}
	}
	chain := chainOf(1)
	chain[1].Event.Time = chain[1].Event.Time.Add(400 * time.Microsecond) // the hash has milliseconds
	if got := Compare(lot, presented(1), chain, nil); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

// Whatever was done once to a document is found, and named as what it is.
func TestCompareProperty(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		n := 3 + r.IntN(30)
		all := make([]int, n)
		for i := range all {
			all[i] = i + 1
		}
		doc, at := slices.Clone(all), r.IntN(n)
		var want string
		switch r.IntN(4) {
		case 0:
			doc[at] = 999
			want = fmt.Sprintf("altered %d %d", at+1, at+2)
		case 1:
			doc = slices.Delete(doc, at, at+1)
			want = fmt.Sprintf("dropped %d %d", at+1, at+2)
		case 2:
			doc = slices.Insert(doc, at, 999)
			want = fmt.Sprintf("inserted %d %d", at+1, at+2)
		case 3: // by two places at least: else either of the two has moved
			to := r.IntN(n)
			if to-at > -2 && to-at < 2 {
				continue
			}
			moved := doc[at]
			doc = slices.Insert(slices.Delete(doc, at, at+1), to, moved)
			want = fmt.Sprintf("reordered %d %d", to+1, at+2)
		}
		got := Compare(lot, presented(doc...), chainOf(all...), nil)
		if len(got) != 1 || fmt.Sprintf("%s %d %d", got[0].Kind, got[0].Event, got[0].Entry) != want {
			t.Fatalf("%v against 1 to %d: %+v, want %s", doc, n, got, want)
		}
	}
}
