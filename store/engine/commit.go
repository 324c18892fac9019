package engine

import (
	"errors"
	"fmt"
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
	if err := st.write(); err != nil {
		err = errors.Join(err, st.batch.Close())
		db.mu.Lock()
		db.failed = fmt.Errorf("%w: %w", ErrFailed, err)
		db.mu.Unlock()
		return fmt.Errorf("engine: commit of version %d: %w", st.version, err)
	}
	// Here the version is durable. A failure from here on is reported by the
	// next call; opening again would find the version.
	st.install()
	if err := db.tend(len(st.delta.changes)); err != nil {
		db.mu.Lock()
		db.failed = fmt.Errorf("%w: %w", ErrFailed, err)
		db.mu.Unlock()
	}
	return nil
}

// write completes the batch and writes it.
func (st *Stage) write() error {
	if err := st.prune(); err != nil {
		return err
	}
	if err := st.batch.Set(locate(st.version, deltaIndex).key(), st.delta.encode()); err != nil {
		return err
	}
	return st.batch.WriteSync()
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
	db.trimUndo()
}

// trimUndo drops the segments of versions that can no longer be read, joins
// those between pinned versions, and drops more where memory is bounded: they
// are then made again from the deltas if they are asked for. The caller holds
// writing and mu.
func (db *DB) trimUndo() {
	kept := db.undo[:0]
	for _, seg := range db.undo {
		if seg.from >= db.tip.floor {
			kept = append(kept, seg)
		}
	}
	clear(db.undo[len(kept):])
	db.undo = kept
	for i := 0; i+1 < len(db.undo); i++ {
		far, near := &db.undo[i], &db.undo[i+1]
		if far.to != near.from || db.retained(near.from) || far.bytes >= 2*near.bytes || db.pointers(near.from) != 1 {
			continue
		}
		*far = segment{far.from, near.to, over(far.overlay, near.overlay)}
		db.undo = append(db.undo[:i+1], db.undo[i+2:]...)
		i--
	}
	if bound := db.opts.MemoryBound; bound > 0 {
		for len(db.undo) > 1 && db.undoBytes() > bound/4 {
			db.undo = append(db.undo[:0], db.undo[1:]...) // nothing leads to the lowest
		}
	}
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
	if version > db.tip.version || version < db.tip.floor {
		return false
	}
	return db.tip.version-version < uint64(db.opts.Retain) || db.pinned(version)
}

func (db *DB) pinned(version uint64) bool {
	for _, p := range db.pins {
		if p.version == version {
			return true
		}
	}
	return false
}
