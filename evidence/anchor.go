package evidence

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync/atomic"
	"time"
)

// Progress is how far the files of a run are.
type Progress struct {
	Files, Bytes           int64 // read, or known from an earlier run
	TotalFiles, TotalBytes int64 // found before anything was read; 0 until then
	Known                  int64 // of Files: those that were not read again
}

// Options are those of AnchorFiles.
type Options struct {
	Manifest string // path
	Begin    Begin  // its Source and Secret are filled in
	Roots    Roots
	Jobs     int // files read at a time, at least 1
	// SkipUnfit leaves out files that cannot be read, or whose names no leaf can
	// have; otherwise they end the run. Links and devices are always left out.
	SkipUnfit bool
	// Skipped is told of what is left out; Progress of how far it is, several times
	// a second. They may be nil and are called from one goroutine at a time.
	Skipped  func(name string, why error)
	Progress func(Progress)

	reading func(*file) // told of each read of a file, for tests
}

const (
	flushEvery = time.Second // of the time that work may be lost, if the process ends
	flushBytes = 64 << 20    // the same in bytes read
	syncEvery  = 5 * time.Second
)

// errMoved: the files are not those that the manifest begins with any more.
var errMoved = errors.New("evidence: files that were read have changed")

// AnchorFiles makes a manifest of files and closes its anchor, which is durable when
// it returns. Interrupted, and called again with the same options, it goes on:
// files are read again only if they have changed since, or were not in the manifest
// yet. If the anchor is closed already, that is what it returns, whatever has become
// of the files. The caller files the anchor and closes the Writer.
//
// Errors: ErrEmpty, ErrOther, ErrChanged, ErrNotFile, ErrName, those of Append, or
// of reading.
func AnchorFiles(ctx context.Context, o Options) (*Writer, error) {
	o.Begin.Source, o.Begin.Path = Files, o.Roots.Base
	for {
		o.Roots.WithoutManifest(o.Manifest)
		w, err := openFor(o.Manifest, o.Begin)
		if err != nil {
			return nil, err
		}
		if len(w.Anchors()) > 0 {
			return w, dropAside(o.Manifest)
		}
		r := &filesRun{Options: o, writer: w}
		err = r.run(ctx)
		if err == nil {
			if _, err = w.CloseAnchor(); err == nil {
				err = w.Sync()
			}
			if err == nil {
				return w, dropAside(o.Manifest)
			}
		}
		if err := errors.Join(err, w.Close()); !errors.Is(err, errMoved) {
			return nil, err
		}
		if err := putAside(o.Manifest); err != nil {
			return nil, err
		}
	}
}

// openFor opens the manifest at path, or makes one.
func openFor(path string, begin Begin) (*Writer, error) {
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		return Create(path, begin)
	}
	w, err := Append(path)
	if err != nil {
		return nil, err
	}
	if err := w.Begin.SameAs(begin); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	return w, nil
}

// filesRun is one turn of AnchorFiles.
type filesRun struct {
	Options
	writer *Writer

	total               Progress // the totals alone
	files, bytes, known atomic.Int64

	// Of the goroutine that emits.
	flushed           int64 // bytes when it was flushed
	lastFlush, synced time.Time
}

func (r *filesRun) run(ctx context.Context) error {
	if err := r.count(ctx); err != nil {
		return err
	}
	kept := int64(r.writer.Leaves())
	r.files.Store(kept)
	r.known.Store(kept)
	own, err := newStream(r.Manifest)
	if err != nil {
		return err
	}
	defer own.close()
	others, err := openKnown(wasOf(r.Manifest))
	if err != nil {
		return err
	}
	defer others.close()
	r.lastFlush, r.synced = time.Now(), time.Now()
	left := kept // of the manifest's leaves, those that no file has come for yet
	walk := func(ctx context.Context, put func(*file, *Leaf) error) error {
		err := r.Roots.walk(ctx, func(f *file) error {
			if left > 0 {
				l, err := own.next()
				if err != nil {
					return err
				}
				if l == nil || !l.of(f) {
					return errMoved
				}
				left--
				r.bytes.Add(f.info.Size())
				return nil
			}
			l, err := others.leaf(f)
			if err != nil {
				return err
			}
			return put(f, l)
		}, r.skip)
		if err == nil && left > 0 {
			err = errMoved
		}
		return err
	}
	stop := r.tell()
	defer stop()
	p := pipeline{jobs: max(1, r.Jobs), walk: walk, emit: r.emit, read: r.read}
	return p.run(ctx)
}

// read counts bytes that were read.
func (r *filesRun) read(f *file, n int) {
	r.bytes.Add(int64(n))
	if r.reading != nil {
		r.reading(f)
	}
}

// count finds out how much there is, for the progress.
func (r *filesRun) count(ctx context.Context) error {
	nothing := func(string, error) error { return nil } // the walk that follows tells
	return r.Roots.walk(ctx, func(f *file) error {
		r.total.TotalFiles++
		r.total.TotalBytes += f.info.Size()
		return nil
	}, nothing)
}

func (r *filesRun) skip(name string, why error) error {
	if !r.SkipUnfit && !errors.Is(why, ErrNotFile) {
		return fmt.Errorf("%s: %w", name, why)
	}
	if r.Skipped != nil {
		r.Skipped(name, why)
	}
	return nil
}

// emit adds the leaf of a file.
func (r *filesRun) emit(t *task) error {
	if t.err != nil {
		if !r.SkipUnfit || !errors.Is(t.err, fs.ErrPermission) && !errors.Is(t.err, fs.ErrNotExist) {
			return t.err
		}
		return r.skip(t.file.name, t.err)
	}
	if err := r.writer.Add(t.leaf); err != nil {
		return err
	}
	r.files.Add(1)
	if t.known {
		r.known.Add(1)
		r.bytes.Add(int64(t.leaf.Size))
	}
	now := time.Now()
	if bytes := r.bytes.Load(); now.Sub(r.lastFlush) >= flushEvery || bytes-r.flushed >= flushBytes {
		if err := r.writer.Flush(); err != nil {
			return err
		}
		r.lastFlush, r.flushed = now, bytes
	}
	if now.Sub(r.synced) >= syncEvery {
		if err := r.writer.Sync(); err != nil {
			return err
		}
		r.synced = now
	}
	return nil
}

// tellEvery is how often the progress is told.
const tellEvery = 200 * time.Millisecond

// tell tells of the progress until stop is called, and then once more.
func (r *filesRun) tell() (stop func()) {
	if r.Progress == nil {
		return func() {}
	}
	now := func() {
		p := r.total
		p.Files, p.Bytes, p.Known = r.files.Load(), r.bytes.Load(), r.known.Load()
		r.Progress(p)
	}
	ended, last := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(last)
		for tick := time.NewTicker(tellEvery); ; {
			select {
			case <-tick.C:
				now()
			case <-ended:
				tick.Stop()
				now()
				return
			}
		}
	}()
	return func() {
		close(ended)
		<-last
	}
}
