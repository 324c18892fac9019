package apptest

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"

	"github.com/hallmark-ledger/hallmark/app"
	"github.com/hallmark-ledger/hallmark/x/governance"
)

// blocks is how many blocks a test makes: $HALLMARK_BLOCKS, or what it asks for.
func blocks(t *testing.T, usual, short int) int {
	t.Helper()
	if s := os.Getenv("HALLMARK_BLOCKS"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal("HALLMARK_BLOCKS: ", err)
		}
		return n
	}
	if testing.Short() {
		return short
	}
	return usual
}

// seed is that of a test: $HALLMARK_SEED, or 1.
func seed(t *testing.T) uint64 {
	t.Helper()
	if s := os.Getenv("HALLMARK_SEED"); s != "" {
		n, err := strconv.ParseUint(s, 10, 64)
		if err != nil {
			t.Fatal("HALLMARK_SEED: ", err)
		}
		return n
	}
	return 1
}

// wide is a genesis in which much is possible at once: bodies approved for all
// families, short delays.
func wide() *app.Genesis {
	g := Genesis(1, 4)
	for i := range g.Member.Grants {
		g.Member.Grants[i].Schemes = []string{"A01", "A02", "B01", "B03", "C01"}
	}
	p := governance.DefaultParams()
	p.KeyDelaySeconds = 60
	g.Governance.Parameters = &p
	return g
}

func newNetwork(t testing.TB, g *app.Genesis, o Options) *Network {
	t.Helper()
	net, err := New(context.Background(), g, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := net.Close(); err != nil {
			t.Error(err)
		}
	})
	return net
}

// pace is the time to the next block: mostly short, sometimes days or months, so
// that what is due by time comes.
func pace(r *rand.Rand) time.Duration {
	switch r.IntN(12) {
	case 0:
		return time.Duration(1+r.IntN(72)) * time.Hour
	case 1:
		return time.Duration(1+r.IntN(40)) * 24 * time.Hour
	}
	return time.Duration(1+r.IntN(5000)) * time.Millisecond
}

// TestOneRoot gives ten nodes the same random blocks, with calls of CheckTx in
// different orders, proposals that lead to nothing, and crashes at different
// points. All answers are compared on the way.
func TestOneRoot(t *testing.T) {
	ctx := context.Background()
	net := newNetwork(t, wide(), Options{Nodes: 10, Seed: seed(t), Noise: true, Crashes: 120, CheckEvery: 50})
	r := rand.New(rand.NewPCG(seed(t), 7))
	g := &Gen{Choose: r.IntN}
	var done, refused int
	for range blocks(t, 1000, 60) {
		after := pace(r)
		g.Now, g.Height = net.Now().Add(after), net.Height()+1
		pool := [][]byte{[]byte("garbage")}
		for range r.IntN(6) {
			pool = append(pool, g.Tx().Sign())
		}
		res, err := net.Propose(ctx, after, pool, g.misbehaviour()...)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range res.TxResults {
			if x.Code == 0 {
				done++
			} else {
				refused++
			}
		}
	}
	t.Logf("%d transactions, and %d refused, after height %d: root %x", done, refused, net.Height(), net.Root())
	if done == 0 || refused == 0 {
		t.Error("nothing was done, or nothing refused")
	}
	if err := net.Same(); err != nil {
		t.Error(err)
	}
}

// misbehaviour is what CometBFT reports of validators, sometimes.
func (g *Gen) misbehaviour() []abci.Misbehavior {
	if !g.one(20) {
		return nil
	}
	key := ConsensusKey(g.Choose(6))
	address := consensusAddress(key)
	return []abci.Misbehavior{{
		Type: abci.MisbehaviorType(g.Choose(3)), Validator: abci.Validator{Address: address, Power: 10},
		Height: max(1, g.Height-1), Time: g.Now, TotalVotingPower: 40,
	}}
}

