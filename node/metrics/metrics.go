package metrics

import (
	"net/http"
	"sync"

	"github.com/cometbft/cometbft/blocksync"
	cmtconfig "github.com/cometbft/cometbft/config"
	"github.com/cometbft/cometbft/consensus"
	"github.com/cometbft/cometbft/mempool"
	cmtnode "github.com/cometbft/cometbft/node"
	"github.com/cometbft/cometbft/p2p"
	"github.com/cometbft/cometbft/proxy"
	"github.com/cometbft/cometbft/state"
	"github.com/cometbft/cometbft/statesync"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/hallmark-ledger/hallmark/app"
)

// Namespace is the first word of the names of our metrics.
const Namespace = "hallmark"

// CometBFTNamespace is that of CometBFT's, for CometBFT.
const CometBFTNamespace = "cometbft"

// Metrics are the metrics of one node.
type Metrics struct {
	registry *prometheus.Registry
	blocks   blocks
	http     requests
	counts   counts
}

var _ app.Observer = (*Metrics)(nil)

// New returns the metrics of a node, with those of the process and of Go's
// runtime.
func New() *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry()}
	m.registry.MustRegister(
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	m.blocks.register(m.registry)
	m.http.register(m.registry)
	m.registry.MustRegister(&m.counts)
	return m
}

// Registry returns where the metrics are, for further ones and for tests.
func (m *Metrics) Registry() *prometheus.Registry { return m.registry }

// Handler serves the metrics.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Registry: m.registry, MaxRequestsInFlight: 4})
}

// registering guards prometheus.DefaultRegisterer, which CometBFT registers its
// metrics with and which Go has one of.
var registering sync.Mutex

// CometBFT returns what makes CometBFT register its metrics here: pass it to
// node.NewNode, which calls it once. CometBFT's own server of metrics
// (instrumentation.prometheus) stays off.
func (m *Metrics) CometBFT() cmtnode.MetricsProvider {
	provider := cmtnode.DefaultMetricsProvider(&cmtconfig.InstrumentationConfig{Prometheus: true, Namespace: CometBFTNamespace})
	return func(chain string) (*consensus.Metrics, *p2p.Metrics, *mempool.Metrics, *state.Metrics, *proxy.Metrics, *blocksync.Metrics, *statesync.Metrics) {
		registering.Lock()
		defer registering.Unlock()
		former := prometheus.DefaultRegisterer
		defer func() { prometheus.DefaultRegisterer = former }()
		prometheus.DefaultRegisterer = m.registry
		return provider(chain)
	}
}

// Committed implements app.Observer.
func (m *Metrics) Committed(o *app.Observation) {
	m.blocks.committed(o)
	m.counts.committed(o)
}
