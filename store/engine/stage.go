package engine

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/store/engine/pebbledb"
	"github.com/hallmark-ledger/hallmark/store/proof"
)

// Stage is a version that is computed and not yet committed. The store does not
// show it.
type Stage struct {
	db      *DB
	base    uint64 // the version it was staged on
	version uint64
	root    sm3.Hash
	delta   delta // complete but for floor and low
	batch   *pebbledb.Batch
	made    [][]byte // keys that were absent
	tree    *staged
	sweep   sweep
	done    bool
}

// staged is what a set of writes does to a state.
type staged struct {
	overlay
	before [shards][]bucket // what each layer's buckets replace
	grown  [shards]int      // entries added less removed
	root   sm3.Hash
}

// update is one write on its way through a stage.
type update struct {
	write
	key, value []byte   // of the record; key nil if record is set
	record     []byte   // of a value that only moves
	oldLeaf    sm3.Hash // and the location before; 0 if the key was absent
	oldLoc     location
	vain       bool // it leaves things as they are
}

// size returns the length in bytes of the record.
func (u *update) size() int {
	if u.record != nil {
		return len(u.record)
	}
	return recordSize(u.key, u.value)
}

// maxChanges is the number of changes of one version; the rest of the index is
// for values that a sweep moves.
const maxChanges = 1 << 24

// Stage computes the version that follows from changes, sorted by key with each
// key at most once. The first version may be any from 1; each further one is
// the last plus one. Changes that leave things as they are do not alter the
// root. Several stages of one version may exist; one can be committed. The
// store keeps the slices of changes until the stage is committed or discarded.
//
// Errors: ErrVersion, store.ErrKeySize, store.ErrValueSize, unsorted changes,
// ErrFailed, ErrClosed, ErrCorrupt; the store is unchanged.
func (db *DB) Stage(version uint64, changes []store.Change) (*Stage, error) {
	db.writing.Lock()
	defer db.writing.Unlock()
	if err := db.usable(); err != nil {
		return nil, err
	}
	if version > maxVersion || version == 0 || db.tip.version != 0 && version != db.tip.version+1 {
		return nil, fmt.Errorf("%w: %d after %d", ErrVersion, version, db.tip.version)
	}
	if err := checkChanges(changes); err != nil {
		return nil, err
	}

	v := snapshot{trie: db.trie}
	if db.opts.MemoryBound > 0 {
		v.cold = &coldBuckets{buckets: make(map[[2]uint32]bucket)}
	}
	updates, err := db.resolve(v, changes)
	defer func() { db.reuse(updates) }()
	if err != nil {
		return nil, err
	}
	st := &Stage{db: db, base: db.tip.version, version: version, sweep: db.sweeping}
	moved, err := db.sweepStep(&st.sweep, updates)
	if err != nil {
		return nil, err
	}
	updates = append(updates, moved...)
	size := 0
	places := pager{version: version}
	for i := range updates {
		if u := &updates[i]; !u.remove {
			n := u.size()
			u.loc = places.place(n)
			size += n
		}
	}
	// Room for the entries' own bytes and for the delta, which comes last: a batch
	// that grows is copied.
	st.batch = db.kv.NewBatchWithSize(size + size/64 + len(updates)*(deltaChange+16) + 1<<12).(*pebbledb.Batch)
	byShard := partition(updates)
	if st.tree, err = v.apply(byShard, db.opts.Workers, func() error { return st.fillBatch(updates) }); err != nil {
		return nil, errors.Join(err, st.batch.Close())
	}
	st.root = st.tree.root
	st.delta = delta{
		version: version, root: st.root, swept: st.sweep.swept,
		keys: db.tip.keys, values: db.tip.values - st.sweep.gone,
		changes: make([]change, 0, len(updates)),
	}
	st.sweep.gone = 0
	for _, us := range byShard {
		for _, u := range us {
			st.delta.changes = append(st.delta.changes, change{u.path, u.oldLeaf, u.leaf, u.oldLoc, u.loc})
			if u.loc != 0 {
				st.delta.values++
			}
		}
	}
	for _, n := range st.tree.grown {
		st.delta.keys += uint64(n)
	}
	return st, nil
}

// Version returns the version that Commit will make.
func (st *Stage) Version() uint64 { return st.version }

// Root returns the root of the staged version.
func (st *Stage) Root() sm3.Hash { return st.root }

// Discard drops the stage. It may be called at any time, also after Commit.
func (st *Stage) Discard() error {
	st.db.writing.Lock()
	defer st.db.writing.Unlock()
	if st.done {
		return nil
	}
	st.done = true
	return st.batch.Close()
}

