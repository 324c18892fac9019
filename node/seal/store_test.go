package sealer

import (
	"errors"
	"slices"
	"testing"

	"github.com/cockroachdb/pebble/vfs"

	"github.com/hallmark-ledger/hallmark/crypto/seal"
)

// Signatures add up, however they come, and each is counted once.
func TestMerge(t *testing.T) {
	c := newChain(5)
	s := newStore(t, c)
	if f := s.sign(t, c, 5, "a"); f == nil || len(f.Places) != 1 || f.Sealed {
		t.Fatalf("%+v", f)
	}
	if f := s.sign(t, c, 5, "a"); f != nil {
		t.Fatalf("the same key again: %+v", f)
	}
	s.sign(t, c, 5, "b")
	s.wantSealed(t, 5, false)
	if missing, err := s.Missing(5); err != nil || !slices.Equal(slices.Sorted(slices.Values(missing)), []string{"v2", "v3"}) {
		t.Fatalf("missing %v, %v", missing, err)
	}
	if s.Newest() != 0 {
		t.Fatal("a partial seal is taken for a seal")
	}
	if f := s.sign(t, c, 5, "a", "b", "c"); f == nil || len(f.Places) != 1 {
		t.Fatalf("%+v", f)
	}
	s.wantSealed(t, 5, true)
	if s.Newest() != 5 || !slices.Equal(c.pinned(), []uint64{5}) {
		t.Fatalf("newest %d, pinned %v", s.Newest(), c.pinned())
	}
	if f := s.sign(t, c, 5, "d"); f == nil || !f.Sealed {
		t.Fatalf("a signature more than is needed: %+v", f)
	}
	st, sl, _, err := s.Sealed(5)
	if err != nil || len(sl.Signers()) != 4 {
		t.Fatal(err)
	}
	seals, _, err := s.SetOf(5)
	if err != nil {
		t.Fatal(err)
	}
	if err := seal.NewVerifier(seals).Verify(st, sl); err != nil {
		t.Fatal(err)
	}
	s.sign(t, c, 3, "a", "b", "c") // later, and older
	if s.wantSealed(t, 3, true); s.Newest() != 5 {
		t.Fatalf("newest %d", s.Newest())
	}
}

// What a correct node does not send is told apart from what comes too early or
// too late.
func TestReceiveErrors(t *testing.T) {
	c := newChain(10)
	s := newStore(t, c)
	good := s.mustStatement(t, 10)
	s.sign(t, c, 10, "a")
	for name, one := range map[string]struct {
		edit func(*seal.Statement)
		want error
	}{
		"ahead":      {func(st *seal.Statement) { st.Height = 11 }, ErrAhead},
		"chain":      {func(st *seal.Statement) { st.Chain[0]++ }, ErrInvalid},
		"genesis":    {func(st *seal.Statement) { st.Genesis[0]++ }, ErrInvalid},
		"no height":  {func(st *seal.Statement) { st.Height = 0 }, ErrInvalid},
		"its next":   {func(st *seal.Statement) { st.Next[0], st.NextHeight = 1, 5 }, ErrInvalid},
		"far ahead":  {func(st *seal.Statement) { st.Height = 1<<63 - 1 }, ErrAhead},
		"other time": {func(st *seal.Statement) { st.Time++ }, nil}, // strange, and kept
	} {
		st := good
		one.edit(&st)
		at := st
		at.Height = 10
		_, sl := signed(t, c, at, "b")
		if _, err := s.Receive(st.Append(nil), sl); !errors.Is(err, one.want) {
			t.Errorf("%s: %v, want %v", name, err, one.want)
		}
	}
	statement, sl := signed(t, c, good, "b", "c")
	for i := range sl { // each byte of it matters
		bad := slices.Clone(sl)
		bad[i] ^= 0x10
		if _, err := s.Receive(statement, bad); !errors.Is(err, ErrInvalid) {
			t.Fatalf("byte %d changed: %v", i, err)
		}
	}
	for i := range sl {
		if _, err := s.Receive(statement, sl[:i]); !errors.Is(err, ErrInvalid) {
			t.Fatalf("%d bytes: %v", i, err)
		}
	}
	for i := range statement {
		bad := slices.Clone(statement)
		bad[i] ^= 1
		if _, err := s.Receive(bad, sl); !errors.Is(err, ErrInvalid) && !errors.Is(err, ErrAhead) {
			t.Fatalf("byte %d of the statement changed: %v", i, err)
		}
	}
	if missing, _ := s.Missing(10); len(missing) != 3 {
		t.Fatalf("something bad was kept: %v are missing", missing)
	}
}

