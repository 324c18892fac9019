package app

import (
	"context"
	"errors"
	"fmt"

	abci "github.com/cometbft/cometbft/abci/types"
)

// FinalizeBlock implements abci.Application: it executes a decided block, unless
// ProcessProposal did, and computes the next version. Nothing is durable before
// Commit. An error stops the node: a fault of its own, or ErrUpgrade.
func (a *App) FinalizeBlock(ctx context.Context, req *abci.RequestFinalizeBlock) (*abci.ResponseFinalizeBlock, error) {
	a.consensus.Lock()
	defer a.consensus.Unlock()
	in := input{req.Hash, req.Height, req.Time, req.Txs, req.Misbehavior}
	e := a.processed
	if e == nil || !e.input.equal(in) {
		var err error
		if e, err = a.execute(ctx, in); err != nil {
			return nil, fmt.Errorf("app: block %d: %w", req.Height, err)
		}
	}
	if err := a.drop(); err != nil {
		return nil, err
	}
	start := a.options.Clock()
	stage, err := a.db.Stage(e.block.Height, e.state.Changes())
	if err != nil {
		return nil, fmt.Errorf("app: block %d: %w", req.Height, err)
	}
	a.lap(&e.took.root, start)
	a.finalized, a.stage = e, stage
	root := stage.Root()
	return &abci.ResponseFinalizeBlock{
		Events: e.events, TxResults: e.results, ValidatorUpdates: e.updates, ConsensusParamUpdates: e.params, AppHash: root[:],
	}, nil
}

// drop forgets a block that was finalized and not committed: CometBFT may give
// it again. The caller holds consensus.
func (a *App) drop() error {
	stage := a.stage
	a.finalized, a.stage = nil, nil
	if stage == nil {
		return nil
	}
	return stage.Discard()
}

// Commit implements abci.Application: when it returns, the version is durable.
func (a *App) Commit(context.Context, *abci.RequestCommit) (*abci.ResponseCommit, error) {
	a.consensus.Lock()
	defer a.consensus.Unlock()
	if a.stage == nil {
		return nil, errors.New("app: nothing to commit")
	}
	start := a.options.Clock()
	if err := a.stage.Commit(); err != nil {
		return nil, err
	}
	a.lap(&a.finalized.took.commit, start)
	a.observe(a.finalized, a.stage.Root())
	last := a.finalized.block
	a.genesis, a.prepared, a.processed, a.finalized, a.stage = nil, nil, nil, nil, nil
	if err := a.resetCheck(last.Time); err != nil {
		return nil, err
	}
	res := &abci.ResponseCommit{}
	if keep := a.options.RetainBlocks; keep > 0 && int64(last.Height) > keep {
		res.RetainHeight = int64(last.Height) - keep + 1
	}
	return res, nil
}
