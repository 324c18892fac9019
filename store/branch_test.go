package store_test

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/store/storetest"
)

// level is a branch, or the memory store at the bottom, beside a plain model
// of what it must hold.
type level struct {
	rw    store.ReadWriter
	model map[string]string
	marks []marked
}

// marked is a mark of a branch, and what it held then.
type marked struct {
	mark  store.Mark
	model map[string]string
}

// TestBranchIsAMap runs random reads, writes, nestings, writes to the parent,
// discards and goings back to marks against maps that are copied whole.
func TestBranchIsAMap(t *testing.T) {
	key := rapid.SliceOfN(rapid.SampledFrom([]byte{0, 'a', 'b', 0xff}), 0, 3)
	value := rapid.SliceOfN(rapid.Byte(), 0, 3)

	rapid.Check(t, func(t *rapid.T) {
		levels := []level{{rw: &storetest.Mem{}, model: map[string]string{}}}
		top := func() *level { return &levels[len(levels)-1] }
		t.Repeat(map[string]func(*rapid.T){
			"set": func(t *rapid.T) {
				k, v := key.Draw(t, "key"), value.Draw(t, "value")
				err := top().rw.Set(k, v)
				if len(k) == 0 {
					if !errors.Is(err, store.ErrKeySize) {
						t.Fatal(err)
					}
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				top().model[string(k)] = string(v)
				for _, b := range [][]byte{k, v} { // the caller reuses its slices
					for i := range b {
						b[i] = 0x55
					}
				}
			},
			"delete": func(t *rapid.T) {
				k := key.Draw(t, "key")
				if err := top().rw.Delete(k); (err != nil) != (len(k) == 0) {
					t.Fatal(err)
				}
				delete(top().model, string(k))
			},
			"get": func(t *rapid.T) { checkGet(t, top(), key.Draw(t, "key")) },
			"scan": func(t *rapid.T) {
				checkScan(t, top(), key.Draw(t, "prefix"), key.Draw(t, "start"), rapid.IntRange(1, 20).Draw(t, "stop after"))
			},
			"branch": func(t *rapid.T) {
				levels = append(levels, level{rw: store.NewBranch(top().rw), model: maps.Clone(top().model)})
			},
			"write": func(t *rapid.T) {
				if len(levels) == 1 {
					t.Skip()
				}
				if err := top().rw.(*store.Branch).Write(); err != nil {
					t.Fatal(err)
				}
				levels[len(levels)-2].model = top().model
				levels = levels[:len(levels)-1]
			},
			"drop": func(t *rapid.T) {
				if len(levels) == 1 {
					t.Skip()
				}
				levels = levels[:len(levels)-1]
			},
			"many": func(t *rapid.T) { // enough for the table
				for range 30 {
					k, v := rapid.StringMatching("[abc]{3,4}").Draw(t, "key"), value.Draw(t, "value")
					if err := top().rw.Set([]byte(k), v); err != nil {
						t.Fatal(err)
					}
					top().model[k] = string(v)
				}
			},
			"mark": func(t *rapid.T) {
				if b, ok := top().rw.(*store.Branch); ok {
					top().marks = append(top().marks, marked{b.Mark(), maps.Clone(top().model)})
				}
			},
			"rollback": func(t *rapid.T) {
				n := len(top().marks)
				if n == 0 {
					t.Skip()
				}
				n = rapid.IntRange(0, n-1).Draw(t, "mark")
				to := top().marks[n]
				if err := top().rw.(*store.Branch).Rollback(to.mark); err != nil {
					t.Fatal(err)
				}
				top().model, top().marks = maps.Clone(to.model), top().marks[:n+1]
			},
			"changes": func(t *rapid.T) {
				if b, ok := top().rw.(*store.Branch); ok {
					checkChanges(t, b, levels[len(levels)-2], top())
				}
			},
		})
		checkScan(t, top(), nil, nil, 1000)
	})
}

func checkGet(t *rapid.T, l *level, k []byte) {
	v, ok, err := l.rw.Get(k)
	want, wantOK := l.model[string(k)]
	if err != nil || ok != wantOK || string(v) != want || ok != (v != nil) {
		t.Fatalf("Get(%x) = %v, %v, %v; want %x, %v", k, v, ok, err, want, wantOK)
	}
}

func checkScan(t *rapid.T, l *level, prefix, start []byte, stopAfter int) {
	var want []string
	for _, k := range storetest.SortedKeys(l.model) {
		if strings.HasPrefix(k, string(prefix)) && k >= string(start) && len(want) < stopAfter {
			want = append(want, fmt.Sprintf("%x=%x", k, l.model[k]))
		}
	}
	var got []string
	err := l.rw.Scan(prefix, start, func(k, v []byte) (bool, error) {
		got = append(got, fmt.Sprintf("%x=%x", k, v))
		checkGet(t, l, k) // reading is allowed
		return len(got) < stopAfter, nil
	})
	if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Fatalf("Scan(%x, %x) = %v, %v; want %v", prefix, start, got, err, want)
	}
}

// checkChanges applies the changes of b to what its parent holds.
func checkChanges(t *rapid.T, b *store.Branch, parent level, l *level) {
	changes := b.Changes()
	for i := 1; i < len(changes); i++ {
		if bytes.Compare(changes[i-1].Key, changes[i].Key) >= 0 {
			t.Fatalf("changes out of order: %x, %x", changes[i-1].Key, changes[i].Key)
		}
	}
	got := map[string]string{}
	for k, v := range parent.model {
		got[k] = v
	}
	for _, c := range changes {
		if c.Delete {
			if c.Value != nil {
				t.Fatal("a deletion with a value")
			}
			delete(got, string(c.Key))
		} else {
			got[string(c.Key)] = string(c.Value)
		}
	}
	if fmt.Sprint(got) != fmt.Sprint(l.model) {
		t.Fatalf("changes lead to %v, want %v", got, l.model)
	}
}

func TestManyWrites(t *testing.T) {
	// Enough for the index, scans between writes, keys in no order.
	mem := &storetest.Mem{}
	b := store.NewBranch(mem)
	for i := range 500 {
		n := i * 7919 % 500
		if err := b.Set(fmt.Appendf(nil, "%03d", n), []byte{byte(n)}); err != nil {
			t.Fatal(err)
		}
		if i%9 != 0 {
			continue
		}
		seen, last := 0, ""
		err := b.Scan(nil, nil, func(k, v []byte) (bool, error) {
			if string(k) <= last {
				t.Fatalf("%s after %s", k, last)
			}
			seen, last = seen+1, string(k)
			return true, nil
		})
		if err != nil || seen != i+1 {
			t.Fatalf("after %d writes a scan saw %d: %v", i+1, seen, err)
		}
	}
	if err := b.Write(); err != nil {
		t.Fatal(err)
	}
	if n := len(mem.All()); n != 500 {
		t.Fatalf("%d entries", n)
	}
	if len(b.Changes()) != 0 {
		t.Fatal("a branch is not empty after Write")
	}
}

// A write while a scan is under way is refused on every level it would reach.
func TestNoWriteDuringScan(t *testing.T) {
	mem := &storetest.Mem{}
	if err := mem.Set([]byte("k"), nil); err != nil {
		t.Fatal(err)
	}
	block := store.NewBranch(mem)
	tx := store.NewBranch(block)
	if err := tx.Set([]byte("x"), nil); err != nil {
		t.Fatal(err)
	}
	visits := 0
	err := tx.Scan([]byte("k"), nil, func(_, _ []byte) (bool, error) {
		visits++
		inner := store.NewBranch(tx)
		if err := inner.Set([]byte("y"), nil); err != nil {
			t.Errorf("a branch above the scan: %v", err)
		}
		for name, err := range map[string]error{
			"tx set":       tx.Set([]byte("z"), nil),
			"tx delete":    tx.Delete([]byte("x")),
			"tx write":     tx.Write(),
			"tx rollback":  tx.Rollback(store.Mark{}),
			"inner write":  inner.Write(),
			"block set":    block.Set([]byte("z"), nil),
			"block write":  block.Write(),
			"memory set":   mem.Set([]byte("z"), nil),
			"memory unset": mem.Delete([]byte("k")),
		} {
			if !errors.Is(err, store.ErrScanning) {
				t.Errorf("%s: %v", name, err)
			}
		}
		return true, nil
	})
	if err != nil || visits != 1 {
		t.Fatalf("%d visits, %v", visits, err)
	}
	if err := tx.Write(); err != nil {
		t.Fatalf("after the scan: %v", err)
	}
	if _, ok, _ := block.Get([]byte("x")); !ok {
		t.Fatal("the write after the scan is lost")
	}
}

// readOnly is a store whose reads fail.
type readOnly struct{ err error }

func (r readOnly) Get([]byte) ([]byte, bool, error)      { return nil, false, r.err }
func (r readOnly) Scan(_, _ []byte, _ store.Visit) error { return r.err }

func TestErrorsAreNotSwallowed(t *testing.T) {
	disk := errors.New("disk")
	b := store.NewBranch(store.NewBranch(readOnly{disk}))
	if err := b.Set([]byte("k"), nil); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := b.Get([]byte("k")); err != nil || !ok {
		t.Errorf("own write: %v, %v", ok, err)
	}
	if _, ok, err := b.Get([]byte("other")); !errors.Is(err, disk) || ok {
		t.Errorf("Get: %v, %v", ok, err)
	}
	visits := 0
	count := func(_, _ []byte) (bool, error) { visits++; return true, nil }
	if err := b.Scan(nil, nil, count); !errors.Is(err, disk) || visits != 0 {
		t.Errorf("Scan: %v after %d visits", err, visits)
	}
	if err := store.NewBranch(readOnly{}).Write(); err == nil {
		t.Error("wrote to a reader")
	}

	mine := errors.New("mine")
	for _, key := range []string{"a", "c"} { // before and after the parent's "b"
		mem := &storetest.Mem{}
		if err := mem.Set([]byte("b"), nil); err != nil {
			t.Fatal(err)
		}
		b := store.NewBranch(mem)
		if err := b.Set([]byte(key), nil); err != nil {
			t.Fatal(err)
		}
		for _, more := range []bool{true, false} {
			for _, at := range []string{"b", key} {
				err := b.Scan(nil, nil, func(k, _ []byte) (bool, error) {
					if string(k) == at {
						return more, mine
					}
					return true, nil
				})
				if !errors.Is(err, mine) {
					t.Errorf("an error of visit at %s: %v", at, err)
				}
			}
		}
	}
}

// What Get returned stays as it was.
func TestValuesStay(t *testing.T) {
	b := store.NewBranch(&storetest.Mem{})
	if err := b.Set([]byte("k"), []byte("one")); err != nil {
		t.Fatal(err)
	}
	v, _, _ := b.Get([]byte("k"))
	if err := b.Set([]byte("k"), []byte("two")); err != nil {
		t.Fatal(err)
	}
	if string(v) != "one" {
		t.Errorf("became %q", v)
	}
	if _ = append(v, '!'); string(v) != "one" {
		t.Error("append reached the store")
	}
}
