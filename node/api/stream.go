package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// stream is one feed on its way. One goroutine uses it.
type stream struct {
	w       http.ResponseWriter
	control *http.ResponseController
	timeout time.Duration // for the client to take what is sent at once
	buffer  bytes.Buffer  // what is to be sent; at most maxBuffer and one event
	told    position      // the last id that was sent
}

// maxBuffer is how much is sent at once, in bytes.
const maxBuffer = 64 << 10

// stream sends events from a position on until the client goes, is too slow, or
// the server stops.
func (s *Server) stream(c huma.Context, from position, f filter) {
	r, w := humago.Unwrap(c)
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // of reverse proxies that would hold it back
	patient(w, 0)
	st := &stream{w: w, control: http.NewResponseController(w), timeout: s.opts.WriteTimeout}
	err := s.follow(r.Context(), st, from, f)
	switch {
	case err == nil, r.Context().Err() != nil:
	case errors.Is(err, ErrNoBlock):
		_ = st.comment("The block is not retained; connect again to see from where on there is one.")
	default:
		s.logger.Debug("a feed ended", "address", r.RemoteAddr, "err", err)
	}
}

// follow sends block after block. An error is of the connection or of a block.
func (s *Server) follow(ctx context.Context, st *stream, next position, f filter) error {
	news, stop := s.backend.Notify()
	defer stop()
	beat := time.NewTicker(s.opts.Heartbeat)
	defer beat.Stop()
	if err := st.comment("Hallmark"); err != nil { // the header goes out with it
		return err
	}
	for {
		for _, latest := s.backend.Heights(); next.height <= latest; _, latest = s.backend.Heights() {
			b, err := s.blocks.get(next.height)
			if err != nil {
				return err
			}
			if err := st.block(b, next.index, f); err != nil {
				return err
			}
			next = position{height: next.height + 1}
			if s.stopping(ctx) {
				return nil
			}
		}
		select {
		case <-news:
		case <-beat.C:
			if err := st.heartbeat(next); err != nil {
				return err
			}
		case <-s.closing:
			return nil
		case <-ctx.Done():
			return nil
		}
	}
}

func (s *Server) stopping(ctx context.Context) bool {
	select {
	case <-s.closing:
		return true
	default:
		return ctx.Err() != nil
	}
}

// block sends the events of a block from an index on that the filter wants.
func (st *stream) block(b *block, index uint32, f filter) error {
	for i := int(index); i < len(b.events); i++ {
		e := &b.events[i]
		if !f.wants(e) {
			continue
		}
		data, err := json.Marshal(e)
		if err != nil {
			return fmt.Errorf("api: event %s: %w", e.ID, err)
		}
		fmt.Fprintf(&st.buffer, "id: %s\ndata: %s\n\n", e.ID, data)
		st.told = position{b.height, uint32(i)}
		if st.buffer.Len() >= maxBuffer {
			if err := st.flush(); err != nil {
				return err
			}
		}
	}
	return st.flush()
}

// heartbeat says that the feed lives and how far it has come: all before next.
// Without that a client whose filter wants little would come back, after a long
// time, with an id that is no longer retained.
func (st *stream) heartbeat(next position) error {
	if p := (position{next.height - 1, endOfBlock}); next.height > 1 && next.index == 0 && p != st.told {
		st.told = p
		fmt.Fprintf(&st.buffer, "id: %s\n", p)
	}
	return st.comment("")
}

// endOfBlock is an index that no event has.
const endOfBlock = 1<<32 - 1

// comment sends a line that clients pass over.
func (st *stream) comment(text string) error {
	fmt.Fprintf(&st.buffer, ": %s\n\n", text)
	return st.flush()
}

// flush sends what is in the buffer. A client that does not take it in time is
// too slow.
func (st *stream) flush() error {
	if st.buffer.Len() == 0 {
		return nil
	}
	// A connection without deadlines, as of a test, has none to set.
	if err := st.control.SetWriteDeadline(time.Now().Add(st.timeout)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	_, err := st.w.Write(st.buffer.Bytes())
	st.buffer.Reset()
	if err != nil {
		return err
	}
	return st.control.Flush()
}
