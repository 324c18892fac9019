package evidence

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/client"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// desk is a Ledger that does as a test wants; what a real one does is tested with
// a node, in package cli.
type desk struct {
	mu    sync.Mutex
	down  bool
	lost  int                 // answers that get lost after it was filed
	no    func(*Anchor) bool  // refuses
	has   map[sm3.Hash]uint64 // heights
	order []uint64            // numbers, as they were filed
}

func (d *desk) File(_ context.Context, anchors []*Anchor) (results []Result, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.down {
		return nil, client.ErrNoAnswer
	}
	if d.has == nil {
		d.has = map[sm3.Hash]uint64{}
	}
	for _, a := range anchors {
		if d.no != nil && d.no(a) {
			results = append(results, Result{Refusal: &api.Refusal{Code: 506, Name: "evidence_role"}})
			continue
		}
		if _, ok := d.has[a.ID]; !ok {
			d.has[a.ID] = uint64(len(d.has)) + 1
			d.order = append(d.order, a.Number)
		}
		results = append(results, Result{Outcome: &Outcome{Height: d.has[a.ID]}})
	}
	if d.lost > 0 {
		d.lost--
		return nil, client.ErrUncertain
	}
	return results, nil
}

func (d *desk) set(do func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	do()
}

func watchOptions(t *testing.T) WatchOptions {
	return WatchOptions{Manifest: filepath.Join(t.TempDir(), "m.hmev"), Begin: Begin{Anchor: template()}, Patience: 20 * time.Second}
}

// sameLines compares the leaves of a manifest with lines.
func sameLines(t *testing.T, manifest string, want []string) {
	t.Helper()
	list := leavesOf(t, manifest)
	for i := range max(len(list), len(want)) {
		if i >= len(list) || i >= len(want) || list[i].Content != sm3.Sum([]byte(want[i])) || list[i].Size != uint64(len(want[i])) {
			t.Fatalf("leaf %d of %d is not line %d of %d", i, len(list), i, len(want))
		}
	}
}

