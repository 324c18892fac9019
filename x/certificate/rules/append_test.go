package rules

import (
	"bytes"
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
)

// filler makes values of bytes, legal or not: for each part, whether it is zero,
// how long it is, and what is in it.
type filler struct{ b []byte }

func (f *filler) next() (c byte) {
	if len(f.b) > 0 {
		c, f.b = f.b[0], f.b[1:]
	}
	return c
}

func (f *filler) number() uint64 {
	if c := f.next(); c < 200 {
		return uint64(c) >> 1
	}
	n := uint64(0)
	for range 8 {
		n = n<<8 | uint64(f.next())
	}
	return n
}

func (f *filler) text() string {
	n := int(f.next()) % 20
	if n == 19 { // so long that lengths take two bytes and more
		n = 1 << (f.next() % 16)
	}
	s := bytes.Repeat([]byte{'a' + f.next()%26}, n)
	if c := f.next(); n > 0 && c >= 240 { // mostly no UTF-8
		s[n/2] = c
	}
	return string(s)
}

func (f *filler) fill(v reflect.Value) {
	if v.Type() == reflect.TypeFor[time.Time]() {
		v.Set(reflect.ValueOf(time.Unix(0, int64(f.number())).UTC()))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			f.fill(v.Field(i))
		}
	case reflect.Slice:
		n := max(0, int(f.next()%8)-4)
		for range n {
			e := reflect.New(v.Type().Elem()).Elem()
			f.fill(e)
			v.Set(reflect.Append(v, e))
		}
	case reflect.Array:
		if c := f.next(); c%4 != 0 {
			v.Index(0).SetUint(uint64(c))
			v.Index(v.Len() - 1).SetUint(uint64(f.next()))
		}
	case reflect.String:
		v.SetString(f.text())
	case reflect.Bool:
		v.SetBool(f.next()%2 == 1)
	case reflect.Uint8, reflect.Uint32, reflect.Uint64:
		v.SetUint(f.number() & (math.MaxUint64 >> (64 - v.Type().Bits())))
	case reflect.Int32:
		v.SetInt(int64(int32(f.number())))
	default:
		panic(v.Kind())
	}
}

func made[V any](b []byte) *V {
	v := new(V)
	(&filler{b}).fill(reflect.ValueOf(v).Elem())
	return v
}

// checkAppended holds the encodings of values made of b against the generated
// code's.
func checkAppended(t *testing.T, b []byte) {
	t.Helper()
	same := func(name string, got, want []byte) {
		if !bytes.Equal(got, want) || (got == nil) != (want == nil) {
			t.Errorf("%s of %x: %x, want %x", name, b, got, want)
		}
	}
	same("head", EncodeHead(made[Head](b)), protoHead(made[Head](b)))
	same("record", EncodeRecord(made[Record](b)), protoRecord(made[Record](b)))
	d := made[Details](b)
	same("details", EncodeDetails(d), protoDetails(d))
	if n := len(EncodeDetails(d)); n > d.room() {
		t.Errorf("details of %x: %d bytes, room for %d", b, n, d.room())
	}
}

// checkParsed holds what is read of b against what the generated code reads.
func checkParsed(t *testing.T, b []byte) {
	t.Helper()
	got, err := DecodeHead(b)
	want, wantErr := protoDecodeHead(b)
	if (err == nil) != (wantErr == nil) || err == nil && *got != *want || err != nil && !errors.Is(err, ErrEncoding) {
		t.Errorf("head %x: %+v, %v, want %+v, %v", b, got, err, want, wantErr)
	}
	m := new(certificatev1.Details)
	if (proto.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(b, m) != nil {
		return
	}
	text, err := ParseDetails(m)
	wantText, wantErr := DecodeDetails(protoEncode(m))
	if (err == nil) != (wantErr == nil) || err == nil && !reflect.DeepEqual(text, wantText) || err != nil && !errors.Is(err, ErrEncoding) {
		t.Errorf("details %x: %+v, %v, want %+v, %v", b, text, err, wantText, wantErr)
	}
}

func protoDecodeHead(b []byte) (*Head, error) {
	m := new(certificatev1.Head)
	if err := decode(b, m); err != nil {
		return nil, err
	}
	h := headFromProto(m)
	if err := h.Check(); err != nil {
		return nil, err
	}
	return h, canonical(b, protoHead(h))
}

// TestGenerated: what is written and read by hand is what the generated code
// writes and reads.
func TestGenerated(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		b := make([]byte, r.IntN(400))
		for i := range b {
			b[i] = byte(r.Uint32())
		}
		checkAppended(t, b)
		checkParsed(t, EncodeDetails(made[Details](b)))
	}
	head, _ := sampleSystem()
	suspended, details := sampleProduct()
	for _, b := range [][]byte{EncodeHead(head), EncodeHead(suspended), EncodeDetails(details)} {
		checkParsed(t, b)
		for i := range b {
			for _, x := range []byte{1, 2, 3, 4, 8, 0x10, 0x20, 0x80, 0xff} {
				bad := slices.Clone(b)
				bad[i] ^= x
				checkParsed(t, bad)
			}
			checkParsed(t, b[:i])
			checkParsed(t, slices.Delete(slices.Clone(b), i, i+1))
			checkParsed(t, slices.Insert(slices.Clone(b), i, 0))
		}
		checkParsed(t, slices.Concat(b, b))
	}
	for _, b := range []string{"\x0a\x00", "\x3a\x00", "\x42\x00", "\x62\x00", "\x6a\x00", "\x72\x00", "\x72\x01\x01", "\x7a\x00", "\x72\x20" + string(make([]byte, 32)), "\x7a\x20" + string(make([]byte, 32))} {
		checkParsed(t, []byte(b))
	}
}

// FuzzGenerated is TestGenerated over values and encodings that are found.
func FuzzGenerated(f *testing.F) {
	h, d := sampleProduct()
	f.Add(EncodeHead(h))
	f.Add(EncodeDetails(d))
	f.Fuzz(func(t *testing.T, b []byte) {
		checkAppended(t, b)
		checkParsed(t, b)
	})
}

// TestCommon: the characters that are spared the search are in order.
func TestCommon(t *testing.T) {
	for r := rune(0); r <= 0x10ffff; r++ {
		if !common(r) {
			continue
		}
		bad := slices.Contains(spaces, r) || r&0xfffe == 0xfffe ||
			slices.ContainsFunc(forbiddenRanges, func(e [2]rune) bool { return e[0] <= r && r <= e[1] })
		if bad {
			t.Fatalf("%U", r)
		}
	}
}
