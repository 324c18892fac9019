package engine

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/cockroachdb/pebble/vfs"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/store/storetest"
)

// contentsOf scans all of v.
func contentsOf(t testing.TB, v View) map[string]string {
	t.Helper()
	got := map[string]string{}
	err := v.Scan(nil, nil, func(key, value []byte) (bool, error) {
		got[string(key)] = string(value)
		return true, nil
	})
	if err != nil {
		t.Fatalf("scan of version %d: %v", v.Version(), err)
	}
	return got
}

// indexedKeys counts the keys of the index.
func indexedKeys(t testing.TB, db *DB) (n int) {
	t.Helper()
	it, err := db.index.kv.Iterator([]byte("k"), completeKey)
	if err != nil {
		t.Fatal(err)
	}
	defer it.Close()
	for ; it.Valid(); it.Next() {
		n++
	}
	return n
}

// TestScanWindow scans every retained version while keys come, go and come
// back, which protects the index from losing keys too early, or never.
func TestScanWindow(t *testing.T) {
	for _, retain := range []int{1, 2, 5} {
		t.Run(fmt.Sprint("retain ", retain), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(21, uint64(retain)))
			opts := smallOptions(vfs.NewMem())
			opts.Retain = retain
			db := mustOpen(t, "/db", opts)
			m := newModel()
			for v := uint64(1); v <= 150; v++ {
				changes := randomChanges(r, 1+r.IntN(6), 25)
				for i := range changes {
					changes[i].Delete = r.IntN(2) == 0
				}
				commit(t, db, v, changes)
				m.apply(v, changes)
				for old := v; old > 0 && old+uint64(retain) > v; old-- {
					view, err := db.At(old)
					if err != nil {
						t.Fatal(err)
					}
					compare(t, view, m.versions[old], 3)
				}
				if _, err := db.At(v - uint64(retain)); !errors.Is(err, ErrVersionGone) {
					t.Fatalf("version %d is readable at %d", v-uint64(retain), v)
				}
				if r.IntN(25) == 0 {
					mustClose(t, db)
					db = mustOpen(t, "/db", opts)
				}
			}
			// Without further removals the index becomes as small as the state.
			for v := uint64(151); v < 160; v++ {
				commit(t, db, v, nil)
			}
			// A restart may forget the removals of a version or two.
			if n := indexedKeys(t, db); n > len(m.now)+6 {
				t.Errorf("the index holds %d keys, the state %d", n, len(m.now))
			}
			mustCheck(t, db)
			mustClose(t, db)
		})
	}
}

// TestRetainOne protects the smallest window: what a removal leaves is dropped
// by the commits after it.
func TestRetainOne(t *testing.T) {
	opts := smallOptions(vfs.NewMem())
	opts.Retain = 1
	db := mustOpen(t, "/db", opts)
	for v := uint64(1); v <= 60; v++ {
		changes := []store.Change{{Key: fmt.Appendf(nil, "k%03d", v)}}
		if v > 1 {
			changes = append([]store.Change{{Key: fmt.Appendf(nil, "k%03d", v-1), Delete: true}}, changes...)
		}
		commit(t, db, v, changes)
	}
	if n := indexedKeys(t, db); n > 4 {
		t.Errorf("the index holds %d keys, the state one", n)
	}
	mustCheck(t, db)
	mustClose(t, db)
}

// TestPins keeps versions far behind the newest, over which the differences to
// them are joined, and protects what they read as others come and go.
func TestPins(t *testing.T) {
	for _, bound := range []int64{0, 100 << 10} {
		t.Run(fmt.Sprint("bound ", bound), func(t *testing.T) {
			t.Parallel()
			versions := 400
			if testing.Short() {
				versions = 120
			}
			r := rand.New(rand.NewPCG(22, uint64(bound)))
			opts := smallOptions(vfs.NewMem())
			opts.MemoryBound = bound
			db := mustOpen(t, "/db", opts)
			m := newModel()
			pins := map[uint64]func(){}
			for v := uint64(1); v <= uint64(versions); v++ {
				changes := randomChanges(r, 1+r.IntN(30), 2500)
				commit(t, db, v, changes)
				m.apply(v, changes)
				if r.IntN(12) == 0 && len(pins) < MaxPins-1 {
					release, err := db.Pin(v)
					if err != nil {
						t.Fatal(err)
					}
					pins[v] = release
				}
				if r.IntN(15) == 0 && len(pins) > 3 {
					if old := anyOf(r, pins); old != 0 {
						pins[old]()
						pins[old]() // does nothing
						delete(pins, old)
					}
				}
				if r.IntN(20) == 0 {
					if old := anyOf(r, pins); old != 0 {
						view, err := db.At(old)
						if err != nil {
							t.Fatal(err)
						}
						compare(t, view, m.versions[old], 5)
					}
				}
			}
			if s := db.Stats(); len(s.Pinned) != len(pins) || bound == 0 && len(db.undo) > 8*(len(pins)+1) {
				t.Errorf("%d pins, Stats has %v; %d segments", len(pins), s.Pinned, len(db.undo))
			}
			mustCheck(t, db)
			oldest := db.Stats().Pinned[0]
			for old, release := range pins {
				view, err := db.At(old)
				if err != nil {
					t.Fatal(err)
				}
				compare(t, view, m.versions[old], 0)
				release()
			}
			view, err := db.At(uint64(versions))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := db.At(oldest); !errors.Is(err, ErrVersionGone) {
				t.Errorf("version %d after its release: %v", oldest, err)
			}
			// The backlog of a long pin is worked off.
			for i := range 150 {
				commit(t, db, uint64(versions+i+1), nil)
			}
			if s := db.Stats(); s.Oldest+uint64(opts.Retain) <= s.Version {
				t.Errorf("the oldest version is %d, the newest %d", s.Oldest, s.Version)
			}
			if _, err := view.Root(); !errors.Is(err, ErrVersionGone) {
				t.Errorf("a view whose version is gone: %v", err)
			}
			mustCheck(t, db)
			mustClose(t, db)
		})
	}
}

