package node

import (
	"context"
	"runtime/debug"
	"time"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/app"
	"github.com/hallmark-ledger/hallmark/x/validator"
)

// Status implements api.Backend of node/api.
func (n *Node) Status(context.Context) (*api.Status, error) {
	version, root := n.db.Version()
	s := &api.Status{
		ChainID: n.genesis.ChainID, NodeID: string(n.comet.NodeInfo().ID()), Moniker: n.config.Node.Name,
		Version: Version(), AppVersion: app.Version, Height: version, StateRoot: root.String(),
		CatchingUp: n.comet.ConsensusReactor().WaitSync(),
		Peers:      n.comet.Switch().Peers().Size(), Mempool: n.comet.Mempool().Size(), Now: time.Now().UTC(),
	}
	if version == 0 {
		return s, nil
	}
	s.Earliest = n.db.Stats().Oldest
	var err error
	if s.Time, err = n.BlockTime(version); err != nil {
		return nil, err
	}
	s.Validator, err = n.validatorName(version)
	return s, err
}

// validatorName returns the name of the validator that the node is in the set
// that decides the block after a height, empty if it is none.
func (n *Node) validatorName(height uint64) (string, error) {
	r, err := n.app.View(height)
	if err != nil {
		return "", err
	}
	set, err := r.Validator.SetAt(r, height+1)
	if err != nil {
		return "", err
	}
	key, err := n.comet.PrivValidator().GetPubKey()
	if err != nil {
		return "", err
	}
	for _, v := range set.Validators {
		if v.ConsensusKey == validator.ConsensusKey(key.Bytes()) {
			return v.Name, nil
		}
	}
	return "", nil
}

// Version is that of the program: the module's, and the commit if the build
// knows it.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	version := info.Main.Version
	if version == "" {
		version = "(devel)"
	}
	return version
}
