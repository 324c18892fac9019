package validator

import (
	"errors"
	"testing"

	"github.com/hallmark-ledger/hallmark/store/storetest"
)

// A set decided in block 7 with a window of 20 begins at 27: EndBlock of 25
// hands it over and CometBFT decides 27 with it, not 26.
func TestActivationHeight(t *testing.T) {
	w := newWorld(t, 10, 10, 10, 10)
	w.runTo(7)
	old := w.set0()
	if err := w.set(false, adding(t, 4, 4, 10)); err != nil {
		t.Fatal(err)
	}
	decided := w.set0()
	if decided.Begin != 27 || decided.Decided != 7 {
		t.Fatalf("%+v", decided)
	}
	for w.height < 30 {
		h := w.height
		ups := w.endBlock() // compares with CometBFT
		if h == 25 && (len(ups) != 1 || ups[0] != Update{consensusKeyOf(4), 10}) || h != 25 && ups != nil {
			t.Fatalf("block %d returned %v", h, ups)
		}
		at, err := w.m.SetAt(w.state, h)
		if err != nil || (at.SealHash == decided.SealHash) != (h >= 27) || (at.SealHash == old.SealHash) != (h < 27) {
			t.Fatalf("block %d: %v", h, err)
		}
		// The window 7 … 26 is the handover.
		next, ok, err := w.m.Next(w.state, h)
		if err != nil || ok != (h < 27) || ok && (next != Next{decided.SealHash, 27}) {
			t.Fatalf("block %d: next %+v, %v, %v", h, next, ok, err)
		}
	}
	seals, err := decided.Seal()
	if err != nil || seals.Total() != 50 || seals.Hash() != decided.SealHash {
		t.Fatal(err)
	}
}

func TestQueue(t *testing.T) {
	w := newWorld(t, 100, 100, 100, 100)
	w.runTo(5)
	for i := range MaxPending {
		if err := w.set(false, powering(0, uint64(101+i))); err != nil {
			t.Fatal(err)
		}
		if s := w.set0(); s.Begin != uint64(25+20*i) {
			t.Fatalf("change %d begins at %d", i, s.Begin)
		}
	}
	if err := w.set(false, powering(0, 200)); !codeQueueFull.Is(err) {
		t.Fatal(err)
	}
	if err := w.rotate(1, 50); !codeWindowOpen.Is(err) {
		t.Fatal(err)
	}
	next, ok, err := w.m.Next(w.state, 24)
	if err != nil || !ok || next.Begin != 25 {
		t.Fatalf("%+v, %v", next, err)
	}
	w.runTo(25) // the first is in force: room for one more
	if err := w.set(false, powering(0, 120)); err != nil {
		t.Fatal(err)
	}
	if s := w.set0(); s.Begin != 25+20*MaxPending {
		t.Fatalf("begins at %d", s.Begin)
	}
	w.runTo(25 + 20*MaxPending + 1)
	if v := w.set0().mustFind(t, name(0)); v.Power != 120 {
		t.Fatalf("%+v", v)
	}
	list, err := w.m.Sets(w.state, 26, 3)
	if err != nil || len(list) != 3 || list[0].Begin != 45 || list[2].Begin != 85 {
		t.Fatalf("%+v, %v", list, err)
	}
}

// A longer parameter holds for what is decided from then on.
func TestActivationParameter(t *testing.T) {
	w := newWorld(t, 10, 10, 10, 10)
	*w.blocks = 100
	if err := w.set(false, removing(3)); err != nil {
		t.Fatal(err)
	}
	*w.blocks = 30
	if err := w.set(false, powering(0, 9)); err != nil {
		t.Fatal(err)
	}
	if s := w.set0(); s.Begin != 131 {
		t.Fatalf("begins at %d", s.Begin)
	}
	*w.blocks = 19
	if err := w.set(false, powering(0, 8)); err == nil || codeSet.Is(err) {
		t.Fatalf("a parameter below the least: %v", err)
	}
	w.runTo(133)
}

// What changes consensus keys only leaves the seal set, and so the next
// different one is a later one.
func TestNextDifferent(t *testing.T) {
	w := newWorld(t, 10, 10, 10, 10)
	if err := w.set(false, consensusing(0, 30)); err != nil { // begins at 21
		t.Fatal(err)
	}
	if _, ok, err := w.m.Next(w.state, 1); ok || err != nil {
		t.Fatalf("the same seal set is called next: %v", err)
	}
	if err := w.set(false, powering(0, 12)); err != nil { // begins at 41
		t.Fatal(err)
	}
	if next, ok, err := w.m.Next(w.state, 1); !ok || err != nil || next.Begin != 41 {
		t.Fatalf("%+v, %v", next, err)
	}
	for range 45 {
		w.endBlock()
	}
}

func TestHeightsWithoutSet(t *testing.T) {
	w := newWorld(t, 10)
	if _, err := w.m.SetAt(w.state, 0); !errors.Is(err, errNoSet) {
		t.Fatal(err)
	}
	if _, _, err := w.m.Next(w.state, 0); !errors.Is(err, errNoSet) {
		t.Fatal(err)
	}
	if _, ok, err := w.m.Next(w.state, ^uint64(0)); ok || err != nil {
		t.Fatal(err)
	}
	if _, err := w.m.InitialValidators(&storetest.Mem{}, 1); !errors.Is(err, errNoSet) {
		t.Fatal(err)
	}
}

// An exported state whose next set begins right after the initial height cannot
// start a chain, since CometBFT was to be given it earlier.
func TestInitialHeight(t *testing.T) {
	w := newWorld(t, 10, 10, 10, 10)
	if err := w.set(false, removing(0)); err != nil {
		t.Fatal(err)
	}
	for initial, want := range map[uint64]int{18: 4, 19: 4, 20: 0, 21: 3, 22: 3} {
		ups, err := w.m.InitialValidators(w.state, initial)
		if (err != nil) != (want == 0) || len(ups) != want {
			t.Errorf("initial height %d: %d validators, %v", initial, len(ups), err)
		}
	}
}
