package metrics

import (
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// requests are the metrics of the HTTP interface.
type requests struct {
	total   *prometheus.CounterVec   // route, method, code
	took    *prometheus.HistogramVec // route, method
	streams prometheus.Gauge
}

func (q *requests) register(r prometheus.Registerer) {
	q.total = prometheus.NewCounterVec(prometheus.CounterOpts{
		Namespace: Namespace, Subsystem: "api", Name: "requests_total",
		Help: "Requests, by route, method and HTTP code: 429 were over the limit of their sender, 0 were broken off before an answer. Those stopped before they had a route have none.",
	}, []string{"route", "method", "code"})
	q.took = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Namespace: Namespace, Subsystem: "api", Name: "request_seconds",
		Help:    "Time to answer a request, by route and method, the wait that it asked for included; the feed of events is left out.",
		Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60},
	}, []string{"route", "method"})
	q.streams = prometheus.NewGauge(prometheus.GaugeOpts{
		Namespace: Namespace, Subsystem: "api", Name: "streams", Help: "Feeds of events that are open.",
	})
	r.MustRegister(q.total, q.took, q.streams)
}

// feed is the path whose answers last as long as the reader likes.
const feed = "/v1/feed"

// Request implements the observer of node/api.
func (m *Metrics) Request(route string, status int, took time.Duration) {
	method, path, ok := strings.Cut(route, " ")
	if !ok {
		method, path = "none", "none"
	}
	m.http.total.WithLabelValues(path, method, strconv.Itoa(status)).Inc()
	if path != feed {
		m.http.took.WithLabelValues(path, method).Observe(took.Seconds())
	}
}

// Streams implements the observer of node/api.
func (m *Metrics) Streams(open int) { m.http.streams.Set(float64(open)) }
