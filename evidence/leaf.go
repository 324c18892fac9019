package evidence

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	xevidence "github.com/hallmark-ledger/hallmark/x/evidence"
)

const (
	maxName  = xevidence.MaxLeafName
	saltSize = xevidence.SaltSize
)

// ErrName: a file has a name that no leaf can have. Rename it, or leave it out.
var ErrName = errors.New("evidence: a name that cannot be anchored")

// Leaf is one piece of evidence: a file or a line.
type Leaf struct {
	Content sm3.Hash // SM3 of the content
	Size    uint64   // bytes
	// Name is a file's path below the folder that is anchored, with slashes.
	// Lines have none.
	Name string
	// Captured is when it was captured, Unix nanoseconds.
	Captured int64
	// Modified is the time of modification of a file when it was read, Unix
	// nanoseconds; 0 of lines. It is not of the leaf that is anchored: by it a
	// run that goes on knows which files are unchanged.
	Modified int64
	// Position is how far the source of lines was read with this line, in bytes;
	// 0 of files. Of the leaves read back only the last of each frame has it.
	Position uint64
}

func checkName(name string) error {
	l := xevidence.Leaf{Name: name, Captured: time.Unix(1, 0)}
	if err := l.Check(); err != nil {
		return fmt.Errorf("%w: %q: %w", ErrName, name, err)
	}
	return nil
}

// Encode appends the encoded hallmark.evidence.v1.Leaf, in the canonical form of
// docs/formats.md section 10: what the tree's leaf hash is of.
func (l *Leaf) Encode(dst []byte, salt *[saltSize]byte) []byte {
	dst = append(dst, 1<<3|2, sm3.Size)
	dst = append(dst, l.Content[:]...)
	if l.Size > 0 {
		dst = binary.AppendUvarint(append(dst, 2<<3), l.Size)
	}
	if l.Name != "" {
		dst = binary.AppendUvarint(append(dst, 3<<3|2), uint64(len(l.Name)))
		dst = append(dst, l.Name...)
	}
	if l.Captured != 0 {
		dst = binary.AppendUvarint(append(dst, 4<<3), uint64(l.Captured))
	}
	dst = append(dst, 5<<3|2, saltSize)
	return append(dst, salt[:]...)
}

// saltTag separates salts from all other uses of SM3.
var saltTag = sm3.NewTag(sm3.TagBlock("hallmark/salt/v1"))

// salts sets out[i] to the salt of leaf first+i, whose number is in the manifest:
//
//	first 16 bytes of SM3(tag block "hallmark/salt/v1" ‖ secret ‖ number (8) ‖ 24 zero bytes)
//
// so that a salt that is shown says nothing of another, and none is stored.
func salts(h *sm3.Hasher, secret *[32]byte, first uint64, out [][saltSize]byte) {
	const together = 8
	var in [together][2 * sm3.Size]byte
	var sums [together]sm3.Hash
	var jobs [together]sm3.Job
	for len(out) > 0 {
		n := min(together, len(out))
		for i := range n {
			copy(in[i][:], secret[:])
			binary.BigEndian.PutUint64(in[i][len(secret):], first+uint64(i))
			jobs[i] = sm3.Job{Tag: saltTag, In: &in[i], Out: &sums[i]}
		}
		h.Run(jobs[:n])
		for i := range n {
			out[i] = [saltSize]byte(sums[i][:])
		}
		first, out = first+uint64(n), out[n:]
	}
}
