package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/hallmark-ledger/hallmark/api"
)

// operation describes one path.
type operation struct {
	id, path, tag string
	name, about   api.Text // summary and description
}

// Errors that operations answer with, beside those of all.
var (
	allErrors    = []int{http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusServiceUnavailable}
	readErrors   = []int{http.StatusNotFound, http.StatusGone, http.StatusUnprocessableEntity}
	submitErrors = []int{
		http.StatusBadRequest, http.StatusRequestTimeout, http.StatusRequestEntityTooLarge,
		http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity,
	}
)

// huma returns the operation as huma has it, with the errors that it answers
// with.
func (o operation) huma(a huma.API, method string, errs []int) huma.Operation {
	op := huma.Operation{
		OperationID: o.id, Method: method, Path: o.path, Tags: []string{o.tag},
		Summary: o.name.En + " " + o.name.Zh, Description: o.about.En + "\n\n" + o.about.Zh,
		Responses: map[string]*huma.Response{},
	}
	problem := schemaOf[api.Problem](a)
	for _, status := range append(append([]int{}, allErrors...), errs...) {
		text := titles[status]
		r := &huma.Response{
			Description: text.En + " " + text.Zh,
			Content:     map[string]*huma.MediaType{problemType: {Schema: problem}},
		}
		if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
			r.Headers = map[string]*huma.Header{"Retry-After": {
				Description: "Seconds after which to try again. 建议重试前等待的秒数。", Schema: &huma.Schema{Type: huma.TypeInteger},
			}}
		}
		op.Responses[strconv.Itoa(status)] = r
	}
	return op
}

// The tags of operations.
const (
	tagNode         = "node"
	tagCertificates = "certificates"
	tagMembers      = "members"
	tagGovernance   = "governance"
	tagTransactions = "transactions"
	tagChain        = "chain"
	tagProof        = "proof"
	tagEvidence     = "evidence"
	tagTrace        = "trace"
)

func newAPI(mux *http.ServeMux) huma.API {
	format := huma.Format{Marshal: marshal, Unmarshal: json.Unmarshal}
	return humago.New(mux, huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title: "Hallmark 印信", Version: "1",
				Description: "The ledger of quality certificates, as a node serves it. Dates are civil dates in Beijing; instants are RFC 3339 in UTC; keys, hashes and ids are lower-case hexadecimal.\n\n" +
					"质量认证证书账本的节点接口。日期为北京时间民用日期；时刻采用 RFC 3339 格式的 UTC 时间；公钥、摘要与标识为小写十六进制。",
			},
			Tags: []*huma.Tag{
				{Name: tagCertificates, Description: "Certificates and their holders 证书与持证组织"},
				{Name: tagEvidence, Description: "Evidence that was fixed 已固定的证据"},
				{Name: tagTrace, Description: "Products and what happened to them 产品追溯"},
				{Name: tagMembers, Description: "Members and their keys 成员与密钥"},
				{Name: tagGovernance, Description: "Proposals, parameters and validators 提案、参数与验证者"},
				{Name: tagTransactions, Description: "Submitting and following transactions 提交与跟踪交易"},
				{Name: tagChain, Description: "Blocks, proofs and the feed of changes 区块、证明与变更推送"},
				{Name: tagProof, Description: "What can be verified offline 可离线核验的证明"},
				{Name: tagNode, Description: "The node itself 节点状态"},
			},
		},
		Formats:                      map[string]huma.Format{typeJSON: format, "json": format}, // "json" is also …+json
		DefaultFormat:                typeJSON,
		RejectUnknownQueryParameters: true,
		Transformers:                 []huma.Transformer{asProblem},
	})
}

// marshal writes v. That the client may be gone is no error: it would be taken
// for one of the value.
func marshal(w io.Writer, v any) error {
	b, err := json.Marshal(v)
	if err == nil {
		_, _ = w.Write(append(b, '\n'))
	}
	return err
}

// register adds every operation and makes the document.
func (s *Server) register() error {
	a := newAPI(s.mux)
	for _, part := range []func(huma.API){
		s.registerStatus, s.registerCertificates, s.registerHistory, s.registerHolders,
		s.registerMembers, s.registerKeys, s.registerProposals, s.registerParameters, s.registerValidators,
		s.registerBlocks, s.registerProofs, s.registerSeals, s.registerSubmit, s.registerTransactions, s.registerCheck, s.registerFeed,
		s.registerBundles, s.registerCards, s.registerPage, s.registerEvidence, s.registerTrace,
	} {
		part(a)
	}
	for _, schema := range a.OpenAPI().Components.Schemas.Map() {
		tidy(schema)
	}
	var errJSON, errYAML error
	s.document.json, errJSON = json.MarshalIndent(a.OpenAPI(), "", "  ")
	s.document.yaml, errYAML = a.OpenAPI().YAML()
	if err := errors.Join(errJSON, errYAML); err != nil {
		return fmt.Errorf("api: the OpenAPI document: %w", err)
	}
	s.mux.HandleFunc("GET /v1/openapi.json", serve("application/openapi+json", s.document.json))
	s.mux.HandleFunc("GET /v1/openapi.yaml", serve("application/openapi+yaml", s.document.yaml))
	return nil
}

// document is the OpenAPI document.
type document struct{ json, yaml []byte }

func serve(kind string, b []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		_, _ = w.Write(b) // the client may be gone
	}
}

// schemaOf returns the schema of a type, adding it to the document.
func schemaOf[T any](a huma.API) *huma.Schema {
	return a.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[T](), true, "")
}

// tidy takes back two habits of huma: a list here is never null, and an answer
// may get further members in a later version.
func tidy(s *huma.Schema) {
	if s == nil {
		return
	}
	if s.Type == huma.TypeArray {
		s.Nullable = false
	}
	if s.AdditionalProperties == false {
		s.AdditionalProperties = nil
	}
	for _, p := range s.Properties {
		tidy(p)
	}
	tidy(s.Items)
}
