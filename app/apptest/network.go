package apptest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/cockroachdb/pebble/vfs"
	abci "github.com/cometbft/cometbft/abci/types"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"

	"github.com/hallmark-ledger/hallmark/app"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// Options say what a Network is like. The zero value is one node in calm seas.
type Options struct {
	Nodes   int       // default 1
	Seed    uint64    // of everything that happens by chance
	Begin   time.Time // default Begin
	Initial int64     // height of the first block, default 1
	Retain  int       // versions that a store keeps, default 32
	// Noise: CheckTx in any order, proposals that are never decided, by honest
	// proposers and others, queries and rehearsals, all beside the blocks.
	Noise bool
	// Crashes is how often a node crashes before an ABCI call: once in so many.
	// 0 is never.
	Crashes int
	// CheckEvery is at which heights the invariants of the state are checked:
	// those it divides. 0 is never.
	CheckEvery int64
}

// Network is consensus without a network: several applications that are given
// the same blocks, each with calls of its own between them. Whatever they answer
// that must be alike is compared.
//
// Its methods are called by one goroutine. All errors are failures of the test.
type Network struct {
	Nodes   []*Node
	options Options
	init    *abci.RequestInitChain
	rand    *rand.Rand

	mu     sync.Mutex // guards what follows; nodes run beside each other
	blocks []*Block   // decided, by height
	alarms alarms     // has a lock of its own
	genesis
	now time.Time
}

// genesis is what InitChain must answer.
type genesis struct {
	root  []byte
	comet *Comet
}

// New starts a network.
func New(ctx context.Context, g *app.Genesis, o Options) (*Network, error) {
	o.Nodes, o.Initial, o.Retain = max(o.Nodes, 1), max(o.Initial, 1), max(o.Retain, 8)
	if o.Begin.IsZero() {
		o.Begin = Begin
	}
	init, err := InitRequest(g, o.Begin, o.Initial)
	if err != nil {
		return nil, err
	}
	net := &Network{options: o, init: init, now: o.Begin, rand: rand.New(rand.NewPCG(o.Seed, 0))}
	for i := range o.Nodes {
		n := &Node{net: net, fs: vfs.NewStrictMem(), skew: time.Duration(i) * time.Second}
		if err := n.open(); err != nil {
			return nil, errors.Join(err, net.Close())
		}
		net.Nodes = append(net.Nodes, n)
		if err := n.handshake(ctx); err != nil {
			return nil, errors.Join(err, net.Close())
		}
	}
	return net, nil
}

// InitRequest is the request with which CometBFT begins a chain.
func InitRequest(g *app.Genesis, begin time.Time, initial int64) (*abci.RequestInitChain, error) {
	raw, err := json.Marshal(g)
	return &abci.RequestInitChain{
		Time: begin, ChainId: Chain, InitialHeight: initial, AppStateBytes: raw,
		ConsensusParams: &cmtproto.ConsensusParams{
			Block:     &cmtproto.BlockParams{MaxBytes: maxBlock, MaxGas: -1},
			Validator: &cmtproto.ValidatorParams{PubKeyTypes: []string{"ed25519"}},
			Abci:      &cmtproto.ABCIParams{},
		},
	}, err
}

// maxBlock is block.max_bytes of CometBFT's parameters.
const maxBlock = 20 << 20

// Close closes the stores.
func (net *Network) Close() error {
	var err error
	for _, n := range net.Nodes {
		if n.db != nil {
			err = errors.Join(err, n.db.Close())
		}
	}
	return err
}

// Now is the time of the last block.
func (net *Network) Now() time.Time { return net.clock() }

// Height is the height of the last block, one below the first before it.
func (net *Network) Height() int64 { return net.options.Initial + int64(len(net.blocks)) - 1 }

// Root is the state root after the last block.
func (net *Network) Root() []byte {
	if len(net.blocks) == 0 {
		return net.genesis.root
	}
	return net.blocks[len(net.blocks)-1].Response.AppHash
}

// View reads the newest state, from the first node.
func (net *Network) View() (*app.Reader, error) { return net.Nodes[0].View(0) }

func (net *Network) clock() time.Time {
	net.mu.Lock()
	defer net.mu.Unlock()
	return net.now
}

// began compares what InitChain answered.
func (net *Network) began(res *abci.ResponseInitChain) error {
	net.mu.Lock()
	defer net.mu.Unlock()
	if net.comet != nil {
		if string(net.genesis.root) != string(res.AppHash) {
			return fmt.Errorf("InitChain has the root %x, want %x", res.AppHash, net.genesis.root)
		}
		return nil
	}
	comet, err := NewComet(net.options.Initial, res.Validators)
	net.genesis = genesis{res.AppHash, comet}
	return err
}

