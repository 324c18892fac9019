package app

import (
	"context"
	"fmt"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/exec"
	"github.com/hallmark-ledger/hallmark/x/tx"
)

// checkState is what CheckTx asks and what it has let in since the last block.
// Commit makes a new one, and CometBFT then checks again what is left in its
// mempool, which fills it anew. (So recheck must not be turned off.)
type checkState struct {
	block  exec.Block // the next one, at the time of the last
	limits tx.Limits  // immutable
	quota  *tx.Quota
	// nonces is a branch with the windows of those who sent something, and
	// nothing else.
	nonces *store.Branch
	base   store.Reader
	// alone says that base can be read by one goroutine only: the genesis in
	// memory.
	alone bool
}

// Get and Scan make checkState a store.Reader, for lookups under a lock for
// reading. A Branch's Get may run beside others, its Scan may not; but nothing
// scans the windows, which are all that it holds.
func (s *checkState) Get(key []byte) ([]byte, bool, error) { return s.nonces.Get(key) }

// Scan implements store.Reader.
func (s *checkState) Scan(prefix, start []byte, visit store.Visit) error {
	return s.base.Scan(prefix, start, visit)
}

// resetCheck forgets what was let in. The caller holds consensus, or is New.
func (a *App) resetCheck(last time.Time) error {
	s := &checkState{}
	version, _ := a.db.Version()
	if version > 0 {
		view, err := a.db.At(version)
		if err != nil {
			return err
		}
		s.base, s.block.Height = view, version+1
	} else {
		branch, height, err := a.base()
		if err != nil {
			return err
		}
		s.base, s.block.Height, s.alone = branch, height, true
	}
	s.nonces = store.NewBranch(s.base)
	s.block.ChainID, s.block.Time = a.chain, last.UTC()
	limits, _, quota, err := a.limits(s.base, a.chain)
	if err != nil {
		return err
	}
	s.limits, s.quota = limits, tx.NewQuota(quota)
	a.checking.Lock()
	defer a.checking.Unlock()
	a.check = s
	return nil
}

// CheckTx implements abci.Application: whether a transaction may wait in the
// mempool. It is authenticated; its messages are not run, so they may yet be
// refused, with a nonce spent, in a block. It runs on all cores.
//
// A fault is answered with codeFault, not with an error, on which CometBFT would
// stop the node.
func (a *App) CheckTx(ctx context.Context, req *abci.RequestCheckTx) (res *abci.ResponseCheckTx, err error) {
	defer func() {
		if r := recover(); r != nil {
			res, err = a.checked(fmt.Errorf("panic: %v", r)), nil
		}
	}()
	return a.checked(a.checkTx(ctx, req.Tx)), nil
}

func (a *App) checked(err error) *abci.ResponseCheckTx {
	if err == nil {
		return &abci.ResponseCheckTx{GasWanted: 1}
	}
	r, ok := exec.AsRefusal(err)
	if !ok {
		a.options.Logger.Error("a transaction cannot be checked", "err", err)
		r = codeFault.Refuse("%v", err)
	}
	return &abci.ResponseCheckTx{Code: r.Code.Number, Codespace: codespace, Log: r.Error()}
}

func (a *App) checkTx(ctx context.Context, raw []byte) error {
	a.checking.RLock()
	s := a.check
	a.checking.RUnlock()
	if s == nil {
		return codeFault.Refuse("the chain has not begun")
	}
	t, err := tx.Decode(raw, s.limits)
	if err != nil {
		return err
	}
	for i, m := range t.Body().Messages {
		if m.GetAction() == nil {
			return tx.CodeNoAction.Refuse("message %d", i)
		}
	}
	admitted, err := a.admit(t)
	if err != nil {
		return err
	}
	auth, err := a.auth.Verify(ctx, admitted) // the long part, without a lock
	if err != nil {
		return err
	}
	return a.letIn(auth)
}

// admit asks the state, which may be another than that of a moment before.
func (a *App) admit(t *tx.Tx) (*tx.Admitted, error) {
	a.checking.RLock()
	if a.check.alone {
		a.checking.RUnlock()
		a.checking.Lock()
		defer a.checking.Unlock()
	} else {
		defer a.checking.RUnlock()
	}
	return a.auth.Admit(a.check, a.check.block, a.check.limits, t)
}

// letIn spends the nonce and counts the records. If a block was committed since
// the transaction was admitted, it is a matter of the next one whether its keys
// are still good; the nonce is looked at again here.
func (a *App) letIn(auth *tx.Authenticated) error {
	a.checking.Lock()
	defer a.checking.Unlock()
	if _, ok := a.condemned[auth.ID()]; ok {
		return codeFault.Refuse("this transaction could not be executed")
	}
	if err := a.check.quota.Take(auth); err != nil {
		return err
	}
	if err := auth.Spend(a.check.nonces); err != nil {
		a.check.quota.Return(auth)
		return err
	}
	return nil
}

// maxCondemned is how many transactions that cannot be executed are remembered.
const maxCondemned = 1024

// condemn keeps a transaction that faults out of the mempool, where it would be
// proposed, executed and dropped again with every block until it expires.
func (a *App) condemn(id sm3.Hash) {
	a.checking.Lock()
	defer a.checking.Unlock()
	if len(a.condemned) >= maxCondemned {
		a.condemned = map[sm3.Hash]struct{}{}
	}
	a.condemned[id] = struct{}{}
}
