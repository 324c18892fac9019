package engine

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// The database of values holds, under
//
//	'v' ‖ version << 28 | index (8)
//
// value records in the order of writing, in pages, and behind those of a version
// its delta. It is only ever appended to.
const valueRange = 'v'

func (l location) key() []byte {
	return binary.BigEndian.AppendUint64([]byte{valueRange}, uint64(l))
}

func parseLocation(dbKey []byte) (location, error) {
	if len(dbKey) != 9 || dbKey[0] != valueRange {
		return 0, fmt.Errorf("%w: unknown key %x in the database", ErrCorrupt, dbKey)
	}
	return location(binary.BigEndian.Uint64(dbKey[1:])), nil
}

// delta says what one version changed, and where the store stood after it.
//
//	format (1) ‖ version (8) ‖ root (32) ‖ floor (8) ‖ low (8) ‖ swept (8) ‖
//	keys (8) ‖ values (8) ‖ removals (4) ‖ changes (4)
//	changes, sorted by path, of
//	  path (32) ‖ what (1: bit 0 was there, bit 1 is there) ‖
//	  [old leaf (32) ‖ old location (8)] ‖ [new leaf (32) ‖ new index (4)]
//	CRC-32C of all before (4)
type delta struct {
	version uint64
	root    sm3.Hash
	floor   uint64 // the oldest version that can still be read
	low     uint64 // the oldest version whose delta is still needed
	swept   uint64 // value records of earlier versions are not of this one's state
	keys    uint64 // present
	values  uint64 // value records in the database
	changes []change
}

// change is what a version did to one path; a loc of 0 means absent.
type change struct {
	path             sm3.Hash
	oldLeaf, newLeaf sm3.Hash
	oldLoc, newLoc   location
}

const (
	deltaFormat = 2
	deltaHeader = 1 + 8 + 32 + 5*8 + 2*4
	deltaChange = sm3.Size + 1 + sm3.Size + 8 + sm3.Size + 4 // at most
	wasThere    = 1
	isThere     = 2
)

func (d *delta) encode() []byte {
	out := make([]byte, 0, deltaHeader+len(d.changes)*deltaChange+4)
	out = append(out, deltaFormat)
	out = binary.BigEndian.AppendUint64(out, d.version)
	out = append(out, d.root[:]...)
	for _, n := range []uint64{d.floor, d.low, d.swept, d.keys, d.values} {
		out = binary.BigEndian.AppendUint64(out, n)
	}
	out = binary.BigEndian.AppendUint32(out, uint32(d.removals()))
	out = binary.BigEndian.AppendUint32(out, uint32(len(d.changes)))
	for i := range d.changes {
		c := &d.changes[i]
		out = append(out, c.path[:]...)
		var what byte
		if c.oldLoc != 0 {
			what |= wasThere
		}
		if c.newLoc != 0 {
			what |= isThere
		}
		out = append(out, what)
		if c.oldLoc != 0 {
			out = append(out, c.oldLeaf[:]...)
			out = binary.BigEndian.AppendUint64(out, uint64(c.oldLoc))
		}
		if c.newLoc != 0 {
			out = append(out, c.newLeaf[:]...)
			out = binary.BigEndian.AppendUint32(out, uint32(c.newLoc&deltaIndex))
		}
	}
	return binary.BigEndian.AppendUint32(out, crc32.Checksum(out, castagnoli))
}

func (d *delta) removals() (n int) {
	for i := range d.changes {
		if d.changes[i].newLoc == 0 {
			n++
		}
	}
	return n
}

// parseDelta is the inverse of encode. It accepts nothing that encode does not
// write.
func parseDelta(raw []byte) (*delta, error) {
	bad := func(why string) (*delta, error) { return nil, fmt.Errorf("%w: delta record: %s", ErrCorrupt, why) }
	if len(raw) < deltaHeader+4 {
		return bad("too short")
	}
	body, sum := raw[:len(raw)-4], raw[len(raw)-4:]
	if crc32.Checksum(body, castagnoli) != binary.BigEndian.Uint32(sum) {
		return bad("wrong checksum")
	}
	if body[0] != deltaFormat {
		return bad(fmt.Sprintf("format %d, this program reads %d", body[0], deltaFormat))
	}
	next := func(n int) []byte { b := body[:n]; body = body[n:]; return b }
	u64 := func() uint64 { return binary.BigEndian.Uint64(next(8)) }
	next(1)
	d := &delta{version: u64()}
	copy(d.root[:], next(sm3.Size))
	d.floor, d.low, d.swept, d.keys, d.values = u64(), u64(), u64(), u64(), u64()
	removals, n := binary.BigEndian.Uint32(next(4)), binary.BigEndian.Uint32(next(4))
	if d.version == 0 || d.version > maxVersion || d.floor == 0 || d.floor > d.version ||
		d.low == 0 || d.low > d.version || d.swept > d.version {
		return bad("impossible version")
	}
	if int64(n)*(sm3.Size+1) > int64(len(body)) {
		return bad("too short for its changes")
	}
	d.changes = make([]change, n)
	for i := range d.changes {
		c := &d.changes[i]
		if len(body) < sm3.Size+1 {
			return bad("cut off")
		}
		copy(c.path[:], next(sm3.Size))
		if i > 0 && bytes.Compare(d.changes[i-1].path[:], c.path[:]) >= 0 {
			return bad("paths out of order")
		}
		what := next(1)[0]
		if what == 0 || what > wasThere|isThere {
			return bad("unknown change")
		}
		if what&wasThere != 0 {
			if len(body) < sm3.Size+8 {
				return bad("cut off")
			}
			copy(c.oldLeaf[:], next(sm3.Size))
			if c.oldLoc = location(u64()); c.oldLoc == 0 || c.oldLoc.version() >= d.version {
				return bad("impossible old location")
			}
		}
		if what&isThere != 0 {
			if len(body) < sm3.Size+4 {
				return bad("cut off")
			}
			copy(c.newLeaf[:], next(sm3.Size))
			index := binary.BigEndian.Uint32(next(4))
			if index > maxIndex {
				return bad("impossible index")
			}
			c.newLoc = locate(d.version, int(index))
		}
	}
	if len(body) != 0 {
		return bad("bytes left over")
	}
	if d.removals() != int(removals) {
		return bad("wrong number of removals")
	}
	return d, nil
}
