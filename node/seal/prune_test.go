package sealer

import (
	"errors"
	"testing"

	"github.com/cockroachdb/pebble/vfs"
)

// What is old is deleted, but not the way from set to set, and nothing that was
// forgotten is signed again.
func TestPrune(t *testing.T) {
	c := newChain(100)
	c.sets = append(c.sets, setOf(60, 20, "e", "b", "c", "d"), setOf(90, 30, "e", "f", "c", "d"))
	fs := vfs.NewMem()
	short := func(o *Options) { o.Retain = 1000 }
	s := open(t, c, fs, short)
	for h := uint64(15); h <= 45; h++ { // the window of the first is 20 to 59
		s.sign(t, c, h, "a", "b", "c", "d")
	}
	s.sign(t, c, 70, "e", "b", "c")
	s.sign(t, c, 95, "e", "f", "c")
	for c.last < 5000 {
		c.grow(500)
		catchUpWith(t, s)
	}
	floor := s.floor.Load()
	if floor < 3000 || floor > 4000 {
		t.Fatalf("pruned up to %d", floor)
	}
	left := 0
	for h := uint64(1); h <= floor; h++ {
		if _, ok, err := s.Statement(h); err != nil {
			t.Fatal(err)
		} else if ok {
			left++
			if h != 45 && h != 70 && h != 95 { // the last of each window, and the newest sealed
				t.Errorf("height %d is left", h)
			}
		}
	}
	if left != 3 {
		t.Errorf("%d heights are left", left)
	}
	list, err := s.Handovers(1, 10)
	if err != nil || len(list) != 2 || list[0].Statement.Height != 45 || list[1].Statement.Height != 70 {
		t.Fatalf("%+v, %v", list, err)
	}
	if list, err = s.Handovers(1, 1); err != nil || len(list) != 1 {
		t.Errorf("%d handovers, %v", len(list), err)
	}
	if list, err = s.Handovers(60, 10); err != nil || len(list) != 1 || list[0].Statement.Height != 70 {
		t.Errorf("%+v, %v", list, err)
	}
	st := list[0].Statement
	if err := s.claim(&st); !errors.Is(err, ErrTwice) {
		t.Errorf("a height that was forgotten may be signed: %v", err)
	}
	// A handover that the node lacks is taken even from there, others are not.
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, c, fs, short)
	defer s.Close()
	if s.Newest() != 95 {
		t.Errorf("newest %d after a restart", s.Newest())
	}
}

// An open window without a seal is told of, and the alarm ends with the first
// seal in it.
func TestUnsealedWindow(t *testing.T) {
	c := newChain(25)
	c.sets = append(c.sets, setOf(40, 20, "e", "b", "c", "d"))
	s := newStore(t, c)
	windows := func() int {
		t.Helper()
		stats, err := s.Stats()
		if err != nil {
			t.Fatal(err)
		}
		return stats.Windows
	}
	s.sign(t, c, 19, "a", "b", "c")
	if n := windows(); n != 1 {
		t.Fatalf("%d", n)
	}
	c.grow(30)
	catchUpWith(t, s)
	s.sign(t, c, 50, "e", "b", "c")
	if n := windows(); n != 1 {
		t.Fatalf("after its end: %d", n)
	}
	if _, err := s.Handovers(1, 5); !errors.Is(err, ErrNoHandover) {
		t.Fatalf("%v", err)
	}
	s.sign(t, c, 22, "a", "b", "c") // late, with the old key
	if n := windows(); n != 0 {
		t.Fatalf("%d", n)
	}
	if list, err := s.Handovers(1, 5); err != nil || len(list) != 1 {
		t.Fatalf("%d, %v", len(list), err)
	}
}
