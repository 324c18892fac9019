package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync" //determinism:ok locks order calls; what a block does is decided by one goroutine
	"time"

	abci "github.com/cometbft/cometbft/abci/types"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/store/engine"
	"github.com/hallmark-ledger/hallmark/x/tx"
)

// Version is the version of the rules that this program executes. A chain
// reaches a higher one by a governed upgrade.
const Version = 1

// Options are the settings of the application. None of them reaches the state.
type Options struct {
	// Clock tells the time. CheckTx uses it in place of the time of the last
	// block while that is not known, after a restart. Required.
	Clock func() time.Time
	// CacheSize is the number of verified signatures that are remembered, about
	// 100 bytes each; default 262,144.
	CacheSize int
	// RetainBlocks is how many blocks CometBFT is asked to keep; 0, the default,
	// keeps all.
	RetainBlocks int64
	// Logger is told why proposals are refused, and of faults; default none.
	Logger *slog.Logger
	// Observer is told of each block, for metrics; default none.
	Observer Observer
}

// App is the application. Its methods may be called from several goroutines.
type App struct {
	db      *engine.DB       // safe for concurrent use; only Commit, under consensus, writes
	modules *Modules         // without state
	auth    tx.Authenticator // safe for concurrent use
	options Options          // immutable

	// consensus is held during InitChain, PrepareProposal, ProcessProposal,
	// FinalizeBlock and Commit, and is taken before checking.
	consensus sync.Mutex
	chain     string         // guarded by consensus; empty before InitChain
	genesis   []store.Change // guarded by consensus; without deletions; until the first block is committed
	initial   uint64         // guarded by consensus; height of the first block, until it is committed
	prepared  *execution     // guarded by consensus; of the last proposal made, until Commit
	processed *execution     // guarded by consensus; of the last proposal accepted, until Commit
	finalized *execution     // guarded by consensus; between FinalizeBlock and Commit
	stage     *engine.Stage  // guarded by consensus; of finalized

	// checking guards the fields below and what they point to: held for reading
	// while a transaction is looked up, for writing while a nonce is spent.
	checking  sync.RWMutex
	check     *checkState           // nil before InitChain
	condemned map[sm3.Hash]struct{} // transactions that cannot be executed, at most maxCondemned
}

var _ abci.Application = (*App)(nil)

// New returns the application on an open store, which it uses alone from then on
// and does not close.
func New(db *engine.DB, options Options) (*App, error) {
	if options.Clock == nil {
		return nil, errors.New("app: Options.Clock is missing")
	}
	if options.CacheSize == 0 {
		options.CacheSize = 1 << 18
	}
	if options.Logger == nil {
		options.Logger = slog.New(slog.DiscardHandler)
	}
	modules := newModules()
	a := &App{
		db: db, modules: modules, options: options,
		auth:      tx.Authenticator{Keys: keys{modules}, Cache: tx.NewCache(options.CacheSize)},
		condemned: map[sm3.Hash]struct{}{},
	}
	version, _ := db.Version()
	if version == 0 {
		return a, nil
	}
	chain, ok, err := chainID.Get(db.Latest())
	if err != nil {
		return nil, fmt.Errorf("app: %w", err)
	}
	if !ok {
		return nil, errors.New("app: the store holds no chain id: it is not a ledger's")
	}
	a.chain = chain
	return a, a.resetCheck(options.Clock())
}

// chainID is the chain's name, which CometBFT tells in InitChain alone.
var chainID = store.NewItem("\x08c", store.ValueFuncs[string]{
	Encode: func(s string) ([]byte, error) { return []byte(s), nil },
	Decode: func(b []byte) (string, error) { return string(b), nil },
})

// Info implements abci.Application.
func (a *App) Info(context.Context, *abci.RequestInfo) (*abci.ResponseInfo, error) {
	version, root := a.db.Version()
	res := &abci.ResponseInfo{Data: "hallmark", AppVersion: Version, LastBlockHeight: int64(version)}
	if version > 0 {
		res.LastBlockAppHash = root[:]
	}
	return res, nil
}

// base returns a branch of the state before the next block, and that block's
// height. The caller holds consensus.
func (a *App) base() (*store.Branch, uint64, error) {
	version, _ := a.db.Version()
	branch := store.NewBranch(store.NewRecent(a.db.Latest()))
	if version > 0 {
		return branch, version + 1, nil
	}
	if a.chain == "" {
		return nil, 0, errors.New("app: the chain was not initialised")
	}
	for _, c := range a.genesis {
		if err := branch.Set(c.Key, c.Value); err != nil {
			return nil, 0, err
		}
	}
	return branch, a.initial, nil
}

// limits returns what the parameters say of transactions.
func (a *App) limits(r store.Reader, chain string) (l tx.Limits, block, mempool int, err error) {
	p, err := a.modules.Governance.Params(r)
	return tx.Limits{
		ChainID: chain, Bytes: int(p.MaxTxBytes), Messages: int(p.MaxMessages), Signers: int(p.MaxSigners),
		MaxExpiry: time.Duration(p.MaxExpirySeconds) * time.Second,
	}, int(p.QuotaBlock), int(p.QuotaMempool), err
}
