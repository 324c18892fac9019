package merkle

import (
	"math/bits"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// maxSegment is the largest number of leaves one goroutine takes at a time: a
// perfect sub-tree of 32 KiB of hashes, about a millisecond of hashing.
const maxSegment = 1024

// minSegment is the least work worth handing to another goroutine, in leaves
// or nodes.
const minSegment = 32

// segment is the leaves [begin, end).
type segment struct{ begin, end uint64 }

// split cuts the n leaves from first on at the multiples of a power of two,
// which is small enough to keep all cores busy to the end.
func split(first uint64, n int) []segment {
	unit := uint64(segmentLen(n))
	end := first + uint64(n)
	segments := make([]segment, 0, uint64(n)/unit+2)
	for begin := first; begin < end; {
		next := min(begin&^(unit-1)+unit, end)
		segments = append(segments, segment{begin, next})
		begin = next
	}
	return segments
}

// segmentLen returns a power of two: the pieces into which n leaves or nodes
// are cut.
func segmentLen(n int) int {
	share := n / (4 * runtime.GOMAXPROCS(0))
	if share <= minSegment {
		return minSegment
	}
	return min(maxSegment, 1<<(bits.Len(uint(share))-1))
}

// spread runs jobs 0 to n-1 on up to GOMAXPROCS goroutines and returns when
// all are done. Each goroutine makes its own job function around its own core.
func spread(n int, hashing newCore, worker func(core) func(job int)) {
	var next atomic.Int64
	run := func() {
		do := worker(hashing())
		for job := next.Add(1) - 1; job < int64(n); job = next.Add(1) - 1 {
			do(int(job))
		}
	}
	var others sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) - 1 {
		others.Go(run)
	}
	run()
	others.Wait()
}

// LeafHashes sets out[i] = LeafHash(data[i]) for all i, on all cores. It
// panics if out is shorter than data.
func LeafHashes(data [][]byte, out []sm3.Hash) {
	out = out[:len(data)]
	each(len(data), newSM3, func(c core, begin, end int) { c.leaves(data[begin:end], out[begin:end]) })
}

// each calls do for pieces [begin, end) of 0 to n-1 from several goroutines.
func each(n int, hashing newCore, do func(c core, begin, end int)) {
	unit := segmentLen(n)
	spread((n+unit-1)/unit, hashing, func(c core) func(int) {
		return func(job int) { do(c, job*unit, min(n, (job+1)*unit)) }
	})
}
