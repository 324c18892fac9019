package evidence

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// crashDisk is a disk that knows what was durable, and that can be full.
type crashDisk struct {
	memoryDisk
	durable int
	room    int // bytes; 0 for as much as is wanted
}

var errFull = errors.New("no space left on device")

func (d *crashDisk) WriteAt(p []byte, at int64) (int, error) {
	if d.room > 0 && int(at)+len(p) > d.room {
		n, _ := d.memoryDisk.WriteAt(p[:max(0, d.room-int(at))], at)
		return n, errFull
	}
	return d.memoryDisk.WriteAt(p, at)
}

func (d *crashDisk) Sync() error { d.durable = len(d.data); return nil }

// crash loses what was not durable, some blocks of it, in any order.
func (d *crashDisk) crash(t *rapid.T) {
	d.data = d.data[:rapid.IntRange(d.durable, len(d.data)).Draw(t, "end")]
	const block = 64
	for at := d.durable; at < len(d.data); at += block {
		if rapid.IntRange(0, 3).Draw(t, "lost") == 0 {
			clear(d.data[at:min(at+block, len(d.data))])
		}
	}
	d.room = 0
}

// Whatever is done, and wherever the machine ends or the disk is full: what was
// durable is there, in order, and it goes on.
func TestCrash(t *testing.T) {
	head := sampleHead(t, Lines)
	rapid.Check(t, func(t *rapid.T) {
		d := &crashDisk{memoryDisk: memoryDisk{bytes.Clone(head)}, durable: len(head)}
		w := new(Writer)
		if err := w.open(d, int64(len(d.data))); err != nil {
			t.Fatal(err)
		}
		leaves, sureLeaves, sureAnchors := 0, 0, 0
		again := func() {
			d.crash(t)
			w = new(Writer)
			if err := w.open(d, int64(len(d.data))); err != nil {
				t.Fatal(err)
			}
			if n := int(w.Leaves()); n < sureLeaves || n > leaves || len(w.Anchors()) < sureAnchors {
				t.Fatalf("%d leaves and %d anchors are left, %d and %d were durable", n, len(w.Anchors()), sureLeaves, sureAnchors)
			}
			leaves = int(w.Leaves())
			if w.Pending() > 0 || leaves > 0 && w.Last().Size != some(Lines, leaves-1).Size {
				t.Fatalf("last leaf %+v", w.Last())
			}
		}
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			var err error
			switch rapid.IntRange(0, 7).Draw(t, "step") {
			case 0, 1, 2:
				for range rapid.IntRange(1, 700).Draw(t, "leaves") {
					if err = w.Add(some(Lines, leaves)); err != nil {
						break
					}
					leaves++
				}
			case 3:
				err = w.Flush()
			case 4:
				if err = w.Sync(); err == nil {
					sureLeaves, sureAnchors = leaves-w.Pending(), len(w.Anchors())
				}
			case 5:
				if _, err = w.CloseAnchor(); errors.Is(err, ErrEmpty) {
					err = nil
				}
			case 6:
				if n := len(w.Anchors()); n > 0 {
					err = w.Done(uint64(rapid.IntRange(1, n).Draw(t, "anchor")), Outcome{Height: 1})
				}
			case 7:
				if rapid.Bool().Draw(t, "full") {
					d.room = len(d.data) + rapid.IntRange(0, 5000).Draw(t, "room")
				} else {
					again()
				}
			}
			if err != nil {
				if !errors.Is(err, errFull) {
					t.Fatal(err)
				}
				again()
			}
		}
		again()
		if _, err := w.CloseAnchor(); err != nil && !errors.Is(err, ErrEmpty) {
			t.Fatal(err)
		}
		r, err := NewReader(d, int64(len(d.data)))
		if err != nil {
			t.Fatal(err)
		}
		if n, err := r.CheckRoots(t.Context()); err != nil || int(n) != leaves {
			t.Fatalf("%d leaves, want %d, %v", n, leaves, err)
		}
		var all []Leaf
		if err := r.Each(func(f Found) bool { all = append(all, f.Leaf); return true }); err != nil {
			t.Fatal(err)
		}
		for i, l := range all {
			want := some(Lines, i)
			if l.Content != want.Content || l.Captured != want.Captured {
				t.Fatalf("leaf %d is another", i)
			}
		}
		if !slices.IsSortedFunc(r.Anchors, func(a, b *Anchor) int { return int(a.Number) - int(b.Number) }) {
			t.Fatal("anchors are out of order")
		}
	})
}
