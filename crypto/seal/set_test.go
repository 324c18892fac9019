package seal

import (
	"bytes"
	"encoding/hex"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

func entry(b byte, power uint64) Entry {
	e := Entry{Power: power}
	e.Key[0], e.Key[1], e.Key[32] = 2+b&1, b, b
	return e
}

func mustSet(t testing.TB, entries ...Entry) Set {
	t.Helper()
	s, err := NewSet(entries)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSetGolden(t *testing.T) {
	s := mustSet(t, entry(3, 5), entry(2, 1))
	want := "0002" + "0000000000000006" +
		"0202" + strings.Repeat("00", 30) + "02" + "0000000000000001" +
		"0303" + strings.Repeat("00", 30) + "03" + "0000000000000005"
	if got := hex.EncodeToString(s.Append(nil)); got != want {
		t.Errorf("encoding %s, want %s", got, want)
	}
	tagged := append([]byte("hallmark/sealset/v1"), make([]byte, 45)...)
	if got := s.Hash(); got != sm3.Sum(s.Append(tagged)) || got.String() != "ec3a2873a38347685a8898818a4b186b19d66e86c2fcae259e6f7e26bfa4b345" {
		t.Errorf("hash %s", got)
	}
	if s.Total() != 6 || s.Len() != 2 || s.Power(entry(3, 0).Key) != 5 || s.Power(entry(4, 0).Key) != 0 {
		t.Errorf("%+v", s)
	}
}

func TestSetRefuses(t *testing.T) {
	crowd := make([]Entry, MaxKeys+1)
	for i := range crowd {
		crowd[i] = entry(0, 1)
		crowd[i].Key[2], crowd[i].Key[3] = byte(i>>8), byte(i)
	}
	odd := entry(1, 1)
	odd.Key[0] = 4
	for _, c := range []struct {
		what    string
		entries []Entry
		want    string
	}{
		{"none", nil, "0 keys"},
		{"too many", crowd, "1025 keys"},
		{"twice", []Entry{entry(1, 1), entry(2, 1), entry(1, 2)}, "twice"},
		{"powerless", []Entry{entry(1, 1), entry(2, 0)}, "no power"},
		{"not compressed", []Entry{odd}, "not compressed"},
		{"too strong", []Entry{entry(1, MaxPower), entry(2, 1)}, "more than"},
		{"one too strong", []Entry{entry(1, MaxPower+1)}, "more than"},
		{"wraps", []Entry{entry(1, 2), entry(2, math.MaxUint64)}, "more than"},
		{"wraps twice", []Entry{entry(1, 1<<63), entry(2, 1<<63)}, "more than"},
	} {
		s, err := NewSet(c.entries)
		if !errors.Is(err, ErrSet) || !strings.Contains(err.Error(), c.want) || s.Len() != 0 {
			t.Errorf("%s: %v", c.what, err)
		}
	}
	mustSet(t, crowd[:MaxKeys]...)
	mustSet(t, entry(1, MaxPower-1), entry(2, 1))
}

// No single byte of an encoding can be changed, dropped or added without
// refusal or another set; the order and the named total are held.
func TestSetMangled(t *testing.T) {
	s := mustSet(t, entry(1, 3), entry(2, 300), entry(3, 7))
	good := s.Append(nil)
	for i := range good {
		for bit := range 8 {
			bad := slices.Clone(good)
			bad[i] ^= 1 << bit
			p, err := ParseSet(bad)
			if err == nil && (p.Equal(s) || p.Hash() == s.Hash() || !bytes.Equal(p.Append(nil), bad)) {
				t.Fatalf("byte %d, bit %d: read as the same set", i, bit)
			}
			if err != nil && !errors.Is(err, ErrSet) {
				t.Fatal(err)
			}
		}
		if _, err := ParseSet(good[:i]); !errors.Is(err, ErrSet) {
			t.Fatalf("cut at %d: %v", i, err)
		}
	}
	if _, err := ParseSet(append(slices.Clone(good), 0)); !errors.Is(err, ErrSet) {
		t.Fatal("a byte too many")
	}
	swapped := slices.Concat(good[:10], good[51:92], good[10:51], good[92:])
	if _, err := ParseSet(swapped); !errors.Is(err, ErrSet) || !strings.Contains(err.Error(), "ascending") {
		t.Fatalf("out of order: %v", err)
	}
	total := slices.Clone(good)
	total[9]++
	if _, err := ParseSet(total); !errors.Is(err, ErrSet) || !strings.Contains(err.Error(), "total") {
		t.Fatalf("another total: %v", err)
	}
	if _, err := ParseSet(make([]byte, setHeader)); !errors.Is(err, ErrSet) {
		t.Fatalf("an empty set: %v", err)
	}
}

func TestQuorum(t *testing.T) {
	for _, c := range []struct{ total, least uint64 }{
		{1, 1}, {2, 2}, {3, 3}, {4, 3}, {6, 5}, {100, 67}, {MaxPower, MaxPower/3*2 + 1},
	} {
		s := mustSet(t, entry(1, c.total))
		if !s.Quorum(c.least) || s.Quorum(c.least-1) || !s.Quorum(c.total) || s.Quorum(c.total+1) || s.Quorum(math.MaxUint64) {
			t.Errorf("of %d, %d is the least quorum", c.total, c.least)
		}
	}
	if (Set{}).Quorum(0) {
		t.Error("the zero value has a quorum")
	}
}

func TestSetOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys := rapid.SliceOfNDistinct(rapid.Byte(), 1, 20, rapid.ID).Draw(t, "keys")
		entries := make([]Entry, len(keys))
		for i, k := range keys {
			entries[i] = entry(k, rapid.Uint64Range(1, MaxPower/20).Draw(t, "power"))
		}
		given := slices.Clone(entries)
		s, err := NewSet(entries)
		if err != nil || !slices.Equal(entries, given) {
			t.Fatal(err)
		}
		slices.Reverse(entries)
		r, err := NewSet(entries)
		if err != nil || !r.Equal(s) || r.Hash() != s.Hash() {
			t.Fatalf("the order counts: %v", err)
		}
		p, err := ParseSet(s.Append(nil))
		if err != nil || !p.Equal(s) || p.Total() != s.Total() {
			t.Fatalf("read back: %v", err)
		}
		for _, e := range given {
			if p.Power(e.Key) != e.Power {
				t.Fatal("a power changed")
			}
		}
	})
}

// FuzzParseSet: bytes that are read are the one encoding of what was read.
func FuzzParseSet(f *testing.F) {
	f.Add(mustSet(f, entry(1, 1)).Append(nil))
	f.Add(mustSet(f, entry(1, 1), entry(2, MaxPower-1)).Append(nil))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := ParseSet(b)
		if err != nil {
			if !errors.Is(err, ErrSet) {
				t.Error(err)
			}
			return
		}
		if !bytes.Equal(s.Append(nil), b) {
			t.Error("a second encoding")
		}
		if n, err := NewSet(s.Entries()); err != nil || !n.Equal(s) {
			t.Error(err)
		}
	})
}
