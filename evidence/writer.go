package evidence

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"sync"
	"time"

	"github.com/gofrs/flock"

	xevidence "github.com/hallmark-ledger/hallmark/x/evidence"
)

// ErrInUse: another process writes the manifest.
var ErrInUse = errors.New("evidence: the manifest is in use by another process")

// ErrOther: the manifest is of other evidence than was asked for.
var ErrOther = errors.New("evidence: the manifest is of something else")

// disk is the file under a manifest: *os.File, or what a test puts in its place.
type disk interface {
	io.ReaderAt
	io.WriterAt
	Truncate(size int64) error
	Sync() error
	Close() error
}

// Writer appends to a manifest. What Flush has written survives the end of the
// process, what Sync has returned from that of the machine. Add, Flush and CloseAnchor
// are one goroutine's; Sync, Done and Anchors may be called by others meanwhile.
type Writer struct {
	Begin *Begin

	path string
	file disk
	lock *flock.Flock // nil in tests
	id   manifestID
	hash *hashing

	// Of the goroutine that adds.
	pending []Leaf
	tree    tree
	offsets []int64 // of the first frame of each group of the open anchor
	first   uint64  // number of the first leaf of the open anchor
	from    int64   // first and last moment of capture of the open anchor
	to      int64
	last    *Leaf // of all, nil if there is none
	scratch []byte

	mu      sync.Mutex
	end     int64     // where the next frame goes; guarded by mu
	failed  error     // of writing: nothing is written after it; guarded by mu
	anchors []*Anchor // guarded by mu

	syncing sync.Mutex
	synced  int64 // bytes that are durable; guarded by syncing
}

// reset begins the next anchor.
func (w *Writer) reset(first uint64) {
	w.tree, w.offsets, w.first = tree{}, nil, first
	w.from, w.to = math.MaxInt64, math.MinInt64
}

func (w *Writer) next() uint64 { return w.first + w.tree.size() }

// count adds to the open anchor the leaves of a frame.
func (w *Writer) count(offset int64, list []Leaf) {
	if w.tree.size()%groupLeaves == 0 {
		w.offsets = append(w.offsets, offset)
	}
	w.tree.add(w.hash.leafHashes(w.next(), list))
	for i := range list {
		w.from, w.to = min(w.from, list[i].Captured), max(w.to, list[i].Captured)
	}
	l := list[len(list)-1]
	w.last = &l
}

// Open returns how many leaves the open anchor has, those that are not flushed
// included.
func (w *Writer) Open() uint64 { return w.tree.size() + uint64(len(w.pending)) }

// Pending returns how many leaves are not flushed.
func (w *Writer) Pending() int { return len(w.pending) }

// Leaves returns how many leaves the manifest has, those that are not flushed
// included.
func (w *Writer) Leaves() uint64 { return w.first + w.Open() }

// Last returns the last leaf that was flushed, with its position; nil if there is
// none.
func (w *Writer) Last() *Leaf { return w.last }

// Add adds a leaf. It is in the file once Flush was called, or a group is full.
func (w *Writer) Add(l Leaf) error {
	if err := checkName(l.Name); err != nil {
		return err
	}
	w.pending = append(w.pending, l)
	if (w.tree.size()+uint64(len(w.pending)))%groupLeaves == 0 {
		return w.Flush()
	}
	return nil
}

// Flush writes what was added.
func (w *Writer) Flush() error {
	if len(w.pending) == 0 {
		return nil
	}
	offset, err := w.put(kindLeaves, func(dst []byte) ([]byte, error) {
		return encodeLeaves(dst, w.Begin.Source, w.next(), w.pending), nil
	})
	if err != nil {
		return err
	}
	w.count(offset, w.pending)
	w.pending = w.pending[:0]
	return nil
}

// put appends a frame.
func (w *Writer) put(kind byte, payload func(dst []byte) ([]byte, error)) (offset int64, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.failed != nil {
		return 0, w.failed
	}
	raw, err := payload(beginFrame(w.scratch[:0], kind))
	if err != nil {
		return 0, err
	}
	offset = w.end
	raw = w.id.endFrame(raw, 0, offset)
	w.scratch = raw
	if _, err := w.file.WriteAt(raw, offset); err != nil {
		// What is there of the frame is cut off when the manifest is opened again.
		w.failed = fmt.Errorf("evidence: write the manifest: %w", err)
		return 0, w.failed
	}
	w.end += int64(len(raw))
	return offset, nil
}

