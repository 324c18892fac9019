package engine

import (
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store/proof"
)

const (
	shardBits = 8
	shards    = 1 << shardBits
	top       = shards // the position of the trie above the shards among them

	// maxFill is the mean number of entries in a bucket above which a shard's
	// directory is split; after that it is half as many.
	maxFill = 6
	// boundedFill is the same where memory is bounded: fewer hashes and slots to
	// keep, more hashes to compute.
	boundedFill = 12
	maxBits     = 24 // of a directory, so that a bucket's prefix fits 32 bits
)

// shard is the part of the trie below one value of a path's first byte: a
// complete binary tree of hashes over a directory of buckets. The same type,
// without buckets, is the trie above the shards.
//
// Only the holder of DB.writing changes it, and while it does so DB.mu is
// locked; so whoever holds either may read it.
type shard struct {
	base  int // depth of the root: 8, or 0 at the top
	bits  int // the directory has 1 << bits buckets
	count int // entries

	// nodes[1<<level | i] is the hash of what lies below prefix i at level; 0
	// where there is nothing, and the one side's hash where there is only one.
	// The sides of nodes[n] are nodes[2n] and nodes[2n+1].
	nodes   []sm3.Hash
	buckets [][]entry        // nil where empty, deep or cold
	deep    map[uint32]*deep // buckets that are trees; looked up only
	file    *shardFile       // the last checkpoint; nil before the first

	resident int    // entries in memory
	touched  uint64 // the last version that changed anything
}

func newShard(base, bits int) *shard {
	s := &shard{base: base, bits: bits, nodes: make([]sm3.Hash, 2<<bits)}
	if base > 0 {
		s.buckets = make([][]entry, 1<<bits)
	}
	return s
}

// slot returns the bucket of path in a directory of the given bits.
func slot(path *sm3.Hash, bits int) uint32 {
	return prefix(path, shardBits+bits) & (1<<bits - 1)
}

// held returns bucket i if it is in memory.
func (s *shard) held(i uint32) (bucket, bool) {
	if run := s.buckets[i]; run != nil {
		return bucket{run: run}, true
	}
	if d := s.deep[i]; d != nil {
		return bucket{deep: d}, true
	}
	return bucket{}, s.nodes[1<<s.bits|i].IsZero()
}

// bucket returns bucket i, from the checkpoint if it is not in memory.
func (s *shard) bucket(i uint32) (bucket, error) {
	if b, ok := s.held(i); ok {
		return b, nil
	}
	return s.file.load(i, &s.nodes[1<<s.bits|i])
}

// put makes b bucket i in memory.
func (s *shard) put(i uint32, b bucket) {
	if old, ok := s.held(i); ok {
		s.resident -= old.count()
	}
	s.resident += b.count()
	s.buckets[i] = b.run
	if b.deep != nil {
		if s.deep == nil {
			s.deep = make(map[uint32]*deep)
		}
		s.deep[i] = b.deep
	} else {
		delete(s.deep, i)
	}
}

// drop lets bucket i go cold; the checkpoint must hold it.
func (s *shard) drop(i uint32) {
	if b, ok := s.held(i); ok && !b.empty() {
		s.resident -= b.count()
		s.buckets[i] = nil
		delete(s.deep, i)
	}
}

// full reports whether the directory should be split.
func (s *shard) full(fill int) bool { return s.count > fill<<s.bits && s.bits < maxBits }

// checkpointed returns the version that the checkpoint holds, 0 if there is none.
func (s *shard) checkpointed() uint64 {
	if s.file == nil {
		return 0
	}
	return s.file.version
}

// dirty reports whether s has changed since its checkpoint.
func (s *shard) dirty() bool { return s.touched > s.checkpointed() }

// residentBytes is about the memory of an entry: allocation sizes are rounded up.
const residentBytes = entryBytes + 4

// bytes is about the memory that s takes.
func (s *shard) bytes() int64 {
	n := int64(len(s.nodes))*sm3.Size + int64(len(s.buckets))*24 + int64(s.resident)*residentBytes
	return n + s.file.bytes()
}

// fill computes all nodes from buckets, which are all in memory, with f.
func (s *shard) fill(f *forks) {
	for i := range s.buckets {
		b, _ := s.held(uint32(i))
		f.schedule(b, &s.nodes[1<<s.bits|i])
	}
	f.run(s.base + s.bits)
	s.fold(f)
}

// fold computes the nodes above those of the directory.
func (s *shard) fold(f *forks) {
	for level := s.bits - 1; level >= 0; level-- {
		for n := 1 << level; n < 2<<level; n++ {
			f.join(s.base+level, &s.nodes[2*n], &s.nodes[2*n+1], &s.nodes[n])
		}
		f.run(s.base + level)
	}
	f.reset()
}

// join asks for the hash of what left and right make together: that of a fork
// where both hold something, else that of the side that does.
func (f *forks) join(depth int, left, right, out *sm3.Hash) {
	switch {
	case left.IsZero():
		*out = *right
	case right.IsZero():
		*out = *left
	default:
		in := f.input()
		*half(in, 0), *half(in, 1) = *left, *right
		f.add(depth, in, out)
	}
}

// split returns s with a directory of twice the size; s itself stays as it is.
// All of its buckets must be in memory.
func (s *shard) split(f *forks) *shard {
	t := newShard(s.base, s.bits+1)
	t.count, t.file, t.touched = s.count, s.file, s.touched
	copy(t.nodes, s.nodes)
	for i := range s.buckets {
		b, _ := s.held(uint32(i))
		for side, half := range halves(b, s.base+s.bits) {
			j := uint32(2*i + side)
			t.put(j, half)
			f.schedule(half, &t.nodes[1<<t.bits|j])
		}
	}
	f.run(t.base + t.bits)
	f.reset()
	return t
}

// halves returns the two parts of b, all of whose paths agree before bit depth,
// by that bit.
func halves(b bucket, depth int) [2]bucket {
	if b.deep == nil {
		at := split(b.run, depth)
		return [2]bucket{plant(b.run[:at:at]), plant(b.run[at:])}
	}
	if int(b.deep.depth) == depth {
		return b.deep.sides
	}
	var sides [2]bucket // all of b is on one of them, and keeps its hashes
	sides[proof.Bit(&b.walk(&sm3.Hash{}).run[0].path, depth)] = b
	return sides
}
