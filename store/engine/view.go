package engine

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/store/proof"
)

// View reads one version. It holds nothing: it may be kept, and its methods
// return ErrVersionGone once the version is no longer retained. It may be used
// from several goroutines, also while further versions are committed. What it
// returns was checked against the version's tree of hashes.
type View struct {
	db      *DB
	version uint64
}

var (
	_ store.Reader = View{}
	_ store.Prover = View{}
)

// Latest returns a view of the newest version.
func (db *DB) Latest() View {
	version, _ := db.Version()
	return View{db, version}
}

// At returns a view of version, which must be one of the newest Options.Retain
// or pinned; the error is ErrVersionGone otherwise. The first use of an older
// version after the store was opened, or where memory is bounded, goes back
// through the deltas and may take a second.
func (db *DB) At(version uint64) (View, error) {
	v := View{db, version}
	return v, v.read(func(snapshot) error { return nil })
}

// Version returns the version that v reads.
func (v View) Version() uint64 { return v.version }

// Root returns the root of the version.
func (v View) Root() (root sm3.Hash, err error) {
	err = v.read(func(s snapshot) error {
		root, err = s.root()
		return err
	})
	return root, err
}

// Get implements store.Reader.
func (v View) Get(key []byte) (value []byte, ok bool, err error) {
	if store.CheckKey(key) != nil {
		return nil, false, nil
	}
	path := proof.Path(key)
	var e entry
	err = v.read(func(s snapshot) error {
		found, err := s.find(&path)
		if err == nil && found != nil {
			e, ok = *found, true
		}
		return err
	})
	if err != nil || !ok {
		return nil, false, err
	}
	if value, err = v.value(&e, key); err != nil {
		return nil, false, err
	}
	return value, true, nil
}

// Prove implements store.Prover.
func (v View) Prove(key []byte) (value []byte, ok bool, evidence []byte, err error) {
	path := proof.Path(key)
	var w *way
	var end entry
	err = v.read(func(s snapshot) error {
		if w, err = s.way(&path); err == nil && w.end != nil {
			end = *w.end
		}
		return err
	})
	switch {
	case err != nil:
		return nil, false, nil, err
	case w.end == nil:
		return nil, false, proof.Append(nil, proof.AbsenceEmpty, nil, nil, nil), nil
	case end.path == path:
		if value, err = v.value(&end, key); err != nil {
			return nil, false, nil, err
		}
		return value, true, proof.Append(nil, proof.Inclusion, w.depths, nil, w.siblings), nil
	}
	// The proof of absence shows the leaf that is there instead.
	other, err := v.value(&end, nil)
	if err != nil {
		return nil, false, nil, err
	}
	leaf := proof.OtherLeaf{Path: end.path, ValueHash: sm3.Sum(other)}
	return nil, false, proof.Append(nil, proof.AbsenceByLeaf, w.depths, &leaf, w.siblings), nil
}

// Scan implements store.Reader, at every version that can be read. It holds no
// lock while visit runs.
func (v View) Scan(prefix, start []byte, visit store.Visit) error {
	if err := v.read(func(snapshot) error { return nil }); err != nil {
		return err
	}
	low, high := store.Range(prefix, start)
	if high == nil {
		high = completeKey
	} else {
		high = indexKey(high)
	}
	it, err := v.db.index.kv.Iterator(indexKey(low), high)
	if err != nil {
		return fmt.Errorf("engine: scan: %w", err)
	}
	defer it.Close()
	if err := v.read(func(snapshot) error { return nil }); err != nil {
		return err // the index may have dropped keys of the version before it was read
	}
	for ; it.Valid(); it.Next() {
		key := it.Key()[1:]
		value, ok, err := v.Get(key) // the index also has keys of other versions
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		more, err := visit(key, value)
		if err != nil || !more {
			return err
		}
	}
	if err := it.Error(); err != nil {
		return fmt.Errorf("engine: scan: %w", err)
	}
	return nil
}

// value reads the value of e and checks it against the leaf; key is what the
// record must be of, nil if that is not known.
func (v View) value(e *entry, key []byte) ([]byte, error) {
	_, value, err := v.record(e, key)
	return value, err
}

// record is value, with the key.
func (v View) record(e *entry, key []byte) (got, value []byte, err error) {
	got, value, err = readRecord(v.db.kv, e.loc)
	if err != nil {
		if gone := v.read(func(snapshot) error { return nil }); gone != nil {
			return nil, nil, gone
		}
		return nil, nil, err
	}
	if key != nil && !bytes.Equal(got, key) || key == nil && proof.Path(got) != e.path || proof.Leaf(e.path, sm3.Sum(value)) != e.leaf {
		return nil, nil, fmt.Errorf("%w: value record %d/%d is not what the trie says", ErrCorrupt, e.loc.version(), e.loc&deltaIndex)
	}
	return got, value, nil
}

