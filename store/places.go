package store

import (
	"bytes"
	"hash/maphash" //determinism:ok decides where keys lie in a table that is never ranged over
)

// places is a hash table over the keys of a branch's writes: open addressing with
// linear probing, at most three quarters full. Keys are added in the order of
// the writes, and only the last ones are dropped, so that a place that becomes
// free was free when those that are left were added: no probe passes it.
//
// The seed decides nothing but where keys lie in it.
type places struct {
	slots []slot // a power of two of them, or none
}

// slot has a position in the writes plus one, 0 if it is free, and the upper half
// of the hash of the key there.
type slot struct{ place, tag uint32 }

var seed = maphash.MakeSeed()

// hashOf returns the hash of a key, which is never 0.
func hashOf(key []byte) uint64 { return maphash.Bytes(seed, key) | 1<<63 }

func (p *places) empty() bool { return p.slots == nil }

// find returns the position of key in writes, or -1.
func (p *places) find(writes []written, key []byte, hash uint64) int {
	mask := uint64(len(p.slots) - 1)
	for i := hash & mask; ; i = (i + 1) & mask {
		switch s := p.slots[i]; {
		case s.place == 0:
			return -1
		case s.tag == uint32(hash>>32) && bytes.Equal(writes[s.place-1].Key, key):
			return int(s.place - 1)
		}
	}
}

// add adds the last of writes, whose key is new. All before it are there, or
// none is.
func (p *places) add(writes []written) {
	if 4*len(writes) <= 3*len(p.slots) {
		p.insert(writes, len(writes)-1)
		return
	}
	p.slots = make([]slot, max(4*fewWrites, 2*len(p.slots)))
	for i := range writes {
		p.insert(writes, i)
	}
}

func (p *places) insert(writes []written, at int) {
	w := &writes[at]
	if w.hash == 0 {
		w.hash = hashOf(w.Key)
	}
	mask := uint64(len(p.slots) - 1)
	i := w.hash & mask
	for p.slots[i].place != 0 {
		i = (i + 1) & mask
	}
	p.slots[i] = slot{uint32(at + 1), uint32(w.hash >> 32)}
}

// drop removes the writes from position n on.
func (p *places) drop(writes []written, n int) {
	if p.empty() {
		return
	}
	if n <= fewWrites {
		p.slots = nil
		return
	}
	mask := uint64(len(p.slots) - 1)
	for at := len(writes) - 1; at >= n; at-- {
		i := writes[at].hash & mask
		for p.slots[i].place != uint32(at+1) {
			i = (i + 1) & mask
		}
		p.slots[i] = slot{}
	}
}
