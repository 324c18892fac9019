package evidence

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

const (
	// maxLine is the length in bytes of the longest line that is read.
	maxLine = 16 << 20
	// chunkSize is how many bytes of a stream are read at a time. A chunk with a
	// longer line is larger.
	chunkSize = 256 << 10
	// chunkPause lies between two reads that bring little, so that a stream that
	// comes line by line is read a thousand times a second and not more often.
	chunkPause  = time.Millisecond
	littleChunk = 16 << 10
)

// ErrLine: a line is longer than 16 MiB. It is no line-oriented input.
var ErrLine = errors.New("evidence: a line is longer than 16 MiB")

// chunk is whole lines that were read at once.
type chunk struct {
	data     []byte // lines with their ends; the last one of a source may have none
	position uint64 // of data in the source
	captured int64  // when it was read, Unix nanoseconds
	// restart: a growing file is another one now, read from its beginning.
	restart bool
}

// lineReader cuts a stream into chunks of whole lines.
type lineReader struct {
	in       io.Reader
	rest     []byte // of a line that has not ended
	position uint64 // of rest in the source
	last     time.Time
}

// next reads once and returns the lines that are whole, in a buffer of its own; an
// empty chunk if there is none yet. At the end of the stream it returns io.EOF, and
// with final set, before that, a last line without an end.
func (r *lineReader) next(ctx context.Context, buffer []byte, final bool) (c chunk, err error) {
	if pause := chunkPause - time.Since(r.last); pause > 0 {
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return c, context.Cause(ctx)
		}
	}
	data := append(buffer[:0], r.rest...)
	if cap(data)-len(data) < chunkSize/4 {
		data = append(make([]byte, 0, 2*len(data)+chunkSize), data...)
	}
	n, err := r.in.Read(data[len(data):cap(data)])
	c = chunk{position: r.position, captured: time.Now().UnixNano()}
	r.last = time.Time{}
	if n < littleChunk {
		r.last = time.Unix(0, c.captured)
	}
	data = data[:len(data)+n]
	end := bytes.LastIndexByte(data, '\n') + 1
	if errors.Is(err, io.EOF) && final {
		end = len(data)
	}
	if len(data)-end > maxLine {
		return c, fmt.Errorf("%w: it begins at byte %d", ErrLine, r.position+uint64(end))
	}
	r.rest = append(r.rest[:0], data[end:]...)
	c.data = data[:end:cap(data)]
	r.position += uint64(end)
	switch {
	case err == nil, errors.Is(err, io.EOF) && (n > 0 || end > 0):
		return c, nil // the end comes once more
	case errors.Is(err, io.EOF):
		return c, io.EOF
	}
	return c, fmt.Errorf("evidence: read the lines: %w", err)
}

// lineEnd returns the length of the first line of data and of the line's end: LF,
// or CR LF.
func lineEnd(data []byte) (line, whole int) {
	i := bytes.IndexByte(data, '\n')
	if i < 0 {
		return len(data), len(data)
	}
	line, whole = i, i+1
	if line > 0 && data[line-1] == '\r' {
		line--
	}
	return line, whole
}

// lineHasher makes leaves of lines. It holds scratch memory.
type lineHasher struct {
	hasher *sm3.Hasher
	jobs   []sm3.SumJob
	leaves []Leaf
}

// each calls add with a leaf for each line of a chunk, some hundred hashed side by
// side at a time.
func (h *lineHasher) each(c chunk, add func(Leaf) error) error {
	const together = 256
	if h.hasher == nil {
		h.hasher, h.jobs, h.leaves = sm3.NewHasher(), make([]sm3.SumJob, 0, together), make([]Leaf, together)
	}
	data, position := c.data, c.position
	for len(data) > 0 {
		h.jobs = h.jobs[:0]
		for len(data) > 0 && len(h.jobs) < together {
			line, whole := lineEnd(data)
			l := &h.leaves[len(h.jobs)]
			position += uint64(whole)
			*l = Leaf{Size: uint64(line), Captured: c.captured, Position: position}
			h.jobs = append(h.jobs, sm3.SumJob{Data: data[:line], Out: &l.Content})
			data = data[whole:]
		}
		h.hasher.RunSums(h.jobs)
		for i := range h.jobs {
			if err := add(h.leaves[i]); err != nil {
				return err
			}
		}
	}
	return nil
}
