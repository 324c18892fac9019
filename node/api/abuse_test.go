package api_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	wire "github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/app"
	"github.com/hallmark-ledger/hallmark/app/apptest"
	"github.com/hallmark-ledger/hallmark/node/api"
)

// pieces are what requests are made of: good ones, so that some come far, and
// bad ones.
var pieces = []string{
	"", "0", "1", "5", "-1", "99999999999999999999999", "18446744073709551615", "9223372036854775807", "1e9", "0x10", "NaN", "null", "true",
	"cqc", "nobody", "CNCA-R-2002-001", "00117Q12345R0M%2F3700", "%2F", "%2f%2F", "%00", "%ff%fe", "%C3%28", "..", "%2e%2e", ".", "~", "latest",
	"91371323760038087M", "2026-06-01", "9999-99-99", "证书", "%E8%AF%81", "\u202e", "a b", "'--", "<script>", "${jndi}", strings.Repeat("A", 300),
	strings.Repeat("9", 5000), strings.Repeat("ab", 32), "03bbc1d1eef64b4dab74e1fd5b0e0db0c0a0feacb85a3b424f53db64ad906b910f", "1.1", "4294967296",
	"bQ", "Y2NxYwAx", "bWNxYw", "AAAA", "====",
}

var parts = []string{
	"v1", "certificates", "numbers", "holders", "members", "keys", "proposals", "validators", "parameters", "blocks", "proofs", "transactions",
	"check", "status", "history", "on", "versions", "dependants", "bars", "grants", "nonce", "healthz", "openapi.json", "openapi.yaml", "feed",
}

var parameters = []string{"height", "limit", "cursor", "from", "role", "open", "events", "body", "since", "after", "types", "issuer", "holder", "x", "%zz", "wait"}

var bodies = []string{
	`{"tx":`, `{"tx":""}`, `{"tx":"AAAA"}`, `{"tx":5}`, `[]`, `null`, strings.Repeat("[", 10000), `{"tx":"` + strings.Repeat("A", 2<<20) + `"}`,
}

// templates are the routes, with % for a piece.
var templates = []string{
	"/v1/certificates/%/%", "/v1/certificates/%/%/on/%", "/v1/certificates/%/%/history", "/v1/certificates/%/%/versions/%", "/v1/certificates/%/%/dependants",
	"/v1/numbers/%", "/v1/holders/%/certificates", "/v1/holders/%/bars", "/v1/members", "/v1/members/%", "/v1/members/%/versions", "/v1/members/%/keys",
	"/v1/members/%/grants", "/v1/keys/%", "/v1/keys/%/nonce", "/v1/proposals", "/v1/proposals/%", "/v1/validators", "/v1/parameters", "/v1/blocks/%",
	"/v1/proofs/%", "/v1/transactions/%", "/v1/transactions", "/v1/transactions/check", "/v1/status", "/healthz", "/v1/feed",
}

// request makes a request that may be nonsense. Its address is set as a server
// would find it: what net/http refuses to parse does not come so far.
func request(r *rand.Rand, good [][]byte) *http.Request {
	pick := func(list []string) string { return list[r.IntN(len(list))] }
	var path strings.Builder
	if r.IntN(10) < 7 {
		for _, c := range pick(templates) {
			if c == '%' {
				path.WriteString(pick(pieces))
			} else {
				path.WriteRune(c)
			}
		}
	} else {
		for range r.IntN(8) {
			path.WriteString("/" + []string{pick(parts), pick(pieces)}[r.IntN(2)])
		}
	}
	if path.Len() == 0 {
		path.WriteByte('/')
	}
	for i := range max(0, r.IntN(6)-2) {
		path.WriteString([]string{"?", "&", "&", "&"}[i] + pick(parameters) + "=" + pick(pieces))
	}
	methods := []string{"GET", "GET", "GET", "GET", "GET", "GET", "GET", "GET", "GET", "GET", "POST", "POST", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "FOO"}
	var body []byte
	switch r.IntN(5) {
	case 0:
		body = make([]byte, r.IntN(2000))
		for i := range body {
			body[i] = byte(r.Uint32())
		}
	case 1:
		body = bytes.Clone(good[r.IntN(len(good))])
		for range r.IntN(4) {
			body[r.IntN(len(body))] ^= 1 << r.IntN(8)
		}
	case 2:
		body = []byte(pick(bodies))
	}
	raw := methods[r.IntN(len(methods))] + " " + strings.NewReplacer(" ", "%20", "\u202e", "%E2%80%AE").Replace(path.String()) + " HTTP/1.1\r\nHost: x\r\n\r\n"
	req, err := http.ReadRequest(newReader(raw))
	if err != nil {
		return nil
	}
	req.Body, req.ContentLength, req.RemoteAddr = io.NopCloser(bytes.NewReader(body)), int64(len(body)), fmt.Sprintf("10.%d.%d.%d:1", r.IntN(256), r.IntN(256), r.IntN(256))
	for range r.IntN(3) {
		name := []string{"Content-Type", "Accept", "Accept-Encoding", "Last-Event-ID", "Origin", "Content-Length", "Range", "If-Match", "X-Forwarded-For"}[r.IntN(9)]
		value := []string{"application/octet-stream", "application/json", "text/html;q=", "*/*", ";;;", "+;", "a+b;c", "multipart/form-data; boundary=x", "\xff\xfe", "1.1", strings.Repeat("x", 3000)}[r.IntN(11)]
		req.Header.Set(name, value)
	}
	if req.Method == http.MethodPost && r.IntN(2) == 0 {
		req.Header.Set("Content-Type", "application/octet-stream")
	}
	return req
}

