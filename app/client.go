package app

import (
	"context"
	"sync" //determinism:ok locks order calls; what a block does is decided by one goroutine

	abcicli "github.com/cometbft/cometbft/abci/client"
	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/cometbft/cometbft/libs/service"
)

// Clients makes the ABCI clients of a node that runs the application in its own
// process: proxy.ClientCreator. CometBFT's own local clients hold a lock over
// each call; these hold none, since the application has locks of its own, so
// CheckTx, Info and Query run on all cores.
type Clients struct{ App *App }

// NewABCIClient implements proxy.ClientCreator.
func (c Clients) NewABCIClient() (abcicli.Client, error) {
	cli := &client{App: c.App}
	cli.BaseService = *service.NewBaseService(nil, "hallmark client", cli)
	return cli, nil
}

// client calls the application on the caller's goroutine.
type client struct {
	service.BaseService
	*App

	mu       sync.Mutex // guards callback, and is held while it runs
	callback abcicli.Callback
}

var _ abcicli.Client = (*client)(nil)

// Error, Flush and Echo implement abcicli.Client. Nothing ever waits.
func (*client) Error() error { return nil }

func (*client) Flush(context.Context) error { return nil }

func (*client) Echo(_ context.Context, msg string) (*abci.ResponseEcho, error) {
	return &abci.ResponseEcho{Message: msg}, nil
}

// SetResponseCallback implements abcicli.Client.
func (c *client) SetResponseCallback(callback abcicli.Callback) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.callback = callback
}

// CheckTxAsync implements abcicli.Client: when it returns, the callback has run.
// Many goroutines may be in it; callbacks run one at a time, as the mempool
// expects.
func (c *client) CheckTxAsync(ctx context.Context, req *abci.RequestCheckTx) (*abcicli.ReqRes, error) {
	res, err := c.CheckTx(ctx, req)
	if err != nil {
		return nil, err
	}
	rr := abcicli.NewReqRes(abci.ToRequestCheckTx(req))
	rr.Response = abci.ToResponseCheckTx(res)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.callback != nil {
		c.callback(rr.Request, rr.Response)
	}
	rr.InvokeCallback() // so that one set later is called at once
	return rr, nil
}
