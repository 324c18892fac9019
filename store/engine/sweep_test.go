package engine

import (
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/cockroachdb/pebble/vfs"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store"
)

// records counts the value records and the deltas in the database.
func records(t testing.TB, db *DB) (values, deltas int) {
	t.Helper()
	it, err := db.kv.Iterator(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer it.Close()
	for ; it.Valid(); it.Next() {
		loc, err := parseLocation(it.Key())
		if err != nil {
			t.Fatal(err)
		}
		if loc&deltaIndex == deltaIndex {
			deltas++
			continue
		}
		err = eachRecord(loc, it.Value(), func(location, []byte, []byte) error { values++; return nil })
		if err != nil {
			t.Fatal(err)
		}
	}
	return values, deltas
}

// keysInShards returns n keys of each of the first shards, sorted.
func keysInShards(n, of int) (keys [][]byte) {
	left := make([]int, of)
	for i := range left {
		left[i] = n
	}
	for i, todo := uint64(0), n*of; todo > 0; i++ {
		key := binary.BigEndian.AppendUint64(nil, i)
		if s := int(sm3.Sum(key)[0]); s < of && left[s] > 0 {
			left[s]--
			todo--
			keys = append(keys, key)
		}
	}
	return keys
}

// overwrite changes all keys to a value of the version.
func overwrite(keys [][]byte, version uint64) []store.Change {
	changes := make([]store.Change, len(keys))
	for i, key := range keys {
		changes[i] = store.Change{Key: key, Value: fmt.Append(nil, version, i)}
	}
	return changes
}

// TestSweep overwrites far more often than there are keys, some of which never
// change, and protects both the bound on what the disk holds and what retained
// and pinned versions read while their neighbours are swept away.
func TestSweep(t *testing.T) {
	t.Parallel()
	versions := uint64(360)
	if testing.Short() {
		versions = 220
	}
	opts := smallOptions(vfs.NewMem())
	opts.MemTableBytes, opts.Retain = 1<<20, 2
	db := mustOpen(t, "/db", opts)
	const busy = 16
	keys := keysInShards(63, busy)
	still, hot := keys[:408], keys[408:]
	commit(t, db, 1, overwrite(still, 0))
	var release func()
	var most int
	for v := uint64(2); v <= versions; v++ {
		commit(t, db, v, overwrite(hot, v))
		if v%5 == 0 {
			n, _ := records(t, db)
			most = max(most, n)
		}
		for _, old := range []uint64{v, v - 1} {
			view, err := db.At(old)
			if err != nil {
				t.Fatal(err)
			}
			i := int(v) * 7 % len(hot)
			value, ok, err := view.Get(hot[i])
			if old > 1 && (err != nil || !ok || string(value) != fmt.Sprint(old, i)) {
				t.Fatalf("version %d: hot key %d is %q, %v, %v", old, i, value, ok, err)
			}
			i %= len(still)
			value, ok, err = view.Get(still[i])
			if err != nil || !ok || string(value) != fmt.Sprint(0, i) {
				t.Fatalf("version %d: still key %d is %q, %v, %v", old, i, value, ok, err)
			}
		}
		switch v {
		case 145: // a pin in the middle of what is being swept
			var err error
			if release, err = db.Pin(v - 1); err != nil {
				t.Fatal(err)
			}
		case 150:
			view, err := db.At(144)
			if err != nil {
				t.Fatal(err)
			}
			for i := range hot {
				value, ok, err := view.Get(hot[i])
				if err != nil || !ok || string(value) != fmt.Sprint(144, i) {
					t.Fatalf("pinned: hot key %d is %q, %v, %v", i, value, ok, err)
				}
			}
			release()
		case 170, 210:
			mustCheck(t, db)
			mustClose(t, db)
			db = mustOpen(t, "/db", opts)
			mustCheck(t, db)
		}
	}
	mustCheck(t, db)
	mustClose(t, db)
	db = mustOpen(t, "/db", opts)
	mustCheck(t, db)
	values, _ := records(t, db)
	t.Logf("%d records were written for %d keys; at most %d were on disk, now %d, Stats says %d",
		int(versions-1)*len(hot)+len(still), len(keys), most, values, db.Stats().Values)
	// The threshold, and what may not be swept yet: versions after the last
	// checkpoint of every shard, and those of which the index is not durable.
	limit := 2*len(keys) + minSweepValues + (busy+1)*leastQuota + (indexSyncEvery+5)*len(hot)
	if most > limit {
		t.Errorf("%d records on disk, expected at most about %d", most, limit)
	}
	if most < minSweepValues || values > minSweepValues+limit/4 {
		t.Errorf("nothing was swept")
	}
	if s := int(db.Stats().Values); s > values+2*len(hot) || values > s+minSweepValues/2 {
		t.Errorf("Stats says %d records, there are %d", s, values)
	}
	mustClose(t, db)
}

// TestSweepKeepsDeltas has checkpoints leap over many small versions while a
// sweep is at work, and protects the deltas that a restart needs: neither a
// sweep nor the slow dropping of deltas may leave a gap.
func TestSweepKeepsDeltas(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes a hundred and fifty thousand writes")
	}
	opts := smallOptions(vfs.NewMem())
	opts.MemTableBytes, opts.Retain = 1<<20, 1
	db := mustOpen(t, "/db", opts)
	const busy = 40
	keys := keysInShards(50, busy)
	version := uint64(0)
	next := func(changes []store.Change) {
		version++
		commit(t, db, version, changes)
	}
	bulk := func(n int) {
		for range n {
			next(overwrite(keys, version))
		}
	}
	bulk(busy + 45)
	for range leastQuota - 10 {
		next(overwrite(keys[:1], version))
	}
	bulk(busy + 8)
	if _, deltas := records(t, db); deltas == 0 {
		t.Error("no deltas")
	}
	mustCheck(t, db)
	reopen(t, db, opts)
}

