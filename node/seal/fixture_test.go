package sealer

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/vfs"

	"github.com/hallmark-ledger/hallmark/app/apptest"
	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store/engine"
	"github.com/hallmark-ledger/hallmark/x/validator"
)

// chain is a chain of blocks that a test decides on: four validators at first.
type chain struct {
	notifier

	mu          sync.Mutex
	first, last uint64
	fork        byte // makes other blocks
	sets        []validator.Set
	retain      uint64
	pins        map[uint64]int
	asleep      bool // not live
}

func newChain(heights uint64) *chain {
	c := &chain{retain: 1 << 40, pins: map[uint64]int{}}
	if heights > 0 {
		c.first, c.last = 1, heights
	}
	c.sets = []validator.Set{setOf(1, 0, "a", "b", "c", "d")}
	return c
}

// setOf is a set whose validators are v0, v1, … with the named seal keys.
func setOf(begin, decided uint64, keys ...string) validator.Set {
	s := validator.Set{Begin: begin, Decided: decided}
	for i, name := range keys {
		v := validator.Validator{Name: fmt.Sprint("v", i), Member: "m", SealKey: apptest.Key("seal/" + name).Public().Bytes(), Power: 10}
		v.ConsensusKey[0] = byte(i)
		s.Validators = append(s.Validators, v)
	}
	seals, err := s.Seal()
	if err != nil {
		panic(err)
	}
	s.SealHash = seals.Hash()
	return s
}

func (c *chain) grow(n uint64) {
	c.mu.Lock()
	c.first = max(c.first, 1)
	c.last += n
	c.mu.Unlock()
	c.wake()
}

func (c *chain) Heights() (first, last uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.first, c.last
}

func (c *chain) Block(height uint64) (b Block, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if height < c.first || height > c.last {
		return b, ErrNoBlock
	}
	h := sm3.Sum(append(binary.BigEndian.AppendUint64(nil, height), c.fork))
	return Block{Hash: h, Time: time.Unix(int64(height), 7), AppVersion: 1, State: sm3.Sum(h[:])}, nil
}

func (c *chain) Genesis() (sm3.Hash, error) { return sm3.Sum([]byte("genesis")), nil }

func (c *chain) SetAt(height uint64) (validator.Set, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range slices.Backward(c.sets) {
		if s.Begin <= height && s.Decided <= c.last {
			return s, nil
		}
	}
	return validator.Set{}, fmt.Errorf("no set of %d", height)
}

func (c *chain) SetsAfter(height uint64, limit int) (list []validator.Set, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.sets {
		if s.Begin > height && s.Decided <= c.last && len(list) < limit {
			list = append(list, s)
		}
	}
	return list, nil
}

func (c *chain) Pin(height uint64) (func(), error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if height > c.last || height+c.retain <= c.last && c.pins[height] == 0 {
		return nil, engine.ErrVersionGone
	}
	c.pins[height]++
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.pins[height]--; c.pins[height] == 0 {
			delete(c.pins, height)
		}
	}, nil
}

func (c *chain) pinned() (list []uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for h := range c.pins {
		list = append(list, h)
	}
	slices.Sort(list)
	return list
}

func (c *chain) Live() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.asleep
}

func (c *chain) Notify() (<-chan struct{}, func()) { return c.subscribe() }

// open opens a store on the chain and lets it follow what is there.
func open(t testing.TB, c *chain, fs vfs.FS, edit ...func(*Options)) *Store {
	t.Helper()
	o := Options{ChainID: "test", FS: fs}
	for _, f := range edit {
		f(&o)
	}
	s, err := Open("seals", c, o)
	if err != nil {
		t.Fatal(err)
	}
	catchUpWith(t, s)
	return s
}

func catchUpWith(t testing.TB, s *Store) {
	t.Helper()
	if err := s.follow(context.Background()); err != nil {
		t.Fatal(err)
	}
}

// newStore is open with a store that ends with the test.
func newStore(t testing.TB, c *chain, edit ...func(*Options)) *Store {
	t.Helper()
	s := open(t, c, vfs.NewMem(), edit...)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// statement returns the statement of a height.
func (s *Store) mustStatement(t testing.TB, height uint64) seal.Statement {
	t.Helper()
	st, ok, err := s.Statement(height)
	if err != nil || !ok {
		t.Fatalf("height %d has no statement: %v", height, err)
	}
	return *st
}

// signed returns a statement with the signatures of keys of its set, encoded.
func signed(t testing.TB, c *chain, st seal.Statement, keys ...string) (statement, signatures []byte) {
	t.Helper()
	v, err := c.SetAt(st.Height)
	if err != nil {
		t.Fatal(err)
	}
	set, err := newSet(v)
	if err != nil {
		t.Fatal(err)
	}
	by := map[int]sm2.Signature{}
	var places []int
	for _, name := range keys {
		key := apptest.Key("seal/" + name)
		place, ok := set.place(key.Public().Bytes())
		if !ok {
			t.Fatalf("%s is not in the set of height %d", name, st.Height)
		}
		if by[place], err = key.Sign(context.Background(), st.Append(nil)); err != nil {
			t.Fatal(err)
		}
		places = append(places, place)
	}
	slices.Sort(places)
	var list []sm2.Signature
	for _, p := range places {
		list = append(list, by[p])
	}
	return st.Append(nil), seal.New(set.seals.Len(), places, list).Append(nil)
}

// sign has keys sign a height.
func (s *Store) sign(t testing.TB, c *chain, height uint64, keys ...string) *Fresh {
	t.Helper()
	st, sl := signed(t, c, s.mustStatement(t, height), keys...)
	fresh, err := s.Receive(st, sl)
	if err != nil {
		t.Fatal(err)
	}
	return fresh
}

func (s *Store) wantSealed(t testing.TB, height uint64, want bool) {
	t.Helper()
	if _, _, ok, err := s.Sealed(height); err != nil || ok != want {
		t.Fatalf("height %d: sealed %v, want %v (%v)", height, ok, want, err)
	}
}
