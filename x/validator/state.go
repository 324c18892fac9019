package validator

import (
	"errors"
	"fmt"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

const (
	// LeastActivation is the smallest number of blocks between the decision on
	// a set and its begin.
	LeastActivation = 20
	// MaxPending is how many sets may wait for their begin.
	MaxPending = 8
)

// Members is what the module asks about members.
type Members interface {
	// MayValidate reports whether the member may run a validator now: it is
	// active and a regulator or an accredited body.
	MayValidate(r store.Reader, member string) (bool, error)
	// ReserveKey records that the key serves the purpose for the member and
	// never another. It refuses a key that is registered, by whomever.
	ReserveKey(c *exec.Context, member, purpose string, key []byte) error
}

// Parameters is what the module asks of the parameters.
type Parameters interface {
	// ActivationBlocks is the number of blocks from a decision to its effect.
	ActivationBlocks(r store.Reader) (uint64, error)
}

// Proposals is what the module asks of governance.
type Proposals interface {
	// RaiseRemoval puts before the regulators that the validator be removed, and
	// returns the number of the proposal.
	RaiseRemoval(c *exec.Context, validator string, height uint64) (number uint64, err error)
}

// Module has the messages, actions and queries. It holds no state.
type Module struct {
	members    Members
	parameters Parameters
	proposals  Proposals
}

// New returns the module.
func New(members Members, parameters Parameters, proposals Proposals) *Module {
	return &Module{members, parameters, proposals}
}

// errNoSet: a height before the first set, or no set at all.
var errNoSet = errors.New("validator: no set decides that height")

// SetAt returns the set that decides the block of height, as far as r knows: the
// sets of all heights up to LeastActivation above r's own are final.
func (m *Module) SetAt(r store.Reader, height uint64) (Set, error) { return setAt(r, height) }

func setAt(r store.Reader, height uint64) (Set, error) {
	var begin uint64
	found := false
	err := reverse.ScanFrom(r, ^height, func(k uint64, _ struct{}) (bool, error) {
		begin, found = ^k, true
		return false, nil
	})
	if err != nil {
		return Set{}, err
	}
	if !found {
		return Set{}, fmt.Errorf("%w: %d", errNoSet, height)
	}
	s, ok, err := sets.Get(r, begin)
	if err == nil && !ok {
		err = fmt.Errorf("%w: no set begins at %d, which the list of sets names", store.ErrCorrupt, begin)
	}
	s.Begin = begin
	return s, err
}

// last returns the set that was decided last, whether or not it has begun.
func last(r store.Reader) (Set, error) { return setAt(r, ^uint64(0)) }

// Next is the next seal set.
type Next struct {
	Hash  sm3.Hash
	Begin uint64
}

// Next returns the hash of the first seal set that begins after height and
// differs from the one of height, and where it begins; false if none is decided.
// For the statement of height, r is the state after that block.
func (m *Module) Next(r store.Reader, height uint64) (n Next, ok bool, err error) {
	current, err := setAt(r, height)
	if err != nil || height == ^uint64(0) {
		return n, false, err
	}
	err = sets.ScanFrom(r, height+1, func(begin uint64, s Set) (bool, error) {
		if s.SealHash == current.SealHash {
			return true, nil // only consensus keys or members' names differ
		}
		n, ok = Next{s.SealHash, begin}, true
		return false, nil
	})
	return n, ok, err
}

// pending returns how many sets begin after height.
func pending(r store.Reader, height uint64) (n int, err error) {
	err = sets.ScanFrom(r, height+1, func(uint64, Set) (bool, error) {
		n++
		return true, nil
	})
	return n, err
}

// schedule makes vs the set after previous, which is the last decided. It
// refuses a set that CometBFT or seals cannot work with, and writes nothing then.
func (m *Module) schedule(c *exec.Context, previous Set, vs []Validator) error {
	if err := checkSet(vs); err != nil {
		return codeSet.Refuse("%v", err)
	}
	if err := checkUpdates(previous.Validators, updates(previous.Validators, vs)); err != nil {
		return codeSet.Refuse("%v", err)
	}
	blocks, err := m.parameters.ActivationBlocks(c.Store)
	if err != nil {
		return err
	}
	if blocks < LeastActivation {
		return fmt.Errorf("validator: the parameter activation_blocks is %d, below %d", blocks, LeastActivation)
	}
	s := Set{Begin: max(c.Height, previous.Begin) + blocks, Decided: c.Height, Validators: vs}
	if err := s.put(c.Store); err != nil {
		return err
	}
	emitScheduled(c, s)
	return nil
}

// put computes the seal hash of s and writes s.
func (s *Set) put(w store.Writer) error {
	seals, err := s.Seal()
	if err != nil {
		return err
	}
	s.SealHash = seals.Hash()
	if err := sets.Set(w, s.Begin, *s); err != nil {
		return err
	}
	return reverse.Set(w, ^s.Begin, struct{}{})
}
