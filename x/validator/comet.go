package validator

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"slices"
)

// Update tells CometBFT the new power of a consensus key, 0 to remove it.
type Update struct {
	Key   ConsensusKey
	Power int64
}

// maxTotalVotingPower is CometBFT's (types/validator_set.go).
const maxTotalVotingPower = int64(math.MaxInt64) / 8

// updates returns what leads CometBFT from one set to the next, sorted by key.
// A change of seal keys alone needs nothing.
func updates(from, to []Validator) []Update {
	var ups []Update
	power := powers(to)
	for _, v := range from {
		if power[v.ConsensusKey] == 0 {
			ups = append(ups, Update{v.ConsensusKey, 0})
		}
	}
	before := powers(from)
	for _, v := range to {
		if before[v.ConsensusKey] != v.Power {
			ups = append(ups, Update{v.ConsensusKey, int64(v.Power)})
		}
	}
	slices.SortFunc(ups, func(a, b Update) int { return bytes.Compare(a.Key[:], b.Key[:]) })
	return ups
}

func powers(vs []Validator) map[ConsensusKey]uint64 {
	m := make(map[ConsensusKey]uint64, len(vs))
	for _, v := range vs {
		m[v.ConsensusKey] = v.Power
	}
	return m
}

// checkUpdates restates the rules by which CometBFT v0.40.0 takes updates to
// the set from; it halts when one is broken. The rules, in its order:
//
//	state/execution.go, validateValidatorUpdates: no power below zero, keys of
//	the type in the consensus parameters (Ed25519, which the type here is);
//	types/validator_set.go, processChanges: no address twice, no power above
//	MaxTotalVotingPower;
//	updateWithChangeSet: the set does not become empty;
//	verifyRemovals: what is removed is in the set;
//	verifyUpdates, updateTotalVotingPower: the new total is within
//	MaxTotalVotingPower.
func checkUpdates(from []Validator, ups []Update) error {
	set := make(map[Address]uint64, len(from))
	for _, v := range from {
		set[v.ConsensusKey.Address()] = v.Power
	}
	var (
		sum     = total(from)
		seen    = make(map[Address]bool, len(ups))
		added   = 0
		removed = 0
	)
	for _, u := range ups {
		a := u.Key.Address()
		old, known := set[a]
		switch {
		case u.Power < 0:
			return fmt.Errorf("the power %d of %s is negative", u.Power, u.Key)
		case u.Power > maxTotalVotingPower:
			return fmt.Errorf("the power %d of %s is above %d", u.Power, u.Key, maxTotalVotingPower)
		case seen[a]:
			return fmt.Errorf("the address %s is updated twice", a)
		case u.Power == 0 && !known:
			return fmt.Errorf("%s is removed and not in the set", u.Key)
		case u.Power == 0:
			removed++
		case !known:
			added++
		}
		seen[a] = true
		sum -= old // each address once, so never below zero
	}
	if len(ups) > 0 && added == 0 && removed == len(from) {
		return errors.New("the set becomes empty")
	}
	for _, u := range ups {
		if sum += uint64(u.Power); sum > uint64(maxTotalVotingPower) {
			return fmt.Errorf("the total power is above %d", maxTotalVotingPower)
		}
	}
	return nil
}
