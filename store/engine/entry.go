package engine

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"slices"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// location says where a value record is: version << 28 | index, so that
// locations ascend with the order of writing.
type location uint64

const (
	indexBits  = 28
	deltaIndex = 1<<indexBits - 1 // of a version's delta record, behind its values
	maxIndex   = deltaIndex - 1
	maxVersion = 1<<(64-indexBits) - 1
)

func locate(version uint64, index int) location {
	return location(version<<indexBits | uint64(index))
}

func (l location) version() uint64 { return uint64(l) >> indexBits }

// entry is one key of the state: 72 bytes.
type entry struct {
	path sm3.Hash // SM3(key)
	leaf sm3.Hash // SM3(leaf tag ‖ path ‖ SM3(value))
	loc  location
}

const entryBytes = 2*sm3.Size + 8

func appendEntry(dst []byte, e *entry) []byte {
	dst = append(dst, e.path[:]...)
	dst = append(dst, e.leaf[:]...)
	return binary.BigEndian.AppendUint64(dst, uint64(e.loc))
}

func parseEntry(b []byte) (e entry) {
	copy(e.path[:], b)
	copy(e.leaf[:], b[sm3.Size:])
	e.loc = location(binary.BigEndian.Uint64(b[2*sm3.Size:]))
	return e
}

// comparePaths orders paths as bytes.Compare does; the first eight bytes nearly
// always decide.
func comparePaths(a, b *sm3.Hash) int {
	x, y := binary.BigEndian.Uint64(a[:]), binary.BigEndian.Uint64(b[:])
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return bytes.Compare(a[8:], b[8:])
}

// find returns the position of path in entries, sorted by path.
func find(entries []entry, path *sm3.Hash) (int, bool) {
	if len(entries) <= 16 {
		for i := range entries {
			if c := comparePaths(&entries[i].path, path); c >= 0 {
				return i, c == 0
			}
		}
		return len(entries), false
	}
	return slices.BinarySearchFunc(entries, path, func(e entry, p *sm3.Hash) int { return comparePaths(&e.path, p) })
}

// parting returns the first bit at which two different paths part, 256 if they
// are the same.
func parting(a, b *sm3.Hash) int {
	for i := 0; i < sm3.Size; i += 8 {
		x := binary.BigEndian.Uint64(a[i:]) ^ binary.BigEndian.Uint64(b[i:])
		if x != 0 {
			return i*8 + bits.LeadingZeros64(x)
		}
	}
	return 8 * sm3.Size
}

// prefix returns the first n bits of path, 0 to 32.
func prefix(path *sm3.Hash, n int) uint32 {
	return uint32(uint64(binary.BigEndian.Uint32(path[:])) >> (32 - n))
}
