package engine

import (
	"bytes"
	"fmt"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store/proof"
)

// Check verifies the whole store: it derives the root of every version that can
// be read from the values in the database, and checks directories, counts, the
// index of keys and the deltas against it. It reads everything and blocks
// commits meanwhile. Errors are ErrCorrupt with what is wrong, or the database's.
func (db *DB) Check() error {
	db.mu.RLock()
	oldest, newest := max(db.tip.floor, 1), db.tip.version
	db.mu.RUnlock()
	for version := oldest; version <= newest; version++ {
		v := View{db, version}
		if !db.readable(version) {
			continue
		}
		if err := v.read(func(snapshot) error { return nil }); err != nil {
			return err
		}
		if err := db.checkVersion(version); err != nil {
			return fmt.Errorf("version %d: %w", version, err)
		}
	}
	db.writing.Lock()
	defer db.writing.Unlock()
	return db.checkTip()
}

func (db *DB) readable(version uint64) bool {
	db.mu.RLock()
	defer db.mu.RUnlock()
	return db.retained(version)
}

// checkVersion derives the root of version from the values.
func (db *DB) checkVersion(version uint64) error {
	db.writing.Lock()
	defer db.writing.Unlock()
	chain, from := db.chain(version)
	if from != version {
		return fmt.Errorf("no way back: the nearest is %d", from)
	}
	v := snapshot{trie: db.trie, chain: chain}
	var all []entry
	for s, sh := range db.trie.shards[:shards] {
		for i := range uint32(len(sh.buckets)) {
			b, err := v.bucket(s, i)
			if err != nil {
				return err
			}
			for _, e := range b.appendTo(nil) {
				if int(e.path[0]) != s || slot(&e.path, sh.bits) != i {
					return fmt.Errorf("%w: path %s stands in shard %02x, bucket %d", ErrCorrupt, e.path, s, i)
				}
				if n := len(all); n > 0 && bytes.Compare(all[n-1].path[:], e.path[:]) >= 0 {
					return fmt.Errorf("%w: path %s is out of order", ErrCorrupt, e.path)
				}
				all = append(all, e)
			}
		}
	}
	for i := range all {
		key, value, err := readRecord(db.kv, all[i].loc)
		if err != nil {
			return err
		}
		if proof.Path(key) != all[i].path || proof.Leaf(all[i].path, sm3.Sum(value)) != all[i].leaf {
			return fmt.Errorf("%w: value record %d/%d is not what the trie says", ErrCorrupt, all[i].loc.version(), all[i].loc&deltaIndex)
		}
		since, err := db.index.since(key)
		if err != nil {
			return err
		}
		if since == 0 {
			return fmt.Errorf("%w: the index lacks key %x", ErrCorrupt, key)
		}
	}
	var derived sm3.Hash
	withForks(func(f *forks) { derived = f.hash(bucket{run: all}) })
	root, err := v.root()
	if err != nil {
		return err
	}
	if derived != root {
		return fmt.Errorf("%w: the values give root %s, the trie has %s", ErrCorrupt, derived, root)
	}
	if version < db.tip.low {
		return nil
	}
	d, err := readDelta(db.kv, version)
	if err != nil {
		return err
	}
	if d.root != root || d.keys != uint64(len(all)) {
		return fmt.Errorf("%w: the delta says root %s and %d keys, there are %s and %d", ErrCorrupt, d.root, d.keys, root, len(all))
	}
	return nil
}

// checkTip checks the trie of the newest version and what the database holds.
// The caller holds writing.
func (db *DB) checkTip() error {
	keys := 0
	for s, sh := range db.trie.shards[:shards] {
		fresh, count, resident := newShard(sh.base, sh.bits), 0, 0
		for i := range uint32(len(sh.buckets)) {
			b, err := sh.bucket(i)
			if err != nil {
				return err
			}
			count += b.count()
			if _, held := sh.held(i); held {
				resident += b.count()
			}
			fresh.put(i, bucket{run: b.appendTo(nil)})
		}
		withForks(fresh.fill)
		for n := range fresh.nodes {
			if fresh.nodes[n] != sh.nodes[n] {
				return fmt.Errorf("%w: shard %02x: node %d is wrong", ErrCorrupt, s, n)
			}
		}
		if count != sh.count || resident != sh.resident {
			return fmt.Errorf("%w: shard %02x counts %d entries, %d in memory; has %d and %d", ErrCorrupt, s, sh.count, sh.resident, count, resident)
		}
		if db.trie.shards[top].nodes[shards+s] != sh.nodes[1] {
			return fmt.Errorf("%w: shard %02x: the top has another root", ErrCorrupt, s)
		}
		keys += count
	}
	if uint64(keys) != db.tip.keys || db.trie.root() != db.tip.root {
		return fmt.Errorf("%w: %d keys, root %s; the delta says %d, %s", ErrCorrupt, keys, db.trie.root(), db.tip.keys, db.tip.root)
	}
	return db.checkDatabase()
}

// checkDatabase checks that the database holds nothing unknown, and each delta
// that is needed.
func (db *DB) checkDatabase() error {
	it, err := db.kv.Iterator(nil, nil)
	if err != nil {
		return err
	}
	defer it.Close()
	next := db.tip.low
	for ; it.Valid(); it.Next() {
		key := it.Key()
		loc, err := parseLocation(key)
		if err != nil {
			return err
		}
		switch {
		case loc&deltaIndex != deltaIndex:
			page := it.Value()
			if len(page) == 0 {
				return fmt.Errorf("%w: the page at %d/%d is empty", ErrCorrupt, loc.version(), loc&deltaIndex)
			}
			if err := eachRecord(loc, page, func(location, []byte, []byte) error { return nil }); err != nil {
				return err
			}
		case loc.version() < db.tip.low:
			// Dropped with a later version.
		case loc.version() != next:
			return fmt.Errorf("%w: the delta of version %d is missing", ErrCorrupt, next)
		default:
			if _, err := parseDelta(it.Value()); err != nil {
				return err
			}
			next++
		}
	}
	if db.tip.version != 0 && next != db.tip.version+1 {
		return fmt.Errorf("%w: the delta of version %d is missing", ErrCorrupt, next)
	}
	return it.Error()
}
