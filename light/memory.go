package light

import (
	"encoding/binary"
	"errors"
	"fmt"
	"sync"

	"github.com/hallmark-ledger/hallmark/crypto/seal"
)

// memory remembers seals and handovers that were verified. What it holds are
// facts of bytes alone: that a set, by its hash, has sealed a statement with a
// certain seal, from a height on. They are never out of date and only what is
// true gets in, so it can change no verdict. The nil *memory remembers nothing.
//
// It is safe for concurrent use.
type memory struct {
	mu         sync.RWMutex // guards young and old
	young, old map[string]*seal.Trust
}

const (
	rememberedFacts = 512      // in each of the two generations
	rememberedSize  = 16 << 10 // bytes of a fact; longer ones are not remembered
)

// The kinds of facts.
const (
	factSeal     = 1
	factHandover = 2
)

// fact is what is remembered: the height from which the set is trusted, the
// statement, which names the set, its seal, and the set that it hands over to.
//
//	kind (1) ‖ begin (8) ‖ statement (288) ‖ length of seal (8) ‖ seal ‖ next
func fact(dst []byte, kind byte, t *seal.Trust, st *seal.Statement, signed, next []byte) []byte {
	dst = append(dst, kind)
	dst = binary.BigEndian.AppendUint64(dst, t.Begin)
	dst = st.Append(dst)
	dst = binary.BigEndian.AppendUint64(dst, uint64(len(signed)))
	return append(append(dst, signed...), next...)
}

// verify verifies a seal by the set that is trusted. Its errors wrap ErrSeal.
func (m *memory) verify(t *seal.Trust, st *seal.Statement, signed []byte) error {
	_, err := m.check(factSeal, t, st, signed, nil, func(s seal.Seal) (*seal.Trust, error) { return t, t.Verify(st, s) })
	return err
}

// advance verifies a handover and returns the trust in the next set. Its errors
// wrap ErrSeal, or ErrBundle if next is no set.
func (m *memory) advance(t *seal.Trust, st *seal.Statement, signed, next []byte) (*seal.Trust, error) {
	return m.check(factHandover, t, st, signed, next, func(s seal.Seal) (*seal.Trust, error) {
		set, err := seal.ParseSet(next)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrBundle, err)
		}
		return t.Advance(st, s, set)
	})
}

// check answers from memory, or by f.
func (m *memory) check(kind byte, t *seal.Trust, st *seal.Statement, signed, next []byte, f func(seal.Seal) (*seal.Trust, error)) (*seal.Trust, error) {
	var buf [2048]byte
	var key []byte
	if m != nil {
		key = fact(buf[:0], kind, t, st, signed, next)
		if after, ok := m.get(key); ok {
			return after, nil
		}
	}
	s, err := seal.Parse(t.Set().Len(), signed)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSeal, err)
	}
	after, err := f(s)
	if err != nil {
		if !errors.Is(err, ErrBundle) {
			err = fmt.Errorf("%w: %w", ErrSeal, err)
		}
		return nil, err
	}
	if m != nil {
		m.put(key, after)
	}
	return after, nil
}

func (m *memory) get(key []byte) (*seal.Trust, bool) {
	m.mu.RLock()
	t, ok := m.young[string(key)]
	aged := false
	if !ok {
		t, aged = m.old[string(key)]
	}
	m.mu.RUnlock()
	if aged {
		m.put(key, t)
	}
	return t, ok || aged
}

func (m *memory) put(key []byte, t *seal.Trust) {
	if len(key) > rememberedSize {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.young) >= rememberedFacts {
		m.old, m.young = m.young, nil
	}
	if m.young == nil {
		m.young = make(map[string]*seal.Trust)
	}
	m.young[string(key)] = t
}
