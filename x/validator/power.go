package validator

import "fmt"

// exemptBelow is the size of a set below which unanimous regulators may change
// any power at once: thirds of so few are too coarse.
const exemptBelow = 4

// checkPower holds the step from one set to the next against the limits of one
// activation window: what is removed or lowered is at most a third of the old
// power, what is added or raised at most a third of the new. So whoever trusts
// the old set finds most of its power in the new one.
//
// A validator that gets another key counts with its whole power as removed and
// as added, since neither CometBFT nor seals know it again. The strongest one
// whose power stays the same is not counted; by itself it cannot be abused, and
// a lost or stolen key can always be replaced.
func checkPower(from, to []Validator) error {
	var removed, added, free uint64 // each at most a total, so 3 times it fits
	for _, o := range from {
		i := index(to, o.Name)
		switch {
		case i < 0:
			removed += o.Power
		case o.ConsensusKey != to[i].ConsensusKey || o.SealKey != to[i].SealKey:
			removed += o.Power
			added += to[i].Power
			if o.Power == to[i].Power {
				free = max(free, o.Power)
			}
		case to[i].Power < o.Power:
			removed += o.Power - to[i].Power
		default:
			added += to[i].Power - o.Power
		}
	}
	for _, n := range to {
		if index(from, n.Name) < 0 {
			added += n.Power
		}
	}
	removed, added = removed-free, added-free
	if old := total(from); 3*removed > old {
		return fmt.Errorf("%d of the old power of %d is removed or lowered, more than a third", removed, old)
	}
	if all := total(to); 3*added > all {
		return fmt.Errorf("%d of the new power of %d is added or raised, more than a third", added, all)
	}
	return nil
}
