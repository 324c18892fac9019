package metrics

import (
	"github.com/prometheus/client_golang/prometheus"

	sealer "github.com/hallmark-ledger/hallmark/node/seal"
)

// sealCollector collects the figures of seals.
type sealCollector struct {
	stats   func() (sealer.Stats, error)
	figures []sealFigure
	missing *prometheus.Desc // validator
}

type sealFigure struct {
	desc  *prometheus.Desc
	kind  prometheus.ValueType
	value func(sealer.Stats) float64
}

// WatchSeals adds the figures of seals, which stats returns.
func (m *Metrics) WatchSeals(stats func() (sealer.Stats, error)) {
	c := &sealCollector{stats: stats, missing: prometheus.NewDesc(prometheus.BuildFQName(Namespace, "seal", "missing"),
		"Of the newest 20 heights that others had time to sign, those without the signature of a validator.", []string{"validator"}, nil)}
	for _, f := range []struct {
		name, help string
		kind       prometheus.ValueType
		value      func(sealer.Stats) float64
	}{
		{"height", "Newest sealed height; its state can be read and proven.", prometheus.GaugeValue, func(s sealer.Stats) float64 { return float64(s.Newest) }},
		{"time_seconds", "Time of its block, in Unix seconds.", prometheus.GaugeValue, func(s sealer.Stats) float64 { return float64(s.Time.UnixMilli()) / 1000 }},
		{"lag_blocks", "Blocks executed since the newest sealed height.", prometheus.GaugeValue, func(s sealer.Stats) float64 { return float64(s.Last - min(s.Newest, s.Last)) }},
		{"sealed_total", "Heights that became sealed here since the start; faster than blocks come while missing ones are fetched.", prometheus.CounterValue, func(s sealer.Stats) float64 { return float64(s.Sealed) }},
		{"conflicts", "Proofs that a seal key signed two statements of one height.", prometheus.GaugeValue, func(s sealer.Stats) float64 { return float64(s.Conflicts) }},
		{"forks_total", "Statements that a quorum sealed and that differ from the node's own.", prometheus.CounterValue, func(s sealer.Stats) float64 { return float64(s.Forks) }},
		{"refused_total", "Statements that the node did not sign since it had signed another.", prometheus.CounterValue, func(s sealer.Stats) float64 { return float64(s.Twice) }},
		{"failures_total", "Times that the seal key did not sign, or not in time.", prometheus.CounterValue, func(s sealer.Stats) float64 { return float64(s.Failed) }},
		{"dropped_peers_total", "Peers disconnected for what they sent about seals.", prometheus.CounterValue, func(s sealer.Stats) float64 { return float64(s.Dropped) }},
		{"windows_unsealed", "Changes of seal sets that no sealed height leads to yet.", prometheus.GaugeValue, func(s sealer.Stats) float64 { return float64(s.Windows) }},
	} {
		c.figures = append(c.figures, sealFigure{prometheus.NewDesc(prometheus.BuildFQName(Namespace, "seal", f.name), f.help, nil, nil), f.kind, f.value})
	}
	m.registry.MustRegister(c)
}

// Describe implements prometheus.Collector.
func (c *sealCollector) Describe(to chan<- *prometheus.Desc) {
	for _, f := range c.figures {
		to <- f.desc
	}
	to <- c.missing
}

// Collect implements prometheus.Collector.
func (c *sealCollector) Collect(to chan<- prometheus.Metric) {
	stats, err := c.stats()
	if err != nil {
		return // absent, not wrong
	}
	for _, f := range c.figures {
		to <- prometheus.MustNewConstMetric(f.desc, f.kind, f.value(stats))
	}
	for validator, n := range stats.Missing {
		to <- prometheus.MustNewConstMetric(c.missing, prometheus.GaugeValue, float64(n), validator)
	}
}

// WatchSealKey adds whether the node can seal, which key returns: whether it has
// the key that its set names for it, and whether it is a validator at all.
func (m *Metrics) WatchSealKey(key func() (has, validator bool, err error)) {
	m.gauge("seal_key_absent", "1 if the node is a validator and lacks the seal key that the set names for it.", func() float64 {
		if has, validator, err := key(); err != nil || !validator || has {
			return 0
		}
		return 1
	})
}
