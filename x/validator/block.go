package validator

import (
	"fmt"

	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// lead is how many blocks lie between the block whose FinalizeBlock returns
// updates and the first that the new set decides (CometBFT v0.40.0,
// state/execution.go, updateState).
const lead = 2

// EndBlock returns what CometBFT is to be given for the block: the updates that
// lead to the set of height + 2, if one begins there. It writes nothing.
func (m *Module) EndBlock(c *exec.Context) ([]Update, error) {
	next, ok, err := sets.Get(c.Store, c.Height+lead)
	if err != nil || !ok {
		return nil, err
	}
	current, err := setAt(c.Store, c.Height+lead-1)
	if err != nil {
		return nil, err
	}
	ups := updates(current.Validators, next.Validators)
	// The same check was passed when the set was decided, on the same sets: to
	// fail here is to have a corrupt state, and CometBFT would halt on it.
	if err := checkUpdates(current.Validators, ups); err != nil {
		return nil, corrupt("updates for height %d: %v", c.Height+lead, err)
	}
	c.Emit(EventHandedOver, AttrBegin, fmt.Sprint(c.Height+lead), AttrUpdates, fmt.Sprint(len(ups)))
	return ups, nil
}

// InitialValidators returns the whole set with which CometBFT starts at the
// initial height. CometBFT uses it for that height and the next, so no other
// set may begin at the next: for a genesis exported from a chain, this means
// another height of export.
func (m *Module) InitialValidators(r store.Reader, initial uint64) ([]Update, error) {
	s, err := setAt(r, initial)
	if err != nil {
		return nil, err
	}
	ok, err := sets.Has(r, initial+1)
	if err != nil {
		return nil, err
	}
	if ok {
		return nil, fmt.Errorf("validator: a set begins at %d, right after the initial height %d: CometBFT cannot be given it; export another height", initial+1, initial)
	}
	return updates(nil, s.Validators), nil
}

// corrupt returns a fault.
func corrupt(format string, args ...any) error {
	return fmt.Errorf("%w: validator: %s", store.ErrCorrupt, fmt.Sprintf(format, args...))
}
