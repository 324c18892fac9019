package node

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/cometbft/cometbft/mempool"

	"github.com/hallmark-ledger/hallmark/node/api"
)

// Submit implements api.Backend. The mempool's call cannot be broken off; it
// takes as long as one check.
func (n *Node) Submit(ctx context.Context, raw []byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	var res *abci.ResponseCheckTx // the application answers before CheckTx returns
	err := n.comet.Mempool().CheckTx(raw, func(r *abci.ResponseCheckTx) { res = r }, mempool.TxInfo{})
	_, full := errors.AsType[mempool.ErrMempoolIsFull](err)
	switch {
	case errors.Is(err, mempool.ErrTxInCache):
		return n.submitAgain(ctx, raw)
	case full, errors.Is(err, mempool.ErrRecheckFull):
		return fmt.Errorf("%w: %w", api.ErrBusy, err)
	case err != nil:
		return err
	case !res.IsOK():
		return &api.SubmitError{Code: res.Code, Log: res.Log}
	case n.dropped(raw):
		return fmt.Errorf("%w: it filled up meanwhile", api.ErrBusy)
	}
	return nil
}

// submitAgain says what becomes of a transaction that the mempool has seen: it
// waits, or was in a block, in which case the application refuses it.
func (n *Node) submitAgain(ctx context.Context, raw []byte) error {
	if id, err := idOf(raw); err == nil && n.pending.has(id) {
		return api.ErrPending
	}
	res, err := n.app.CheckTx(ctx, &abci.RequestCheckTx{Tx: raw})
	switch {
	case err != nil:
		return err
	case !res.IsOK():
		return &api.SubmitError{Code: res.Code, Log: res.Log}
	}
	return api.ErrPending // it came in between
}

// dropped reports whether the mempool, which looks once more whether it is full
// after the check, left out a transaction that passed; it does not tell.
func (n *Node) dropped(raw []byte) bool {
	pool, c := n.comet.Mempool(), n.config.Mempool
	if pool.Size() < c.MaxTransactions && pool.SizeBytes()+int64(len(raw)) <= int64(c.MaxBytes) {
		return false
	}
	for _, t := range pool.ReapMaxTxs(-1) {
		if bytes.Equal(t, raw) {
			return false
		}
	}
	if id, err := idOf(raw); err == nil {
		n.pending.forget(id)
	}
	return true
}
