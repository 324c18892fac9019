package api_test

import (
	"context"
	"maps"
	"slices"
	"sync"
	"testing"

	"github.com/hallmark-ledger/hallmark/app"
	"github.com/hallmark-ledger/hallmark/app/apptest"
	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	sealer "github.com/hallmark-ledger/hallmark/node/seal"
)

// seals are made by the validators of the test at its word: real statements of
// real states, signed by their keys. It implements api.Seals.
type seals struct {
	*node
	keys map[[33]byte]*sm2.PrivateKey // of all sets

	mu     sync.Mutex
	sealed map[uint64]made // guarded by mu
	newest uint64          // guarded by mu
	hook   func()          // guarded by mu; called by Newest
}

type made struct {
	statement seal.Statement
	seal      seal.Seal
	set       seal.Set
	begin     uint64
	next      seal.Set // the set that statement.Next names
}

func newSeals(n *node) *seals {
	s := &seals{node: n, keys: map[[33]byte]*sm2.PrivateKey{}, sealed: map[uint64]made{}}
	for _, name := range []string{"val-00", "val-01", "val-02", "val-03"} {
		s.add(apptest.Key("seal/" + name))
	}
	return s
}

func (s *seals) add(k *sm2.PrivateKey) { s.keys[k.Public().Bytes()] = k }

// seal seals the newest height with all keys of its set.
func (s *seals) seal() *seal.Statement {
	s.Helper()
	v, err := s.app.View(0)
	if err != nil {
		s.Fatal(err)
	}
	h := v.Height()
	b, err := s.Block(h)
	if err != nil {
		s.Fatal(err)
	}
	first, err := s.Block(1)
	if err != nil {
		s.Fatal(err)
	}
	root, err := v.Root()
	if err != nil {
		s.Fatal(err)
	}
	set, err := v.Validator.SetAt(v, h)
	if err != nil {
		s.Fatal(err)
	}
	m := made{begin: set.Begin}
	if m.set, err = set.Seal(); err != nil {
		s.Fatal(err)
	}
	m.statement = seal.Statement{
		Chain: sm3.Sum([]byte(apptest.Chain)), Genesis: sm3.Hash(first.Block.AppHash), AppVersion: app.Version,
		Height: h, Time: b.Block.Time.UnixNano(), Block: [32]byte(b.Hash), State: root, Set: set.SealHash,
	}
	following, ok, err := v.Validator.Next(v, h)
	if err != nil {
		s.Fatal(err)
	}
	if ok {
		m.statement.Next, m.statement.NextHeight = following.Hash, following.Begin
		after, err := v.Validator.SetAt(v, following.Begin)
		if err != nil {
			s.Fatal(err)
		}
		if m.next, err = after.Seal(); err != nil {
			s.Fatal(err)
		}
	}
	var places []int
	var signatures []sm2.Signature
	for i, e := range m.set.Entries() {
		signature, err := s.keys[e.Key].Sign(context.Background(), m.statement.Append(nil))
		if err != nil {
			s.Fatal(err)
		}
		places, signatures = append(places, i), append(signatures, signature)
	}
	m.seal = seal.New(m.set.Len(), places, signatures)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sealed[h], s.newest = m, h
	return &m.statement
}

// The methods of api.Seals.

func (s *seals) Newest() uint64 {
	s.mu.Lock()
	newest, hook := s.newest, s.hook
	s.mu.Unlock()
	if hook != nil {
		hook()
	}
	return newest
}

func (s *seals) Sealed(height uint64) (*seal.Statement, seal.Seal, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, ok := s.sealed[height]
	return &m.statement, m.seal, ok, nil
}

func (s *seals) SetOf(height uint64) (seal.Set, uint64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.sealed[height]
	return m.set, m.begin, nil
}

func (s *seals) Handovers(from uint64, limit int) (list []sealer.Handover, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := s.sealed[from].set
	for _, h := range slices.Sorted(maps.Keys(s.sealed)) {
		m := s.sealed[h]
		last := m.statement.NextHeight != 0 && s.sealed[h+1].statement.Set != m.statement.Set // of its window
		if h >= from && m.set.Equal(at) && last && m.statement.NextHeight <= s.newest && len(list) < limit {
			list = append(list, sealer.Handover{Statement: m.statement, Seal: m.seal, Next: m.next})
			at = m.next
		}
	}
	if !at.Equal(s.sealed[s.newest].set) && len(list) < limit {
		return list, sealer.ErrNoHandover
	}
	return list, nil
}

// sealing is a service with seals, on the chain of seven.
func sealing(t *testing.T) (*service, *seals) {
	t.Helper()
	n := newNode(t)
	x := newSeals(n)
	opts := unlimited
	opts.Seals = x
	return serve(t, n, opts), x
}
