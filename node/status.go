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
	height, root := n.db.Version()
	program, _ := Version()
	s := &api.Status{
		ChainID: n.genesis.ChainID, NodeID: string(n.comet.NodeInfo().ID()), Moniker: n.config.Node.Name,
		Version: program, AppVersion: app.Version, Height: height, StateRoot: root.String(),
		CatchingUp: n.comet.ConsensusReactor().WaitSync(),
		Peers:      n.comet.Switch().Peers().Size(), Mempool: n.comet.Mempool().Size(), Now: time.Now().UTC(),
	}
	if height == 0 {
		return s, nil
	}
	s.Earliest = n.db.Stats().Oldest
	var err error
	if s.Time, err = n.BlockTime(height); err != nil {
		return nil, err
	}
	if s.Validator, err = n.validatorName(height); err != nil {
		return nil, err
	}
	return s, n.sealStatus(s)
}

// unsealedAfter is the number of blocks after which the status says whose
// signatures are missing.
const unsealedAfter = 3

func (n *Node) sealStatus(s *api.Status) error {
	_, last := n.seals.Heights()
	s.SealedHeight = n.seals.Newest()
	s.SealLag = s.Height - min(s.Height, s.SealedHeight)
	if st, ok, err := n.seals.Statement(s.SealedHeight); err != nil {
		return err
	} else if ok {
		at := time.Unix(0, st.Time).UTC()
		s.SealedTime = &at
	}
	if s.SealLag < unsealedAfter || last < unsealedAfter {
		return nil
	}
	var err error
	s.Unsealed, err = n.seals.Missing(last - 1) // of the last itself more may be on their way
	return err
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

// Version returns the version of the program, and the commit it was built from if
// the build knows it.
func Version() (version, revision string) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown", ""
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			revision = s.Value
		}
	}
	if version = info.Main.Version; version == "" {
		version = "(devel)"
	}
	return version, revision
}
