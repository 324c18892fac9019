package evidence

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

const (
	followPause = 50 * time.Millisecond // between looks whether a file has grown
	lookPause   = time.Second           // between looks whether it is another one
)

// source gives chunks until it returns io.EOF. buffer may be used for the chunk.
type source interface {
	next(ctx context.Context, buffer []byte) (chunk, error)
	close() error
}

// streamSource reads a pipe to its end. What it has given is lost to it.
type streamSource struct{ lines lineReader }

func (s *streamSource) next(ctx context.Context, buffer []byte) (chunk, error) {
	return s.lines.next(ctx, buffer, true)
}

func (s *streamSource) close() error { return nil }

// followSource reads a file that grows, and goes on with the new one when it was
// renamed and made anew, or cut to nothing.
type followSource struct {
	path   string
	once   bool // to its present end only
	file   *os.File
	lines  lineReader
	looked time.Time
	// leaving: another file is at the path, and this one is read to its end.
	leaving bool
	restart bool // what comes next is from the beginning of another file
}

// newFollow opens the file at path, from behind the last line that a manifest has,
// if that line still stands there. anew says that it does not.
func newFollow(path string, last *Leaf, once bool) (s *followSource, anew bool, err error) {
	s = &followSource{path: path, once: once}
	if err := s.open(); err != nil {
		return nil, false, err
	}
	if last == nil {
		return s, false, nil
	}
	stands, err := s.stands(last)
	if err == nil && stands {
		_, err = s.file.Seek(int64(last.Position), io.SeekStart)
		s.lines.position = last.Position
	}
	if err != nil {
		return nil, false, errors.Join(fmt.Errorf("evidence: %w", err), s.close())
	}
	return s, !stands, nil
}

func (s *followSource) open() (err error) {
	if s.file, err = os.Open(s.path); err != nil {
		return fmt.Errorf("evidence: %w", err)
	}
	s.lines = lineReader{in: s.file}
	return nil
}

func (s *followSource) close() error { return s.file.Close() }

// stands reports whether a line stands in the file, right before its position.
func (s *followSource) stands(l *Leaf) (bool, error) {
	if l.Size > maxLine || l.Position < l.Size {
		return false, nil
	}
	end := min(2, l.Position-l.Size)
	tail := make([]byte, l.Size+end)
	_, err := s.file.ReadAt(tail, int64(l.Position-l.Size-end))
	if errors.Is(err, io.EOF) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	for _, e := range []string{"\r\n", "\n", ""} {
		if from := int(end) - len(e); from >= 0 && string(tail[len(tail)-len(e):]) == e && sm3.Sum(tail[from:from+int(l.Size)]) == l.Content {
			return true, nil
		}
	}
	return false, nil
}

func (s *followSource) next(ctx context.Context, buffer []byte) (chunk, error) {
	if s.restart {
		s.restart = false
		return chunk{restart: true}, nil
	}
	c, err := s.lines.next(ctx, buffer, s.once)
	if !errors.Is(err, io.EOF) || s.once {
		return c, err
	}
	if s.leaving {
		return s.leave()
	}
	if time.Since(s.looked) >= lookPause {
		s.looked = time.Now()
		if s.leaving, err = s.another(); err != nil || s.leaving {
			return chunk{data: c.data[:0]}, err
		}
	}
	select {
	case <-time.After(followPause):
		return chunk{data: c.data[:0]}, nil
	case <-ctx.Done():
		return chunk{}, context.Cause(ctx)
	}
}

// leave opens the file that is at the path now. What the one before has after its
// last line end is a line.
func (s *followSource) leave() (chunk, error) {
	c := chunk{data: s.lines.rest, position: s.lines.position, captured: time.Now().UnixNano()}
	s.leaving, s.restart = false, true
	if err := s.close(); err != nil {
		return c, fmt.Errorf("evidence: %w", err)
	}
	return c, s.open()
}

// another reports whether there is another file at the path, or this one was cut.
func (s *followSource) another() (bool, error) {
	now, err := os.Stat(s.path)
	if err != nil {
		return false, nil // between renaming and making: look again
	}
	old, err := s.file.Stat()
	if err != nil {
		return false, fmt.Errorf("evidence: %w", err)
	}
	return !os.SameFile(now, old) || old.Size() < int64(s.lines.position), nil
}
