package evidence

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

// A manifest is a header and frames:
//
//	header = "HMEV" ‖ version (4) ‖ id (16)
//	frame  = kind (1) ‖ length (4) ‖ payload ‖ check (4)
//	check  = CRC-32C of id ‖ offset of the frame (8) ‖ kind ‖ length ‖ payload
//
// The offset keeps what an earlier file left on the disk from passing for a frame.
const (
	magic      = "HMEV"
	version    = 1
	idSize     = 16
	headerSize = len(magic) + 4 + idSize
	beforeSize = 1 + 4 // of a frame, before its payload
	frameSize  = beforeSize + 4

	// maxPayload is the length in bytes of the longest payload.
	maxPayload = 1 << 20
)

// The kinds of frames.
const (
	kindBegin   = 1 // what the manifest is of; the first frame and no other
	kindLeaves  = 2 // up to groupLeaves leaves, all of one group
	kindGroups  = 3 // the groups of the anchor that the next kindAnchor closes
	kindAnchor  = 4 // an anchor over the leaves since the one before
	kindOutcome = 5 // the ledger has an anchor
	kindMark    = 6 // how much of the file is durable
	lastKind    = kindMark
)

var (
	// ErrManifest: the file is no manifest, or of another version.
	ErrManifest = errors.New("evidence: not a manifest of this version")
	// ErrDamaged: something in the manifest is not as it was written, though it
	// was durable. Restore the file from a backup; the damage is at the offset
	// that the error names.
	ErrDamaged = errors.New("evidence: the manifest is damaged")
)

// errTorn: no whole frame begins at an offset.
var errTorn = errors.New("evidence: no whole frame")

type manifestID [idSize]byte

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// check returns the check of a frame, given all of it before its check.
func (id *manifestID) check(offset int64, frame []byte) uint32 {
	var place [idSize + 8]byte
	copy(place[:], id[:])
	binary.BigEndian.PutUint64(place[idSize:], uint64(offset))
	return crc32.Update(crc32.Checksum(place[:], castagnoli), castagnoli, frame)
}

// beginFrame appends what comes before a payload; endFrame completes the frame
// that begins at dst[from], which will stand at offset.
func beginFrame(dst []byte, kind byte) []byte { return append(dst, kind, 0, 0, 0, 0) }

func (id *manifestID) endFrame(dst []byte, from int, offset int64) []byte {
	binary.BigEndian.PutUint32(dst[from+1:], uint32(len(dst)-from-beforeSize))
	return binary.BigEndian.AppendUint32(dst, id.check(offset, dst[from:]))
}

// frames reads the frames of a manifest.
type frames struct {
	file io.ReaderAt
	size int64
	id   manifestID

	window []byte // of the file, for reading on
	at     int64  // where window begins
}

// newFrames reads the header. The error is ErrManifest, or of reading.
func newFrames(file io.ReaderAt, size int64) (*frames, error) {
	f := &frames{file: file, size: size}
	head, err := f.read(0, headerSize)
	if err != nil {
		if errors.Is(err, errTorn) {
			err = fmt.Errorf("%w: it has %d bytes", ErrManifest, size)
		}
		return nil, err
	}
	if string(head[:4]) != magic {
		return nil, fmt.Errorf("%w: it does not begin with %s", ErrManifest, magic)
	}
	if v := binary.BigEndian.Uint32(head[4:]); v != version {
		return nil, fmt.Errorf("%w: it is of version %d, this program reads %d", ErrManifest, v, version)
	}
	copy(f.id[:], head[8:])
	return f, nil
}

// windowSize is how many bytes are read at a time.
const windowSize = 256 << 10

// read returns n bytes at an offset, until the next read. The error is errTorn if
// the file has not as many.
func (f *frames) read(offset int64, n int) ([]byte, error) {
	if offset < 0 || offset > f.size || int64(n) > f.size-offset {
		return nil, errTorn
	}
	if offset < f.at || offset+int64(n) > f.at+int64(len(f.window)) {
		want := int(min(int64(max(n, windowSize)), f.size-offset))
		if cap(f.window) < want {
			f.window = make([]byte, max(want, windowSize))
		}
		f.window, f.at = f.window[:want], offset
		if _, err := f.file.ReadAt(f.window, offset); err != nil {
			f.window = f.window[:0]
			return nil, fmt.Errorf("evidence: read the manifest: %w", err)
		}
	}
	return f.window[offset-f.at:][:n:n], nil
}

// frame is where a frame stands and what it is; its check may not be verified.
type frame struct {
	kind   byte
	offset int64
	length int // of the payload
}

func (f frame) end() int64 { return f.offset + int64(frameSize+f.length) }

// at returns the frame at an offset, as far as its first bytes say; io.EOF at the
// end of the file, errTorn if no frame begins there or it is not whole.
func (f *frames) frameAt(offset int64) (frame, error) {
	if offset == f.size {
		return frame{}, io.EOF
	}
	head, err := f.read(offset, beforeSize)
	if err != nil {
		return frame{}, err
	}
	fr := frame{head[0], offset, int(binary.BigEndian.Uint32(head[1:]))}
	if fr.kind == 0 || fr.kind > lastKind || fr.length > maxPayload || fr.end() > f.size {
		return frame{}, errTorn
	}
	return fr, nil
}

// payload returns the payload of a frame, until the next read; errTorn if its
// check is another.
func (f *frames) payload(fr frame) ([]byte, error) {
	whole, err := f.read(fr.offset, frameSize+fr.length)
	if err != nil {
		return nil, err
	}
	before := len(whole) - 4
	if f.id.check(fr.offset, whole[:before]) != binary.BigEndian.Uint32(whole[before:]) {
		return nil, errTorn
	}
	return whole[beforeSize:before], nil
}

// durableAfter returns how much of the file was durable by the marks that stand
// beyond an offset; 0 if there is none. A mark says where it stands, so that it is
// found where the frames before it are not whole.
func (f *frames) durableAfter(offset int64) (durable int64, err error) {
	for at := offset + 1; at+frameSize+markSize <= f.size; at++ {
		b, err := f.read(at, beforeSize+8)
		if err != nil {
			return 0, err
		}
		if b[0] != kindMark || binary.BigEndian.Uint32(b[1:]) != markSize || binary.BigEndian.Uint64(b[beforeSize:]) != uint64(at) {
			continue
		}
		p, err := f.payload(frame{kindMark, at, markSize})
		if errors.Is(err, errTorn) {
			continue
		}
		if err != nil {
			return 0, err
		}
		if d := int64(binary.BigEndian.Uint64(p[8:])); d <= at {
			durable = max(durable, d)
		}
	}
	return durable, nil
}

// markSize is the length of the payload of a kindMark: offset of the frame (8) ‖
// bytes from the beginning of the file that were durable when it was written (8).
const markSize = 16
