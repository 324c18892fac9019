package storetest

import (
	"bytes"
	"slices"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store"
)

// Mem is a store in memory: a sorted list. Its zero value is the empty state.
// It keeps the contracts of package store to the letter and punishes those who
// do not: what a visit was shown is overwritten when the visit returns.
type Mem struct {
	kvs   []KV // sorted by key
	scans int  // under way; they forbid writes
}

var (
	_ store.ReadWriter = (*Mem)(nil)
	_ store.Prover     = (*Mem)(nil)
)

// Get implements store.Reader.
func (m *Mem) Get(key []byte) ([]byte, bool, error) {
	i, ok := m.find(key)
	if !ok {
		return nil, false, nil
	}
	return clone(m.kvs[i].Value), true, nil
}

// Scan implements store.Reader.
func (m *Mem) Scan(prefix, start []byte, visit store.Visit) error {
	m.scans++
	defer func() { m.scans-- }()
	for _, kv := range m.kvs {
		if !bytes.HasPrefix(kv.Key, prefix) || bytes.Compare(kv.Key, start) < 0 {
			continue
		}
		key, value := clone(kv.Key), clone(kv.Value)
		more, err := visit(key, value)
		spoil(key)
		spoil(value)
		if err != nil || !more {
			return err
		}
	}
	return nil
}

// Set implements store.Writer.
func (m *Mem) Set(key, value []byte) error {
	if err := store.CheckKey(key); err != nil {
		return err
	}
	if err := store.CheckValue(value); err != nil {
		return err
	}
	if m.scans > 0 {
		return store.ErrScanning
	}
	kv := KV{clone(key), clone(value)}
	if i, ok := m.find(key); ok {
		m.kvs[i] = kv
	} else {
		m.kvs = slices.Insert(m.kvs, i, kv)
	}
	return nil
}

// Delete implements store.Writer.
func (m *Mem) Delete(key []byte) error {
	if err := store.CheckKey(key); err != nil {
		return err
	}
	if m.scans > 0 {
		return store.ErrScanning
	}
	if i, ok := m.find(key); ok {
		m.kvs = slices.Delete(m.kvs, i, i+1)
	}
	return nil
}

// Apply makes the changes of one version.
func (m *Mem) Apply(changes []store.Change) error {
	for _, c := range changes {
		write := func() error { return m.Set(c.Key, c.Value) }
		if c.Delete {
			write = func() error { return m.Delete(c.Key) }
		}
		if err := write(); err != nil {
			return err
		}
	}
	return nil
}

// All returns the entries, sorted by key.
func (m *Mem) All() []KV {
	all := make([]KV, len(m.kvs))
	for i, kv := range m.kvs {
		all[i] = KV{clone(kv.Key), clone(kv.Value)}
	}
	return all
}

// Root returns the root of the state, built anew.
func (m *Mem) Root() sm3.Hash { return Root(m.kvs) }

// Prove implements store.Prover, from the definition.
func (m *Mem) Prove(key []byte) (value []byte, ok bool, proof []byte, err error) {
	value, ok, err = m.Get(key)
	return value, ok, Prove(m.kvs, key), err
}

func (m *Mem) find(key []byte) (int, bool) {
	return slices.BinarySearchFunc(m.kvs, key, func(kv KV, key []byte) int {
		return bytes.Compare(kv.Key, key)
	})
}

// clone returns a copy that is never nil.
func clone(b []byte) []byte { return append([]byte{}, b...) }

func spoil(b []byte) {
	for i := range b {
		b[i] = 0xdb
	}
}
