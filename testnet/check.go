package testnet

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/client"
	"github.com/hallmark-ledger/hallmark/testnet/proven"
	"github.com/hallmark-ledger/hallmark/testnet/runner"
	"github.com/hallmark-ledger/hallmark/x/certificate"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
)

// checker asks the nodes what must be so after a run.
type checker struct {
	nodes []*runner.Node
	filed []filing
	never []string // numbers that nobody filed
}

// seen is what a checker saw.
type seen struct {
	height uint64        // the last common one
	root   string        // after it
	gap    time.Duration // the longest between two blocks
	gapAt  uint64        // height of the block after it
}

// check checks all; see the package comment. settle is how long the nodes may
// take to come to one height.
func (c *checker) check(ctx context.Context, settle time.Duration) (*seen, error) {
	s := &seen{}
	var err error
	if s.height, err = c.settle(ctx, settle); err != nil {
		return nil, err
	}
	blocks := make([][]*api.Block, len(c.nodes))
	if s.height < 2 {
		return nil, fmt.Errorf("there are only %d blocks", s.height)
	}
	if err := c.each(func(i int, n *runner.Node) error {
		list, err := readBlocks(ctx, n.Client, s.height)
		blocks[i] = list
		return err
	}); err != nil {
		return nil, err
	}
	for i := 1; i < len(blocks); i++ {
		for h := range blocks[0] {
			a, b := blocks[0][h], blocks[i][h]
			if a.Hash != b.Hash || a.AppHash != b.AppHash || !a.Time.Equal(b.Time) {
				return nil, fmt.Errorf("height %d is not the same on %s (%s) and %s (%s)", a.Height, c.nodes[0].Name, a.Hash, c.nodes[i].Name, b.Hash)
			}
		}
	}
	s.gap, s.gapAt = c.gap(blocks[0])
	if err := c.each(func(i int, n *runner.Node) error { return c.transactions(ctx, n, blocks[i]) }); err != nil {
		return nil, err
	}
	roots := make([]string, len(c.nodes))
	if err := c.each(func(i int, n *runner.Node) error {
		root, err := c.certificates(ctx, n.Client, s.height-1) // the next header is there
		roots[i] = root
		return err
	}); err != nil {
		return nil, err
	}
	for i, root := range roots {
		if root != roots[0] {
			return nil, fmt.Errorf("the state after %d has the root %s on %s, %s on %s", s.height-1, roots[0], c.nodes[0].Name, root, c.nodes[i].Name)
		}
	}
	s.root = roots[0]
	return s, nil
}

// gap returns the longest time between two blocks of the load, and the height of
// the second. The time of a block is that of the votes on the one before it, so the
// first of the load, after a rest, does not count.
func (c *checker) gap(blocks []*api.Block) (longest time.Duration, at uint64) {
	first, last := c.filed[0].height, uint64(0)
	for _, f := range c.filed {
		first, last = min(first, f.height), max(last, f.height)
	}
	for h := first + 2; h <= last; h++ {
		if gap := blocks[h-1].Time.Sub(blocks[h-2].Time); gap > longest {
			longest, at = gap, h
		}
	}
	return longest, at
}

// each does f for all nodes side by side; an error names the node.
func (c *checker) each(f func(int, *runner.Node) error) error {
	errs := make([]error, len(c.nodes))
	var all sync.WaitGroup
	for i, n := range c.nodes {
		all.Go(func() {
			if err := f(i, n); err != nil {
				errs[i] = fmt.Errorf("%s: %w", n.Name, err)
			}
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

// settle waits until all nodes have the highest height that one of them has, with
// the header that commits to all that was filed, and returns it.
func (c *checker) settle(ctx context.Context, settle time.Duration) (height uint64, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, settle, fmt.Errorf("it did not come so far within %v", settle))
	defer cancel()
	for _, f := range c.filed {
		height = max(height, f.height+1)
	}
	for _, n := range c.nodes {
		if err := n.Ready(ctx); err != nil {
			return 0, err
		}
		s, err := n.Client.Status(ctx)
		if err != nil {
			return 0, err
		}
		height = max(height, s.Height)
	}
	return height, c.each(func(_ int, n *runner.Node) error { return n.Reach(ctx, height) })
}

// readBlocks reads the blocks 1 to last. There are no gaps.
func readBlocks(ctx context.Context, c *client.Client, last uint64) ([]*api.Block, error) {
	list := make([]*api.Block, 0, last)
	for h := uint64(1); h <= last; h++ {
		b, err := c.Block(ctx, h)
		if err != nil {
			return nil, fmt.Errorf("block %d: %w", h, err)
		}
		if b.Height != h {
			return nil, fmt.Errorf("asked for block %d, got %d", h, b.Height)
		}
		list = append(list, b)
	}
	return list, nil
}

// transactions checks that each transaction that was filed is in one block, and
// no others are.
func (c *checker) transactions(ctx context.Context, n *runner.Node, blocks []*api.Block) error {
	at := map[string]uint64{}
	for _, b := range blocks {
		for _, id := range b.Transactions {
			if before, twice := at[id]; twice {
				return fmt.Errorf("transaction %s is in the blocks %d and %d", id, before, b.Height)
			}
			at[id] = b.Height
		}
	}
	for _, f := range c.filed {
		height, ok := at[f.id]
		if !ok {
			return fmt.Errorf("transaction %s was filed and is in no block", f.id)
		}
		t, err := n.Client.Transaction(ctx, f.id)
		if err != nil {
			return err
		}
		if t.State != "committed" || t.Height != height || t.Refusal != nil || len(t.Refused) > 0 {
			return fmt.Errorf("transaction %s, in block %d, is %+v", f.id, height, t)
		}
		delete(at, f.id)
	}
	for id, height := range at {
		return fmt.Errorf("transaction %s in block %d was filed by nobody", id, height)
	}
	return nil
}

// certificates checks that all are there at a height, and returns the root that
// its proofs lead to.
func (c *checker) certificates(ctx context.Context, from *client.Client, height uint64) (root string, err error) {
	for _, f := range c.filed {
		for _, number := range f.numbers {
			cert, err := from.Certificate(ctx, f.issuer, number, client.AtHeight(height))
			if err != nil {
				return "", fmt.Errorf("certificate %s: %w", number, err)
			}
			if cert.Number != number || cert.Issuer != f.issuer || cert.Records != 1 || cert.Version != 1 || cert.Effective.Status != "valid" {
				return "", fmt.Errorf("certificate %s: %+v", number, cert)
			}
		}
	}
	prove := func(key []byte, there bool) error {
		fact, err := proven.Get(ctx, from, key, height)
		if err != nil {
			return err
		}
		if root = fact.Root.String(); fact.Exists != there {
			return fmt.Errorf("proven that it is there: %v, which is wrong", fact.Exists)
		}
		return nil
	}
	for _, f := range c.filed[:min(20, len(c.filed))] {
		ref := rules.Ref{Issuer: f.issuer, Number: f.numbers[0]}
		if err := prove(certificate.HeadKey(ref), true); err != nil {
			return "", fmt.Errorf("certificate %s: %w", ref.Number, err)
		}
	}
	for _, number := range c.never {
		if err := prove(certificate.NumberKey(number), false); err != nil {
			return "", fmt.Errorf("number %s, which nobody filed: %w", number, err)
		}
	}
	return root, nil
}
