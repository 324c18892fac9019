package light

import (
	"errors"
	"fmt"

	"google.golang.org/protobuf/proto"
)

// errCanonical: bytes are not the one encoding that is accepted.
var errCanonical = errors.New("not the canonical encoding")

// A fields reads the fields of an encoded message of light.proto, in the
// canonical form of docs/formats.md, section 10: the caller asks for them in
// ascending order of their numbers (1 to 15, so that a tag is one byte), takes
// lists with more, and calls end. A field with the default value is absent;
// bytes that are left are an unknown field, one out of order or one twice.
//
// Nothing is copied: what it returns shares memory with what it reads. The first
// error stays.
type fields struct {
	rest []byte
	err  error
}

const (
	wireVarint = 0
	wireBytes  = 2
)

// more reports whether the next field has a number and a wire type.
func (f *fields) more(number, wire byte) bool {
	return f.err == nil && len(f.rest) > 0 && f.rest[0] == number<<3|wire
}

// uint reads a number, 0 if the field is absent.
func (f *fields) uint(number byte) uint64 {
	if !f.more(number, wireVarint) {
		return 0
	}
	f.rest = f.rest[1:]
	n := f.varint()
	if n == 0 {
		f.fail(number)
	}
	return n
}

// bytes reads a string of bytes, nil if the field is absent. It is not empty.
func (f *fields) bytes(number byte) []byte {
	b := f.optional(number)
	if b != nil && len(b) == 0 {
		f.fail(number)
	}
	return b
}

// optional reads bytes that may be there and empty; nil if the field is absent.
func (f *fields) optional(number byte) []byte {
	if !f.more(number, wireBytes) {
		return nil
	}
	f.rest = f.rest[1:]
	n := f.varint()
	if f.err != nil || n > uint64(len(f.rest)) {
		f.fail(number)
		return nil
	}
	b := f.rest[:n:n]
	f.rest = f.rest[n:]
	return b
}

// varint reads a number in the fewest bytes.
func (f *fields) varint() (n uint64) {
	for i, b := range f.rest {
		if i == 9 && b > 1 || i > 0 && b == 0 {
			break // beyond 64 bits, or a byte too many
		}
		n |= uint64(b&0x7f) << (7 * i)
		if b < 0x80 {
			f.rest = f.rest[i+1:]
			return n
		}
	}
	f.err = errCanonical
	return 0
}

func (f *fields) fail(number byte) {
	if f.err == nil {
		f.err = fmt.Errorf("%w of field %d", errCanonical, number)
	}
}

// end reports what was wrong, or that something is left.
func (f *fields) end() error {
	if f.err == nil && len(f.rest) > 0 {
		f.err = fmt.Errorf("%w: a field that is unknown, out of order or there twice", errCanonical)
	}
	return f.err
}

func marshal(m proto.Message) ([]byte, error) {
	return proto.MarshalOptions{Deterministic: true}.Marshal(m)
}
