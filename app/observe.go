package app

import (
	"time"

	abci "github.com/cometbft/cometbft/abci/types"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/x/exec"
	"github.com/hallmark-ledger/hallmark/x/tx"
)

// Observer is told of every block when its version is durable, in order of
// height, once each. A block that was durable before the program started is not
// told again. Consensus waits for it: it must return at once, and must neither
// call the App nor change what it is given.
type Observer interface {
	Committed(*Observation)
}

// Observation is what an Observer is told. How long the parts took is by
// Options.Clock.
type Observation struct {
	Block   exec.Block
	Root    sm3.Hash             // of the state after the block
	Txs     []*tx.Tx             // nil where the bytes were no transaction
	Results []*abci.ExecTxResult // of each transaction
	Events  []abci.Event         // of no transaction

	Verify  time.Duration // decoding, and waiting for curve arithmetic that was not done before
	Execute time.Duration // authentication against the state, messages, what is due by time
	Stage   time.Duration // computing the root
	Commit  time.Duration // making the version durable
}

// durations are those of an Observation.
type durations struct{ verify, execute, root, commit time.Duration }

// waited says that a part of the time for execution went in waiting for signatures
// to be verified.
func (d *durations) waited(t time.Duration) {
	d.verify += t
	d.execute -= t
}

// lap sets d to the time since start, and returns the time now.
func (a *App) lap(d *time.Duration, start time.Time) (now time.Time) {
	now = a.options.Clock()
	*d = now.Sub(start)
	return now
}

// observe tells the observer of a block. The caller holds consensus.
func (a *App) observe(e *execution, root sm3.Hash) {
	if a.options.Observer == nil {
		return
	}
	a.options.Observer.Committed(&Observation{
		Block: e.block, Root: root, Txs: e.txs, Results: e.results, Events: e.events,
		Verify: e.took.verify, Execute: e.took.execute, Stage: e.took.root, Commit: e.took.commit,
	})
}
