package governance

import (
	"fmt"
	"strings"

	governancev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/governance/v1"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// Raise takes up a proposal that follows from a fact which another module has
// checked, and returns its number. It has no proposer and no vote: who reported the
// fact may be the one it is about, and must not be able to withdraw the proposal, or
// to keep it from being taken up. The caller sees to it that a fact raises one only.
// The title and the actions must be ones that Propose would take.
func (m *Module) Raise(c *exec.Context, title string, actions ...*governancev1.Action) (number uint64, err error) {
	p, err := m.take(c, Proposal{Title: title, Actions: actions})
	if err != nil {
		return 0, err
	}
	c.Emit(EventRaised, append([]string{AttrProposal, fmt.Sprint(p.Number), AttrMember, c.Actor}, p.about()...)...)
	return p.Number, nil
}

// take writes a proposal of which p says who proposes what, and returns it with
// its number.
func (m *Module) take(c *exec.Context, p Proposal) (Proposal, error) {
	if err := count(c.Store, p.Proposer, +1); err != nil {
		return p, err
	}
	params, err := m.Params(c.Store)
	if err != nil {
		return p, err
	}
	if p.Number, err = next(c.Store, lastProposal); err != nil {
		return p, err
	}
	p.Height, p.Time, p.Status = c.Height, c.Time, Open
	p.Expires = c.Time.Unix() + int64(params.ProposalSeconds)
	if err := proposals.Set(c.Store, p.Number, p); err != nil {
		return p, err
	}
	return p, queue.Set(c.Store, queueKey{p.Expires, p.Number}, struct{}{})
}

// about are attributes of the events that say that p was taken up.
func (p *Proposal) about() []string {
	names := make([]string, len(p.Actions))
	for i, a := range p.Actions {
		names[i] = KindOf(a).String()
	}
	return []string{AttrTitle, p.Title, AttrKinds, strings.Join(names, ","), AttrExpires, fmt.Sprint(p.Expires)}
}
