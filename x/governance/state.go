package governance

import (
	"fmt"

	governancev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/governance/v1"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// Members is what the module asks about members.
type Members interface {
	// Regulators returns the ids of the active regulators, ascending.
	Regulators(r store.Reader) ([]string, error)
}

// Executor carries out governed actions of every module, this one included.
type Executor interface {
	// Validate checks the action by its form alone.
	Validate(a *governancev1.Action) error
	// Execute does the action: nil, a refusal if it is impossible now, or a
	// fault. The context has no actor and no signers.
	Execute(c *exec.Context, a *governancev1.Action) error
}

// Module has the messages, actions and queries. It holds no state.
type Module struct {
	members  Members
	executor Executor
}

// New returns the module. executor is not used before the first message.
func New(members Members, executor Executor) *Module { return &Module{members, executor} }

// open returns the proposal if it can still be decided, or a refusal.
func open(c *exec.Context, number uint64) (Proposal, error) {
	p, ok, err := proposals.Get(c.Store, number)
	if err != nil {
		return p, err
	}
	if !ok {
		return p, codeUnknown.Refuse("%d", number)
	}
	p.Number = number
	if s := p.StatusAt(c.Time); s != Open {
		return p, codeClosed.Refuse("%d is %s", number, s)
	}
	return p, nil
}

// tally counts the votes of the regulators on a proposal.
func tally(r store.Reader, number uint64, regulators []string) (t Tally, err error) {
	t.Regulators = len(regulators)
	for _, id := range regulators {
		v, ok, err := votes.Get(r, voteKey{number, id})
		switch {
		case err != nil:
			return t, err
		case ok && v.Approve:
			t.Approvals++
		case ok:
			t.Rejections++
		}
	}
	return t, nil
}

// next returns the number after the one that the item has, and counts it on.
func next(rw store.ReadWriter, last store.Item[uint64]) (uint64, error) {
	n, _, err := last.Get(rw)
	if err != nil {
		return 0, err
	}
	return n + 1, last.Set(rw, n+1)
}

// corrupt returns a fault.
func corrupt(format string, args ...any) error {
	return fmt.Errorf("%w: governance: %s", store.ErrCorrupt, fmt.Sprintf(format, args...))
}
