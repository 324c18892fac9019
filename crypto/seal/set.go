package seal

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

const (
	// MaxKeys is the largest number of keys in a set.
	MaxKeys = 1024
	// MaxPower is the largest total power of a set, that of a CometBFT
	// validator set: (2^63 - 1) / 8, rounded down. Three times it fits 64 bits.
	MaxPower = 1<<60 - 1

	setHeader = 2 + 8
	setEntry  = sm2.PublicKeySize + 8
)

// ErrSet: the keys and powers, or the bytes, are not a seal set. The error that
// wraps it says why.
var ErrSet = errors.New("seal: not a seal set")

// setTag begins what is hashed: "hallmark/sealset/v1" and 45 zero bytes.
var setTag = sm3.TagBlock("hallmark/sealset/v1")

// Entry is a seal key, a compressed SM2 public key, and its power.
type Entry struct {
	Key   [sm2.PublicKeySize]byte
	Power uint64
}

// Set is the seal keys that stand behind a height, with their powers: at least
// one and at most MaxKeys, each once, each of a power above zero, MaxPower
// together. NewSet and ParseSet make one; the zero value is no set. It is
// immutable and safe for concurrent use.
type Set struct {
	entries []Entry // sorted by key
	total   uint64
}

// NewSet returns the set of entries, which may come in any order and are
// copied. Its errors wrap ErrSet. That each key is a point of the curve is left
// to whoever verifies with it: a key that is none verifies nothing.
func NewSet(entries []Entry) (Set, error) {
	s := Set{entries: slices.Clone(entries)}
	slices.SortFunc(s.entries, func(a, b Entry) int { return bytes.Compare(a.Key[:], b.Key[:]) })
	if err := s.check(); err != nil {
		return Set{}, err
	}
	return s, nil
}

// check sums the powers and reports what is wrong with the sorted entries.
func (s *Set) check() error {
	if n := len(s.entries); n == 0 || n > MaxKeys {
		return fmt.Errorf("%w: it has %d keys, want 1 to %d", ErrSet, n, MaxKeys)
	}
	for i, e := range s.entries {
		switch {
		case e.Key[0] != 2 && e.Key[0] != 3:
			return fmt.Errorf("%w: key %x is not compressed: it begins with neither 02 nor 03", ErrSet, e.Key)
		case i > 0 && s.entries[i-1].Key == e.Key:
			return fmt.Errorf("%w: key %x stands in it twice", ErrSet, e.Key)
		case i > 0 && bytes.Compare(s.entries[i-1].Key[:], e.Key[:]) > 0:
			return fmt.Errorf("%w: its keys are not in ascending order", ErrSet)
		case e.Power == 0:
			return fmt.Errorf("%w: key %x has no power", ErrSet, e.Key)
		case e.Power > MaxPower-s.total: // total ≤ MaxPower, so this cannot wrap
			return fmt.Errorf("%w: the powers add up to more than %d", ErrSet, uint64(MaxPower))
		}
		s.total += e.Power
	}
	return nil
}

// Append appends the encoding of s to dst:
//
//	count (2 bytes) ‖ total power (8) ‖ count × (key (33) ‖ power (8))
//
// Integers are big-endian, entries sorted by key.
func (s Set) Append(dst []byte) []byte {
	dst = binary.BigEndian.AppendUint16(dst, uint16(len(s.entries)))
	dst = binary.BigEndian.AppendUint64(dst, s.total)
	for _, e := range s.entries {
		dst = append(dst, e.Key[:]...)
		dst = binary.BigEndian.AppendUint64(dst, e.Power)
	}
	return dst
}

// ParseSet reads what Append writes, all of b. Exactly one encoding of each set
// is accepted. Its errors wrap ErrSet.
func ParseSet(b []byte) (Set, error) {
	if len(b) < setHeader {
		return Set{}, fmt.Errorf("%w: %d bytes are too few", ErrSet, len(b))
	}
	count, total := int(binary.BigEndian.Uint16(b)), binary.BigEndian.Uint64(b[2:])
	if want := setHeader + count*setEntry; count > MaxKeys || len(b) != want {
		return Set{}, fmt.Errorf("%w: %d keys make %d bytes, not %d", ErrSet, count, want, len(b))
	}
	s := Set{entries: make([]Entry, count)}
	for i := range s.entries {
		e := b[setHeader+i*setEntry:]
		s.entries[i].Key = [sm2.PublicKeySize]byte(e)
		s.entries[i].Power = binary.BigEndian.Uint64(e[sm2.PublicKeySize:])
	}
	if err := s.check(); err != nil {
		return Set{}, err
	}
	if s.total != total {
		return Set{}, fmt.Errorf("%w: it names %d as the total of its powers, which is %d", ErrSet, total, s.total)
	}
	return s, nil
}

// Hash returns SM3(tag ‖ encoding), tag being "hallmark/sealset/v1" in a block
// of 64 bytes of its own, filled with zeros.
func (s Set) Hash() sm3.Hash { return sm3.Sum(s.Append(slices.Clone(setTag))) }

// Entries returns the keys and powers, sorted by key. The caller owns it.
func (s Set) Entries() []Entry { return slices.Clone(s.entries) }

// Len returns the number of keys.
func (s Set) Len() int { return len(s.entries) }

// Total returns the power of all keys together.
func (s Set) Total() uint64 { return s.total }

// Power returns the power of key, 0 if it is not in s.
func (s Set) Power(key [sm2.PublicKeySize]byte) uint64 {
	i, ok := slices.BinarySearchFunc(s.entries, key, func(e Entry, key [sm2.PublicKeySize]byte) int {
		return bytes.Compare(e.Key[:], key[:])
	})
	if !ok {
		return 0
	}
	return s.entries[i].Power
}

// Quorum reports whether power, the sum of the powers of different keys of s,
// is more than two thirds of the total. Nothing is a quorum of the zero value.
func (s Set) Quorum(power uint64) bool {
	return s.total > 0 && power <= s.total && 3*power > 2*s.total
}

// Equal reports whether s and other hold the same keys with the same powers.
func (s Set) Equal(other Set) bool { return slices.Equal(s.entries, other.entries) }
