package evidence

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	evidencev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/evidence/v1"
	xevidence "github.com/hallmark-ledger/hallmark/x/evidence"
)

// Source says what the leaves of a manifest are.
type Source byte

// The sources.
const (
	Files  Source = 1 // files of a folder or a list, in the order of their paths, one anchor
	Lines  Source = 2 // lines of a stream
	Folder Source = 3 // files of a folder as they come
)

// Begin is what a manifest is of.
type Begin struct {
	Source Source
	// Secret is what the salts of the leaves are derived from.
	Secret [32]byte
	// Path is what was read: a folder, a file, or "-" for the standard input.
	Path string
	// Anchor is what all anchors of the manifest have in common: one of no leaf,
	// with a root of zeros, captured in 1970.
	Anchor xevidence.Anchor
}

// begin = source (1) ‖ secret (32) ‖ length of path (2) ‖ path ‖ encoded Anchor
func (b *Begin) encode(dst []byte) ([]byte, error) {
	if len(b.Path) > 1<<16-1 {
		return nil, fmt.Errorf("evidence: a path of %d bytes", len(b.Path))
	}
	dst = append(append(dst, byte(b.Source)), b.Secret[:]...)
	dst = append(binary.BigEndian.AppendUint16(dst, uint16(len(b.Path))), b.Path...)
	return append(dst, xevidence.EncodeAnchor(&b.Anchor)...), nil
}

func decodeBegin(p []byte) (*Begin, error) {
	r := bytesReader{rest: p}
	b := &Begin{Source: Source(r.byte())}
	copy(b.Secret[:], r.take(len(b.Secret)))
	b.Path = string(r.take(int(binary.BigEndian.Uint16(r.take(2)))))
	if r.short || b.Source < Files || b.Source > Folder {
		return nil, errPayload
	}
	// Of no leaf, it is no anchor that could be.
	a, err := decodeAnchor(r.rest, func(m *evidencev1.Anchor) { m.Leaves, m.From, m.To = 1, 1, 1 })
	if err != nil {
		return nil, err
	}
	b.Anchor = common(*a)
	return b, nil
}

// common returns an anchor without what depends on its leaves.
func common(a xevidence.Anchor) xevidence.Anchor {
	a.Root, a.Leaves, a.From, a.To = sm3.Hash{}, 0, time.Unix(0, 0).UTC(), time.Unix(0, 0).UTC()
	return a
}

// decodeAnchor reads an encoded anchor, of which change changes something before
// it is checked.
func decodeAnchor(p []byte, change func(*evidencev1.Anchor)) (*xevidence.Anchor, error) {
	m := new(evidencev1.Anchor)
	if err := proto.Unmarshal(p, m); err != nil {
		return nil, fmt.Errorf("%w: %w", errPayload, err)
	}
	change(m)
	a, err := xevidence.ParseAnchor(m)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errPayload, err)
	}
	return a, nil
}

// errPayload: a payload has another form than its kind of frame.
var errPayload = errors.New("a frame has another form than its kind")

// bytesReader takes bytes apart. What is missing is zeros, and short is set.
type bytesReader struct {
	rest  []byte
	short bool
}

func (r *bytesReader) take(n int) []byte {
	if n < 0 || n > len(r.rest) {
		r.short, r.rest = true, nil
		return make([]byte, max(0, min(n, 64)))
	}
	b := r.rest[:n:n]
	r.rest = r.rest[n:]
	return b
}

func (r *bytesReader) byte() byte     { return r.take(1)[0] }
func (r *bytesReader) uint64() uint64 { return binary.BigEndian.Uint64(r.take(8)) }

