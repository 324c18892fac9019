package app

import (
	"context"
	"errors"
	"fmt"
	"slices"

	abci "github.com/cometbft/cometbft/abci/types"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"

	"github.com/hallmark-ledger/hallmark/store"
)

// InitChain implements abci.Application: it reads the genesis and keeps its
// state in memory; see the package comment. Its errors say what to correct in
// the genesis file.
func (a *App) InitChain(_ context.Context, req *abci.RequestInitChain) (*abci.ResponseInitChain, error) {
	a.consensus.Lock()
	defer a.consensus.Unlock()
	if version, _ := a.db.Version(); version > 0 {
		return nil, fmt.Errorf("app: the chain has begun: there is a state of height %d", version)
	}
	res, err := a.initChain(req)
	if err != nil {
		return nil, fmt.Errorf("app: %w", err)
	}
	return res, nil
}

func (a *App) initChain(req *abci.RequestInitChain) (*abci.ResponseInitChain, error) {
	if req.InitialHeight < 1 {
		return nil, fmt.Errorf("initial_height is %d, the least is 1", req.InitialHeight)
	}
	g, err := ParseGenesis(req.AppStateBytes)
	if err != nil {
		return nil, err
	}
	state, initial := store.NewBranch(a.db.Latest()), uint64(req.InitialHeight)
	if err := g.init(state, a.modules, req.ChainId, initial); err != nil {
		return nil, err
	}
	if err := a.checkGenesisVersion(state, initial); err != nil {
		return nil, err
	}
	if err := a.checkConsensus(state, req.ConsensusParams); err != nil {
		return nil, fmt.Errorf("consensus_params: %w", err)
	}
	list, err := a.modules.Validator.InitialValidators(state, initial)
	if err != nil {
		return nil, err
	}
	updates := validatorUpdates(list)
	if err := checkValidators(req.Validators, updates); err != nil {
		return nil, err
	}
	if err := a.drop(); err != nil {
		return nil, err
	}
	stage, err := a.db.Stage(initial, state.Changes())
	if err != nil {
		return nil, err
	}
	root := stage.Root()
	if err := stage.Discard(); err != nil {
		return nil, err
	}
	written := slices.DeleteFunc(state.Changes(), func(c store.Change) bool { return c.Delete })
	a.chain, a.genesis, a.initial, a.prepared, a.processed = req.ChainId, written, initial, nil, nil
	if err := a.resetCheck(req.Time); err != nil {
		return nil, err
	}
	return &abci.ResponseInitChain{
		Validators: updates, AppHash: root[:],
		ConsensusParams: &cmtproto.ConsensusParams{Version: &cmtproto.VersionParams{App: Version}},
	}, nil
}

func (a *App) checkGenesisVersion(r store.Reader, initial uint64) error {
	version, err := a.versionAt(r, initial)
	if err == nil && version != Version {
		err = fmt.Errorf("%w: the genesis is of version %d, this program has %d", ErrUpgrade, version, Version)
	}
	return err
}

// checkConsensus checks what the ledger relies on in CometBFT's parameters.
func (a *App) checkConsensus(r store.Reader, p *cmtproto.ConsensusParams) error {
	if p == nil {
		return nil
	}
	limits, _, _, err := a.limits(r, a.chain)
	if err != nil {
		return err
	}
	switch {
	case p.Validator != nil && !slices.Equal(p.Validator.PubKeyTypes, []string{"ed25519"}):
		return fmt.Errorf("validator.pub_key_types is %q, want ed25519 alone", p.Validator.PubKeyTypes)
	case p.Block != nil && p.Block.MaxBytes >= 0 && p.Block.MaxBytes < int64(limits.Bytes)+minBlockRest:
		return fmt.Errorf("block.max_bytes is %d: a transaction of max_tx_bytes, %d, does not fit", p.Block.MaxBytes, limits.Bytes)
	case p.Block != nil && p.Block.MaxGas != -1 && p.Block.MaxGas != 0:
		return errors.New("block.max_gas must be -1: there is no gas")
	case p.Abci != nil && p.Abci.VoteExtensionsEnableHeight != 0:
		return errors.New("abci.vote_extensions_enable_height must be 0: there are no vote extensions")
	}
	return nil
}

// minBlockRest is room in a block for its header, a commit of the largest set of
// validators, and some evidence.
const minBlockRest = 64 << 10

// checkValidators compares the validators of CometBFT's genesis with those of
// the application's, in whatever order. It may leave them out.
func checkValidators(given, ours []abci.ValidatorUpdate) error {
	if len(given) == 0 {
		return nil
	}
	for _, v := range ours {
		if !slices.ContainsFunc(given, func(g abci.ValidatorUpdate) bool { return g.Power == v.Power && g.PubKey.Equal(v.PubKey) }) {
			return fmt.Errorf("validators: CometBFT's list lacks %v with power %d, which app_state has: make them the same, or leave CometBFT's empty", v.PubKey, v.Power)
		}
	}
	if len(given) != len(ours) {
		return fmt.Errorf("validators: CometBFT's list has %d, app_state %d: make them the same, or leave CometBFT's empty", len(given), len(ours))
	}
	return nil
}
