package evidence

import (
	"context"
	"sync"
	"sync/atomic"
)

// task is a file on its way to its leaf.
type task struct {
	file  *file
	known bool // from an earlier run
	leaf  Leaf
	err   error
	done  chan struct{} // closed when leaf and err are set
}

// maxAhead is how many bytes may have been read of files that wait for one before
// them: what is read again if the process ends.
const maxAhead = 256 << 20

// pipeline reads files on several cores and hands their leaves over in the order in
// which they are found.
type pipeline struct {
	jobs int
	// walk finds files and calls put for each; a leaf that is known already is
	// handed over as it is.
	walk func(ctx context.Context, put func(f *file, known *Leaf) error) error
	emit func(*task) error // called from one goroutine, the caller's
	// read is told of bytes of a file as they are read, concurrently.
	read func(f *file, bytes int)

	queue chan *task // in order
	work  chan *task
	ahead atomic.Int64  // bytes read that wait to be handed over
	moved chan struct{} // ahead has become less
}

func (p *pipeline) run(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	p.queue, p.work, p.moved = make(chan *task, 64*p.jobs), make(chan *task), make(chan struct{}, 1)
	var all sync.WaitGroup
	for range p.jobs {
		all.Go(func() {
			for t := range p.work {
				t.leaf, t.err = t.file.read(ctx, func(n int) { p.read(t.file, n) })
				p.ahead.Add(int64(t.leaf.Size))
				close(t.done)
			}
		})
	}
	all.Go(func() {
		defer close(p.queue)
		defer close(p.work)
		if err := p.walk(ctx, func(f *file, known *Leaf) error { return p.put(ctx, f, known) }); err != nil {
			cancel(err)
		}
	})
	var failed error
	for t := range p.queue {
		<-t.done
		if !t.known {
			p.ahead.Add(-int64(t.leaf.Size))
			select {
			case p.moved <- struct{}{}:
			default:
			}
		}
		if failed == nil {
			if failed = p.emit(t); failed != nil {
				cancel(failed)
			}
		}
	}
	all.Wait()
	if failed == nil {
		failed = context.Cause(ctx)
	}
	return failed
}

// put queues a file that was found, and has it read.
func (p *pipeline) put(ctx context.Context, f *file, known *Leaf) error {
	t := &task{file: f, done: make(chan struct{})}
	if known != nil {
		t.leaf, t.known = *known, true
		close(t.done)
	}
	select {
	case p.queue <- t:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	for !t.known {
		if p.ahead.Load() < maxAhead {
			select {
			case p.work <- t:
				return nil
			case <-ctx.Done():
			}
		} else {
			select {
			case <-p.moved:
				continue
			case <-ctx.Done():
			}
		}
		t.err = context.Cause(ctx)
		close(t.done)
		return t.err
	}
	return nil
}