// TestMalformed sends ten thousand requests that are mostly nonsense: none is
// answered with the node's failure, each error is a problem, and nothing piles
// up.
func TestMalformed(t *testing.T) {
	s := seven(t)
	s.index.Heights()
	handler := s.server.Handler()
	good := [][]byte{issue(4, "00126Q20001R0M"), suspend(5, "00126Q00001R0M")}
	r := rand.New(rand.NewPCG(1, 2))
	statuses := map[int]int{}
	used := uint64(0)
	for i := range 10_000 {
		req := request(r, good)
		if req == nil {
			statuses[0]++
			continue
		}
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		if strings.Contains(req.URL.Path, "feed") || strings.Contains(req.URL.RawQuery, "wait") {
			cancel() // else it would stay
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, req.WithContext(ctx))
		cancel()
		statuses[w.Code]++
		cut := ctx.Err() != nil && w.Code == 503 // it was us who ended it
		if w.Code >= 500 && !cut {
			t.Errorf("%s %s: %d %s", req.Method, req.URL, w.Code, w.Body)
		}
		if w.Code >= 400 && w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s %s: %d of type %s", req.Method, req.URL, w.Code, w.Header().Get("Content-Type"))
		}
		if i == 2000 {
			used = inUse()
		}
	}
	t.Log(statuses)
	if now := inUse(); now > used+8<<20 {
		t.Errorf("%d bytes in use, %d after the first requests", now, used)
	}
	if log := s.log.String(); strings.Contains(log, "panic") || strings.Contains(log, "failed") {
		t.Errorf("%.2000s", log)
	}
	if statuses[200] < 500 || statuses[404] < 500 || statuses[422] < 500 {
		t.Errorf("the requests are too wild to come anywhere: %v", statuses)
	}
	s.get("/v1/status", 200, nil)
}

// inUse is how much memory is in use, after what is not has been given back.
func inUse() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC() // pools are emptied by the second
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// TestConnections sends what is no HTTP, or never ends, over the network.
func TestConnections(t *testing.T) {
	n := newNode(t)
	n.commit()
	opts := unlimited
	opts.ReadTimeout = 200 * time.Millisecond
	s := serve(t, n, opts)
	for _, raw := range []string{
		"\x00\x01\x02", "GET\r\n\r\n", "GET /v1/status HTTP/9.9\r\n\r\n", "GET /v1/status HTTP/1.1\r\n\r\n", "GET " + strings.Repeat("a", 1<<20), "GET /v1/status HTTP/1.1\r\nHost: x\r\nX: " + strings.Repeat("y", 64<<10) + "\r\n\r\n",
		"POST /v1/transactions HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\nContent-Length: 100\r\n\r\nabc",
		"POST /v1/transactions HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
		"GET /v1/status HTTP/1.1\r\nHost: x\r\nTransf",
	} {
		c, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(c, raw) // the server may have hung up
		if err := c.SetReadDeadline(time.Now().Add(15 * time.Second)); err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(c)
		var timeout net.Error
		if errors.As(err, &timeout) && timeout.Timeout() {
			t.Errorf("%.60q: the connection stays open", raw)
		}
		if bytes.HasPrefix(b, []byte("HTTP/1.1 5")) && !bytes.HasPrefix(b, []byte("HTTP/1.1 505")) {
			t.Errorf("%.60q: %.200s", raw, b)
		}
		_ = c.Close()
	}
	s.get("/v1/status", 200, nil)
}

