package app_test

import (
	"encoding/json"
	"fmt"
	"runtime"
	"syscall"
	"testing"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"

	"github.com/hallmark-ledger/hallmark/app"
	"github.com/hallmark-ledger/hallmark/app/apptest"
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/store/engine"
)

// BenchmarkBlock executes blocks of 50 transactions of 100 records each, whose
// signatures CheckTx has seen, over 40,000 certificates on disk, with Commit:
//
//	go test ./app -run - -bench Block -benchtime 10x
//
// µs-cpu/record is the time that all cores spent, which bears a busy machine;
// bench/app measures the same over a million.
func BenchmarkBlock(b *testing.B) {
	const txs, records, existing = 50, 100, 40_000
	for _, kind := range []string{"issue", "suspend"} {
		b.Run(kind, func(b *testing.B) {
			c := newBenchChain(b)
			for c.issued < existing {
				c.run(b, c.block(5, 1000, c.issue), false)
			}
			message := c.issue
			if kind == "suspend" {
				for c.issued < b.N*txs*records {
					c.run(b, c.block(5, 1000, c.issue), false)
				}
				message = c.suspend
			}
			var cpu time.Duration
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N {
				b.StopTimer()
				block := c.block(txs, records, message)
				runtime.GC()
				b.StartTimer()
				cpu += c.run(b, block, true)
			}
			n := float64(b.N * txs * records)
			b.ReportMetric(float64(cpu.Microseconds())/n, "µs-cpu/record")
			b.ReportMetric(n/b.Elapsed().Seconds(), "records/s")
		})
	}
}

// benchChain is an application on disk that is given blocks.
type benchChain struct {
	*app.App
	height            int64
	nonce             uint64
	issued, suspended int
}

func newBenchChain(b *testing.B) *benchChain {
	db, err := engine.Open(b.TempDir(), engine.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := db.Close(); err != nil {
			b.Error(err)
		}
	})
	c := new(benchChain)
	if c.App, err = app.New(db, app.Options{Clock: c.now}); err != nil {
		b.Fatal(err)
	}
	raw, err := json.Marshal(apptest.Genesis(1, 4))
	if err != nil {
		b.Fatal(err)
	}
	_, err = c.InitChain(ctx, &abci.RequestInitChain{Time: apptest.Begin, ChainId: apptest.Chain, InitialHeight: 1, AppStateBytes: raw})
	if err != nil {
		b.Fatal(err)
	}
	return c
}

func (c *benchChain) now() time.Time { return apptest.Begin.Add(time.Duration(c.height) * time.Second) }

func benchNumber(n int) string { return fmt.Sprintf("016%08dR0M", n) }

func (c *benchChain) issue() *txv1.Message {
	c.issued++
	return apptest.Issue(benchNumber(c.issued), today)
}

func (c *benchChain) suspend() *txv1.Message {
	c.suspended++
	return &txv1.Message{Action: &txv1.Message_Suspend{Suspend: &certificatev1.Suspend{
		Number: benchNumber(c.suspended), Decided: int32(today), Reason: "0112", Until: int32(today) + 30,
	}}}
}

// block returns n transactions of some messages each.
func (c *benchChain) block(n, messages int, message func() *txv1.Message) (txs [][]byte) {
	for range n {
		c.nonce++
		d := apptest.Draft{Nonce: c.nonce, Mode: txv1.Mode_MODE_EACH, Keys: []string{"cqc/certifier", "cqc/approver"}, Expiry: c.now().Add(time.Hour)}
		for range messages {
			d.Messages = append(d.Messages, message())
		}
		txs = append(txs, d.Sign())
	}
	return txs
}

// run takes a block of transactions, through CheckTx first if check, and returns
// the time that the cores spent on finalizing and committing it.
func (c *benchChain) run(b *testing.B, txs [][]byte, check bool) time.Duration {
	if check {
		b.StopTimer()
		for _, raw := range txs {
			if res, err := c.CheckTx(ctx, &abci.RequestCheckTx{Tx: raw}); err != nil || res.Code != 0 {
				b.Fatal(res, err)
			}
		}
		b.StartTimer()
	}
	c.height++
	before := processorTime(b)
	res, err := c.FinalizeBlock(ctx, &abci.RequestFinalizeBlock{
		Txs: txs, Height: c.height, Time: c.now(), Hash: fmt.Appendf(make([]byte, 0, 32), "%032d", c.height),
	})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := c.Commit(ctx, &abci.RequestCommit{}); err != nil {
		b.Fatal(err)
	}
	spent := processorTime(b) - before
	for _, r := range res.TxResults {
		if r.Code != 0 || r.Log != "" {
			b.Fatal(r.Code, r.Log)
		}
	}
	return spent
}

func processorTime(b *testing.B) time.Duration {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		b.Fatal(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
