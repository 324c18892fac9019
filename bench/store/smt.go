package main

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"

	dbm "github.com/cosmos/cosmos-db"
	"github.com/pokt-network/smt"

	"github.com/hallmark-ledger/hallmark/store"
)

// Keys of the smt target's database.
var (
	smtNodes = []byte("n") // + digest: node
	smtValue = []byte("v") // + key: value, since the trie holds only its hash
	smtHead  = []byte("h") // version, 8 bytes big-endian, and root
)

// smtTarget is pokt-network/smt with its usual SHA-256. Nodes and values go
// into one batch, written with one fsync per commit. The library keeps every
// node it has touched in memory and has no way to drop one.
type smtTarget struct {
	trie    *smt.SMT
	nodes   *smtStore
	version uint64
}

func openSMT(s settings) (target, error) {
	db, err := openBackend(s)
	if err != nil {
		return nil, err
	}
	t := &smtTarget{nodes: &smtStore{db: db, batch: db.NewBatch()}}
	head, err := db.Get(smtHead)
	if err != nil {
		return nil, err
	}
	if head == nil {
		t.trie = smt.NewSparseMerkleTrie(t.nodes, sha256.New())
		return t, nil
	}
	t.version = binary.BigEndian.Uint64(head)
	t.trie = smt.ImportSparseMerkleTrie(t.nodes, sha256.New(), head[8:])
	return t, nil
}

func (t *smtTarget) Commit(version uint64, changes []store.Change) error {
	for _, c := range changes {
		if err := t.trie.Update(c.Key, c.Value); err != nil {
			return err
		}
		if err := t.nodes.batch.Set(append(smtValue[:1:1], c.Key...), c.Value); err != nil {
			return err
		}
	}
	if err := t.trie.Commit(); err != nil {
		return err
	}
	head := binary.BigEndian.AppendUint64(nil, version)
	if err := t.nodes.batch.Set(smtHead, append(head, t.trie.Root()...)); err != nil {
		return err
	}
	t.version = version
	return t.nodes.flush()
}

func (t *smtTarget) Version() uint64 { return t.version }

func (t *smtTarget) Prove(key []byte) ([]byte, error) {
	proof, err := t.trie.Prove(key)
	if err != nil {
		return nil, err
	}
	proof.SiblingData = nil // only for proofs that are to be updated
	compact, err := smt.CompactProof(proof, t.trie.Spec())
	if err != nil {
		return nil, err
	}
	return compact.Marshal()
}

func (t *smtTarget) ProveAbsent(key []byte) ([]byte, error) { return t.Prove(key) }

func (t *smtTarget) Verify(proof, key, value []byte) error {
	var p smt.SparseCompactMerkleProof
	if err := p.Unmarshal(proof); err != nil {
		return err
	}
	ok, err := smt.VerifyCompactProof(&p, t.trie.Root(), key, value, t.trie.Spec())
	if err == nil && !ok {
		err = errProof
	}
	return err
}

func (*smtTarget) Carried(_, _ []byte) int { return 0 }

func (t *smtTarget) Close() error {
	return errors.Join(t.nodes.batch.Close(), t.nodes.db.Close())
}

// smtStore is the library's kvstore.MapStore over a database. Writes gather in
// a batch until flush; within a commit the library reads nothing it has just
// written.
type smtStore struct {
	db    dbm.DB
	batch dbm.Batch
}

func (s *smtStore) Get(digest []byte) ([]byte, error) {
	node, err := s.db.Get(append(smtNodes[:1:1], digest...))
	if err == nil && node == nil {
		err = errors.New("smt: no such node")
	}
	return node, err
}

func (s *smtStore) Set(digest, node []byte) error {
	return s.batch.Set(append(smtNodes[:1:1], digest...), node)
}

func (s *smtStore) Delete(digest []byte) error {
	return s.batch.Delete(append(smtNodes[:1:1], digest...))
}

// flush writes the batch and waits until it is on disk.
func (s *smtStore) flush() error {
	if err := s.batch.WriteSync(); err != nil {
		return err
	}
	err := s.batch.Close()
	s.batch = s.db.NewBatch()
	return err
}

// Len and ClearAll belong to the library's interface; the trie calls neither.
func (s *smtStore) Len() (int, error) { return 0, errors.ErrUnsupported }
func (s *smtStore) ClearAll() error   { return errors.ErrUnsupported }
