package engine

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/cockroachdb/pebble/vfs"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/store/storetest"
)

// script is a deterministic sequence of versions: version v does changes[v-1].
type script struct {
	changes [][]store.Change
	roots   []sm3.Hash // roots[v] of version v; roots[0] of nothing
}

// newScript has versions of up to n changes among the keys k0 … k(space-1).
func newScript(seed uint64, versions, n, space int) *script {
	r := rand.New(rand.NewPCG(seed, 0))
	s := &script{roots: make([]sm3.Hash, 1, versions+1)}
	for range versions {
		s.changes = append(s.changes, randomChanges(r, 1+r.IntN(n), space))
	}
	return s
}

// solve computes the roots with a store that nothing happens to.
func (s *script) solve(t testing.TB) *script {
	t.Helper()
	db := mustOpen(t, "/db", Options{FS: vfs.NewMem(), Retain: 1})
	for i, changes := range s.changes {
		commit(t, db, uint64(i+1), changes)
		_, root := db.Version()
		s.roots = append(s.roots, root)
	}
	mustClose(t, db)
	return s
}

func mustOpen(t testing.TB, dir string, opts Options) *DB {
	t.Helper()
	db, err := Open(dir, opts)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func mustClose(t testing.TB, db *DB) {
	t.Helper()
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func mustCheck(t testing.TB, db *DB) {
	t.Helper()
	if err := db.Check(); err != nil {
		t.Fatal(err)
	}
}

// verify opens a store that may have been cut off at any moment and checks that
// it stands whole at a version from acked to called, as the script has it, that
// everything retained is right, and that it goes on from there.
func (s *script) verify(dir string, opts Options, acked, called uint64, thorough bool) error {
	db, err := Open(dir, opts)
	if err != nil {
		return fmt.Errorf("open: %w", err)
	}
	err = s.verifyOpen(db, acked, called, thorough)
	return errors.Join(err, db.Close())
}

func (s *script) verifyOpen(db *DB, acked, called uint64, thorough bool) error {
	version, root := db.Version()
	if version < acked || version > called {
		return fmt.Errorf("opened at version %d; %d was committed and %d begun", version, acked, called)
	}
	if root != s.roots[version] {
		return fmt.Errorf("version %d has root %s, want %s", version, root, s.roots[version])
	}
	if thorough {
		for v := db.Stats().Oldest; v != 0 && v <= version; v++ {
			if version-v >= uint64(db.opts.Retain) {
				continue
			}
			view, err := db.At(v)
			if err != nil {
				return err
			}
			if root, err := view.Root(); err != nil || root != s.roots[v] {
				return fmt.Errorf("retained version %d of %d has root %s, want %s: %w", v, version, root, s.roots[v], err)
			}
		}
		if err := db.Check(); err != nil {
			return err
		}
	}
	if int(version) == len(s.changes) {
		return nil
	}
	st, err := db.Stage(version+1, s.changes[version])
	if err != nil {
		return fmt.Errorf("the next version: %w", err)
	}
	if st.Root() != s.roots[version+1] {
		return fmt.Errorf("the next version %d has root %s, want %s", version+1, st.Root(), s.roots[version+1])
	}
	if err := st.Commit(); err != nil {
		return fmt.Errorf("the next version: %w", err)
	}
	if thorough {
		return db.Check()
	}
	return nil
}

// smallOptions make a store that flushes, checkpoints and prunes often.
func smallOptions(fs vfs.FS) Options {
	return Options{FS: fs, Retain: 3, MemTableBytes: 64 << 10, CacheBytes: 1 << 20, Workers: 1, deltaDrops: 1}
}

// TestPowerLoss cuts the power after every operation on the file system, and
// protects what Commit promises: the version is durable when it returns.
func TestPowerLoss(t *testing.T) {
	for _, c := range []struct {
		name  string
		bound int64
	}{{"all in memory", 0}, {"bounded memory", 200 << 10}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newScript(11, 36, 450, 1200).solve(t)
			rec := newRecordingFS()
			opts := smallOptions(rec)
			opts.MemoryBound = c.bound
			db := mustOpen(t, "/db", opts)
			var release func()
			for i, changes := range s.changes {
				v := uint64(i + 1)
				st, err := db.Stage(v, changes)
				if err != nil {
					t.Fatal(err)
				}
				rec.mark("call", v)
				if err := st.Commit(); err != nil {
					t.Fatal(err)
				}
				rec.mark("done", v)
				switch {
				case v%10 == 0: // a pin holds the floor back; its release lets it jump
					release, err = db.Pin(v)
				case v%10 == 7 && release != nil:
					release()
				case v == 25: // recovery writes too
					mustClose(t, db)
					db = mustOpen(t, "/db", opts)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			mustClose(t, db)
			sawCheckpoint(t, rec.events)
			s.cutEverywhere(t, rec.events, opts, cuts(t, 200))
		})
	}
}

func sawCheckpoint(t *testing.T, events []event) {
	t.Helper()
	if !slices.ContainsFunc(events, func(e event) bool { return e.op == "rename" && e.path == "/db/shard-00" }) {
		t.Error("no checkpoint of shard 00 was made; the script is too small")
	}
}

// cuts returns how many moments to try, of usually n: ENGINE_CUTS says
// otherwise, and a million is all.
func cuts(t *testing.T, n int) int {
	if s := os.Getenv("ENGINE_CUTS"); s != "" {
		var err error
		if n, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	} else if testing.Short() {
		n = n/4 + 1
	}
	return n
}

// cutEverywhere verifies what each beginning of events leaves, of about most.
func (s *script) cutEverywhere(t *testing.T, events []event, opts Options, most int) {
	d := newDisk()
	var acked, called uint64
	step := max(1, len(events)/most)
	r := rand.New(rand.NewPCG(12, 0))
	for i, e := range events {
		switch e.op {
		case "call":
			called = e.version
		case "done":
			acked = e.version
		default:
			d.replay(e)
		}
		// Where commits end is where most can go wrong.
		near := e.op == "done" || i+1 < len(events) && events[i+1].op == "done"
		if (!near || testing.Short()) && i%step != 0 {
			continue
		}
		how := survival(i / step % 3)
		o := opts
		o.FS = d.contents(t, how, r)
		if err := s.verify("/db", o, acked, called, i/step%8 == 0); err != nil {
			t.Fatalf("after operation %d of %d (%s %s, %s survives): %v", i, len(events), e.op, e.path, how, err)
		}
	}
	t.Logf("%d operations, every %d. cut", len(events), step)
}

// TestTornCommit cuts the last write of a commit at every byte: the version
// must be there whole or not at all.
func TestTornCommit(t *testing.T) {
	t.Parallel()
	s := newScript(13, 4, 3, 20).solve(t)
	rec := newRecordingFS()
	db := mustOpen(t, "/db", smallOptions(rec))
	for i, changes := range s.changes {
		if i == 3 {
			rec.mark("call", 4)
		}
		commit(t, db, uint64(i+1), changes)
	}
	rec.mu.Lock()
	events := slices.Clone(rec.events)
	rec.mu.Unlock()
	mustClose(t, db)

	last := slices.IndexFunc(events, func(e event) bool { return e.op == "call" })
	whole := 0
	for i := last + 1; i < len(events); i++ {
		e := events[i]
		if e.op != "write" {
			continue
		}
		d := newDisk()
		for _, e := range events[:i] {
			d.replay(e)
		}
		for n := range len(e.data) + 1 {
			opts := smallOptions(nil)
			part := e
			part.data = e.data[:n]
			d.files[e.inode].pending = []event{part}
			opts.FS = d.contents(t, everything, nil)
			if err := s.verify("/db", opts, 3, 4, false); err != nil {
				t.Fatalf("%d of %d bytes: %v", n, len(e.data), err)
			}
		}
		whole++
	}
	if whole == 0 {
		t.Fatal("the commit wrote nothing")
	}
}

// TestCrashOften goes on after every loss of power, each time with other changes
// than those that were lost. It protects recovery from a store that was itself
// just recovered, and from what survives of a future that did not come to be.
func TestCrashOften(t *testing.T) {
	t.Parallel()
	rounds := 70
	if testing.Short() {
		rounds = 15
	}
	r := rand.New(rand.NewPCG(15, 0))
	var fs vfs.FS = vfs.NewMem()
	m := newModel()
	m.versions[0] = m.now
	acked, called := uint64(0), uint64(0)
	for round := range rounds {
		rec := newRecordingFS()
		if _, err := vfs.Clone(fs, rec, "/", "/"); err != nil {
			t.Fatal(err)
		}
		d := newDisk()
		for _, e := range rec.events { // what was there before is durable
			d.replay(e)
		}
		d.settle()
		before := len(rec.events)
		opts := smallOptions(rec)
		opts.MemoryBound = int64(round%2) * 100 << 10
		db := mustOpen(t, "/db", opts)
		start, root := db.Version()
		if start < acked || start > called || root != storetest.Root(kvs(m.versions[start])) {
			t.Fatalf("round %d: opened at version %d, root %s; %d was committed, %d begun", round, start, root, acked, called)
		}
		mustCheck(t, db)
		m.now = m.versions[start]
		acked, called = start, start
		for v := start + 1; v <= start+uint64(1+r.IntN(6)); v++ {
			changes := randomChanges(r, 100, 400)
			rec.mark("call", v)
			commit(t, db, v, changes)
			rec.mark("done", v)
			m.apply(v, changes)
		}
		compare(t, db.Latest(), m.now, 0)
		mustClose(t, db)
		for _, e := range rec.events[before : before+r.IntN(len(rec.events)-before+1)] {
			switch e.op {
			case "call":
				called = e.version
			case "done":
				acked = e.version
			default:
				d.replay(e)
			}
		}
		fs = d.contents(t, survival(r.IntN(3)), r)
	}
}

// TestIndexOfLostFuture protects scans: the index of keys, which is written
// beside the values, may survive a version that did not, and must not be taken
// for complete when that version is made again with other keys.
func TestIndexOfLostFuture(t *testing.T) {
	const next = indexSyncEvery // the version with which the index is synced
	for _, first := range []uint64{1, next} {
		rec := newRecordingFS()
		db := mustOpen(t, "/db", smallOptions(rec))
		set := func(db *DB, v uint64, key string) {
			commit(t, db, v, []store.Change{{Key: []byte(key), Value: []byte("value")}})
		}
		for v := first; v < next; v++ {
			set(db, v, fmt.Sprint("k", v))
		}
		start := len(rec.events)
		set(db, next, "lost")
		events := slices.Clone(rec.events)
		mustClose(t, db)

		// The commit wrote values and index; of this the index survives.
		d := newDisk()
		for _, e := range events[:start] {
			d.replay(e)
		}
		for _, e := range events[start:] {
			for _, at := range d.dirs["/db/index"].synced {
				if e.inode == at && at != 0 {
					d.replay(e)
				}
			}
		}
		again := newRecordingFS()
		if _, err := vfs.Clone(d.contents(t, syncedOnly, nil), again, "/", "/"); err != nil {
			t.Fatal(err)
		}
		db = mustOpen(t, "/db", smallOptions(again))
		if v, _ := db.Version(); v >= next {
			t.Fatalf("version %d is not lost", v)
		}
		if since, err := db.index.since([]byte("lost")); err != nil || since != next {
			t.Fatalf("the index did not survive: %d, %v", since, err)
		}
		set(db, next, "other")
		d = newDisk()
		for _, e := range again.events {
			d.replay(e)
		}
		mustClose(t, db)

		db = mustOpen(t, "/db", smallOptions(d.contents(t, syncedOnly, nil)))
		if v, _ := db.Version(); v != next {
			t.Fatalf("version %d is lost", next)
		}
		mustCheck(t, db)
		mustClose(t, db)
	}
}

// settle makes everything durable.
func (d *disk) settle() {
	for inode := range d.files {
		d.replay(event{op: "sync", inode: inode})
	}
	for dir := range d.dirs {
		d.replay(event{op: "syncdir", path: dir})
	}
}

// TestImportPowerLoss protects snapshots: an import that was cut off is never
// taken for a store, and one that Finish returned is there.
func TestImportPowerLoss(t *testing.T) {
	t.Parallel()
	s := newScript(16, 3, 1500, 2500).solve(t)
	from := mustOpen(t, "/db", smallOptions(vfs.NewMem()))
	for i, changes := range s.changes {
		commit(t, from, uint64(i+1), changes)
	}
	e, err := from.Export(3)
	if err != nil {
		t.Fatal(err)
	}
	rec := newRecordingFS()
	im, err := NewImport("/db", s.roots[3], e.Manifest(), smallOptions(rec))
	if err != nil {
		t.Fatal(err)
	}
	for i := range e.Manifest().Roots {
		chunk, err := e.Chunk(i)
		if err != nil {
			t.Fatal(err)
		}
		if err := im.Add(i, chunk); err != nil {
			t.Fatal(err)
		}
	}
	to, err := im.Finish()
	if err != nil {
		t.Fatal(err)
	}
	rec.mark("done", 3)
	e.Close()
	mustClose(t, from)
	mustClose(t, to)

	d := newDisk()
	done := false
	r := rand.New(rand.NewPCG(17, 0))
	step := max(1, len(rec.events)/cuts(t, 100))
	for i, e := range rec.events {
		done = done || e.op == "done"
		d.replay(e)
		if i%step != 0 && e.op != "done" && i < len(rec.events)-30 {
			continue
		}
		opts := smallOptions(d.contents(t, survival(i/step%3), r))
		db, err := Open("/db", opts)
		switch {
		case err != nil && done:
			t.Fatalf("after operation %d: a finished import does not open: %v", i, err)
		case err != nil:
			if !errors.Is(err, ErrCorrupt) {
				t.Fatalf("after operation %d: %v", i, err)
			}
			continue
		}
		version, root := db.Version()
		if version == 3 && root == s.roots[3] {
			mustCheck(t, db)
		} else if done || version != 0 {
			t.Fatalf("after operation %d: opened at version %d", i, version)
		}
		mustClose(t, db)
	}
}

// TestConcurrentCommitters protects the order of versions when several
// goroutines stage and commit without knowing of each other.
func TestConcurrentCommitters(t *testing.T) {
	s := newScript(18, 80, 60, 300).solve(t)
	db := mustOpen(t, "/db", smallOptions(vfs.NewMem()))
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for {
				v, _ := db.Version()
				if int(v) >= len(s.changes) {
					return
				}
				st, err := db.Stage(v+1, s.changes[v])
				if errors.Is(err, ErrVersion) {
					continue // another was faster
				}
				if err != nil {
					t.Error(err)
					return
				}
				if err := st.Commit(); err != nil && !errors.Is(err, ErrStale) {
					t.Error(err)
				}
				if err := st.Discard(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if err := s.verifyOpen(db, 80, 80, true); err != nil {
		t.Error(err)
	}
	mustClose(t, db)
}
