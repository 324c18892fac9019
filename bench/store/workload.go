package main

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"slices"

	"github.com/hallmark-ledger/hallmark/store"
)

const (
	keySize   = 32
	valueSize = 300

	buildChanges  = 20_000 // changes in each version of the build
	updateChanges = 2_000  // changes in each version after it, half of them new keys
	bulkChanges   = 50_000 // changes in each version of the bulk phase, no new keys
)

// workload yields the same versions to every target: keys by their index, and
// for each key the version that set it last.
type workload struct {
	rng     *rand.Rand
	version uint64
	setIn   []uint32 // by index of the key
}

// newWorkload returns a workload that will hold at most capacity keys.
func newWorkload(capacity int) *workload {
	return &workload{rng: rand.New(rand.NewPCG(1, 2)), setIn: make([]uint32, 0, capacity)}
}

// key returns the key of index i. Indices never handed out yield absent keys.
func key(i int) []byte { return random(keySize, uint64(i), 0) }

// value returns what version sets key i to. It does not compress.
func value(i int, version uint32) []byte { return random(valueSize, uint64(i), uint64(version)+1) }

// random returns n bytes that depend on a and b alone.
func random(n int, a, b uint64) []byte {
	var seed [32]byte
	copy(seed[:16], "hallmark/bench")
	binary.LittleEndian.PutUint64(seed[16:], a)
	binary.LittleEndian.PutUint64(seed[24:], b)
	out := make([]byte, n)
	_, _ = rand.NewChaCha8(seed).Read(out) // never fails
	return out
}

// next returns the next version: fresh new keys and updates of old ones, sorted
// by key.
func (w *workload) next(fresh, updates int) (uint64, []store.Change) {
	w.version++
	old := len(w.setIn)
	changes := make([]store.Change, 0, fresh+updates)
	add := func(i int) {
		w.setIn[i] = uint32(w.version)
		changes = append(changes, store.Change{Key: key(i), Value: value(i, uint32(w.version))})
	}
	for range fresh {
		w.setIn = append(w.setIn, 0)
		add(len(w.setIn) - 1)
	}
	for n := 0; n < min(updates, old); {
		if i := w.rng.IntN(old); w.setIn[i] != uint32(w.version) {
			add(i)
			n++
		}
	}
	slices.SortFunc(changes, func(a, b store.Change) int { return bytes.Compare(a.Key, b.Key) })
	return w.version, changes
}

// present returns a key that is there, with its value.
func (w *workload) present() (k, v []byte) {
	i := w.rng.IntN(len(w.setIn))
	return key(i), value(i, w.setIn[i])
}

// absent returns a key that is not there.
func (w *workload) absent() []byte { return key(1<<40 + w.rng.IntN(1<<40)) }
