package engine

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/store/proof"
	"github.com/hallmark-ledger/hallmark/store/storetest"
)

// model is what a store should hold, version by version.
type model struct {
	now      map[string]string
	versions map[uint64]map[string]string
}

func newModel() *model {
	return &model{now: map[string]string{}, versions: map[uint64]map[string]string{}}
}

func (m *model) apply(version uint64, changes []store.Change) {
	next := make(map[string]string, len(m.now))
	for k, v := range m.now {
		next[k] = v
	}
	for _, c := range changes {
		if c.Delete {
			delete(next, string(c.Key))
		} else {
			next[string(c.Key)] = string(c.Value)
		}
	}
	m.now, m.versions[version] = next, next
}

func kvs(state map[string]string) []storetest.KV {
	var out []storetest.KV
	for k, v := range state {
		out = append(out, storetest.KV{Key: []byte(k), Value: []byte(v)})
	}
	slices.SortFunc(out, func(a, b storetest.KV) int { return bytes.Compare(a.Key, b.Key) })
	return out
}

// randomChanges changes up to n of the keys k0 … k(space-1).
func randomChanges(r *rand.Rand, n, space int) []store.Change {
	picked := map[int]bool{}
	for range n {
		picked[r.IntN(space)] = true
	}
	var changes []store.Change
	for _, k := range slices.Sorted(maps.Keys(picked)) {
		c := store.Change{Key: fmt.Appendf(nil, "k%d", k)}
		if r.IntN(4) == 0 {
			c.Delete = true
		} else {
			c.Value = bytes.Repeat([]byte{byte(r.Uint32())}, r.IntN(60))
		}
		changes = append(changes, c)
	}
	slices.SortFunc(changes, func(a, b store.Change) int { return bytes.Compare(a.Key, b.Key) })
	return changes
}

func commit(t testing.TB, db *DB, version uint64, changes []store.Change) {
	t.Helper()
	st, err := db.Stage(version, changes)
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Commit(); err != nil {
		t.Fatal(err)
	}
	if v, root := db.Version(); v != version || root != st.Root() {
		t.Fatalf("after commit of %d: version %d, root %s, staged %s", version, v, root, st.Root())
	}
}

// compare checks that v reads and proves exactly want.
func compare(t testing.TB, v View, want map[string]string, space int) {
	t.Helper()
	list := kvs(want)
	root, err := v.Root()
	if err != nil {
		t.Fatal(err)
	}
	if w := storetest.Root(list); root != w {
		t.Fatalf("version %d: root %s, want %s", v.Version(), root, w)
	}
	i := 0
	err = v.Scan([]byte("k"), nil, func(key, value []byte) (bool, error) {
		if i >= len(list) || !bytes.Equal(key, list[i].Key) || !bytes.Equal(value, list[i].Value) {
			t.Fatalf("version %d: scan is at %q, want entry %d of %d", v.Version(), key, i, len(list))
		}
		i++
		return true, nil
	})
	if err != nil || i != len(list) {
		t.Fatalf("version %d: scan saw %d of %d: %v", v.Version(), i, len(list), err)
	}
	for n := range space {
		key := fmt.Appendf(nil, "k%d", n)
		value, ok, evidence, err := v.Prove(key)
		if err != nil {
			t.Fatal(err)
		}
		w, has := want[string(key)]
		if ok != has || string(value) != w {
			t.Fatalf("version %d: %s is %q %v, want %q %v", v.Version(), key, value, ok, w, has)
		}
		if ok {
			err = proof.VerifyInclusion(root, key, value, evidence)
		} else {
			err = proof.VerifyAbsence(root, key, evidence)
		}
		if err != nil {
			t.Fatalf("version %d: %s: %v", v.Version(), key, err)
		}
		if n%16 == 0 && !bytes.Equal(evidence, storetest.Prove(list, key)) {
			t.Fatalf("version %d: the proof of %s is not the reference's", v.Version(), key)
		}
	}
}

// TestAgainstModel commits random versions, reopening now and then, and checks
// what every retained version reads and proves.
func TestAgainstModel(t *testing.T) {
	for _, c := range []struct {
		name            string
		bound           int64
		space, n, loops int
	}{
		{"few keys", 0, 30, 10, 60},
		{"many keys", 0, 6000, 900, 25},
		{"bounded memory", 300 << 10, 6000, 900, 25},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, 2))
			dir := t.TempDir()
			opts := Options{Retain: 4, MemoryBound: c.bound}
			m := newModel()
			open := func() *DB {
				db, err := Open(dir, opts)
				if err != nil {
					t.Fatal(err)
				}
				return db
			}
			db := open()
			for v := uint64(7); v < 7+uint64(c.loops); v++ {
				changes := randomChanges(r, 1+r.IntN(c.n), c.space)
				commit(t, db, v, changes)
				m.apply(v, changes)
				if r.IntN(5) == 0 {
					if err := db.Close(); err != nil {
						t.Fatal(err)
					}
					db = open()
				}
				if r.IntN(3) == 0 {
					old := v - min(v-7, uint64(r.IntN(4)))
					view, err := db.At(old)
					if err != nil {
						t.Fatal(err)
					}
					compare(t, view, m.versions[old], min(c.space, 600))
				}
			}
			if err := db.Check(); err != nil {
				t.Fatal(err)
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
		})
	}
}
