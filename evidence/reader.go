package evidence

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/hallmark-ledger/hallmark/crypto/merkle"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// Reader reads a manifest, as it was when it was opened: a Writer may append to it.
// One goroutine uses it at a time.
type Reader struct {
	Begin   *Begin
	Anchors []*Anchor // in their order

	frames *frames
	begun  int64 // offset after kindBegin
	close  func() error
}

// Open opens the manifest at path. It reads where each frame stands, the anchors
// and what became of them; a frame at the end that is not whole is as if it was not
// there. Errors: ErrManifest, ErrDamaged, or of reading.
func Open(path string) (*Reader, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	info, err := file.Stat()
	if err == nil {
		var r *Reader
		if r, err = NewReader(file, info.Size()); err == nil {
			r.close = file.Close
			return r, nil
		}
	}
	return nil, errors.Join(fmt.Errorf("%s: %w", path, err), file.Close())
}

// NewReader is Open of a file that is open, of which size bytes are read.
func NewReader(file io.ReaderAt, size int64) (*Reader, error) {
	r, _, err := load(file, size)
	return r, err
}

// Close closes the file, if Open opened it.
func (r *Reader) Close() error {
	if r.close == nil {
		return nil
	}
	return r.close()
}

// load reads what Open does. tail is what follows the last anchor.
func load(file io.ReaderAt, size int64) (r *Reader, t tail, err error) {
	f, err := newFrames(file, size)
	if err != nil {
		return nil, t, err
	}
	first, err := f.frameAt(int64(headerSize))
	var p []byte
	if err == nil && first.kind == kindBegin {
		p, err = f.payload(first)
	}
	if err != nil && !errors.Is(err, errTorn) && !errors.Is(err, io.EOF) {
		return nil, t, err
	}
	if p == nil {
		return nil, t, fmt.Errorf("%w: it does not say what it is of", ErrManifest)
	}
	r = &Reader{frames: f, begun: first.end()}
	if r.Begin, err = decodeBegin(p); err != nil {
		return nil, t, fmt.Errorf("%w: offset %d: %w", ErrManifest, first.offset, err)
	}
	t.begin, t.durable = r.begun, r.begun
	for at := r.begun; ; {
		fr, err := f.frameAt(at)
		if err == nil {
			err = r.take(fr, &t)
		}
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, errTorn):
			t.end = at
			return r, t, r.cut(at)
		case err != nil:
			return nil, t, err
		}
		at = fr.end()
	}
}

// tail is what follows the last anchor.
type tail struct {
	begin, end int64  // offsets: after the last anchor, and after the last frame
	next       uint64 // number of the first leaf after it
	durable    int64  // up to this offset everything was durable, by the marks
}

// take takes an anchor, an outcome or a mark; other frames are passed over.
func (r *Reader) take(fr frame, t *tail) error {
	if fr.kind != kindAnchor && fr.kind != kindOutcome && fr.kind != kindMark {
		return nil
	}
	p, err := r.frames.payload(fr)
	if err != nil {
		return err
	}
	switch fr.kind {
	case kindMark:
		m := bytesReader{rest: p}
		if at, durable := m.uint64(), m.uint64(); !m.short && at == uint64(fr.offset) && durable <= at {
			t.durable = max(t.durable, int64(durable))
			return nil
		}
		return damaged(fr.offset, errPayload)
	case kindOutcome:
		number, o, err := decodeOutcome(p)
		if err != nil || number == 0 || number > uint64(len(r.Anchors)) {
			return damaged(fr.offset, errPayload)
		}
		r.Anchors[number-1].Outcome = o
		return nil
	}
	a, err := decodeAnchorFrame(p)
	if err != nil {
		return damaged(fr.offset, err)
	}
	if a.Number != uint64(len(r.Anchors))+1 || a.First != t.next || a.First+a.Leaves < a.First {
		return damaged(fr.offset, errPayload)
	}
	r.Anchors = append(r.Anchors, a)
	t.begin, t.next = fr.end(), a.First+a.Leaves
	return nil
}

func damaged(offset int64, cause error) error {
	return fmt.Errorf("%w, at byte %d: %w", ErrDamaged, offset, cause)
}

// cut says whether what begins at an offset, where no whole frame does, may be cut
// off: nothing of it was durable.
func (r *Reader) cut(offset int64) error {
	durable, err := r.frames.durableAfter(offset)
	if err == nil && durable > offset {
		err = damaged(offset, errTorn)
	}
	return err
}

