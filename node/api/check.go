package api

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/app"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

const checkPath = "/v1/transactions/check"

type checkOutput struct{ Body *api.Check }

func (s *Server) registerCheck(a huma.API) {
	op := operation{
		"check-transaction", checkPath, tagTransactions,
		api.Text{En: "Check a transaction", Zh: "预检交易"},
		api.Text{
			En: "A dry run on the newest state, which changes nothing. Signatures may be missing, so that refusals are seen before anyone signs.",
			Zh: "在最新状态上试运行，不产生任何变更。可缺少签名，以便在签署前发现拒绝原因。",
		},
	}.huma(a, http.MethodPost, submitErrors)
	huma.Register(a, s.withBody(a, op), func(ctx context.Context, _ *nothing) (*checkOutput, error) {
		c, err := s.check(ctx)
		if err != nil {
			return nil, s.toProblem(ctx, err)
		}
		return &checkOutput{c}, nil
	})
	describeBody(a, checkPath)
}

// check rehearses the transaction. As many are run at a time as there are cores.
func (s *Server) check(ctx context.Context) (*api.Check, error) {
	ctx, cancel := context.WithTimeout(ctx, s.opts.WriteTimeout)
	defer cancel()
	select {
	case s.rehearsing <- struct{}{}:
		defer func() { <-s.rehearsing }()
	case <-ctx.Done():
		return nil, later(http.StatusServiceUnavailable, time.Second, "The node is rehearsing as many transactions as it can.")
	}
	r, err := s.backend.Rehearse(ctx, submissionOf(ctx).raw)
	if ctx.Err() != nil {
		return nil, later(http.StatusServiceUnavailable, time.Second, "The rehearsal took longer than %v. Divide the transaction.", s.opts.WriteTimeout)
	}
	if err != nil {
		return nil, fmt.Errorf("api: rehearsal: %w", err)
	}
	return checkOf(r), nil
}

func checkOf(r *app.Rehearsal) *api.Check {
	out := &api.Check{
		ID: hashText(r.ID), Height: r.Height, Refusal: refusalOf(r.Refusal),
		Refused: refusedMessages(r.Results), Messages: len(r.Results),
	}
	for _, m := range r.Missing {
		out.Missing = append(out.Missing, api.MissingSigner{Member: m.Member, Key: hexText(m.Key[:])})
	}
	for i, m := range r.Results {
		for _, e := range m.Events {
			out.Events = append(out.Events, plannedEvent(e, i))
		}
	}
	out.OK = out.Refusal == nil && len(out.Refused) == 0
	return out
}

// plannedEvent is an event as it would be in a block.
func plannedEvent(e exec.Event, message int) api.Event {
	out := api.Event{Type: e.Type, Attributes: map[string]string{app.AttrMessage: fmt.Sprint(message)}}
	for _, a := range e.Attributes {
		out.Attributes[a.Key] = a.Value
	}
	return out
}
