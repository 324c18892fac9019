package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	"google.golang.org/protobuf/proto"

	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// stale is how many rows of the power-bank case are no longer so.
const stale = 3

// powerBankCase suspends certificates at once, by calls of the application alone.
func powerBankCase(c *chain, p plan, out io.Writer) error {
	first, err := c.firstPowerBank(p.PowerBanks)
	if err != nil {
		return err
	}
	for _, messages := range powerBanks(first, p.PowerBanks, today) {
		res, err := c.finish(c.block([][]byte{c.sign("cqc", messages)}))
		if err != nil {
			return err
		}
		if err := accepted(res, 1); err != nil {
			return err
		}
	}
	raw := c.sign("cqc", suspensions(first, p.PowerBanks, today))

	ctx, start := context.Background(), time.Now()
	if err := c.checkAll([][]byte{raw}); err != nil {
		return err
	}
	checked := time.Since(start)
	b := c.block(nil)
	proposal, err := c.PrepareProposal(ctx, &abci.RequestPrepareProposal{Txs: [][]byte{raw}, MaxTxBytes: 64 << 20, Height: b.Height, Time: b.Time})
	if err != nil {
		return err
	}
	b = c.block(proposal.Txs)
	res, err := c.ProcessProposal(ctx, &abci.RequestProcessProposal{Txs: b.Txs, Height: b.Height, Time: b.Time, Hash: b.Hash})
	if err != nil {
		return err
	}
	if !res.IsAccepted() {
		return errors.New("the proposal is refused")
	}
	done, err := c.finish(b)
	if err != nil {
		return err
	}
	took := time.Since(start)
	if err := checkSuspended(done.TxResults, p.PowerBanks); err != nil {
		return err
	}
	fmt.Fprintf(out, "\npower banks, the application alone: %d suspensions, %d of them stale, in 1 transaction of %d bytes: %.3f s from CheckTx (%.3f s) over PrepareProposal and ProcessProposal to the commit\n",
		p.PowerBanks, stale, len(raw), took.Seconds(), checked.Seconds())
	return nil
}

// firstPowerBank returns the serial from which n are free.
func (c *chain) firstPowerBank(n int) (first int, err error) {
	r, err := c.View(0)
	if err != nil {
		return 0, err
	}
	for {
		taken, err := exists(r, powerBank(first))
		if err != nil || !taken {
			return first, err
		}
		first += n
	}
}

// powerBanks returns the messages of the transactions that make n certificates,
// of which the first three are suspended, cancelled and revoked already.
func powerBanks(first, n int, day civil.Date) (txs [][]*txv1.Message) {
	for at := 0; at < n; at += buildRecords {
		var messages []*txv1.Message
		for i := at; i < min(n, at+buildRecords); i++ {
			messages = append(messages, ccc(first+i, day))
		}
		txs = append(txs, messages)
	}
	return append(txs, []*txv1.Message{
		suspend(first, day),
		{Action: &txv1.Message_Cancel{Cancel: &certificatev1.Cancel{Number: powerBank(first + 1), Decided: int32(day), Reason: "0299"}}},
		{Action: &txv1.Message_Revoke{Revoke: &certificatev1.Revoke{Number: powerBank(first + 2), Decided: int32(day), Reason: "0203"}}},
	})
}

// suspensions returns the messages that suspend all n.
func suspensions(first, n int, day civil.Date) []*txv1.Message {
	messages := make([]*txv1.Message, n)
	for i := range messages {
		messages[i] = suspend(first+i, day)
	}
	return messages
}

// checkSuspended checks that one transaction did what it was to: all but the
// first three.
func checkSuspended(results []*abci.ExecTxResult, n int) error {
	if len(results) != 1 {
		return fmt.Errorf("%d transactions in the block, want 1", len(results))
	}
	var r txv1.Results
	if err := proto.Unmarshal(results[0].Data, &r); err != nil {
		return err
	}
	if results[0].Code != 0 || len(r.Codes) != n {
		return fmt.Errorf("code %d (%s), %d results of %d messages", results[0].Code, results[0].Log, len(r.Codes), n)
	}
	for i, code := range r.Codes {
		if (code != 0) != (i < stale) {
			return fmt.Errorf("message %d has code %d; %d are stale: %s", i, code, stale, results[0].Log)
		}
	}
	return nil
}
