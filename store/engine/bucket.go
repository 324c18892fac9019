package engine

import (
	"slices"
	"sort"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store/proof"
)

// maxRun is the number of entries above which a bucket stops being one sorted
// run, all of whose hashes are computed anew whenever one changes. Buckets hold
// about four; so many in one means that someone chose paths with a common
// prefix, and then the bucket becomes a tree that keeps its hashes.
const maxRun = 32

// bucket is the subtree below one slot of a shard's directory. It is
// immutable: a change makes a new one, so old versions and readers share it.
type bucket struct {
	run  []entry // sorted by path; nil if deep is set
	deep *deep
}

// deep is a fork of a bucket with more than maxRun entries, or of one that had
// so many.
type deep struct {
	depth uint8
	count int
	sides [2]bucket
	known [2]bool            // whether pair holds the hash of the side
	pair  [2 * sm3.Size]byte // the hashes of the sides, the input of the fork's own
}

func (b bucket) count() int {
	if b.deep != nil {
		return b.deep.count
	}
	return len(b.run)
}

func (b bucket) empty() bool { return len(b.run) == 0 && b.deep == nil }

// find returns the entry of path, or nil.
func (b bucket) find(path *sm3.Hash) *entry {
	b = b.walk(path)
	if i, ok := find(b.run, path); ok {
		return &b.run[i]
	}
	return nil
}

// walk follows path down to a run.
func (b bucket) walk(path *sm3.Hash) bucket {
	for b.deep != nil {
		b = b.deep.sides[proof.Bit(path, int(b.deep.depth))]
	}
	return b
}

// all calls fn for each run of b in the order of paths.
func (b bucket) all(fn func([]entry) error) error {
	if b.deep == nil {
		return fn(b.run)
	}
	if err := b.deep.sides[0].all(fn); err != nil {
		return err
	}
	return b.deep.sides[1].all(fn)
}

// appendTo appends the entries of b to dst in the order of paths.
func (b bucket) appendTo(dst []entry) []entry {
	if b.deep == nil {
		return append(dst, b.run...)
	}
	return b.deep.sides[1].appendTo(b.deep.sides[0].appendTo(dst))
}

// write is one change of the trie: a new entry for its path, or its removal.
type write struct {
	entry
	remove bool
}

// merge returns b with writes, of which there is at least one, sorted by path.
// The hashes of the result are left to forks.schedule.
func merge(b bucket, writes []write) bucket {
	if b.deep == nil {
		return plant(mergeRun(b.run, writes))
	}
	d := b.deep
	inside := b.walk(&writes[0].path).run[0].path // any path of b
	part := int(d.depth)
	for i := range writes {
		part = min(part, parting(&inside, &writes[i].path))
	}
	at := cut(writes, part)
	fork := &deep{depth: uint8(part)}
	if part == int(d.depth) {
		fork.sides, fork.known, fork.pair = d.sides, d.known, d.pair
	} else {
		// Some write parts from all of b before b's own fork does: a fork
		// stands there, with b on one side.
		fork.sides[proof.Bit(&inside, part)] = b
	}
	for side, ws := range [2][]write{writes[:at], writes[at:]} {
		if len(ws) > 0 {
			fork.sides[side] = merge(fork.sides[side], ws)
			fork.known[side] = false
		}
	}
	fork.count = fork.sides[0].count() + fork.sides[1].count()
	switch {
	case fork.count <= maxRun/2:
		return plant(bucket{deep: fork}.appendTo(make([]entry, 0, fork.count)))
	case fork.sides[0].empty():
		return fork.sides[1]
	case fork.sides[1].empty():
		return fork.sides[0]
	}
	return bucket{deep: fork}
}

// plant makes a bucket of entries, sorted by path, which it keeps.
func plant(entries []entry) bucket {
	if len(entries) <= maxRun {
		return bucket{run: entries}
	}
	depth := parting(&entries[0].path, &entries[len(entries)-1].path)
	at := split(entries, depth)
	return bucket{deep: &deep{
		depth: uint8(depth),
		count: len(entries),
		sides: [2]bucket{plant(slices.Clone(entries[:at])), plant(slices.Clone(entries[at:]))},
	}}
}

// mergeRun applies writes to run; both are sorted by path.
func mergeRun(run []entry, writes []write) []entry {
	merged := make([]entry, 0, len(run)+len(writes)) // a little too long where entries are replaced
	for i := range writes {
		w := &writes[i]
		at, had := find(run, &w.path)
		merged = append(merged, run[:at]...)
		if had {
			at++
		}
		run = run[at:]
		if !w.remove {
			merged = append(merged, w.entry)
		}
	}
	merged = append(merged, run...)
	if len(merged) == 0 {
		return nil
	}
	return merged
}

// cut returns the number of writes, all alike in the bits before depth, whose
// path has bit depth clear.
func cut(writes []write, depth int) int {
	return sort.Search(len(writes), func(i int) bool { return proof.Bit(&writes[i].path, depth) == 1 })
}

// half returns one side's place in a fork's input.
func half(pair *[2 * sm3.Size]byte, side int) *sm3.Hash {
	return (*sm3.Hash)(pair[side*sm3.Size:])
}
