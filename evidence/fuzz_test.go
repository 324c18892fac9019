package evidence

import (
	"bytes"
	"context"
	"errors"
	"testing"
)

// FuzzManifest has any bytes read, proven from, checked and gone on with: nothing
// panics, errors are those that are documented, and a manifest that was gone on with
// is whole.
func FuzzManifest(f *testing.F) {
	f.Add(sampleManifest(f, Files), uint64(0), []byte{}, uint16(0))
	f.Add(sampleManifest(f, Lines), uint64(3), []byte{7}, uint16(90))
	f.Add([]byte("HMEV"), uint64(0), []byte{}, uint16(0))
	f.Fuzz(func(t *testing.T, data []byte, number uint64, change []byte, at uint16) {
		data = bytes.Clone(data)
		for i, c := range change {
			if n := int(at) + i; n < len(data) {
				data[n] ^= c
			}
		}
		documented := func(err error) {
			t.Helper()
			if err != nil && !errors.Is(err, ErrManifest) && !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrNoLeaf) && !errors.Is(err, ErrRoot) {
				t.Fatal(err)
			}
		}
		r, err := NewReader(&memoryDisk{data}, int64(len(data)))
		documented(err)
		if err == nil {
			_, err = r.Prove(number)
			documented(err)
			_, err = r.CheckRoots(context.Background())
			documented(err)
		}
		d := &memoryDisk{data}
		w := new(Writer)
		err = w.open(d, int64(len(data)))
		documented(err)
		if err != nil {
			return
		}
		before := w.Leaves()
		if err := w.Add(some(w.Begin.Source, 1)); err != nil {
			t.Fatal(err)
		}
		if _, err := w.CloseAnchor(); err != nil {
			t.Fatal(err)
		}
		r, err = NewReader(d, int64(len(d.data)))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Prove(before); err != nil {
			t.Fatal(err)
		}
	})
}

// sampleManifest returns a manifest with two anchors, one of them filed, and leaves
// of none.
func sampleManifest(tb testing.TB, source Source) []byte {
	tb.Helper()
	d := &memoryDisk{sampleHead(tb, source)}
	w := new(Writer)
	if err := w.open(d, int64(len(d.data))); err != nil {
		tb.Fatal(err)
	}
	n := 0
	add := func(count int) {
		for range count {
			if err := w.Add(some(source, n)); err != nil {
				tb.Fatal(err)
			}
			n++
		}
		if err := w.Flush(); err != nil {
			tb.Fatal(err)
		}
	}
	for range 2 {
		add(2)
		add(3)
		if _, err := w.CloseAnchor(); err != nil {
			tb.Fatal(err)
		}
		if err := w.Sync(); err != nil {
			tb.Fatal(err)
		}
	}
	if err := w.Done(1, Outcome{Height: 7, Time: 1.79e18}); err != nil {
		tb.Fatal(err)
	}
	add(2)
	return d.data
}

// sampleHead returns a manifest without leaves, the same each time.
func sampleHead(tb testing.TB, source Source) []byte {
	tb.Helper()
	id := manifestID{1, 2, 3}
	begin := Begin{Source: source, Path: "/reports", Secret: [32]byte{9, 8, 7}, Anchor: common(template())}
	head := append([]byte("HMEV\x00\x00\x00\x01"), id[:]...)
	head, err := begin.encode(beginFrame(head, kindBegin))
	if err != nil {
		tb.Fatal(err)
	}
	return id.endFrame(head, headerSize, int64(headerSize))
}
