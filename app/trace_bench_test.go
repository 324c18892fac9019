package app_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/app/apptest"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	tracev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/trace/v1"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/trace"
)

// BenchmarkTraces files 20 events for each of 10,000 products, each lot made of the
// one before it, in blocks of 20,000 events, with Commit; then it folds each chain
// and walks each way:
//
//	go test ./app -run - -bench Traces -benchtime 1x
//
// µs-cpu/event is the time that all cores spent, which bears a busy machine.
func BenchmarkTraces(b *testing.B) {
	const products, events, perBlock, perTx = 10_000, 20, 1000, 100
	for range b.N {
		b.StopTimer()
		c := newBenchChain(b)
		send := func(list []*txv1.Message) time.Duration {
			var txs [][]byte
			for len(list) > 0 {
				c.nonce++
				n := min(perTx, len(list))
				txs = append(txs, apptest.Draft{Nonce: c.nonce, Mode: txv1.Mode_MODE_EACH, Keys: []string{"maker/operator"}, Expiry: c.now().Add(time.Hour), Messages: list[:n]}.Sign())
				list = list[n:]
			}
			return c.run(b, txs, false)
		}
		for from := 0; from < products; from += perBlock {
			var list []*txv1.Message
			for i := range perBlock {
				list = append(list, &txv1.Message{Action: &txv1.Message_RegisterProduct{RegisterProduct: &tracev1.RegisterProduct{Product: benchLot(from + i), NameZh: "产品"}}})
			}
			send(list)
		}
		var cpu, elapsed time.Duration
		for from := 0; from < products; from += perBlock {
			var list []*txv1.Message
			for i := range perBlock {
				list = append(list, benchEvents(from+i, events))
			}
			runtime.GC()
			begin := time.Now()
			b.StartTimer()
			cpu += send(list)
			b.StopTimer()
			elapsed += time.Since(begin)
		}
		r, err := c.View(0)
		if err != nil {
			b.Fatal(err)
		}
		begin := time.Now()
		for i := range products {
			w, ok, err := trace.Walk(r, benchLot(i))
			if err != nil || !ok || len(w.Products[0].Chain) != events+1 {
				b.Fatal(ok, err)
			}
			var head sm3.Hash
			for _, e := range w.Products[0].Chain {
				head = trace.Fold(head, trace.EncodeEntry(e))
			}
			if head != w.Products[0].Head {
				b.Fatal("another head")
			}
		}
		b.ReportMetric(float64(time.Since(begin).Microseconds())/products, "µs/walk")
		if err := r.Trace.Check(r); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(cpu.Microseconds())/(products*events), "µs-cpu/event")
		b.ReportMetric(products*events/elapsed.Seconds(), "events/s")
	}
}

func benchLot(i int) string { return fmt.Sprintf("https://id.gs1.org/01/04012345999990/10/L-%d", i) }

// benchEvents are the events of a lot: made of the one before it, but for every
// fifth, then shipped.
func benchEvents(i, n int) *txv1.Message {
	m := &tracev1.CaptureEvents{Product: benchLot(i), After: 1}
	for e := range n {
		h := sm3.Sum(fmt.Append(nil, i, " ", e))
		event := &tracev1.Event{
			Hash: h[:], Time: apptest.Begin.UnixNano(), Offset: 480, Type: tracev1.EventType_EVENT_TYPE_OBJECT, Action: tracev1.Action_ACTION_OBSERVE,
			Step: "shipping", Disposition: "in_transit", Place: "https://id.gs1.org/414/9521141111116", Part: tracev1.Part_PART_OBJECT,
		}
		if e == 0 && i%5 > 0 {
			event.Type, event.Action, event.Part, event.Others = tracev1.EventType_EVENT_TYPE_TRANSFORMATION, 0, tracev1.Part_PART_OUTPUT, []string{benchLot(i - 1)}
		}
		m.Events = append(m.Events, event)
	}
	return &txv1.Message{Action: &txv1.Message_CaptureEvents{CaptureEvents: m}}
}
