package metrics

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// Server serves GET /metrics.
type Server struct {
	http     *http.Server
	listener net.Listener
	failed   chan error // one value, when it no longer serves
}

// Listen serves the metrics at an address, host and port. The error says if the
// address is in use.
func (m *Metrics) Listen(address string) (*Server, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("metrics: %w", err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", m.Handler())
	s := &Server{
		http:     &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: time.Minute},
		listener: listener, failed: make(chan error, 1),
	}
	go func() {
		err := s.http.Serve(listener)
		if errors.Is(err, http.ErrServerClosed) {
			err = nil
		}
		s.failed <- err
	}()
	return s, nil
}

// Addr is the address, with the port that was chosen if 0 was asked for.
func (s *Server) Addr() string { return s.listener.Addr().String() }

// Close ends the server and returns why it had stopped before, if it had.
func (s *Server) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if s.http.Shutdown(ctx) != nil {
		_ = s.http.Close() // answers that took too long are cut off
	}
	return <-s.failed
}
