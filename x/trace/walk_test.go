package trace

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	tracev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/trace/v1"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/store/storetest"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

func walk(t *testing.T, w *world, uri string) *Way {
	t.Helper()
	way, ok, err := Walk(w.state, uri)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	return way
}

func names(w *Way, places []int) (list []string) {
	for _, i := range places {
		list = append(list, w.Products[i].URI)
	}
	return list
}

func TestWalk(t *testing.T) {
	w := newWorld(t)
	w.ok("maker", register(lot, ref("PB-1")))
	w.ok("cells", register(cellA, ref("CELL-1")))
	unknown := "https://example.com/solder"
	e := w.output("made", unknown, cellA)
	slices.Sort(e.Others)
	made := time.Unix(0, e.Time)
	input := w.linking("made", tracev1.EventType_EVENT_TYPE_TRANSFORMATION, tracev1.Part_PART_INPUT, lot)
	w.ok("maker", w.capture(lot, e))
	w.ok("cells", register(cellB))
	w.ok("maker", w.capture(lot, w.output("more", cellB)))
	w.ok("cells", w.capture(cellA, input))

	way := walk(t, w, lot)
	if got := names(way, []int{0, 1, 2}); len(way.Products) != 3 || !slices.Equal(got, []string{lot, cellA, cellB}) {
		t.Fatalf("%v", got)
	}
	links := way.Products[0].Links
	if len(links) != 3 || !links[1].Known || !links[1].Confirmed || links[0].Known || links[0].Other != unknown || !links[2].Known || links[2].Confirmed {
		t.Errorf("%+v", links)
	}
	for at, want := range map[time.Time][]string{
		made.Add(-1): {lot}, made: {lot, cellA}, w.now: {lot, cellA, cellB},
	} {
		if got := names(way, way.Joined(at)); !slices.Equal(got, want) {
			t.Errorf("at %v: %v, want %v", at, got, want)
		}
	}
	// Downstream: complete, from the registration on.
	for uri, want := range map[string][]Use{cellA: {{lot, 2}}, cellB: {{lot, 3}}, lot: nil} {
		if got, err := Uses(w.state, w.product(uri), 1, 10); err != nil || !slices.Equal(got, want) {
			t.Errorf("uses of %s: %v, %v", uri, got, err)
		}
	}
	if _, ok, err := Walk(w.state, unknown); ok || err != nil {
		t.Error(ok, err)
	}
	// What is registered later begins with no uses, and is known from then on.
	w.ok("cells", register(unknown))
	if p := w.product(unknown); p.Uses != 0 {
		t.Errorf("%d uses", p.Uses)
	}
	if way := walk(t, w, lot); !way.Products[0].Links[0].Known || len(way.Products) != 4 {
		t.Errorf("%+v", way.Products[0].Links[0])
	}
	list, err := ByEvent(w.state, [32]byte(e.Hash), "", 10)
	if err != nil || !slices.Equal(list, []Occurrence{{lot, 2}, {cellA, 2}}) && !slices.Equal(list, []Occurrence{{cellA, 2}, {lot, 2}}) {
		t.Errorf("%v, %v", list, err)
	}
	if rest, err := ByEvent(w.state, [32]byte(e.Hash), list[0].URI, 10); err != nil || !slices.Equal(rest, list[1:]) {
		t.Errorf("%v, %v", rest, err)
	}
	if got, err := ByOwner(w.state, "cells", "", 2); err != nil || len(got) != 2 {
		t.Errorf("%v, %v", got, err)
	}
}

// TestWithUse: one more use is written without the rest of the record being read.
func TestWithUse(t *testing.T) {
	p := &Product{URI: lot, Owner: "maker", NameZh: "x", Entries: 300, Certificates: []Ref{{"CQC", "1"}}, Reporters: []string{"a"}, Recalls: []uint64{2, 200}}
	p.Head[3] = 1
	for _, n := range []uint64{0, 1, 126, 127, 128, 1 << 20, 1<<64 - 2} {
		p.Uses = n
		was := EncodeProduct(p)
		got, now, err := withUse(was)
		p.Uses++
		if want := EncodeProduct(p); err != nil || now != n+1 || !bytes.Equal(got, want) {
			t.Errorf("%d: %d, %v, %x, want %x", n, now, err, got, want)
		}
		if p.Uses = n; !bytes.Equal(was, EncodeProduct(p)) {
			t.Error("it changed what it was given")
		}
	}
	if _, _, err := withUse([]byte{10, 5, 'x'}); err == nil {
		t.Error("half a record is taken")
	}
}

// BenchmarkUse is of a record with as much as one may have.
func BenchmarkUse(b *testing.B) {
	p := &Product{URI: cellA, Owner: "maker", NameZh: "x", Entries: 1}
	p.Head[0] = 1
	for i := range MaxCertificates {
		p.Certificates = append(p.Certificates, Ref{"CNCA-R-2002-001", fmt.Sprintf("%060d", i)})
		p.Reporters = append(p.Reporters, fmt.Sprintf("%040d", i))
	}
	c := &exec.Context{Store: store.NewBranch(new(storetest.Mem))}
	if err := products.Set(c.Store, p.URI, p); err != nil {
		b.Fatal(err)
	}
	by := &Product{URI: lot, Entries: 2}
	for b.Loop() {
		if err := use(c, by, []string{cellA}); err != nil {
			b.Fatal(err)
		}
	}
}

