package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/web"
)

// cardOutput is a trust card as its bytes.
type cardOutput struct {
	ContentType  string `header:"Content-Type"`
	CacheControl string `header:"Cache-Control"`
	Body         []byte
}

// registerPage adds the pages for people, and the trust card that goes with them.
// They are no part of the document of the interface, the card is.
func (s *Server) registerPage(a huma.API) {
	huma.Register(a, givesBytes(operation{
		"get-card", "/v1/card", tagProof,
		api.Text{En: "Trust card that this node hands out", Zh: "本节点提供的信任卡"},
		api.Text{
			En: "The trust card that the operator has configured, for the page /verify. Whoever takes it from here trusts this node: compare its fingerprint with one that the regulators publish elsewhere.",
			Zh: "运维方为 /verify 页面配置的信任卡。由此取卡即信任本节点：请将其指纹与监管机构在别处公布的指纹比对。",
		},
	}.huma(a, http.MethodGet, []int{http.StatusNotFound}), "A trust card: hallmark.light.v1.Card. 信任卡。"), func(ctx context.Context, _ *struct{}) (*cardOutput, error) {
		if s.opts.Card == nil {
			return nil, s.toProblem(ctx, fail(http.StatusNotFound, "This node hands out no trust card. Get one from the regulators."))
		}
		return &cardOutput{typeRaw, "no-cache", s.opts.Card.Bytes()}, nil
	})
	pages := web.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fail(http.StatusNotFound, "There is no such file. The pages are at /verify and /product.").write(w)
	}))
	for _, pattern := range web.Patterns() {
		s.mux.Handle(pattern, pages)
	}
	s.registerProductPage(pages)
}