// A key that signs two statements of one height is found out, whichever comes
// first, and the proof of it can be checked by anyone.
func TestConflicts(t *testing.T) {
	c := newChain(4)
	fs := vfs.NewMem()
	s := open(t, c, fs)
	for height, strangeFirst := range map[uint64]bool{2: false, 3: true} {
		if !strangeFirst {
			s.sign(t, c, height, "a", "b", "c")
		}
		other := s.mustStatement(t, height)
		other.State[3]++
		st, sl := signed(t, c, other, "b")
		fresh, err := s.Receive(st, sl)
		if err != nil || fresh == nil {
			t.Fatalf("height %d: %+v, %v", height, fresh, err)
		}
		if fresh, err := s.Receive(st, sl); err != nil || fresh != nil {
			t.Errorf("the same again: %+v, %v", fresh, err)
		}
		if strangeFirst {
			s.sign(t, c, height, "a", "b", "c")
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, c, fs)
	defer s.Close()
	list, err := s.Conflicts(10)
	if err != nil || len(list) != 2 || list[0].Statements[0].Height != 2 || list[1].Statements[0].Height != 3 {
		t.Fatalf("%d conflicts, %v", len(list), err)
	}
	for _, one := range list {
		if err := one.Verify(); err != nil || one.Key != setOf(1, 0, "b").Validators[0].SealKey {
			t.Errorf("%v, key %x", err, one.Key)
		}
	}
	if stats, err := s.Stats(); err != nil || stats.Conflicts != 2 || stats.Forks != 0 {
		t.Errorf("%+v, %v", stats, err)
	}
	// The statement that is ours is sealed all the same.
	s.wantSealed(t, 2, true)
	s.wantSealed(t, 3, true)
}

// A quorum that seals something else is an alarm, and changes nothing.
func TestFork(t *testing.T) {
	c := newChain(4)
	s := newStore(t, c)
	other := s.mustStatement(t, 4)
	other.State[3]++
	st, sl := signed(t, c, other, "a", "b", "c")
	if _, err := s.Receive(st, sl); err != nil {
		t.Fatal(err)
	}
	if s.wantSealed(t, 4, false); s.counts.forks.Load() != 1 {
		t.Error("it was not counted")
	}
}

// Heights whose blocks are gone are taken from peers, sealed.
func TestOldHeights(t *testing.T) {
	c := newChain(40)
	c.sets = append(c.sets, setOf(30, 5, "a", "b", "c", "e"))
	whole := newStore(t, c)
	c.first = 20
	s := newStore(t, c)
	if first, last := s.Heights(); first != 20 || last != 40 {
		t.Fatalf("heights %d to %d", first, last)
	}
	old := whole.mustStatement(t, 10)
	if old.NextHeight != 30 {
		t.Fatalf("%+v", old)
	}
	st, sl := signed(t, c, old, "a", "b")
	if _, err := s.Receive(st, sl); !errors.Is(err, ErrIgnored) {
		t.Fatalf("a part of a seal: %v", err)
	}
	wrong := old
	wrong.Next[0]++
	st, sl = signed(t, c, wrong, "a", "b", "c")
	if _, err := s.Receive(st, sl); !errors.Is(err, ErrIgnored) || s.counts.forks.Load() != 1 {
		t.Fatalf("another next set: %v", err)
	}
	st, sl = signed(t, c, old, "a", "b", "c")
	if _, err := s.Receive(st, sl); err != nil {
		t.Fatal(err)
	}
	s.wantSealed(t, 10, true)
	s.sign(t, c, 10, "d") // it is a record as any other now
	s.sign(t, c, 40, "a", "b", "e")
	list, err := s.Handovers(1, 10)
	if err != nil || len(list) != 1 || list[0].Statement.Height != 10 || list[0].Next.Hash() != c.sets[1].SealHash {
		t.Fatalf("%+v, %v", list, err)
	}
	// A block that comes back gives the same statement.
	if _, err := s.Handovers(11, 10); !errors.Is(err, ErrNoHandover) {
		t.Errorf("from a height after the only handover: %v", err)
	}
}
