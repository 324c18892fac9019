package sealer

import (
	"slices"
	"testing"

	"github.com/cockroachdb/pebble/vfs"
)

// The newest sealed state stays, however few are retained: a height is pinned
// before it is sealed, and after that until a newer one is.
func TestPin(t *testing.T) {
	c := newChain(10)
	c.retain = 1
	fs := vfs.NewMem()
	s := open(t, c, fs)
	if got := c.pinned(); !slices.Equal(got, []uint64{10}) {
		t.Fatalf("the candidate: %v", got)
	}
	c.grow(2)
	catchUpWith(t, s)
	s.sign(t, c, 11, "a", "b", "c") // its state is gone already
	if s.Newest() != 0 {
		t.Fatalf("newest %d", s.Newest())
	}
	s.sign(t, c, 10, "a", "b", "c")
	if got := c.pinned(); s.Newest() != 10 || !slices.Equal(got, []uint64{10}) {
		t.Fatalf("newest %d, pinned %v", s.Newest(), got)
	}
	c.grow(1)
	catchUpWith(t, s)
	c.grow(50) // nothing more is sealed: one candidate after the other
	for range 50 {
		catchUpWith(t, s)
	}
	for range 100 {
		c.grow(1)
		catchUpWith(t, s)
		if got := c.pinned(); len(got) != 2 || got[0] != 10 {
			t.Fatalf("at %d: pinned %v", c.last, got)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if got := c.pinned(); len(got) != 0 {
		t.Fatalf("pins are left: %v", got)
	}
	// The engine lets it be pinned again at the start.
	c.pins[10] = 1
	s = open(t, c, fs)
	defer s.Close()
	delete(c.pins, 10)
	c.pins[10] = 1
	if s.Newest() != 10 {
		t.Fatalf("newest %d after a restart", s.Newest())
	}
}
