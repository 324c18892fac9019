package engine

import (
	"bytes"
	"errors"
	"fmt"

	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	storev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/store/v1"
)

// ErrManifest: a manifest does not decode, or does not belong to the root.
var ErrManifest = errors.New("engine: bad snapshot manifest")

// Manifest describes a snapshot: the state of one version, cut into chunks by
// the first PrefixBits bits of the path. Chunk i holds the records whose paths
// begin with i, and Roots[i] is the hash of the subtree that they make, zero if
// there are none. So each chunk verifies by itself as soon as the manifest has
// been checked against a root that is known from elsewhere.
type Manifest struct {
	Version    uint64
	PrefixBits int // 8 to 24
	Roots      []sm3.Hash
	Records    uint64
}

// maxPrefixBits bounds a manifest to half a gigabyte; one of a hundred million
// keys has 15 bits and a megabyte.
const maxPrefixBits = 24

// Encode returns the manifest as hallmark.store.v1.Manifest.
func (m *Manifest) Encode() ([]byte, error) {
	roots := make([]byte, 0, len(m.Roots)*sm3.Size)
	for i := range m.Roots {
		roots = append(roots, m.Roots[i][:]...)
	}
	return proto.MarshalOptions{Deterministic: true}.Marshal(&storev1.Manifest{
		Version: m.Version, PrefixBits: uint32(m.PrefixBits), Roots: roots, Records: m.Records,
	})
}

// DecodeManifest is the inverse of Encode and refuses every other encoding. The
// error is ErrManifest.
func DecodeManifest(raw []byte) (*Manifest, error) {
	var p storev1.Manifest
	if err := proto.Unmarshal(raw, &p); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrManifest, err)
	}
	if p.PrefixBits < shardBits || p.PrefixBits > maxPrefixBits || len(p.Roots) != sm3.Size<<p.PrefixBits {
		return nil, fmt.Errorf("%w: %d prefix bits with %d bytes of roots", ErrManifest, p.PrefixBits, len(p.Roots))
	}
	if p.Version == 0 || p.Version > maxVersion {
		return nil, fmt.Errorf("%w: version %d", ErrManifest, p.Version)
	}
	m := &Manifest{Version: p.Version, PrefixBits: int(p.PrefixBits), Records: p.Records, Roots: make([]sm3.Hash, 1<<p.PrefixBits)}
	for i := range m.Roots {
		copy(m.Roots[i][:], p.Roots[i*sm3.Size:])
	}
	if again, err := m.Encode(); err != nil || !bytes.Equal(again, raw) {
		return nil, fmt.Errorf("%w: not in its one encoding", ErrManifest)
	}
	return m, nil
}

// Verify checks that the subtrees make up the state whose root is root. The
// error is ErrManifest.
func (m *Manifest) Verify(root sm3.Hash) error {
	if m.PrefixBits < shardBits || m.PrefixBits > maxPrefixBits || len(m.Roots) != 1<<m.PrefixBits {
		return fmt.Errorf("%w: %d prefix bits with %d roots", ErrManifest, m.PrefixBits, len(m.Roots))
	}
	tree := newShard(0, m.PrefixBits)
	copy(tree.nodes[1<<m.PrefixBits:], m.Roots)
	withForks(tree.fold)
	if tree.nodes[1] != root {
		return fmt.Errorf("%w: its subtrees make root %s, not %s", ErrManifest, tree.nodes[1], root)
	}
	return nil
}
