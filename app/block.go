package app

import (
	"context"
	"fmt"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"

	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/exec"
	"github.com/hallmark-ledger/hallmark/x/tx"
	"github.com/hallmark-ledger/hallmark/x/validator"
)

// input is all that the execution of a block depends on, beside the state.
type input struct {
	hash         []byte // empty in PrepareProposal
	height       int64
	time         time.Time
	txs          [][]byte
	misbehaviour []abci.Misbehavior
}

// execution is a block on its way, or executed. One goroutine uses it.
type execution struct {
	input  input
	app    *App
	block  exec.Block
	state  *store.Branch // all that the next version changes
	limits tx.Limits     // of the state before
	quota  *tx.Quota
	txs    []*tx.Tx // of a whole block; nil where one could not be decoded
	took   durations

	// What CometBFT is told.
	results []*abci.ExecTxResult
	events  []abci.Event
	updates []abci.ValidatorUpdate
	params  *cmtproto.ConsensusParams
}

// begin starts a block on the newest state. An error is a fault.
func (a *App) begin(in input) (*execution, error) {
	state, height, err := a.base()
	if err != nil {
		return nil, err
	}
	if in.height < 0 || uint64(in.height) != height {
		return nil, fmt.Errorf("app: block %d was given, %d is next", in.height, height)
	}
	limits, quota, _, err := a.limits(state, a.chain)
	if err != nil {
		return nil, err
	}
	e := &execution{
		input: in, app: a, state: state, limits: limits, quota: tx.NewQuota(quota),
		block: exec.Block{ChainID: a.chain, Height: height, Time: in.time.UTC()},
	}
	if err := e.checkVersion(); err != nil {
		return nil, err
	}
	return e, e.step(e.recordMisbehaviour)
}

// execute executes a whole block. An error is a fault.
func (a *App) execute(ctx context.Context, in input) (*execution, error) {
	start := a.options.Clock()
	e, err := a.begin(in)
	if err != nil {
		return nil, err
	}
	txs, refusals, err := e.decode(in.txs)
	if err != nil {
		return nil, err
	}
	e.txs = txs
	start = a.lap(&e.took.verify, start)
	verified := e.verifyAhead(ctx, txs)
	defer verified.end()
	e.results = make([]*abci.ExecTxResult, len(txs))
	for i, t := range txs {
		if t == nil {
			e.results[i] = refused(refusals[i])
			continue
		}
		if err := verified.wait(i); err != nil {
			return nil, err
		}
		if e.results[i], _, err = e.deliver(ctx, e.state, t); err != nil {
			return nil, err
		}
	}
	if err := e.end(); err != nil {
		return nil, err
	}
	a.lap(&e.took.execute, start)
	e.took.waited(verified.waited)
	return e, nil
}

// decode decodes transactions: each is nil, or its refusal is. An error is a
// fault.
func (e *execution) decode(raw [][]byte) (txs []*tx.Tx, refusals []error, err error) {
	txs, refusals = make([]*tx.Tx, len(raw)), make([]error, len(raw))
	err = parallel(len(raw), func(i int) { txs[i], refusals[i] = tx.Decode(raw[i], e.limits) })
	return txs, refusals, err
}

// verify verifies those signatures of txs, of which some may be nil, that were not
// seen yet, on all cores. An error is a fault.
func (e *execution) verify(ctx context.Context, txs []*tx.Tx) error {
	list := make([]*tx.Tx, 0, len(txs))
	for _, t := range txs {
		if t != nil {
			list = append(list, t)
		}
	}
	_, err := e.app.auth.Cache.Verify(ctx, list)
	return err
}

// deliver executes one transaction. It is the only way in which one changes the
// state. fit says that it may stand in a proposal: it was authenticated and
// within the quota. An error is a fault, and nothing is changed then.
func (e *execution) deliver(ctx context.Context, state store.ReadWriter, t *tx.Tx) (result *abci.ExecTxResult, fit bool, err error) {
	results, err := e.app.auth.Deliver(ctx, state, e.block, e.limits, e.quota, t, e.app.modules.dispatch)
	if _, ok := exec.AsRefusal(err); err != nil && !ok {
		return nil, false, err
	}
	if results == nil {
		return refused(err), false, nil
	}
	result, err = done(t, results, err)
	return result, true, err
}

// end does what is due by time.
func (e *execution) end() error {
	m := e.app.modules
	for _, f := range []func(c *exec.Context) error{m.Governance.EndBlock, e.handOver, m.Certificate.EndBlock} {
		if err := e.step(f); err != nil {
			return err
		}
	}
	return e.scheduleVersion()
}

// step does a part of the block that belongs to no transaction.
func (e *execution) step(f func(c *exec.Context) error) error {
	c := &exec.Context{Block: e.block, Store: e.state}
	if err := f(c); err != nil {
		return err
	}
	e.events = append(e.events, events(c.Events())...)
	return nil
}

// handOver tells CometBFT of changes to the validators that are due.
func (e *execution) handOver(c *exec.Context) error {
	updates, err := e.app.modules.Validator.EndBlock(c)
	e.updates = validatorUpdates(updates)
	return err
}

func validatorUpdates(list []validator.Update) (updates []abci.ValidatorUpdate) {
	for _, u := range list {
		updates = append(updates, abci.Ed25519ValidatorUpdate(u.Key[:], u.Power))
	}
	return updates
}

// recordMisbehaviour keeps what CometBFT has proven. Kinds that it does not have
// today are left out.
func (e *execution) recordMisbehaviour(c *exec.Context) error {
	for _, m := range e.input.misbehaviour {
		kind := validator.Kind(m.Type)
		if kind != validator.DuplicateVote && kind != validator.LightClientAttack || len(m.Validator.Address) != len(validator.Address{}) {
			continue
		}
		o := validator.Offence{Address: validator.Address(m.Validator.Address), Height: uint64(m.Height), Kind: kind}
		v := validator.Misbehaviour{Time: m.Time.UTC(), Power: uint64(m.Validator.Power), TotalPower: uint64(m.TotalVotingPower)}
		if err := e.app.modules.Validator.RecordMisbehaviour(c, o, v); err != nil {
			return err
		}
	}
	return nil
}
