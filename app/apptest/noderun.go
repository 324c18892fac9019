package apptest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"

	abci "github.com/cometbft/cometbft/abci/types"

	"github.com/hallmark-ledger/hallmark/store/engine"
)

// nodeRun is a node on its way through a height. Between two of its ABCI calls it
// may crash.
type nodeRun struct {
	node   *Node
	ctx    context.Context
	rand   *rand.Rand
	rounds []*round
	last   *round // the one that is decided
	block  *Block
	pool   [][]byte

	beside sync.WaitGroup // calls of other connections, under way
	failed error          // what they met; read after beside
}

// hear is what comes before the decision.
func (r *nodeRun) hear() error {
	r.noise()
	for _, i := range r.rand.Perm(len(r.rounds)) {
		if r.rand.IntN(4) == 0 {
			continue // it did not hear of that round
		}
		if err := r.call(func() error { return r.ask(r.rounds[i]) }); err != nil {
			return err
		}
	}
	return nil
}

// take takes the node through the block that is decided.
func (r *nodeRun) take() error {
	alone := len(r.node.net.Nodes) == 1
	steps := []func() error{
		func() error {
			if r.rand.IntN(4) == 0 && !alone {
				return nil // it catches up, and is not asked
			}
			return r.ask(r.last)
		},
		func() error { return r.node.finalize(r.ctx, r.block) },
		func() error {
			if r.rand.IntN(4) > 0 {
				return nil
			}
			return r.node.finalize(r.ctx, r.block) // CometBFT may give it twice
		},
		func() error { return r.node.commit(r.ctx, r.block) },
		func() error { return nil },
	}
	for _, step := range steps {
		err := r.call(func() error {
			if r.node.height >= r.block.Request.Height {
				return nil // a crash has led through the block
			}
			return step()
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// ask asks the node about a proposal.
func (r *nodeRun) ask(p *round) error {
	accepted, err := r.node.process(r.ctx, p.block)
	if err != nil {
		return err
	}
	return p.answered(accepted)
}

// call makes an ABCI call, before which the node may crash.
func (r *nodeRun) call(f func() error) error {
	if every := r.node.net.options.Crashes; every > 0 && r.rand.IntN(every) == 0 {
		if err := r.quiet(); err != nil {
			return err
		}
		if err := r.node.Crash(r.ctx); err != nil {
			return fmt.Errorf("after a crash: %w", err)
		}
		r.noise()
	}
	return f()
}

// noise begins calls of other connections, which go on beside those of the
// consensus.
func (r *nodeRun) noise() {
	if !r.node.net.options.Noise {
		return
	}
	app := r.node.App
	own := rand.New(rand.NewPCG(r.rand.Uint64(), 0))
	r.beside.Go(func() {
		for _, i := range own.Perm(len(r.pool)) {
			raw := r.pool[i]
			switch own.IntN(4) {
			case 0:
				continue
			case 1:
				if _, err := app.Rehearse(r.ctx, raw); err != nil && !errors.Is(err, engine.ErrVersionGone) {
					r.failed = fmt.Errorf("rehearsal: %w", err)
					return
				}
				fallthrough
			default:
				if res, err := app.CheckTx(r.ctx, &abci.RequestCheckTx{Tx: raw, Type: abci.CheckTxType(own.IntN(2))}); err != nil || res.Code >= 900 {
					r.failed = fmt.Errorf("CheckTx: %v, %w", res, err)
					return
				}
			}
		}
		if res, err := app.Query(r.ctx, &abci.RequestQuery{Path: "/store/key", Data: []byte("\x08c"), Prove: true}); err != nil || len(res.Value) == 0 && res.Code != 902 {
			r.failed = fmt.Errorf("query: %v, %w", res, err)
		}
	})
}

// quiet waits for the calls of other connections.
func (r *nodeRun) quiet() error {
	r.beside.Wait()
	return r.failed
}