// reopen opens the store of db again, with the index as far back as a loss of
// power could have taken it.
func reopen(t *testing.T, db *DB, opts Options) {
	t.Helper()
	want, root := db.Version()
	complete, err := db.index.complete()
	if err != nil {
		t.Fatal(err)
	}
	// What was not synced may be lost.
	if err := db.index.kv.SetSync(completeKey, binary.BigEndian.AppendUint64(nil, db.index.synced)); err != nil {
		t.Fatal(err)
	}
	mustClose(t, db)
	db = mustOpen(t, "/db", opts)
	if v, r := db.Version(); v != want || r != root {
		t.Fatalf("opened at version %d, want %d", v, want)
	}
	if now, err := db.index.complete(); err != nil || now != complete {
		t.Fatalf("the index is complete up to %d, want %d; %v", now, complete, err)
	}
	mustCheck(t, db)
	mustClose(t, db)
}

// TestSweepWithReaders reads the oldest version while its values are dropped:
// that gives the right value or ErrVersionGone, never a sign of damage.
func TestSweepWithReaders(t *testing.T) {
	t.Parallel()
	opts := smallOptions(vfs.NewMem())
	opts.MemTableBytes, opts.Retain = 1<<20, 2
	db := mustOpen(t, "/db", opts)
	keys := keysInShards(8, shards)
	versions := uint64(75)
	if testing.Short() {
		versions = 50
	}
	commit(t, db, 1, overwrite(keys, 1))
	done := make(chan bool)
	var wg sync.WaitGroup
	for reader := range 2 {
		wg.Go(func() {
			for n := reader; ; n += 7 {
				select {
				case <-done:
					return
				default:
				}
				view := View{db, db.Stats().Oldest}
				i := n % len(keys)
				value, ok, err := view.Get(keys[i])
				if err == nil && (!ok || string(value) != fmt.Sprint(view.version, i)) {
					t.Errorf("version %d: key %d is %q, %v", view.version, i, value, ok)
					return
				}
				if err != nil && !errors.Is(err, ErrVersionGone) {
					t.Errorf("version %d: key %d: %v", view.version, i, err)
					return
				}
				if n%50 != reader {
					continue
				}
				seen := 0
				err = view.Scan(nil, keys[i], func(_, _ []byte) (bool, error) { seen++; return seen < 40, nil })
				if err == nil && seen != min(40, len(keys)-i) {
					t.Errorf("version %d: a scan from key %d saw %d", view.version, i, seen)
				}
				if err != nil && !errors.Is(err, ErrVersionGone) {
					t.Errorf("version %d: scan: %v", view.version, err)
					return
				}
			}
		})
	}
	for v := uint64(2); v <= versions; v++ {
		commit(t, db, v, overwrite(keys, v))
	}
	close(done)
	wg.Wait()
	mustCheck(t, db)
	mustClose(t, db)
}
