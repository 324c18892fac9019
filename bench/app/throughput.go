package main

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"text/tabwriter"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"

	"github.com/hallmark-ledger/hallmark/crypto/sm2"
)

// way is how a block comes to a node.
type way struct {
	name  string
	check bool // CheckTx has seen its transactions
	// what comes before FinalizeBlock and Commit
	prepare, process bool
}

var ways = []way{
	{"cold: signatures never seen", false, false, false},
	{"warm: CheckTx has seen them", true, false, false},
	{"warm, validator: +ProcessProposal", true, false, true},
	{"warm, proposer: +PrepareProposal", true, true, true},
}

// sample is what some blocks of one kind took that came in one way.
type sample struct {
	txs, records int
	sm2          time.Duration // their signatures alone, on all cores
	check        time.Duration // CheckTx, one after another
	prepare      time.Duration
	process      time.Duration
	finalize     time.Duration
	commit       time.Duration
	// As the application says; of what was executed last.
	phases struct{ verify, execute, root, disk time.Duration }
}

// whole is the time from the proposal to the commit.
func (s *sample) whole() time.Duration { return s.prepare + s.process + s.finalize + s.commit }

func (s *sample) txsPerSecond() float64     { return float64(s.txs) / s.whole().Seconds() }
func (s *sample) recordsPerSecond() float64 { return float64(s.records) / s.whole().Seconds() }

// throughputCase measures blocks of each kind that come in each way.
func throughputCase(c *chain, p plan, out io.Writer) error {
	var ratio, records float64
	for _, kind := range []struct{ txs, records int }{{p.Singles, 1}, {p.Bulks, recordsPerBulk}} {
		fmt.Fprintf(out, "\n%d transactions a block, %d records each, two signatures each; %d blocks; µs per record\n\n", kind.txs, kind.records, p.Blocks)
		table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight|tabwriter.Debug)
		fmt.Fprintln(table, "\t tx/s\t records/s\t CheckTx\t Prepare\t Process\t Finalize\t Commit\t decode+verify\t execute\t root\t fsync\t whole\t SM2 alone\t whole÷SM2\t")
		for _, w := range ways {
			s, err := c.measure(w, kind.txs, kind.records, p.Blocks)
			if err != nil {
				return err
			}
			micros := func(d time.Duration) string {
				if d == 0 {
					return "-"
				}
				return fmt.Sprintf("%.1f", float64(d.Nanoseconds())/1e3/float64(s.records))
			}
			quotient := float64(s.whole()) / float64(s.sm2)
			fmt.Fprintf(table, "%s\t %.0f\t %.0f\t %s\t %s\t %s\t %s\t %s\t %s\t %s\t %s\t %s\t %s\t %s\t %.2f\t\n", w.name, s.txsPerSecond(), s.recordsPerSecond(),
				micros(s.check), micros(s.prepare), micros(s.process), micros(s.finalize), micros(s.commit),
				micros(s.phases.verify), micros(s.phases.execute), micros(s.phases.root), micros(s.phases.disk), micros(s.whole()), micros(s.sm2), quotient)
			if w == ways[0] { // everything is done once
				if kind.records == 1 {
					ratio = quotient
				} else {
					records = s.recordsPerSecond()
				}
			}
		}
		if err := table.Flush(); err != nil {
			return err
		}
	}
	fmt.Fprintf(out, "\napp ratio to sm2: %.2f\n", ratio)
	fmt.Fprintf(out, "app records/s at %d per transaction: %.0f\n", recordsPerBulk, records)
	return nil
}

// measure takes blocks in one way, after one that warms up.
func (c *chain) measure(w way, txs, records, blocks int) (*sample, error) {
	s := &sample{txs: blocks * txs, records: blocks * txs * records}
	if err := c.measureBlock(w, c.batch(txs, records), &sample{}); err != nil {
		return nil, err
	}
	for range blocks {
		batch := c.batch(txs, records)
		runtime.GC() // what making the transactions left is not the block's
		if err := c.measureBlock(w, batch, s); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (c *chain) measureBlock(w way, txs [][]byte, s *sample) error {
	ctx := context.Background()
	items, err := signatures(txs)
	if err != nil {
		return err
	}
	err = timed(&s.sm2, func() error { return verifyAlone(items) })
	if err != nil {
		return err
	}
	if w.check {
		if err := timed(&s.check, func() error { return c.checkAll(txs) }); err != nil {
			return err
		}
	}
	b := c.block(txs)
	if w.prepare {
		err := timed(&s.prepare, func() error {
			res, err := c.PrepareProposal(ctx, &abci.RequestPrepareProposal{Txs: txs, MaxTxBytes: 64 << 20, Height: b.Height, Time: b.Time})
			if err == nil && len(res.Txs) != len(txs) {
				err = fmt.Errorf("the proposal has %d of %d transactions", len(res.Txs), len(txs))
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	if w.process {
		err := timed(&s.process, func() error {
			res, err := c.ProcessProposal(ctx, &abci.RequestProcessProposal{Txs: b.Txs, Height: b.Height, Time: b.Time, Hash: b.Hash})
			if err == nil && !res.IsAccepted() {
				err = fmt.Errorf("the proposal of height %d is refused", b.Height)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	var res *abci.ResponseFinalizeBlock
	err = timed(&s.finalize, func() (err error) {
		res, err = c.FinalizeBlock(ctx, b)
		return err
	})
	if err != nil {
		return err
	}
	err = timed(&s.commit, func() error {
		_, err := c.Commit(ctx, &abci.RequestCommit{})
		return err
	})
	if err != nil {
		return err
	}
	c.height = b.Height
	s.phases.verify += c.observed.Verify
	s.phases.execute += c.observed.Execute
	s.phases.root += c.observed.Stage
	s.phases.disk += c.observed.Commit
	return accepted(res, len(txs))
}

// timed adds to total what f takes.
func timed(total *time.Duration, f func() error) error {
	start := time.Now()
	err := f()
	*total += time.Since(start)
	return err
}

// verifyAlone verifies signatures on all cores and does nothing else.
func verifyAlone(items []sm2.Item) error {
	results, err := sm2.VerifyBatch(context.Background(), items, 0)
	if err != nil {
		return err
	}
	for i, r := range results {
		if r != nil {
			return fmt.Errorf("signature %d: %w", i, r)
		}
	}
	return nil
}

// checkAll takes txs into the mempool, one after another.
func (c *chain) checkAll(txs [][]byte) error {
	for i, raw := range txs {
		res, err := c.CheckTx(context.Background(), &abci.RequestCheckTx{Tx: raw})
		if err != nil {
			return err
		}
		if res.Code != 0 {
			return fmt.Errorf("CheckTx refuses transaction %d: code %d: %s", i, res.Code, res.Log)
		}
	}
	return nil
}
