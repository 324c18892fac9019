package evidence

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
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

// Create makes a manifest at path, which must not exist. It fills in the secret.
// The error is a refusal if there can be no such anchors.
func Create(path string, begin Begin) (*Writer, error) {
	begin.Anchor = common(begin.Anchor)
	if err := checkCommon(begin.Anchor); err != nil {
		return nil, err
	}
	if _, err := rand.Read(begin.Secret[:]); err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	w := &Writer{path: path}
	if _, err := rand.Read(w.id[:]); err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	head := binary.BigEndian.AppendUint32([]byte(magic), version)
	head = append(head, w.id[:]...)
	head, err := begin.encode(beginFrame(head, kindBegin))
	if err != nil {
		return nil, err
	}
	head = w.id.endFrame(head, headerSize, int64(headerSize))
	if err := w.takeLock(); err != nil {
		return nil, err
	}
	if err := createWhole(path, head); err != nil {
		return nil, errors.Join(err, w.lock.Unlock())
	}
	return openLocked(w)
}

// checkCommon refuses what no anchor can be.
func checkCommon(a xevidence.Anchor) error {
	a.Leaves, a.From, a.To = 1, time.Unix(1, 0), time.Unix(1, 0)
	return a.Check()
}

// createWhole makes a file that is there with all of its content or not at all.
func createWhole(path string, content []byte) error {
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("evidence: make %s: %w", path, errors.Join(err, fs.ErrExist))
	}
	tmp := path + ".tmp" // who has the lock is the only one to write it
	f, err := os.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err == nil {
		_, err = f.Write(content)
		err = errors.Join(err, f.Sync(), f.Close())
	}
	if err == nil {
		err = os.Rename(tmp, path)
	}
	if err == nil {
		err = syncFolder(filepath.Dir(path))
	}
	if err != nil {
		return fmt.Errorf("evidence: make %s: %w", path, err)
	}
	return nil
}

// syncFolder makes the names in a folder durable.
func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Append opens the manifest at path to go on with it. What a crash left of frames
// that were not durable is cut off. It reads the leaves of the anchor that is open.
// Errors: ErrInUse, ErrManifest, ErrDamaged, or of reading.
func Append(path string) (*Writer, error) {
	w := &Writer{path: path}
	if err := w.takeLock(); err != nil {
		return nil, err
	}
	return openLocked(w)
}

func (w *Writer) takeLock() error {
	w.lock = flock.New(w.path + ".lock")
	ok, err := w.lock.TryLock()
	if err != nil {
		return fmt.Errorf("evidence: lock %s: %w", w.path, err)
	}
	if !ok {
		return fmt.Errorf("%w: %s", ErrInUse, w.path)
	}
	return nil
}

func openLocked(w *Writer) (*Writer, error) {
	f, err := os.OpenFile(w.path, os.O_RDWR, 0)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("evidence: %w", err), w.lock.Unlock())
	}
	info, err := f.Stat()
	if err == nil {
		err = w.open(f, info.Size())
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", w.path, err), f.Close(), w.lock.Unlock())
	}
	return w, nil
}

// open takes up a manifest of size bytes.
func (w *Writer) open(file disk, size int64) error {
	r, t, err := load(file, size)
	if err != nil {
		return err
	}
	// What was not durable can have reached the disk in any order: the first frame
	// that is not whole ends it, whatever follows.
	if w.end, err = r.goodEnd(t); err != nil {
		return err
	}
	if w.end < size {
		if r, t, err = load(file, w.end); err != nil {
			return err
		}
	}
	w.file, w.id, w.Begin, w.anchors = file, r.frames.id, r.Begin, r.Anchors
	w.hash = newHashing(&r.Begin.Secret)
	w.reset(t.next)
	broken := false
	err = r.each(t.begin, func(fr frame, first uint64, list []Leaf) bool {
		if first != w.next() || uint64(len(list))+w.tree.size()%groupLeaves > groupLeaves {
			broken = true
			return false
		}
		w.count(fr.offset, list)
		return true
	})
	if err != nil {
		return err
	}
	if broken {
		return damaged(t.begin, errors.New("leaves are missing"))
	}
	if err := file.Truncate(w.end); err != nil {
		return fmt.Errorf("evidence: cut off what is not whole: %w", err)
	}
	if w.last == nil && t.next > 0 {
		w.last, err = r.lastBefore(t)
	}
	return err
}

// goodEnd returns where the first frame begins that is not whole, of those that
// need not be durable.
func (r *Reader) goodEnd(t tail) (int64, error) {
	for at := t.durable; at < t.end; {
		fr, err := r.frames.frameAt(at)
		if err == nil {
			_, err = r.frames.payload(fr)
		}
		if errors.Is(err, errTorn) {
			return at, nil
		}
		if err != nil {
			return 0, err
		}
		at = fr.end()
	}
	return t.end, nil
}

// lastBefore returns the last leaf of the last anchor.
func (r *Reader) lastBefore(t tail) (last *Leaf, err error) {
	a := r.Anchors[len(r.Anchors)-1]
	groups, err := r.groups(a)
	if err != nil {
		return nil, err
	}
	err = r.each(groups[len(groups)-1].offset, func(_ frame, first uint64, list []Leaf) bool {
		if first+uint64(len(list)) < t.next {
			return true
		}
		l := list[len(list)-1]
		last = &l
		return false
	})
	if err == nil && last == nil {
		err = damaged(groups[len(groups)-1].offset, errors.New("leaves are missing"))
	}
	return last, err
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
