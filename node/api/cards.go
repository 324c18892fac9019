package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/light"
)

// cardLasts is how long a card may be used for which nothing else is asked.
const cardLasts = 180 * 24 * time.Hour

type draftInput struct {
	NotAfter string `query:"not_after" example:"2026-12-31" doc:"Last day on which the card may be used; absent: in 180 days. 信任卡的最后使用日；缺省为 180 天后。"`
}

func (s *Server) registerCards(a huma.API) {
	huma.Register(a, givesBytes(operation{
		"draft-card", "/v1/cards/draft", tagProof,
		api.Text{En: "Draft of a trust card", Zh: "信任卡草稿"},
		api.Text{
			En: "A trust card of the seal set of the newest sealed height, without signatures. Regulators compare it with their own nodes and sign it; as it is, it says no more than that this node says so.",
			Zh: "最新签章高度所属签章集合的信任卡，未签名。由监管机构与自身节点核对后签署；未签署前仅代表本节点的说法。",
		},
	}.huma(a, http.MethodGet, []int{http.StatusUnprocessableEntity}), "A trust card: hallmark.light.v1.Card. 信任卡。"), func(ctx context.Context, in *draftInput) (*octets, error) {
		out, err := s.draftCard(ctx, in.NotAfter, time.Now())
		if err != nil {
			return nil, s.toProblem(ctx, err)
		}
		return out, nil
	})
}

func (s *Server) draftCard(ctx context.Context, notAfter string, now time.Time) (*octets, error) {
	now = now.Truncate(time.Second)
	end := now.Add(cardLasts)
	if notAfter != "" {
		d, err := parseDate(notAfter)
		if err != nil {
			return nil, err
		}
		end = d.End().Add(-time.Second)
	}
	if !end.After(now) {
		return nil, fail(http.StatusUnprocessableEntity, "The card would have ended already, at %s.", end.Format(time.RFC3339))
	}
	st, _, err := s.newestSeal()
	if err != nil {
		return nil, err
	}
	set, begin, err := s.opts.Seals.SetOf(st.Height)
	if err != nil {
		return nil, err
	}
	status, err := s.backend.Status(ctx)
	if err != nil {
		return nil, err
	}
	card, err := light.NewCard(light.Card{
		ChainID: status.ChainID, Genesis: st.Genesis, Height: begin, Set: set, Made: now, NotAfter: end,
	})
	if err != nil {
		return nil, err
	}
	return &octets{typeRaw, st.Height, card.Bytes()}, nil
}