func checkChanges(changes []store.Change) error {
	if len(changes) > maxChanges {
		return fmt.Errorf("engine: %d changes in one version, at most %d", len(changes), maxChanges)
	}
	for i := range changes {
		c := &changes[i]
		if err := store.CheckKey(c.Key); err != nil {
			return err
		}
		if err := store.CheckValue(c.Value); err != nil {
			return err
		}
		if i > 0 && bytes.Compare(changes[i-1].Key, c.Key) >= 0 {
			return fmt.Errorf("engine: changes are not sorted by key, each once: %x before %x", changes[i-1].Key, c.Key)
		}
	}
	return nil
}

// resolve finds what each change replaces, and leaves out those that leave
// things as they are.
func (db *DB) resolve(v snapshot, changes []store.Change) ([]update, error) {
	updates := db.updates(len(changes))
	const chunk = 256
	err := parallel(db.opts.Workers, (len(changes)+chunk-1)/chunk, func(part int) error {
		first, end := part*chunk, min(len(changes), (part+1)*chunk)
		hashChanges(changes[first:end], updates[first:end])
		for i := first; i < end; i++ {
			c, u := &changes[i], &updates[i]
			old, err := v.find(&u.path)
			if err != nil {
				return err
			}
			if old != nil {
				u.oldLeaf, u.oldLoc = old.leaf, old.loc
			}
			if c.Delete {
				u.remove, u.vain = true, old == nil
				continue
			}
			u.key, u.value = c.Key, c.Value
			u.vain = old != nil && old.leaf == u.leaf
		}
		return nil
	})
	return slices.DeleteFunc(updates, func(u update) bool { return u.vain }), err // it empties what it cuts off
}

// updates returns n empty updates, for the stage that is being made; reuse takes
// them back. The caller holds writing.
func (db *DB) updates(n int) []update {
	if cap(db.spare) < n {
		db.spare = make([]update, n+n/8)
	}
	return db.spare[:n]
}

// reuse takes back what updates returned, perhaps shorter or longer by now; what
// was cut off must be empty.
func (db *DB) reuse(updates []update) {
	const keep = 1 << 16 // enough for nearly every block
	clear(updates)
	if db.spare = updates; cap(updates) > keep {
		db.spare = nil
	}
}

// changeHasher is scratch space of hashChanges.
type changeHasher struct {
	hasher *sm3.Hasher
	sums   []sm3.SumJob
	leaves []sm3.Job
	ins    [][2 * sm3.Size]byte
}

var changeHashers = sync.Pool{New: func() any { return &changeHasher{hasher: sm3.NewHasher()} }}

// hashChanges sets the paths and the leaves of updates.
func hashChanges(changes []store.Change, updates []update) {
	s := changeHashers.Get().(*changeHasher)
	defer changeHashers.Put(s)
	h, sums, leaves := s.hasher, s.sums[:0], s.leaves[:0]
	ins := slices.Grow(s.ins[:0], len(changes))[:len(changes)]
	for i := range changes {
		c, in := &changes[i], &ins[i]
		sums = append(sums, sm3.SumJob{Data: c.Key, Out: half(in, 0)})
		if !c.Delete {
			sums = append(sums, sm3.SumJob{Data: c.Value, Out: half(in, 1)})
			leaves = append(leaves, sm3.Job{Tag: proof.LeafTag(), In: in, Out: &updates[i].leaf})
		}
	}
	h.RunSums(sums)
	h.Run(leaves)
	for i := range updates {
		updates[i].path = *half(&ins[i], 0)
	}
	clear(sums)
	clear(leaves)
	s.sums, s.leaves, s.ins = sums, leaves, ins
}

// partition groups updates by shard.
func partition(updates []update) (byShard [shards][]*update) {
	var counts [shards]int
	for i := range updates {
		counts[updates[i].path[0]]++
	}
	all := make([]*update, len(updates))
	for s, n := range counts {
		byShard[s], all = all[:0:n], all[n:]
	}
	for i := range updates {
		s := updates[i].path[0]
		byShard[s] = append(byShard[s], &updates[i])
	}
	return byShard
}

// fillBatch fills the batch with the pages of value records.
func (st *Stage) fillBatch(updates []update) error {
	var page []byte
	var at location
	flush := func() error {
		if len(page) == 0 {
			return nil
		}
		return st.batch.Set(at.key(), page)
	}
	for i := range updates {
		u := &updates[i]
		if u.remove {
			continue // the index keeps the key while an older version has it
		}
		if u.loc.page() != at {
			if err := flush(); err != nil {
				return err
			}
			page, at = page[:0], u.loc.page()
		}
		if u.record != nil {
			page = append(page, u.record...)
		} else {
			page = appendRecord(page, u.key, u.value)
		}
		if u.oldLoc == 0 {
			st.made = append(st.made, u.key)
		}
	}
	return flush()
}

