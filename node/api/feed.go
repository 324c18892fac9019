package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/hallmark-ledger/hallmark/api"
)

const feedPath = "/v1/feed"

type feedInput struct {
	Since       uint64 `query:"since" maximum:"9223372036854775807" doc:"Begin with the events of this block; 0 or absent: with those of the next one. 从该区块的事件开始；缺省从下一区块开始。"`
	After       string `query:"after" maxLength:"31" doc:"Begin after the event with this id; stronger than since. 从该事件之后开始；优先于 since。"`
	LastEventID string `header:"Last-Event-ID" maxLength:"31" doc:"As after, and stronger: what a browser sends when it connects again. 同 after 且优先；浏览器重连时自动发送。"`
	Types       string `query:"types" maxLength:"1024" example:"certificate.suspended,certificate.revoked" doc:"Only events of these types, separated by commas. 仅这些类型的事件，以逗号分隔。"`
	Issuer      string `query:"issuer" maxLength:"64" doc:"Only events with this attribute issuer. 仅 issuer 属性等于此值的事件。"`
	Holder      string `query:"holder" maxLength:"64" doc:"Only events with this attribute holder. 仅 holder 属性等于此值的事件。"`
}

func (s *Server) registerFeed(a huma.API) {
	op := operation{
		"get-feed", feedPath, tagChain,
		api.Text{En: "Feed of changes", Zh: "变更推送"},
		api.Text{
			En: "Server-sent events: what changed since a height, then what changes. The data of each event is a FeedEvent; its id is height.index. An id without data says how far the feed has come; take it for Last-Event-ID too.",
			Zh: "服务器推送事件：先推送自某高度起的变更，随后实时推送。每个事件的 data 为 FeedEvent，id 为“高度.序号”。仅含 id 的消息表示推送进度，重连时同样用作 Last-Event-ID。",
		},
	}.huma(a, http.MethodGet, readErrors)
	event := schemaOf[api.FeedEvent](a)
	op.Responses["200"] = &huma.Response{
		Description: "Messages of text/event-stream, each with the JSON of a FeedEvent as its data. 每条消息的 data 为 FeedEvent 的 JSON。",
		Content: map[string]*huma.MediaType{"text/event-stream": {
			Schema: &huma.Schema{Type: huma.TypeString, Extensions: map[string]any{"x-data": event}},
		}},
	}
	huma.Register(a, op, func(ctx context.Context, in *feedInput) (*huma.StreamResponse, error) {
		from, err := s.begin(in)
		if err != nil {
			return nil, s.toProblem(ctx, err)
		}
		leave, err := s.feeding.enter(ctx, addressIn(ctx), 0)
		if err != nil {
			return nil, s.toProblem(ctx, err)
		}
		f := filterOf(in)
		return &huma.StreamResponse{Body: func(c huma.Context) {
			defer leave()
			s.stream(c, from, f)
		}}, nil
	})
}

// begin returns the position of the first event to send: that of since, or the
// one after what the client has.
func (s *Server) begin(in *feedInput) (position, error) {
	earliest, latest := s.backend.Heights()
	have := in.After
	if in.LastEventID != "" {
		have = in.LastEventID
	}
	from := position{height: latest + 1}
	switch {
	case have != "":
		p, err := parsePosition(have)
		if err != nil {
			return p, fail(http.StatusUnprocessableEntity, "%v.", err)
		}
		from = position{p.height, p.index + 1}
		if from.index == 0 { // there was no higher one
			from = position{height: p.height + 1}
		}
	case in.Since > 0:
		from = position{height: in.Since}
	}
	switch {
	case from.height > latest+maxAhead:
		return from, fail(http.StatusUnprocessableEntity, "Height %d is far ahead; the newest is %d.", from.height, latest)
	case from.height < earliest:
		return from, fail(http.StatusGone, "Block %d is not retained; the earliest is %d. Read the present state, then follow from its height.", from.height, earliest)
	}
	return from, nil
}

// maxAhead is how far ahead of this node a client may be that was fed by
// another.
const maxAhead = 1000

// filter says which events a client wants.
type filter struct {
	types          map[string]bool // nil: all
	issuer, holder string          // empty: any
}

func filterOf(in *feedInput) filter {
	f := filter{issuer: in.Issuer, holder: in.Holder}
	for name := range strings.SplitSeq(in.Types, ",") {
		if name = strings.TrimSpace(name); name != "" {
			if f.types == nil {
				f.types = map[string]bool{}
			}
			f.types[name] = true
		}
	}
	return f
}

func (f filter) wants(e *api.FeedEvent) bool {
	return (f.types == nil || f.types[e.Type]) &&
		(f.issuer == "" || e.Attributes["issuer"] == f.issuer) &&
		(f.holder == "" || e.Attributes["holder"] == f.holder)
}
