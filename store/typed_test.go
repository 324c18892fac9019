package store_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/store/storetest"
)

// act names a record in the history of a certificate.
type act struct {
	number string
	n      uint64
}

var actKey = store.KeyFuncs[act]{
	Append: func(dst []byte, k act) []byte {
		return store.AppendUint64(store.AppendText(dst, k.number), k.n)
	},
	Decode: func(b []byte) (k act, err error) {
		if k.number, b, err = store.CutText(b); err != nil {
			return k, err
		}
		k.n, err = store.Uint64{}.DecodeKey(b)
		return k, err
	},
}

var word = store.ValueFuncs[string]{
	Encode: func(s string) ([]byte, error) {
		if s == "unspeakable" {
			return nil, errors.New("cannot be encoded")
		}
		return []byte("word:" + s), nil
	},
	Decode: func(b []byte) (string, error) {
		s, ok := strings.CutPrefix(string(b), "word:")
		if !ok {
			return "", errors.New("not a word")
		}
		return s, nil
	},
}

var (
	acts    = store.NewMap("h", actKey, word)
	numbers = store.NewMap("n", store.Text{}, store.Uint64{})
	digests = store.NewMap("d", store.Digest{}, store.Nothing{})
	total   = store.NewItem("t", store.Uint64{})
)

func TestPrefixes(t *testing.T) {
	storetest.DisjointPrefixes(t, acts.Prefix(), numbers.Prefix(), digests.Prefix(), string(total.Key()))
}

func TestMap(t *testing.T) {
	mem := &storetest.Mem{}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, number := range []string{"B", "A", "", "A\x00", "AB"} {
		for _, n := range []uint64{2, 1, 300} {
			must(acts.Set(mem, act{number, n}, fmt.Sprint(number, n)))
		}
	}
	must(total.Set(mem, 7)) // other entries on both sides of the map
	must(digests.Set(mem, sm3.Hash{1}, struct{}{}))

	if v, ok, err := acts.Get(mem, act{"A", 300}); v != "A300" || !ok || err != nil {
		t.Errorf("Get: %q, %v, %v", v, ok, err)
	}
	if v, ok, err := acts.Get(mem, act{"A", 3}); v != "" || ok || err != nil {
		t.Errorf("Get of an absent key: %q, %v, %v", v, ok, err)
	}
	if ok, err := acts.Has(mem, act{strings.Repeat("A", 600), 3}); ok || err != nil {
		t.Errorf("Has of a key that is too long: %v, %v", ok, err)
	}
	if ok, err := digests.Has(mem, sm3.Hash{1}); !ok || err != nil {
		t.Errorf("Has of a member of a set: %v, %v", ok, err)
	}
	if err := acts.Set(mem, act{strings.Repeat("A", 600), 3}, ""); !errors.Is(err, store.ErrKeySize) {
		t.Errorf("Set of a key that is too long: %v", err)
	}
	if err := acts.Set(mem, act{"A", 1}, "unspeakable"); err == nil {
		t.Error("set what cannot be encoded")
	}

	var got []string
	collect := func(k act, v string) (bool, error) {
		if v != fmt.Sprint(k.number, k.n) {
			t.Errorf("%v has the value %q", k, v)
		}
		got = append(got, fmt.Sprintf("%q%d", k.number, k.n))
		return len(got) < 12, nil
	}
	must(acts.Scan(mem, collect)) // stops after twelve
	if s := strings.Join(got, " "); s != `""1 ""2 ""300 "A"1 "A"2 "A"300 "A\x00"1 "A\x00"2 "A\x00"300 "AB"1 "AB"2 "AB"300` {
		t.Errorf("Scan: %s", s)
	}
	got = nil
	must(acts.ScanFrom(mem, act{"AB", 2}, collect))
	if s := strings.Join(got, " "); s != `"AB"2 "AB"300 "B"1 "B"2 "B"300` {
		t.Errorf("ScanFrom: %s", s)
	}
	got = nil
	must(acts.ScanPart(mem, store.AppendText(nil, "A"), actKey.Append(nil, act{"A", 2}), collect))
	if s := strings.Join(got, " "); s != `"A"2 "A"300` {
		t.Errorf("ScanPart: %s", s)
	}

	must(acts.Delete(mem, act{"A", 1}))
	if ok, _ := acts.Has(mem, act{"A", 1}); ok {
		t.Error("still there after Delete")
	}
	if v, ok, err := total.Get(mem); v != 7 || !ok || err != nil {
		t.Errorf("item: %d, %v, %v", v, ok, err)
	}
	must(total.Delete(mem))
	if _, ok, err := total.Get(mem); ok || err != nil {
		t.Errorf("item after Delete: %v, %v", ok, err)
	}
}

// What does not decode is a fault, never absent.
func TestCorrupt(t *testing.T) {
	for name, entry := range map[string]storetest.KV{
		"value": {Key: acts.Key(act{"A", 1}), Value: []byte("no")},
		"key":   {Key: []byte("hA\x00\x01short"), Value: []byte("word:")},
		"text":  {Key: []byte("hA\x00\x02xxxxxxxx"), Value: []byte("word:")},
		"long":  {Key: append(acts.Key(act{"A", 1}), 0), Value: []byte("word:")},
	} {
		mem := &storetest.Mem{}
		if err := mem.Set(entry.Key, entry.Value); err != nil {
			t.Fatal(err)
		}
		err := acts.Scan(mem, func(act, string) (bool, error) { t.Error("visited"); return true, nil })
		if !errors.Is(err, store.ErrCorrupt) {
			t.Errorf("%s: Scan: %v", name, err)
		}
		if name == "value" {
			if _, ok, err := acts.Get(mem, act{"A", 1}); ok || !errors.Is(err, store.ErrCorrupt) {
				t.Errorf("Get: %v, %v", ok, err)
			}
		}
	}
	mem := &storetest.Mem{}
	for key, value := range map[string]string{"t": "1234567", "d" + strings.Repeat("x", 32): "x"} {
		if err := mem.Set([]byte(key), []byte(value)); err != nil {
			t.Fatal(err)
		}
	}
	if _, ok, err := total.Get(mem); ok || !errors.Is(err, store.ErrCorrupt) {
		t.Errorf("item: %v, %v", ok, err)
	}
	err := digests.Scan(mem, func(sm3.Hash, struct{}) (bool, error) { return true, nil })
	if !errors.Is(err, store.ErrCorrupt) {
		t.Errorf("set with a value: %v", err)
	}
}

func TestTextSortsAndEnds(t *testing.T) {
	text := rapid.Map(rapid.SliceOfN(rapid.SampledFrom([]byte{0, 1, 2, 0xff}), 0, 5), func(b []byte) string { return string(b) })
	rapid.Check(t, func(t *rapid.T) {
		a, b := text.Draw(t, "a"), text.Draw(t, "b")
		tail := rapid.SliceOfN(rapid.Byte(), 0, 4).Draw(t, "tail")
		ea, eb := store.AppendText(nil, a), store.AppendText(nil, b)
		if bytes.Compare(ea, eb) != strings.Compare(a, b) {
			t.Fatalf("%q and %q sort otherwise when encoded", a, b)
		}
		if a != b && bytes.HasPrefix(ea, eb) {
			t.Fatalf("%x begins with %x", ea, eb)
		}
		s, rest, err := store.CutText(append(ea, tail...))
		if s != a || !bytes.Equal(rest, tail) || err != nil {
			t.Fatalf("read back %q, %x, %v", s, rest, err)
		}
	})
}
