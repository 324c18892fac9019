package engine

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/cockroachdb/pebble/vfs"

	"github.com/hallmark-ledger/hallmark/store/proof"
)

// readers reads versions of db, as m has them, on n goroutines until stop is
// closed, and checks whatever they see. m holds all versions beforehand.
func readers(t *testing.T, db *DB, m *model, n, space int, stop chan bool) (wait func() (reads int64)) {
	var wg sync.WaitGroup
	var reads atomic.Int64
	for reader := range n {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(61, uint64(reader)))
			for {
				select {
				case <-stop:
					return
				default:
				}
				newest, _ := db.Version()
				if newest == 0 {
					continue
				}
				view := View{db, newest - min(newest-1, uint64(r.IntN(4)))}
				if err := readSome(r, view, m.versions[view.version], space); err == nil {
					reads.Add(1)
				} else if !errors.Is(err, ErrVersionGone) {
					t.Errorf("version %d: %v", view.version, err)
					return
				}
			}
		})
	}
	return func() int64 { wg.Wait(); return reads.Load() }
}

// readSome reads something from view, in one of the ways there are.
func readSome(r *rand.Rand, view View, want map[string]string, space int) error {
	key := fmt.Sprint("k", r.IntN(space))
	w, has := want[key]
	switch r.IntN(8) {
	case 0: // a scan from somewhere
		last, n := "", 0
		return view.Scan([]byte("k"), []byte(key), func(k, value []byte) (bool, error) {
			if string(k) < key || string(k) <= last {
				return false, fmt.Errorf("a scan from %s shows %s after %q", key, k, last)
			}
			if v, ok := want[string(k)]; !ok || v != string(value) {
				return false, fmt.Errorf("a scan shows %s as %q, want %q", k, value, v)
			}
			last = string(k)
			n++
			return n < 20, nil
		})
	case 1, 2:
		root, err := view.Root()
		if err != nil {
			return err
		}
		value, ok, evidence, err := view.Prove([]byte(key))
		if err != nil {
			return err
		}
		if ok != has || string(value) != w {
			return fmt.Errorf("%s is proven as %q, %v, want %q, %v", key, value, ok, w, has)
		}
		if ok {
			return proof.VerifyInclusion(root, []byte(key), value, evidence)
		}
		return proof.VerifyAbsence(root, []byte(key), evidence)
	default:
		value, ok, err := view.Get([]byte(key))
		if err == nil && (ok != has || string(value) != w) {
			return fmt.Errorf("%s is %q, %v, want %q, %v", key, value, ok, w, has)
		}
		return err
	}
}

// scripted returns the models of all versions of s.
func (s *script) models() *model {
	m := newModel()
	for i, changes := range s.changes {
		m.apply(uint64(i+1), changes)
	}
	return m
}

// TestMemoryBound runs the same versions without a bound, with little memory
// and with hardly any, and with readers: the roots are the same, what is cold is
// read back, and the bound is about kept.
func TestMemoryBound(t *testing.T) {
	versions := 40
	if testing.Short() {
		versions = 12
	}
	s := newScript(62, versions, 700, 4000).solve(t)
	m := s.models()
	whole := mustOpen(t, "/db", smallOptions(vfs.NewMem()))
	for i, changes := range s.changes {
		commit(t, whole, uint64(i+1), changes)
	}
	full := whole.trie.bytes()
	entries := int64(whole.Stats().ResidentKeys) * residentBytes
	mustClose(t, whole)
	for _, bound := range []int64{1, full - entries*3/4, 4 * full} {
		t.Run(fmt.Sprint("bound ", bound), func(t *testing.T) {
			t.Parallel()
			fs := vfs.NewMem()
			opts := smallOptions(fs)
			opts.MemoryBound = bound
			db := mustOpen(t, "/db", opts)
			stop := make(chan bool)
			wait := readers(t, db, m, 2, 4000, stop)
			for i, changes := range s.changes {
				commit(t, db, uint64(i+1), changes)
				if _, root := db.Version(); root != s.roots[i+1] {
					t.Fatalf("version %d has root %s, want %s", i+1, root, s.roots[i+1])
				}
			}
			close(stop)
			if wait() == 0 {
				t.Error("nothing was read")
			}
			commit(t, db, uint64(versions+1), nil) // takes over the last checkpoints
			stats := db.Stats()
			t.Logf("bound %d of %d: %d of %d keys in memory, %d bytes", bound, full, stats.ResidentKeys, stats.Keys, stats.TrieBytes)
			switch {
			case bound == 4*full && stats.ResidentKeys != int(stats.Keys):
				t.Error("keys are cold though there is room")
			case bound != 4*full && stats.ResidentKeys > int(stats.Keys)/2:
				t.Error("most keys are in memory though there is no room")
			}
			mustCheck(t, db)
			mustClose(t, db)
			db = mustOpen(t, "/db", opts)
			if stats := db.Stats(); bound != 4*full && stats.ResidentKeys > int(stats.Keys)*3/4 {
				t.Errorf("after a restart %d of %d keys are in memory", stats.ResidentKeys, stats.Keys)
			}
			compare(t, db.Latest(), m.now, 300)
			mustCheck(t, db)
			mustClose(t, db)

			opts.MemoryBound = 0 // what was bounded need not stay so, nor the other way round
			db = mustOpen(t, "/db", opts)
			mustCheck(t, db)
			mustClose(t, db)
		})
	}
}

