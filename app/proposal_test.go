package app_test

import (
	"bytes"
	"slices"
	"testing"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"

	"github.com/hallmark-ledger/hallmark/app/apptest"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
)

// bad are transactions that can never be in a block, by what is wrong, with the
// code that CheckTx gives.
func bad() map[string]struct {
	raw  []byte
	code uint32
} {
	cut := issue(50, "C1")
	forged := issue(51, "C2")
	forged[len(forged)-1] ^= 1
	draft := func(change func(*apptest.Draft)) []byte {
		d := apptest.Draft{Nonce: 52, Keys: []string{"cqc/certifier", "cqc/approver"}, Messages: []*txv1.Message{apptest.Issue("C3", today)}}
		change(&d)
		return d.Sign()
	}
	type c = struct {
		raw  []byte
		code uint32
	}
	return map[string]c{
		"nothing":     {nil, 4}, // an empty body, which names no chain
		"garbage":     {[]byte("garbage"), 2},
		"cut":         {cut[:len(cut)-1], 2},
		"tail":        {append(slices.Clone(cut), 0), 2},
		"forged":      {forged, 40},
		"other chain": {draft(func(d *apptest.Draft) { d.Chain = "another" }), 4},
		"expired":     {draft(func(d *apptest.Draft) { d.Expiry = apptest.Begin.Add(-time.Second) }), 30},
		"far":         {draft(func(d *apptest.Draft) { d.Expiry = apptest.Begin.Add(1000 * time.Hour) }), 31},
		"ahead":       {draft(func(d *apptest.Draft) { d.Nonce = 5000 }), 34},
		"unknown key": {draft(func(d *apptest.Draft) { d.Keys = []string{"cqc/certifier", "cqc/stranger"} }), 35},
		"huge":        {make([]byte, 2<<20), 1},
	}
}

func TestBadTransactions(t *testing.T) {
	c := newChain(t)
	c.ok(issue(1, "A1"))
	before := c.root
	for name, b := range bad() {
		if res := c.checkTx(b.raw); res.Code != b.code {
			t.Errorf("%s: CheckTx: %d %s, want %d", name, res.Code, res.Log, b.code)
		}
		if c.accepts(c.next(b.raw)) {
			t.Errorf("%s: a proposal with it is accepted", name)
		}
		res, err := c.PrepareProposal(ctx, &abci.RequestPrepareProposal{Txs: [][]byte{b.raw}, MaxTxBytes: 4 << 20, Height: 2, Time: c.now})
		if err != nil || len(res.Txs) != 0 {
			t.Errorf("%s: proposed: %v", name, err)
		}
		out := c.finalize(c.next(b.raw)) // though decided, it does nothing
		if r := out.TxResults[0]; r.Code != b.code || r.Data != nil || r.Events != nil {
			t.Errorf("%s: result %v", name, r)
		}
		if !bytes.Equal(out.AppHash, before) {
			t.Errorf("%s: changed the state", name)
		}
	}
}

func TestReplay(t *testing.T) {
	c := newChain(t)
	raw := issue(1, "A1")
	if c.accepts(c.next(raw, raw)) {
		t.Error("a proposal with a transaction twice is accepted")
	}
	res, err := c.PrepareProposal(ctx, &abci.RequestPrepareProposal{Txs: [][]byte{raw, raw}, MaxTxBytes: 1 << 20, Height: 1, Time: c.now})
	if err != nil || len(res.Txs) != 1 {
		t.Errorf("proposed: %d, %v", len(res.Txs), err)
	}
	if r := c.checkTx(raw); r.Code != 0 {
		t.Fatal(r.Log)
	}
	if r := c.checkTx(raw); r.Code != 32 {
		t.Errorf("CheckTx again: %d %s", r.Code, r.Log)
	}
	c.ok(raw)
	if r := c.checkTx(raw); r.Code != 32 {
		t.Errorf("CheckTx after the block: %d %s", r.Code, r.Log)
	}
	if c.accepts(c.next(raw)) {
		t.Error("a proposal with a transaction that is in a block is accepted")
	}
	// A refused one has spent its nonce.
	again := issue(2, "A1")
	if r := c.run(again).TxResults[0]; r.Code == 0 || r.Data == nil {
		t.Errorf("the same certificate again: %v", r)
	}
	if c.accepts(c.next(again)) {
		t.Error("a refused transaction can be in a second block")
	}
}