// anyOf returns one of the pinned versions, 0 if there are none.
func anyOf(r *rand.Rand, pins map[uint64]func()) uint64 {
	if len(pins) == 0 {
		return 0
	}
	return slices.Sorted(maps.Keys(pins))[r.IntN(len(pins))]
}

// TestPinAgain protects a pin over restarts: pinned again before anything is
// committed, a version stays, however many are retained.
func TestPinAgain(t *testing.T) {
	for _, bound := range []int64{0, 100 << 10} {
		r := rand.New(rand.NewPCG(23, uint64(bound)))
		opts := smallOptions(vfs.NewMem())
		opts.MemoryBound = bound
		db := mustOpen(t, "/db", opts)
		m := newModel()
		const pinned = 40
		for v := uint64(1); v <= 240; v++ {
			changes := randomChanges(r, 1+r.IntN(30), 1500)
			commit(t, db, v, changes)
			m.apply(v, changes)
			if v == pinned || v > pinned && v%40 == 5 {
				if v > pinned {
					mustClose(t, db)
					db = mustOpen(t, "/db", opts)
				}
				if _, err := db.Pin(pinned); err != nil {
					t.Fatalf("at version %d: %v", v, err)
				}
				view, err := db.At(pinned)
				if err != nil {
					t.Fatal(err)
				}
				compare(t, view, m.versions[pinned], 5)
				if _, err := db.Pin(pinned - uint64(opts.Retain)); !errors.Is(err, ErrVersionGone) {
					t.Errorf("at version %d, one that is gone: %v", v, err)
				}
			}
		}
		mustCheck(t, db)
		// Without a pin a commit lets it go.
		mustClose(t, db)
		db = mustOpen(t, "/db", opts)
		commit(t, db, 241, nil)
		if _, err := db.Pin(pinned); !errors.Is(err, ErrVersionGone) {
			t.Errorf("after a commit without the pin: %v", err)
		}
		mustClose(t, db)
	}
}

// TestMaxPins protects the bound on pins: versions count, not calls.
func TestMaxPins(t *testing.T) {
	opts := smallOptions(vfs.NewMem())
	opts.Retain = MaxPins + 1
	db := mustOpen(t, "/db", opts)
	for v := range uint64(MaxPins + 1) {
		commit(t, db, v+1, []store.Change{{Key: []byte("k"), Value: []byte{byte(v)}}})
	}
	var releases []func()
	for v := range uint64(MaxPins) {
		for range 2 {
			release, err := db.Pin(v + 1)
			if err != nil {
				t.Fatal(err)
			}
			releases = append(releases, release)
		}
	}
	if _, err := db.Pin(MaxPins + 1); !errors.Is(err, ErrPins) {
		t.Errorf("one pin too many: %v", err)
	}
	if _, err := db.Pin(MaxPins + 2); !errors.Is(err, ErrVersionGone) {
		t.Errorf("a pin of a version to come: %v", err)
	}
	releases[0]()
	if _, err := db.Pin(MaxPins + 1); !errors.Is(err, ErrPins) {
		t.Errorf("the first version has another pin, but: %v", err)
	}
	releases[1]()
	if _, err := db.Pin(MaxPins + 1); err != nil {
		t.Errorf("after a release: %v", err)
	}
	mustClose(t, db)
}

