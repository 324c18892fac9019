package api

import (
	"encoding/binary"
	"testing"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
)

// FuzzCursor: whatever is taken for a cursor is one that the encoder writes.
func FuzzCursor(f *testing.F) {
	for _, s := range []string{
		"", "AAAA", encodeRefCursor(rules.Ref{Issuer: "CNCA-R-2002-001", Number: "00117Q12345R0M/3700"}), encodeMemberCursor("cqc"),
		encodeKeyCursor([]byte{1, 2, 3}), encodeNumberCursor(50), "bg\n", "Yw==",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if r, err := decodeRefCursor(s); err == nil && s != "" && encodeRefCursor(r) != s {
			t.Errorf("%q is %v", s, r)
		}
		if id, err := decodeMemberCursor(s); err == nil && encodeMemberCursor(id) != s {
			t.Errorf("%q is %q", s, id)
		}
		if b, err := decodeKeyCursor(s); err == nil && (encodeKeyCursor(b) != s || len(b) > maxKeyCursor) {
			t.Errorf("%q is %x", s, b)
		}
		if n, err := decodeNumberCursor(s); err == nil && n > 0 && encodeNumberCursor(n) != s {
			t.Errorf("%q is %d", s, n)
		}
	})
}

// FuzzPosition: an id of the feed has one form.
func FuzzPosition(f *testing.F) {
	for _, s := range []string{"1.0", "120.3", "9223372036854775807.4294967295", "01.0", "1.+1", "1", ".", "１.0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := parsePosition(s)
		if err == nil && (p.String() != s || p.height == 0 || p.height > 1<<63-1) {
			t.Errorf("%q is %v", s, p)
		}
	})
}

// FuzzHex: an id or key has one form.
func FuzzHex(f *testing.F) {
	f.Add("00")
	f.Add(sm3.Sum(nil).String())
	f.Fuzz(func(t *testing.T, s string) {
		if h, err := parseHash("the id", s); err == nil && h.String() != s {
			t.Errorf("%q is %v", s, h)
		}
		if k, err := parseKey(s); err == nil && hexText(k[:]) != s {
			t.Errorf("%q is %x", s, k)
		}
	})
}

// TestCursors: a cursor of one list is of no use for another.
func TestCursors(t *testing.T) {
	ref := rules.Ref{Issuer: "CNCA-R-2002-001", Number: "1"}
	if r, err := decodeRefCursor(encodeRefCursor(ref)); err != nil || r != ref {
		t.Error(r, err)
	}
	if n, err := decodeNumberCursor(encodeNumberCursor(1 << 40)); err != nil || n != 1<<40 {
		t.Error(n, err)
	}
	for _, s := range []string{
		encodeMemberCursor("cqc"), encodeCursor(cursorRef, []byte("CNCA-R-2002-001")), encodeCursor(cursorRef, []byte("lower\x001")),
		encodeCursor(cursorRef, nil), "!", encodeRefCursor(ref) + "=", encodeRefCursor(ref) + "\n",
	} {
		if r, err := decodeRefCursor(s); err == nil {
			t.Errorf("%q is %v", s, r)
		}
	}
	if n, err := decodeNumberCursor(encodeCursor(cursorNumber, binary.BigEndian.AppendUint32(nil, 1))); err == nil {
		t.Error(n)
	}
	if b, err := decodeKeyCursor(encodeKeyCursor(make([]byte, maxKeyCursor+1))); err == nil {
		t.Error(b)
	}
}

// TestLimiter: addresses are remembered in bounded number, and who asks without
// pause is not forgotten.
func TestLimiter(t *testing.T) {
	f := func(i int) address { return address(mustPrefix(i)) }
	l := newLimiter(0.001, 10)
	now := clock()
	busy := f(0)
	for range 2 {
		l.allow(busy, now)
	}
	for i := range 1000 {
		if _, ok := l.allow(busy, now); ok {
			t.Fatalf("after %d others the limit is forgotten", i)
		}
		l.allow(f(i+1), now)
	}
	if n := len(l.now) + len(l.old); n > 20 {
		t.Errorf("%d addresses are remembered", n)
	}
}
