package engine

// Stats says how large a store is.
type Stats struct {
	Version uint64 // the newest
	Oldest  uint64 // the oldest version that can be read
	Keys    uint64
	Values  uint64 // value records on disk, current or needed by older versions

	TrieBytes     int64  // memory of hashes, directories and entries
	RetainedBytes int64  // memory of the differences to older versions
	ResidentKeys  int    // keys whose entries are in memory; all, unless memory is bounded
	DiskBytes     uint64 // of the database, 0 if it does not say; checkpoints take 72 bytes a key more

	Pinned []uint64 // pinned versions, ascending
	// Replay is the number of versions whose deltas are kept, for pinned
	// versions or for shards not yet checkpointed: what pins cost.
	Replay uint64
}

// Stats returns the present figures.
func (db *DB) Stats() Stats {
	s := db.stats()
	if d, ok := db.kv.(interface{ DiskBytes() uint64 }); ok {
		s.DiskBytes = d.DiskBytes()
	}
	return s
}

func (db *DB) stats() Stats {
	db.mu.RLock()
	defer db.mu.RUnlock()
	s := Stats{
		Version: db.tip.version, Oldest: max(db.tip.floor, db.rising), Keys: db.tip.keys, Values: db.tip.values,
		TrieBytes: db.trie.bytes(), RetainedBytes: db.undoBytes(),
	}
	if retain := uint64(db.opts.Retain); s.Version >= retain && len(db.pins) == 0 {
		s.Oldest = max(s.Oldest, s.Version-retain+1)
	}
	if db.tip.version > 0 {
		s.Replay = db.tip.version - db.tip.low + 1
	}
	for _, sh := range db.trie.shards[:shards] {
		s.ResidentKeys += sh.resident
	}
	for _, p := range db.pins {
		s.Pinned = append(s.Pinned, p.version)
	}
	return s
}