func (r *bytesReader) uvarint() uint64 {
	v, n := binary.Uvarint(r.rest)
	if n <= 0 {
		r.short, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[n:]
	return v
}

func (r *bytesReader) varint() int64 {
	v := r.uvarint()
	return int64(v>>1) ^ -int64(v&1)
}

// leaves = number of the first (8) ‖ position (8) ‖ base (8) ‖ how many (varint) ‖ leaf …
// leaf   = content (32) ‖ size (varint) ‖ captured less that of the one before (zigzag)
//
//	and of files: bytes that the name has in common with the one before (varint) ‖
//	the rest of the name (varint length, bytes) ‖ modified less captured (zigzag)
//
// base is what the first captured is less, position that of the last leaf.
func encodeLeaves(dst []byte, source Source, first uint64, list []Leaf) []byte {
	dst = binary.BigEndian.AppendUint64(dst, first)
	dst = binary.BigEndian.AppendUint64(dst, list[len(list)-1].Position)
	before, name := list[0].Captured, ""
	dst = binary.BigEndian.AppendUint64(dst, uint64(before))
	dst = binary.AppendUvarint(dst, uint64(len(list)))
	for i := range list {
		l := &list[i]
		dst = append(dst, l.Content[:]...)
		dst = binary.AppendUvarint(dst, l.Size)
		dst = binary.AppendVarint(dst, l.Captured-before)
		before = l.Captured
		if source == Lines {
			continue
		}
		common := commonPrefix(name, l.Name)
		dst = binary.AppendUvarint(dst, uint64(common))
		dst = binary.AppendUvarint(dst, uint64(len(l.Name)-common))
		dst = append(dst, l.Name[common:]...)
		dst = binary.AppendVarint(dst, l.Modified-l.Captured)
		name = l.Name
	}
	return dst
}

func commonPrefix(a, b string) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

// decodeLeaves appends the leaves of a payload to list.
func decodeLeaves(p []byte, source Source, list []Leaf) (first uint64, _ []Leaf, err error) {
	r := bytesReader{rest: p}
	first = r.uint64()
	position, captured := r.uint64(), int64(r.uint64())
	n, name := r.uvarint(), ""
	if r.short || n == 0 || n > groupLeaves {
		return 0, nil, errPayload
	}
	for range n {
		l := Leaf{Content: sm3.Hash(r.take(sm3.Size)), Size: r.uvarint()}
		captured += r.varint()
		l.Captured = captured
		if source != Lines {
			common := r.uvarint()
			rest := r.take(int(min(r.uvarint(), maxName+1)))
			if common > uint64(len(name)) || int(common)+len(rest) > maxName {
				return 0, nil, errPayload
			}
			name = name[:common] + string(rest)
			l.Name, l.Modified = name, captured+r.varint()
		}
		list = append(list, l)
	}
	if r.short || len(r.rest) > 0 {
		return 0, nil, errPayload
	}
	list[len(list)-1].Position = position
	return first, list, nil
}

// group is an entry of kindGroups: the root of a group and the offset of the frame
// with its first leaf.
//
//	groups = (root (32) ‖ offset (8)) …
type group struct {
	root   sm3.Hash
	offset int64
}

const (
	groupSize = sm3.Size + 8
	// maxGroups is how many groups a frame has at most.
	maxGroups = 8192
)

func encodeGroups(dst []byte, list []group) []byte {
	for i := range list {
		dst = append(dst, list[i].root[:]...)
		dst = binary.BigEndian.AppendUint64(dst, uint64(list[i].offset))
	}
	return dst
}

func decodeGroups(p []byte, list []group) ([]group, error) {
	if len(p) == 0 || len(p)%groupSize != 0 {
		return nil, errPayload
	}
	for ; len(p) > 0; p = p[groupSize:] {
		list = append(list, group{sm3.Hash(p), int64(binary.BigEndian.Uint64(p[sm3.Size:]))})
	}
	return list, nil
}

// anchor = number (8) ‖ number of its first leaf in the manifest (8) ‖
// offset of the first kindGroups (8) ‖ encoded Anchor
func (a *Anchor) encode(dst []byte) ([]byte, error) {
	dst = binary.BigEndian.AppendUint64(dst, a.Number)
	dst = binary.BigEndian.AppendUint64(dst, a.First)
	dst = binary.BigEndian.AppendUint64(dst, uint64(a.groups))
	return append(dst, xevidence.EncodeAnchor(&a.Anchor)...), nil
}

func decodeAnchorFrame(p []byte) (*Anchor, error) {
	r := bytesReader{rest: p}
	a := &Anchor{Number: r.uint64(), First: r.uint64(), groups: int64(r.uint64())}
	if r.short {
		return nil, errPayload
	}
	parsed, err := decodeAnchor(r.rest, func(*evidencev1.Anchor) {})
	if err != nil {
		return nil, err
	}
	a.Anchor, a.ID = *parsed, parsed.ID()
	return a, nil
}

// outcome = number of the anchor (8) ‖ height (8) ‖ time (8) ‖ SM3 of the transaction's body (32)
func (o *Outcome) encode(dst []byte, number uint64) []byte {
	dst = binary.BigEndian.AppendUint64(dst, number)
	dst = binary.BigEndian.AppendUint64(dst, o.Height)
	dst = binary.BigEndian.AppendUint64(dst, uint64(o.Time))
	return append(dst, o.Tx[:]...)
}

func decodeOutcome(p []byte) (number uint64, o *Outcome, err error) {
	r := bytesReader{rest: p}
	number = r.uint64()
	o = &Outcome{Height: r.uint64(), Time: int64(r.uint64()), Tx: sm3.Hash(r.take(sm3.Size))}
	if r.short || len(r.rest) > 0 {
		return 0, nil, errPayload
	}
	return number, o, nil
}
