package store

import "sync"

// Remember returns codec with a memory of what it decoded last, at most 2·half
// values. The memory is of facts of the bytes alone, the encoding and what it
// decodes to, so it cannot be out of date, whatever is written to which state.
//
// A value that is decoded is shared with all who decode the same bytes: whoever
// gets it must not modify it, nor append to its slices. It is for entries that
// are read far more often than they change.
//
// The codec is safe for concurrent use.
func Remember[V any](codec ValueCodec[V], half int) ValueCodec[V] {
	return &remember[V]{ValueCodec: codec, half: half}
}

type remember[V any] struct {
	ValueCodec[V]
	half int

	mu         sync.RWMutex // guards young and old
	young, old map[string]V
}

// DecodeValue implements ValueCodec. What does not decode is not remembered.
func (r *remember[V]) DecodeValue(b []byte) (V, error) {
	r.mu.RLock()
	v, ok := r.young[string(b)]
	aged := false
	if !ok {
		v, aged = r.old[string(b)]
	}
	r.mu.RUnlock()
	if ok {
		return v, nil
	}
	if !aged {
		var err error
		if v, err = r.ValueCodec.DecodeValue(b); err != nil {
			return v, err
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.young) >= r.half {
		r.old, r.young = r.young, nil
	}
	if r.young == nil {
		r.young = make(map[string]V)
	}
	r.young[string(b)] = v
	return v, nil
}
