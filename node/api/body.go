package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/hallmark-ledger/hallmark/api"
)

const (
	typeRaw  = "application/octet-stream"
	typeJSON = "application/json"
)

// bodyKey is the key of the context under which a transaction lies.
type bodyKey struct{}

// withBody makes an operation one whose body is a transaction. It is read by
// us, not by huma, since its limit is a parameter of the ledger. As long as the
// handler runs, it holds one of the places for submissions, unless it gives it
// up.
func (s *Server) withBody(a huma.API, op huma.Operation) huma.Operation {
	op.Middlewares = append(op.Middlewares, func(ctx huma.Context, next func(huma.Context)) {
		r, w := humago.Unwrap(ctx)
		leave, err := s.submitting.enter(r.Context(), addressIn(r.Context()), s.opts.WriteTimeout)
		if err != nil {
			s.toProblem(r.Context(), err).write(w)
			return
		}
		defer leave()
		raw, err := s.readTx(w, r)
		if err != nil {
			s.toProblem(r.Context(), err).write(w)
			return
		}
		next(huma.WithValue(ctx, bodyKey{}, &submission{raw, leave}))
	})
	return op
}

// describeBody says in the document what withBody reads. It comes after
// huma.Register, which would read the body otherwise.
func describeBody(a huma.API, path string) {
	op := a.OpenAPI().Paths[path].Post
	op.RequestBody = &huma.RequestBody{
		Required:    true,
		Description: "The encoded transaction, as it is or in base64. 编码后的交易，原始字节或 base64。",
		Content: map[string]*huma.MediaType{
			typeRaw:  {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
			typeJSON: {Schema: schemaOf[api.Submission](a)},
		},
	}
}

// submission is a transaction that was read.
type submission struct {
	raw   []byte
	leave func() // gives its place up, before the request ends
}

func submissionOf(ctx context.Context) *submission { return ctx.Value(bodyKey{}).(*submission) }

// readTx reads a transaction of at most the size that the ledger allows.
func (s *Server) readTx(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	most, err := s.maxTx()
	if err != nil {
		return nil, err
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case err != nil || kind != typeRaw && kind != typeJSON:
		return nil, fail(http.StatusUnsupportedMediaType, "The body is %.100q.", r.Header.Get("Content-Type"))
	case kind == typeJSON:
		most = most/3*4 + 1024 // of base64, and what is around it
	}
	b, err := io.ReadAll(http.MaxBytesReader(w, r.Body, int64(most)))
	if err != nil {
		return nil, bodyError(err)
	}
	patient(w, maxWait+s.opts.WriteTimeout)
	if kind == typeJSON {
		var in api.Submission
		if err := json.Unmarshal(b, &in); err != nil {
			return nil, fail(http.StatusBadRequest, "The body is not {\"tx\": base64}: %s", short(err.Error()))
		}
		b = in.Tx
	}
	if len(b) == 0 {
		return nil, fail(http.StatusBadRequest, "The body is empty.")
	}
	return b, nil
}

func bodyError(err error) error {
	var large *http.MaxBytesError
	var timeout net.Error
	switch {
	case errors.As(err, &large):
		return fail(http.StatusRequestEntityTooLarge, "A body has at most %d bytes here.", large.Limit)
	case errors.As(err, &timeout) && timeout.Timeout():
		return fail(http.StatusRequestTimeout, "The body did not arrive in time.")
	}
	return fail(http.StatusBadRequest, "The body could not be read: %s", short(err.Error()))
}

// hardMaxTx bounds a transaction whatever the parameters say, in bytes.
const hardMaxTx = 16 << 20

// maxTx is the size of the largest transaction now.
func (s *Server) maxTx() (int, error) {
	v, err := s.view(0)
	if err != nil {
		return 0, err
	}
	p, err := v.Governance.Params(v)
	if err != nil {
		return 0, fmt.Errorf("api: parameters: %w", err)
	}
	return int(min(p.MaxTxBytes, hardMaxTx)), nil
}
