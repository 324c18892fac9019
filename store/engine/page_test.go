package engine

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/cockroachdb/pebble/vfs"

	"github.com/hallmark-ledger/hallmark/store"
)

// TestPlaces holds the places of records to what is said of pages.
func TestPlaces(t *testing.T) {
	sizes := []int{10, pageBytes - 10, 1, pageBytes + 5, 3, 3, 3, 3, 3, 3, 3, 3, 3, pageBytes, pageBytes}
	want := []int{0, 1, 8, 16, 24, 25, 26, 27, 28, 29, 30, 31, 32, 40, 48}
	p := pager{version: 9}
	for i, size := range sizes {
		if l := p.place(size); l != locate(9, want[i]) {
			t.Errorf("record %d of %d bytes: at %d/%d, want %d", i, size, l.version(), l&deltaIndex, want[i])
		}
	}
	p.turn()
	if l := p.place(1); l != locate(9, 56) {
		t.Errorf("after a turn: %d", l&deltaIndex)
	}
	if p.turn(); p.index != 64 {
		t.Error("turn:", p.index)
	} else if p.turn(); p.index != 64 {
		t.Error("turning twice leaves a page empty:", p.index)
	}
}

// TestValuesOfAllSizes reads values back that fill pages in every way, also
// after their neighbours were replaced, moved and deleted.
func TestValuesOfAllSizes(t *testing.T) {
	db := mustOpen(t, "/db", smallOptions(vfs.NewMem()))
	defer mustClose(t, db)
	value := func(i, version int) []byte {
		sizes := []int{0, 1, 50, 300, 1000, pageBytes - 20, pageBytes, pageBytes + 1, 40000}
		return bytes.Repeat([]byte{byte(i), byte(version)}, sizes[(i*7+version)%len(sizes)]/2)
	}
	for version := 1; version <= 9; version++ {
		var changes []store.Change
		for i := range 100 {
			if (i+version)%3 == 0 || version == 1 {
				changes = append(changes, store.Change{Key: fmt.Appendf(nil, "key %02d", i), Value: value(i, version)})
			}
		}
		commit(t, db, uint64(version), changes)
		for i := range 100 {
			last := version - (i+version)%3 // when it was written
			if last < 1 {
				last = 1
			}
			got, ok, err := db.Latest().Get(fmt.Appendf(nil, "key %02d", i))
			if err != nil || !ok || !bytes.Equal(got, value(i, last)) {
				t.Fatalf("version %d, key %d: %d bytes, %v, %v; want %d", version, i, len(got), ok, err, len(value(i, last)))
			}
		}
	}
	if err := db.Check(); err != nil {
		t.Fatal(err)
	}
}
