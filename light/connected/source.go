package connected

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/cometbft/cometbft/light/provider"
	cmthttp "github.com/cometbft/cometbft/light/provider/http"
	rpchttp "github.com/cometbft/cometbft/rpc/client/http"
	"github.com/cometbft/cometbft/types"
)

// source is a node that headers come from, as the light client sees it. It bounds
// what the node may send, waits a little for a height that the node is about to
// reach, and remembers what it said.
type source struct {
	provider.Provider
	name     string
	patience time.Duration

	mu      sync.Mutex
	seen    map[int64][32]byte                 // guarded by mu; hashes of headers that it gave
	against []*types.LightClientAttackEvidence // guarded by mu; that was reported to it
}

const (
	maxAnswer   = 4 << 20 // bytes
	answerTime  = 10 * time.Second
	lookAgain   = 200 * time.Millisecond
	maxSeen     = 4096
	errBadPlace = "connected: %q is no address of a node's CometBFT interface, as http://127.0.0.1:26657"
)

// newSource returns the node at an address.
func newSource(chain, address string, patience time.Duration) (*source, error) {
	if !strings.Contains(address, "://") {
		address = "http://" + address
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf(errBadPlace, address)
	}
	client, err := rpchttp.NewWithClient(address, "/websocket", &http.Client{Timeout: answerTime, Transport: bounded{http.DefaultTransport}})
	if err != nil {
		return nil, fmt.Errorf(errBadPlace+": %w", u.Redacted(), err)
	}
	return &source{Provider: cmthttp.NewWithClient(chain, client), name: u.Redacted(), patience: patience, seen: map[int64][32]byte{}}, nil
}

// LightBlock implements provider.Provider.
func (s *source) LightBlock(ctx context.Context, height int64) (*types.LightBlock, error) {
	for until := time.Now().Add(s.patience); ; {
		b, err := s.once(ctx, height)
		if !errors.Is(err, provider.ErrHeightTooHigh) || height == 0 || time.Now().After(until) {
			return b, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(lookAgain):
		}
	}
}

// once asks once. A node may answer anything; what makes CometBFT's types panic is
// a bad block.
func (s *source) once(ctx context.Context, height int64) (b *types.LightBlock, err error) {
	defer func() {
		if r := recover(); r != nil {
			b, err = nil, provider.ErrBadLightBlock{Reason: fmt.Errorf("%v", r)}
		}
	}()
	if b, err = s.Provider.LightBlock(ctx, height); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.seen) >= maxSeen {
		clear(s.seen)
	}
	s.seen[b.Height] = [32]byte(b.Hash())
	return b, nil
}

// gave reports whether the node gave the header of a height with a hash.
func (s *source) gave(height int64, hash [32]byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	seen, ok := s.seen[height]
	return ok && seen == hash
}

// ReportEvidence implements provider.Provider.
func (s *source) ReportEvidence(ctx context.Context, e types.Evidence) error {
	if a, ok := e.(*types.LightClientAttackEvidence); ok {
		s.mu.Lock()
		s.against = append(s.against, a)
		s.mu.Unlock()
	}
	return s.Provider.ReportEvidence(ctx, e)
}

// reported returns what was reported to the node.
func (s *source) reported() []*types.LightClientAttackEvidence {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]*types.LightClientAttackEvidence(nil), s.against...)
}

// String is the address, without a password.
func (s *source) String() string { return s.name }

// bounded cuts off answers that are too long.
type bounded struct{ http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := b.RoundTripper.RoundTrip(r)
	if err == nil {
		res.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(res.Body, maxAnswer), res.Body}
	}
	return res, err
}
