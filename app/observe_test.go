package app_test

import (
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/app"
	"github.com/hallmark-ledger/hallmark/app/apptest"
)

// observer keeps what it was told.
type observer []*app.Observation

func (o *observer) Committed(b *app.Observation) { *o = append(*o, b) }

// TestObserver: a block is told once, when it is durable, with what became of
// its transactions and how long the parts took.
func TestObserver(t *testing.T) {
	var seen observer
	c := newChain(t)
	clock := c.now
	options := app.Options{Observer: &seen, Clock: func() time.Time {
		clock = clock.Add(time.Millisecond)
		return clock
	}}
	a, err := app.New(c.db, options)
	if err != nil {
		t.Fatal(err)
	}
	c.App = a
	if _, err := c.InitChain(ctx, initRequest(t, apptest.Genesis(1, 4))); err != nil {
		t.Fatal(err)
	}
	b := c.next(issue(1, "A1"), []byte("garbage"))
	c.finalize(b)
	res := c.finalize(b) // CometBFT may give it twice
	if len(seen) != 0 {
		t.Fatal("told before it was durable")
	}
	c.commit(b, res)
	c.run(issue(2, "A2")) // executed when it was proposed

	if len(seen) != 2 || seen[0].Block.Height != 1 || seen[1].Block.Height != 2 {
		t.Fatalf("%d blocks were told, want heights 1 and 2", len(seen))
	}
	o := seen[0]
	if string(o.Root[:]) != string(res.AppHash) {
		t.Errorf("root %x, want %x", o.Root, res.AppHash)
	}
	if len(o.Txs) != 2 || len(o.Results) != 2 || o.Txs[0] == nil || o.Txs[1] != nil || o.Results[0].Code != 0 || o.Results[1].Code == 0 {
		t.Errorf("transactions %v, results %v", o.Txs, o.Results)
	}
	for _, o := range seen {
		for part, took := range map[string]time.Duration{"verify": o.Verify, "execute": o.Execute, "stage": o.Stage, "commit": o.Commit} {
			if took <= 0 {
				t.Errorf("height %d: %s took %v", o.Block.Height, part, took)
			}
		}
	}
}
