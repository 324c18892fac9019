package main

import (
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/store/engine"
	"github.com/hallmark-ledger/hallmark/store/proof"
)

// hallmarkTarget is store/engine with its default settings, and with a bound on
// its memory when the settings name one.
type hallmarkTarget struct{ db *engine.DB }

func openHallmark(s settings) (target, error) {
	db, err := engine.Open(s.Dir, engine.Options{MemoryBound: int64(s.Memory)})
	if err != nil {
		return nil, err
	}
	return &hallmarkTarget{db}, nil
}

func (t *hallmarkTarget) Commit(version uint64, changes []store.Change) error {
	stage, err := t.db.Stage(version, changes)
	if err != nil {
		return err
	}
	return stage.Commit()
}

func (t *hallmarkTarget) Version() uint64 {
	version, _ := t.db.Version()
	return version
}

func (t *hallmarkTarget) Prove(key []byte) ([]byte, error) {
	_, _, p, err := t.db.Latest().Prove(key)
	return p, err
}

func (t *hallmarkTarget) ProveAbsent(key []byte) ([]byte, error) { return t.Prove(key) }

func (t *hallmarkTarget) Verify(p, key, value []byte) error {
	_, root := t.db.Version()
	if value == nil {
		return proof.VerifyAbsence(root, key, p)
	}
	return proof.VerifyInclusion(root, key, value, p)
}

func (*hallmarkTarget) Carried(_, _ []byte) int { return 0 }

// trieBytes returns what MemoryBound bounds: the memory of the trie and of the
// differences to retained versions.
func (t *hallmarkTarget) trieBytes() uint64 {
	s := t.db.Stats()
	return uint64(s.TrieBytes + s.RetainedBytes)
}

func (t *hallmarkTarget) Close() error { return t.db.Close() }