// Sync makes durable what was flushed, and says so in the file. Several callers at a
// time share one fsync.
func (w *Writer) Sync() error {
	w.syncing.Lock()
	defer w.syncing.Unlock()
	w.mu.Lock()
	end, err := w.end, w.failed
	w.mu.Unlock()
	if err != nil || w.synced >= end {
		return err
	}
	if err := w.file.Sync(); err != nil {
		err = fmt.Errorf("evidence: sync the manifest: %w", err)
		w.mu.Lock()
		w.failed = err // what is durable is not known any more
		w.mu.Unlock()
		return err
	}
	if _, err := w.put(kindMark, func(dst []byte) ([]byte, error) {
		dst = binary.BigEndian.AppendUint64(dst, uint64(w.end)) // put has the lock
		return binary.BigEndian.AppendUint64(dst, uint64(end)), nil
	}); err != nil {
		return err
	}
	w.synced = end
	w.mu.Lock()
	if w.end == end+frameSize+markSize {
		w.synced = w.end // nothing but the mark is new
	}
	w.mu.Unlock()
	return nil
}

// ErrEmpty: there is nothing to be anchored.
var ErrEmpty = errors.New("evidence: there is nothing to be anchored")

// CloseAnchor makes an anchor of the leaves since the last one. It may be filed once
// Sync has returned. Errors: ErrEmpty, or of writing.
func (w *Writer) CloseAnchor() (*Anchor, error) {
	if err := w.Flush(); err != nil {
		return nil, err
	}
	if w.Open() == 0 {
		return nil, ErrEmpty
	}
	roots := w.tree.roots()
	list := make([]group, len(roots))
	for i := range roots {
		list[i] = group{roots[i], w.offsets[i]}
	}
	a := &Anchor{Number: uint64(len(w.anchors)) + 1, First: w.first, Anchor: w.Begin.Anchor}
	for at := 0; at < len(list); at += maxGroups {
		offset, err := w.put(kindGroups, func(dst []byte) ([]byte, error) {
			return encodeGroups(dst, list[at:min(at+maxGroups, len(list))]), nil
		})
		if err != nil {
			return nil, err
		}
		if at == 0 {
			a.groups = offset
		}
	}
	a.Root, a.Leaves, a.From, a.To = rootOf(roots), w.Open(), time.Unix(0, w.from).UTC(), time.Unix(0, w.to).UTC()
	a.ID = a.Anchor.ID()
	if _, err := w.put(kindAnchor, a.encode); err != nil {
		return nil, err
	}
	w.reset(w.next())
	w.mu.Lock()
	defer w.mu.Unlock()
	w.anchors = append(w.anchors, a)
	return a, nil
}

// Done notes where the ledger has an anchor.
func (w *Writer) Done(number uint64, o Outcome) error {
	if _, err := w.put(kindOutcome, func(dst []byte) ([]byte, error) { return o.encode(dst, number), nil }); err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	done := *w.anchors[number-1] // others may have the former
	done.Outcome = &o
	w.anchors[number-1] = &done
	return nil
}

// Anchors returns all anchors in their order.
func (w *Writer) Anchors() []*Anchor {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]*Anchor(nil), w.anchors...)
}

// Close flushes and closes the manifest.
func (w *Writer) Close() error {
	err := errors.Join(w.Flush(), w.Sync(), w.file.Close())
	if w.lock != nil {
		err = errors.Join(err, w.lock.Unlock())
	}
	return err
}

// SameAs returns ErrOther if a manifest is of something else than begin says.
func (b *Begin) SameAs(begin Begin) error {
	switch {
	case b.Source != begin.Source:
		return fmt.Errorf("%w: of another kind of source", ErrOther)
	case b.Path != begin.Path:
		return fmt.Errorf("%w: of %s, not %s", ErrOther, b.Path, begin.Path)
	case b.Anchor != common(begin.Anchor):
		return fmt.Errorf("%w: its anchors are %s, not %s", ErrOther, describe(&b.Anchor), describe(&begin.Anchor))
	}
	return nil
}

// describe says what anchors have in common, for an error.
func describe(a *xevidence.Anchor) string {
	return fmt.Sprintf("%s of %s about %s, %q, kept %s", a.Kind, a.Member, a.Subject, a.Method, a.Retention)
}
