package main

import (
	"encoding/binary"
	"fmt"
	"io"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/merkle"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

const (
	leafMessage = 1 + 32   // bytes: 0x00 ‖ a leaf of 32 bytes, one compression
	nodeMessage = 1 + 64   // bytes: 0x01 ‖ left ‖ right, two compressions
	longMessage = 64 << 10 // bytes, 1025 compressions
)

// merkleSection compares the tree over a million leaves of 32 bytes with the
// SM3 that it cannot do without: n messages of 33 bytes and n-1 of 65, hashed
// on all cores with no tree around them. They run in turns; a share is the
// median, over the turns, of the quotient of the two times in the same turn.
func merkleSection(w io.Writer) {
	rounds, n := 9, 1<<20
	if turns < 41 { // -quick
		rounds, n = 3, 1<<16
	}
	leaves := make([][]byte, n)
	for i := range leaves {
		leaves[i] = binary.BigEndian.AppendUint64(make([]byte, 24, 32), uint64(i))
	}
	hashes := make([]sm3.Hash, n)
	merkle.LeafHashes(leaves, hashes)
	compressions := n + 2*(n-1)
	index := uint64(n) / 3

	work := []struct {
		name string
		do   func()
	}{
		{"the same messages, no tree (the bound)", func() { togetherOnAllCores(n, leafMessage); togetherOnAllCores(n-1, nodeMessage) }},
		{"the same messages one after the other", func() { hashOnAllCores(n, leafMessage); hashOnAllCores(n-1, nodeMessage) }},
		{"as many compressions in messages of 64 KiB", func() { hashOnAllCores(compressions/1025, longMessage) }},
		{"root of one batch (AppendBatch)", func() { b := merkle.NewBuilder(); b.AppendBatch(leaves); b.Root() }},
		{"root leaf by leaf, one core (Append)", func() {
			b := merkle.NewBuilder()
			for _, leaf := range leaves {
				b.Append(leaf)
			}
		}},
		{"the nodes only, no tree (the bound)", func() { togetherOnAllCores(n-1, nodeMessage) }},
		{"whole tree from leaf hashes (NewTree)", func() { merkle.NewTree(hashes) }},
	}
	bounds := []int{0, 0, 0, 0, 0, 5, 5} // the row that a row is a share of
	times, shares := make([][]float64, len(work)), make([][]float64, len(work))
	for range rounds {
		for i, c := range work {
			times[i] = append(times[i], seconds(c.do))
		}
		for i := range work {
			shares[i] = append(shares[i], last(times[bounds[i]])/last(times[i]))
		}
	}

	fmt.Fprintf(w, "Merkle tree of %d leaves of 32 bytes: n·1 + (n-1)·2 = %d compressions of SM3, on %d cores, %d turns\n",
		n, compressions, runtime.GOMAXPROCS(0), rounds)
	fmt.Fprintf(w, "%-46s %10s %12s %10s\n", "", "time", "leaves/s", "share")
	for i, c := range work {
		took := middle(times[i])
		fmt.Fprintf(w, "%-46s %7.0f ms %12.0f %8.1f %%\n", c.name, 1000*took, float64(n)/took, 100*middle(shares[i]))
	}

	tree := merkle.NewTree(hashes)
	all := seconds(func() {
		for i := range tree.Size() {
			_, err := tree.Inclusion(i)
			check(err)
		}
	})
	one := seconds(func() {
		_, err := merkle.ProveInclusion(merkle.InMemory(hashes), index, uint64(n))
		check(err)
	})
	proof, err := tree.Inclusion(index)
	check(err)
	const verifications = 2000
	verify := seconds(func() {
		for range verifications {
			check(merkle.VerifyInclusion(proof, hashes[index], tree.Head()))
		}
	})
	fmt.Fprintf(w, "%-46s %7.0f ms %12.0f proofs/s\n", "every inclusion proof of a tree, one core", 1000*all, float64(n)/all)
	fmt.Fprintf(w, "%-46s %7.0f ms\n", "one inclusion proof from leaf hashes", 1000*one)
	fmt.Fprintf(w, "%-46s %7.1f µs, %d bytes\n", "verify an inclusion proof, one core", 1e6*verify/verifications, len(proof.Append(nil)))
}

// hashOnAllCores hashes count messages of length bytes, one after the other.
func hashOnAllCores(count, length int) {
	onAllCores(count, length, func() func(n int) {
		h, message, out := sm3.NewHasher(), make([]byte, length), new(sm3.Hash)
		return func(n int) {
			for range n {
				h.Sum(message, out)
				copy(message, out[:])
			}
		}
	})
}

// togetherOnAllCores hashes count messages of length bytes, eight at a time: as
// package merkle does, and as fast as sm3.Hasher can.
func togetherOnAllCores(count, length int) {
	onAllCores(count, length, func() func(n int) {
		h, outs, jobs := sm3.NewHasher(), make([]sm3.Hash, 8), make([]sm3.SumJob, 8)
		for i := range jobs {
			jobs[i] = sm3.SumJob{Data: make([]byte, length), Out: &outs[i]}
		}
		return func(n int) {
			for ; n > 0; n -= len(jobs) {
				h.RunSums(jobs[:min(n, len(jobs))])
				for i := range jobs {
					copy(jobs[i].Data, outs[i][:])
				}
			}
		}
	})
}

// onAllCores gives count messages of length bytes to one worker for each core.
// Cores take a millisecond's worth at a time, so that one which is taken away
// for a while delays nothing.
func onAllCores(count, length int, worker func() func(n int)) {
	share := max(1, 64<<10/length)
	var taken atomic.Int64
	var all sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			hash := worker()
			for {
				end := int(taken.Add(int64(share)))
				if end-share >= count {
					return
				}
				hash(min(end, count) - (end - share))
			}
		})
	}
	all.Wait()
}

func seconds(do func()) float64 {
	start := time.Now()
	do()
	return time.Since(start).Seconds()
}

func last(values []float64) float64 { return values[len(values)-1] }
