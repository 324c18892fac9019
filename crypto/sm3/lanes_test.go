package sm3

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// TestLanes holds the messages that are hashed side by side to gmsm's hash of
// each alone, for every number of them, at every length up to and beyond the
// longest that goes side by side.
func TestLanes(t *testing.T) {
	if newLanes() == nil {
		t.Log("this processor hashes one message after the other; that path is what is tested")
	}
	r := rand.New(rand.NewPCG(1, 1))
	fill := func(b []byte) []byte {
		for i := range b {
			b[i] = byte(r.Uint32())
		}
		return b
	}
	h := NewHasher()
	for _, tagLen := range []int{1, 2, 5} {
		for n := range 40 {
			jobs, want, got := make([]Job, n), make([]Hash, n), make([]Hash, n)
			for i := range jobs {
				block := fill(make([]byte, tagLen*BlockSize))
				in := [2 * Size]byte(fill(make([]byte, 2*Size)))
				jobs[i] = Job{NewTag(block), &in, &got[i]}
				want[i] = Sum(append(block, in[:]...))
			}
			h.Run(jobs)
			for i := range jobs {
				if got[i] != want[i] {
					t.Fatalf("tag of %d blocks, job %d of %d: %s, want %s", tagLen, i, n, got[i], want[i])
				}
			}
		}
	}
	for length := range laneBlocks*BlockSize + 70 {
		n := 1 + r.IntN(20)
		jobs, got := make([]SumJob, n), make([]Hash, n)
		for i := range jobs {
			jobs[i] = SumJob{fill(make([]byte, max(0, length-r.IntN(3)))), &got[i]}
		}
		h.RunSums(jobs)
		for i := range jobs {
			if want := Sum(jobs[i].Data); got[i] != want {
				t.Fatalf("%d bytes, job %d of %d: %s, want %s", len(jobs[i].Data), i, n, got[i], want)
			}
		}
	}
	mixed, got := make([]SumJob, 500), make([]Hash, 500)
	for i := range mixed {
		mixed[i] = SumJob{fill(make([]byte, r.IntN(1500))), &got[i]}
	}
	h.RunSums(mixed)
	for i := range mixed {
		if want := Sum(mixed[i].Data); got[i] != want {
			t.Fatalf("mixed, job %d of %d bytes: %s, want %s", i, len(mixed[i].Data), got[i], want)
		}
	}
}

func FuzzLanes(f *testing.F) {
	f.Add([]byte("abc"), uint8(3))
	f.Add(make([]byte, 500), uint8(17))
	f.Fuzz(func(t *testing.T, data []byte, n uint8) {
		jobs, got := make([]SumJob, n), make([]Hash, n)
		for i := range jobs {
			jobs[i] = SumJob{data[min(i, len(data)):], &got[i]}
		}
		NewHasher().RunSums(jobs)
		for i := range jobs {
			if got[i] != Sum(jobs[i].Data) {
				t.Fatalf("job %d of %d", i, n)
			}
		}
	})
}

func TestRunDoesNotAllocate(t *testing.T) {
	h, tag := NewHasher(), NewTag(TagBlock("tag"))
	var in [2 * Size]byte
	var out [19]Hash
	jobs, sums := make([]Job, 19), make([]SumJob, 19)
	for i := range jobs {
		jobs[i], sums[i] = Job{tag, &in, &out[i]}, SumJob{in[:i], &out[i]}
	}
	h.RunSums(sums)
	if n := testing.AllocsPerRun(10, func() { h.Run(jobs); h.RunSums(sums) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkRun(b *testing.B) {
	tag := NewTag(TagBlock("tag"))
	for _, n := range []int{1, 2, 3, 4, 8, 64, 1024} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			h, jobs := NewHasher(), make([]Job, n)
			for i := range jobs {
				jobs[i] = Job{tag, new([2 * Size]byte), new(Hash)}
			}
			for b.Loop() {
				h.Run(jobs)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/job")
		})
	}
}
