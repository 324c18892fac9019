package metrics

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/hallmark-ledger/hallmark/store/engine"
)

// figure is a number that is asked for when it is wanted.
type figure struct {
	desc  *prometheus.Desc
	value func(engine.Stats) float64
}

// storeCollector collects the figures of a store.
type storeCollector struct {
	db      *engine.DB
	figures []figure
}

// WatchStore adds the sizes of the state.
func (m *Metrics) WatchStore(db *engine.DB) {
	c := &storeCollector{db: db}
	for _, f := range []struct {
		name, help string
		value      func(engine.Stats) float64
	}{
		{"version", "Newest durable version of the state.", func(s engine.Stats) float64 { return float64(s.Version) }},
		{"oldest_version", "Oldest version of the state that can be read.", func(s engine.Stats) float64 { return float64(s.Oldest) }},
		{"keys", "Keys of the newest state.", func(s engine.Stats) float64 { return float64(s.Keys) }},
		{"values", "Values on disk, those of older versions included.", func(s engine.Stats) float64 { return float64(s.Values) }},
		{"trie_bytes", "Memory of the tree of hashes.", func(s engine.Stats) float64 { return float64(s.TrieBytes) }},
		{"retained_bytes", "Memory of the differences to older versions.", func(s engine.Stats) float64 { return float64(s.RetainedBytes) }},
		{"resident_keys", "Keys whose entries are in memory.", func(s engine.Stats) float64 { return float64(s.ResidentKeys) }},
		{"disk_bytes", "Size of the database of the state, without its checkpoints.", func(s engine.Stats) float64 { return float64(s.DiskBytes) }},
		{"pinned_versions", "Versions that are kept for a reader.", func(s engine.Stats) float64 { return float64(len(s.Pinned)) }},
		{"replay_versions", "Versions that a start would replay.", func(s engine.Stats) float64 { return float64(s.Replay) }},
	} {
		c.figures = append(c.figures, figure{prometheus.NewDesc(prometheus.BuildFQName(Namespace, "state", f.name), f.help, nil, nil), f.value})
	}
	m.registry.MustRegister(c)
}

// Describe implements prometheus.Collector.
func (c *storeCollector) Describe(to chan<- *prometheus.Desc) {
	for _, f := range c.figures {
		to <- f.desc
	}
}

// Collect implements prometheus.Collector.
func (c *storeCollector) Collect(to chan<- prometheus.Metric) {
	stats := c.db.Stats()
	for _, f := range c.figures {
		to <- prometheus.MustNewConstMetric(f.desc, prometheus.GaugeValue, f.value(stats))
	}
}

// WatchIndex adds the height up to which transactions are indexed, which height
// returns.
func (m *Metrics) WatchIndex(height func() uint64) {
	m.gauge("txindex_height", "Height up to which transactions are indexed; those of later blocks cannot be looked up yet.",
		func() float64 { return float64(height()) })
}

// WatchDisk adds the space of the file system that a folder is on.
func (m *Metrics) WatchDisk(folder string) {
	m.gauge("disk_free_bytes", "Space left to the node on the file system of its data.", func() float64 { free, _ := space(folder); return free })
	m.gauge("disk_size_bytes", "Size of the file system of the node's data.", func() float64 { _, size := space(folder); return size })
}

// SetMempoolLimits says how much fits into the mempool, which CometBFT's metrics
// do not.
func (m *Metrics) SetMempoolLimits(transactions int, bytes int64) {
	m.gauge("mempool_limit_transactions", "Transactions that fit into the mempool.", func() float64 { return float64(transactions) })
	m.gauge("mempool_limit_bytes", "Bytes that fit into the mempool.", func() float64 { return float64(bytes) })
}

// SetBuild says which program runs.
func (m *Metrics) SetBuild(version, revision string) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Namespace: Namespace, Name: "build_info", Help: "1; version and revision of the program.",
		ConstLabels: prometheus.Labels{"version": version, "revision": revision},
	}, func() float64 { return 1 }))
}

func (m *Metrics) gauge(name, help string, value func() float64) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: Namespace, Name: name, Help: help}, value))
}
