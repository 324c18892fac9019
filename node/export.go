package node

import (
	"errors"
	"time"

	"github.com/cometbft/cometbft/types"

	"github.com/hallmark-ledger/hallmark/app"
)

// Export returns the state after a retained height, 0 for the newest, as the
// genesis of another chain, which begins at the height after it and goes on with
// the members, certificates and validators of this one. The node must not run.
func (c *Config) Export(height uint64, chainID string) (_ *types.GenesisDoc, err error) {
	lock, err := c.lock()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, lock.Unlock()) }()
	db, err := openStore(c)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	a, err := app.New(db, app.Options{Clock: time.Now})
	if err != nil {
		return nil, Troublef(ErrState, "%v", "状态有误：%v", err)
	}
	newest, _ := db.Version()
	if height == 0 {
		height = newest
	}
	state, err := a.Export(height)
	if err != nil {
		return nil, Troublef(ErrState, "height %d: %v; the state can be read from height %d to %d", "高度 %d：%v；可读取的高度为 %d 至 %d", height, err, db.Stats().Oldest, newest)
	}
	return NewGenesis(chainID, time.Now(), state)
}
