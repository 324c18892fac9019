package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/light"
	"github.com/hallmark-ledger/hallmark/store/engine"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// problem is an error that the client sees.
type problem struct {
	api.Problem
	after time.Duration // when it may try again, 0 for nothing said
	allow string        // the methods of a 405
}

const problemType = "application/problem+json"

func (p *problem) Error() string { return fmt.Sprintf("%d %s: %s", p.Status, p.Title, p.Detail) }

// GetStatus implements huma.StatusError.
func (p *problem) GetStatus() int { return p.Status }

// ContentType implements huma.ContentTypeFilter.
func (p *problem) ContentType(string) string { return problemType }

// GetHeaders implements huma.HeadersError.
func (p *problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.after > 0 {
		h.Set("Retry-After", strconv.Itoa(max(1, int((p.after+time.Second-1)/time.Second))))
	}
	if p.allow != "" {
		h.Set("Allow", p.allow)
	}
	return h
}

// titles say what a status means here. RFC 9457 wants the phrase of the status
// for a title; Text says it in both languages.
var titles = map[int]api.Text{
	http.StatusBadRequest:            {En: "The request is malformed.", Zh: "请求格式错误。"},
	http.StatusNotFound:              {En: "There is no such thing.", Zh: "查询的对象不存在。"},
	http.StatusMethodNotAllowed:      {En: "The path has no such method.", Zh: "该路径不支持此方法。"},
	http.StatusNotAcceptable:         {En: "Answers are JSON.", Zh: "应答仅提供 JSON 格式。"},
	http.StatusRequestTimeout:        {En: "The request took too long to arrive.", Zh: "请求接收超时。"},
	http.StatusGone:                  {En: "The node no longer has what was asked for. Try another node.", Zh: "本节点已不再保留所查询的数据，请换用其他节点。"},
	http.StatusRequestEntityTooLarge: {En: "The body is larger than a transaction may be.", Zh: "请求体超过交易大小上限。"},
	http.StatusUnsupportedMediaType:  {En: "The body must be application/octet-stream or application/json.", Zh: "请求体须为 application/octet-stream 或 application/json。"},
	http.StatusUnprocessableEntity:   {En: "A value is not allowed, or the ledger refused it.", Zh: "参数取值不允许，或账本拒绝了该请求。"},
	http.StatusTooManyRequests:       {En: "Too many requests from this address. Try again later.", Zh: "该地址请求过于频繁，请稍后重试。"},
	http.StatusInternalServerError:   {En: "The node has failed. Try another node, and tell its operator.", Zh: "节点故障。请换用其他节点，并通知其运维方。"},
	http.StatusServiceUnavailable:    {En: "The node cannot do this now. Try again, or try another node.", Zh: "节点暂时无法处理，请稍后重试或换用其他节点。"},
}

// fail returns a problem; detail, formatted as by fmt.Sprintf, says what exactly
// was wrong.
func fail(status int, detail string, args ...any) *problem {
	p := &problem{Problem: api.Problem{Status: status, Title: http.StatusText(status), Detail: fmt.Sprintf(detail, args...)}}
	if t, ok := titles[status]; ok {
		p.Text = &t
	}
	return p
}

// later returns a problem that will pass.
func later(status int, after time.Duration, detail string, args ...any) *problem {
	p := fail(status, detail, args...)
	p.after = after
	return p
}

// refusedAs returns the problem of something that the ledger or its rules
// refuse.
func refusedAs(status int, r *exec.Refusal) *problem {
	p := fail(status, "%s", r.Error())
	p.Refusal = refusalOf(r)
	return p
}

// toProblem returns what the client sees of an error. What is not the client's
// doing is logged, and told in general words.
func (s *Server) toProblem(ctx context.Context, err error) *problem {
	var p *problem
	r, refused := exec.AsRefusal(err)
	switch {
	case errors.As(err, &p):
		return p
	case refused:
		return refusedAs(http.StatusUnprocessableEntity, r)
	case errors.Is(err, light.ErrTraceTooLarge):
		return tooLarge(err)
	case errors.Is(err, engine.ErrVersionGone):
		return later(http.StatusServiceUnavailable, time.Second, "The state changed while it was read, or there is no block yet.")
	case errors.Is(err, ErrNoBlock):
		return fail(http.StatusGone, "The node does not have the block.")
	case ctx.Err() != nil:
		return later(http.StatusServiceUnavailable, time.Second, "The request ended before there was an answer.")
	}
	s.logger.Error("a request failed", "err", err)
	return fail(http.StatusInternalServerError, "The reason is in the log of the node.")
}

// write answers with p outside of huma.
func (p *problem) write(w http.ResponseWriter) {
	for k, v := range p.GetHeaders() {
		w.Header()[k] = v
	}
	w.Header().Set("Content-Type", problemType)
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(&p.Problem) // the client may be gone
}

// What of huma's errors is told at most.
const (
	maxErrors    = 20
	maxErrorText = 200
)

// asProblem is a huma.Transformer: it makes problems of the errors that huma
// itself finds.
func asProblem(_ huma.Context, _ string, v any) (any, error) {
	e, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	p := fail(e.Status, "%s", e.Detail)
	if e.Status == http.StatusUnprocessableEntity {
		p.Detail = "A parameter is wrong."
	}
	for _, d := range e.Errors {
		if d != nil && len(p.Errors) < maxErrors {
			p.Errors = append(p.Errors, short(d.Location+": "+d.Message))
		}
	}
	return p, nil
}

// short cuts a text that repeats what a client sent.
func short(s string) string {
	if len(s) <= maxErrorText {
		return s
	}
	return s[:maxErrorText] + "…"
}
