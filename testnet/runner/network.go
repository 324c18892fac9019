package runner

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/hallmark-ledger/hallmark/client"
	"github.com/hallmark-ledger/hallmark/testnet/generate"
)

// Options say how a network is run; the zero value is right for most.
type Options struct {
	// Program is hallmarkd, with arguments that come before its own; nil for the
	// program that is running.
	Program []string
	// Env is added to the environment of the nodes: NAME=value.
	Env []string
	// Set are settings of all nodes in the place of those in their files:
	// section.key=value.
	Set []string
	// Proxied puts a proxy between each two nodes: needed to disconnect nodes and
	// to slow links.
	Proxied bool
	// StopPatience is how long a node may take to stop; default 30 s.
	StopPatience time.Duration
}

// Network is a network that runs. Its methods may be called from several
// goroutines; those of one node, one at a time.
type Network struct {
	*generate.Network
	Nodes []*Node // in the order of the summary

	links map[[2]int]*link // from, to; nil unless Proxied
}

// Node is one node, whether it runs or not.
type Node struct {
	generate.Node
	Client *client.Client // of this node alone

	argv, env []string
	log       string
	patience  time.Duration
	links     []*link // from and to it

	mu      sync.Mutex
	process *process // guarded by mu; nil before the first start
}

// New makes ready to run a generated network. Nothing is started but proxies.
// Close ends what New and Start began.
func New(ctx context.Context, summary *generate.Network, opts Options) (_ *Network, err error) {
	if opts.Program == nil {
		self, err := os.Executable()
		if err != nil {
			return nil, err
		}
		opts.Program = []string{self}
	}
	if opts.StopPatience == 0 {
		opts.StopPatience = 30 * time.Second
	}
	n := &Network{Network: summary, links: map[[2]int]*link{}}
	defer func() {
		if err != nil {
			err = errors.Join(err, n.Close())
		}
	}()
	for i := range summary.Nodes {
		node := &Node{Node: summary.Nodes[i], env: opts.Env, patience: opts.StopPatience}
		node.log = filepath.Join(summary.Path(node.Home), "hallmarkd.log")
		if node.Client, err = client.New([]string{node.URL()}, client.Options{ChainID: summary.ChainID, Patience: -1, Agent: "hallmark-testnet"}); err != nil {
			return n, err
		}
		n.Nodes = append(n.Nodes, node)
	}
	for i, node := range n.Nodes {
		settings := opts.Set
		if opts.Proxied {
			peers, err := n.connect(ctx, i)
			if err != nil {
				return n, err
			}
			settings = append(settings[:len(settings):len(settings)], "p2p.persistent_peers="+strings.Join(peers, ","))
		}
		node.argv = append(opts.Program[:len(opts.Program):len(opts.Program)], "start", "--home", summary.Path(node.Home))
		for _, s := range settings {
			node.argv = append(node.argv, "--set", s)
		}
	}
	return n, nil
}

// connect makes the links from node i to all validators and returns their
// addresses.
func (n *Network) connect(ctx context.Context, i int) (peers []string, err error) {
	for j, to := range n.Nodes {
		if i == j || to.Validator == "" {
			continue
		}
		l, err := newLink(ctx, to.P2P)
		if err != nil {
			return nil, err
		}
		n.links[[2]int{i, j}] = l
		n.Nodes[i].links = append(n.Nodes[i].links, l)
		to.links = append(to.links, l)
		peers = append(peers, to.ID+"@"+l.addr())
	}
	return peers, nil
}

// Node returns the node with a name, or the validator.
func (n *Network) Node(name string) (*Node, error) {
	for _, node := range n.Nodes {
		if node.Name == name || node.Validator == name && name != "" {
			return node, nil
		}
	}
	return nil, fmt.Errorf("runner: there is no node %q", name)
}

// Start starts all validators and waits until each answers and has a block.
func (n *Network) Start(ctx context.Context) error {
	for _, node := range n.Nodes {
		if node.Validator == "" {
			continue
		}
		if err := node.Start(); err != nil {
			return err
		}
	}
	for _, node := range n.Nodes {
		if node.Validator == "" {
			continue
		}
		if err := node.Ready(ctx); err != nil {
			return err
		}
	}
	return nil
}

// URLs are the addresses of the APIs of the nodes that run.
func (n *Network) URLs() (list []string) {
	for _, node := range n.Nodes {
		if node.Running() {
			list = append(list, node.URL())
		}
	}
	return list
}

// Close stops all nodes, one beside the other, and the proxies. Its error says
// which did not stop as they should.
func (n *Network) Close() error {
	errs := make([]error, len(n.Nodes), len(n.Nodes)+len(n.links))
	var all sync.WaitGroup
	for i, node := range n.Nodes {
		all.Go(func() { errs[i] = node.Stop() })
	}
	all.Wait()
	for _, l := range n.links {
		errs = append(errs, l.close())
	}
	return errors.Join(errs...)
}

// Wait returns when ctx ends, with its cause, or when a node ends by itself.
func (n *Network) Wait(ctx context.Context) error {
	ended := make(chan *Node, len(n.Nodes))
	for _, node := range n.Nodes {
		if p := node.current(); p != nil {
			go func() {
				<-p.exited
				ended <- node
			}()
		}
	}
	select {
	case node := <-ended:
		return node.Err()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
