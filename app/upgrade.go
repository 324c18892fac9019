package app

import (
	"errors"
	"fmt"

	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"

	"github.com/hallmark-ledger/hallmark/store"
)

// ErrUpgrade: from this block on the regulators have decided on rules that this
// program does not have. The operator installs the program that has them, and
// starts it on the same data.
var ErrUpgrade = errors.New("app: this height needs another version of the program")

// versionAt returns the version of the rules for a height. r is the state before
// it, or any later one.
func (a *App) versionAt(r store.Reader, height uint64) (uint64, error) {
	version := uint64(1)
	for at := uint64(0); ; {
		u, ok, err := a.modules.Governance.NextUpgrade(r, at)
		if err != nil || !ok || u.Height > height {
			return version, err
		}
		version, at = u.AppVersion, u.Height
	}
}

// checkVersion stops a node that does not know the rules of this block.
func (e *execution) checkVersion() error {
	version, err := e.app.versionAt(e.state, e.block.Height)
	if err == nil && version != Version {
		err = fmt.Errorf("%w: height %d has version %d, this program has %d", ErrUpgrade, e.block.Height, version, Version)
	}
	return err
}

// scheduleVersion tells CometBFT of another version of the rules for the next
// block, whose header names it.
func (e *execution) scheduleVersion() error {
	u, ok, err := e.app.modules.Governance.UpgradeAt(e.state, e.block.Height+1)
	if err == nil && ok {
		e.params = &cmtproto.ConsensusParams{Version: &cmtproto.VersionParams{App: u.AppVersion}}
	}
	return err
}