func (net *Network) block(height int64) *Block {
	net.mu.Lock()
	defer net.mu.Unlock()
	return net.blocks[height-net.options.Initial]
}

// after returns the blocks above height.
func (net *Network) after(height int64) []*Block {
	net.mu.Lock()
	defer net.mu.Unlock()
	return slices.Clone(net.blocks[max(0, height-net.options.Initial+1):])
}

// Block is a decided block and what the nodes make of it.
type Block struct {
	Request *abci.RequestFinalizeBlock

	mu       sync.Mutex // guards Response until all nodes are done
	Response *abci.ResponseFinalizeBlock
}

// compare holds an answer against those of the other nodes.
func (b *Block) compare(res *abci.ResponseFinalizeBlock) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.Response == nil {
		b.Response = res
		return nil
	}
	if string(res.AppHash) != string(b.Response.AppHash) {
		return fmt.Errorf("block %d: the root %x, others have %x", b.Request.Height, res.AppHash, b.Response.AppHash)
	}
	if got, want := res.String(), b.Response.String(); got != want {
		return fmt.Errorf("block %d: the answer is\n%s\nothers have\n%s", b.Request.Height, got, want)
	}
	return nil
}

// Next returns the next block with these transactions. after is the time since
// the last.
func (net *Network) Next(after time.Duration, txs ...[]byte) *abci.RequestFinalizeBlock {
	height := net.Height() + 1
	return sealed(&abci.RequestFinalizeBlock{Txs: txs, Height: height, Time: net.Now().Add(after)})
}

// sealed gives a block a hash of all that it says.
func sealed(b *abci.RequestFinalizeBlock) *abci.RequestFinalizeBlock {
	hash := sm3.Sum(fmt.Appendf(nil, "%d %d %x %v", b.Height, b.Time.UnixNano(), b.Txs, b.Misbehavior))
	b.Hash = hash[:]
	return b
}

// Run decides a block, whatever is in it, and takes all nodes through it. What
// CometBFT would refuse of the answer is an error.
func (net *Network) Run(ctx context.Context, b *abci.RequestFinalizeBlock) (*abci.ResponseFinalizeBlock, error) {
	return net.run(ctx, &round{block: b}, nil, b.Txs)
}

// run takes the nodes through a height: first all hear of rounds that lead to
// nothing, then the block is stored and given to them.
func (net *Network) run(ctx context.Context, last *round, rounds []*round, pool [][]byte) (*abci.ResponseFinalizeBlock, error) {
	b := &Block{Request: last.block}
	runs := make([]*nodeRun, len(net.Nodes))
	for i, n := range net.Nodes {
		runs[i] = &nodeRun{node: n, ctx: ctx, rand: rand.New(rand.NewPCG(net.rand.Uint64(), 0)), rounds: rounds, last: last, block: b, pool: pool}
	}
	err := inParallel(runs, (*nodeRun).hear)
	if err == nil {
		net.decide(b)
		err = inParallel(runs, (*nodeRun).take)
	}
	for _, r := range runs {
		err = errors.Join(err, r.quiet())
	}
	if err != nil {
		return nil, fmt.Errorf("height %d: %w", b.Request.Height, err)
	}
	if err := net.alarms.err(); err != nil {
		return nil, fmt.Errorf("height %d: %w", b.Request.Height, err)
	}
	r, err := net.View()
	if err != nil {
		return nil, err
	}
	return b.Response, net.comet.Apply(r, b.Request.Height, b.Response.ValidatorUpdates)
}

// inParallel does f with all, some at a time.
func inParallel(runs []*nodeRun, f func(*nodeRun) error) error {
	errs := make([]error, len(runs))
	work := make(chan int)
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(runs)) {
		wg.Go(func() {
			for i := range work {
				if err := f(runs[i]); err != nil {
					errs[i] = fmt.Errorf("node %d: %w", i, err)
				}
			}
		})
	}
	for i := range runs {
		work <- i
	}
	close(work)
	wg.Wait()
	return errors.Join(errs...)
}

// decide stores a block, as CometBFT does before it is executed.
func (net *Network) decide(b *Block) {
	net.mu.Lock()
	defer net.mu.Unlock()
	net.blocks = append(net.blocks, b)
	net.now = b.Request.Time
}

// Same compares the newest roots of all nodes.
func (net *Network) Same() error {
	for i, n := range net.Nodes {
		r, err := n.View(0)
		if err != nil {
			return err
		}
		if root, err := r.Root(); err != nil || string(root[:]) != string(net.Root()) {
			return fmt.Errorf("node %d has the root %x at height %d, want %x (%w)", i, root, r.Height(), net.Root(), err)
		}
	}
	return nil
}
