package governance

import (
	"fmt"

	governancev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/governance/v1"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// Approve is a regulator's vote for a proposal. The last that is needed executes
// it.
func (m *Module) Approve(c *exec.Context, msg *governancev1.Approve) error {
	return m.castVote(c, approve, msg.GetProposal())
}

// Reject is a regulator's vote against a proposal. It closes one that cannot be
// approved any more.
func (m *Module) Reject(c *exec.Context, msg *governancev1.Reject) error {
	return m.castVote(c, reject, msg.GetProposal())
}

func (m *Module) castVote(c *exec.Context, a act, number uint64) error {
	regulators, key, err := m.permit(c, a)
	if err != nil {
		return err
	}
	p, err := open(c, number)
	if err != nil {
		return err
	}
	return m.vote(c, p, regulators, key, a == approve)
}

// vote records the actor's vote, in the place of an earlier one, and sees what
// follows from it.
func (m *Module) vote(c *exec.Context, p Proposal, regulators []string, key [33]byte, yes bool) error {
	err := votes.Set(c.Store, voteKey{p.Number, c.Actor}, Vote{yes, key, c.Height, c.Time})
	if err != nil {
		return err
	}
	word := "reject"
	if yes {
		word = "approve"
	}
	c.Emit(EventVoted, AttrProposal, fmt.Sprint(p.Number), AttrRegulator, c.Actor, AttrVote, word)

	params, err := m.Params(c.Store)
	if err != nil {
		return err
	}
	t, err := tally(c.Store, p.Number, regulators)
	if err != nil {
		return err
	}
	t.Needed = needed(params, p.Actions, t.Regulators)
	p.Tally = t
	switch {
	case t.approved():
		if !yes { // whoever votes against does not execute it
			return nil
		}
		return m.execute(c, p)
	case t.dead():
		return closeAs(c, p, Rejected)
	}
	return nil
}

// closeAs ends an open proposal.
func closeAs(c *exec.Context, p Proposal, s Status) error {
	p.Status, p.Closed, p.ClosedTime = s, c.Height, c.Time
	if err := proposals.Set(c.Store, p.Number, p); err != nil {
		return err
	}
	if err := queue.Delete(c.Store, queueKey{p.Expires, p.Number}); err != nil {
		return err
	}
	if err := count(c.Store, p.Proposer, -1); err != nil {
		return err
	}
	attributes := []string{AttrProposal, fmt.Sprint(p.Number), AttrStatus, s.String()}
	if p.Tally != (Tally{}) {
		attributes = append(attributes, AttrRegulators, fmt.Sprint(p.Tally.Regulators),
			AttrNeeded, fmt.Sprint(p.Tally.Needed), AttrApprovals, fmt.Sprint(p.Tally.Approvals))
	}
	if s == Failed {
		attributes = append(attributes, AttrCode, fmt.Sprint(p.Failure.Code), AttrDetail, p.Failure.Detail)
	}
	c.Emit(EventClosed, attributes...)
	return nil
}