// read calls fn with the state of the version.
func (v View) read(fn func(snapshot) error) error {
	for {
		done, err := v.tryRead(fn)
		if done || err != nil {
			return err
		}
		if err := v.db.rebuild(v.version); err != nil {
			return err
		}
	}
}

// tryRead calls fn, unless the way back to the version must be made first.
func (v View) tryRead(fn func(snapshot) error) (done bool, err error) {
	db := v.db
	db.mu.RLock()
	defer db.mu.RUnlock()
	if errors.Is(db.failed, ErrClosed) {
		return false, db.failed
	}
	if !db.retained(v.version) {
		return false, fmt.Errorf("%w: %d; the newest is %d, %d are retained, and %d pinned", ErrVersionGone,
			v.version, db.tip.version, db.opts.Retain, len(db.pins))
	}
	chain, from := db.chain(v.version)
	if from != v.version {
		return false, nil
	}
	return true, fn(snapshot{trie: db.trie, chain: chain})
}

// chain returns the overlays that lead from the newest version back to version,
// and version; or, if there are none, those that lead to the oldest version
// after it to which there is a way. The caller holds mu or writing.
func (db *DB) chain(version uint64) (chain []*overlay, from uint64) {
	at := db.tip.version
	i := slices.IndexFunc(db.undo, func(s segment) bool { return s.from >= version })
	if version == db.tip.version || i < 0 {
		return nil, at
	}
	from = db.undo[i].from
	for at := from; i < len(db.undo); i++ {
		if db.undo[i].from == at {
			chain = append(chain, db.undo[i].overlay)
			at = db.undo[i].to
		}
	}
	return chain, from
}

// Pin keeps version readable until release is called, whatever is retained. The
// deltas and values since then stay on disk meanwhile; Stats says how much that
// is. Pins are not kept over Close: a program that needs a version pinned pins
// it again before it commits, which it can however far behind the newest that
// is. Errors: ErrVersionGone, ErrPins.
func (db *DB) Pin(version uint64) (release func(), err error) {
	db.mu.Lock()
	defer db.mu.Unlock()
	at, found := slices.BinarySearchFunc(db.pins, version, func(p pin, v uint64) int { return int(p.version) - int(v) })
	switch {
	case found:
		db.pins[at].count++
	case !db.kept(version):
		return nil, fmt.Errorf("%w: %d", ErrVersionGone, version)
	case len(db.pins) == MaxPins:
		return nil, ErrPins
	default:
		db.pins = slices.Insert(db.pins, at, pin{version, 1})
	}
	released := false
	return func() {
		db.mu.Lock()
		defer db.mu.Unlock()
		if released {
			return
		}
		released = true
		i := slices.IndexFunc(db.pins, func(p pin) bool { return p.version == version })
		if db.pins[i].count--; db.pins[i].count == 0 {
			db.pins = slices.Delete(db.pins, i, i+1)
		}
	}, nil
}

// rebuild makes a segment that starts at version out of the deltas.
func (db *DB) rebuild(version uint64) error {
	db.writing.Lock()
	defer db.writing.Unlock()
	if err := db.usable(); err != nil {
		return err
	}
	chain, from := db.chain(version)
	if from == version || !db.readable(version) {
		return nil // another made it, or a commit dropped the version meanwhile
	}
	// What a path was at version is what the first change after it replaced.
	before := make(map[sm3.Hash]*update) // looked up only
	var updates []update
	for v := version + 1; v <= from; v++ {
		d, err := readDelta(db.kv, v)
		if err != nil {
			return err
		}
		for _, c := range d.changes {
			if before[c.path] == nil {
				u := update{write: write{entry{c.path, c.oldLeaf, c.oldLoc}, c.oldLoc == 0}}
				before[c.path] = &u
				updates = append(updates, u)
			}
		}
	}
	s := snapshot{trie: db.trie, chain: chain}
	// A path that is absent at both ends came and went in between.
	kept := updates[:0]
	for _, u := range updates {
		if u.remove {
			now, err := s.find(&u.path)
			if err != nil {
				return err
			}
			if now == nil {
				continue
			}
		}
		kept = append(kept, u)
	}
	t, err := s.apply(partition(kept), db.opts.Workers, func() error { return nil })
	if err != nil {
		return err
	}
	if d, err := readDelta(db.kv, version); err != nil {
		return err
	} else if t.root != d.root {
		return fmt.Errorf("%w: version %d has root %s, the deltas after it lead back to %s", ErrCorrupt, version, d.root, t.root)
	}
	db.mu.Lock()
	defer db.mu.Unlock()
	at, _ := slices.BinarySearchFunc(db.undo, version, func(s segment, v uint64) int { return int(s.from) - int(v) })
	db.undo = slices.Insert(db.undo, at, segment{version, from, &t.overlay})
	return nil
}
