package evidence

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// ErrChanged: a file was changed while it was read. Wait until nobody writes to it.
var ErrChanged = errors.New("evidence: the file was changed while it was read")

// readSize is how many bytes of a file are read at a time.
const readSize = 256 << 10

var buffers = sync.Pool{New: func() any { b := make([]byte, readSize); return &b }}

const (
	// attempts is how often a file is read that changes meanwhile.
	attempts     = 3
	attemptPause = 200 * time.Millisecond
)

// read reads a file and returns its leaf. done is told of bytes as they are read.
// Errors: ErrChanged, ErrNotFile, or of reading.
func (f *file) read(ctx context.Context, done func(bytes int)) (l Leaf, err error) {
	for attempt := 1; ; attempt++ {
		if l, err = f.readOnce(ctx, done); !errors.Is(err, ErrChanged) || attempt == attempts {
			return l, err
		}
		select {
		case <-ctx.Done():
			return l, context.Cause(ctx)
		case <-time.After(attemptPause):
		}
		if f.info, err = os.Lstat(f.path); err != nil {
			return l, fmt.Errorf("evidence: %w", err)
		}
	}
}

func (f *file) readOnce(ctx context.Context, done func(int)) (l Leaf, err error) {
	in, err := os.OpenFile(f.path, os.O_RDONLY|openFlags, 0)
	if err != nil {
		return l, fmt.Errorf("evidence: %w", err)
	}
	defer in.Close()
	before, err := in.Stat()
	if err != nil {
		return l, fmt.Errorf("evidence: %w", err)
	}
	if !before.Mode().IsRegular() {
		return l, fmt.Errorf("%w: %s", ErrNotFile, f.path)
	}
	content, size, err := sumOf(ctx, in, done)
	if err != nil {
		return l, err
	}
	after, err := in.Stat()
	if err != nil {
		return l, fmt.Errorf("evidence: %w", err)
	}
	if !os.SameFile(f.info, before) || size != before.Size() || after.Size() != size || !after.ModTime().Equal(before.ModTime()) || !before.ModTime().Equal(f.info.ModTime()) {
		return l, fmt.Errorf("%w: %s", ErrChanged, f.path)
	}
	l = Leaf{Content: content, Size: uint64(size), Name: f.name, Modified: f.modified()}
	// A time of modification in the future, or none, says nothing.
	l.Captured = time.Now().UnixNano()
	if l.Modified > 0 {
		l.Captured = min(l.Captured, l.Modified)
	}
	return l, nil
}

// sumOf returns SM3 of what in has, and its length.
func sumOf(ctx context.Context, in io.Reader, done func(bytes int)) (content sm3.Hash, size int64, err error) {
	buffer := buffers.Get().(*[]byte)
	defer buffers.Put(buffer)
	h := sm3.New()
	for {
		if err := context.Cause(ctx); err != nil {
			return content, 0, err
		}
		n, err := in.Read(*buffer)
		h.Write((*buffer)[:n])
		size += int64(n)
		if done != nil && n > 0 {
			done(n)
		}
		if errors.Is(err, io.EOF) {
			h.Sum(content[:0])
			return content, size, nil
		}
		if err != nil {
			return content, 0, fmt.Errorf("evidence: %w", err)
		}
	}
}

// ContentOf returns SM3 of the content of the file at path, and its length.
func ContentOf(ctx context.Context, path string) (content sm3.Hash, size int64, err error) {
	in, err := os.Open(path)
	if err != nil {
		return content, 0, fmt.Errorf("evidence: %w", err)
	}
	defer in.Close()
	return sumOf(ctx, in, nil)
}
