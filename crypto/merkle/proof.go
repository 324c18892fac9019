package merkle

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// ErrIndex says that a proof was asked for, or claims, a leaf or a prefix that
// the tree of the stated size does not have.
var ErrIndex = errors.New("merkle: no such leaf or prefix in the tree")

// ErrEncoding says that bytes are not the encoding of a proof: they are cut
// short, go on too long, or hold another number of hashes than their index and
// size ask for.
var ErrEncoding = errors.New("merkle: not the encoding of a proof")

// fixedLen is the length in bytes of what stands before the path.
const fixedLen = 8 + 8

// MaxProofLen is the length in bytes of the longest encoding of a proof of
// either kind.
const MaxProofLen = fixedLen + 65*sm3.Size

// Inclusion claims that a leaf stands at Index in a tree of Size leaves.
type Inclusion struct {
	Index, Size uint64
	Path        []sm3.Hash // siblings, lowest first
}

// Append appends the encoding index ‖ size ‖ path to dst. Only a proof with
// the right number of hashes has an encoding that decodes.
func (p Inclusion) Append(dst []byte) []byte { return appendProof(dst, p.Index, p.Size, p.Path) }

// DecodeInclusion reads the encoding of an inclusion proof, all of data.
// Errors: ErrIndex, ErrEncoding. The proof is not verified.
func DecodeInclusion(data []byte) (Inclusion, error) {
	index, size, path, err := decodeProof(data)
	if err != nil {
		return Inclusion{}, err
	}
	if index >= size {
		return Inclusion{}, fmt.Errorf("%w: leaf %d of %d", ErrIndex, index, size)
	}
	hashes, err := decodePath(path, inclusionLen(index, size))
	if err != nil {
		return Inclusion{}, err
	}
	return Inclusion{index, size, hashes}, nil
}

// Consistency claims that the tree of Old leaves is a prefix of the tree of
// Size leaves.
type Consistency struct {
	Old, Size uint64
	Path      []sm3.Hash // lowest first
}

// Append appends the encoding old ‖ size ‖ path to dst. Only a proof with the
// right number of hashes has an encoding that decodes.
func (p Consistency) Append(dst []byte) []byte { return appendProof(dst, p.Old, p.Size, p.Path) }

// DecodeConsistency reads the encoding of a consistency proof, all of data.
// Errors: ErrIndex, ErrEncoding. The proof is not verified.
func DecodeConsistency(data []byte) (Consistency, error) {
	old, size, path, err := decodeProof(data)
	if err != nil {
		return Consistency{}, err
	}
	if old > size {
		return Consistency{}, fmt.Errorf("%w: prefix of %d in a tree of %d", ErrIndex, old, size)
	}
	hashes, err := decodePath(path, consistencyLen(old, size))
	if err != nil {
		return Consistency{}, err
	}
	return Consistency{old, size, hashes}, nil
}

func appendProof(dst []byte, a, b uint64, path []sm3.Hash) []byte {
	dst = binary.BigEndian.AppendUint64(dst, a)
	dst = binary.BigEndian.AppendUint64(dst, b)
	for i := range path {
		dst = append(dst, path[i][:]...)
	}
	return dst
}

func decodeProof(data []byte) (a, b uint64, path []byte, err error) {
	if len(data) < fixedLen {
		return 0, 0, nil, fmt.Errorf("%w: %d bytes, fewer than %d", ErrEncoding, len(data), fixedLen)
	}
	return binary.BigEndian.Uint64(data), binary.BigEndian.Uint64(data[8:]), data[fixedLen:], nil
}

func decodePath(data []byte, want int) ([]sm3.Hash, error) {
	if len(data) != want*sm3.Size {
		return nil, fmt.Errorf("%w: a path of %d bytes where %d hashes, %d bytes, belong",
			ErrEncoding, len(data), want, want*sm3.Size)
	}
	path := make([]sm3.Hash, want)
	for i := range path {
		path[i] = sm3.Hash(data[i*sm3.Size:])
	}
	return path, nil
}
