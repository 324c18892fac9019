package api_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"

	"encoding/hex"

	"github.com/hallmark-ledger/hallmark/app/apptest"
	x "github.com/hallmark-ledger/hallmark/x/certificate"
)

// contract is the document that the server serves, as one to hold it to.
func contract(t *testing.T, s *service) (libopenapi.Document, validator.Validator) {
	t.Helper()
	r := s.do(http.MethodGet, "/v1/openapi.json", nil)
	if r.StatusCode != 200 || r.Header.Get("Content-Type") != "application/openapi+json" {
		t.Fatal(r.Status, r.Header)
	}
	doc, err := libopenapi.NewDocument(r.body)
	if err != nil {
		t.Fatal(err)
	}
	v, errs := validator.NewValidator(doc)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	return doc, v
}

// TestContract holds what every handler answers, and every error that one can
// bring about, to the document.
func TestContract(t *testing.T) {
	s := seven(t)
	s.prune(2)
	doc, v := contract(t, s)
	if ok, errs := v.ValidateDocument(); !ok {
		for _, e := range errs {
			t.Error(e)
		}
	}
	raw, late := issue(4, "00126Q20001R0M"), issue(7, "00126Q20002R0M")
	s.commit(raw, apptest.Draft{Nonce: 5, Keys: fourEyes, Messages: issueTwice("00126Q00001R0M")}.Sign())
	cert, key := certificate(apptest.CQC, number), apptest.Key("cqc/certifier").Public().String()
	proof := hex.EncodeToString(x.NumberKey(number))
	s.mustDo(anchor(1, batchOf(t, 3)))
	anchored := batchOf(t, 3).ID()
	s.mustDo(warn(2, anchored, number))
	fixed := "/v1/evidence/" + anchored.String()
	s.traced(6)
	seen := map[string]bool{}
	for _, c := range []struct {
		method, path string
		body         []byte
		status       int
	}{
		{"GET", "/v1/status", nil, 200}, {"GET", "/healthz", nil, 200},
		{"GET", cert, nil, 200}, {"GET", cert + "?height=2", nil, 200}, {"GET", cert + "?height=99", nil, 404}, {"GET", certificate("x", "y"), nil, 422},
		{"GET", certificate(apptest.CQM, number), nil, 404}, {"GET", cert + "?colour=red", nil, 422}, {"GET", cert + "?height=x", nil, 422},
		{"GET", cert + "/on/" + today.String(), nil, 200}, {"GET", cert + "/on/x", nil, 422}, {"GET", cert + "/history", nil, 200}, {"GET", cert + "/history?limit=1", nil, 200},
		{"GET", cert + "/versions/1", nil, 200}, {"GET", cert + "/versions/9", nil, 404}, {"GET", cert + "/dependants", nil, 200},
		{"GET", "/v1/numbers/FORGED", nil, 200}, {"GET", "/v1/numbers/00117Q12345R0M%2F3700", nil, 200},
		{"GET", "/v1/holders/" + apptest.Holder + "/certificates?limit=3", nil, 200}, {"GET", "/v1/holders/" + apptest.Holder + "/bars", nil, 200},
		{"GET", "/v1/members", nil, 200}, {"GET", "/v1/members?limit=2&role=regulator", nil, 200}, {"GET", "/v1/members?limit=999", nil, 422},
		{"GET", "/v1/members/cqc", nil, 200}, {"GET", "/v1/members/nobody", nil, 404}, {"GET", "/v1/members/cnas", nil, 200},
		{"GET", "/v1/members/cqc/versions", nil, 200}, {"GET", "/v1/members/cqc/keys", nil, 200}, {"GET", "/v1/members/cqc/grants", nil, 200},
		{"GET", "/v1/keys/" + key, nil, 200}, {"GET", "/v1/keys/" + key + "/nonce", nil, 200}, {"GET", "/v1/keys/00", nil, 422},
		{"GET", "/v1/proposals", nil, 200}, {"GET", "/v1/proposals?open=true", nil, 200}, {"GET", "/v1/proposals/1", nil, 200}, {"GET", "/v1/proposals/77", nil, 404},
		{"GET", "/v1/validators", nil, 200}, {"GET", "/v1/parameters", nil, 200},
		{"GET", "/v1/blocks/latest", nil, 200}, {"GET", "/v1/blocks/1", nil, 410}, {"GET", "/v1/blocks/99", nil, 404},
		{"GET", "/v1/proofs/" + proof, nil, 200}, {"GET", "/v1/proofs/ff", nil, 200}, {"GET", "/v1/proofs/f", nil, 422},
		{"GET", "/v1/transactions/" + id(t, raw) + "?wait=5&events=true&body=true", nil, 200},
		{"GET", "/v1/transactions/" + strings.Repeat("0", 64), nil, 200}, {"GET", "/v1/transactions/x", nil, 422},
		{"POST", "/v1/transactions", raw, 200}, {"POST", "/v1/transactions", late, 202}, {"POST", "/v1/transactions", []byte("x"), 422},
		{"POST", "/v1/transactions", make([]byte, 1<<20+1), 413}, {"POST", "/v1/transactions/check", late, 200}, {"POST", "/v1/transactions/check", []byte("x"), 200},
		{"GET", bundle(apptest.CQC, number), nil, 200}, {"GET", bundle(apptest.CQC, number) + "?claim=on-date&date=" + today.String() + "&from=5", nil, 200},
		{"GET", bundle(apptest.CQC, number) + "?claim=colour", nil, 422}, {"GET", bundle("x", "y"), nil, 422},
		{"GET", product(bankLot), nil, 200}, {"GET", product(bankLot, "/entries?from=2"), nil, 200}, {"GET", product(bankLot, "/uses"), nil, 200}, {"GET", product(bankLot, "/way"), nil, 200},
		{"GET", product("x"), nil, 422}, {"GET", product(bankLot + "x"), nil, 404}, {"GET", product("x", "/way"), nil, 422}, {"GET", "/v1/trace?owner=maker", nil, 200}, {"GET", "/v1/trace", nil, 422},
		{"GET", "/v1/events/" + strings.Repeat("0", 64), nil, 200}, {"GET", "/v1/events/x", nil, 422}, {"GET", "/v1/bundles/trace/" + url.PathEscape(bankLot), nil, 200}, {"GET", "/v1/bundles/trace/x", nil, 422},
		{"GET", fixed, nil, 200}, {"GET", fixed + "/decisions?limit=1", nil, 200}, {"GET", "/v1/evidence/x", nil, 422}, {"GET", fixed[:len(fixed)-1] + "x", nil, 422},
		{"GET", "/v1/evidence?member=cqc", nil, 200}, {"GET", "/v1/evidence", nil, 422}, {"GET", "/v1/bundles/evidence/" + anchored.String(), nil, 200},
		{"GET", "/v1/evidence/" + strings.Repeat("0", 64), nil, 404}, {"GET", "/v1/bundles/evidence/x", nil, 422},
		{"GET", "/v1/bundles/numbers/FORGED", nil, 200}, {"GET", "/v1/bundles/numbers/lower", nil, 422},
		{"GET", "/v1/card", nil, 404}, {"GET", "/v1/cards/draft", nil, 200}, {"GET", "/v1/cards/draft?not_after=2020-01-01", nil, 422},
		{"GET", "/v1/seals/latest", nil, 200}, {"GET", "/v1/seals/5", nil, 200}, {"GET", "/v1/seals/999", nil, 404}, {"GET", "/v1/seals/1", nil, 410}, {"GET", "/v1/seals/x", nil, 422},
		{"GET", "/v1/seals/sets/5", nil, 200}, {"GET", "/v1/seals/sets/999", nil, 404}, {"GET", "/v1/seals/conflicts", nil, 200},
		{"GET", "/v1/conflicts", nil, 200}, {"GET", "/v1/conflicts?cursor=x", nil, 422},
		{"GET", "/v1/handovers?from=5", nil, 200}, {"GET", "/v1/handovers?from=0", nil, 422},
		{"GET", "/v1/feed?since=1", nil, 410}, {"GET", "/v1/feed?after=x", nil, 422}, {"GET", "/v1/feed?since=99999", nil, 422},
	} {
		r, err := http.NewRequest(c.method, s.url+c.path, bytes.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		if c.body != nil {
			r.Header.Set("Content-Type", "application/octet-stream")
		}
		got := s.send(r)
		if got.StatusCode != c.status {
			t.Errorf("%s %s: %s, want %d: %s", c.method, c.path, got.Status, c.status, got.body)
		}
		seen[hold(t, v, r, got)] = true
	}
	f := s.feed("?since=3", "")
	f.close()
	seen["GET "+"/v1/feed"] = true
	model, err := doc.BuildV3Model()
	if err != nil {
		t.Fatal(err)
	}
	for path, item := range model.Model.Paths.PathItems.FromOldest() {
		for method := range item.GetOperations().FromOldest() {
			if route := strings.ToUpper(method) + " " + path; !seen[route] {
				t.Errorf("%s is not tried", route)
			}
		}
	}
}

// hold holds an answer to the document and returns the route that it is of.
func hold(t *testing.T, v validator.Validator, r *http.Request, got *reply) string {
	t.Helper()
	res := &http.Response{StatusCode: got.StatusCode, Header: got.Header, Body: io.NopCloser(bytes.NewReader(got.body)), Request: r}
	if ok, errs := v.ValidateHttpResponse(r, res); !ok {
		for _, e := range errs {
			t.Errorf("%s %s: %s: %s\n%s", r.Method, r.URL, e.Message, e.Reason, got.body)
			for _, d := range e.SchemaValidationErrors {
				t.Errorf("    %s: %s", d.FieldPath, d.Reason)
			}
		}
	}
	return r.Method + " " + routeOf(r)
}

var routes = []string{
	`/v1/bundles/trace/{uri}`, `/v1/trace/{uri}/entries`, `/v1/trace/{uri}/uses`, `/v1/trace/{uri}/way`, `/v1/trace/{uri}`, `/v1/events/{hash}`,
	`/v1/evidence/{id}/decisions`, `/v1/evidence/{id}`, `/v1/bundles/evidence/{id}`,
	`/v1/bundles/certificates/{issuer}/{number}`, `/v1/bundles/numbers/{number}`,
	`/v1/certificates/{issuer}/{number}/on/{date}`, `/v1/certificates/{issuer}/{number}/history`, `/v1/certificates/{issuer}/{number}/versions/{n}`,
	`/v1/certificates/{issuer}/{number}/dependants`, `/v1/certificates/{issuer}/{number}`, `/v1/numbers/{number}`,
	`/v1/holders/{holder}/certificates`, `/v1/holders/{holder}/bars`, `/v1/members/{id}/versions`, `/v1/members/{id}/keys`, `/v1/members/{id}/grants`,
	`/v1/members/{id}`, `/v1/keys/{key}/nonce`, `/v1/keys/{key}`, `/v1/proposals/{number}`, `/v1/blocks/{height}`, `/v1/proofs/{key}`,
	`/v1/seals/sets/{height}`, `/v1/seals/conflicts`, `/v1/seals/{height}`,
	`/v1/transactions/check`, `/v1/transactions/{id}`,
}

// routeOf returns the path of the document that a request is for.
func routeOf(r *http.Request) string {
	path := r.URL.EscapedPath()
	for _, route := range routes {
		if regexp.MustCompile("^" + regexp.MustCompile(`\{\w+\}`).ReplaceAllString(route, "[^/]+") + "$").MatchString(path) {
			return route
		}
	}
	return path
}

// TestContractFires shows that an answer that is not as documented is found.
func TestContractFires(t *testing.T) {
	s := seven(t)
	_, v := contract(t, s)
	for _, c := range []struct {
		path, kind, body string
		status           int
	}{
		{"/v1/members/cqc", "application/json", `{"id": 5}`, 200},
		{"/v1/members/cqc", "application/json", `{}`, 200},
		{"/v1/members/cqc", "application/problem+json", `{}`, 404},
		{"/v1/members/cqc", "application/json", `{}`, 418},
	} {
		r := httptest.NewRequest(http.MethodGet, c.path, nil)
		res := &http.Response{StatusCode: c.status, Header: http.Header{"Content-Type": {c.kind}}, Body: io.NopCloser(strings.NewReader(c.body)), Request: r}
		if ok, _ := v.ValidateHttpResponse(r, res); ok {
			t.Errorf("%s %d %s passes", c.path, c.status, c.body)
		}
	}
}

// TestDocumented: every operation is described in both languages, has a tag that
// is described, and says which errors it answers with.
func TestDocumented(t *testing.T) {
	s := seven(t)
	doc, _ := contract(t, s)
	model, err := doc.BuildV3Model()
	if err != nil {
		t.Fatal(err)
	}
	if v := model.Model.Version; v != "3.1.0" {
		t.Errorf("OpenAPI %s", v)
	}
	tags := map[string]bool{}
	for _, tag := range model.Model.Tags {
		bilingual(t, "tag "+tag.Name, tag.Description)
		tags[tag.Name] = true
	}
	n := 0
	for path, item := range model.Model.Paths.PathItems.FromOldest() {
		for method, op := range item.GetOperations().FromOldest() {
			n++
			name := method + " " + path
			bilingual(t, name+" summary", op.Summary)
			bilingual(t, name+" description", op.Description)
			if lines := strings.Split(op.Description, "\n\n"); len(lines) != 2 {
				t.Errorf("%s: the description has %d paragraphs", name, len(lines))
			}
			if len(op.Tags) != 1 || !tags[op.Tags[0]] || op.OperationId == "" {
				t.Errorf("%s: tags %v, id %q", name, op.Tags, op.OperationId)
			}
			for _, p := range op.Parameters {
				bilingual(t, name+" parameter "+p.Name, p.Description)
			}
			for _, status := range []string{"429", "500", "503"} {
				if res, ok := op.Responses.Codes.Get(status); !ok || res.Content.First().Key() != "application/problem+json" {
					t.Errorf("%s: no problem %s", name, status)
				} else {
					bilingual(t, name+" "+status, res.Description)
				}
			}
		}
	}
	if n != 47 {
		t.Errorf("%d operations; is one missing, or this number old?", n)
	}
	if r := s.do(http.MethodGet, "/v1/openapi.yaml", nil); r.StatusCode != 200 || !bytes.Contains(r.body, []byte("openapi: 3.1.0")) {
		t.Error(r.Status)
	}
}

// bilingual complains of a text that is not in both languages.
func bilingual(t *testing.T, what, s string) {
	t.Helper()
	han, latin := false, false
	for _, r := range s {
		han = han || unicode.Is(unicode.Han, r)
		latin = latin || unicode.Is(unicode.Latin, r)
	}
	if !han || !latin {
		t.Errorf("%s: %q", what, s)
	}
}
