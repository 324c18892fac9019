package engine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/vfs"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/store/proof"
	"github.com/hallmark-ledger/hallmark/store/storetest"
)

func set(key, value string) store.Change {
	return store.Change{Key: []byte(key), Value: []byte(value)}
}

func del(key string) store.Change { return store.Change{Key: []byte(key), Delete: true} }

// TestSecondOpen protects a store from two owners, in this process and another.
func TestSecondOpen(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "clock") // the name has "lock" in it
	db := mustOpen(t, dir, Options{})
	commit(t, db, 1, []store.Change{set("k", "v")})
	if _, err := Open(dir, Options{}); err == nil || !strings.Contains(err.Error(), "another process") {
		t.Errorf("second open: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	out, err := child(ctx, "open", dir).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "another process") || !strings.Contains(string(out), dir) {
		t.Errorf("open in another process: %v, %s", err, out)
	}
	commit(t, db, 2, []store.Change{set("k", "w")}) // nothing happened to the first
	mustClose(t, db)
	db = mustOpen(t, dir, Options{})
	mustCheck(t, db)
	mustClose(t, db)

	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(filepath.Join(file, "dir"), Options{}); err == nil || strings.Contains(err.Error(), "another process") {
		t.Errorf("an error that is no lock: %v", err)
	}
}

// TestClose protects against use of what is closed.
func TestClose(t *testing.T) {
	db := mustOpen(t, "/db", smallOptions(vfs.NewMem()))
	commit(t, db, 1, []store.Change{set("k", "v")})
	st, err := db.Stage(2, []store.Change{set("k", "w")})
	if err != nil {
		t.Fatal(err)
	}
	view := db.Latest()
	release, err := db.Pin(1)
	if err != nil {
		t.Fatal(err)
	}
	mustClose(t, db)
	mustClose(t, db)
	for name, fn := range map[string]func() error{
		"Stage":  func() error { _, err := db.Stage(2, nil); return err },
		"Commit": st.Commit,
		"At":     func() error { _, err := db.At(1); return err },
		"Get":    func() error { _, _, err := view.Get([]byte("k")); return err },
		"Root":   func() error { _, err := view.Root(); return err },
		"Prove":  func() error { _, _, _, err := view.Prove([]byte("k")); return err },
		"Scan":   func() error { return view.Scan(nil, nil, nil) },
		"Check":  db.Check,
		"Export": func() error { _, err := db.Export(1); return err },
	} {
		if err := fn(); !errors.Is(err, ErrClosed) {
			t.Errorf("%s after Close: %v", name, err)
		}
	}
	if err := st.Discard(); err != nil {
		t.Errorf("Discard after Close: %v", err)
	}
	release()
	if s := db.Stats(); s.Version != 1 {
		t.Errorf("Stats after Close: version %d", s.Version)
	}
}

// TestStages protects the life of a stage: of several of one version one is
// committed, and nothing is left of the others.
func TestStages(t *testing.T) {
	fs := vfs.NewMem()
	db := mustOpen(t, "/db", smallOptions(fs))
	commit(t, db, 1, []store.Change{set("a", "1"), set("b", "1")})
	_, before := db.Version()
	stage := func(changes ...store.Change) *Stage {
		st, err := db.Stage(2, changes)
		if err != nil {
			t.Fatal(err)
		}
		return st
	}
	first, second, third := stage(set("a", "first")), stage(set("a", "second"), set("new", "")), stage(del("a"))
	if first.Version() != 2 || first.Root() == before || first.Root() == second.Root() || second.Root() == third.Root() {
		t.Error("stages have the same root")
	}
	if err := first.Discard(); err != nil {
		t.Fatal(err)
	}
	if err := first.Discard(); err != nil {
		t.Errorf("second discard: %v", err)
	}
	if err := first.Commit(); !errors.Is(err, ErrStale) {
		t.Errorf("commit of a discarded stage: %v", err)
	}
	if v, root := db.Version(); v != 1 || root != before {
		t.Error("a stage is seen before its commit")
	}
	if got := contentsOf(t, db.Latest()); fmt.Sprint(got) != "map[a:1 b:1]" {
		t.Errorf("contents %q", got)
	}
	mustCheck(t, db)
	if err := second.Commit(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := second.Commit(); !errors.Is(err, ErrStale) {
			t.Errorf("second commit: %v", err)
		}
		if err := third.Commit(); !errors.Is(err, ErrStale) {
			t.Errorf("commit of a stage that came too late: %v", err)
		}
	}
	if err := errors.Join(second.Discard(), third.Discard()); err != nil {
		t.Error(err)
	}
	want := map[string]string{"a": "second", "b": "1", "new": ""}
	if got := contentsOf(t, db.Latest()); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("contents %q", got)
	}
	mustCheck(t, db)
	mustClose(t, db)
	db = mustOpen(t, "/db", smallOptions(fs))
	if got := contentsOf(t, db.Latest()); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("contents after a restart %q", got)
	}
	mustCheck(t, db)
	mustClose(t, db)
}