func TestPrepareProposal(t *testing.T) {
	c := newChain(t)
	txs := [][]byte{issue(3, "A3"), []byte("garbage"), issue(1, "A1"), issue(1, "A9"), issue(2, "A2")}
	res, err := c.PrepareProposal(ctx, &abci.RequestPrepareProposal{Txs: txs, MaxTxBytes: 1 << 20, Height: 1, Time: c.now})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.EqualFunc(res.Txs, [][]byte{txs[0], txs[2], txs[4]}, bytes.Equal) {
		t.Errorf("%d transactions are proposed, want those at 0, 2 and 4", len(res.Txs))
	}
	size := int64(len(txs[0]) + 3) // a tag and two bytes of length
	for _, room := range []int64{size - 1, size} {
		res, err := c.PrepareProposal(ctx, &abci.RequestPrepareProposal{Txs: txs[:1], MaxTxBytes: room, Height: 1, Time: c.now})
		if err != nil || len(res.Txs) != int(room-size+1) {
			t.Errorf("in %d bytes of %d: %d, %v", room, size, len(res.Txs), err)
		}
	}
	if _, err := c.PrepareProposal(ctx, &abci.RequestPrepareProposal{Height: 7}); err == nil {
		t.Error("a block of another height is proposed")
	}
}

// TestReuse compares what FinalizeBlock takes from ProcessProposal with what it
// computes itself.
func TestReuse(t *testing.T) {
	one, other := newChain(t), newChain(t)
	for i := range uint64(5) {
		b := one.next(issue(2*i+1, "A"+string(rune('0'+i))), issue(2*i+2, "A0"))
		wrong := *b
		wrong.Txs = b.Txs[:1]
		for range 2 {
			if !one.accepts(b) || !one.accepts(&wrong) { // the same hash for another content
				t.Fatal("refused")
			}
		}
		if i%2 == 0 && !one.accepts(b) {
			t.Fatal("refused")
		}
		x, y := one.finalize(b), other.finalize(b)
		if !bytes.Equal(x.AppHash, y.AppHash) || !slices.EqualFunc(x.TxResults, y.TxResults, func(a, b *abci.ExecTxResult) bool { return a.String() == b.String() }) {
			t.Fatalf("block %d: %x and %x", b.Height, x.AppHash, y.AppHash)
		}
		one.commit(b, x)
		other.commit(b, y)
	}
}

// TestReuseOfOwn compares what the proposer makes of its own proposal, which it
// executes once, with what others compute.
func TestReuseOfOwn(t *testing.T) {
	one, other := newChain(t), newChain(t)
	for i := range uint64(5) {
		txs := [][]byte{
			issue(3*i+1, "A"+string(rune('0'+i))), []byte("garbage"), issue(3*i+2, "A0"), // the second is refused and spends its nonce
			issue(3*i+2, "B"+string(rune('0'+i))), issue(3*i+3, "C"+string(rune('0'+i))),
		}
		b := one.next()
		res, err := one.PrepareProposal(ctx, &abci.RequestPrepareProposal{Txs: txs, MaxTxBytes: 1 << 20, Height: b.Height, Time: b.Time})
		if err != nil || len(res.Txs) != 3 {
			t.Fatalf("%d are proposed, %v", len(res.Txs), err)
		}
		switch b = one.next(res.Txs...); i {
		case 1: // another time than was prepared
			b.Time = b.Time.Add(time.Second)
		case 2: // other transactions
			b = one.next(res.Txs[:2]...)
		case 3: // another proposal comes in between
			if !one.accepts(one.next(res.Txs[1:]...)) {
				t.Fatal("refused")
			}
		}
		if !one.accepts(b) {
			t.Fatal("its own proposal is refused")
		}
		x, y := one.finalize(b), other.finalize(b)
		if !bytes.Equal(x.AppHash, y.AppHash) || !slices.EqualFunc(x.TxResults, y.TxResults, func(a, b *abci.ExecTxResult) bool { return a.String() == b.String() }) ||
			!slices.EqualFunc(x.Events, y.Events, func(a, b abci.Event) bool { return a.String() == b.String() }) {
			t.Fatalf("block %d: %x and %x", b.Height, x.AppHash, y.AppHash)
		}
		one.commit(b, x)
		other.commit(b, y)
	}
}

func TestWrongHeight(t *testing.T) {
	c := newChain(t)
	if _, err := c.Commit(ctx, nil); err == nil {
		t.Error("there was nothing to commit")
	}
	b := c.next()
	b.Height = 2
	if c.accepts(b) {
		t.Error("a proposal of another height is accepted")
	}
	if _, err := c.FinalizeBlock(ctx, b); err == nil {
		t.Error("a block of another height is executed")
	}
}
