package evidence

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"
)

// WatchOptions are those of Watch.
type WatchOptions struct {
	Manifest string
	Begin    Begin // its Source, Path and Secret are filled in

	// One of the three says what is watched.
	Stream io.Reader // lines, to its end
	File   string    // lines of a file that grows
	Folder string    // files

	// Once ends it when what is there by now was taken.
	Once bool
	// An anchor is closed when its first leaf is Every old, or when it has Leaves;
	// 0 for never.
	Every  time.Duration
	Leaves uint64

	// Ledger is what anchors are filed with; nil for not at all. Patience is how long
	// it is tried after the end.
	Ledger   Ledger
	Patience time.Duration

	// Told of what happens; concurrently.
	Closed  func(*Anchor)
	Filed   func(*Anchor)
	Again   func(error) // filing is tried again, also if the ledger refuses
	Skipped func(name string, why error)
	Anew    func() // a file is read from its beginning: it is another one now
}

const (
	// captureFlush is how long a leaf may wait to be written.
	captureFlush = 20 * time.Millisecond
	captureSync  = time.Second
	againPause   = time.Minute // after a refusal
	// stopPatience is how long it is filed, at most, when it is told to stop.
	stopPatience = 10 * time.Second
)

// Watch takes what comes as leaves, closes anchors and files them, until the source
// ends or ctx does; then it closes the last anchor and files what is left. When no
// node answers it goes on taking, and files later, in order. It returns how the
// manifest then stands, closed.
//
// What is taken is in the manifest 20 ms later, safe from the end of the process,
// and a second later from that of the machine. Lines of a file come once each,
// whatever happens: the manifest says how far the file was read, with the lines
// themselves. Lines of a stream that were read and not written yet are lost if the
// process is killed.
func Watch(ctx context.Context, o WatchOptions) (anchors []*Anchor, err error) {
	source, path := Lines, "-"
	switch {
	case o.Folder != "":
		source, path = Folder, o.Folder
	case o.File != "":
		path = o.File
	}
	o.Begin.Source, o.Begin.Path = source, path
	w, err := openFor(o.Manifest, o.Begin)
	if err != nil {
		return nil, err
	}
	r := &watch{WatchOptions: o, writer: w, leaves: make(chan Leaf), chunks: make(chan chunk), buffers: make(chan []byte, 4), wake: make(chan struct{}, 1)}
	err = r.run(ctx)
	anchors = w.Anchors()
	return anchors, errors.Join(err, w.Close())
}

// watch is one run of Watch.
type watch struct {
	WatchOptions
	writer *Writer

	// From what reads the source to what takes it.
	leaves  chan Leaf
	chunks  chan chunk
	buffers chan []byte
	wake    chan struct{} // an anchor was closed

	// Of the goroutine that takes.
	hasher  lineHasher
	flushed time.Time
	since   time.Time // when the first leaf of the open anchor came
}

func (r *watch) run(ctx context.Context) error {
	if r.writer.Open() > 0 {
		r.since = time.Now()
	}
	produce, err := r.producer()
	if err != nil {
		return err
	}
	// Taking ends with ctx; what was taken is then still filed.
	taking, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	filing, quit := context.WithCancelCause(context.WithoutCancel(ctx))
	defer quit(nil)
	ended := make(chan error, 1)
	go func() { // a stream may block it for ever
		ended <- produce(taking)
	}()
	var helpers sync.WaitGroup
	var filed error
	done := make(chan struct{}) // nothing more comes
	helpers.Go(func() { r.syncing(done, stop) })
	if r.Ledger != nil {
		helpers.Go(func() { filed = r.filing(filing, done) })
	}
	err = r.take(taking, ended)
	if err == nil || ctx.Err() != nil && errors.Is(err, context.Cause(ctx)) {
		err = r.closeAnchor()
	}
	close(done)
	if err != nil {
		quit(err)
	} else {
		patience := r.Patience
		if ctx.Err() != nil {
			patience = min(patience, stopPatience)
		}
		defer time.AfterFunc(patience, func() { quit(context.DeadlineExceeded) }).Stop()
	}
	helpers.Wait()
	return errors.Join(err, filed)
}

