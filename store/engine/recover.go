package engine

import (
	"fmt"
	"slices"

	dbm "github.com/cosmos/cosmos-db"
)

// recoverDB builds the trie of the newest version in kv: the checkpoints of the
// shards, brought up to date with the deltas that came after. The root shows
// whether all is there. It is the only way in which a store is opened, after a
// crash or not.
func recoverDB(dir string, opts Options, kv, index dbm.DB) (*DB, error) {
	db := &DB{dir: dir, opts: opts, kv: kv, index: keyIndex{kv: index}, trie: newTrie()}
	tip, err := newestDelta(kv)
	if err != nil {
		return nil, err
	}
	if tip == nil {
		if err := db.checkEmpty(); err != nil {
			return nil, err
		}
		if _, err := db.index.claim(0); err != nil {
			return nil, err
		}
		return db, nil
	}
	db.tip = *tip
	db.tip.changes = nil
	db.sweeping.swept = tip.swept
	db.recent = []info{{tip.version, tip.swept, tip.removals()}}

	versions, runs := make([]uint64, shards), make([][]entry, shards)
	err = parallel(opts.Workers, shards, func(s int) (err error) {
		versions[s], runs[s], err = readShardFile(opts.FS, dir, s)
		if err == nil && versions[s] > tip.version {
			err = fmt.Errorf("%w: shard %02x is checkpointed at version %d, the database ends at %d; they are not of one store",
				ErrCorrupt, s, versions[s], tip.version)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	var replay [shards][]replayed
	err = db.eachDelta(max(tip.low, slices.Min(versions)+1), tip, func(d *delta) error {
		for _, c := range d.changes {
			s := c.path[0]
			replay[s] = append(replay[s], replayed{d.version, c})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = parallel(opts.Workers, shards, func(s int) error {
		base := runs[s]
		runs[s] = nil
		return db.restore(s, versions[s], base, replay[s])
	})
	if err != nil {
		return nil, err
	}
	top := db.trie.shards[top]
	for s := range shards {
		top.nodes[shards+s] = db.trie.shards[s].nodes[1]
	}
	withForks(top.fold)
	if root := db.trie.root(); root != tip.root {
		return nil, fmt.Errorf("%w: version %d has root %s, its checkpoints and deltas give %s", ErrCorrupt, tip.version, tip.root, root)
	}
	if n := db.trie.count(); uint64(n) != tip.keys {
		return nil, fmt.Errorf("%w: version %d has %d keys, its checkpoints and deltas give %d", ErrCorrupt, tip.version, tip.keys, n)
	}
	db.cool()
	if err := db.completeIndex(tip); err != nil {
		return nil, err
	}
	return db, nil
}

// completeIndex puts into the index what a crash took from it.
func (db *DB) completeIndex(tip *delta) error {
	complete, err := db.index.claim(tip.version)
	if err != nil {
		return err
	}
	if complete+1 < tip.low {
		return fmt.Errorf("%w: the index of keys ends at version %d, the deltas begin at %d", ErrCorrupt, complete, tip.low)
	}
	// What it knows may not be durable yet, but then it was written by a
	// process that has ended, and the files hold it.
	db.index.synced = complete
	return db.eachDelta(complete+1, tip, func(d *delta) error { return db.index.replay(db.kv, d) })
}

// checkEmpty fails if there are checkpoints without a database.
func (db *DB) checkEmpty() error {
	for s := range shards {
		if _, err := db.opts.FS.Stat(db.opts.FS.PathJoin(db.dir, shardName(s))); err == nil {
			return fmt.Errorf("%w: there are checkpoints but no version in the database (was an import interrupted? then remove %s and start it again)",
				ErrCorrupt, db.dir)
		}
	}
	return nil
}

// newestDelta returns the last delta, nil if the database is empty.
func newestDelta(kv dbm.DB) (*delta, error) {
	it, err := kv.ReverseIterator([]byte{valueRange}, []byte{valueRange + 1})
	if err != nil {
		return nil, fmt.Errorf("engine: open: %w", err)
	}
	defer it.Close()
	if !it.Valid() {
		return nil, it.Error()
	}
	loc, err := parseLocation(it.Key())
	if err != nil {
		return nil, err
	}
	if loc&deltaIndex != deltaIndex {
		return nil, fmt.Errorf("%w: the database ends within version %d (was an import interrupted? then remove the directory and start it again)",
			ErrCorrupt, loc.version())
	}
	d, err := parseDelta(it.Value())
	if err == nil && d.version != loc.version() {
		err = fmt.Errorf("%w: the delta of version %d says %d", ErrCorrupt, loc.version(), d.version)
	}
	return d, err
}

// replayed is a change and the version that made it.
type replayed struct {
	version uint64
	change
}

// eachDelta calls fn with the deltas of the versions from first to tip's.
func (db *DB) eachDelta(first uint64, tip *delta, fn func(*delta) error) error {
	for v := first; v <= tip.version; v++ {
		d := tip
		if v < tip.version {
			var err error
			if d, err = readDelta(db.kv, v); err != nil {
				return err
			}
		}
		if err := fn(d); err != nil {
			return err
		}
	}
	return nil
}

// restore makes shard s from its checkpoint, of the given version and entries,
// and the changes after it, in the order of versions.
func (db *DB) restore(s int, version uint64, base []entry, changes []replayed) error {
	changes = slices.DeleteFunc(changes, func(c replayed) bool { return c.version <= version })
	// The last change of each path counts.
	slices.SortStableFunc(changes, func(a, b replayed) int { return comparePaths(&a.path, &b.path) })
	writes := make([]write, 0, len(changes))
	for i, c := range changes {
		if i+1 < len(changes) && changes[i+1].path == c.path {
			continue
		}
		writes = append(writes, write{entry{c.path, c.newLeaf, c.newLoc}, c.newLoc == 0})
	}
	entries := base
	if len(writes) > 0 {
		entries = mergeRun(base, writes)
	}

	sh := newShard(shardBits, bitsFor(len(entries), db.opts.fill()))
	sh.count = len(entries)
	if version > 0 {
		sh.file = &shardFile{name: db.opts.FS.PathJoin(db.dir, shardName(s)), version: version}
	}
	for _, c := range changes {
		sh.touched = max(sh.touched, c.version)
	}
	bounded := db.opts.MemoryBound > 0
	for i, run := range slots(entries, sh.bits) {
		sh.put(uint32(i), plant(slices.Clone(run)))
	}
	withForks(sh.fill)
	if bounded && version > 0 {
		// Buckets that have not changed since can be read when they are needed.
		sh.file.starts = []uint32{0}
		for _, run := range slots(base, sh.bits) {
			sh.file.starts = append(sh.file.starts, sh.file.starts[len(sh.file.starts)-1]+uint32(len(run)))
		}
		var err error
		if sh.file.file, err = db.opts.FS.Open(sh.file.name); err != nil {
			return fmt.Errorf("engine: open: %w", err)
		}
		for i := range uint32(len(sh.buckets)) {
			at, _ := slices.BinarySearchFunc(writes, i, func(w write, i uint32) int { return int(slot(&w.path, sh.bits)) - int(i) })
			if at == len(writes) || slot(&writes[at].path, sh.bits) != i {
				sh.drop(i)
			}
		}
	}
	db.trie.shards[s] = sh
	return nil
}

// bitsFor returns the size of the directory for a shard of count entries.
func bitsFor(count, fill int) (bits int) {
	for count > fill<<bits && bits < maxBits {
		bits++
	}
	return bits
}

// slots cuts entries, sorted by path, into the 1<<bits buckets of a directory.
func slots(entries []entry, bits int) [][]entry {
	out := make([][]entry, 1<<bits)
	for i := 0; i < len(entries); {
		at := slot(&entries[i].path, bits)
		n := i
		for n < len(entries) && slot(&entries[n].path, bits) == at {
			n++
		}
		out[at] = entries[i:n:n]
		i = n
	}
	return out
}
