package metrics_test

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/node/metrics"
)

func TestHTTP(t *testing.T) {
	m := metrics.New()
	mux := http.NewServeMux()
	release := make(chan struct{})
	mux.HandleFunc("GET /v1/things/{name}", func(w http.ResponseWriter, r *http.Request) {
		switch r.PathValue("name") {
		case "none":
			w.WriteHeader(http.StatusNotFound)
		case "panic":
			panic(http.ErrAbortHandler)
		}
		fmt.Fprintln(w, "here")
	})
	mux.HandleFunc("GET /v1/feed", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprintln(w, ": hello")
		if err := http.NewResponseController(w).Flush(); err != nil {
			t.Error(err)
		}
		<-release
	})
	limited := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Limited") != "" {
			http.Error(w, "slow down", http.StatusTooManyRequests)
			return
		}
		mux.ServeHTTP(w, r)
	})
	server := httptest.NewServer(m.HTTP(mux, limited))
	defer server.Close()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}} // it repeats nothing
	get := func(method, path, header string) {
		t.Helper()
		r, err := http.NewRequest(method, server.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if header != "" {
			r.Header.Set(header, "yes")
		}
		res, err := client.Do(r)
		if err == nil {
			_, _ = io.Copy(io.Discard, res.Body)
			_ = res.Body.Close()
		}
	}
	get("GET", "/v1/things/a", "")
	get("GET", "/v1/things/b%2Fc", "")
	get("GET", "/v1/things/none", "")
	get("GET", "/v1/things/panic", "")
	get("GET", "/v1/things/a", "Limited")
	get("GET", "/elsewhere", "")
	get("BREW", "/v1/things/a", "")

	stream, err := server.Client().Get(server.URL + "/v1/feed")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stream.Body.Close() }()
	if line, err := bufio.NewReader(stream.Body).ReadString('\n'); err != nil || line != ": hello\n" {
		t.Fatalf("stream: %q, %v", line, err)
	}
	want(t, m, 1, "hallmark_api_streams")
	close(release)
	for range 500 {
		if number(t, m, "hallmark_api_streams") == 0 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	const route = "/v1/things/{name}"
	requests := func(n float64, route, method, code string) {
		t.Helper()
		want(t, m, n, "hallmark_api_requests_total", "route", route, "method", method, "code", code)
	}
	want(t, m, 0, "hallmark_api_streams")
	want(t, m, 0, "hallmark_api_requests_in_flight")
	requests(2, route, "GET", "200")
	requests(1, route, "GET", "404")
	requests(1, route, "GET", "500")
	requests(1, route, "GET", "429")
	requests(1, "none", "GET", "404")
	requests(1, "none", "other", "405")
	requests(1, "/v1/feed", "GET", "200")
	if _, ok := value(t, m, "hallmark_api_request_seconds", "route", "/v1/feed", "method", "GET"); ok {
		t.Error("a stream was timed")
	}
}

func TestServer(t *testing.T) {
	m := metrics.New()
	m.WatchDisk(t.TempDir())
	m.SetBuild("v1", "abc")
	consensus, _, _, _, _, _, _ := m.CometBFT()("chain-a")
	consensus.Height.Set(7)
	other := metrics.New()
	consensus, _, _, _, _, _, _ = other.CometBFT()("chain-b") // a second node of the process
	consensus.Height.Set(8)
	s, err := m.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.Listen(s.Addr()); err == nil {
		t.Error("an address can be used twice")
	}
	res, err := http.Get("http://" + s.Addr() + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	for _, line := range []string{`cometbft_consensus_height{chain_id="chain-a"} 7`, `hallmark_build_info{revision="abc",version="v1"} 1`, "go_goroutines "} {
		if !strings.Contains(string(body), "\n"+line) {
			t.Errorf("%s is missing", line)
		}
	}
	if strings.Contains(string(body), "chain-b") {
		t.Error("the metrics of another node are here")
	}
	if number(t, m, "hallmark_disk_size_bytes") < number(t, m, "hallmark_disk_free_bytes") || number(t, m, "hallmark_disk_free_bytes") <= 0 {
		t.Error("the disk has no space")
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
