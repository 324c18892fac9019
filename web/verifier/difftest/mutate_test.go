package difftest

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	evidencev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/evidence/v1"
	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	tracev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/trace/v1"
)

// messageOf returns an empty message of the type that a key's value has, nil for
// a value that is none.
func messageOf(key string) proto.Message {
	for prefix, m := range map[string]proto.Message{
		"\x05h": (*certificatev1.Head)(nil), "\x05d": (*certificatev1.Details)(nil), "\x05r": (*certificatev1.Record)(nil),
		"\x05n": (*certificatev1.Issuers)(nil), "\x05s": (*certificatev1.Supervision)(nil), "\x05x": (*certificatev1.Successor)(nil),
		"\x03\x01": (*memberv1.Member)(nil), "\x03\x02": (*memberv1.Member)(nil), "\x03\x06": (*memberv1.Key)(nil),
		"\x07p": (*tracev1.Product)(nil), "\x07e": (*tracev1.Entry)(nil), "\x06a": (*evidencev1.AnchorRecord)(nil), "\x03\x0a": (*memberv1.Grant)(nil), "\x03\x0c": (*memberv1.GrantNumbers)(nil),
	} {
		if strings.HasPrefix(key, prefix) {
			return m.ProtoReflect().Type().New().Interface()
		}
	}
	return nil
}

// mutateFields alters a few fields of m, of any depth: the fields are those of the
// descriptors.
func mutateFields(r *rand.Rand, m proto.Message) {
	for range 1 + r.IntN(2) {
		mutateField(r, m.ProtoReflect())
	}
}

func mutateField(r *rand.Rand, m protoreflect.Message) {
	fields := m.Descriptor().Fields()
	// What is there is altered more often than what is not.
	f := fields.Get(r.IntN(fields.Len()))
	for range 3 {
		if m.Has(f) {
			break
		}
		f = fields.Get(r.IntN(fields.Len()))
	}
	switch {
	case f.IsList():
		mutateList(r, m.Mutable(f).List(), f)
	case f.Message() != nil:
		switch {
		case chance(r, 5):
			m.Clear(f)
		case chance(r, 3):
			m.Set(f, m.NewField(f)) // there and empty
		default:
			mutateField(r, m.Mutable(f).Message())
		}
	case chance(r, 10):
		m.Clear(f)
	default:
		m.Set(f, scalar(r, f, m.Get(f)))
	}
}

func mutateList(r *rand.Rand, l protoreflect.List, f protoreflect.FieldDescriptor) {
	n := l.Len()
	switch k := r.IntN(5); {
	case n == 0 || k == 0:
		v := l.NewElement()
		if f.Message() == nil {
			v = scalar(r, f, v)
		}
		l.Append(v)
	case k == 1: // doubled
		l.Append(l.Get(r.IntN(n)))
	case k == 2: // left out
		l.Set(r.IntN(n), l.Get(n-1))
		l.Truncate(n - 1)
	case k == 3: // moved
		i, j := r.IntN(n), r.IntN(n)
		a, b := l.Get(i), l.Get(j)
		l.Set(i, b)
		l.Set(j, a)
	case f.Message() != nil:
		mutateField(r, l.Get(r.IntN(n)).Message())
	default:
		i := r.IntN(n)
		l.Set(i, scalar(r, f, l.Get(i)))
	}
}

// scalar returns another value of a field that has the value old.
func scalar(r *rand.Rand, f protoreflect.FieldDescriptor, old protoreflect.Value) protoreflect.Value {
	switch f.Kind() {
	case protoreflect.BoolKind:
		return protoreflect.ValueOfBool(!old.Bool())
	case protoreflect.EnumKind:
		return protoreflect.ValueOfEnum(protoreflect.EnumNumber(pick(r, 0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 19, 20, 21, 24, 25, 255, 256, 257, -1, math.MaxInt32)))
	case protoreflect.Int32Kind:
		return protoreflect.ValueOfInt32(number(r, int32(old.Int()), 2932896))
	case protoreflect.Uint32Kind:
		return protoreflect.ValueOfUint32(number(r, uint32(old.Uint()), 127))
	case protoreflect.Int64Kind:
		return protoreflect.ValueOfInt64(number(r, old.Int(), 86400e9))
	case protoreflect.Uint64Kind:
		return protoreflect.ValueOfUint64(number(r, old.Uint(), 1<<53))
	case protoreflect.StringKind:
		return protoreflect.ValueOfString(words(r, old.String()))
	case protoreflect.BytesKind:
		return protoreflect.ValueOfBytes(octets(r, old.Bytes()))
	default:
		panic("no message has a field of kind " + f.Kind().String())
	}
}

