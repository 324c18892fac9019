package engine

import (
	"fmt"
	"slices"

	dbm "github.com/cosmos/cosmos-db"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// Limits of the pruning that one commit does, so that a long backlog, left by
// an old pin, is worked off over many.
const (
	maxFloorSteps  = 4
	minSweepValues = 1 << 16 // below so much waste a sweep is not worth it
)

// prune adds to the batch the deletion of what no version that can be read
// needs any more, and completes the delta with where that leaves the store.
// It returns the keys that no readable version has any more.
func (st *Stage) prune() (released []removedKey, err error) {
	db, d := st.db, &st.delta
	d.floor, d.low = max(db.tip.floor, 1), db.tip.low
	if db.tip.version == 0 {
		d.floor, d.low = st.version, st.version
		return nil, nil
	}

	// The floor rises to the oldest version that is retained after the commit.
	// Nobody may count on what is below it from now on.
	db.mu.Lock()
	target := d.floor
	if retain := uint64(max(db.opts.Retain, 2)); st.version >= retain {
		// If Retain is 1 the version before is kept one commit longer, since it
		// is the newest, and can be pinned, until this one has been written.
		target = st.version - retain + 1
	}
	if len(db.pins) > 0 {
		target = min(target, db.pins[0].version)
	}
	first := d.floor + 1
	d.floor = max(d.floor, min(target, d.floor+maxFloorSteps))
	db.rising = d.floor
	db.mu.Unlock()
	for floor := first; floor <= d.floor; floor++ {
		keys, err := st.release(floor)
		if err != nil {
			return nil, err
		}
		released = append(released, keys...)
	}

	// A delta is needed to go back to a version that can be read and to know its
	// root, and to bring shards and the index up to date.
	low := min(d.floor, db.trie.oldestCheckpoint(st.version)+1, db.index.synced+1, st.version)
	if low < d.low+db.opts.deltaDrops {
		return released, nil
	}
	for drops := uint64(0); d.low < low && drops < 64+2*db.opts.deltaDrops; drops++ {
		if err := st.batch.Delete(locate(d.low, deltaIndex).key()); err != nil {
			return nil, err
		}
		d.low++
	}
	return released, nil
}

// release deletes what the versions before floor needed and floor does not, and
// returns the keys that floor removed.
func (st *Stage) release(floor uint64) (keys []removedKey, err error) {
	in, err := st.db.info(floor)
	if err != nil {
		return nil, err
	}
	before, err := st.db.info(floor - 1)
	if err != nil {
		return nil, err
	}
	if in.swept > before.swept {
		if err := st.batch.DeleteRange(locate(before.swept, 0).key(), locate(in.swept, 0).key()); err != nil {
			return nil, err
		}
		st.delta.low = max(st.delta.low, in.swept)
	}
	if in.removals == 0 {
		return nil, nil
	}
	d, err := readDelta(st.db.kv, floor)
	if err != nil {
		return nil, err
	}
	for i := range d.changes {
		c := &d.changes[i]
		if c.newLoc != 0 {
			continue
		}
		key, _, err := readRecord(st.db.kv, c.oldLoc)
		if err != nil {
			return nil, err
		}
		keys = append(keys, removedKey{key, floor})
	}
	return keys, nil
}

// sets reports whether the staged version writes a value at path.
func (st *Stage) sets(path *sm3.Hash) bool {
	i, ok := slices.BinarySearchFunc(st.delta.changes, path, func(c change, p *sm3.Hash) int { return comparePaths(&c.path, p) })
	return ok && st.delta.changes[i].newLoc != 0
}

// info returns what is to be known of version, from its delta if need be; zero
// before the first version. The caller holds writing.
func (db *DB) info(version uint64) (info, error) {
	if n := len(db.recent); n > 0 {
		if first := db.recent[0].version; version >= first {
			return db.recent[version-first], nil
		}
	}
	if version < db.tip.low {
		return info{version: version}, nil
	}
	d, err := readDelta(db.kv, version)
	if err != nil {
		return info{}, err
	}
	return info{version, d.swept, d.removals()}, nil
}

// oldestCheckpoint returns the version up to which every shard is checkpointed.
func (t *trie) oldestCheckpoint(newest uint64) uint64 {
	oldest := newest
	for _, s := range t.shards[:shards] {
		if s.dirty() {
			oldest = min(oldest, s.checkpointed())
		}
	}
	return oldest
}

// sweep is the state of the removal of values that are no longer of any use:
// it goes through the oldest records, moves what is still current into the
// version being staged, and leaves the rest to be deleted as a range when no
// readable version refers to them.
type sweep struct {
	swept   uint64   // versions before this have been gone through
	next    location // where to go on in version swept; 0: at its start
	scanned uint64   // records gone through in version swept
	gone    uint64   // records of the versions finished by this step
}

// sweepStep goes on with the sweep, if waste calls for it, about in proportion
// to updates, and returns the values to move.
func (db *DB) sweepStep(w *sweep, updates []update) ([]update, error) {
	w.gone = 0
	if db.tip.values < 2*db.tip.keys+minSweepValues {
		return nil, nil
	}
	// What is swept is deleted with the deltas between, so it must not be what
	// a restart needs.
	limit := min(db.tip.floor, db.trie.oldestCheckpoint(db.tip.version), db.index.synced)
	if w.swept >= limit {
		return nil, nil
	}
	budget := max(256, 2*len(updates))
	changed := make(map[sm3.Hash]bool, len(updates)) // looked up only
	for i := range updates {
		changed[updates[i].path] = true
	}

	start := max(w.next, locate(w.swept, 0))
	it, err := db.kv.Iterator(start.page().key(), locate(limit, 0).key())
	if err != nil {
		return nil, err
	}
	defer it.Close()
	var moved []update
	for ; it.Valid(); it.Next() {
		at, err := parseLocation(it.Key())
		if err != nil {
			return nil, err
		}
		if at.version() > w.swept {
			w.gone += w.scanned
			w.swept, w.scanned = at.version(), 0
		}
		if budget <= 0 {
			w.next = at
			return moved, nil
		}
		if at&deltaIndex == deltaIndex {
			continue
		}
		err = eachRecord(at, it.Value(), func(loc location, record, key []byte) error {
			budget--
			w.scanned++
			u := update{record: record}
			u.path = sm3.Sum(key)
			e, err := snapshot{trie: db.trie}.find(&u.path)
			if err != nil || e == nil || e.loc != loc || changed[u.path] {
				return err
			}
			u.leaf, u.oldLeaf, u.oldLoc = e.leaf, e.leaf, e.loc
			moved = append(moved, u)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	if err := it.Error(); err != nil {
		return nil, err
	}
	w.gone += w.scanned
	w.swept, w.scanned, w.next = limit, 0, 0
	return moved, nil
}

func readDelta(kv dbm.DB, version uint64) (*delta, error) {
	raw, err := kv.Get(locate(version, deltaIndex).key())
	if err != nil {
		return nil, fmt.Errorf("engine: delta of version %d: %w", version, err)
	}
	if raw == nil {
		return nil, fmt.Errorf("%w: the delta of version %d is missing", ErrCorrupt, version)
	}
	d, err := parseDelta(raw)
	if err != nil {
		return nil, fmt.Errorf("version %d: %w", version, err)
	}
	if d.version != version {
		return nil, fmt.Errorf("%w: the delta of version %d says %d", ErrCorrupt, version, d.version)
	}
	return d, nil
}
