package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// KeyCodec writes keys of type K as bytes. The encoding is injective: two keys
// that differ have encodings that differ. Scans go in the order of the encoded
// bytes.
type KeyCodec[K any] interface {
	// AppendKey appends the encoding of k to dst. It accepts any k, so that
	// what a user sent can be looked up; what must not be stored is refused
	// before it gets here.
	AppendKey(dst []byte, k K) []byte
	// DecodeKey reads an encoding, all of it. It must not keep b.
	DecodeKey(b []byte) (K, error)
}

// ValueCodec writes values of type V as bytes, each in exactly one way on
// every node.
type ValueCodec[V any] interface {
	// EncodeValue returns a slice that is the caller's own.
	EncodeValue(v V) ([]byte, error)
	// DecodeValue reads an encoding, all of it. It must not keep b.
	DecodeValue(b []byte) (V, error)
}

// KeyFuncs is the KeyCodec of two functions.
type KeyFuncs[K any] struct {
	Append func(dst []byte, k K) []byte
	Decode func(b []byte) (K, error)
}

func (f KeyFuncs[K]) AppendKey(dst []byte, k K) []byte { return f.Append(dst, k) }
func (f KeyFuncs[K]) DecodeKey(b []byte) (K, error)    { return f.Decode(b) }

// ValueFuncs is the ValueCodec of two functions.
type ValueFuncs[V any] struct {
	Encode func(v V) ([]byte, error)
	Decode func(b []byte) (V, error)
}

func (f ValueFuncs[V]) EncodeValue(v V) ([]byte, error)           { return f.Encode(v) }
func (f ValueFuncs[V]) DecodeValue(b []byte) (value V, err error) { return f.Decode(b) }

// Uint64 is the codec of a number, as a key and as a value: 8 bytes, big endian.
type Uint64 struct{}

func (Uint64) AppendKey(dst []byte, n uint64) []byte      { return AppendUint64(dst, n) }
func (Uint64) DecodeKey(b []byte) (uint64, error)         { return whole(CutUint64(b)) }
func (Uint64) EncodeValue(n uint64) ([]byte, error)       { return AppendUint64(nil, n), nil }
func (Uint64) DecodeValue(b []byte) (n uint64, err error) { return whole(CutUint64(b)) }

// Text is the codec of a string as a key, as AppendText writes it.
type Text struct{}

func (Text) AppendKey(dst []byte, s string) []byte { return AppendText(dst, s) }
func (Text) DecodeKey(b []byte) (string, error)    { return whole(CutText(b)) }

// Digest is the codec of an SM3 hash as a key: its 32 bytes.
type Digest struct{}

func (Digest) AppendKey(dst []byte, h sm3.Hash) []byte { return AppendHash(dst, h) }
func (Digest) DecodeKey(b []byte) (sm3.Hash, error)    { return whole(CutHash(b)) }

// Nothing is the codec of an empty value: a Map with it is a set of keys.
type Nothing struct{}

func (Nothing) EncodeValue(struct{}) ([]byte, error) { return nil, nil }
func (Nothing) DecodeValue(b []byte) (v struct{}, err error) {
	if len(b) > 0 {
		err = fmt.Errorf("%d bytes where none are expected", len(b))
	}
	return v, err
}

// The functions below write and read the parts of composite keys. Each part
// tells where it ends and sorts by its value, so keys of several parts sort by
// the first, then the second, and so on.

// AppendUint64 appends n as 8 bytes, big endian.
func AppendUint64(dst []byte, n uint64) []byte { return binary.BigEndian.AppendUint64(dst, n) }

// CutUint64 reads what AppendUint64 wrote at the start of b.
func CutUint64(b []byte) (n uint64, rest []byte, err error) {
	if len(b) < 8 {
		return 0, nil, errCut
	}
	return binary.BigEndian.Uint64(b), b[8:], nil
}

// AppendHash appends the 32 bytes of h.
func AppendHash(dst []byte, h sm3.Hash) []byte { return append(dst, h[:]...) }

// CutHash reads what AppendHash wrote at the start of b.
func CutHash(b []byte) (h sm3.Hash, rest []byte, err error) {
	if len(b) < sm3.Size {
		return h, nil, errCut
	}
	return sm3.Hash(b[:sm3.Size]), b[sm3.Size:], nil
}

// AppendText appends the bytes of s, each zero byte followed by 0xff, and then
// the end 0x00 0x01. Any s can be written, and the encodings sort as the
// strings do.
func AppendText(dst []byte, s string) []byte {
	for i := range len(s) {
		dst = append(dst, s[i])
		if s[i] == 0 {
			dst = append(dst, 0xff)
		}
	}
	return append(dst, 0, 1)
}

// CutText reads what AppendText wrote at the start of b.
func CutText(b []byte) (s string, rest []byte, err error) {
	var text []byte
	for {
		i := bytes.IndexByte(b, 0)
		if i < 0 || i+1 == len(b) {
			return "", nil, errCut
		}
		text = append(text, b[:i]...)
		escape := b[i+1]
		b = b[i+2:]
		switch escape {
		case 0xff:
			text = append(text, 0)
		case 1:
			return string(text), b, nil
		default:
			return "", nil, fmt.Errorf("0x00 0x%02x inside a text", escape)
		}
	}
}

var errCut = errors.New("the key ends too early")

// whole refuses what is left after the only part of a key.
func whole[T any](v T, rest []byte, err error) (T, error) {
	if err == nil && len(rest) > 0 {
		err = fmt.Errorf("%d bytes after the end", len(rest))
	}
	return v, err
}