func number[T int32 | uint32 | int64 | uint64](r *rand.Rand, old, edge T) T {
	switch r.IntN(6) {
	case 0:
		return old + 1
	case 1:
		return old - 1
	case 2:
		return old ^ 1<<r.IntN(8)
	case 3:
		top := uint(8*binary.Size(old)) - 1
		return pick(r, 0, 1, 2, 3, 64, edge, edge+1, ^T(0), 1<<top, 1<<top-1, 1<<(top-1), 1<<(top/2), 1<<(top/2)-1, 1<<(top/2+1), old+edge, -old)
	default:
		return old + T(r.IntN(400)) - 200
	}
}

var dictionary = []string{
	"", "0101", "0111", "0120", "0122", "0199", "0201", "0202", "0204", "0299", "01", "05", "97_01", "99", "0102", "0103", "A010101", "A01", "A", "B01",
	"B0100", "B02", "C01", "D01", "A00", "A0", "CNCA-R-2002-001", "OTHER-1", "91371323760038087M", "91371323760038087N", "760038087", "840:C1", "156:X",
	"999:X", "2026010907000001", " x", "x ", "\u3000x", "a\u200bb", "x\ufffd", "\U000e0001", "\U0001f600", "\uffff", "é", "\x00", "cnca", "samr", "证书",
	"\ufeffx", "x\ufeff", "\u00a0x", "x\u0085", "a\u2028b", "\u202ex", "\ud7ff", "\ue000", "\U00010000", "\uff21", "\u0660\u0661", "\u017f", "\u212a", "e\u0301",
	"\u3164x", "x\u115f", "A01\n", "\u2003x", "1\u200d2", "__proto__", "constructor", "toString", "hasOwnProperty", "00", "0", "-0", "1e3",
	strings.Repeat("x", 64), strings.Repeat("x", 65), strings.Repeat("证", 333), strings.Repeat("证", 334),
}

func words(r *rand.Rand, old string) string {
	if r.IntN(3) == 0 || old == "" {
		return pick(r, dictionary...)
	}
	chars := []rune(old)
	i := r.IntN(len(chars))
	switch r.IntN(4) {
	case 0:
		chars[i] = pick(r, '0', '1', '9', 'A', 'Z', 'a', 'O', 'I', ' ', '-', ':', '/', '\u00ad', '\u4e00')
	case 1:
		chars = slices.Delete(chars, i, i+1)
	case 2:
		chars = slices.Insert(chars, i, chars[i])
	default:
		return old + pick(r, dictionary...)
	}
	return string(chars)
}

func octets(r *rand.Rand, old []byte) []byte {
	b := slices.Clone(old)
	switch k := r.IntN(7); {
	case len(b) == 0 || k == 0:
		return append(b, make([]byte, pick(r, 1, 31, 32, 33))...)
	case k == 1:
		return b[:r.IntN(len(b))]
	case k == 2:
		return append(b, byte(r.Uint32()))
	case k == 3:
		clear(b)
		return b
	default:
		b[r.IntN(len(b))] ^= 1 << r.IntN(8)
		return b
	}
}

// mutateBytes alters the encoding of a message as no encoder does, or any bytes.
func mutateBytes(r *rand.Rand, b []byte) []byte {
	b = slices.Clone(b)
	parts := fieldsOf(b)
	if len(parts) == 0 || chance(r, 20) {
		return octets(r, b)
	}
	i := r.IntN(len(parts))
	switch r.IntN(9) {
	case 0: // there twice
		parts = slices.Insert(parts, i, parts[i])
	case 1:
		parts = slices.Delete(parts, i, i+1)
	case 2: // out of order
		j := r.IntN(len(parts))
		parts[i], parts[j] = parts[j], parts[i]
	case 3: // unknown
		parts = slices.Insert(parts, i, protowire.AppendVarint(protowire.AppendTag(nil, protowire.Number(1+r.IntN(40)), protowire.VarintType), r.Uint64N(3)))
	case 4: // another type
		parts[i][0] ^= byte(1 + r.IntN(7))
	case 5: // a tag in more bytes than it needs
		parts[i] = slices.Insert(parts[i], 1, 0)
		parts[i][0] |= 0x80
	case 6: // a number or length in more bytes than it needs
		if n := varintLen(parts[i][1:]); n > 0 {
			parts[i] = slices.Insert(parts[i], 1+n, 0)
			parts[i][n] |= 0x80
		}
	case 7: // cut or longer at the end
		return octets(r, b)
	default: // within
		if _, kind, n := protowire.ConsumeTag(parts[i]); kind == protowire.BytesType {
			if inner, m := protowire.ConsumeBytes(parts[i][n:]); m > 0 {
				parts[i] = protowire.AppendBytes(parts[i][:n:n], mutateBytes(r, inner))
			}
		}
	}
	return slices.Concat(parts...)
}

func varintLen(b []byte) int {
	_, n := protowire.ConsumeVarint(b)
	return n
}

// fieldsOf cuts an encoded message into its fields, none if it is no message.
func fieldsOf(b []byte) (parts [][]byte) {
	for len(b) > 0 {
		_, _, n := protowire.ConsumeField(b)
		if n <= 0 {
			return nil
		}
		parts = append(parts, b[:n:n])
		b = b[n:]
	}
	return parts
}
