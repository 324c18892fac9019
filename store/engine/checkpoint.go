package engine

import (
	"errors"
	"slices"

	"github.com/cockroachdb/pebble/vfs"
)

// A shard is checkpointed once for every so many changes, the one whose
// checkpoint is oldest first: one for each quota, the larger of leastQuota and
// keys / keysPerQuota. So what has to be replayed after a crash is at most
// 256 quotas, a quarter of all keys, and a change costs writing about
// 72·keysPerQuota/256 bytes of checkpoints.
const (
	leastQuota   = 2000
	keysPerQuota = 1024
	// maxLag is the number of versions after which a changed shard is
	// checkpointed however few the changes were.
	maxLag = 1 << 16
	// changesPerSplit is the number of changes for which one directory that is
	// full may be split. A shard that grows from nothing is split about once for
	// each time that it doubles, so versions of many new keys need many.
	changesPerSplit = 256
	// checkpointWriters is the number of files that are written at a time.
	checkpointWriters = 4
)

// checkpoints is the work that goes on beside commits. One goroutine at most
// writes files; the commit after takes over what it did.
type checkpoints struct {
	credit  int // changes not yet answered by a checkpoint
	running chan []checkpointed
	urgent  []int // shards to do next, whatever the credit
}

// checkpointed is a finished checkpoint, or the error that prevented it.
type checkpointed struct {
	snap *shardImage
	file *shardFile
	err  error
}

// shardImage is a shard as of a version, for writing it.
type shardImage struct {
	s       int
	version uint64
	shard   shard  // with copies of buckets and deep; its nodes are not used
	cold    []bool // buckets that were not in memory; nil if all were
}

// maxBacklog is the number of quotas of changes that checkpoints may be behind
// before a commit waits for them.
const maxBacklog = 8

// tend takes over finished checkpoints, splits directories that are full, and
// starts new checkpoints. changes is the size of the version just committed.
// The caller holds writing.
func (db *DB) tend(changes int) error {
	c := &db.checkpoints
	c.credit += changes
	quota := max(leastQuota, int(db.tip.keys)/keysPerQuota)
	// Cold buckets tie a checkpoint to the directory, and eviction to its end.
	wait := c.credit > maxBacklog*quota || db.opts.MemoryBound > 0
	if wait || len(c.running) > 0 {
		if err := db.finishCheckpoints(); err != nil {
			return err
		}
	}
	if err := db.splitFull(1 + changes/changesPerSplit); err != nil {
		return err
	}
	if c.running != nil {
		return nil
	}
	n := c.credit / quota
	c.credit %= quota
	return db.startCheckpoints(n)
}

// startCheckpoints starts checkpoints of n shards, and of more where memory is
// bounded and spent.
func (db *DB) startCheckpoints(n int) error {
	var order []int
	for s, sh := range db.trie.shards[:shards] {
		if sh.dirty() {
			order = append(order, s)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return int(db.trie.shards[a].checkpointed()) - int(db.trie.shards[b].checkpointed())
	})
	if len(order) > 0 && db.tip.version-db.trie.shards[order[0]].checkpointed() > maxLag {
		n = max(n, 1)
	}
	db.cool()
	todo := db.checkpoints.urgent
	db.checkpoints.urgent = nil
	over := db.excess()
	for _, s := range order {
		if n <= 0 && over <= 0 {
			break
		}
		if !slices.Contains(todo, s) {
			todo = append(todo, s)
		}
		n--
		over -= int64(db.trie.shards[s].resident) * residentBytes
	}
	if len(todo) == 0 {
		return nil
	}
	images := make([]*shardImage, len(todo))
	for i, s := range todo {
		images[i] = db.image(s)
	}
	running := make(chan []checkpointed, 1)
	db.checkpoints.running = running
	vf, dir, bounded := db.opts.FS, db.dir, db.opts.MemoryBound > 0
	go func() { running <- writeCheckpoints(vf, dir, bounded, images) }() //determinism:ok files only; what they hold is fixed by the images
	return nil
}

// image returns shard s as it is now.
func (db *DB) image(s int) *shardImage {
	sh := db.trie.shards[s]
	im := &shardImage{s: s, version: db.tip.version, shard: *sh}
	im.shard.buckets = slices.Clone(sh.buckets)
	im.shard.deep = nil
	for i := range uint32(len(sh.buckets)) {
		b, held := sh.held(i)
		if b.deep != nil {
			if im.shard.deep == nil {
				im.shard.deep = make(map[uint32]*deep)
			}
			im.shard.deep[i] = b.deep
		}
		if !held {
			if im.cold == nil {
				im.cold = make([]bool, len(sh.buckets))
			}
			im.cold[i] = true
		}
	}
	return im
}

// finishCheckpoints waits for the checkpoints under way and takes them over.
// The caller holds writing.
func (db *DB) finishCheckpoints() error {
	running := db.checkpoints.running
	if running == nil {
		return nil
	}
	db.checkpoints.running = nil
	done := <-running
	db.mu.Lock()
	defer db.mu.Unlock()
	var err error
	for _, c := range done {
		if c.err != nil {
			err = errors.Join(err, c.err)
			continue
		}
		sh := db.trie.shards[c.snap.s]
		err = errors.Join(err, sh.file.close())
		sh.file = c.file
		if db.excess() <= 0 {
			continue
		}
		for i := range uint32(len(sh.buckets)) {
			if b, _ := sh.held(i); b.same(bucket{run: c.snap.shard.buckets[i], deep: c.snap.shard.deep[i]}) {
				sh.drop(i)
			}
		}
	}
	return err
}

