package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/hallmark-ledger/hallmark/api"
)

type nothing struct{}

type statusOutput struct{ Body *api.Status }

func (s *Server) registerStatus(a huma.API) {
	huma.Register(a, operation{
		"get-status", "/v1/status", tagNode,
		api.Text{En: "Status", Zh: "节点状态"},
		api.Text{En: "How the node stands: its newest block, what it retains, whether it is catching up.", Zh: "节点最新区块、保留范围及是否在追赶。"},
	}.huma(a, http.MethodGet, nil), func(ctx context.Context, _ *nothing) (*statusOutput, error) {
		st, err := s.backend.Status(ctx)
		if err != nil {
			return nil, s.toProblem(ctx, err)
		}
		return &statusOutput{st}, nil
	})
	huma.Register(a, operation{
		"get-health", "/healthz", tagNode,
		api.Text{En: "Health", Zh: "健康检查"},
		api.Text{En: "200 while the node keeps up with the chain, 503 while it is catching up or has no block.", Zh: "节点与链同步时返回 200；追赶中或尚无区块时返回 503。"},
	}.huma(a, http.MethodGet, nil), func(ctx context.Context, _ *nothing) (*statusOutput, error) {
		st, err := s.backend.Status(ctx)
		switch {
		case err != nil:
			return nil, s.toProblem(ctx, err)
		case st.Height == 0:
			return nil, later(http.StatusServiceUnavailable, time.Second, "There is no block yet.")
		case st.CatchingUp:
			return nil, later(http.StatusServiceUnavailable, 5*time.Second, "The node is catching up; it is at height %d.", st.Height)
		}
		return &statusOutput{st}, nil
	})
}
