package app_test

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	abci "github.com/cometbft/cometbft/abci/types"

	"github.com/hallmark-ledger/hallmark/app"
	"github.com/hallmark-ledger/hallmark/app/apptest"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/certificate"
	"github.com/hallmark-ledger/hallmark/x/governance"
)

func (c *chain) prepare(txs ...[]byte) [][]byte {
	c.Helper()
	res, err := c.PrepareProposal(ctx, &abci.RequestPrepareProposal{Txs: txs, MaxTxBytes: 4 << 20, Height: c.height + 1, Time: c.now})
	if err != nil {
		c.Fatal(err)
	}
	return res.Txs
}

// TestFault sends a transaction that meets a fault: it passes CheckTx, is left
// out of proposals, and is not checked in again; proposals with it are refused.
func TestFault(t *testing.T) {
	c := newChain(t)
	c.Plant(certificate.NumberKey("F"), []byte("garbage"))
	good, fault := issue(1, "A1"), issue(2, "F")
	if r := c.checkTx(fault); r.Code != 0 {
		t.Fatal(r.Log)
	}
	if got := c.prepare(fault, good); !slices.EqualFunc(got, [][]byte{good}, bytes.Equal) {
		t.Errorf("%d transactions are proposed", len(got))
	}
	if c.accepts(c.next(good, fault)) {
		t.Error("a proposal that faults is accepted")
	}
	if _, err := c.FinalizeBlock(ctx, c.next(good, fault)); err == nil {
		t.Error("a block that faults is executed")
	}
	b := c.next(good)
	if !c.accepts(b) {
		t.Fatal("refused")
	}
	c.finalize(b)
	if _, err := c.Commit(ctx, nil); err != nil {
		t.Fatal(err)
	}
	if r := c.checkTx(fault); r.Code != 900 {
		t.Errorf("CheckTx again: %d %s", r.Code, r.Log)
	}
}

// TestPanic does the same with one that panics.
func TestPanic(t *testing.T) {
	c := newChain(t)
	c.BreakCertificates()
	raw := issue(1, "A1")
	if got := c.prepare(raw); len(got) != 0 {
		t.Error("a transaction that panics is proposed")
	}
	if c.accepts(c.next(raw)) {
		t.Error("a proposal that panics is accepted")
	}
	defer func() {
		if recover() == nil {
			t.Error("a decided block that panics goes on")
		}
	}()
	_, err := c.FinalizeBlock(ctx, c.next(raw))
	t.Error(err)
}

// TestDroppedLeaveNothing proposes transactions of which one would be good only
// after another that is left out.
func TestDroppedLeaveNothing(t *testing.T) {
	c := newChain(t, func(g *app.Genesis) {
		p := governance.DefaultParams()
		p.QuotaBlock, p.MaxMessages = 100, 100
		g.Governance.Parameters = &p
	})
	many := func(nonce uint64, n int) []byte {
		d := apptest.Draft{Nonce: nonce, Mode: txv1.Mode_MODE_EACH, Keys: []string{"cqc/certifier", "cqc/approver"}}
		for i := range n {
			d.Messages = append(d.Messages, apptest.Issue(fmt.Sprintf("D%d-%d", nonce, i), today))
		}
		return d.Sign()
	}
	// The second is beyond the quota; with its nonce the third would be in reach.
	txs := [][]byte{many(1, 60), many(1000, 60), many(2000, 1)}
	if got := c.prepare(txs...); len(got) != 1 || !c.accepts(c.next(got...)) {
		t.Errorf("%d transactions are proposed, or refused", len(got))
	}
}

func TestRetainBlocks(t *testing.T) {
	c := newChain(t)
	c.retain = 2
	for range 3 {
		c.ok()
	}
	c.crash() // takes the option
	b := c.next()
	c.finalize(b)
	if res, err := c.Commit(ctx, nil); err != nil || res.RetainHeight != 3 {
		t.Errorf("after height 4: %v, %v", res, err)
	}
}
