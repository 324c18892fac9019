package rules

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// TestGoldenBytes pins the encoding of each value.
func TestGoldenBytes(t *testing.T) {
	var b strings.Builder
	print := func(name string, encoded []byte) {
		fmt.Fprintf(&b, "%s, %d bytes\n", name, len(encoded))
		for line := range slices.Chunk([]byte(hex.EncodeToString(encoded)), 96) {
			fmt.Fprintf(&b, "%s\n", line)
		}
	}
	h, d := sampleSystem()
	print("head of a management system", EncodeHead(h))
	print("its details", EncodeDetails(d))
	h, d = sampleProduct()
	print("head of a suspended CCC certificate", EncodeHead(h))
	print("its details", EncodeDetails(d))
	print("record of the suspension", EncodeRecord(sampleRecord()))
	golden(t, "testdata/encodings.txt", []byte(b.String()))
}

func TestRoundTrip(t *testing.T) {
	for _, sample := range []func() (*Head, *Details){sampleSystem, sampleProduct} {
		h, d := sample()
		refused(t, h.Number, h.Check(), nil)
		refused(t, h.Number, h.Matches(d), nil)
		if got, err := DecodeHead(EncodeHead(h)); err != nil || !reflect.DeepEqual(got, h) {
			t.Errorf("head: got %+v, %v", got, err)
		}
		if got, err := DecodeDetails(EncodeDetails(d)); err != nil || !reflect.DeepEqual(got, d) {
			t.Errorf("details: got %+v, %v", got, err)
		}
	}
	r := sampleRecord()
	refused(t, "record", r.Check(), nil)
	if got, err := DecodeRecord(EncodeRecord(r)); err != nil || !reflect.DeepEqual(got, r) {
		t.Errorf("record: got %+v, %v", got, err)
	}
}

// TestLongestHead fills every field with the longest value there is.
func TestLongestHead(t *testing.T) {
	last := civil.Date(2932896)
	h := &Head{
		Ref:         Ref{repeat(MaxIssuer, "R"), repeat(MaxNumber, "9")},
		Scheme:      "B999999",
		Holder:      "840:" + repeat(MaxForeignID, "X"),
		FirstIssued: last,
		Version:     1<<32 - 1,
		Records:     1<<32 - 1,
		Details:     sm3.Sum(nil),
		Standing: Standing{
			Family: VoluntaryProduct, Status: Suspended, Reason: "0299",
			Since: last, Issued: last, Expires: last, SuspendedFrom: last, SuspendedUntil: last, OrderDue: last,
			Flags: StoredFlags &^ FlagReplaced,
		},
	}
	refused(t, "longest", h.Check(), nil)
	h.Flags = 1<<32 - 1 // longer than any legal value
	n := len(EncodeHead(h))
	t.Logf("%d bytes", n)
	if n > MaxHeadSize {
		t.Errorf("%d bytes, at most %d", n, MaxHeadSize)
	}
}

// TestMangled changes, drops and adds every byte of each encoding: what decodes
// all the same is another legal value in its one encoding.
func TestMangled(t *testing.T) {
	head, details := sampleProduct()
	for name, c := range map[string]struct {
		encoding []byte
		again    func([]byte) ([]byte, error)
	}{
		"head": {EncodeHead(head), func(b []byte) ([]byte, error) {
			h, err := DecodeHead(b)
			if err != nil {
				return nil, err
			}
			return EncodeHead(h), h.Check()
		}},
		"details": {EncodeDetails(details), func(b []byte) ([]byte, error) {
			d, err := DecodeDetails(b)
			if err != nil {
				return nil, err
			}
			if head.Matches(d) == nil {
				t.Errorf("other details pass for those of the head")
			}
			return EncodeDetails(d), nil
		}},
		"record": {EncodeRecord(sampleRecord()), func(b []byte) ([]byte, error) {
			r, err := DecodeRecord(b)
			if err != nil {
				return nil, err
			}
			return EncodeRecord(r), r.Check()
		}},
	} {
		check := func(b []byte) {
			again, err := c.again(b)
			if err != nil && !errors.Is(err, ErrEncoding) {
				t.Errorf("%s: %v", name, err)
			}
			if err == nil && !bytes.Equal(again, b) {
				t.Errorf("%s: %x decodes, but is not the encoding", name, b)
			}
		}
		for i := range c.encoding {
			for _, x := range []byte{1, 2, 0x80, 0xff} {
				b := slices.Clone(c.encoding)
				b[i] ^= x
				check(b)
			}
			check(slices.Delete(slices.Clone(c.encoding), i, i+1))
			check(c.encoding[:i])
			check(slices.Insert(slices.Clone(c.encoding), i, 0))
		}
		for _, tail := range []string{"f8ff0101", "00", "0a00", "7a00"} {
			extra, _ := hex.DecodeString(tail)
			if _, err := c.again(append(slices.Clone(c.encoding), extra...)); !errors.Is(err, ErrEncoding) {
				t.Errorf("%s with %s after it: %v", name, tail, err)
			}
		}
	}
}

// TestNoEncoding shows what happens to a value that Check refuses.
func TestNoEncoding(t *testing.T) {
	_, d := sampleSystem()
	d.ScopeChinese = "\xff"
	if b := EncodeDetails(d); b != nil {
		t.Errorf("%x", b)
	}
	for _, b := range [][]byte{nil, {}} {
		if _, err := DecodeHead(b); !errors.Is(err, ErrEncoding) {
			t.Errorf("empty head: %v", err)
		}
		if _, err := DecodeRecord(b); !errors.Is(err, ErrEncoding) {
			t.Errorf("empty record: %v", err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	h, d := sampleProduct()
	f.Add(EncodeHead(h))
	f.Add(EncodeDetails(d))
	f.Add(EncodeRecord(sampleRecord()))
	f.Fuzz(func(t *testing.T, b []byte) {
		if h, err := DecodeHead(b); err == nil && !bytes.Equal(EncodeHead(h), b) {
			t.Error("head")
		} else if err == nil && len(b) > MaxHeadSize {
			t.Error("long head")
		}
		if d, err := DecodeDetails(b); err == nil {
			if !bytes.Equal(EncodeDetails(d), b) {
				t.Error("details")
			}
			_ = d.Check(CCC, h.Ref)
		}
		if r, err := DecodeRecord(b); err == nil && !bytes.Equal(EncodeRecord(r), b) {
			t.Error("record")
		}
	})
}
