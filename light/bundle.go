package light

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	lightv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/light/v1"
	"github.com/hallmark-ledger/hallmark/store/proof"
)

// What can be wrong with a bundle.
var (
	// ErrBundle: the bytes are no bundle.
	ErrBundle = errors.New("light: not a bundle")
	// ErrSeal: the seal, or a handover, is not good by the card. The error also
	// wraps one of crypto/seal.
	ErrSeal = errors.New("light: the seal does not verify")
	// ErrProof: an entry is not of the sealed state. The error also wraps one of
	// store/proof.
	ErrProof = errors.New("light: an entry is not of the sealed state")
	// ErrUnproven: what was asked for is not in the bundle.
	ErrUnproven = errors.New("light: the bundle does not prove this")
)

const (
	format = 1
	// MaxBundleSize is the length in bytes of the largest bundle that is read,
	// unless Limits says otherwise.
	MaxBundleSize = 4 << 20
)

// State is entries of a sealed state that have been verified; Open makes one. It
// is a store.Reader of them, and of nothing else.
type State struct {
	Statement seal.Statement
	// Trust is in the set that sealed it, after the handovers.
	Trust     *seal.Trust
	handovers int
	values    map[string][]byte // absent entries have nil
	details   map[sm3.Hash][]byte
}

// Open reads a bundle of at most limit bytes and verifies it: each handover and
// the seal by the card, each entry by the state root. Its errors wrap ErrBundle,
// ErrSeal or ErrProof.
func Open(bundle []byte, card *Card, limit int) (*State, error) {
	if len(bundle) > limit {
		return nil, fmt.Errorf("%w: %d bytes, at most %d", ErrBundle, len(bundle), limit)
	}
	m := new(lightv1.Bundle)
	if err := unmarshal(bundle, m); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBundle, err)
	}
	if m.Format != format {
		return nil, fmt.Errorf("%w: of format %d; this program reads %d", ErrBundle, m.Format, format)
	}
	s := &State{Trust: card.trust(), values: make(map[string][]byte, len(m.Entries)), details: make(map[sm3.Hash][]byte, len(m.Details))}
	if err := s.follow(m); err != nil {
		return nil, err
	}
	for i, e := range m.Entries {
		if i > 0 && bytes.Compare(m.Entries[i-1].Key, e.Key) >= 0 {
			return nil, fmt.Errorf("%w: its entries are not ascending by key, each once", ErrBundle)
		}
		if err := s.add(e); err != nil {
			return nil, fmt.Errorf("%w: entry %d: %w", ErrProof, i, err)
		}
	}
	for i, d := range m.Details {
		h := sm3.Sum(d)
		if _, twice := s.details[h]; twice || len(d) == 0 {
			return nil, fmt.Errorf("%w: details %d are empty or there twice", ErrBundle, i)
		}
		s.details[h] = d
	}
	return s, nil
}

// follow verifies the handovers and the seal.
func (s *State) follow(m *lightv1.Bundle) error {
	for i, h := range m.Handovers {
		next, err := seal.ParseSet(h.Set)
		if err != nil {
			return fmt.Errorf("%w: handover %d: %w", ErrBundle, i, err)
		}
		st, sealed, err := s.sealed(h.Sealed)
		if err != nil {
			return fmt.Errorf("handover %d: %w", i, err)
		}
		if s.Trust, err = s.Trust.Advance(st, sealed, next); err != nil {
			return fmt.Errorf("%w: handover %d: %w", ErrSeal, i, err)
		}
	}
	s.handovers = len(m.Handovers)
	st, sealed, err := s.sealed(m.Sealed)
	if err != nil {
		return err
	}
	if err := s.Trust.Verify(st, sealed); err != nil {
		return fmt.Errorf("%w: %w", ErrSeal, err)
	}
	s.Statement = *st
	return nil
}

// sealed adds what is trusted to what the bundle says.
func (s *State) sealed(m *lightv1.Sealed) (*seal.Statement, seal.Seal, error) {
	if m == nil {
		return nil, seal.Seal{}, fmt.Errorf("%w: it has no seal", ErrBundle)
	}
	set := s.Trust.Set()
	st := &seal.Statement{
		Chain: s.Trust.Chain, Genesis: s.Trust.Genesis, AppVersion: m.AppVersion, Height: m.Height, Time: m.Time,
		Set: s.Trust.SetHash(), NextHeight: m.NextHeight,
	}
	if len(m.Block) != len(st.Block) || len(m.State) != len(st.State) || len(m.Next) != 0 && len(m.Next) != len(st.Next) {
		return nil, seal.Seal{}, fmt.Errorf("%w: a hash of another length", ErrBundle)
	}
	copy(st.Block[:], m.Block)
	copy(st.State[:], m.State)
	copy(st.Next[:], m.Next)
	if len(m.Next) != 0 && st.Next.IsZero() {
		return nil, seal.Seal{}, fmt.Errorf("%w: a next set of zeros", ErrBundle)
	}
	sealed, err := seal.Parse(set.Len(), m.Seal)
	if err != nil {
		return nil, seal.Seal{}, fmt.Errorf("%w: %w", ErrSeal, err)
	}
	return st, sealed, nil
}

func (s *State) add(e *lightv1.Entry) error {
	if e.Value == nil {
		if err := proof.VerifyAbsence(s.Statement.State, e.Key, e.Proof); err != nil {
			return err
		}
		s.values[string(e.Key)] = nil
		return nil
	}
	if err := proof.VerifyInclusion(s.Statement.State, e.Key, e.Value, e.Proof); err != nil {
		return err
	}
	s.values[string(e.Key)] = e.Value
	return nil
}
