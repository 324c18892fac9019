package engine

import (
	"errors"
	"fmt"
	"slices"
)

// Commit makes the staged version the newest. When it returns nil the version
// is durable; it became so in one write, so that a crash leaves it whole or
// absent. Afterwards, or after an error, the stage is finished.
//
// Errors: ErrStale if another stage was committed meanwhile; ErrClosed;
// otherwise the write failed, nothing is shown, and every further Stage and
// Commit returns ErrFailed until the store is opened again.
func (st *Stage) Commit() error {
	db := st.db
	db.writing.Lock()
	defer db.writing.Unlock()
	if err := db.usable(); err != nil {
		return err
	}
	if st.done || st.base != db.tip.version {
		return fmt.Errorf("%w: version %d on %d, the newest is %d", ErrStale, st.version, st.base, db.tip.version)
	}
	st.done = true
	indexed, err := st.write()
	if err != nil {
		err = errors.Join(err, st.batch.Close())
		db.fail(err)
		return fmt.Errorf("engine: commit of version %d: %w", st.version, err)
	}
	// Here the version is durable. A failure from here on is reported by the
	// next call; opening again would find the version, and complete the index.
	st.install()
	if err := errors.Join(indexed, db.tend(len(st.delta.changes))); err != nil {
		db.fail(err)
	}
	return nil
}

func (db *DB) fail(err error) {
	db.mu.Lock()
	defer db.mu.Unlock()
	db.failed = fmt.Errorf("%w: %w", ErrFailed, err)
}

// write completes the batch and writes it, and meanwhile the index, whose own
// error does not undo the version.
func (st *Stage) write() (indexed, err error) {
	released, err := st.prune()
	if err != nil {
		return nil, err
	}
	if err := st.batch.Set(locate(st.version, deltaIndex).key(), st.delta.encode()); err != nil {
		return nil, err
	}
	done := make(chan error, 1)
	go func() { done <- st.db.index.update(st.version, st.made, st.sets) }() //determinism:ok what it writes is fixed by the stage
	err = st.batch.WriteSync()
	indexed = <-done
	if err == nil && indexed == nil {
		st.db.index.removed = released
	}
	return indexed, err
}

// install exchanges what the stage holds with what the trie has, so that the
// stage's overlay leads back to the version before.
func (st *Stage) install() {
	db := st.db
	removals := st.delta.removals()
	db.mu.Lock()
	defer db.mu.Unlock()
	for s, layers := range st.tree.layers {
		if len(layers) == 0 {
			continue
		}
		l, sh := layers[0], db.trie.shards[s]
		for i := range l.nodes {
			c := &l.nodes[i]
			sh.nodes[c.n], c.hash = c.hash, sh.nodes[c.n]
		}
		for i := range l.buckets {
			c := &l.buckets[i]
			sh.put(c.i, c.b)
			c.b = st.tree.before[s][i]
		}
		sh.touched = st.version
		if s < shards {
			sh.count += st.tree.grown[s]
		}
	}
	if db.tip.version != 0 {
		db.undo = append(db.undo, segment{db.tip.version, st.version, &st.tree.overlay})
	}
	db.tip = st.delta
	db.tip.changes = nil
	db.sweeping = st.sweep
	db.recent = append(db.recent, info{st.version, st.delta.swept, removals})
	if old := int(st.version - st.delta.floor + 2); len(db.recent) > 2*old {
		db.recent = slices.Clone(db.recent[len(db.recent)-old:]) // release asks for the floor and the one before
	}
	db.trimUndo()
}

// trimUndo drops the segments of versions that can no longer be read, and the
// oldest of those that take more memory than they may: they are made again from
// the deltas if they are asked for. Between pinned versions it joins segments,
// so that many versions take no more than the entries that differ. The caller
// holds writing and mu.
func (db *DB) trimUndo() {
	bound := db.undoBound()
	sum, cutoff := int64(0), db.tip.version
	for i := len(db.undo) - 1; i >= 0 && (i == len(db.undo)-1 || sum+db.undo[i].bytes <= bound); i-- {
		sum += db.undo[i].bytes
		cutoff = db.undo[i].from
	}
	keep := func(version uint64) bool {
		return db.pinned(version) || version >= cutoff && db.retained(version)
	}
	drop := 0 // nothing leads to the lowest
	for drop < len(db.undo) && !keep(db.undo[drop].from) {
		drop++
	}
	if db.opts.MemoryBound > 0 {
		for total := db.undoBytes(); drop+1 < len(db.undo) && total > bound; drop++ {
			total -= db.undo[drop].bytes
		}
	}
	db.undo = slices.Delete(db.undo, 0, drop)

	for i := 0; i+1 < len(db.undo); i++ {
		far, near := &db.undo[i], &db.undo[i+1]
		if far.to == near.from && !keep(near.from) && far.bytes < 2*near.bytes && db.pointers(near.from) == 1 {
			*far = segment{far.from, near.to, over(far.overlay, near.overlay)}
			db.undo = slices.Delete(db.undo, i+1, i+2)
			i--
		}
	}
}

// undoBound returns how much memory segments may take, but for the newest and,
// unless memory is bounded, those of pinned versions.
func (db *DB) undoBound() int64 {
	if db.opts.MemoryBound > 0 {
		return db.opts.MemoryBound / 8
	}
	return 16<<20 + db.trie.bytes()/4
}

// pointers returns the number of segments that end at version.
func (db *DB) pointers(version uint64) (n int) {
	for i := range db.undo {
		if db.undo[i].to == version {
			n++
		}
	}
	return n
}

func (db *DB) undoBytes() (n int64) {
	for i := range db.undo {
		n += db.undo[i].bytes
	}
	return n
}

// retained reports whether version can be read. The caller holds mu.
func (db *DB) retained(version uint64) bool {
	return db.kept(version) && (db.tip.version-version < uint64(db.opts.Retain) || db.pinned(version))
}

// kept reports whether all that version needs is on disk: it is for the oldest
// version that was pinned or retained at the last commit, and all since then. The
// caller holds mu.
func (db *DB) kept(version uint64) bool {
	return version <= db.tip.version && version >= max(db.tip.floor, db.rising)
}

func (db *DB) pinned(version uint64) bool {
	for _, p := range db.pins {
		if p.version == version {
			return true
		}
	}
	return false
}
