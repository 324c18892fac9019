package client

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"
)

const (
	firstPause = 200 * time.Millisecond
	maxPause   = 5 * time.Second
)

// ask makes a request that changes nothing, of one node after another, and reads
// the definite answer into out.
func (c *Client) ask(ctx context.Context, q request, out any) (*reply, error) {
	var gone *reply // the answer of a node that no longer has the height
	p := c.newPatience()
	for {
		for _, n := range c.order() {
			err := n.belongs(ctx)
			if errors.Is(err, ErrChain) {
				return nil, err
			}
			var r *reply
			if err == nil {
				r, err = n.do(ctx, q)
			}
			if err == nil {
				var definite bool
				definite, err = r.result(out)
				switch {
				case r.status == http.StatusGone:
					gone = r // another node may have kept it
				case definite:
					c.prefer(n)
					return r, err
				}
			}
			p.note(n, err, r)
		}
		if gone != nil {
			_, err := gone.result(out)
			return gone, err
		}
		if err := p.pause(ctx); err != nil {
			return nil, err
		}
	}
}

// patience says how long to go on when no node answers.
type patience struct {
	end     time.Time
	next    time.Duration
	asked   time.Duration // the longest pause that a node asked for in this round
	reasons map[string]error
}

func (c *Client) newPatience() *patience {
	return &patience{end: time.Now().Add(c.opts.Patience), next: firstPause, reasons: map[string]error{}}
}

// note takes down why a node gave no answer.
func (p *patience) note(n *node, err error, r *reply) {
	p.reasons[n.base] = err
	if r != nil {
		p.asked = max(p.asked, r.retryAfter())
	}
}

// pause waits before the next round. It returns ErrNoAnswer, with what each node
// said, if there is no time for one.
func (p *patience) pause(ctx context.Context) error {
	// Up to half as much again, so that clients do not come back together.
	wait := max(p.next+rand.N(p.next/2), p.asked)
	p.next, p.asked = min(2*p.next, maxPause), 0
	if time.Now().Add(wait).After(p.end) {
		return p.giveUp(nil)
	}
	select {
	case <-ctx.Done():
		return p.giveUp(context.Cause(ctx))
	case <-time.After(wait):
		return nil
	}
}

// giveUp returns ErrNoAnswer with the reasons.
func (p *patience) giveUp(cause error) error {
	errs := make([]error, 0, len(p.reasons)+1)
	for _, base := range sortedKeys(p.reasons) {
		errs = append(errs, p.reasons[base])
	}
	if cause != nil {
		errs = append(errs, cause)
	}
	return fmt.Errorf("%w: %w", ErrNoAnswer, errors.Join(errs...))
}
