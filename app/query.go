package app

import (
	"context"
	"fmt"

	abci "github.com/cometbft/cometbft/abci/types"
	cmtcrypto "github.com/cometbft/cometbft/proto/tendermint/crypto"

	"github.com/hallmark-ledger/hallmark/store/engine"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// Reader reads the state after one height: raw (Get, Scan, Prove, Root) and with
// the questions of the modules, each of which takes the Reader:
//
//	facts, ok, err := r.Member.Member(r, "cqc")
//
// It holds nothing and may be used by many goroutines. Its errors match
// engine.ErrVersionGone once the height is no longer retained.
type Reader struct {
	engine.View
	*Modules
}

// Height returns the height of the block after which the state is read.
func (r *Reader) Height() uint64 { return r.Version() }

// View returns a reader of the state after a block, 0 for the newest. The error
// is engine.ErrVersionGone if it is not retained.
func (a *App) View(height uint64) (*Reader, error) {
	if height == 0 {
		height, _ = a.db.Version()
	}
	if height == 0 {
		return nil, fmt.Errorf("app: there is no block yet: %w", engine.ErrVersionGone)
	}
	view, err := a.db.At(height)
	if err != nil {
		return nil, err
	}
	return &Reader{view, a.modules}, nil
}

// Query implements abci.Application. It has one path:
//
//	/store/key  data: the key; height: of the block, 0 for the newest; prove
//
// The answer has the value, none if the key is absent, and, if asked, its proof:
// one operator of type ProofOpState, for the app hash in the header of the next
// height. Everything else that can be asked is asked through View.
func (a *App) Query(_ context.Context, req *abci.RequestQuery) (*abci.ResponseQuery, error) {
	res, err := a.query(req)
	if err != nil {
		r, ok := exec.AsRefusal(err)
		if !ok {
			r = codeFault.Refuse("%v", err)
		}
		return &abci.ResponseQuery{Code: r.Code.Number, Codespace: codespace, Log: r.Error(), Height: req.Height}, nil
	}
	return res, nil
}

func (a *App) query(req *abci.RequestQuery) (*abci.ResponseQuery, error) {
	if req.Path != "/store/key" {
		return nil, codePath.Refuse("%.100q", req.Path)
	}
	if req.Height < 0 {
		return nil, codeHeight.Refuse("height %d", req.Height)
	}
	r, err := a.View(uint64(req.Height))
	if err != nil {
		return nil, codeHeight.Refuse("height %d: %v", req.Height, err)
	}
	res := &abci.ResponseQuery{Key: req.Data, Height: int64(r.Height())}
	if !req.Prove {
		res.Value, _, err = r.Get(req.Data)
		return res, err
	}
	value, ok, proof, err := r.Prove(req.Data)
	if err != nil {
		return nil, err
	}
	if ok {
		res.Value = value
	}
	res.ProofOps = &cmtcrypto.ProofOps{Ops: []cmtcrypto.ProofOp{StateOp{Key: req.Data, Proof: proof}.ProofOp()}}
	return res, nil
}