// each calls do with the leaves of each frame from an offset on, in order, until do
// returns false or there are no more. list is good until do returns.
func (r *Reader) each(offset int64, do func(fr frame, first uint64, list []Leaf) bool) error {
	var list []Leaf
	for at := offset; ; {
		fr, err := r.frames.frameAt(at)
		if errors.Is(err, io.EOF) || errors.Is(err, errTorn) {
			return r.cut(at)
		}
		if err != nil {
			return err
		}
		at = fr.end()
		if fr.kind != kindLeaves {
			continue
		}
		p, err := r.frames.payload(fr)
		if errors.Is(err, errTorn) {
			return r.cut(fr.offset)
		}
		if err != nil {
			return err
		}
		first, leaves, err := decodeLeaves(p, r.Begin.Source, list[:0])
		if err != nil {
			return damaged(fr.offset, err)
		}
		if list = leaves; !do(fr, first, list) {
			return nil
		}
	}
}

// ErrNoLeaf: the manifest has no such leaf.
var ErrNoLeaf = errors.New("evidence: no such leaf in the manifest")

// Found is where a leaf is.
type Found struct {
	Number uint64 // in the manifest, from 0
	Leaf   Leaf
}

// Find calls do with each leaf of a content, in order, until it returns false. It
// reads all leaves once.
func (r *Reader) Find(content sm3.Hash, do func(Found) bool) error {
	return r.Each(func(f Found) bool { return f.Leaf.Content != content || do(f) })
}

// Each calls do with each leaf, in order, until it returns false.
func (r *Reader) Each(do func(Found) bool) error {
	return r.each(r.begun, func(_ frame, first uint64, list []Leaf) bool {
		for i := range list {
			if !do(Found{first + uint64(i), list[i]}) {
				return false
			}
		}
		return true
	})
}

// Of returns the anchor that a leaf is of, nil if it is of none yet.
func (r *Reader) Of(number uint64) *Anchor {
	for _, a := range r.Anchors {
		if number >= a.First && number-a.First < a.Leaves {
			return a
		}
	}
	return nil
}

// Proof is the way from a leaf to the root of its anchor.
type Proof struct {
	Anchor  *Anchor
	Index   uint64 // in the anchor's tree
	Leaf    Leaf
	Encoded []byte // the leaf, as hallmark.evidence.v1.Leaf
	Path    []sm3.Hash
}

// Prove returns the proof of a leaf by its number in the manifest. It reads the
// roots of the groups of the anchor (40 bytes for each 1,024 leaves) and one group,
// and verifies the proof. Errors: ErrNoLeaf, ErrDamaged, or of reading.
func (r *Reader) Prove(number uint64) (*Proof, error) {
	a := r.Of(number)
	if a == nil {
		return nil, fmt.Errorf("%w: number %d, or it is of no anchor yet", ErrNoLeaf, number)
	}
	groups, err := r.groups(a)
	if err != nil {
		return nil, err
	}
	index := number - a.First
	begin := index - index%groupLeaves
	leaves, err := r.leaves(groups[index/groupLeaves].offset, a.First+begin, int(min(groupLeaves, a.Leaves-begin)))
	if err != nil {
		return nil, err
	}
	h := newHashing(&r.Begin.Secret)
	hashes := h.leafHashes(a.First+begin, leaves)
	roots := make([]sm3.Hash, len(groups))
	for i := range groups {
		roots[i] = groups[i].root
	}
	p := &Proof{Anchor: a, Index: index, Leaf: leaves[index-begin], Encoded: h.encoded[index-begin]}
	if p.Path, err = auditPath(index, hashes, roots); err != nil {
		return nil, err
	}
	inclusion := merkle.Inclusion{Index: index, Size: a.Leaves, Path: p.Path}
	head := merkle.Head{Size: a.Leaves, Root: a.Root}
	if err := merkle.VerifyInclusion(inclusion, merkle.LeafHash(p.Encoded), head); err != nil {
		return nil, fmt.Errorf("%w: the leaves of anchor %d: %w", ErrDamaged, a.Number, err)
	}
	return p, nil
}

// groups returns the groups of an anchor.
func (r *Reader) groups(a *Anchor) (list []group, err error) {
	count := (a.Leaves + groupLeaves - 1) / groupLeaves
	for at := a.groups; uint64(len(list)) < count; {
		fr, err := r.frames.frameAt(at)
		var p []byte
		if err == nil && fr.kind == kindGroups {
			p, err = r.frames.payload(fr)
		}
		if err == nil {
			list, err = decodeGroups(p, list)
		}
		if err != nil {
			return nil, damaged(at, err)
		}
		at = fr.end()
	}
	if uint64(len(list)) != count {
		return nil, damaged(a.groups, errPayload)
	}
	return list, nil
}

// leaves returns n leaves, from number first on, of the frames from an offset on.
func (r *Reader) leaves(offset int64, first uint64, n int) (all []Leaf, err error) {
	err = r.each(offset, func(_ frame, begin uint64, list []Leaf) bool {
		if begin != first+uint64(len(all)) {
			return false
		}
		all = append(all, list...)
		return len(all) < n
	})
	if err == nil && len(all) != n {
		err = damaged(offset, errors.New("leaves are missing"))
	}
	return all, err
}
