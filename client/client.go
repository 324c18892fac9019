// Package client talks to the nodes of a ledger: it reads, submits transactions
// and waits until it is certain what became of them. It speaks the HTTP interface
// of package api and needs one node that answers, of as many as are named.
//
// # Several nodes
//
// A request goes to the node that answered last, then to the others in the order
// they were named. No connection, an answer that cannot be read, 429 and 5xx mean
// "ask another"; when none is left, all are asked again after a pause that
// doubles, or that a node asked for (Retry-After), until Options.Patience or the
// context ends. Every other answer is definite and returned at once. A node that
// is catching up, or behind the others, is not written to.
//
// # Errors
//
//	*Error         a node's definite answer: what is wrong, with the refusal if the ledger refused
//	ErrNoAnswer    no node answered; nothing is known
//	ErrUncertain   a transaction was sent and no node says whether it arrived
//	ErrNotReady    nodes answer, none of them may be written to
//	ErrChain       a node is of another chain
//	*exec.Refusal  refused here, by the same checks as on a node, before it was sent
//
// RefusalOf finds the refusal in any of them.
package client

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Options are what may be told to New; the zero value is right for most.
type Options struct {
	// ChainID is the chain that all nodes must be of; empty for that of the
	// first node that answers.
	ChainID string
	// HTTP makes the requests; nil for a client of its own.
	HTTP *http.Client
	// Timeout is for one request to one node, 0 for 15 s. Requests that wait at
	// the node take as much longer.
	Timeout time.Duration
	// Patience is how long nodes are asked again when none answers, 0 for 15 s,
	// negative for once.
	Patience time.Duration
	// Agent names the program, for the nodes' logs; empty for "hallmark".
	Agent string
}

// Client is a client of one ledger. It is safe for concurrent use.
type Client struct {
	nodes []*node
	http  *http.Client
	opts  Options

	mu        sync.Mutex
	preferred int    // place in nodes of the one that answered last; guarded by mu
	chain     string // as in opts, or of the first node that answered; guarded by mu
	limits    *ledgerLimits
}

// New returns a client of the nodes at urls, as http://127.0.0.1:8480. It
// connects to none of them.
func New(urls []string, opts Options) (*Client, error) {
	if len(urls) == 0 {
		return nil, errors.New("client: no node is named")
	}
	if opts.Timeout == 0 {
		opts.Timeout = 15 * time.Second
	}
	if opts.Patience == 0 {
		opts.Patience = 15 * time.Second
	}
	if opts.Agent == "" {
		opts.Agent = "hallmark"
	}
	c := &Client{http: opts.HTTP, opts: opts, chain: opts.ChainID}
	if c.http == nil {
		c.http = newHTTP()
	}
	for _, text := range urls {
		base, err := parseNode(text)
		if err != nil {
			return nil, err
		}
		for _, n := range c.nodes {
			if n.base == base {
				return nil, fmt.Errorf("client: the node %s is named twice", base)
			}
		}
		c.nodes = append(c.nodes, &node{client: c, base: base})
	}
	return c, nil
}

// parseNode reads the address of a node; without a scheme it is http.
func parseNode(text string) (string, error) {
	text = strings.TrimSpace(text)
	if !strings.Contains(text, "://") {
		text = "http://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" || u.RawQuery != "" || u.Fragment != "" {
		return "", fmt.Errorf("client: %q is not the address of a node, as http://127.0.0.1:8480", text)
	}
	return strings.TrimRight(u.String(), "/"), nil
}

func newHTTP() *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 16
	return &http.Client{
		Transport: transport,
		// An address that leads elsewhere is a fault of the configuration: a
		// transaction would be sent to whom nobody named.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Close closes connections that are kept for later requests. The client can be
// used on.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Nodes returns the addresses of the nodes in the order they were named.
func (c *Client) Nodes() (urls []string) {
	for _, n := range c.nodes {
		urls = append(urls, n.base)
	}
	return urls
}

// order returns the nodes, the one that answered last first.
func (c *Client) order() []*node {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]*node{c.nodes[c.preferred]}, without(c.nodes, c.preferred)...)
}

func without(nodes []*node, i int) []*node {
	return append(append([]*node(nil), nodes[:i]...), nodes[i+1:]...)
}

func (c *Client) prefer(n *node) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range c.nodes {
		if c.nodes[i] == n {
			c.preferred = i
		}
	}
}

// sameChain takes note of the chain that a node says it is of.
func (c *Client) sameChain(n *node, chain string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.chain == "" {
		c.chain = chain
	}
	if c.chain != chain {
		return fmt.Errorf("%w: %s is of %q, not %q", ErrChain, n.base, chain, c.chain)
	}
	return nil
}
