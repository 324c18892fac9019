package evidence

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	xevidence "github.com/hallmark-ledger/hallmark/x/evidence"
)

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