func TestWatchStream(t *testing.T) {
	for _, c := range []struct{ input, want string }{
		{"a\nb\r\n\nlast", "a|b||last"},
		{"a\n", "a"},
		{"\r\n\r", "|\r"},
		{strings.Repeat("x", 700<<10) + "\nend\n", strings.Repeat("x", 700<<10) + "|end"},
	} {
		o := watchOptions(t)
		o.Stream, o.Ledger, o.Leaves = strings.NewReader(c.input), new(desk), 2
		anchors, err := Watch(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		want := strings.Split(c.want, "|")
		sameLines(t, o.Manifest, want)
		if len(anchors) != (len(want)+1)/2 {
			t.Errorf("%d anchors of %d lines", len(anchors), len(want))
		}
		for _, a := range anchors {
			if a.Outcome == nil {
				t.Errorf("anchor %d is not filed", a.Number)
			}
		}
	}
	o := watchOptions(t)
	o.Stream = strings.NewReader(strings.Repeat("x", maxLine+1))
	if _, err := Watch(t.Context(), o); !errors.Is(err, ErrLine) {
		t.Error(err)
	}
}

// The network is away, the process is interrupted, the answer is lost: what comes is
// taken, and filed once, in order.
func TestWatchOutage(t *testing.T) {
	d := &desk{down: true, lost: 2}
	o := watchOptions(t)
	o.Ledger, o.Every = d, 30*time.Millisecond
	closed := make(chan *Anchor, 100)
	o.Closed = func(a *Anchor) { closed <- a }
	var lines []string
	for turn := range 3 {
		in, out := io.Pipe()
		o.Stream = in
		d.set(func() { d.down = turn < 2 })
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() {
			_, err := Watch(ctx, o)
			ended <- err
		}()
		for i := range 4 {
			line := fmt.Sprint("line ", turn, i)
			lines = append(lines, line)
			fmt.Fprintln(out, line)
			if a := <-closed; a.Leaves != 1 {
				t.Errorf("%d leaves", a.Leaves)
			}
		}
		if turn == 2 {
			out.Close()
		} else {
			o.Patience = time.Millisecond
			cancel()
		}
		if err := <-ended; turn == 2 && err != nil || turn < 2 && !errors.Is(err, client.ErrNoAnswer) {
			t.Fatal(turn, err)
		}
		cancel()
		o.Patience = 20 * time.Second
	}
	sameLines(t, o.Manifest, lines)
	for i, n := range d.order {
		if n != uint64(i)+1 {
			t.Fatalf("filed in the order %v", d.order)
		}
	}
	if len(d.order) != len(lines) {
		t.Errorf("%d were filed of %d", len(d.order), len(lines))
	}
}

// A refusal does not end the taking; at the end it is what is said.
func TestWatchRefused(t *testing.T) {
	d := &desk{no: func(a *Anchor) bool { return a.Number == 2 }}
	o := watchOptions(t)
	o.Ledger, o.Leaves, o.Stream = d, 1, strings.NewReader("a\nb\nc\n")
	anchors, err := Watch(t.Context(), o)
	var refused *RefusedError
	if !errors.As(err, &refused) || refused.Anchor.Number != 2 || len(anchors) != 3 || anchors[1].Outcome != nil || anchors[2].Outcome == nil {
		t.Fatal(anchors, err)
	}
	d.no = nil
	o.Stream = strings.NewReader("")
	if anchors, err = Watch(t.Context(), o); err != nil || anchors[1].Outcome == nil {
		t.Fatal(err)
	}
}

// The clock of a device was wrong for a while, and the ledger refuses what was
// captured in the future: that does not hold up what is taken with the right clock.
func TestFileAhead(t *testing.T) {
	o := watchOptions(t)
	o.Begin.Source, o.Begin.Path = Lines, "-"
	w, err := Create(o.Manifest, o.Begin)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	take := func(at time.Time) {
		t.Helper()
		if err := w.Add(Leaf{Content: sm3.Sum([]byte("a")), Size: 1, Captured: at.UnixNano()}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.CloseAnchor(); err != nil {
			t.Fatal(err)
		}
	}
	take(time.Now())
	for range maxFiled + 1 {
		take(time.Now().AddDate(1, 0, 0))
	}
	take(time.Now())
	d := &desk{no: func(a *Anchor) bool { return a.To.After(time.Now().Add(10 * time.Minute)) }}
	if err := File(t.Context(), w, d, nil); !errors.Is(err, ErrAhead) {
		t.Error(err)
	}
	if want := []uint64{1, maxFiled + 3}; !slices.Equal(d.order, want) {
		t.Errorf("filed: %v, want %v", d.order, want)
	}
}

// A growing file, with the watch ended and begun again at any time, the file renamed
// and made anew, and cut: each line comes once.
func TestWatchFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sensor.log")
	write(t, filepath.Dir(path), map[string]string{"sensor.log": ""})
	o := watchOptions(t)
	o.File, o.Every = path, 10*time.Millisecond
	anew := make(chan struct{}, 10)
	o.Anew = func() { anew <- struct{}{} }
	var lines []string
	add := func(text string) {
		f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if _, err := f.WriteString(text); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	start := func() {
		ctx, cancel = context.WithCancel(t.Context())
		go func() {
			_, err := Watch(ctx, o)
			ended <- err
		}()
	}
	stop := func() {
		cancel()
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
	}
	wait := func() { // until all lines are in the manifest
		t.Helper()
		for range 500 {
			if len(leavesOf(t, o.Manifest)) >= len(lines) {
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
		t.Fatalf("%d leaves, want %d", len(leavesOf(t, o.Manifest)), len(lines))
	}
	start()
	for turn := range 4 {
		for i := range 5 {
			line := fmt.Sprintf("turn %d line %d", turn, i)
			end := "\n"
			if i == 1 {
				end = "\r\n"
			}
			lines = append(lines, line)
			add(line + end)
		}
		add("a part ") // its end comes in the next turn
		if turn%2 == 0 {
			for len(leavesOf2(o.Manifest)) < len(lines) {
				time.Sleep(5 * time.Millisecond)
			}
		}
		stop()
		line := fmt.Sprint("and its end ", turn)
		lines = append(lines, "a part "+line)
		add(line + "\n")
		start()
	}
	wait()
	sameLines(t, o.Manifest, lines)
	// Renamed while somebody still writes to it, and made anew.
	old, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path, path+".1"); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(old, "late")
	fmt.Fprint(old, "no end")
	old.Close()
	add("first of the new\n")
	lines = append(lines, "late", "no end", "first of the new")
	<-anew
	wait()
	sameLines(t, o.Manifest, lines)
	// Cut.
	if err := os.Truncate(path, 0); err != nil {
		t.Fatal(err)
	}
	<-anew
	add("1\n")
	lines = append(lines, "1")
	wait()
	stop()
	// Another file while nobody looked.
	if err := os.WriteFile(path, []byte("x\ny\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	lines = append(lines, "x", "y")
	o.Once = true
	if _, err := Watch(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	<-anew
	sameLines(t, o.Manifest, lines)
	if _, err := Watch(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	sameLines(t, o.Manifest, lines)
}

// leavesOf2 is leavesOf where the manifest may not be there yet.
func leavesOf2(path string) (list []Leaf) {
	r, err := Open(path)
	if err != nil {
		return nil
	}
	defer r.Close()
	_ = r.each(r.begun, func(_ frame, _ uint64, l []Leaf) bool {
		list = append(list, l...)
		return true
	})
	return list
}

// Files of a folder are taken when they are at rest, again when they have changed,
// and once though the watch ends and begins again.
func TestWatchFolder(t *testing.T) {
	folder := t.TempDir()
	o := watchOptions(t)
	o.Folder, o.Once = folder, true
	o.Manifest = filepath.Join(folder, "m.hmev") // which is not taken itself
	write(t, folder, map[string]string{"a": "1", "b/c": "2"})
	look := func(want string) {
		t.Helper()
		if _, err := Watch(t.Context(), o); err != nil {
			t.Fatal(err)
		}
		if got := names(leavesOf(t, o.Manifest)); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	look("a b/c")
	look("a b/c")
	write(t, folder, map[string]string{"a": "changed", "d": "3"})
	look("a b/c a d")
	o.Once = false
	o.Every = 10 * time.Millisecond
	d := new(desk)
	o.Ledger = d
	ctx, cancel := context.WithCancel(t.Context())
	filed := make(chan *Anchor, 10)
	o.Filed = func(a *Anchor) { filed <- a }
	ended := make(chan error)
	go func() {
		_, err := Watch(ctx, o)
		ended <- err
	}()
	write(t, folder, map[string]string{"e": "4"})
	for a := range filed {
		if a.Number == 3 {
			break
		}
	}
	cancel()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if got := names(leavesOf(t, o.Manifest)); got != "a b/c a d e" {
		t.Errorf("%q", got)
	}
}