// TestReaders reads, proves and scans the newest and older versions while
// versions are committed, stages are discarded and the store is checked.
func TestReaders(t *testing.T) {
	t.Parallel()
	versions := 150
	if testing.Short() {
		versions = 40
	}
	s := newScript(63, versions, 150, 900).solve(t)
	m := s.models()
	db := mustOpen(t, "/db", smallOptions(vfs.NewMem()))
	stop := make(chan bool)
	wait := readers(t, db, m, 3, 900, stop)
	for i, changes := range s.changes {
		v := uint64(i + 1)
		other, err := db.Stage(v, s.changes[(i+1)%len(s.changes)])
		if err != nil {
			t.Fatal(err)
		}
		commit(t, db, v, changes)
		if err := other.Discard(); err != nil {
			t.Fatal(err)
		}
		if i%40 == 20 {
			mustCheck(t, db)
		}
		db.Stats()
	}
	close(stop)
	if n := wait(); n == 0 {
		t.Error("nothing was read")
	}
	if err := s.verifyOpen(db, uint64(versions), uint64(versions), true); err != nil {
		t.Error(err)
	}
	mustClose(t, db)
}

// TestExportWhileCommitting exports a version on several goroutines while many
// more are committed, with directories split in between, and imports it.
func TestExportWhileCommitting(t *testing.T) {
	t.Parallel()
	s := newScript(64, 30, 900, 12000).solve(t)
	m := s.models()
	opts := smallOptions(vfs.NewMem())
	opts.MemoryBound = 300 << 10
	db := mustOpen(t, "/db", opts)
	for i := range 4 {
		commit(t, db, uint64(i+1), s.changes[i])
	}
	e, err := db.Export(3)
	if err != nil {
		t.Fatal(err)
	}
	manifest := e.Manifest()
	if manifest.Records != uint64(len(m.versions[3])) || manifest.Version != 3 {
		t.Errorf("the manifest has %d records of version %d, want %d", manifest.Records, manifest.Version, len(m.versions[3]))
	}
	if err := manifest.Verify(s.roots[3]); err != nil {
		t.Fatal(err)
	}
	chunks := make([][]byte, len(manifest.Roots))
	var wg sync.WaitGroup
	for half := range 2 {
		wg.Go(func() {
			for i := half; i < len(chunks); i += 2 {
				chunk, err := e.Chunk(i)
				if err != nil {
					t.Errorf("chunk %d: %v", i, err)
					return
				}
				chunks[i] = chunk
			}
		})
	}
	for i := 4; i < 30; i++ {
		commit(t, db, uint64(i+1), s.changes[i])
	}
	wg.Wait()
	e.Close()
	if _, err := e.Chunk(0); !errors.Is(err, ErrVersionGone) {
		t.Errorf("a chunk after Close: %v", err)
	}
	im, err := NewImport("/db", s.roots[3], manifest, smallOptions(vfs.NewMem()))
	if err != nil {
		t.Fatal(err)
	}
	for i, chunk := range chunks {
		if other := chunks[(i+1)%len(chunks)]; len(chunk)+len(other) > 0 {
			if err := im.Add(i, other); !errors.Is(err, ErrChunk) {
				t.Fatalf("chunk %d with the next one's contents: %v", i, err)
			}
		}
		if err := errors.Join(im.Add(i, chunk), im.Add(i, chunk)); err != nil {
			t.Fatal(err)
		}
	}
	if err := im.Add(len(chunks), nil); !errors.Is(err, ErrChunk) {
		t.Errorf("a chunk too many: %v", err)
	}
	got, err := im.Finish()
	if err != nil {
		t.Fatal(err)
	}
	compare(t, got.Latest(), m.versions[3], 50)
	if err := s.verifyOpen(got, 3, 3, true); err != nil {
		t.Error(err)
	}
	mustClose(t, got)
	mustCheck(t, db)
	mustClose(t, db)
}

// TestImportRefuses protects a directory that holds something, and a store that
// is not whole.
func TestImportRefuses(t *testing.T) {
	s := newScript(65, 1, 50, 100).solve(t)
	from := mustOpen(t, "/db", smallOptions(vfs.NewMem()))
	commit(t, from, 1, s.changes[0])
	e, err := from.Export(1)
	if err != nil {
		t.Fatal(err)
	}
	manifest := e.Manifest()
	fs := vfs.NewMem()
	if _, err := NewImport("/db", s.roots[0], manifest, smallOptions(fs)); !errors.Is(err, ErrManifest) {
		t.Errorf("another root: %v", err)
	}
	im, err := NewImport("/db", s.roots[1], manifest, smallOptions(fs))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := im.Finish(); err == nil {
		t.Error("an import without its chunks finishes")
	}
	if _, err := Open("/db", smallOptions(fs)); err == nil {
		t.Error("a store under import opens")
	}
	for i := range 200 {
		chunk, err := e.Chunk(i)
		if err != nil {
			t.Fatal(err)
		}
		if err := im.Add(i, chunk); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(im.Missing()); n != len(manifest.Roots)-200 {
		t.Errorf("%d chunks are missing", n)
	}
	if err := errors.Join(im.Abort(), im.Abort()); err != nil {
		t.Error(err)
	}
	if _, err := Open("/db", smallOptions(fs)); !errors.Is(err, ErrCorrupt) {
		t.Errorf("an unfinished import opens: %v", err)
	}
	if _, err := NewImport("/db", s.roots[1], manifest, smallOptions(fs)); err == nil {
		t.Error("an import begins in a directory that is in use")
	}
	e.Close()
	mustClose(t, from)
}
