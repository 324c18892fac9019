package runner

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"time"
)

// Start starts the node. Ready waits for it.
func (n *Node) Start() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.process != nil && n.process.running() {
		return fmt.Errorf("runner: %s runs already", n.Name)
	}
	p, err := start(n.argv, n.env, n.log)
	if err == nil {
		n.process = p
	}
	return err
}

// current is the process that was started last, nil if none was.
func (n *Node) current() *process {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.process
}

// Running reports whether the node's process is there, suspended or not.
func (n *Node) Running() bool {
	p := n.current()
	return p != nil && p.running()
}

// Log is the file that the node writes to.
func (n *Node) Log() string { return n.log }

// Err returns an error if the node was started and has ended by itself or with an
// error, with the end of its log.
func (n *Node) Err() error {
	p := n.current()
	if p == nil || p.running() {
		return nil
	}
	return fmt.Errorf("runner: %s has ended: %w\n%s", n.Name, p.err, p.tail())
}

// Ready waits until the node answers, is not catching up and has a block. The
// error says why it is not, with the end of the log.
func (n *Node) Ready(ctx context.Context) error {
	return n.await(ctx, "ready", func() (bool, error) {
		s, err := n.Client.Status(ctx)
		if err != nil {
			return false, err
		}
		return !s.CatchingUp && s.Height > 0, fmt.Errorf("it is at height %d, catching up: %v", s.Height, s.CatchingUp)
	})
}

// Reach waits until the node has a block of the height.
func (n *Node) Reach(ctx context.Context, height uint64) error {
	return n.await(ctx, fmt.Sprintf("at height %d", height), func() (bool, error) {
		s, err := n.Client.Status(ctx)
		if err != nil {
			return false, err
		}
		return s.Height >= height, fmt.Errorf("it is at height %d", s.Height)
	})
}

// await asks until the answer is yes; why says why it is no.
func (n *Node) await(ctx context.Context, what string, ask func() (yes bool, why error)) error {
	for {
		yes, why := ask()
		if yes {
			return nil
		}
		p := n.current()
		if p == nil {
			return fmt.Errorf("runner: %s was not started", n.Name)
		}
		select {
		case <-p.exited:
			return n.Err()
		case <-ctx.Done():
			return fmt.Errorf("runner: %s is not %s: %w (%w)\n%s", n.Name, what, context.Cause(ctx), why, p.tail())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// Stop asks the node to stop and waits until it has. It does nothing to one that
// was not started or was killed; one that ended by itself is an error.
func (n *Node) Stop() error {
	p := n.current()
	if p == nil || p.killed() {
		return nil
	}
	if err := p.stop(n.patience); err != nil {
		return fmt.Errorf("%s: %w", n.Name, err)
	}
	return nil
}

// Kill ends the node as a loss of power does (kill −9).
func (n *Node) Kill() error { return n.do((*process).kill) }

// Pause suspends the node's process: it keeps its connections and says nothing.
func (n *Node) Pause() error {
	return n.do(func(p *process) error { return p.signal(syscall.SIGSTOP) })
}

// Resume ends that.
func (n *Node) Resume() error {
	return n.do(func(p *process) error { return p.signal(syscall.SIGCONT) })
}

func (n *Node) do(f func(*process) error) error {
	p := n.current()
	if p == nil || !p.running() {
		return fmt.Errorf("runner: %s does not run", n.Name)
	}
	return f(p)
}

// errDirect: there are no proxies to act on.
var errDirect = errors.New("runner: the nodes are connected directly; run the network proxied")

// Disconnect cuts the node off from all others. Its API stays reachable.
func (n *Node) Disconnect() error { return n.setLinks(func(l *link) { l.setCut(true) }) }

// Reconnect ends that.
func (n *Node) Reconnect() error { return n.setLinks(func(l *link) { l.setCut(false) }) }

// Slow holds back by d whatever the node and the others send each other; 0 ends
// that.
func (n *Node) Slow(d time.Duration) error { return n.setLinks(func(l *link) { l.setDelay(d) }) }

func (n *Node) setLinks(f func(*link)) error {
	if len(n.links) == 0 {
		return errDirect
	}
	for _, l := range n.links {
		f(l)
	}
	return nil
}