// producer opens the source and returns what reads it.
func (r *watch) producer() (func(context.Context) error, error) {
	if r.Folder != "" {
		return r.folderProducer()
	}
	var from source = &streamSource{lineReader{in: r.Stream}}
	if r.File != "" {
		f, anew, err := newFollow(r.File, r.writer.Last(), r.Once)
		if err != nil {
			return nil, err
		}
		if from = f; anew {
			r.anew()
		}
	}
	for range cap(r.buffers) {
		r.buffers <- nil
	}
	return func(ctx context.Context) error {
		defer from.close()
		for {
			var buffer []byte
			select {
			case buffer = <-r.buffers:
			case <-ctx.Done():
				return context.Cause(ctx)
			}
			c, err := from.next(ctx, buffer)
			if err != nil {
				return err
			}
			select {
			case r.chunks <- c:
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		}
	}, nil
}

func (r *watch) anew() {
	if r.Anew != nil {
		r.Anew()
	}
}

func (r *watch) folderProducer() (func(context.Context) error, error) {
	roots, err := NewRoots([]string{r.Folder}, r.Folder)
	if err != nil {
		return nil, err
	}
	roots.WithoutManifest(r.Manifest)
	reader, err := Open(r.Manifest)
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	s, err := newFolder(roots, reader, r.Skipped)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context) error {
		for {
			begun := time.Now()
			err := s.look(ctx, r.Once, func(l Leaf) error {
				select {
				case r.leaves <- l:
					return nil
				case <-ctx.Done():
					return context.Cause(ctx)
				}
			})
			if err != nil {
				return err
			}
			if r.Once {
				return io.EOF
			}
			select {
			case <-time.After(max(folderPause, 10*time.Since(begun))):
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		}
	}, nil
}

// take takes what comes until the source ends, nil, or ctx.
func (r *watch) take(ctx context.Context, ended <-chan error) error {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case c := <-r.chunks:
			if c.restart {
				r.anew()
			}
			if err := r.hasher.each(c, r.add); err != nil {
				return err
			}
			r.buffers <- c.data
		case l := <-r.leaves:
			if err := r.add(l); err != nil {
				return err
			}
		case err := <-ended:
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-timer.C:
		}
		pause, err := r.due()
		if err != nil {
			return err
		}
		timer.Reset(pause)
	}
}

// add takes a leaf.
func (r *watch) add(l Leaf) error {
	if r.writer.Open() == 0 {
		r.since = time.Now()
	}
	if err := r.writer.Add(l); err != nil {
		return err
	}
	if r.Leaves > 0 && r.writer.Open() >= r.Leaves {
		return r.closeAnchor()
	}
	return nil
}

// due does what is due and returns when to look again.
func (r *watch) due() (time.Duration, error) {
	next := time.Hour
	if r.writer.Open() == 0 {
		return next, nil
	}
	now := time.Now()
	if r.Every > 0 {
		left := r.Every - now.Sub(r.since)
		if left <= 0 {
			return next, r.closeAnchor()
		}
		next = min(next, left)
	}
	if r.writer.Pending() > 0 {
		left := captureFlush - now.Sub(r.flushed)
		if left <= 0 {
			r.flushed = now
			return next, r.writer.Flush()
		}
		next = min(next, left)
	}
	return next, nil
}

// closeAnchor closes the open anchor, if it has a leaf, and has it filed.
func (r *watch) closeAnchor() error {
	a, err := r.writer.CloseAnchor()
	if errors.Is(err, ErrEmpty) {
		return nil
	}
	if err != nil {
		return err
	}
	if r.Closed != nil {
		r.Closed(a)
	}
	select {
	case r.wake <- struct{}{}:
	default:
	}
	return nil
}

// syncing makes what was taken durable, once a second, so that taking need not wait
// for it.
func (r *watch) syncing(done <-chan struct{}, stop context.CancelCauseFunc) {
	for tick := time.NewTicker(captureSync); ; {
		select {
		case <-done:
			tick.Stop()
			return
		case <-tick.C:
		}
		if err := r.writer.Sync(); err != nil {
			stop(err)
			return
		}
	}
}

// filing files anchors as they are closed, until nothing more comes and all are
// filed.
func (r *watch) filing(ctx context.Context, done <-chan struct{}) error {
	for {
		last := false
		select {
		case <-done:
			last = true
		default:
		}
		err := r.fileAll(ctx)
		if last || ctx.Err() != nil {
			return err
		}
		if err == nil {
			select {
			case <-r.wake:
			case <-done:
			}
			continue
		}
		// Refused, or no node can be used: what is taken meanwhile is fixed later.
		if r.Again != nil {
			r.Again(err)
		}
		select {
		case <-time.After(againPause):
		case <-done:
		}
	}
}

// fileAll files what is closed, and tells.
func (r *watch) fileAll(ctx context.Context) error {
	before := r.writer.Anchors()
	err := File(ctx, r.writer, r.Ledger, r.Again)
	if r.Filed != nil {
		for i, a := range r.writer.Anchors() {
			if a.Outcome != nil && (i >= len(before) || before[i].Outcome == nil) {
				r.Filed(a)
			}
		}
	}
	return err
}