// apply computes what updates, each group of which it sorts by path, make of
// the state v. Meanwhile it runs also.
func (v snapshot) apply(byShard [shards][]*update, workers int, also func() error) (*staged, error) {
	t := new(staged)
	const group = 16 // shards whose hashes make one batch
	total := 0
	for _, us := range byShard {
		total += len(us)
	}
	if total < 64 {
		workers = 1 // not worth waking anyone
	}
	err := parallel(workers, 1+shards/group, func(part int) (err error) {
		if part == 0 {
			return also()
		}
		withForks(func(f *forks) {
			first := (part - 1) * group
			err = t.applyGroup(v, f, first, byShard[first:first+group])
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	var slots []uint32
	for s := range shards {
		if len(t.layers[s]) > 0 {
			slots = append(slots, uint32(s))
		}
	}
	if len(slots) == 0 {
		t.root, err = v.root()
		return t, err
	}
	l, start := newLayer(shardBits, slots)
	for i, s := range slots {
		l.nodes[start[shardBits]+i].hash = t.layers[s][0].nodes[0].hash
	}
	withForks(func(f *forks) {
		for level := shardBits - 1; level >= 0 && err == nil; level-- {
			if err = v.raise(f, top, l, start, level); err == nil {
				f.run(level)
			}
		}
	})
	t.layers[top] = []*layer{l}
	t.root = l.nodes[0].hash
	t.measure()
	return t, err
}

// applyGroup does apply's work for some neighbouring shards.
func (t *staged) applyGroup(v snapshot, f *forks, first int, byShard [][]*update) error {
	type work struct {
		s     int
		start []int
	}
	var works []work
	deepest := 0
	for at, us := range byShard {
		if len(us) == 0 {
			continue
		}
		s := first + at
		slices.SortFunc(us, func(a, b *update) int { return comparePaths(&a.path, &b.path) })
		start, err := t.applyShard(v, f, s, us)
		if err != nil {
			return err
		}
		works = append(works, work{s, start})
		deepest = max(deepest, v.trie.shards[s].bits)
	}
	f.run(shardBits + deepest)
	for level := deepest - 1; level >= 0; level-- {
		for _, w := range works {
			if l := t.layers[w.s][0]; level < l.bits {
				if err := v.raise(f, w.s, l, w.start, level); err != nil {
					return err
				}
			}
		}
		f.run(shardBits + level)
	}
	return nil
}

// applyShard makes the new buckets of shard s and asks for their hashes.
func (t *staged) applyShard(v snapshot, f *forks, s int, us []*update) (start []int, err error) {
	bits := v.trie.shards[s].bits
	slots := make([]uint32, 0, len(us))
	writes := slices.Grow(f.writes[:0], len(us))[:len(us)]
	f.writes = writes
	for i, u := range us {
		writes[i] = u.write
		if at := slot(&u.path, bits); len(slots) == 0 || slots[len(slots)-1] != at {
			slots = append(slots, at)
		}
	}
	l, start := newLayer(bits, slots)
	l.buckets = make([]bucketChange, len(slots))
	t.before[s] = make([]bucket, len(slots))
	for i, at := range slots {
		n := 1
		for n < len(writes) && slot(&writes[n].path, bits) == at {
			n++
		}
		old, err := v.bucket(s, at)
		if err != nil {
			return nil, err
		}
		b := merge(old, writes[:n])
		writes = writes[n:]
		t.before[s][i] = old
		l.buckets[i] = bucketChange{at, b}
		f.schedule(b, &l.nodes[start[bits]+i].hash)
		t.grown[s] += b.count() - old.count()
	}
	t.layers[s] = []*layer{l}
	return start, nil
}

// raise asks for the hashes of the nodes of l at level, whose sides within l
// are known.
func (v snapshot) raise(f *forks, s int, l *layer, start []int, level int) error {
	below := l.nodes[start[level+1]:start[level+2]]
	for i := start[level]; i < start[level+1]; i++ {
		p := &l.nodes[i]
		var sides [2]*sm3.Hash
		for side := range sides {
			n := 2*p.n + uint32(side)
			if len(below) > 0 && below[0].n == n {
				sides[side] = &below[0].hash
				below = below[1:]
				continue
			}
			h, err := v.node(s, level+1, n-1<<(level+1))
			if err != nil {
				return err
			}
			sides[side] = &h
		}
		f.join(v.trie.shards[s].base+level, sides[0], sides[1], &p.hash)
	}
	return nil
}

// parallel calls fn(0) … fn(n-1) on up to workers goroutines and returns an
// error of one of them, the lowest's.
func parallel(workers, n int, fn func(part int) error) error {
	if workers = min(workers, n); workers <= 1 {
		for i := range n {
			if err := fn(i); err != nil {
				return err
			}
		}
		return nil
	}
	errs := make([]error, n)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() { //determinism:ok the parts share nothing, and errors are joined in their order
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				errs[i] = fn(i)
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}
