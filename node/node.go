package node

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cometbft/cometbft/consensus"
	cmtnode "github.com/cometbft/cometbft/node"
	"github.com/cometbft/cometbft/p2p"
	rpccore "github.com/cometbft/cometbft/rpc/core"
	"github.com/cometbft/cometbft/types"

	"github.com/hallmark-ledger/hallmark/app"
	"github.com/hallmark-ledger/hallmark/crypto/keystore"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/node/metrics"
	sealer "github.com/hallmark-ledger/hallmark/node/seal"
	"github.com/hallmark-ledger/hallmark/store/engine"
)

// Node is a node. New makes one, which holds its home until Stop; Start and Stop
// are called once each, Stop also after an error of Start, or without Start.
type Node struct {
	config *Config
	log    *slog.Logger
	ctx    context.Context // ends what waits before the node runs

	// These are set by New and not changed.
	genesis *types.GenesisDoc
	db      *engine.DB
	app     *app.App
	dbs     databases // those of comet
	comet   *cmtnode.Node
	stores  *rpccore.Environment // CometBFT's stores, for reading

	seals       *sealer.Store
	sealReactor *sealer.Reactor
	sealKeys    []sm2.Signer
	signer      *sealer.Signer // set by Start

	metrics  *metrics.Metrics
	pending  pending
	notifier notifier

	closers  []func() error // of what is open, the last first; New, Start and Stop use it
	stopping atomic.Bool
	failing  sync.Once
	failed   chan struct{} // closed after failure is set
	failure  error
}

// Option adds something to a node.
type Option func(*options)

type options struct {
	reactors   map[string]p2p.Reactor
	observer   app.Observer
	sealKeys   []sm2.Signer
	passphrase keystore.PassphraseFunc
}

// Reactors adds reactors to the node, by name, beside CometBFT's own.
func Reactors(reactors map[string]p2p.Reactor) Option {
	return func(o *options) { o.reactors = reactors }
}

// Observer has an observer told of every block.
func Observer(observer app.Observer) Option {
	return func(o *options) { o.observer = observer }
}

// SealKeys gives the node keys to seal with, such as a device holds, beside those
// in its home.
func SealKeys(keys ...sm2.Signer) Option {
	return func(o *options) { o.sealKeys = keys }
}

// SealPassphrase says where the pass phrase of the seal keys in the home comes
// from, if neither the configuration nor the environment has it.
func SealPassphrase(pass keystore.PassphraseFunc) Option {
	return func(o *options) { o.passphrase = pass }
}

// New opens a node: it takes the home for this process, opens the store and the
// application, and lets CometBFT bring the two to the same height, which may take
// long. Errors match one of the kinds of this package and say what to do.
func New(ctx context.Context, c *Config, logger *slog.Logger, opts ...Option) (_ *Node, err error) {
	var o options
	for _, opt := range opts {
		opt(&o)
	}
	n := &Node{config: c, log: logger, ctx: ctx, failed: make(chan struct{}), metrics: metrics.New()}
	defer func() {
		if err != nil {
			err = errors.Join(err, n.close())
		}
	}()
	if _, err := os.Stat(c.Home); err != nil {
		return nil, Troublef(ErrHome, "%v: make the home with `hallmarkd init`", "%v：请用 hallmarkd init 创建", err)
	}
	lock, err := c.lock()
	if err != nil {
		return nil, err
	}
	n.closers = append(n.closers, lock.Unlock)
	if err := c.checkFiles(); err != nil {
		return nil, err
	}
	if err := c.checkPorts(); err != nil {
		return nil, err
	}
	if n.genesis, err = c.LoadGenesis(); err != nil {
		return nil, err
	}
	n.sealKeys = append(o.sealKeys, n.loadSealKeys(o.passphrase)...)
	if err := n.openApp(o.observer); err != nil {
		return nil, err
	}
	reactors := maps.Clone(o.reactors)
	if reactors == nil {
		reactors = map[string]p2p.Reactor{}
	}
	reactors[sealer.ReactorName] = n.sealReactor
	return n, n.openComet(reactors)
}

// openApp opens the store and the application on it.
func (n *Node) openApp(observer app.Observer) error {
	db, err := openStore(n.config)
	if err != nil {
		return err
	}
	n.db = db
	n.closers = append(n.closers, db.Close)
	n.metrics.SetBuild(Version())
	n.metrics.WatchStore(db)
	n.metrics.WatchDisk(n.config.DataDir())
	n.metrics.SetMempoolLimits(n.config.Mempool.MaxTransactions, int64(n.config.Mempool.MaxBytes))
	n.metrics.StartCount(db, filepath.Join(n.config.DataDir(), "counts.json"), n.log.With("module", "metrics"))
	n.closers = append(n.closers, func() error { n.metrics.StopCount(); return nil })
	if err := n.openSeals(); err != nil {
		return err
	}
	n.app, err = app.New(db, app.Options{
		Clock: time.Now, CacheSize: n.config.State.SignatureCache, RetainBlocks: int64(n.config.Blocks.Retain),
		Logger: n.log.With("module", "app"), Observer: observers{n, observer},
	})
	if err != nil {
		return Troublef(ErrState, "%v", "状态有误：%v", err)
	}
	return n.checkChain()
}

