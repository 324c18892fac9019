package engine

import (
	"slices"
	"sync"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store/proof"
)

// trie is the newest committed state: 256 shards and the trie above them.
type trie struct {
	shards [shards + 1]*shard
}

func newTrie() *trie {
	t := new(trie)
	for i := range shards {
		t.shards[i] = newShard(shardBits, 0)
	}
	t.shards[top] = newShard(0, shardBits)
	return t
}

func (t *trie) root() sm3.Hash { return t.shards[top].nodes[1] }

func (t *trie) count() (n int) {
	for _, s := range t.shards[:shards] {
		n += s.count
	}
	return n
}

func (t *trie) bytes() (n int64) {
	for _, s := range t.shards {
		n += s.bytes()
	}
	return n
}

// snapshot reads one state: the trie as seen through overlays, the furthest
// from it first. It is valid while whoever uses it may read the trie.
type snapshot struct {
	trie  *trie
	chain []*overlay
	cold  *coldBuckets // what was read from checkpoints; nil if it is not kept
}

// coldBuckets keeps buckets that a stage reads from checkpoints, since it needs
// each twice.
type coldBuckets struct {
	mu      sync.Mutex
	buckets map[[2]uint32]bucket // by shard and slot; looked up only
}

// load returns bucket i of shard s of t, which is not in memory.
func (c *coldBuckets) load(t *trie, s int, i uint32) (bucket, error) {
	if c == nil {
		return t.shards[s].bucket(i)
	}
	at := [2]uint32{uint32(s), i}
	c.mu.Lock()
	b, ok := c.buckets[at]
	c.mu.Unlock()
	if ok {
		return b, nil
	}
	b, err := t.shards[s].bucket(i)
	if err == nil {
		c.mu.Lock()
		c.buckets[at] = b
		c.mu.Unlock()
	}
	return b, err
}

func (v snapshot) root() (sm3.Hash, error) { return v.node(top, 0, 0) }

// node returns the hash of what lies below prefix i at level of shard s.
func (v snapshot) node(s, level int, i uint32) (sm3.Hash, error) {
	n := uint32(1)<<level | i
	for _, o := range v.chain {
		for _, l := range o.layers[s] {
			if level <= l.bits {
				if h := l.node(n); h != nil {
					return *h, nil
				}
				continue
			}
			// The directory was smaller then: what lay below i is part of a
			// bucket.
			if b, ok := l.bucket(i >> (level - l.bits)); ok {
				b = narrow(b, v.trie.shards[s].base, l.bits, level, i)
				var h sm3.Hash
				withForks(func(f *forks) { h = f.hash(b) })
				return h, nil
			}
		}
	}
	return v.trie.shards[s].nodes[n], nil
}

// bucket returns bucket i in the directory of shard s as large as it is now.
func (v snapshot) bucket(s int, i uint32) (bucket, error) {
	sh := v.trie.shards[s]
	for _, o := range v.chain {
		for _, l := range o.layers[s] {
			if b, ok := l.bucket(i >> (sh.bits - l.bits)); ok {
				return narrow(b, sh.base, l.bits, sh.bits, i), nil
			}
		}
	}
	if b, held := sh.held(i); held {
		return b, nil
	}
	return v.cold.load(v.trie, s, i)
}

// narrow returns what of b, a bucket at bits from of a shard at base, lies below
// prefix i at level to.
func narrow(b bucket, base, from, to int, i uint32) bucket {
	for ; from < to; from++ {
		b = halves(b, base+from)[i>>(to-from-1)&1]
	}
	if b.deep != nil {
		withForks(func(f *forks) { f.hash(b) }) // a fork that halves made knows no hashes yet
	}
	return b
}

// find returns the entry of path, or nil.
func (v snapshot) find(path *sm3.Hash) (*entry, error) {
	s := int(path[0])
	b, err := v.bucket(s, slot(path, v.trie.shards[s].bits))
	if err != nil {
		return nil, err
	}
	return b.find(path), nil
}

// way is what a proof says about a path: the leaf at its end and the forks on
// it, the deepest first.
type way struct {
	end      *entry // nil if the state is empty
	depths   []uint8
	siblings []sm3.Hash
}

func (w *way) add(depth int, sibling sm3.Hash) {
	w.depths = append(w.depths, uint8(depth))
	w.siblings = append(w.siblings, sibling)
}

// way follows path to where it ends.
func (v snapshot) way(path *sm3.Hash) (*way, error) {
	w := &way{depths: make([]uint8, 0, 48), siblings: make([]sm3.Hash, 0, 48)}
	s := int(path[0])
	sh := v.trie.shards[s]
	i := slot(path, sh.bits)
	b, err := v.bucket(s, i)
	if err != nil {
		return nil, err
	}

	// The way goes from the root down. At a prefix where the side that path
	// would take is empty, all that is there shares the other side's prefix,
	// and the way goes on there.
	type stop struct {
		s, level int
		i        uint32
	}
	var stops []stop // siblings to take, top down
	descend := func(s, bits int, want uint32) (got uint32, err error) {
		for level := range bits {
			got = got<<1 | want>>(bits-level-1)&1
			here, err := v.node(s, level+1, got)
			if err != nil {
				return 0, err
			}
			if here.IsZero() {
				got ^= 1
				continue
			}
			stops = append(stops, stop{s, level + 1, got ^ 1})
		}
		return got, nil
	}
	root, err := v.root()
	if err != nil || root.IsZero() {
		return w, err
	}
	endShard, err := descend(top, shardBits, uint32(s))
	if err != nil {
		return nil, err
	}
	if int(endShard) != s {
		s, sh = int(endShard), v.trie.shards[endShard]
		i = slot(path, sh.bits)
	}
	end, err := descend(s, sh.bits, i)
	if err != nil {
		return nil, err
	}
	if end != i || s != int(path[0]) {
		if b, err = v.bucket(s, end); err != nil {
			return nil, err
		}
	}
	b.way(path, w)
	for _, st := range slices.Backward(stops) {
		sibling, err := v.node(st.s, st.level, st.i)
		if err != nil {
			return nil, err
		}
		if !sibling.IsZero() {
			w.add(v.trie.shards[st.s].base+st.level-1, sibling)
		}
	}
	return w, nil
}

// way follows path within b, which is not empty.
func (b bucket) way(path *sm3.Hash, w *way) {
	var depths []uint8
	var siblings []sm3.Hash // top down
	for b.deep != nil {
		d := b.deep
		side := int(proof.Bit(path, int(d.depth)))
		depths = append(depths, d.depth)
		siblings = append(siblings, *half(&d.pair, 1-side))
		b = d.sides[side]
	}
	run := b.run
	for len(run) > 1 {
		depth := parting(&run[0].path, &run[len(run)-1].path)
		at := split(run, depth)
		own, other := run[:at], run[at:]
		if proof.Bit(path, depth) == 1 {
			own, other = other, own
		}
		depths = append(depths, uint8(depth))
		var h sm3.Hash
		withForks(func(f *forks) { h = f.hash(bucket{run: other}) })
		siblings = append(siblings, h)
		run = own
	}
	w.end = &run[0]
	for i := range slices.Backward(depths) {
		w.add(int(depths[i]), siblings[i])
	}
}
