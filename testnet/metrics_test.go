package testnet_test

import (
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/hallmark-ledger/hallmark/testnet/runner"
)

var ownMetric = regexp.MustCompile(`\b(?:hallmark|process|go)_[a-z_]+`)

// checkMetrics looks for what dashboard and alerts name on the nodes of a network
// that has been used. CometBFT's metrics are left to the test of node/metrics:
// many of them are absent until something happens.
func checkMetrics(t *testing.T, n *runner.Network) {
	t.Helper()
	var all strings.Builder
	for _, node := range n.Nodes {
		res, err := http.Get("http://" + node.Metrics + "/metrics") //nolint:noctx // the test has its own time limit
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s, %v", node.Name, res.Status, err)
		}
		_ = res.Body.Close()
		all.Write(body)
	}
	for _, file := range []string{"../deploy/grafana/hallmark.json", "../deploy/prometheus/alerts.yml"} {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		names := ownMetric.FindAllString(string(raw), -1)
		if len(names) < 10 {
			t.Fatalf("%s names %d metrics", file, len(names))
		}
		for _, name := range names {
			if !strings.Contains(all.String(), "\n"+name+"{") && !strings.Contains(all.String(), "\n"+name+" ") {
				t.Errorf("%s: no node has %s", file, name)
			}
		}
	}
	if !strings.Contains(all.String(), "\nhallmark_certificates{status=\"suspended\"} 1\n") {
		t.Error("no node has counted the certificate that the session suspended")
	}
}
