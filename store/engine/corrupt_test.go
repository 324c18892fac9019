package engine

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"path"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"github.com/cockroachdb/pebble/vfs"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/store/storetest"
)

// files are the contents of a closed store.
type files map[string][]byte

func readFiles(t testing.TB, fs vfs.FS, dir string, into files) files {
	t.Helper()
	if into == nil {
		into = files{}
	}
	names, err := fs.List(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		full := path.Join(dir, name)
		info, err := fs.Stat(full)
		if err != nil {
			t.Fatal(err)
		}
		if info.IsDir() {
			readFiles(t, fs, full, into)
			continue
		}
		f, err := fs.Open(full)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(f)
		if err != nil {
			t.Fatal(err)
		}
		into[full] = raw
		f.Close()
	}
	return into
}

func (f files) fs(t testing.TB) *vfs.MemFS {
	t.Helper()
	mem := vfs.NewMem()
	for name, raw := range f {
		if err := mem.MkdirAll(path.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		out, err := mem.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := out.Write(slices.Clone(raw)); err != nil {
			t.Fatal(err)
		}
		out.Close()
	}
	return mem
}

// with returns f with another content of one file; nil removes it.
func (f files) with(name string, raw []byte) files {
	g := maps.Clone(f)
	if raw == nil {
		delete(g, name)
	} else {
		g[name] = raw
	}
	return g
}

// victim is a closed store with everything a store can have: checkpoints behind
// the newest version, deltas, tables and logs.
type victim struct {
	*script
	files  files
	models map[uint64]map[string]string
	stood  uint64 // the version at which the last probe found the store
}

func newVictim(t testing.TB) *victim {
	v := &victim{script: faultScript().solve(t), models: map[uint64]map[string]string{0: {}}}
	m := newModel()
	for i, changes := range v.changes {
		m.apply(uint64(i+1), changes)
	}
	maps.Copy(v.models, m.versions)
	fs := vfs.NewMem()
	db := mustOpen(t, "/db", faultOptions(fs))
	for i, changes := range v.changes {
		if i == len(v.changes)-3 { // no further checkpoints
			mustClose(t, db)
			db = mustOpen(t, "/db", v.options(fs))
		}
		commit(t, db, uint64(i+1), changes)
	}
	mustClose(t, db)
	v.files = readFiles(t, fs, "/db", nil)
	return v
}

func (v *victim) options(fs vfs.FS) Options {
	o := faultOptions(fs)
	o.MemoryBound, o.MemTableBytes = 0, 1<<20
	return o
}

// probe opens a damaged store and reads everything. It returns the errors met
// by opening, by reading and by Check. What is read without error must be right.
func (v *victim) probe(t *testing.T, f files, opts Options) (opened, read, checked error) {
	t.Helper()
	opts.FS = f.fs(t)
	db, err := Open("/db", opts)
	if err != nil {
		return err, nil, nil
	}
	defer db.Close()
	version, root := db.Version()
	v.stood = version
	if int(version) > len(v.changes) || root != v.roots[version] {
		t.Fatalf("version %d with root %s", version, root)
	}
	read = v.readAll(t, db, version)
	return nil, read, db.Check()
}

func (v *victim) readAll(t *testing.T, db *DB, newest uint64) (errs error) {
	t.Helper()
	for version := max(db.Stats().Oldest, 1); version <= newest; version++ {
		view, err := db.At(version)
		if err != nil {
			errs = errors.Join(errs, err)
			continue
		}
		want := v.models[version]
		if root, err := view.Root(); err != nil || root != v.roots[version] {
			t.Fatalf("version %d has root %s, %v", version, root, err)
		}
		for _, key := range keysInShards(50, 3) {
			value, ok, err := view.Get(key)
			if err != nil {
				errs = errors.Join(errs, err)
				continue
			}
			if w, has := want[string(key)]; ok != has || string(value) != w {
				t.Fatalf("version %d: key %x is %.20q, %v; want %.20q, %v", version, key, value, ok, w, has)
			}
		}
		err = view.Scan(nil, nil, func(key, value []byte) (bool, error) {
			if w, has := want[string(key)]; !has || string(value) != w {
				t.Fatalf("version %d: a scan shows key %x as %.20q", version, key, value)
			}
			return true, nil
		})
		errs = errors.Join(errs, err)
	}
	return errs
}

// TestDamagedCheckpoint protects against every damage to the files of shards:
// the store does not open and names the shard.
func TestDamagedCheckpoint(t *testing.T) {
	v := newVictim(t)
	r := rand.New(rand.NewPCG(51, 0))
	refuse := func(what, name string, f files) {
		t.Helper()
		for _, opts := range []Options{v.options(nil), faultOptions(nil)} {
			opened, _, _ := v.probe(t, f, opts)
			if !errors.Is(opened, ErrCorrupt) || name != "" && !strings.Contains(opened.Error(), name) {
				t.Errorf("%s: %v", what, opened)
			}
		}
	}
	if opened, read, checked := v.probe(t, v.files, v.options(nil)); errors.Join(opened, read, checked) != nil {
		t.Fatal("the whole store:", opened, read, checked)
	}
	const name = "/db/shard-01"
	raw := v.files[name]
	if len(raw) < 1000 {
		t.Fatalf("%s has %d bytes", name, len(raw))
	}
	positions := []int{0, 7, 8, 9, 16, 17, 24, 25, 57, 89, 96, len(raw) - 5, len(raw) - 4, len(raw) - 1}
	for range 40 {
		positions = append(positions, r.IntN(len(raw)))
	}
	for _, at := range positions {
		bad := slices.Clone(raw)
		bad[at] ^= 1 << r.IntN(8)
		refuse(fmt.Sprintf("a bit of byte %d", at), "shard 01", v.files.with(name, bad))
	}
	for _, n := range []int{0, 1, shardHeader, shardHeader + 3, len(raw) - entryBytes, len(raw) - 1} {
		refuse(fmt.Sprintf("cut to %d bytes", n), "shard 01", v.files.with(name, raw[:n:n]))
	}
	refuse("longer", "shard 01", v.files.with(name, append(slices.Clone(raw), 0)))
	refuse("another shard's", "shard 01", v.files.with(name, v.files["/db/shard-02"]))
	refuse("missing", "", v.files.with(name, nil))
	refuse("all missing", "", v.files.with(name, nil).with("/db/shard-00", nil).with("/db/shard-02", nil))
}

// TestRolledBack protects against a database that is older than the checkpoints
// beside it, or gone.
func TestRolledBack(t *testing.T) {
	v := newVictim(t)
	fs := vfs.NewMem()
	db := mustOpen(t, "/db", v.options(fs))
	for i := range 5 {
		commit(t, db, uint64(i+1), v.changes[i])
	}
	mustClose(t, db)
	old := readFiles(t, fs, "/db", nil)
	for name, raw := range v.files {
		if strings.HasPrefix(name, "/db/shard") {
			old = old.with(name, raw)
		}
	}
	if opened, _, _ := v.probe(t, old, v.options(nil)); !errors.Is(opened, ErrCorrupt) || !strings.Contains(opened.Error(), "checkpoint") {
		t.Errorf("an old database with newer checkpoints: %v", opened)
	}
	only := files{}
	for name, raw := range v.files {
		if strings.HasPrefix(name, "/db/shard") {
			only[name] = raw
		}
	}
	if opened, _, _ := v.probe(t, only, v.options(nil)); !errors.Is(opened, ErrCorrupt) {
		t.Errorf("checkpoints without a database: %v", opened)
	}
	// An index that is older, or gone, is not complete.
	for _, name := range slices.Sorted(maps.Keys(v.files)) {
		if strings.HasPrefix(name, "/db/index/") {
			old = v.files.with(name, nil)
			v.files = old
		}
	}
	if opened, _, _ := v.probe(t, old, v.options(nil)); !errors.Is(opened, ErrCorrupt) || !strings.Contains(opened.Error(), "index") {
		t.Errorf("without the index: %v", opened)
	}
}

// TestDamagedDatabase changes bits of every kind of file that pebble has, and
// removes or cuts files: nothing wrong is ever read. What is damaged at the end
// of a log may look as if it had never been written.
func TestDamagedDatabase(t *testing.T) {
	t.Parallel()
	v := newVictim(t)
	r := rand.New(rand.NewPCG(52, 0))
	outcomes := map[string]map[string]int{}
	try := func(name, what string, f files) {
		kind := strings.TrimLeft(path.Base(name), "0123456789")
		kind, _, _ = strings.Cut(kind, "-")
		kind = path.Base(path.Dir(name)) + "/" + kind
		if outcomes[kind] == nil {
			outcomes[kind] = map[string]int{}
		}
		defer func() {
			if p := recover(); p != nil {
				t.Errorf("%s of %s: panic: %v\n%s", what, name, p, debug.Stack())
			}
		}()
		opened, read, checked := v.probe(t, f, v.options(nil))
		switch {
		case v.stood < uint64(len(v.changes)) && opened == nil:
			// The end of a log, or of the list of files, is gone.
			outcomes[kind]["an earlier version"]++
		case opened != nil:
			outcomes[kind]["not opened"]++
		case read != nil:
			outcomes[kind]["error when read"]++
		case checked != nil:
			outcomes[kind]["found by Check"]++
			if !errors.Is(checked, ErrCorrupt) {
				t.Errorf("%s of %s: Check says %v", what, name, checked)
			}
			if kind == "values/.log" || kind == "values/MANIFEST" {
				t.Errorf("%s of %s: only Check says %v", what, name, checked)
			}
		default:
			outcomes[kind]["harmless"]++
		}
	}
	n := 14
	if testing.Short() {
		n = 3
	}
	for _, name := range slices.Sorted(maps.Keys(v.files)) {
		raw := v.files[name]
		if strings.HasPrefix(name, "/db/shard") || strings.HasSuffix(name, "LOCK") {
			continue
		}
		try(name, "removal", v.files.with(name, nil))
		for range n {
			if len(raw) == 0 {
				break
			}
			at := r.IntN(len(raw))
			if used := bytes.TrimRight(raw, "\x00"); len(used) > 0 && at >= len(used) {
				at = r.IntN(len(used))
			}
			bad := slices.Clone(raw)
			bad[at] ^= 1 << r.IntN(8)
			try(name, fmt.Sprintf("a bit of byte %d of %d", at, len(raw)), v.files.with(name, bad))
		}
		at := r.IntN(len(raw) + 1)
		try(name, fmt.Sprintf("cut to %d bytes", at), v.files.with(name, raw[:at:at]))
	}
	for _, kind := range slices.Sorted(maps.Keys(outcomes)) {
		t.Logf("%-24s %v", kind, outcomes[kind])
	}
}

// tamper opens the store, changes the database through fn, and probes.
func (v *victim) tamper(t *testing.T, fn func(db *DB)) (opened, read, checked error) {
	t.Helper()
	fs := v.files.fs(t)
	db := mustOpen(t, "/db", v.options(fs))
	fn(db)
	mustClose(t, db)
	return v.probe(t, readFiles(t, fs, "/db", nil), v.options(nil))
}

// TestWrongRecords writes wrong records into the database itself, where no
// checksum helps: a value is never wrong, and the error names the record.
func TestWrongRecords(t *testing.T) {
	v := newVictim(t)
	newest := uint64(len(v.changes))
	state := v.models[newest]
	var keys []string
	for _, k := range storetest.SortedKeys(state) {
		if len(state[k]) > 20 {
			keys = append(keys, k)
		}
	}
	at := func(db *DB, key string) location {
		path := sm3.Sum([]byte(key))
		e, err := snapshot{trie: db.trie}.find(&path)
		if err != nil || e == nil {
			t.Fatal(err)
		}
		return e.loc
	}
	// records cuts the page of a record; a delta is alone.
	records := func(db *DB, loc location) (list [][]byte) {
		t.Helper()
		page, err := db.kv.Get(loc.page().key())
		if err != nil {
			t.Fatal(err)
		}
		if err := eachRecord(loc.page(), page, func(_ location, r, _ []byte) error { list = append(list, r); return nil }); err != nil {
			t.Fatal(err)
		}
		return list
	}
	put := func(db *DB, loc location, raw []byte) {
		t.Helper()
		if list := records(db, loc); loc&deltaIndex != deltaIndex && raw != nil && loc-loc.page() < location(len(list)) {
			list[loc-loc.page()] = raw
			loc, raw = loc.page(), bytes.Join(list, nil)
		} else if loc&deltaIndex != deltaIndex {
			loc = loc.page()
		}
		var err error
		if raw == nil {
			err = db.kv.DeleteSync(loc.key())
		} else {
			err = db.kv.SetSync(loc.key(), raw)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	get := func(db *DB, loc location) []byte {
		t.Helper()
		if loc&deltaIndex != deltaIndex {
			return bytes.Clone(records(db, loc)[loc-loc.page()])
		}
		raw, err := db.kv.Get(loc.key())
		if err != nil || raw == nil {
			t.Fatalf("record %d: %v", loc, err)
		}
		return raw
	}
	a, b := keys[0], keys[1]
	record := func(key, value string) []byte { return appendRecord(nil, []byte(key), []byte(value)) }

	var loc location
	for name, fn := range map[string]func(db *DB){
		"value changed":            func(db *DB) { loc = at(db, a); raw := get(db, loc); raw[len(raw)-1] ^= 1; put(db, loc, raw) },
		"value cut":                func(db *DB) { loc = at(db, a); raw := get(db, loc); put(db, loc, raw[:len(raw)-1]) },
		"value longer":             func(db *DB) { loc = at(db, a); put(db, loc, append(get(db, loc), 0)) },
		"key changed":              func(db *DB) { loc = at(db, a); raw := get(db, loc); raw[recordHeader] ^= 1; put(db, loc, raw) },
		"key's length":             func(db *DB) { loc = at(db, a); raw := get(db, loc); raw[1]--; put(db, loc, raw) },
		"value's length":           func(db *DB) { loc = at(db, a); raw := get(db, loc); raw[5]--; put(db, loc, raw) },
		"another key's":            func(db *DB) { loc = at(db, a); put(db, loc, get(db, at(db, b))) },
		"right value, another key": func(db *DB) { loc = at(db, a); put(db, loc, record(b, state[a])) },
		"swapped": func(db *DB) {
			loc = at(db, a)
			ra, rb := get(db, loc), get(db, at(db, b))
			put(db, loc, rb)
			put(db, at(db, b), ra)
		},
		"missing":      func(db *DB) { loc = at(db, a); put(db, loc, nil) },
		"empty record": func(db *DB) { loc = at(db, a); put(db, loc, []byte{}) },
		"key too long": func(db *DB) { loc = at(db, a); put(db, loc, []byte{0xff, 0xff, 1}) },
	} {
		opened, read, checked := v.tamper(t, fn)
		what := fmt.Sprintf("%d/%d", loc.version(), loc&deltaIndex)
		if name == "value cut" || name == "value longer" {
			what = fmt.Sprintf("%d/", loc.version()) // of the records behind it in the page, none is where it should be
		}
		if opened != nil || !errors.Is(read, ErrCorrupt) || !strings.Contains(read.Error(), what) {
			t.Errorf("%s: opening %v, reading %v; want one that names record %s", name, opened, read, what)
		}
		if !errors.Is(checked, ErrCorrupt) {
			t.Errorf("%s: Check: %v", name, checked)
		}
	}

	// Deltas are read when the store is opened, or to go back.
	deltaOf := func(db *DB, version uint64) (location, *delta) {
		d, err := readDelta(db.kv, version)
		if err != nil {
			t.Fatal(err)
		}
		return locate(version, deltaIndex), d
	}
	for name, fn := range map[string]func(db *DB){
		"delta cut":       func(db *DB) { loc, _ := deltaOf(db, newest); raw := get(db, loc); put(db, loc, raw[:len(raw)-1]) },
		"delta changed":   func(db *DB) { loc, _ := deltaOf(db, newest); raw := get(db, loc); raw[60] ^= 1; put(db, loc, raw) },
		"an older delta":  func(db *DB) { loc, _ := deltaOf(db, newest-1); put(db, loc, nil) },
		"delta's version": func(db *DB) { loc, d := deltaOf(db, newest); d.version--; put(db, loc, d.encode()) },
		"delta's root":    func(db *DB) { loc, d := deltaOf(db, newest); d.root[0] ^= 1; put(db, loc, d.encode()) },
		"delta's keys":    func(db *DB) { loc, d := deltaOf(db, newest); d.keys++; put(db, loc, d.encode()) },
		"delta's change": func(db *DB) {
			loc, d := deltaOf(db, newest)
			d.changes[0].newLeaf[0] ^= 1
			d.changes[0].newLoc = locate(newest, 0)
			put(db, loc, d.encode())
		},
		"delta's changes": func(db *DB) { loc, d := deltaOf(db, newest); d.changes = d.changes[1:]; put(db, loc, d.encode()) },
		"another's":       func(db *DB) { loc, _ := deltaOf(db, newest); _, d := deltaOf(db, newest-1); put(db, loc, d.encode()) },
		"newest missing":  func(db *DB) { loc, _ := deltaOf(db, newest); put(db, loc, nil) },
		"a later record":  func(db *DB) { put(db, locate(newest+1, 0), record("k", "v")) },
		"a later delta":   func(db *DB) { _, d := deltaOf(db, newest); put(db, locate(newest+1, deltaIndex), d.encode()) },
		"unknown key": func(db *DB) {
			if err := db.kv.SetSync([]byte("v?"), nil); err != nil {
				t.Fatal(err)
			}
		},
	} {
		opened, read, checked := v.tamper(t, fn)
		err := opened
		if name == "unknown key" {
			err = errors.Join(opened, checked)
		}
		if !errors.Is(err, ErrCorrupt) {
			t.Errorf("%s: opening %v, reading %v, Check %v", name, opened, read, checked)
		}
	}

	// What leads back to an older version, and nothing else.
	oldest := newest - 1
	opened, read, checked := v.tamper(t, func(db *DB) {
		loc, d := deltaOf(db, newest)
		for i := range d.changes {
			if c := &d.changes[i]; c.oldLoc != 0 {
				c.oldLeaf[0] ^= 1
				break
			}
		}
		put(db, loc, d.encode())
	})
	if opened == nil && read == nil && checked == nil {
		t.Errorf("the way back to version %d is wrong and nobody noticed", oldest)
	}

	// The index of keys.
	_, _, checked = v.tamper(t, func(db *DB) {
		if err := db.index.kv.DeleteSync(indexKey([]byte(a))); err != nil {
			t.Fatal(err)
		}
	})
	if !errors.Is(checked, ErrCorrupt) || !strings.Contains(checked.Error(), fmt.Sprintf("%x", a)) {
		t.Errorf("a key is missing in the index: Check: %v", checked)
	}
}

// TestColdDamage damages a checkpoint while the store is open and reads buckets
// from it: the damage is found by their hashes and named.
func TestColdDamage(t *testing.T) {
	v := &victim{script: faultScript().solve(t)}
	m := newModel()
	fs := vfs.NewMem()
	db := mustOpen(t, "/db", faultOptions(fs))
	for i, changes := range v.changes {
		commit(t, db, uint64(i+1), changes)
		m.apply(uint64(i+1), changes)
	}
	v.models = m.versions
	mustClose(t, db)
	v.files = readFiles(t, fs, "/db", nil)
	db = mustOpen(t, "/db", faultOptions(fs))
	if s := db.Stats(); s.ResidentKeys == int(s.Keys) {
		t.Fatal("nothing is cold")
	}
	for s := range 3 {
		name := "/db/" + shardName(s)
		raw := slices.Clone(v.files[name])
		for i := shardHeader + 40; i < len(raw)-4; i += entryBytes {
			raw[i] ^= 1
		}
		sh := db.trie.shards[s]
		if sh.file == nil || sh.file.file == nil {
			t.Fatalf("shard %d has no file", s)
		}
		sh.file.file = vfs.NewMemFile(raw)
	}
	found := 0
	newest := uint64(len(v.changes))
	for _, key := range keysInShards(50, 3) {
		value, ok, err := db.Latest().Get(key)
		if err != nil {
			if !errors.Is(err, ErrCorrupt) || !strings.Contains(err.Error(), "shard-0") {
				t.Fatalf("key %x: %v", key, err)
			}
			found++
			continue
		}
		if w, has := v.models[newest][string(key)]; ok != has || string(value) != w {
			t.Fatalf("key %x is %.20q", key, value)
		}
	}
	if found == 0 {
		t.Error("no damage was met")
	}
	// A commit must not write it into a checkpoint with a good checksum.
	var last error
	for i := range uint64(3) {
		st, err := db.Stage(newest+1+i, []store.Change{set("a", fmt.Sprint(i)), set("b", fmt.Sprint(i)), set("c", fmt.Sprint(i))})
		if err == nil {
			err = st.Commit()
		}
		if err != nil {
			last = err
			break
		}
	}
	closed := db.Close()
	if last != nil && !errors.Is(last, ErrCorrupt) {
		t.Error(last)
	}
	if err := errors.Join(last, closed); err != nil && !errors.Is(err, ErrCorrupt) {
		t.Error(err)
	}
	db, err := Open("/db", faultOptions(fs))
	if err != nil { // the file itself was never damaged
		t.Fatalf("the damage was written: %v", err)
	}
	mustCheck(t, db)
	mustClose(t, db)
}
