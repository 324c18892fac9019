package api

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"google.golang.org/protobuf/encoding/protojson"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/x/governance"
)

type proposalsInput struct {
	Open bool `query:"open" doc:"Only those that can still be decided. 仅列出尚可表决者。"`
	From
	At
}

type proposalInput struct {
	Number uint64 `path:"number" minimum:"1" maximum:"9223372036854775807" doc:"Number of the proposal. 提案编号。"`
	At
}

func (s *Server) registerProposals(a huma.API) {
	read(s, a, operation{
		"list-proposals", "/v1/proposals", tagGovernance,
		api.Text{En: "Proposals", Zh: "提案列表"},
		api.Text{En: "Proposals by number, without their votes.", Zh: "按编号排序的提案，不含表决明细。"},
	}, listProposals)
	read(s, a, operation{
		"get-proposal", "/v1/proposals/{number}", tagGovernance,
		api.Text{En: "Proposal", Zh: "提案"},
		api.Text{En: "A proposal, what it would do, how the votes stand and who has voted.", Zh: "提案内容、票数及表决明细。"},
	}, getProposal)
}

func listProposals(v *view, in *proposalsInput) (*api.ProposalList, error) {
	find := func(from uint64, limit int) ([]governance.Proposal, error) {
		return v.Governance.Proposals(v, from, limit)
	}
	if in.Open {
		find = v.openProposals
	}
	proposals, err := find(in.first(), int(in.Limit)+1)
	if err != nil {
		return nil, err
	}
	out := &api.ProposalList{Items: []api.Proposal{}}
	if len(proposals) > int(in.Limit) {
		out.Next = proposals[in.Limit].Number
		proposals = proposals[:in.Limit]
	}
	for i := range proposals {
		p, err := v.proposal(&proposals[i])
		if err != nil {
			return nil, err
		}
		out.Items = append(out.Items, *p)
	}
	return out, nil
}

// maxOpenProposals is more than there can be: each regulator has at most
// governance.MaxOpen.
const maxOpenProposals = 100_000

// openProposals returns those from a number on that can still be decided.
func (v *view) openProposals(from uint64, limit int) (list []governance.Proposal, err error) {
	numbers, err := v.Governance.OpenProposals(v, maxOpenProposals)
	if err != nil {
		return nil, err
	}
	at, err := v.time()
	if err != nil {
		return nil, err
	}
	slices.Sort(numbers)
	for _, n := range numbers {
		if n < from || len(list) >= limit {
			continue
		}
		p, ok, err := v.Governance.Proposal(v, n)
		if err != nil {
			return nil, err
		}
		if ok && p.StatusAt(at) == governance.Open {
			list = append(list, p)
		}
	}
	return list, nil
}

func getProposal(v *view, in *proposalInput) (*api.Proposal, error) {
	p, ok, err := v.Governance.Proposal(v, in.Number)
	if err != nil || !ok {
		return nil, orNotFound(err, fail(http.StatusNotFound, "There is no proposal %d.", in.Number))
	}
	out, err := v.proposal(&p)
	if err != nil {
		return nil, err
	}
	err = v.Governance.Votes(v, in.Number, func(regulator string, vote governance.Vote) (bool, error) {
		out.Votes = append(out.Votes, api.Vote{
			Regulator: regulator, Approve: vote.Approve, Key: hexText(vote.Key[:]), Height: vote.Height, Time: vote.Time.UTC(),
		})
		return true, nil
	})
	return out, err
}

// proposal converts a proposal; while it is open its tally is that of the
// present.
func (v *view) proposal(p *governance.Proposal) (*api.Proposal, error) {
	at, err := v.time()
	if err != nil {
		return nil, err
	}
	out := &api.Proposal{
		Number: p.Number, Proposer: p.Proposer, Title: p.Title, Document: hashText(p.Document), Actions: []json.RawMessage{}, Kinds: []string{},
		Height: p.Height, Time: p.Time.UTC(), Expires: time.Unix(p.Expires, 0).UTC(), Status: p.StatusAt(at).String(),
		ClosedHeight: p.Closed, ClosedTime: timeOf(p.ClosedTime),
	}
	for _, a := range p.Actions {
		b, err := protojson.Marshal(a)
		if err != nil {
			return nil, err
		}
		out.Actions, out.Kinds = append(out.Actions, b), append(out.Kinds, governance.KindOf(a).String())
	}
	tally := p.Tally
	if p.Status == governance.Open {
		if tally, err = v.Governance.Tally(v, *p); err != nil {
			return nil, err
		}
	}
	out.Regulators, out.Needed = uint32(tally.Regulators), uint32(tally.Needed)
	out.Approvals, out.Rejections = uint32(tally.Approvals), uint32(tally.Rejections)
	if p.Status == governance.Failed {
		out.Failure = &api.Failure{Action: uint32(p.Failure.Action), Refusal: *v.s.refusal(p.Failure.Code, p.Failure.Detail)}
	}
	return out, nil
}
