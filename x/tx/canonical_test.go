package tx

import (
	"bytes"
	"slices"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/hallmark-ledger/hallmark/x/exec"
)

// Other encodings of what would be accepted, in either layer.
func TestNotCanonical(t *testing.T) {
	b := body(t)
	encoded, _ := marshal(b)
	for name, other := range encodings(t, encoded) {
		x := signEncoded(t, other, b.Signers) // signed as they are
		_, err := Decode(bytesOf(t, x), limits)
		if !codeNotCanonical.Is(err) && !codeMalformed.Is(err) {
			t.Errorf("body, %s: %v", name, err)
		}
	}
	for name, other := range encodings(t, bytesOf(t, sign(t, b))) {
		_, err := Decode(other, limits)
		if !codeNotCanonical.Is(err) && !codeMalformed.Is(err) {
			t.Errorf("envelope, %s: %v", name, err)
		}
	}
}

// encodings returns other encodings of the message b, most of which mean the
// same by protobuf's rules.
func encodings(t testing.TB, b []byte) map[string][]byte {
	t.Helper()
	type part struct {
		field   protowire.Number
		wire    protowire.Type
		content []byte // with its length, if any
	}
	var parts []part
	for rest := b; len(rest) > 0; {
		n, w, tag := protowire.ConsumeTag(rest)
		size := protowire.ConsumeFieldValue(n, w, rest[tag:])
		parts = append(parts, part{n, w, rest[tag : tag+size]})
		rest = rest[tag+size:]
	}
	join := func(parts ...part) (out []byte) {
		for _, p := range parts {
			out = append(protowire.AppendTag(out, p.field, p.wire), p.content...)
		}
		return out
	}
	if !bytes.Equal(join(parts...), b) {
		t.Fatal("the helper does not encode as protobuf does")
	}
	// long returns a varint with one byte more than it needs.
	long := func(v uint64) []byte {
		out := protowire.AppendVarint(nil, v)
		out[len(out)-1] |= 0x80
		return append(out, 0)
	}
	out := map[string][]byte{
		"byte at the end":        append(bytes.Clone(b), 0),
		"unknown field at end":   append(bytes.Clone(b), protowire.AppendVarint(protowire.AppendTag(nil, 2047, protowire.VarintType), 1)...),
		"unknown field at start": append([]byte{15 << 3, 1}, b...),
		"unknown group":          append(bytes.Clone(b), 15<<3|3, 15<<3|4),
		"open group":             append(bytes.Clone(b), 15<<3|3),
		"field 0":                append(bytes.Clone(b), 0, 0),
		"backwards": func() []byte {
			p := slices.Clone(parts)
			slices.Reverse(p)
			return join(p...)
		}(),
	}
	for i, p := range parts {
		mark := func(what string) string { return what + " of part " + string(rune('0'+i)) }
		before, after := join(parts[:i]...), join(parts[i+1:]...)
		tag, _ := protowire.ConsumeVarint(protowire.AppendTag(nil, p.field, p.wire))
		out[mark("long tag")] = slices.Concat(before, long(tag), p.content, after)
		v, n := protowire.ConsumeVarint(p.content)
		out[mark("long number")] = slices.Concat(before, protowire.AppendTag(nil, p.field, p.wire), long(v), p.content[n:], after)
		if p.field == 1 || p.wire == protowire.VarintType { // single
			out[mark("repetition")] = slices.Concat(before, join(p, p), after)
			empty := part{p.field, p.wire, []byte{0}}
			out[mark("default before")] = slices.Concat(before, join(empty, p), after)
			out[mark("default after")] = slices.Concat(before, join(p, empty), after)
		}
	}
	return out
}

// Parts of parts: a list of numbers that is not packed, or packed in two, a
// field unknown to a signer or a message.
func TestNotCanonicalInside(t *testing.T) {
	b := body(t)
	encoded, _ := marshal(b)
	message := []byte("\x0a\x02cb\x12\x02\x00\x01")
	if !bytes.Contains(encoded, message) {
		t.Fatal("the message is encoded in another way")
	}
	for name, other := range map[string]string{
		"not packed":        "\x0a\x02cb\x10\x00\x10\x01",
		"packed in two":     "\x0a\x02cb\x12\x01\x00\x12\x01\x01",
		"empty list":        "\x0a\x02cb\x12\x02\x00\x01\x12\x00",
		"long number":       "\x0a\x02cb\x12\x03\x00\x81\x00",
		"number of 33 bits": "\x0a\x02cb\x12\x06\x00\x81\x80\x80\x80\x10",
		"order":             "\x12\x02\x00\x01\x0a\x02cb",
		"actor twice":       "\x0a\x02xx\x0a\x02cb\x12\x02\x00\x01",
		"unknown field":     "\x0a\x02cb\x12\x02\x00\x01\xfa\x7f\x00",
	} {
		head, tail, _ := bytes.Cut(encoded, append([]byte{0x32, byte(len(message))}, message...))
		changed := slices.Concat(head, []byte{0x32, byte(len(other))}, []byte(other), tail)
		_, err := Decode(bytesOf(t, signEncoded(t, changed, b.Signers)), limits)
		if !codeNotCanonical.Is(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// No byte can be changed, dropped or added so that the result is the same
// transaction.
func TestMangled(t *testing.T) {
	raw := bytesOf(t, sign(t, body(t)))
	x := mustDecode(t, raw)
	auth, r := newAuthenticator(), state(t)
	try := func(other []byte) {
		y, err := Decode(other, limits)
		if err != nil {
			if _, ok := exec.AsRefusal(err); !ok {
				t.Fatal(err)
			}
			return
		}
		if y.ID() == x.ID() && slices.Equal(y.signatures, x.signatures) {
			t.Fatalf("accepted as the same: %x", other)
		}
		if _, err := auth.Authenticate(t.Context(), r, block, limits, y); err == nil {
			t.Fatalf("authenticated: %x", other)
		}
	}
	for i := range raw {
		for _, bit := range []byte{1, 0x80, 0xff} {
			other := bytes.Clone(raw)
			other[i] ^= bit
			try(other)
		}
		try(raw[:i])
		try(slices.Delete(bytes.Clone(raw), i, i+1))
		try(slices.Insert(bytes.Clone(raw), i, raw[i]))
	}
}
