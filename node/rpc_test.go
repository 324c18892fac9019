package node_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestMalformedRPC sends CometBFT's own interface, as the node opens it, 10,000
// requests that make no sense: the node lives, goes on making blocks, answers
// others, and keeps nothing of them. What of them CometBFT cannot decode it
// answers with 500 by its own convention; its panics it would log.
func TestMalformedRPC(t *testing.T) {
	if testing.Short() {
		t.Skip("sends 10,000 requests")
	}
	t.Parallel()
	home := newHome(t)
	n := start(t, home)
	defer n.stop(home)
	n.await(2)
	base := "http://" + load(t, home).RPC.Listen
	c := &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 4}}
	defer c.CloseIdleConnections()
	r := rand.New(rand.NewPCG(3, 4))
	statuses, quotes := map[int]int{}, 0
	var used uint64
	for i := range 10_000 {
		req, err := http.NewRequest([]string{"GET", "POST", "PUT", "DELETE", "OPTIONS"}[r.IntN(5)], base+path(r), body(r)) //nolint:noctx // the client has a time limit
		if err != nil {
			statuses[0]++ // not even a request
			continue
		}
		if r.IntN(2) == 0 {
			req.Header.Set("Content-Type", "application/json")
		}
		res, err := c.Do(req)
		if err != nil {
			statuses[-1]++ // CometBFT closed the connection
			continue
		}
		answer, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
		_ = res.Body.Close()
		if err != nil {
			statuses[-1]++
			continue
		}
		statuses[res.StatusCode]++
		if bytes.Contains(answer, []byte(loneQuote)) {
			quotes++
			continue
		}
		if bytes.Contains(answer, []byte("runtime error")) || bytes.Contains(answer, []byte("goroutine ")) {
			t.Errorf("%s %s: %.500s", req.Method, req.URL, answer)
		}
		if i == 3000 {
			used = heap()
		}
	}
	t.Log(statuses, quotes)
	if now := heap(); now > used+32<<20 {
		t.Errorf("%d bytes in use, %d after the first requests", now, used)
	}
	s, err := n.Status(ctx)
	if err != nil {
		t.Fatal(err)
	}
	n.await(s.Height + 1)
	if statuses[200] < 100 || statuses[404] < 100 {
		t.Errorf("the requests are too much alike: %v", statuses)
	}
}

// loneQuote is what CometBFT v0.40.0 answers where a parameter of an address is a
// single quotation mark: it cuts off two. It recovers from that.
const loneQuote = "runtime error: slice bounds out of range [1:0]"

func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

var methods = []string{"status", "health", "block", "block_by_hash", "block_results", "blockchain", "commit", "validators", "genesis", "net_info",
	"abci_info", "abci_query", "broadcast_tx_sync", "check_tx", "tx", "tx_search", "block_search", "consensus_state", "unconfirmed_txs", "header", "nothing"}

var values = []string{"0", "1", "-1", "\"1\"", "9223372036854775808", "1e309", "0x", "0xzz", "0x00", "null", "true", "[]", "{}", "\"", "%00", "%ff%fe",
	"\"tx.height=1 AND\"", "\"app.key='%27\"", strings.Repeat("9", 300), strings.Repeat("a", 5000)}

var names = []string{"height", "hash", "page", "per_page", "query", "prove", "order_by", "minHeight", "maxHeight", "tx", "path", "data", "limit"}

// path is a path with parameters that may or may not exist.
func path(r *rand.Rand) string {
	p := "/" + methods[r.IntN(len(methods))]
	switch r.IntN(8) {
	case 0:
		return "/"
	case 1:
		p += "/../" + values[r.IntN(len(values))]
	}
	sep := "?"
	for range r.IntN(4) {
		p += sep + names[r.IntN(len(names))] + "=" + values[r.IntN(len(values))]
		sep = "&"
	}
	return p
}

// body is JSON-RPC, nearly.
func body(r *rand.Rand) io.Reader {
	value := func() string { return strings.ReplaceAll(values[r.IntN(len(values))], "%", "") }
	switch r.IntN(6) {
	case 0:
		return nil
	case 1:
		junk := make([]byte, r.IntN(400))
		for i := range junk {
			junk[i] = byte(r.Uint32())
		}
		return bytes.NewReader(junk)
	case 2:
		return strings.NewReader(strings.Repeat("[", 2000))
	}
	call := fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"method":"%s","params":{"%s":%s}}`, value(), methods[r.IntN(len(methods))], names[r.IntN(len(names))], value())
	if r.IntN(3) == 0 {
		call = "[" + call + "," + call + "]"
	}
	if r.IntN(4) == 0 {
		call = call[:r.IntN(len(call))]
	}
	return strings.NewReader(call)
}
