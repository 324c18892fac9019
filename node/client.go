package node

import (
	"context"
	"errors"

	abcicli "github.com/cometbft/cometbft/abci/client"
	abci "github.com/cometbft/cometbft/abci/types"

	"github.com/hallmark-ledger/hallmark/app"
)

// clients makes the application's ABCI clients and lets the node see what goes
// through them.
type clients struct {
	app.Clients
	node *Node
}

// NewABCIClient implements proxy.ClientCreator.
func (c clients) NewABCIClient() (abcicli.Client, error) {
	cli, err := c.Clients.NewABCIClient()
	return &client{cli, c.node}, err
}

type client struct {
	abcicli.Client
	node *Node
}

// CheckTxAsync implements abcicli.Client.
func (c *client) CheckTxAsync(ctx context.Context, req *abci.RequestCheckTx) (*abcicli.ReqRes, error) {
	rr, err := c.Client.CheckTxAsync(ctx, req)
	if err == nil {
		c.node.pending.checked(req.Tx, rr.Response.GetCheckTx().IsOK())
	}
	return rr, err
}

// InitChain implements abcicli.Client.
func (c *client) InitChain(ctx context.Context, req *abci.RequestInitChain) (*abci.ResponseInitChain, error) {
	res, err := c.Client.InitChain(ctx, req)
	if err != nil {
		err = Troublef(ErrGenesis, "%v", "创世文件有误：%v", err)
		c.node.fail(err)
	}
	return res, err
}

// FinalizeBlock implements abcicli.Client. CometBFT panics on an error of it, or
// halts; so the reason is kept first.
func (c *client) FinalizeBlock(ctx context.Context, req *abci.RequestFinalizeBlock) (*abci.ResponseFinalizeBlock, error) {
	res, err := c.Client.FinalizeBlock(ctx, req)
	if err != nil {
		c.node.fail(blockTrouble(req.Height, err))
	}
	return res, err
}

// Commit implements abcicli.Client.
func (c *client) Commit(ctx context.Context, req *abci.RequestCommit) (*abci.ResponseCommit, error) {
	res, err := c.Client.Commit(ctx, req)
	if err != nil {
		version, _ := c.node.db.Version()
		c.node.fail(blockTrouble(int64(version)+1, err))
	}
	return res, err
}

func blockTrouble(height int64, err error) error {
	if errors.Is(err, app.ErrUpgrade) {
		return Troublef(ErrUpgrade, "block %d: %v. Install the program that has this version and start it on the same home", "区块 %d：%v。请安装具有该版本的程序，并在同一目录启动", height, err)
	}
	return Troublef(ErrFault, "block %d could not be executed or written: %v. Nothing of it was kept. See to the cause (disk full? damaged?) and start again", "区块 %d 无法执行或写入：%v。该区块未留下任何内容。请排除原因（磁盘已满或损坏？）后重新启动", height, err)
}
