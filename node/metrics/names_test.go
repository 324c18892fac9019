package metrics_test

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	kit "github.com/go-kit/kit/metrics"
	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"

	"github.com/hallmark-ledger/hallmark/app/apptest"
	sealer "github.com/hallmark-ledger/hallmark/node/seal"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
)

// metric is what a node has under a name.
type metric struct {
	histogram bool
	labels    []string
}

// known returns every metric of a node by name: those that its registry
// describes, ours also as they are when a ledger has run.
func known(t *testing.T) map[string]metric {
	l := newLedger(t)
	l.WatchIndex(func() uint64 { return 0 })
	l.WatchDisk(t.TempDir())
	l.SetMempoolLimits(1, 1)
	l.SetBuild("v1", "abc")
	l.WatchSeals(func() (sealer.Stats, error) { return sealer.Stats{Missing: map[string]int{"val-00": 1}}, nil })
	l.WatchSealKey(func() (has, validator bool, err error) { return true, true, nil })
	l.Request("GET /v1/status", 200, time.Second)
	l.block(txv1.Mode_MODE_ALL, []*txv1.Message{apptest.Issue("A1", today)})
	l.checkCounts()
	consensus, p2p, mempool, state, proxy, blocksync, statesync := l.CometBFT()("chain")

	all := map[string]metric{"up": {}} // Prometheus itself makes this one
	descs := make(chan *prometheus.Desc)
	go func() {
		l.Registry().Describe(descs)
		close(descs)
	}()
	for d := range descs {
		name, labels := parseDesc(t, d)
		all[name] = metric{labels: labels}
	}
	families, err := l.Registry().Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		m := all[f.GetName()]
		m.histogram = f.GetType() == dto.MetricType_HISTOGRAM
		all[f.GetName()] = m
	}
	for subsystem, s := range map[string]any{
		"consensus": consensus, "p2p": p2p, "mempool": mempool, "state": state, "abci_connection": proxy, "blocksync": blocksync, "statesync": statesync,
	} {
		for _, name := range histograms(s) {
			name = "cometbft_" + subsystem + "_" + name
			m, ok := all[name]
			if !ok {
				t.Errorf("CometBFT has no %s: does it name its metrics in another way now?", name)
			}
			m.histogram = true
			all[name] = m
		}
	}
	return all
}

var descText = regexp.MustCompile(`fqName: "([^"]+)".*variableLabels: \{([^}]*)\}`)

// parseDesc returns the name and the labels of a description. It offers them in
// its text alone.
func parseDesc(t *testing.T, d *prometheus.Desc) (name string, labels []string) {
	t.Helper()
	found := descText.FindStringSubmatch(d.String())
	if found == nil {
		t.Fatalf("a description has another form now: %s", d)
	}
	for l := range strings.SplitSeq(found[2], ",") {
		if l != "" {
			labels = append(labels, l)
		}
	}
	if _, consts, ok := strings.Cut(d.String(), "constLabels: {"); ok {
		consts, _, _ = strings.Cut(consts, "}")
		for l := range strings.SplitSeq(consts, ",") {
			if name, _, ok := strings.Cut(l, "="); ok {
				labels = append(labels, name)
			}
		}
	}
	return found[1], labels
}

var wordStart = regexp.MustCompile(`([a-z0-9])([A-Z])`)

// histograms returns the names of the histograms of one of CometBFT's structs of
// metrics.
func histograms(s any) (names []string) {
	v := reflect.ValueOf(s).Elem()
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if f.Type != reflect.TypeFor[kit.Histogram]() {
			continue
		}
		name := f.Tag.Get("metrics_name")
		if name == "" {
			name = strings.ToLower(wordStart.ReplaceAllString(f.Name, "${1}_$2"))
		}
		names = append(names, name)
	}
	return names
}

// check returns what is wrong with the use of a metric with these labels.
func (m metric) check(suffix string, labels []string) string {
	if m.histogram != (suffix != "") {
		return "a histogram is used by its _bucket, _sum and _count, and nothing else is"
	}
	for _, l := range labels {
		fromScrape := l == "job" || l == "instance"
		if !fromScrape && !(l == "le" && suffix == "_bucket") && !slices.Contains(m.labels, l) {
			return "it has no label " + l
		}
	}
	return ""
}
