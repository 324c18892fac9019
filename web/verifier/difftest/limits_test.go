package difftest

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/light"
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	lightv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/light/v1"
	tracev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/trace/v1"
	"github.com/hallmark-ledger/hallmark/store"
)

// way is a state of products that are as plain as can be.
type way struct {
	values map[string][]byte
	uris   []string // also of those that are not registered
	groups []*group
	chains map[string][][]byte
}

func uriOf(n int) string { return fmt.Sprintf("https://a.b/%d", n) }

// put registers a product with entries after the first.
func (w *way) put(n int, certificates []*certificatev1.Ref, entries ...*tracev1.Entry) {
	uri := uriOf(n)
	w.uris = append(w.uris, uri)
	p := &tracev1.Product{Uri: uri, Owner: "m", NameEn: "x", Certificates: certificates}
	entries = slices.Insert(entries, 0, &tracev1.Entry{What: &tracev1.Entry_Registered{Registered: p}})
	var head sm3.Hash
	for i, e := range entries {
		e.N, e.Member, e.Key, e.Height, e.Time, e.Tx = uint64(i+1), "m", slices.Repeat([]byte{2}, 33), 1, 1, slices.Repeat([]byte{1}, 32)
		b := marshal(e)
		digest := sm3.Sum(b)
		head = sm3.Sum(slices.Concat(sm3.TagBlock("hallmark/trace/v1"), head[:], digest[:]))
		w.values[string(store.AppendUint64(keyOf(7, 'e', uri), uint64(i+1)))] = b
		w.chains[uri] = append(w.chains[uri], b)
	}
	record := &tracev1.Product{Uri: uri, Owner: "m", NameEn: "x", Certificates: certificates, Entries: uint64(len(entries)), Head: head[:]}
	w.values[string(keyOf(7, 'p', uri))] = marshal(record)
}

// event has products from the first number to before the last on the other side.
func event(first, last int) *tracev1.Entry {
	e := &tracev1.Event{Hash: slices.Repeat([]byte{byte(first), byte(first >> 8)}, 16), Time: 1, Part: tracev1.Part_PART_OUTPUT, Type: 4}
	for n := first; n < last; n++ {
		e.Others = append(e.Others, uriOf(n))
	}
	return &tracev1.Entry{What: &tracev1.Entry_Event{Event: e}}
}

func repeat(n int, e func(i int) *tracev1.Entry) (list []*tracev1.Entry) {
	for i := range n {
		list = append(list, e(i))
	}
	return list
}

func reporters(int) *tracev1.Entry {
	return &tracev1.Entry{What: &tracev1.Entry_Reporters{Reporters: &tracev1.ReporterChange{}}}
}

// refs names certificates that there are not.
func refs(first, n int) (list []*certificatev1.Ref) {
	for i := range n {
		list = append(list, &certificatev1.Ref{Issuer: "B", Number: fmt.Sprint(first + i)})
	}
	return list
}

// TestLimitsOfWays: both say at the same size that a way is too large. more is 0 at a
// limit and 1 above it.
func TestLimitsOfWays(t *testing.T) {
	j := newJudge(t)
	defer j.report()
	r := rand.New(rand.NewPCG(9, 9))
	keys := newPool(t, r)
	for name, build := range map[string]func(w *way, more int){
		"entries":    func(w *way, more int) { w.put(0, nil, repeat(32767+more, reporters)...) },
		"two chains": func(w *way, more int) { w.put(0, nil, event(1, 2)); w.put(1, nil, repeat(32765+more, reporters)...) },
		"steps": func(w *way, more int) {
			w.put(0, nil, repeat(2047, func(i int) *tracev1.Entry { return steps(i, more) })...)
		},
		"seen":     func(w *way, more int) { w.put(0, nil, event(1, 501), event(501, 1024+more)); w.absent(1, 1024+more) },
		"products": func(w *way, more int) { w.put(0, nil, event(1, 256+more)); w.plain(1, 256+more) },
		"certificates": func(w *way, more int) {
			w.put(0, refs(0, 64), event(1, 9))
			for n := 1; n < 8; n++ {
				w.put(n, refs(64*n, 64))
			}
			w.put(8, refs(512, more))
		},
		"depth": func(w *way, more int) {
			for n := range 8 + more {
				w.put(n, nil, event(n+1, n+2))
			}
			w.put(8+more, nil)
		},
		"statuses": func(w *way, more int) {
			var list []*certificatev1.Ref
			for n := 0; len(list) < 64; n++ {
				g := newGroup(r, n, nil)
				w.groups = append(w.groups, g)
				list = append(list, &certificatev1.Ref{Issuer: g.ref.Issuer, Number: g.ref.Number})
				maps.Copy(w.values, g.entries)
			}
			w.put(0, list, repeat(1024+more, func(int) *tracev1.Entry { return event(0, 0) })...)
		},
	} {
		for more := range 2 {
			state := &way{values: map[string][]byte{}, chains: map[string][][]byte{}}
			build(state, more)
			w := &world{t: t, r: r, name: "limits", state: newTrie(state.values)}
			w.seal(keys, firstDay.Start())
			q := &question{Claim: light.Claim{Kind: light.Traced, Product: uriOf(0)}, Card: w.cards[0], card: j.cards(w.cards[:1])[0], Now: w.source.Statement.Time, Limits: limits{MaxSize: 1 << 24}}
			q.Bundle = w.with(w.all(&family{uris: state.uris, chains: state.chains}, 100), state.groups)
			j.ask(q)
			j.settle()
			if codes := codesOf(t, verdictOf(t, q)); strings.Contains(codes, "too-large") != (more == 1) {
				t.Errorf("%s, %d above the limit: %s", name, more, codes)
			}
		}
	}
}

// with adds to a bundle what has been decided of certificates, and all that there is to
// say of them.
func (w *world) with(bundle []byte, groups []*group) []byte {
	m := new(lightv1.Bundle)
	if err := proto.Unmarshal(bundle, m); err != nil {
		w.t.Fatal(err)
	}
	for _, g := range groups {
		b, err := light.Build(w.source, light.Claim{Kind: light.History, Issuer: g.ref.Issuer, Number: g.ref.Number}, true)
		if err != nil {
			w.t.Fatal(err)
		}
		other := new(lightv1.Bundle)
		if err := proto.Unmarshal(b, other); err != nil {
			w.t.Fatal(err)
		}
		m.Entries = append(m.Entries, other.Entries...)
	}
	order := func(a, b *lightv1.Entry) int { return bytes.Compare(a.Key, b.Key) }
	slices.SortFunc(m.Entries, order)
	m.Entries = slices.CompactFunc(m.Entries, func(a, b *lightv1.Entry) bool { return order(a, b) == 0 })
	return marshal(m)
}

// steps is an event of the 2,047 that have 2,048 links together, and so many more.
func steps(i, more int) *tracev1.Entry {
	if i == 0 {
		return event(0, 2+more)
	}
	return event(0, 1)
}

func (w *way) absent(first, last int) {
	for n := first; n < last; n++ {
		w.uris = append(w.uris, uriOf(n))
	}
}

func (w *way) plain(first, last int) {
	for n := first; n < last; n++ {
		w.put(n, nil)
	}
}
