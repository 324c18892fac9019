package metrics

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// requests are the metrics of the HTTP interface.
type requests struct {
	total    *prometheus.CounterVec   // route, method, code
	took     *prometheus.HistogramVec // route, method
	inFlight prometheus.Gauge
	streams  prometheus.Gauge
}

func (q *requests) register(r prometheus.Registerer) {
	q.total = prometheus.NewCounterVec(prometheus.CounterOpts{
		Namespace: Namespace, Subsystem: "api", Name: "requests_total",
		Help: "Requests answered, by route, method and HTTP code; 429 were over the limit of their sender.",
	}, []string{"route", "method", "code"})
	q.took = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Namespace: Namespace, Subsystem: "api", Name: "request_seconds",
		Help:    "Time to answer a request, by route and method; streams of events are left out.",
		Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60},
	}, []string{"route", "method"})
	q.inFlight = prometheus.NewGauge(prometheus.GaugeOpts{
		Namespace: Namespace, Subsystem: "api", Name: "requests_in_flight", Help: "Requests that are being answered, streams included.",
	})
	q.streams = prometheus.NewGauge(prometheus.GaugeOpts{
		Namespace: Namespace, Subsystem: "api", Name: "streams", Help: "Streams of events that are open.",
	})
	r.MustRegister(q.total, q.took, q.inFlight, q.streams)
}

// HTTP returns next with its requests counted, by the pattern that mux has for
// them: next is mux behind whatever limits it. Requests that match no pattern
// have the route "none".
func (m *Metrics) HTTP(mux *http.ServeMux, next http.Handler) http.Handler {
	q := &m.http
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		route, method := routeOf(mux, r), methodOf(r)
		q.inFlight.Inc()
		answer := &recorder{ResponseWriter: w, streams: q.streams}
		completed := false
		defer func() {
			q.inFlight.Dec()
			if answer.stream {
				q.streams.Dec()
			} else {
				q.took.WithLabelValues(route, method).Observe(time.Since(start).Seconds())
			}
			if !completed && answer.code == 0 { // a panic
				answer.code = http.StatusInternalServerError
			}
			q.total.WithLabelValues(route, method, strconv.Itoa(max(answer.code, 200))).Inc()
		}()
		next.ServeHTTP(answer, r)
		completed = true
	})
}

// routeOf returns the path of the pattern that r matches.
func routeOf(mux *http.ServeMux, r *http.Request) string {
	_, pattern := mux.Handler(r)
	if _, path, ok := strings.Cut(pattern, " "); ok {
		pattern = path
	}
	if pattern == "" {
		return "none"
	}
	return pattern
}

// methodOf returns the method of r, or "other": the sender could make up as many
// as it likes.
func methodOf(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return r.Method
	}
	return "other"
}

// recorder notes the code of an answer and whether it is a stream of events.
type recorder struct {
	http.ResponseWriter
	streams prometheus.Gauge
	code    int // 0 before the header is written
	stream  bool
}

func (w *recorder) WriteHeader(code int) {
	if w.code == 0 && code >= 200 {
		w.code = code
		if strings.HasPrefix(w.Header().Get("Content-Type"), "text/event-stream") {
			w.stream = true
			w.streams.Inc()
		}
	}
	w.ResponseWriter.WriteHeader(code)
}

func (w *recorder) Write(b []byte) (int, error) {
	if w.code == 0 {
		w.WriteHeader(http.StatusOK)
	}
	return w.ResponseWriter.Write(b)
}

// Flush implements http.Flusher.
func (w *recorder) Flush() {
	if w.code == 0 {
		w.WriteHeader(http.StatusOK)
	}
	_ = http.NewResponseController(w.ResponseWriter).Flush() // an http.Flusher cannot say that it failed
}

// Unwrap lets http.ResponseController find what the server offers.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }
