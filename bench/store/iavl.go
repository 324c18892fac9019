package main

import (
	"github.com/cosmos/iavl"
	iavldb "github.com/cosmos/iavl/db"
	ics23 "github.com/cosmos/ics23/go"

	"github.com/hallmark-ledger/hallmark/store"
)

// iavlCache is the SDK's default of iavl-cache-size, in nodes.
const iavlCache = 781_250

// iavlTarget is cosmos/iavl as the Cosmos SDK sets it up: fast storage on,
// default flush threshold. Sync makes SaveVersion end in one fsync: the batches
// flushed before it are written to the same log unsynced.
type iavlTarget struct {
	tree *iavl.MutableTree
	db   *iavldb.Wrapper
}

func openIAVL(s settings) (target, error) {
	backend, err := openBackend(s)
	if err != nil {
		return nil, err
	}
	db := iavldb.NewWrapper(backend)
	tree := iavl.NewMutableTree(db, iavlCache, false, iavl.NewNopLogger(), iavl.SyncOption(true))
	if _, err := tree.Load(); err != nil {
		return nil, err
	}
	return &iavlTarget{tree, db}, nil
}

func (t *iavlTarget) Commit(_ uint64, changes []store.Change) error {
	for _, c := range changes {
		if _, err := t.tree.Set(c.Key, c.Value); err != nil {
			return err
		}
	}
	_, _, err := t.tree.SaveVersion()
	return err
}

func (t *iavlTarget) Version() uint64 { return uint64(t.tree.Version()) }

func (t *iavlTarget) Prove(key []byte) ([]byte, error) {
	proof, err := t.tree.GetMembershipProof(key)
	if err != nil {
		return nil, err
	}
	return proof.Marshal()
}

func (t *iavlTarget) ProveAbsent(key []byte) ([]byte, error) {
	proof, err := t.tree.GetNonMembershipProof(key)
	if err != nil {
		return nil, err
	}
	return proof.Marshal()
}

func (t *iavlTarget) Verify(proof, key, value []byte) error {
	var p ics23.CommitmentProof
	if err := p.Unmarshal(proof); err != nil {
		return err
	}
	root := t.tree.Hash()
	if value == nil {
		if !ics23.VerifyNonMembership(ics23.IavlSpec, root, &p, key) {
			return errProof
		}
		return nil
	}
	if !ics23.VerifyMembership(ics23.IavlSpec, root, &p, key, value) {
		return errProof
	}
	return nil
}

func (*iavlTarget) Carried(key, value []byte) int { return len(key) + len(value) }

func (t *iavlTarget) Close() error {
	if err := t.tree.Close(); err != nil {
		return err
	}
	return t.db.Close()
}