// TestCertificatesAt: which certificates a product relied on, by its own entries
// and by height.
func TestCertificatesAt(t *testing.T) {
	w := newWorld(t)
	w.ok("maker", register(lot, ref("PB-1"))) // 1
	registered := w.height
	w.ok("maker", w.capture(lot, w.object("a"))) // 2
	w.ok("maker", &tracev1.LinkCertificates{Product: lot, Add: []*certificateRef{ref("PB-2")}, Remove: []*certificateRef{ref("PB-1")}})
	changed := w.height
	w.ok("maker", w.capture(lot, w.object("b"))) // 4
	p := walk(t, w, lot).Products[0]
	one, two := []Ref{{"CQC", "PB-1"}}, []Ref{{"CQC", "PB-2"}}
	for n, want := range map[uint64][]Ref{1: one, 2: one, 3: one, 4: two} {
		if got := p.CertificatesBefore(n); !slices.Equal(got, want) {
			t.Errorf("before entry %d: %v", n, got)
		}
	}
	for h, want := range map[uint64][]Ref{0: one, registered: one, changed - 1: one, changed: two, changed + 100: two} {
		if got := p.CertificatesAt(h); !slices.Equal(got, want) {
			t.Errorf("at height %d: %v", h, got)
		}
	}
}

// TestAggregation: what is taken out of a parent is no longer in it.
func TestAggregation(t *testing.T) {
	w := newWorld(t)
	w.ok("maker", register(lot))
	w.ok("cells", register(cellA))
	w.ok("cells", register(cellB))
	start := w.now.Add(-24 * time.Hour)
	for i, step := range []struct {
		action tracev1.Action
		others []string
	}{{1, []string{cellA, cellB}}, {3, []string{cellA}}, {1, []string{cellA}}, {3, []string{cellA, cellB}}} {
		e := w.linking(fmt.Sprint("step", i), tracev1.EventType_EVENT_TYPE_AGGREGATION, tracev1.Part_PART_PARENT, step.others...)
		e.Action, e.Time = step.action, start.Add(time.Duration(i)*time.Hour).UnixNano()
		w.ok("maker", w.capture(lot, e))
	}
	way := walk(t, w, lot)
	for i, want := range [][]string{{lot, cellA, cellB}, {lot, cellB}, {lot, cellA, cellB}, {lot}} {
		if got := names(way, way.Joined(start.Add(time.Duration(i)*time.Hour))); !slices.Equal(got, want) {
			t.Errorf("after step %d: %v", i, got)
		}
	}
}

// TestCycle: A is made of B, which is made of A.
func TestCycle(t *testing.T) {
	w := newWorld(t)
	w.ok("cells", register(cellA))
	w.ok("cells", register(cellB))
	w.ok("cells", w.capture(cellA, w.output("a of b", cellB)))
	w.ok("cells", w.capture(cellB, w.output("b of a", cellA)))
	way := walk(t, w, cellA)
	if len(way.Products) != 2 || way.Products[1].Depth != 1 {
		t.Errorf("%d products", len(way.Products))
	}
	if got := way.Joined(w.now); !slices.Equal(got, []int{0, 1}) {
		t.Errorf("%v", got)
	}
}

// TestTooFar: each limit, at it and beyond it.
func TestTooFar(t *testing.T) {
	numbered := func(i int) string { return fmt.Sprintf("https://example.com/p/%04d", i) }
	line := func(n int) *world {
		w := newWorld(t)
		for i := range n {
			w.ok("maker", register(numbered(i)))
		}
		for i := range n - 1 {
			w.ok("maker", w.capture(numbered(i), w.output(fmt.Sprint(i), numbered(i+1))))
		}
		return w
	}
	if way := walk(t, line(MaxDepth+1), numbered(0)); len(way.Products) != MaxDepth+1 {
		t.Errorf("%d products", len(way.Products))
	}
	if _, _, err := Walk(line(MaxDepth+2).state, numbered(0)); !errors.Is(err, ErrTooFar) {
		t.Errorf("deeper: %v", err)
	}
	named := func(n int) *world {
		w := newWorld(t)
		w.ok("maker", register(lot))
		for from := 0; from < n; from += MaxOthers {
			var others []string
			for i := from; i < min(n, from+MaxOthers); i++ {
				others = append(others, numbered(i))
			}
			w.ok("maker", w.capture(lot, w.output(fmt.Sprint(from), others...)))
		}
		return w
	}
	walk(t, named(MaxNamed-1), lot)
	if _, _, err := Walk(named(MaxNamed).state, lot); !errors.Is(err, ErrTooFar) {
		t.Errorf("more products: %v", err)
	}
}