// TestViewsAfterRestart reads every retained version in random order after a
// restart, when the ways back are made from the deltas, while commits go on.
func TestViewsAfterRestart(t *testing.T) {
	for _, bound := range []int64{0, 200 << 10} {
		t.Run(fmt.Sprint("bound ", bound), func(t *testing.T) {
			t.Parallel()
			s := newScript(23, 60, 200, 2500).solve(t)
			opts := smallOptions(vfs.NewMem())
			opts.Retain, opts.MemoryBound = 24, bound
			db := mustOpen(t, "/db", opts)
			for i := range 40 {
				commit(t, db, uint64(i+1), s.changes[i])
			}
			mustClose(t, db)
			db = mustOpen(t, "/db", opts)
			var wg sync.WaitGroup
			var reads atomic.Int64
			for reader := range uint64(3) {
				wg.Go(func() {
					r := rand.New(rand.NewPCG(24, reader))
					for range 60 {
						newest, _ := db.Version()
						v := newest - uint64(r.IntN(26))
						view, err := db.At(v)
						if err == nil {
							var root sm3.Hash
							if root, err = view.Root(); err == nil && root != s.roots[v] {
								t.Errorf("version %d has root %s, want %s", v, root, s.roots[v])
								return
							}
						}
						if err == nil {
							reads.Add(1)
						} else if !errors.Is(err, ErrVersionGone) {
							t.Errorf("version %d: %v", v, err)
							return
						}
					}
				})
			}
			wg.Go(func() {
				for i := 40; i < 60; i++ {
					commit(t, db, uint64(i+1), s.changes[i])
				}
			})
			wg.Wait()
			if reads.Load() < 100 {
				t.Errorf("only %d reads succeeded", reads.Load())
			}
			if err := s.verifyOpen(db, 60, 60, true); err != nil {
				t.Error(err)
			}
			mustClose(t, db)
		})
	}
}

// TestPinWhileCommitting protects the promise of Pin against a commit that is
// about to drop the version.
func TestPinWhileCommitting(t *testing.T) {
	opts := smallOptions(vfs.NewMem())
	opts.Retain = 2
	db := mustOpen(t, "/db", opts)
	commit(t, db, 1, []store.Change{{Key: []byte("k"), Value: []byte("0")}})
	done := make(chan bool)
	go func() {
		defer close(done)
		for v := uint64(2); v <= 1500; v++ {
			commit(t, db, v, []store.Change{{Key: []byte("k"), Value: fmt.Append(nil, v)}})
		}
	}()
	pinned := 0
	for running := true; running; {
		select {
		case <-done:
			running = false
		default:
		}
		v := db.Stats().Oldest
		release, err := db.Pin(v)
		if errors.Is(err, ErrVersionGone) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		pinned++
		for now, _ := db.Version(); running; {
			if next, _ := db.Version(); next > now+1 {
				break // a commit was begun and ended since the pin
			}
			select {
			case <-done:
				running = false
			default:
			}
		}
		if _, err := db.At(v); err != nil {
			t.Fatalf("version %d was pinned, but: %v", v, err)
		}
		release()
	}
	if pinned == 0 {
		t.Error("nothing was ever pinned")
	}
	mustClose(t, db)
}

// TestFirstVersion protects chains that begin late, and the empty state.
func TestFirstVersion(t *testing.T) {
	opts := smallOptions(vfs.NewMem())
	db := mustOpen(t, "/db", opts)
	for range 2 {
		if v, root := db.Version(); v != 0 || root != (sm3.Hash{}) {
			t.Fatalf("an empty store has version %d, root %s", v, root)
		}
		compare(t, db.Latest(), nil, 2)
		mustCheck(t, db)
		mustClose(t, db)
		db = mustOpen(t, "/db", opts)
	}
	m := newModel()
	changes := []store.Change{{Key: []byte("k1"), Value: []byte("value")}}
	for v := uint64(1 << 30); v < 1<<30+10; v++ {
		commit(t, db, v, changes)
		m.apply(v, changes)
		compare(t, db.Latest(), m.now, 2)
		mustCheck(t, db)
		if _, err := db.At(1<<30 - 1); !errors.Is(err, ErrVersionGone) {
			t.Fatalf("the version before the first: %v", err)
		}
		mustClose(t, db)
		db = mustOpen(t, "/db", opts)
		changes[0].Delete = !changes[0].Delete
		changes[0].Value = nil
	}
	if root := storetest.Root(kvs(m.now)); root != db.tip.root {
		t.Errorf("root %s, want %s", db.tip.root, root)
	}
	mustClose(t, db)
}

// TestNewestWhileCommitting protects readers of the newest version, which is
// there until the next one is, however few are retained.
func TestNewestWhileCommitting(t *testing.T) {
	opts := smallOptions(vfs.NewMem())
	opts.Retain = 1
	db := mustOpen(t, "/db", opts)
	commit(t, db, 1, []store.Change{{Key: []byte("k"), Value: []byte("1")}})
	done := make(chan bool)
	go func() {
		defer close(done)
		for v := uint64(2); v <= 1000; v++ {
			commit(t, db, v, []store.Change{{Key: []byte("k"), Value: fmt.Append(nil, v)}})
		}
	}()
	for running := true; running; {
		select {
		case <-done:
			running = false
		default:
		}
		db.mu.RLock() // no commit is taken over meanwhile
		newest := db.tip.version
		readable := db.retained(newest)
		db.mu.RUnlock()
		if !readable {
			t.Fatalf("the newest version %d cannot be read", newest)
		}
	}
	mustClose(t, db)
}
