package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"
)

// plan is how much to do to one target.
type plan struct {
	Keys     int // present after the build
	Versions int // of the update phase
	Bulk     int // versions of the bulk phase
	Proofs   int // of each kind
}

// outcome is what one target's process measured. Durations are in
// milliseconds, sizes in bytes.
type outcome struct {
	BuildSeconds float64
	Commits      []float64 // the update phase, in order
	BulkPerSec   float64   // updates per second in the bulk phase, median
	Keys         int       // present at the end

	Inclusion, Absence proofs

	PeakRSS uint64 // VmHWM of the process, through all phases
	Heap    uint64 // heap in use after the update phase, less what the harness held
	Trie    uint64 // of it, what hallmark's MemoryBound would bound

	Reopened reopened // after SIGKILL, in a fresh process
}

// proofs describes proofs of one kind. Every one of them was verified.
type proofs struct{ Bytes, GenerateMicros, VerifyMicros float64 }

// run takes a fresh target through build, updates, bulk and proofs.
func run(name string, s settings, p plan) (*outcome, error) {
	out := &outcome{}
	w := newWorkload(p.Keys + p.Versions*updateChanges/2)
	before := heap()
	t, err := targets[name](s)
	if err != nil {
		return nil, err
	}
	for len(w.setIn) < p.Keys {
		ms, err := commit(t, w, min(buildChanges, p.Keys-len(w.setIn)), 0)
		if err != nil {
			return nil, err
		}
		out.BuildSeconds += ms / 1000
	}
	settle()
	for range p.Versions {
		ms, err := commit(t, w, updateChanges/2, updateChanges/2)
		if err != nil {
			return nil, err
		}
		out.Commits = append(out.Commits, ms)
	}
	if after := heap(); after > before {
		out.Heap = after - before
	}
	if h, ok := t.(*hallmarkTarget); ok {
		out.Trie = h.trieBytes()
	}

	var bulk []float64
	for range p.Bulk {
		ms, err := commit(t, w, 0, min(bulkChanges, len(w.setIn)))
		if err != nil {
			return nil, err
		}
		bulk = append(bulk, ms)
	}
	if len(bulk) > 0 {
		out.BulkPerSec = float64(min(bulkChanges, len(w.setIn))) / quantile(bulk, 0.5) * 1000
	}
	out.Keys = len(w.setIn)

	settle()
	if out.Inclusion, err = prove(t, p.Proofs, t.Prove, w.present); err != nil {
		return nil, fmt.Errorf("inclusion: %w", err)
	}
	absent := func() ([]byte, []byte) { return w.absent(), nil }
	if out.Absence, err = prove(t, p.Proofs, t.ProveAbsent, absent); err != nil {
		return nil, fmt.Errorf("absence: %w", err)
	}
	if err := t.Close(); err != nil {
		return nil, err
	}
	out.PeakRSS, err = peakRSS()
	return out, err
}

// commit draws the next version and commits it. Only the target's work is
// timed.
func commit(t target, w *workload, fresh, updates int) (ms float64, err error) {
	version, changes := w.next(fresh, updates)
	start := time.Now()
	err = t.Commit(version, changes)
	return millis(start), err
}

// prove makes n proofs by the given function for the keys that draw yields, and
// verifies each. A nil value says that the key is absent.
func prove(t target, n int, by func([]byte) ([]byte, error), draw func() (k, v []byte)) (proofs, error) {
	var out proofs
	for range n {
		k, v := draw()
		start := time.Now()
		proof, err := by(k)
		out.GenerateMicros += millis(start) * 1000 / float64(n)
		if err != nil {
			return out, err
		}
		start = time.Now()
		err = t.Verify(proof, k, v)
		out.VerifyMicros += millis(start) * 1000 / float64(n)
		if err != nil {
			return out, err
		}
		size := len(proof)
		if v != nil {
			size -= t.Carried(k, v)
		}
		out.Bytes += float64(size) / float64(n)
	}
	return out, nil
}

func millis(start time.Time) float64 { return time.Since(start).Seconds() * 1000 }

// quantile returns the q-th quantile of the values by nearest rank.
func quantile(values []float64, q float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)]
}

// heap returns the bytes of heap in use after a collection.
func heap() uint64 {
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse
}

// peakRSS returns the largest resident size this process has had.
func peakRSS() (uint64, error) {
	f, err := os.Open("/proc/self/status")
	if err != nil {
		return 0, err
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if rest, ok := strings.CutPrefix(lines.Text(), "VmHWM:"); ok {
			kb, err := strconv.ParseUint(strings.Fields(rest)[0], 10, 64)
			return kb << 10, err
		}
	}
	return 0, fmt.Errorf("no VmHWM in /proc/self/status")
}
