package app

import (
	"context"
	"fmt"
	"math/bits"
	"slices"

	abci "github.com/cometbft/cometbft/abci/types"

	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/tx"
)

// PrepareProposal implements abci.Application: of the transactions that wait it
// takes those that ProcessProposal will accept, in their order. One that is left
// out stays in the mempool until it is checked again. If what is due by time
// cannot be done with them, the block is proposed without any. What was executed
// is kept for ProcessProposal, which the proposer is asked too.
func (a *App) PrepareProposal(ctx context.Context, req *abci.RequestPrepareProposal) (*abci.ResponsePrepareProposal, error) {
	a.consensus.Lock()
	defer a.consensus.Unlock()
	a.prepared = nil
	start := a.options.Clock()
	res := &abci.ResponsePrepareProposal{}
	e, err := a.begin(input{height: req.Height, time: req.Time, misbehaviour: req.Misbehavior})
	if err != nil {
		return nil, err
	}
	txs, _, err := e.decode(req.Txs)
	if err != nil {
		return nil, err
	}
	start = a.lap(&e.took.verify, start)
	verified := e.verifyAhead(ctx, txs)
	defer verified.end()
	size := int64(0)
	for i, t := range txs {
		n := sizeInBlock(len(req.Txs[i]))
		if t == nil || size+n > req.MaxTxBytes {
			continue
		}
		if err := verified.wait(i); err != nil {
			return nil, err
		}
		if !e.try(ctx, t) {
			continue
		}
		res.Txs = append(res.Txs, req.Txs[i])
		size += n
	}
	if err := harmless(e.end); err != nil {
		a.options.Logger.Error("the block is proposed without transactions: what is due cannot be done with them", "height", req.Height, "err", err)
		res.Txs = nil
		return res, nil
	}
	a.lap(&e.took.execute, start)
	e.took.waited(verified.waited)
	e.input.txs = slices.Clone(res.Txs) // the slice is CometBFT's from here on
	a.prepared = e
	return res, nil
}

// sizeInBlock is what a transaction of n bytes takes of a block: protobuf writes
// a tag and the length before it.
func sizeInBlock(n int) int64 {
	return int64(1 + (bits.Len64(uint64(n)|1)+6)/7 + n)
}

// try delivers t and reports whether it may stand in a proposal. Otherwise it
// has changed nothing, not even a nonce: what comes after it must be good without
// it. If it is fit, e is as if it had come in a whole block. One that faults or panics is not let into the mempool again.
func (e *execution) try(ctx context.Context, t *tx.Tx) (fit bool) {
	state := store.NewBranch(e.state)
	var result *abci.ExecTxResult
	err := harmless(func() (err error) {
		result, fit, err = e.deliver(ctx, state, t)
		if err == nil && fit {
			err = state.Write()
		}
		return err
	})
	if err != nil {
		e.app.options.Logger.Error("a transaction cannot be executed", "tx", t.ID().String(), "err", err)
		e.app.condemn(t.ID())
	}
	if err != nil || !fit {
		return false
	}
	e.txs, e.results = append(e.txs, t), append(e.results, result)
	return true
}

// harmless makes a panic of f an error. It is for proposals and rehearsals, which
// can be dropped, and never for a decided block.
func harmless(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("app: panic: %v", r)
		}
	}()
	return f()
}

// ProcessProposal implements abci.Application: it executes the block on a branch
// and keeps the result for FinalizeBlock. It refuses a block that faults or
// panics, and one with a transaction that PrepareProposal would have left out.
func (a *App) ProcessProposal(ctx context.Context, req *abci.RequestProcessProposal) (*abci.ResponseProcessProposal, error) {
	a.consensus.Lock()
	defer a.consensus.Unlock()
	in := input{req.Hash, req.Height, req.Time, req.Txs, req.Misbehavior}
	if a.processed != nil && a.processed.input.equal(in) {
		return &abci.ResponseProcessProposal{Status: abci.ResponseProcessProposal_ACCEPT}, nil
	}
	err := harmless(func() error { return a.process(ctx, in) })
	if err != nil {
		a.options.Logger.Warn("a proposal is refused", "height", req.Height, "proposer", fmt.Sprintf("%X", req.ProposerAddress), "err", err)
		return &abci.ResponseProcessProposal{Status: abci.ResponseProcessProposal_REJECT}, nil
	}
	return &abci.ResponseProcessProposal{Status: abci.ResponseProcessProposal_ACCEPT}, nil
}

// process executes a proposal and returns why it is refused.
func (a *App) process(ctx context.Context, in input) error {
	if e := a.prepared; e != nil && e.input.alike(in) { // our own: all in it is fit
		e.input.hash = in.hash
		a.prepared, a.processed = nil, e
		return nil
	}
	e, err := a.execute(ctx, in)
	if err != nil {
		return err
	}
	for i, r := range e.results {
		if r.Code != 0 && r.Data == nil { // not run
			return fmt.Errorf("app: transaction %d: %s", i, r.Log)
		}
	}
	a.processed = e
	return nil
}

// equal reports whether in and other are one block.
func (in input) equal(other input) bool {
	return len(in.hash) > 0 && slices.Equal(in.hash, other.hash) && in.alike(other)
}

// alike reports whether two blocks have the same effect on the same state. What
// their hashes are does not matter to it.
func (in input) alike(other input) bool {
	return in.height == other.height && in.time.Equal(other.time) &&
		slices.EqualFunc(in.txs, other.txs, slices.Equal[[]byte]) &&
		slices.EqualFunc(in.misbehaviour, other.misbehaviour, sameMisbehaviour)
}

func sameMisbehaviour(m, n abci.Misbehavior) bool {
	return m.Type == n.Type && slices.Equal(m.Validator.Address, n.Validator.Address) && m.Validator.Power == n.Validator.Power &&
		m.Height == n.Height && m.Time.Equal(n.Time) && m.TotalVotingPower == n.TotalVotingPower
}
