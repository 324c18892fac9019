package engine

import (
	"sort"
	"sync"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store/proof"
)

// forks collects the forks that must be hashed, by depth, and hashes them from
// the deepest upwards: a fork's sides are forks of greater depth, or leaves. So
// everything of one depth, over many buckets and shards, is one batch.
// One goroutine uses it at a time.
type forks struct {
	hasher  *sm3.Hasher
	jobs    [proof.MaxDepth][]sm3.Job
	deepest int // no jobs below this depth
	slabs   [][]([2 * sm3.Size]byte)
	inputs  int     // taken from slabs
	writes  []write // scratch space of applyShard
}

var forksPool = sync.Pool{New: func() any { return &forks{hasher: sm3.NewHasher(), deepest: -1} }}

// withForks calls fn with an empty collection.
func withForks(fn func(*forks)) {
	f := forksPool.Get().(*forks)
	fn(f)
	f.reset()
	forksPool.Put(f)
}

// add asks for *out = the hash of the fork at depth with these sides.
func (f *forks) add(depth int, pair *[2 * sm3.Size]byte, out *sm3.Hash) {
	f.jobs[depth] = append(f.jobs[depth], sm3.Job{Tag: proof.ForkTag(depth), In: pair, Out: out})
	f.deepest = max(f.deepest, depth)
}

// slabLen is the number of inputs that are allocated together.
const slabLen = 256

// input returns the input of a fork that is only hashed, not kept. It is the
// caller's until reset.
func (f *forks) input() *[2 * sm3.Size]byte {
	if f.inputs == len(f.slabs)*slabLen {
		f.slabs = append(f.slabs, make([][2 * sm3.Size]byte, slabLen))
	}
	in := &f.slabs[f.inputs/slabLen][f.inputs%slabLen]
	f.inputs++
	return in
}

// reset takes back all inputs, and forgets jobs that an error left.
func (f *forks) reset() {
	f.inputs = 0
	for ; f.deepest >= 0; f.deepest-- {
		clear(f.jobs[f.deepest])
		f.jobs[f.deepest] = f.jobs[f.deepest][:0]
	}
}

// tree asks for the hash of the subtree of run, sorted by path; of nothing it
// is zero.
func (f *forks) tree(run []entry, out *sm3.Hash) {
	switch len(run) {
	case 0:
		*out = sm3.Hash{}
		return
	case 1:
		*out = run[0].leaf
		return
	}
	depth := parting(&run[0].path, &run[len(run)-1].path)
	at := split(run, depth)
	in := f.input()
	f.tree(run[:at], half(in, 0))
	f.tree(run[at:], half(in, 1))
	f.add(depth, in, out)
}

// split returns the number of entries, all alike in the bits before depth,
// whose path has bit depth clear.
func split(run []entry, depth int) int {
	if len(run) > 16 {
		return sort.Search(len(run), func(i int) bool { return proof.Bit(&run[i].path, depth) == 1 })
	}
	at := 0
	for at < len(run) && proof.Bit(&run[at].path, depth) == 0 {
		at++
	}
	return at
}

// schedule asks for the hash of b, and for those inside b that are not known.
func (f *forks) schedule(b bucket, out *sm3.Hash) {
	if b.deep == nil {
		f.tree(b.run, out)
		return
	}
	d := b.deep
	for side := range d.sides {
		if !d.known[side] {
			f.schedule(d.sides[side], half(&d.pair, side))
			d.known[side] = true
		}
	}
	f.add(int(d.depth), &d.pair, out)
}

// run hashes the forks at depth least and deeper.
func (f *forks) run(least int) {
	for ; f.deepest >= least; f.deepest-- {
		f.hasher.Run(f.jobs[f.deepest])
		clear(f.jobs[f.deepest])
		f.jobs[f.deepest] = f.jobs[f.deepest][:0]
	}
}

// hash returns the hash of b.
func (f *forks) hash(b bucket) (h sm3.Hash) {
	f.schedule(b, &h)
	f.run(0)
	f.reset()
	return h
}
