package node

import (
	"errors"
	"fmt"
	"time"

	"github.com/hallmark-ledger/hallmark/app"
)

// Stop stops the node in the order opposite to that in which it came up, and
// gives up its home. It returns why the node failed, if it did. What does not
// stop within node.stop_timeout is left to the end of the process
// (ErrStopTimeout), which must then follow at once; the data is safe.
func (n *Node) Stop() error {
	n.stopping.Store(true)
	done := make(chan error, 1)
	go func() { done <- n.close() }()
	var err error
	select {
	case err = <-done:
	case <-time.After(n.config.Node.StopTimeout):
		err = Troublef(ErrStopTimeout, "the node did not stop within %v; the process ends now. Its data is safe", "节点未能在 %v 内停止，进程将立即结束。数据安全", n.config.Node.StopTimeout)
	}
	select {
	case <-n.failed:
		return errors.Join(n.failure, err)
	default:
		return err
	}
}

// close closes all that is open.
func (n *Node) close() error {
	var errs []error
	for i := len(n.closers) - 1; i >= 0; i-- {
		if err := guarded(n.closers[i]); err != nil {
			errs = append(errs, err)
		}
	}
	n.closers = nil
	return errors.Join(errs...)
}

// stopComet stops consensus and closes CometBFT's stores.
func (n *Node) stopComet() error {
	if !n.comet.IsRunning() {
		return nil
	}
	if err := n.comet.Stop(); err != nil {
		return fmt.Errorf("CometBFT: %w", err)
	}
	n.dbs.open = nil // it has closed them
	return nil
}

// observers tells the node, and whoever else wants to know, of each block.
type observers struct {
	node *Node
	next app.Observer // or nil
}

// Committed implements app.Observer.
func (o observers) Committed(b *app.Observation) {
	o.node.metrics.Committed(b)
	o.node.pending.committed(b)
	o.node.notifier.wake()
	if o.next != nil {
		o.next.Committed(b)
	}
}
