package sm3

import (
	"encoding/binary"

	"github.com/emmansun/gmsm/sm3"
)

const (
	// laneCount is the number of messages that are hashed side by side.
	laneCount = 8
	// laneBlocks is the length in blocks of the longest message that is, with
	// its padding. Longer ones are hashed alone.
	laneBlocks = 16
	// leastLanes is the number of messages from which on eight lanes, some of
	// them idle, are faster than one message after the other.
	leastLanes = 2
)

// Job asks for *Out = SM3(Tag ‖ *In). Out may point into another job's In,
// provided that the other job runs in a later call.
type Job struct {
	Tag *Tag
	In  *[2 * Size]byte
	Out *Hash
}

// SumJob asks for *Out = SM3(Data).
type SumJob struct {
	Data []byte
	Out  *Hash
}

// Hasher computes jobs. It holds scratch state: one goroutine uses it at a time.
type Hasher struct {
	d     state
	lanes *lanes // nil where messages are hashed one after the other
	// waiting lists the jobs of RunSums by their number of blocks.
	waiting [laneBlocks + 1][]int
}

// NewHasher returns a Hasher.
func NewHasher() *Hasher { return &Hasher{d: sm3.New().(state), lanes: newLanes()} }

// Run computes all jobs, in no particular order.
func (h *Hasher) Run(jobs []Job) {
	for len(jobs) > 0 {
		n := min(len(jobs), laneCount)
		if h.lanes == nil || n < leastLanes {
			for i := range jobs[:n] {
				h.Pair(jobs[i].Tag, jobs[i].In, jobs[i].Out)
			}
		} else {
			h.pairs(jobs[:n])
		}
		jobs = jobs[n:]
	}
}

// pairs computes up to eight jobs side by side.
func (h *Hasher) pairs(jobs []Job) {
	l := h.lanes
	for i := range jobs {
		tag := jobs[i].Tag
		l.states[i] = tag.state
		copy(l.data[i][:BlockSize], jobs[i].In[:])
		copy(l.data[i][BlockSize:], tag.padding[:])
	}
	l.compress(2)
	for i := range jobs {
		l.digest(i, jobs[i].Out)
	}
}

// RunSums computes all jobs, in no particular order.
func (h *Hasher) RunSums(jobs []SumJob) {
	for i := range jobs {
		// The padding is a bit, zeros, and the length in eight bytes.
		blocks := (len(jobs[i].Data) + 1 + 8 + BlockSize - 1) / BlockSize
		if h.lanes == nil || blocks > laneBlocks {
			h.Sum(jobs[i].Data, jobs[i].Out)
			continue
		}
		h.waiting[blocks] = append(h.waiting[blocks], i)
		if len(h.waiting[blocks]) == laneCount {
			h.sums(jobs, blocks)
		}
	}
	for blocks := range h.waiting {
		h.sums(jobs, blocks)
	}
}

// sums computes the up to eight jobs that wait with this number of blocks.
func (h *Hasher) sums(jobs []SumJob, blocks int) {
	waiting := h.waiting[blocks]
	h.waiting[blocks] = waiting[:0]
	if len(waiting) < leastLanes {
		for _, i := range waiting {
			h.Sum(jobs[i].Data, jobs[i].Out)
		}
		return
	}
	l, end := h.lanes, blocks*BlockSize
	for lane, i := range waiting {
		l.states[lane] = initialState
		data := l.data[lane][:end]
		n := copy(data, jobs[i].Data)
		data[n] = 0x80
		clear(data[n+1:])
		binary.BigEndian.PutUint64(data[end-8:], uint64(n)*8)
	}
	l.compress(blocks)
	for lane, i := range waiting {
		l.digest(lane, jobs[i].Out)
	}
}

// Pair sets *out = SM3(tag ‖ *in).
func (h *Hasher) Pair(tag *Tag, in *[2 * Size]byte, out *Hash) {
	if err := h.d.UnmarshalBinary(tag.saved); err != nil {
		panic("sm3: " + err.Error()) // saved was written by the same implementation
	}
	h.d.Write(in[:])
	h.d.Sum(out[:0])
}

// Sum sets *out = SM3(data) without allocating.
func (h *Hasher) Sum(data []byte, out *Hash) {
	h.d.Reset()
	h.d.Write(data)
	h.d.Sum(out[:0])
}
