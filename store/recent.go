package store

// Recent reads a state that does not change, and remembers what is asked for again:
// the member and the grants that every message of a block asks for are looked up
// in the database twice. It remembers that a key is absent as well. Keys that are
// asked for once, as those of a new certificate are, cost it next to nothing.
//
// One goroutine uses it at a time.
type Recent struct {
	parent     Reader
	young, old map[string]recent
	asked      [recentAsked]uint64 // the hashes of keys asked for last, each at its own place
}

type recent struct {
	value []byte
	ok    bool
}

// Of what a Recent remembers: entries of a generation, of which there are two,
// and bytes of a value.
const (
	recentEntries = 4096
	recentValue   = 4096
	recentAsked   = 4096
)

// NewRecent returns a Recent over a parent that does not change while it is used.
func NewRecent(parent Reader) *Recent { return &Recent{parent: parent} }

// Get implements Reader.
func (r *Recent) Get(key []byte) ([]byte, bool, error) {
	if e, ok := r.young[string(key)]; ok {
		return e.value, e.ok, nil
	}
	e, known := r.old[string(key)]
	if !known {
		hash := hashOf(key)
		seen := &r.asked[hash%recentAsked]
		if *seen != hash {
			*seen = hash
			return r.parent.Get(key)
		}
		var err error
		if e.value, e.ok, err = r.parent.Get(key); err != nil || len(e.value) > recentValue || len(key) > MaxKey {
			return e.value, e.ok, err
		}
	}
	if len(r.young) >= recentEntries {
		r.old, r.young = r.young, nil
	}
	if r.young == nil {
		r.young = make(map[string]recent)
	}
	r.young[string(key)] = e
	return e.value, e.ok, nil
}

// Scan implements Reader. It remembers nothing.
func (r *Recent) Scan(prefix, start []byte, visit Visit) error {
	return r.parent.Scan(prefix, start, visit)
}