// TestVersions protects the order of versions.
func TestVersions(t *testing.T) {
	db := mustOpen(t, "/db", smallOptions(vfs.NewMem()))
	for _, v := range []uint64{0, maxVersion + 1, 1 << 63} {
		if _, err := db.Stage(v, nil); !errors.Is(err, ErrVersion) {
			t.Errorf("first version %d: %v", v, err)
		}
	}
	commit(t, db, 5, []store.Change{set("k", "v")})
	for _, v := range []uint64{0, 1, 4, 5, 7, 1 << 40} {
		if _, err := db.Stage(v, nil); !errors.Is(err, ErrVersion) {
			t.Errorf("version %d after 5: %v", v, err)
		}
	}
	commit(t, db, 6, nil)
	mustClose(t, db)
	db = mustOpen(t, "/last", smallOptions(vfs.NewMem()))
	commit(t, db, maxVersion, []store.Change{set("k", "v")})
	if _, err := db.Stage(maxVersion+1, nil); !errors.Is(err, ErrVersion) {
		t.Errorf("a version above the last: %v", err)
	}
	mustCheck(t, db)
	mustClose(t, db)
}

// TestChanges protects what a stage takes: limits, order, and the difference
// between empty and absent.
func TestChanges(t *testing.T) {
	db := mustOpen(t, "/db", smallOptions(vfs.NewMem()))
	long := strings.Repeat("x", store.MaxKey)
	big := bytes.Repeat([]byte{7}, store.MaxValue)
	for name, c := range map[string]struct {
		changes []store.Change
		want    error
	}{
		"no key":      {[]store.Change{set("", "v")}, store.ErrKeySize},
		"long key":    {[]store.Change{set(long+"x", "v")}, store.ErrKeySize},
		"big value":   {[]store.Change{{Key: []byte("k"), Value: append(big[:len(big):len(big)], 0)}}, store.ErrValueSize},
		"unsorted":    {[]store.Change{set("b", "1"), set("a", "1")}, nil},
		"twice":       {[]store.Change{set("a", "1"), set("a", "2")}, nil},
		"set, delete": {[]store.Change{set("a", "1"), del("a")}, nil},
	} {
		st, err := db.Stage(1, c.changes)
		if err == nil || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if st != nil {
			t.Errorf("%s: there is a stage", name)
		}
	}
	m := &storetest.Mem{}
	for v, changes := range [][]store.Change{
		{set("a", ""), {Key: []byte("b")}, set(long, "long"), {Key: []byte("z"), Value: big}},
		{set("a", ""), set("b", ""), del("nothing"), set(long, "long")}, // as it is
		{},
		{del("a"), set("b", "filled")},
		{del("a"), set("b", "")},
		{set("a", "\x00"), del("b"), del(long), del("z")},
		{del("a")},
		{del("a")},
	} {
		_, before := db.Version()
		commit(t, db, uint64(v+1), changes)
		if err := m.Apply(changes); err != nil {
			t.Fatal(err)
		}
		_, root := db.Version()
		if root != m.Root() {
			t.Fatalf("version %d has root %s, want %s", v+1, root, m.Root())
		}
		if (v == 1 || v == 2 || v == 7) && root != before {
			t.Errorf("version %d changes nothing, but the root", v+1)
		}
		for _, key := range []string{"a", "b", "z", "nothing", long} {
			value, ok, err := db.Latest().Get([]byte(key))
			want, has, _ := m.Get([]byte(key))
			if err != nil || ok != has || !bytes.Equal(value, want) || ok && value == nil {
				t.Errorf("version %d: %.9s is %.9q, %v, %v; want %.9q, %v", v+1, key, value, ok, err, want, has)
			}
		}
		mustCheck(t, db)
	}
	if _, root := db.Version(); root != (sm3.Hash{}) {
		t.Errorf("the root of nothing is %s", root)
	}
	if s := db.Stats(); s.Keys != 0 {
		t.Errorf("%d keys", s.Keys)
	}
	for _, key := range [][]byte{nil, {}, []byte(long + "x")} {
		if _, ok, err := db.Latest().Get(key); ok || err != nil {
			t.Errorf("a key that cannot be: %v, %v", ok, err)
		}
		_, ok, evidence, err := db.Latest().Prove(key)
		if ok || err == nil && proof.VerifyAbsence(db.tip.root, key, evidence) != nil && len(key) > 0 && len(key) <= store.MaxKey {
			t.Errorf("the proof of a key that cannot be: %v, %v", ok, err)
		}
	}
	mustClose(t, db)
}

