package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/hallmark-ledger/hallmark/api"
)

const (
	statusLasts = 3 * time.Second // how long the status of a node is believed
	maxBehind   = 10              // blocks that a node may be behind another and be written to
)

// statusNow asks the node how it stands and checks its chain.
func (n *node) statusNow(ctx context.Context) (*api.Status, error) {
	asked := time.Now()
	r, err := n.do(ctx, request{method: http.MethodGet, path: "/status"})
	if err != nil {
		return nil, err
	}
	s := new(api.Status)
	if _, err := r.result(s); err != nil {
		return nil, err
	}
	if err := n.client.sameChain(n, s.ChainID); err != nil {
		return nil, err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.status, n.asked = s, asked
	return s, nil
}

// belongs checks the chain of the node once, if a chain was asked for.
func (n *node) belongs(ctx context.Context) error {
	n.mu.Lock()
	checked := !n.asked.IsZero()
	n.mu.Unlock()
	if checked || n.client.opts.ChainID == "" {
		return nil
	}
	_, err := n.statusNow(ctx)
	return err
}

// lately is statusNow, unless that was asked a moment ago.
func (n *node) lately(ctx context.Context) (*api.Status, error) {
	n.mu.Lock()
	s, asked := n.status, n.asked
	n.mu.Unlock()
	if s != nil && time.Since(asked) < statusLasts {
		return s, nil
	}
	return n.statusNow(ctx)
}

// forget makes lately ask again.
func (n *node) forget() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.status = nil
}

// standing is a node and how it stands.
type standing struct {
	node   *node
	status *api.Status
	err    error
}

// standings asks all nodes at once, in the order of preference.
func (c *Client) standings(ctx context.Context, ask func(*node, context.Context) (*api.Status, error)) []standing {
	list := make([]standing, len(c.nodes))
	var all sync.WaitGroup
	for i, n := range c.order() {
		all.Go(func() {
			s, err := ask(n, ctx)
			list[i] = standing{n, s, err}
		})
	}
	all.Wait()
	return list
}

// writers returns the nodes to write to: of the right chain, not catching up,
// and not behind the others. If there are none the error is ErrChain if that is
// why, ErrNotReady, or ErrNoAnswer.
func (c *Client) writers(ctx context.Context) ([]*node, error) {
	list := c.standings(ctx, (*node).lately)
	var highest uint64
	for _, s := range list {
		if errors.Is(s.err, ErrChain) {
			return nil, s.err // whatever the others say, the addresses are wrong
		}
		if s.err == nil {
			highest = max(highest, s.status.Height)
		}
	}
	var fit []*node
	var reasons []error
	answered := false
	for _, s := range list {
		switch {
		case s.err != nil:
			reasons = append(reasons, s.err)
			continue
		case s.status.CatchingUp:
			reasons = append(reasons, fmt.Errorf("%s is catching up, at height %d", s.node.base, s.status.Height))
		case s.status.Height+maxBehind < highest:
			reasons = append(reasons, fmt.Errorf("%s is behind, at height %d, another at %d", s.node.base, s.status.Height, highest))
		default:
			fit = append(fit, s.node)
		}
		answered = true
	}
	switch {
	case len(fit) > 0:
		return fit, nil
	case answered:
		return nil, fmt.Errorf("%w: %w", ErrNotReady, errors.Join(reasons...))
	}
	return nil, fmt.Errorf("%w: %w", ErrNoAnswer, errors.Join(reasons...))
}

// NodeStatus is how one node stands.
type NodeStatus struct {
	Node   string      // address
	Status *api.Status // nil if Err
	Err    error       // it does not answer, or is of another chain
}

// Statuses asks every node how it stands, in the order they were named.
func (c *Client) Statuses(ctx context.Context) []NodeStatus {
	answers := map[string]standing{}
	for _, s := range c.standings(ctx, (*node).statusNow) {
		answers[s.node.base] = s
	}
	list := make([]NodeStatus, len(c.nodes))
	for i, n := range c.nodes {
		list[i] = NodeStatus{n.base, answers[n.base].status, answers[n.base].err}
	}
	return list
}
