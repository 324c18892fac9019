package store

import "fmt"

// Map is typed access to the entries whose keys begin with a prefix: the key of
// k is prefix ‖ AppendKey(k). It holds no state; a module makes its maps once,
// as variables of keys.go. No prefix of a map or item may begin with another's.
type Map[K, V any] struct {
	prefix string
	keys   KeyCodec[K]
	values ValueCodec[V]
}

// NewMap returns the map under prefix, which must not be empty.
func NewMap[K, V any](prefix string, keys KeyCodec[K], values ValueCodec[V]) Map[K, V] {
	if prefix == "" {
		panic("store: a map needs a prefix")
	}
	return Map[K, V]{prefix, keys, values}
}

// Prefix returns the bytes with which the keys of m begin.
func (m Map[K, V]) Prefix() string { return m.prefix }

// Key returns the whole key of k, as it is stored and proven.
func (m Map[K, V]) Key(k K) []byte {
	key := make([]byte, 0, len(m.prefix)+64) // most keys fit
	return m.keys.AppendKey(append(key, m.prefix...), k)
}

// Get returns the value of k and true, or false if there is none. A value that
// does not decode is an error matching ErrCorrupt.
func (m Map[K, V]) Get(r Reader, k K) (v V, ok bool, err error) {
	return get(r, m.Key(k), m.values)
}

// Has reports whether k has a value, without decoding it.
func (m Map[K, V]) Has(r Reader, k K) (bool, error) {
	_, ok, err := r.Get(m.Key(k))
	return ok, err
}

// Set makes v the value of k.
func (m Map[K, V]) Set(w Writer, k K, v V) error { return set(w, m.Key(k), v, m.values) }

// Delete makes k absent.
func (m Map[K, V]) Delete(w Writer, k K) error { return w.Delete(m.Key(k)) }

// Scan visits all entries in order of the encoded keys, until visit returns
// false or an error. As with Reader.Scan, visit may read and must not write.
// An entry that does not decode is an error matching ErrCorrupt.
func (m Map[K, V]) Scan(r Reader, visit func(K, V) (more bool, err error)) error {
	return m.ScanPart(r, nil, nil, visit)
}

// ScanFrom is Scan from the first key that is not below start.
func (m Map[K, V]) ScanFrom(r Reader, start K, visit func(K, V) (more bool, err error)) error {
	return m.ScanPart(r, nil, m.keys.AppendKey(nil, start), visit)
}

// ScanPart is Scan over the keys whose encoding begins with part (the first
// parts of a composite key, say) and is not below start (nil: from the first),
// both without the map's prefix.
func (m Map[K, V]) ScanPart(r Reader, part, start []byte, visit func(K, V) (more bool, err error)) error {
	prefix := append([]byte(m.prefix), part...)
	if start != nil {
		start = append([]byte(m.prefix), start...)
	}
	return r.Scan(prefix, start, func(key, value []byte) (bool, error) {
		k, err := m.keys.DecodeKey(key[len(m.prefix):])
		if err != nil {
			return false, fmt.Errorf("%w: key %x: %w", ErrCorrupt, key, err)
		}
		v, err := decode(key, value, m.values)
		if err != nil {
			return false, err
		}
		return visit(k, v)
	})
}

// Item is typed access to a single entry.
type Item[V any] struct {
	key    string
	values ValueCodec[V]
}

// NewItem returns the item stored under key, which must not be empty.
func NewItem[V any](key string, values ValueCodec[V]) Item[V] {
	if key == "" {
		panic("store: an item needs a key")
	}
	return Item[V]{key, values}
}

// Key returns the item's key, as it is stored and proven.
func (i Item[V]) Key() []byte { return []byte(i.key) }

// Get returns the value and true, or false if there is none. A value that does
// not decode is an error matching ErrCorrupt.
func (i Item[V]) Get(r Reader) (v V, ok bool, err error) { return get(r, i.Key(), i.values) }

// Set makes v the value.
func (i Item[V]) Set(w Writer, v V) error { return set(w, i.Key(), v, i.values) }

// Delete makes the item absent.
func (i Item[V]) Delete(w Writer) error { return w.Delete(i.Key()) }

func get[V any](r Reader, key []byte, values ValueCodec[V]) (v V, ok bool, err error) {
	b, ok, err := r.Get(key)
	if err != nil || !ok {
		return v, false, err
	}
	v, err = decode(key, b, values)
	return v, err == nil, err
}

func set[V any](w Writer, key []byte, v V, values ValueCodec[V]) error {
	b, err := values.EncodeValue(v)
	if err != nil {
		return fmt.Errorf("store: encode the value of key %x: %w", key, err)
	}
	if branch, ok := w.(*Branch); ok {
		return branch.give(key, b) // nobody else has them
	}
	return w.Set(key, b)
}

func decode[V any](key, value []byte, values ValueCodec[V]) (V, error) {
	v, err := values.DecodeValue(value)
	if err != nil {
		return v, fmt.Errorf("%w: value of key %x: %w", ErrCorrupt, key, err)
	}
	return v, nil
}
