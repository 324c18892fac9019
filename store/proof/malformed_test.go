package proof_test

import (
	"bytes"
	"slices"

	"github.com/hallmark-ledger/hallmark/store/storetest"
)

// parts is a proof taken apart so that it can be put together wrongly.
type parts struct {
	kind     byte
	bitmap   []byte
	other    []byte // nothing, or 64 bytes
	siblings [][]byte
}

func take(p []byte) parts {
	n := int(p[1])
	s := parts{kind: p[0], bitmap: slices.Clone(p[2 : 2+n])}
	p = slices.Clone(p[2+n:])
	if s.kind == 2 {
		s.other, p = p[:64:64], p[64:]
	}
	s.siblings = slices.Collect(slices.Chunk(p, 32))
	return s
}

func (s parts) bytes() []byte {
	return slices.Concat([]byte{s.kind, byte(len(s.bitmap))}, s.bitmap, s.other, bytes.Join(s.siblings, nil))
}

// flip flips the bits of the bitmap at depths, growing it as needed.
func (s *parts) flip(depths ...int) {
	for _, d := range depths {
		for len(s.bitmap) <= d/8 {
			s.bitmap = append(s.bitmap, 0)
		}
		s.bitmap[d/8] ^= 0x80 >> (d % 8)
	}
	s.bitmap = bytes.TrimRight(s.bitmap, "\x00")
}

func cat(p []byte, more ...byte) []byte { return slices.Concat(p, more) }

// addMalformed breaks every rule of the encoding. The proofs belong to the
// state of ten keys.
func addMalformed(f *vectorFile) {
	kvs := numbered(10)
	root, kv := storetest.Root(kvs), kvs[3]
	in := storetest.Prove(kvs, kv.Key)
	absent := []byte("key-10")
	out := storetest.Prove(kvs, absent)
	n := int(in[1])

	malformed := func(name, want string, p []byte) {
		f.inclusion("malformed, for inclusion: "+name, want, root, kv, p)
		f.absence("malformed, for absence: "+name, want, root, absent, p)
	}
	malformed("no byte", "ErrTruncated", nil)
	malformed("kind 0", "ErrUnknownKind", cat([]byte{0}, in[1:]...))
	malformed("kind 4", "ErrUnknownKind", cat([]byte{4}, in[1:]...))
	malformed("kind 255", "ErrUnknownKind", []byte{255})
	malformed("kind alone (1)", "ErrTruncated", []byte{1})
	malformed("kind alone (2)", "ErrTruncated", []byte{2})
	malformed("kind 3 and a zero byte", "ErrTrailing", []byte{3, 0})
	malformed("kind 3 and the rest of an inclusion", "ErrTrailing", cat([]byte{3}, in[1:]...))
	malformed("n is 33", "ErrBitmapSize", cat([]byte{1, 33}, bytes.Repeat([]byte{1}, 33+33*32)...))
	malformed("n is 255 and nothing follows", "ErrBitmapSize", []byte{1, 255})
	malformed("bitmap cut", "ErrTruncated", []byte{1, 4, 0x80, 0, 0})
	malformed("bitmap missing", "ErrTruncated", []byte{2, 1})
	malformed("bitmap is one zero byte", "ErrBitmapZero", []byte{1, 1, 0})
	malformed("bitmap padded to 32 bytes", "ErrBitmapZero",
		slices.Concat([]byte{1, 32}, in[2:2+n], make([]byte, 32-n), in[2+n:]))
	malformed("bitmap padded by a byte (absence)", "ErrBitmapZero",
		slices.Concat([]byte{2, out[1] + 1}, out[2:2+out[1]], []byte{0}, out[2+out[1]:]))
	malformed("other leaf missing", "ErrTruncated", []byte{2, 0})
	malformed("other leaf without its value", "ErrTruncated", cat([]byte{2, 0}, kv32("x")...))
	malformed("other leaf cut by a byte", "ErrTruncated", cat([]byte{2, 0}, make([]byte, 63)...))
	malformed("last byte missing", "ErrTruncated", in[:len(in)-1])
	malformed("last byte missing (absence)", "ErrTruncated", out[:len(out)-1])
	malformed("last sibling missing", "ErrTruncated", in[:len(in)-32])
	malformed("no siblings", "ErrTruncated", in[:2+n])
	malformed("a zero byte after the end", "ErrTrailing", cat(in, 0))
	malformed("a zero byte after the end (absence)", "ErrTrailing", cat(out, 0))
	malformed("a sibling too many", "ErrTrailing", cat(in, in[len(in)-32:]...))
	malformed("the proof twice", "ErrTrailing", cat(in, in...))
	malformed("a zero byte before the start", "ErrUnknownKind", cat([]byte{0}, in...))
	malformed("inclusion with another leaf", "ErrTrailing", cat([]byte{1}, out[1:]...))
	malformed("absence without another leaf", "ErrTruncated", cat([]byte{2}, in[1:]...))

	more, less := take(in), take(in)
	more.flip(200)
	malformed("a depth without a sibling", "ErrTruncated", more.bytes())
	less.flip(firstDepth(in))
	malformed("a sibling without a depth", "ErrTrailing", less.bytes())
}
