package apptest

import (
	"crypto/ed25519"
	"fmt"

	abci "github.com/cometbft/cometbft/abci/types"
	cmted25519 "github.com/cometbft/cometbft/crypto/ed25519"
	cmttypes "github.com/cometbft/cometbft/types"

	"github.com/hallmark-ledger/hallmark/app"
	"github.com/hallmark-ledger/hallmark/x/validator"
)

// Comet keeps the validators as CometBFT does, by its own code
// (state/execution.go, updateState). What that refuses would stop every node.
type Comet struct {
	height int64
	// next decides the block after the next one.
	next *cmttypes.ValidatorSet
}

// NewComet returns the validators that CometBFT begins with.
func NewComet(initial int64, updates []abci.ValidatorUpdate) (*Comet, error) {
	vals, err := cmttypes.PB2TM.ValidatorUpdates(updates)
	if err != nil {
		return nil, err
	}
	set := cmttypes.NewValidatorSet(vals)
	if set.IsNilOrEmpty() {
		return nil, fmt.Errorf("there are no validators")
	}
	return &Comet{height: initial - 1, next: set.CopyIncrementProposerPriority(1)}, nil
}

// Apply takes what FinalizeBlock of a height returned, and compares what follows
// with what the state in r says of the height after the next.
func (c *Comet) Apply(r *app.Reader, height int64, updates []abci.ValidatorUpdate) error {
	if height != c.height+1 {
		return fmt.Errorf("CometBFT is at height %d, not %d", c.height, height)
	}
	c.height = height
	for _, u := range updates {
		if u.Power < 0 {
			return fmt.Errorf("CometBFT stops: the voting power %d is negative", u.Power)
		}
	}
	vals, err := cmttypes.PB2TM.ValidatorUpdates(updates)
	if err != nil {
		return fmt.Errorf("CometBFT stops: %w", err)
	}
	set := c.next.Copy()
	if len(vals) > 0 {
		if err := set.UpdateWithChangeSet(vals); err != nil {
			return fmt.Errorf("CometBFT stops: %w", err)
		}
	}
	set.IncrementProposerPriority(1)
	c.next = set
	ours, err := r.Validator.SetAt(r, uint64(height)+2)
	if err != nil {
		return err
	}
	return same(set, ours)
}

// same compares CometBFT's set with one of the state.
func same(set *cmttypes.ValidatorSet, ours validator.Set) error {
	if set.Size() != len(ours.Validators) {
		return fmt.Errorf("CometBFT has %d validators, the state %d", set.Size(), len(ours.Validators))
	}
	for _, v := range ours.Validators {
		address := v.ConsensusKey.Address()
		_, theirs := set.GetByAddress(address[:])
		if theirs == nil || theirs.VotingPower != int64(v.Power) {
			return fmt.Errorf("CometBFT has %v, the state %s with power %d", theirs, v.Name, v.Power)
		}
	}
	return nil
}

// consensusAddress is CometBFT's address of a consensus key.
func consensusAddress(key ed25519.PrivateKey) []byte {
	return cmted25519.PubKey(key.Public().(ed25519.PublicKey)).Address()
}
