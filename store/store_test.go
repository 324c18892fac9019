package store_test

import (
	"bytes"
	"errors"
	"testing"

	"pgregory.net/rapid"

	"github.com/hallmark-ledger/hallmark/store"
)

func TestLimits(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want error
	}{
		{store.CheckKey(nil), store.ErrKeySize},
		{store.CheckKey(make([]byte, 1)), nil},
		{store.CheckKey(make([]byte, store.MaxKey)), nil},
		{store.CheckKey(make([]byte, store.MaxKey+1)), store.ErrKeySize},
		{store.CheckValue(nil), nil},
		{store.CheckValue(make([]byte, store.MaxValue)), nil},
		{store.CheckValue(make([]byte, store.MaxValue+1)), store.ErrValueSize},
	} {
		if !errors.Is(tt.err, tt.want) {
			t.Errorf("got %v, want %v", tt.err, tt.want)
		}
	}
}

func TestRange(t *testing.T) {
	for _, tt := range []struct{ prefix, start, low, high string }{
		{"", "", "", ""},
		{"a", "", "a", "b"},
		{"a", "A", "a", "b"},
		{"a", "ab", "ab", "b"},
		{"a", "c", "c", "b"},
		{"a\xff", "", "a\xff", "b"},
		{"\xff\xff", "", "\xff\xff", ""},
		{"", "x", "x", ""},
	} {
		low, high := store.Range([]byte(tt.prefix), []byte(tt.start))
		if string(low) != tt.low || string(high) != tt.high || (high == nil) != (tt.high == "") {
			t.Errorf("Range(%q, %q) = %q, %q; want %q, %q", tt.prefix, tt.start, low, high, tt.low, tt.high)
		}
	}
}

// A key lies within the range exactly if Scan's contract says so.
func TestRangeIsScan(t *testing.T) {
	few := rapid.SliceOfN(rapid.SampledFrom([]byte{0, 1, 0xfe, 0xff}), 0, 4)
	rapid.Check(t, func(t *rapid.T) {
		prefix, start, key := few.Draw(t, "prefix"), few.Draw(t, "start"), few.Draw(t, "key")
		low, high := store.Range(prefix, start)
		got := bytes.Compare(key, low) >= 0 && (high == nil || bytes.Compare(key, high) < 0)
		want := bytes.HasPrefix(key, prefix) && bytes.Compare(key, start) >= 0
		if got != want {
			t.Fatalf("within [%x, %x): %v, want %v", low, high, got, want)
		}
	})
}