// TestValueIsKept protects the caller's slices: what Get returns stays, and what
// was staged may be reused after the commit.
func TestValueIsKept(t *testing.T) {
	db := mustOpen(t, "/db", smallOptions(vfs.NewMem()))
	key, value := []byte("key"), []byte("value")
	commit(t, db, 1, []store.Change{{Key: key, Value: value}})
	copy(key, "xxx")
	copy(value, "xxxxx")
	got, ok, err := db.Latest().Get([]byte("key"))
	if err != nil || !ok || string(got) != "value" {
		t.Fatalf("%q, %v, %v", got, ok, err)
	}
	for v := uint64(2); v < 60; v++ {
		commit(t, db, v, []store.Change{set("key", strings.Repeat("y", 3000))})
	}
	if string(got) != "value" {
		t.Errorf("the value has become %q", got)
	}
	mustCheck(t, db)
	mustClose(t, db)
}

// TestOptions protects against settings that cannot be.
func TestOptions(t *testing.T) {
	for _, o := range []Options{{Retain: -1}, {Workers: -1}, {MemoryBound: -1}, {CacheBytes: -1}} {
		o.FS = vfs.NewMem()
		if db, err := Open("/db", o); err == nil {
			t.Errorf("%+v opens", o)
			mustClose(t, db)
		}
	}
}

// TestRetainChanges protects a store that is opened with another window.
func TestRetainChanges(t *testing.T) {
	fs := vfs.NewMem()
	s := newScript(41, 60, 40, 200).solve(t)
	version := 0
	for _, retain := range []int{8, 1, 20, 2, 32} {
		opts := smallOptions(fs)
		opts.Retain = retain
		db := mustOpen(t, "/db", opts)
		if err := s.verifyOpen(db, uint64(version), uint64(version), true); err != nil {
			t.Fatalf("retain %d: %v", retain, err)
		}
		version++
		for range 9 {
			commit(t, db, uint64(version+1), s.changes[version])
			version++
		}
		readable := 0
		for v := uint64(1); v <= uint64(version); v++ {
			view, err := db.At(v)
			if err != nil {
				continue
			}
			readable++
			if root, err := view.Root(); err != nil || root != s.roots[v] {
				t.Fatalf("retain %d: version %d has root %s, %v", retain, v, root, err)
			}
		}
		if readable > retain || readable < min(retain, 9) {
			t.Errorf("retain %d: %d versions can be read", retain, readable)
		}
		mustClose(t, db)
	}
}