// TestParallel reads while blocks are committed: each answer is of one height.
func TestParallel(t *testing.T) {
	s := seven(t)
	stop := make(chan struct{})
	var readers sync.WaitGroup
	for i := range 4 {
		readers.Go(func() {
			for j := 0; ; j++ {
				select {
				case <-stop:
					return
				default:
				}
				path := []string{"/v1/members", certificate(apptest.CQC, number), "/v1/holders/" + apptest.Holder + "/certificates?limit=20", "/v1/blocks/latest", "/v1/validators", "/v1/proposals"}[(i+j)%6]
				if r := s.do(http.MethodGet, path, nil); r.StatusCode != 200 {
					t.Errorf("%s: %s %s", path, r.Status, r.body)
				}
			}
		})
	}
	readers.Go(func() {
		var c wire.Certificate
		for j := range 30 {
			s.get(certificate(apptest.CQC, number), 200, &c)
			if want := "suspended"; c.Effective.Status != want {
				t.Errorf("%d: %s", j, c.Effective.Status)
			}
		}
	})
	for i := range 20 {
		s.submit(issue(uint64(4+i), fmt.Sprintf("00126Q3%04dR0M", i)), "", 202)
		s.commit()
	}
	close(stop)
	readers.Wait()
}

func TestRate(t *testing.T) {
	n := newNode(t)
	n.commit()
	s := serve(t, n, api.Options{ReadRate: 1, WriteRate: 0.5})
	for range 2 {
		s.get("/v1/status", 200, nil)
	}
	r := s.do(http.MethodGet, "/v1/status", nil)
	s.isProblem(r, 429)
	if r.Header.Get("Retry-After") != "1" || r.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("%v", r.Header)
	}
	s.want(s.do(http.MethodPost, "/v1/transactions", issue(1, number)), 202, nil) // writes have their own
	r = s.do(http.MethodPost, "/v1/transactions", issue(1, number))
	s.isProblem(r, 429)
	if r.Header.Get("Retry-After") != "2" {
		t.Errorf("%v", r.Header)
	}
	time.Sleep(1100 * time.Millisecond)
	s.get("/v1/status", 200, nil)
}

func TestOrigins(t *testing.T) {
	n := newNode(t)
	n.commit()
	ask := func(s *service, method, origin string) http.Header {
		r, err := http.NewRequest(http.MethodOptions, s.url+"/v1/status", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Origin", origin)
		r.Header.Set("Access-Control-Request-Method", method)
		return s.send(r).Header
	}
	const allow = "Access-Control-Allow-Origin"
	const page, other = "https://market.example", "https://a.example"
	for _, c := range []struct {
		origins              []string
		asks, reads, submits string // what of the preflight is answered
	}{
		{nil, other, "", ""},
		{[]string{}, page, "", ""},
		{[]string{"*"}, other, "*", ""}, // as the configuration has it
		{[]string{page}, page, page, page},
		{[]string{page}, other, "", ""},
		{[]string{"*", page}, page, page, page},
		{[]string{page, "*"}, other, "*", ""},
	} {
		opts := unlimited
		opts.Origins = c.origins
		s := serve(t, n, opts)
		for method, want := range map[string]string{"GET": c.reads, "POST": c.submits} {
			if h := ask(s, method, c.asks); h.Get(allow) != want {
				t.Errorf("%v: %s from %s: %v, want %q", c.origins, method, c.asks, h, want)
			}
		}
	}
	for _, bad := range []string{"market.example", "https://market.example/", "https://"} {
		if _, err := api.New(n, api.Options{Index: serve(t, n, unlimited).index, Origins: []string{bad}}, nil); err == nil {
			t.Errorf("%q is taken for an origin", bad)
		}
	}
}

// broken panics where it is asked for the state, and fails where for its status.
type broken struct{ *node }

func (broken) View(uint64) (*app.Reader, error) { panic("the view is broken") }

func (broken) Status(context.Context) (*wire.Status, error) {
	return nil, errors.New("secret: the disk is gone")
}

func TestPanic(t *testing.T) {
	n := newNode(t)
	n.commit()
	s := serve(t, n, unlimited)
	opts := unlimited
	opts.Index = s.index
	routes := map[string]int{}
	opts.Observer = observer{request: func(route string, status int) { routes[route] = status }}
	server, err := api.New(broken{n}, opts, s.logger())
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/v1/members", "/v1/status", "/v1/parameters", "/nothing"} {
		w := httptest.NewRecorder()
		server.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if path != "/nothing" && (w.Code != 500 || strings.Contains(w.Body.String(), "secret") || strings.Contains(w.Body.String(), "broken")) {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
	if log := s.log.String(); !strings.Contains(log, "the view is broken") || !strings.Contains(log, "read.go") || !strings.Contains(log, "the disk is gone") {
		t.Errorf("%s", log)
	}
	if routes["GET /v1/members"] != 500 || routes["GET /v1/status"] != 500 || routes[""] != 404 {
		t.Errorf("%v", routes)
	}
}