// openStore opens the store of a home.
func openStore(c *Config) (*engine.DB, error) {
	db, err := engine.Open(c.StateDir(), engine.Options{
		Retain: c.State.RetainVersions, MemoryBound: int64(c.State.MemoryBound), CacheBytes: int64(c.State.Cache),
	})
	if err != nil {
		return nil, Troublef(ErrState, "the state in %s cannot be opened: %v. If it was written by a newer program, install that; if it is damaged, restore all of the data folder but validator_state.json from one backup, or let the node fetch it anew", "无法打开 %s 中的状态：%v。若由更新的程序写入，请安装该程序；若已损坏，请从同一备份恢复 data 目录中除 validator_state.json 外的全部内容，或让节点重新同步", c.StateDir(), err)
	}
	return db, nil
}

// chainIDKey is where the state has the name of its chain; see docs/formats.md.
const chainIDKey = "\x08c"

// checkChain compares the chain of the state with that of the genesis file.
func (n *Node) checkChain() error {
	chain, known, err := n.db.Latest().Get([]byte(chainIDKey))
	if err != nil {
		return Troublef(ErrState, "%v", "状态有误：%v", err)
	}
	if known && string(chain) != n.genesis.ChainID {
		return Troublef(ErrGenesis, "the state is of the chain %q, genesis.json of %q: put back the one that belongs here, or choose another home", "状态属于链 %q，而 genesis.json 属于 %q：请恢复正确的创世文件，或换用其他目录", chain, n.genesis.ChainID)
	}
	return nil
}

// openComet opens CometBFT's stores and lets it execute what the application
// lacks.
func (n *Node) openComet(reactors map[string]p2p.Reactor) error {
	c, err := n.config.comet()
	if err != nil {
		return Troublef(ErrConfig, "%v", "配置有误：%v", err)
	}
	nodeKey, pv, err := n.config.loadKeys()
	if err != nil {
		return err
	}
	n.dbs.genesis = n.genesis
	n.dbs.height, _ = n.db.Version()
	n.closers = append(n.closers, n.dbs.close)
	err = guarded(func() (err error) {
		n.comet, err = cmtnode.NewNodeWithContext(n.ctx, c, pv, nodeKey, clients{app.Clients{App: n.app}, n},
			func() (*types.GenesisDoc, error) { return n.genesis, nil }, n.dbs.provide, n.metrics.CometBFT(),
			cometLog{n.log, n}, cmtnode.CustomReactors(reactors))
		return err
	})
	select {
	case <-n.failed: // the reason, where CometBFT tells what followed from it
		return n.failure
	default:
	}
	if err != nil {
		return handshakeTrouble(err)
	}
	n.stores, err = n.comet.ConfigureRPC()
	return err
}

// Start connects the node to its peers, begins consensus, and then serves what
// is to be served. It waits for the time of the genesis if that is to come.
func (n *Node) Start() error {
	if err := n.awaitGenesis(); err != nil {
		return err
	}
	n.closers = append(n.closers, n.stopComet)
	err := guarded(n.comet.Start)
	switch {
	case errors.Is(err, consensus.ErrSignatureFoundInPastBlocks):
		return Troublef(ErrFault, "%v: does another node run with this validator key? If none does, wait for a few blocks, or set consensus.double_sign_check = 0", "%v：是否有其他节点使用同一验证密钥？若没有，请等待几个区块，或设 consensus.double_sign_check = 0", err)
	case err != nil:
		return Troublef(ErrFault, "CometBFT does not start: %v", "CometBFT 无法启动：%v", err)
	}
	if state, ok := n.stores.ConsensusState.(*consensus.State); ok {
		go n.watch(state)
	}
	if err := n.startSeals(); err != nil {
		return err
	}
	if err := n.serve(); err != nil {
		return err
	}
	version, root := n.db.Version()
	n.log.Info("started 已启动", "chain", n.genesis.ChainID, "node", string(n.comet.NodeInfo().ID()), "height", version, "state_root", root.String())
	return nil
}

func (n *Node) awaitGenesis() error {
	wait := time.Until(n.genesis.GenesisTime)
	if wait <= 0 {
		return nil
	}
	n.log.Info("waiting for the genesis time 等待创世时间", "time", n.genesis.GenesisTime)
	select {
	case <-time.After(wait):
		return nil
	case <-n.ctx.Done():
		return context.Cause(n.ctx)
	}
}

// watch fails the node when consensus ends and nobody stopped it.
func (n *Node) watch(state *consensus.State) {
	state.Wait()
	if !n.stopping.Load() {
		n.halt("consensus ended")
	}
}

// halt is told why consensus takes no further part.
func (n *Node) halt(reason any) {
	n.fail(Troublef(ErrFault, "consensus halted: %v", "共识已停止：%v", reason))
}

// fail ends the node for a reason, the first of them.
func (n *Node) fail(err error) {
	n.failing.Do(func() {
		n.log.Error("the node cannot go on 节点无法继续", "err", err)
		n.failure = err
		close(n.failed)
	})
}

// Failed is closed when the node cannot go on; Stop then says why.
func (n *Node) Failed() <-chan struct{} { return n.failed }
