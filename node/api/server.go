package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"sync"
	"time"

	"golang.org/x/net/netutil"

	"github.com/hallmark-ledger/hallmark/x/exec"
)

// Server serves the interface. Its methods may be called from several goroutines.
type Server struct {
	backend Backend
	index   Index
	opts    Options
	logger  *slog.Logger

	mux      *http.ServeMux // immutable after New
	handler  http.Handler   // the whole chain
	http     *http.Server
	document document // immutable after New
	codes    map[uint32]*exec.Code
	blocks   blocks // the last few
	limits   limits // per address

	feeding    *places       // feeds
	submitting *places       // transactions being read or checked
	waiting    *places       // requests that wait for a commit
	proving    *places       // bundles being made
	rehearsing chan struct{} // holds one element for each dry run

	closing chan struct{} // closed by Shutdown: whatever waits, ends
	once    sync.Once     // of closing
}

// New makes a server. An error says what is wrong with opts.
func New(backend Backend, opts Options, logger *slog.Logger) (*Server, error) {
	if backend == nil || opts.Index == nil {
		return nil, errors.New("api: Backend or Options.Index is missing")
	}
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	opts = opts.withDefaults()
	if err := checkOrigins(opts.Origins); err != nil {
		return nil, err
	}
	s := &Server{
		backend: backend, index: opts.Index, opts: opts, logger: logger,
		mux: http.NewServeMux(), codes: codesByNumber(),
		blocks: blocks{backend: backend}, limits: newLimits(opts),
		feeding:    newPlaces("feeds", opts.Streams, opts.StreamsEach),
		submitting: newPlaces("submissions", opts.Submissions, share(opts.Submissions)),
		waiting:    newPlaces("requests that wait", opts.Waits, share(opts.Waits)),
		proving:    newPlaces("bundles in the making", opts.Bundles, share(opts.Bundles)),
		rehearsing: make(chan struct{}, runtime.GOMAXPROCS(0)),
		closing:    make(chan struct{}),
	}
	if opts.Observer != nil {
		s.feeding.changed = opts.Observer.Streams
	}
	if err := s.register(); err != nil {
		return nil, err
	}
	s.handler = s.observed(s.recovered(s.crossOrigin(s.limited(http.HandlerFunc(s.route)))))
	s.http = &http.Server{
		Handler:           s.handler,
		ReadHeaderTimeout: min(10*time.Second, opts.ReadTimeout),
		ReadTimeout:       opts.ReadTimeout,
		// From the end of the header: the body, the longest wait, the answer.
		WriteTimeout:   opts.ReadTimeout + maxWait + opts.WriteTimeout,
		IdleTimeout:    2 * time.Minute,
		MaxHeaderBytes: 16 << 10,
		ErrorLog:       slog.NewLogLogger(logger.Handler(), slog.LevelDebug), // of connections that break off
	}
	return s, nil
}

// share is what one address may have of n places.
func share(n int) int { return max(1, n/4) }

// Handler returns what Serve serves. Under another server the timeouts and the
// limit on connections are that one's matter.
func (s *Server) Handler() http.Handler { return s.handler }

// Serve answers on a listener, which it closes, until Shutdown; it returns nil
// then.
func (s *Server) Serve(l net.Listener) error {
	if err := s.http.Serve(netutil.LimitListener(limitEach(l, s.opts.ConnectionsEach), s.opts.Connections)); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("api: serve: %w", err)
	}
	return nil
}

// Shutdown ends feeds and waits, and lets other requests finish until ctx ends.
// It may be called before Serve, which then returns at once.
func (s *Server) Shutdown(ctx context.Context) error {
	s.once.Do(func() { close(s.closing) })
	if err := s.http.Shutdown(ctx); err != nil {
		return errors.Join(fmt.Errorf("api: shutdown: %w", err), s.http.Close())
	}
	return nil
}
