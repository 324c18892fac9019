package metrics_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/node/metrics"
)

func TestRequests(t *testing.T) {
	m := metrics.New()
	observer := m
	observer.Request("GET /v1/members/{id}", 200, time.Second)
	observer.Request("GET /v1/members/{id}", 404, time.Second)
	observer.Request("GET /v1/feed", 200, time.Hour)
	observer.Request("", 429, time.Millisecond)
	observer.Streams(3)
	want(t, m, 1, "hallmark_api_requests_total", "route", "/v1/members/{id}", "method", "GET", "code", "200")
	want(t, m, 1, "hallmark_api_requests_total", "route", "/v1/members/{id}", "method", "GET", "code", "404")
	want(t, m, 1, "hallmark_api_requests_total", "route", "/v1/feed", "method", "GET", "code", "200")
	want(t, m, 1, "hallmark_api_requests_total", "route", "none", "method", "none", "code", "429")
	want(t, m, 3, "hallmark_api_streams")
	if h, ok := value(t, m, "hallmark_api_request_seconds", "route", "/v1/members/{id}", "method", "GET"); !ok || h.Histogram.GetSampleSum() != 2 {
		t.Errorf("time: %v", h)
	}
	if _, ok := value(t, m, "hallmark_api_request_seconds", "route", "/v1/feed", "method", "GET"); ok {
		t.Error("the feed was timed")
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