// same reports whether b and c share their memory.
func (b bucket) same(c bucket) bool {
	if b.deep != nil || c.deep != nil {
		return b.deep == c.deep
	}
	return len(b.run) == len(c.run) && len(b.run) > 0 && &b.run[0] == &c.run[0]
}

// excess returns by how many bytes the entries in memory exceed what the bound
// leaves for them, at least an eighth of it.
func (db *DB) excess() int64 {
	if db.opts.MemoryBound == 0 {
		return 0
	}
	var entries, fixed int64
	for _, s := range db.trie.shards {
		e := int64(s.resident) * residentBytes
		entries += e
		fixed += s.bytes() - e
	}
	return entries - max(db.opts.MemoryBound-fixed-db.undoBytes(), db.opts.MemoryBound/8)
}

// splitFull splits the directories of up to n shards that are full.
func (db *DB) splitFull(n int) error {
	var full []int
	for s, sh := range db.trie.shards[:shards] {
		if len(full) < n && sh.full(db.opts.fill()) {
			full = append(full, s)
		}
	}
	for _, s := range full {
		if err := db.warm(db.trie.shards[s]); err != nil {
			return err
		}
	}
	wider := make([]*shard, len(full))
	_ = parallel(db.opts.Workers, len(full), func(i int) error {
		withForks(func(f *forks) { wider[i] = db.trie.shards[full[i]].split(f) })
		return nil
	})
	db.mu.Lock()
	defer db.mu.Unlock()
	for i, s := range full {
		db.trie.shards[s] = wider[i]
		if db.opts.MemoryBound > 0 {
			db.checkpoints.urgent = append(db.checkpoints.urgent, s)
		}
	}
	return nil
}

// warm brings all buckets of sh into memory.
func (db *DB) warm(sh *shard) error {
	for i := range uint32(len(sh.buckets)) {
		if _, held := sh.held(i); held {
			continue
		}
		b, err := sh.bucket(i)
		if err != nil {
			return err
		}
		db.mu.Lock()
		sh.put(i, b)
		db.mu.Unlock()
	}
	return nil
}

// cool lets go of entries in memory that a checkpoint holds, until the bound is
// kept or there are no more.
func (db *DB) cool() {
	if db.excess() <= 0 {
		return
	}
	db.mu.Lock()
	defer db.mu.Unlock()
	for _, sh := range db.trie.shards[:shards] {
		if sh.dirty() || sh.resident == 0 || sh.file == nil || len(sh.file.starts) != len(sh.buckets)+1 {
			continue
		}
		for i := range uint32(len(sh.buckets)) {
			sh.drop(i)
		}
		if db.excess() <= 0 {
			return
		}
	}
}

// writeCheckpoints writes the files, and makes their names durable together.
func writeCheckpoints(vf vfs.FS, dir string, bounded bool, images []*shardImage) []checkpointed {
	done := make([]checkpointed, len(images))
	// Several at a time: most of the time goes into waiting for the disk.
	_ = parallel(checkpointWriters, len(images), func(i int) error {
		done[i].snap = images[i]
		done[i].file, done[i].err = images[i].write(vf, dir, bounded)
		return nil
	})
	if err := syncDir(vf, dir); err != nil {
		for i := range done {
			done[i].err = errors.Join(done[i].err, err)
		}
	}
	return done
}

func syncDir(vf vfs.FS, dir string) error {
	d, err := vf.OpenDir(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// write writes the checkpoint of the image. Buckets that are not in memory are
// copied from the checkpoint before, which stays open until the new one is
// taken over.
func (im *shardImage) write(vf vfs.FS, dir string, bounded bool) (*shardFile, error) {
	sh := &im.shard
	w, err := newShardWriter(vf, dir, im.s, im.version, sh.count)
	if err != nil {
		return nil, err
	}
	file := &shardFile{name: w.name, version: im.version}
	var old []entry // of the checkpoint before
	if im.cold != nil {
		if old, err = sh.file.readAll(im.s); err != nil {
			w.abort()
			return nil, err
		}
	}
	for i := range uint32(len(sh.buckets)) {
		if bounded {
			file.starts = append(file.starts, uint32(w.count))
		}
		b := bucket{run: sh.buckets[i], deep: sh.deep[i]}
		if im.cold != nil && im.cold[i] {
			b = bucket{run: old[sh.file.starts[i]:sh.file.starts[i+1]]}
		}
		if err := b.all(w.add); err != nil {
			w.abort()
			return nil, err
		}
	}
	if w.count != sh.count {
		w.abort()
		return nil, errors.New("engine: checkpoint: a shard's count is not that of its entries")
	}
	if err := w.finish(); err != nil {
		return nil, err
	}
	if bounded {
		file.starts = append(file.starts, uint32(w.count))
		if file.file, err = vf.Open(file.name); err != nil {
			return nil, err
		}
	}
	return file, nil
}
