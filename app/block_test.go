package app_test

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"slices"
	"testing"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"

	"github.com/hallmark-ledger/hallmark/app"
	"github.com/hallmark-ledger/hallmark/app/apptest"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/certificate"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/governance"
	"github.com/hallmark-ledger/hallmark/x/validator"
)

func TestIssue(t *testing.T) {
	c := newChain(t)
	info, err := c.Info(ctx, &abci.RequestInfo{})
	if err != nil || info.LastBlockHeight != 0 || info.LastBlockAppHash != nil {
		t.Fatalf("before the first block: %v, %v", info, err)
	}
	res := c.ok(issue(1, "A1", "A2"), issue(2, "A3"))
	if got := codes(t, res.TxResults[0]); !slices.Equal(got, []uint32{0, 0}) {
		t.Errorf("codes are %v", got)
	}
	r, err := c.View(1)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []string{"A1", "A2", "A3"} {
		h, ok, err := certificate.Head(r, rules.Ref{Issuer: apptest.CQC, Number: n})
		if err != nil || !ok || h.Status != rules.Valid {
			t.Errorf("%s: %v, %v, %v", n, h, ok, err)
		}
	}
	info, err = c.Info(ctx, &abci.RequestInfo{})
	if err != nil || info.LastBlockHeight != 1 || !bytes.Equal(info.LastBlockAppHash, c.root) || info.AppVersion != app.Version {
		t.Errorf("Info: %v, %v", info, err)
	}
}

func TestEmptyBlocks(t *testing.T) {
	c := newChain(t)
	genesis := c.root
	for range 3 {
		c.ok()
	}
	if !bytes.Equal(c.root, genesis) {
		t.Fatal("empty blocks changed the root of the genesis")
	}
	c.ok(issue(1, "A1"))
	before := c.root
	if bytes.Equal(before, genesis) {
		t.Fatal("a block with a certificate left the root as it was")
	}
	for range 30 {
		c.ok()
	}
	if !bytes.Equal(c.root, before) {
		t.Fatal("empty blocks changed the root")
	}
}

func TestModes(t *testing.T) {
	c := newChain(t)
	c.ok(issue(1, "A1"))
	both := func(nonce uint64, mode txv1.Mode) []byte {
		return apptest.Draft{Nonce: nonce, Mode: mode, Keys: []string{"cqc/certifier", "cqc/approver"}, Messages: []*txv1.Message{
			apptest.Issue("B1", today), apptest.Issue("A1", today), // A1 is there
		}}.Sign()
	}
	all := c.run(both(2, txv1.Mode_MODE_ALL)).TxResults[0]
	if got := codes(t, all); all.Code == 0 || got[0] != 60 || got[1] != all.Code || len(all.Events) != 1 {
		t.Errorf("all: code %d, %v, %v", all.Code, got, all.Events)
	}
	each := c.run(both(3, txv1.Mode_MODE_EACH)).TxResults[0]
	if got := codes(t, each); each.Code != 0 || got[0] != 0 || got[1] != all.Code || each.Log == "" {
		t.Errorf("each: code %d, %v, %q", each.Code, got, each.Log)
	}
	if _, err := c.FinalizeBlock(ctx, c.next()); err != nil {
		t.Error(err)
	}
}

func TestMisbehaviour(t *testing.T) {
	c := newChain(t)
	c.ok()
	key := validator.ConsensusKey(apptest.ConsensusKey(2).Public().(ed25519.PublicKey))
	address := key.Address()
	m := abci.Misbehavior{
		Type: abci.MisbehaviorType_DUPLICATE_VOTE, Height: 1, Time: c.now, TotalVotingPower: 40,
		Validator: abci.Validator{Address: address[:], Power: 10},
	}
	unknown := m
	unknown.Type = 9
	b := c.next()
	b.Misbehavior = []abci.Misbehavior{m, m, unknown}
	if !c.accepts(b) {
		t.Fatal("refused")
	}
	c.commit(b, c.finalize(b))
	r, err := c.View(0)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := r.Validator.Offences(r, address); err != nil || n != 1 {
		t.Errorf("%d offences, %v", n, err)
	}
}

func TestLapse(t *testing.T) {
	c := newChain(t)
	c.ok(issue(1, "A1"))
	before := c.root
	c.now = c.now.Add(3*365*24*time.Hour - 24*time.Hour)
	c.ok()
	if !bytes.Equal(c.root, before) {
		t.Fatal("something was done before its time")
	}
	c.now = c.now.Add(48 * time.Hour)
	if res := c.ok(); len(res.Events) != 1 || res.Events[0].Type != certificate.EventLapsed {
		t.Fatalf("events: %v", res.Events)
	}
	after := c.root
	c.ok()
	if !bytes.Equal(c.root, after) || bytes.Equal(c.root, before) {
		t.Fatal("a certificate lapses once")
	}
}

func TestQuota(t *testing.T) {
	c := newChain(t, func(g *app.Genesis) {
		p := governance.DefaultParams()
		p.QuotaBlock, p.QuotaMempool, p.MaxMessages = 100, 150, 100
		g.Governance.Parameters = &p
	})
	var numbers []string
	for i := range 60 {
		numbers = append(numbers, fmt.Sprintf("Q%d", i))
	}
	one, two, three := issue(1, numbers...), issue(2, numbers...), issue(3, numbers...)
	for i, raw := range [][]byte{one, two, three} {
		if res := c.checkTx(raw); (res.Code == 50) != (i == 2) {
			t.Errorf("CheckTx of transaction %d: %s", i, res.Log)
		}
	}
	res, err := c.PrepareProposal(ctx, &abci.RequestPrepareProposal{Txs: [][]byte{one, two}, MaxTxBytes: 1 << 20, Height: 1, Time: c.now})
	if err != nil || len(res.Txs) != 1 {
		t.Fatalf("%d transactions of 2 within the quota are proposed, %v", len(res.Txs), err)
	}
	b := c.next(one, two)
	if c.accepts(b) {
		t.Error("a proposal beyond the quota is accepted")
	}
	out := c.finalize(b) // decided all the same
	if out.TxResults[0].Code != 0 || out.TxResults[1].Code != 50 || out.TxResults[1].Data != nil {
		t.Errorf("results: %v", out.TxResults)
	}
	c.commit(b, out)
}