// TestNothingDue: a block without transactions in which nothing is due leaves
// the root as it was, whatever is in the state.
func TestNothingDue(t *testing.T) {
	ctx := context.Background()
	net := newNetwork(t, wide(), Options{CheckEvery: 1})
	r := rand.New(rand.NewPCG(3, 3))
	g := &Gen{Choose: r.IntN}
	for range blocks(t, 30, 10) {
		g.Now, g.Height = net.Now().Add(time.Second), net.Height()+1
		if _, err := net.Run(ctx, net.Next(time.Second, g.Tx().Sign(), g.Tx().Sign())); err != nil {
			t.Fatal(err)
		}
		before := net.Root()
		for range 2 {
			if _, err := net.Run(ctx, net.Next(time.Millisecond)); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(before, net.Root()) {
				t.Fatalf("height %d: an empty block changes the root", net.Height())
			}
		}
	}
}

// TestCrashEverywhere crashes one of two nodes before every call of every block.
func TestCrashEverywhere(t *testing.T) {
	ctx := context.Background()
	net := newNetwork(t, wide(), Options{Nodes: 2, Seed: 5, Noise: true, Crashes: 1, CheckEvery: 1})
	r := rand.New(rand.NewPCG(5, 5))
	g := &Gen{Choose: r.IntN}
	for range blocks(t, 8, 4) {
		after := pace(r)
		g.Now, g.Height = net.Now().Add(after), net.Height()+1
		pool := [][]byte{g.Tx().Sign(), g.Tx().Sign()}
		if _, err := net.Propose(ctx, after, pool); err != nil {
			t.Fatal(err)
		}
	}
	if err := net.Same(); err != nil {
		t.Error(err)
	}
}

// TestComparison: the network sees what it is there to see.
func TestComparison(t *testing.T) {
	b := &Block{Request: &abci.RequestFinalizeBlock{Height: 1}}
	if err := b.compare(&abci.ResponseFinalizeBlock{AppHash: []byte{1}}); err != nil {
		t.Error(err)
	}
	if b.compare(&abci.ResponseFinalizeBlock{AppHash: []byte{2}}) == nil {
		t.Error("another root passes")
	}
	if b.compare(&abci.ResponseFinalizeBlock{AppHash: []byte{1}, TxResults: []*abci.ExecTxResult{{Code: 1}}}) == nil {
		t.Error("another result passes")
	}
	p := &round{honest: true}
	if p.answered(false) == nil || p.answered(true) != nil || p.answered(false) == nil {
		t.Error("answers to a proposal that differ pass")
	}
	comet, err := NewComet(1, []abci.ValidatorUpdate{abci.Ed25519ValidatorUpdate(consensus(0), 10)})
	if err != nil {
		t.Fatal(err)
	}
	net := newNetwork(t, Genesis(1, 1), Options{})
	if _, err := net.Run(context.Background(), net.Next(time.Second)); err != nil {
		t.Fatal(err)
	}
	view, err := net.View()
	if err != nil {
		t.Fatal(err)
	}
	for name, u := range map[string]abci.ValidatorUpdate{
		"an empty set": abci.Ed25519ValidatorUpdate(consensus(0), 0),
		"negative":     abci.Ed25519ValidatorUpdate(consensus(0), -1),
		"not there":    abci.Ed25519ValidatorUpdate(consensus(1), 0),
		"too much":     abci.Ed25519ValidatorUpdate(consensus(1), 1<<62),
		"not ours":     abci.Ed25519ValidatorUpdate(consensus(1), 1),
	} {
		c := *comet
		if err := c.Apply(view, 1, []abci.ValidatorUpdate{u}); err == nil {
			t.Errorf("%s: CometBFT takes it", name)
		}
	}
	c := *comet
	if err := errors.Join(c.Apply(view, 1, nil), c.Apply(view, 2, nil)); err != nil {
		t.Error(err)
	}
}
