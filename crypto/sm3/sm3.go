// Package sm3 is the SM3 hash of GB/T 32905-2016 as Hallmark uses it, over
// github.com/emmansun/gmsm.
//
// Beside the plain hash it offers one shape that the state trie, Merkle trees
// and seals share: a tag of whole 64-byte blocks, absorbed once, followed by
// exactly 64 bytes,
//
//	SM3(tag ‖ in),  len(tag) = 64·k,  len(in) = 64
//
// which costs two compressions however long the tag is. Jobs of that shape are
// handed over in batches (Hasher.Run), so that a vectorised implementation has
// one place to go.
//
// The hash is GB/T 32905-2016 §5: padding (§5.2), then one compression per
// 64-byte block (§5.3).
//
// gmsm's key derivation, sm3.Kdf, is not used and must not be: in v0.44.1 on
// amd64 with AVX2 its output is wrong when len(z) mod 64 is 60 to 63 and more
// than 96 bytes are asked for. TestNoKdf keeps it out of crypto/.
package sm3

import (
	"encoding"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"

	"github.com/emmansun/gmsm/sm3"
)

const (
	// Size is the length of a digest in bytes.
	Size = 32
	// BlockSize is the length of a compression block in bytes.
	BlockSize = 64
)

// Hash is an SM3 digest. The zero value stands for "nothing" wherever a format
// says so; no input is known that hashes to it.
type Hash [Size]byte

// String returns h as 64 lower-case hexadecimal digits.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// IsZero reports whether h is 32 zero bytes.
func (h Hash) IsZero() bool { return h == Hash{} }

// New returns a streaming SM3; its Sum appends Size bytes and its Write never
// fails.
func New() hash.Hash { return sm3.New() }

// Sum returns SM3(data). It allocates gmsm's state; where that matters, keep a
// Hasher.
func Sum(data []byte) Hash { return sm3.Sum(data) }

// state is what gmsm's digest implements: hashing, and saving and restoring
// the chaining value.
type state interface {
	hash.Hash
	encoding.BinaryMarshaler
	encoding.BinaryUnmarshaler
}

// Tag is the chaining value after a tag of whole blocks. Make one with NewTag;
// it is immutable and safe for concurrent use.
type Tag struct {
	saved   []byte          // gmsm's encoding of the state after the tag
	state   [8]uint32       // the same, its chaining value
	padding [BlockSize]byte // of a message of the tag and 64 bytes
}

// initialState is the chaining value before any block: GB/T 32905, 4.1.
var initialState = stateOf(mustSave(sm3.New().(state)))

// savedPrefix is what gmsm writes before the chaining value.
const savedPrefix = "sm3\x03"

func mustSave(d state) []byte {
	saved, err := d.MarshalBinary()
	if err != nil || string(saved[:len(savedPrefix)]) != savedPrefix {
		panic(fmt.Sprintf("sm3: gmsm saves its state in an unknown form: %v", err))
	}
	return saved
}

func stateOf(saved []byte) (words [8]uint32) {
	for i := range words {
		words[i] = binary.BigEndian.Uint32(saved[len(savedPrefix)+4*i:])
	}
	return words
}

// NewTag absorbs block, whose length must be a positive multiple of BlockSize;
// it panics otherwise, since tags are constants of the program.
func NewTag(block []byte) *Tag {
	if len(block) == 0 || len(block)%BlockSize != 0 {
		panic(fmt.Sprintf("sm3: a tag of %d bytes is not made of whole %d-byte blocks", len(block), BlockSize))
	}
	d := sm3.New().(state)
	d.Write(block)
	t := &Tag{saved: mustSave(d)}
	t.state = stateOf(t.saved)
	t.padding[0] = 0x80
	binary.BigEndian.PutUint64(t.padding[BlockSize-8:], uint64(len(block)+BlockSize)*8)
	return t
}

// TagBlock returns the 64-byte block that holds name, padded with zero bytes.
// It panics if name is longer than 64 bytes.
func TagBlock(name string) []byte {
	if len(name) > BlockSize {
		panic("sm3: tag name is longer than a block: " + name)
	}
	block := make([]byte, BlockSize)
	copy(block, name)
	return block
}
