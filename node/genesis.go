package node

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/cometbft/cometbft/crypto/ed25519"
	"github.com/cometbft/cometbft/types"

	"github.com/hallmark-ledger/hallmark/app"
	"github.com/hallmark-ledger/hallmark/store/engine"
	"github.com/hallmark-ledger/hallmark/x/validator"
)

// BlockBytes is the size of the largest block of a new chain: room for about a
// hundred transactions of a hundred certificates each, more than is executed in
// a second, and sent to a peer in half a second at the default rate. CometBFT's
// own default, 53 MiB, would let one block hold up the next for many seconds.
const BlockBytes = 8 << 20

// Evidence of misbehaviour is accepted for fourteen days, which bounds how long a
// light client may trust a header, and for as many blocks as those days have at
// least.
const (
	evidenceAge    = 14 * 24 * time.Hour
	evidenceBlocks = 100_000
)

// NewGenesis returns the genesis document of a chain with this state, checked as
// a node will check it. The chain begins at height 1, or after the height from
// which state was exported. CometBFT's list of validators is that of the state.
func NewGenesis(chainID string, at time.Time, state *app.Genesis) (*types.GenesisDoc, error) {
	raw, err := json.MarshalIndent(state, "  ", "  ")
	if err != nil {
		return nil, err
	}
	params := types.DefaultConsensusParams()
	params.Block = types.BlockParams{MaxBytes: BlockBytes, MaxGas: -1}
	params.Evidence = types.EvidenceParams{MaxAgeNumBlocks: evidenceBlocks, MaxAgeDuration: evidenceAge, MaxBytes: 512 << 10}
	params.Validator = types.ValidatorParams{PubKeyTypes: []string{types.ABCIPubKeyTypeEd25519}}
	doc := &types.GenesisDoc{
		ChainID: chainID, GenesisTime: at.UTC().Round(0), InitialHeight: 1, ConsensusParams: params, AppState: raw,
	}
	if e := state.Exported; e != nil {
		if e.Height >= math.MaxInt64 {
			return nil, fmt.Errorf("exported: height %d", e.Height)
		}
		doc.InitialHeight = int64(e.Height) + 1
	} else if sets := state.Validator.Sets; len(sets) > 0 {
		if doc.Validators, err = cometValidators(sets[0]); err != nil {
			return nil, err
		}
	}
	return doc, CheckGenesis(doc)
}

// cometValidators returns the set as CometBFT has it.
func cometValidators(set validator.GenesisSet) (list []types.GenesisValidator, err error) {
	for _, v := range set.Validators {
		key, err := hex.DecodeString(v.ConsensusKey)
		if err != nil || len(key) != ed25519.PubKeySize || v.Power > math.MaxInt64 {
			return nil, fmt.Errorf("validator %s: the consensus key or the power is malformed", v.Name)
		}
		pub := ed25519.PubKey(key)
		list = append(list, types.GenesisValidator{Address: pub.Address(), PubKey: pub, Power: int64(v.Power), Name: v.Name})
	}
	return list, nil
}

// CheckGenesis checks a document as a node does at its first start. It takes
// about as long, and as much room in the folder of temporary files. The error
// matches ErrGenesis and says what to correct.
func CheckGenesis(doc *types.GenesisDoc) error {
	_, err := inspect(doc)
	if err != nil {
		return Troublef(ErrGenesis, "%v", "创世文件有误：%v", err)
	}
	return nil
}

func inspect(doc *types.GenesisDoc) (res *abci.ResponseInitChain, err error) {
	complete := *doc
	if err := complete.ValidateAndComplete(); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "hallmark-genesis-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	db, err := engine.Open(dir, engine.Options{Retain: 1})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	a, err := app.New(db, app.Options{Clock: time.Now})
	if err != nil {
		return nil, err
	}
	validators := make([]*types.Validator, len(complete.Validators))
	for i, v := range complete.Validators {
		validators[i] = types.NewValidator(v.PubKey, v.Power)
	}
	params := complete.ConsensusParams.ToProto()
	return a.InitChain(context.Background(), &abci.RequestInitChain{
		Time: complete.GenesisTime, ChainId: complete.ChainID, InitialHeight: complete.InitialHeight, ConsensusParams: &params,
		Validators: types.TM2PB.ValidatorUpdates(types.NewValidatorSet(validators)), AppStateBytes: complete.AppState,
	})
}

// AddValidator adds a validator with this identity to the first set of state,
// which begins at height 1. A set is sorted by name.
func AddValidator(state *app.Genesis, name string, power uint64, id *Identity) {
	v := &state.Validator
	if len(v.Sets) == 0 {
		v.Sets = []validator.GenesisSet{{Begin: 1}}
	}
	v.Sets[0].Validators = append(v.Sets[0].Validators, validator.GenesisValidator{
		Name: name, Member: id.Member, ConsensusKey: id.ConsensusKey, SealKey: id.SealKey, Power: power,
	})
	v.ConsensusKeys = append(v.ConsensusKeys, validator.GenesisConsensusKey{Key: id.ConsensusKey, Validator: name, Member: id.Member})
	v.SealKeys = append(v.SealKeys, validator.GenesisSealKey{
		Key: id.SealKey, Validator: name, Member: id.Member, ConsensusKey: id.ConsensusKey, Proof: id.Proof,
	})
}

// WriteGenesis puts a document into the home. One that is there is not replaced.
func (c *Config) WriteGenesis(doc *types.GenesisDoc) error {
	if _, err := os.Lstat(c.GenesisFile()); err == nil {
		return Troublef(ErrHome, "%s exists already: remove it if it is the wrong one", "%s 已存在：若不正确请先删除", c.GenesisFile())
	}
	return doc.SaveAs(c.GenesisFile())
}
