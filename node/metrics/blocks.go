package metrics

import (
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/app"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/tx"
)

// blocks are the metrics of what was committed.
type blocks struct {
	height, time prometheus.Gauge
	took         *prometheus.HistogramVec // part
	txs          *prometheus.CounterVec   // action, code
	messages     *prometheus.CounterVec   // action, code
}

// The actions of a transaction that has not one.
const (
	actionNone  = "none"  // it could not be decoded, or says nothing
	actionMixed = "mixed" // its messages have several
)

func (b *blocks) register(r prometheus.Registerer) {
	b.height = prometheus.NewGauge(prometheus.GaugeOpts{
		Namespace: Namespace, Name: "height", Help: "Height of the newest block whose state is durable, since the start of the process.",
	})
	b.time = prometheus.NewGauge(prometheus.GaugeOpts{
		Namespace: Namespace, Name: "block_time_seconds", Help: "Time of that block, in Unix seconds.",
	})
	b.took = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Namespace: Namespace, Name: "block_part_seconds",
		Help:    "Time that a part of each block took: verify (signatures not seen before), execute, root (of the state), commit (to disk).",
		Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
	}, []string{"part"})
	b.txs = prometheus.NewCounterVec(prometheus.CounterOpts{
		Namespace: Namespace, Name: "transactions_total",
		Help: "Committed transactions, by the action of their messages and by code; 0 was run, though single messages may have been refused.",
	}, []string{"action", "code"})
	b.messages = prometheus.NewCounterVec(prometheus.CounterOpts{
		Namespace: Namespace, Name: "messages_total",
		Help: "Messages of committed transactions that were run, by action and code; 0 was done, others are refusals.",
	}, []string{"action", "code"})
	r.MustRegister(b.height, b.time, b.took, b.txs, b.messages)
}

func (b *blocks) committed(o *app.Observation) {
	b.height.Set(float64(o.Block.Height))
	b.time.Set(float64(o.Block.Time.UnixMilli()) / 1000)
	for _, p := range []struct {
		part string
		took time.Duration
	}{{"verify", o.Verify}, {"execute", o.Execute}, {"root", o.Stage}, {"commit", o.Commit}} {
		b.took.WithLabelValues(p.part).Observe(p.took.Seconds())
	}
	for i, result := range o.Results {
		actions := actionsOf(o.Txs[i])
		b.txs.WithLabelValues(summary(actions), codeText(result.Code)).Inc()
		var results txv1.Results
		if result.Data == nil || proto.Unmarshal(result.Data, &results) != nil || len(results.Codes) != len(actions) {
			continue // not run
		}
		for j, code := range results.Codes {
			b.messages.WithLabelValues(actions[j], codeText(code)).Inc()
		}
	}
}

func codeText(code uint32) string { return strconv.FormatUint(uint64(code), 10) }

var actionOf = (&txv1.Message{}).ProtoReflect().Descriptor().Oneofs().ByName("action")

// actionsOf returns the names of the actions of a transaction's messages.
func actionsOf(t *tx.Tx) []string {
	if t == nil {
		return nil
	}
	names := make([]string, len(t.Body().Messages))
	for i, m := range t.Body().Messages {
		names[i] = actionNone
		if field := m.ProtoReflect().WhichOneof(actionOf); field != nil {
			names[i] = string(field.Name())
		}
	}
	return names
}

func summary(actions []string) string {
	if len(actions) == 0 {
		return actionNone
	}
	for _, a := range actions {
		if a != actions[0] {
			return actionMixed
		}
	}
	return actions[0]
}
