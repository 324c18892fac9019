package store_test

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/store/storetest"
)

// counting counts what is asked of a reader.
type counting struct {
	store.Reader
	gets int
	fail error
}

func (c *counting) Get(key []byte) ([]byte, bool, error) {
	c.gets++
	if c.fail != nil {
		return nil, false, c.fail
	}
	return c.Reader.Get(key)
}

// TestRecent: the same answers as the parent's, over more keys than are
// remembered, with fewer questions for those that are asked for often.
func TestRecent(t *testing.T) {
	mem := new(storetest.Mem)
	const n = 20_000
	for i := range n {
		if i%2 == 0 {
			if err := mem.Set(fmt.Append(nil, i), bytes.Repeat([]byte{byte(i)}, i%6000)); err != nil {
				t.Fatal(err)
			}
		}
	}
	parent := &counting{Reader: mem}
	r := store.NewRecent(parent)
	for i := range n {
		for _, k := range []int{i, 2, 3} { // one present and one absent in between
			got, ok, err := r.Get(fmt.Append(nil, k))
			want, there, _ := mem.Get(fmt.Append(nil, k))
			if err != nil || ok != there || !bytes.Equal(got, want) || (got == nil) != (want == nil) {
				t.Fatalf("%d: %d bytes, %v, %v", k, len(got), ok, err)
			}
		}
	}
	if parent.gets > n+n/10 { // now and then two keys share a place
		t.Errorf("%d questions for %d keys", parent.gets, n)
	}
	if _, ok, err := r.Get(make([]byte, store.MaxKey+1)); ok || err != nil {
		t.Error("a key that is too long", ok, err)
	}

	parent.fail = errors.New("a fault")
	if _, _, err := r.Get([]byte("x")); !errors.Is(err, parent.fail) {
		t.Error("a fault was swallowed")
	}
	parent.fail = nil
	if _, ok, err := r.Get([]byte("x")); ok || err != nil {
		t.Error("a fault was remembered", ok, err)
	}
	var keys int
	if err := r.Scan([]byte("1"), nil, func(_, _ []byte) (bool, error) { keys++; return true, nil }); err != nil || keys == 0 {
		t.Error("scan", keys, err)
	}
}

// TestRecentOnBranch: what a branch writes over a Recent is what is read.
func TestRecentOnBranch(t *testing.T) {
	mem := new(storetest.Mem)
	if err := mem.Set([]byte("a"), []byte("1")); err != nil {
		t.Fatal(err)
	}
	b := store.NewBranch(store.NewRecent(mem))
	for _, want := range []string{"1", "2", ""} {
		switch want {
		case "2":
			if err := b.Set([]byte("a"), []byte("2")); err != nil {
				t.Fatal(err)
			}
		case "":
			if err := b.Delete([]byte("a")); err != nil {
				t.Fatal(err)
			}
		}
		if got, ok, err := b.Get([]byte("a")); err != nil || string(got) != want || ok != (want != "") {
			t.Fatalf("%q, %v, %v, want %q", got, ok, err, want)
		}
	}
}

// TestRemember: an entry that changes is decoded anew; the same bytes are decoded
// once while they are remembered; what does not decode is refused each time.
func TestRemember(t *testing.T) {
	decoded := 0
	codec := store.ValueFuncs[string]{
		Encode: func(s string) ([]byte, error) { return []byte(s), nil },
		Decode: func(b []byte) (string, error) {
			decoded++
			if len(b) == 0 {
				return "", errors.New("empty")
			}
			return string(b), nil
		},
	}
	m := store.NewMap("m", store.Text{}, store.Remember(codec, 4))
	mem := new(storetest.Mem)
	for round := range 3 {
		for i := range 50 {
			want := fmt.Sprint(round, i)
			if err := m.Set(mem, "k", want); err != nil {
				t.Fatal(err)
			}
			for range 3 {
				if got, ok, err := m.Get(mem, "k"); got != want || !ok || err != nil {
					t.Fatalf("%q, %v, %v, want %q", got, ok, err, want)
				}
			}
		}
	}
	if decoded != 150 {
		t.Errorf("decoded %d times, want 150", decoded)
	}
	if err := mem.Set(m.Key("k"), []byte{}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, _, err := m.Get(mem, "k"); !errors.Is(err, store.ErrCorrupt) {
			t.Errorf("an entry that does not decode: %v", err)
		}
	}
}
