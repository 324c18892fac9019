package light

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store"
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
// is a store.Reader of them, and of nothing else. It shares memory with the
// bundle, which must not be modified while it is used.
type State struct {
	Statement seal.Statement
	// Trust is in the set that sealed it, after the handovers.
	Trust     *seal.Trust
	Handovers int // how many were followed

	entries []entry  // ascending by key
	details [][]byte // ascending by SM3
	digests []sm3.Hash
	chains  []chain        // ascending by key
	leaves  []AnchoredLeaf // ascending by anchor and index
}

// entry is a key of the state and its value, nil if it is absent.
type entry struct{ key, value []byte }

// Open reads a bundle of at most limit bytes and verifies it: each handover and
// the seal by the card, each entry by the state root. Its errors wrap ErrBundle,
// ErrSeal or ErrProof.
//
// It works from front to back and stops at the first thing that is wrong, so that
// it does no more than the good part of a bundle costs, and keeps nothing that is
// not verified.
func Open(bundle []byte, card *Card, limit int) (*State, error) {
	return open(bundle, card, limit, nil)
}

func open(bundle []byte, card *Card, limit int, known *memory) (*State, error) {
	if card == nil || card.trust == nil {
		return nil, fmt.Errorf("%w: no card", ErrSeal)
	}
	s, f, err := begin(bundle, limit)
	if err != nil {
		return nil, err
	}
	s.Trust = card.trust
	for f.more(2, wireBytes) {
		if err := s.follow(f.bytes(2), known); err != nil {
			return nil, fmt.Errorf("handover %d: %w", s.Handovers+1, err)
		}
		s.Handovers++
	}
	if err := s.seal(f.bytes(3), known); err != nil {
		return nil, err
	}
	return s, s.rest(f)
}

// begin reads what a bundle begins with, up to its handovers.
func begin(bundle []byte, limit int) (*State, *fields, error) {
	if len(bundle) > limit {
		return nil, nil, fmt.Errorf("%w: %d bytes, at most %d", ErrBundle, len(bundle), limit)
	}
	f := &fields{rest: bundle}
	if n := f.uint(1); f.err == nil && n != format {
		return nil, nil, fmt.Errorf("%w: of format %d; this program reads %d", ErrBundle, n, format)
	}
	return new(State), f, nil
}

// rest reads and verifies the entries, which are of the state root of s.Statement,
// the details, the chains and the leaves.
func (s *State) rest(f *fields) error {
	for f.more(4, wireBytes) {
		if err := s.add(f.bytes(4)); err != nil {
			return fmt.Errorf("entry %d: %w", len(s.entries)+1, err)
		}
	}
	for f.more(5, wireBytes) {
		if err := s.detail(f.bytes(5)); err != nil {
			return err
		}
	}
	for f.more(6, wireBytes) {
		if err := s.chain(f.bytes(6)); err != nil {
			return err
		}
	}
	for f.more(7, wireBytes) {
		if err := s.leaf(f.bytes(7)); err != nil {
			return fmt.Errorf("leaf %d: %w", len(s.leaves)+1, err)
		}
	}
	if err := f.end(); err != nil {
		return fmt.Errorf("%w: %w", ErrBundle, err)
	}
	return nil
}

// follow verifies a handover and moves the trust to the next set.
func (s *State) follow(b []byte, known *memory) error {
	f := fields{rest: b}
	sealed, set := f.bytes(1), f.bytes(2)
	if err := f.end(); err != nil {
		return fmt.Errorf("%w: %w", ErrBundle, err)
	}
	st, signed, err := s.statement(sealed)
	if err != nil {
		return err
	}
	s.Trust, err = known.advance(s.Trust, st, signed, set)
	return err
}

// seal verifies the statement whose state the entries are of.
func (s *State) seal(b []byte, known *memory) error {
	st, signed, err := s.statement(b)
	if err != nil {
		return err
	}
	s.Statement = *st
	return known.verify(s.Trust, st, signed)
}

// statement reads a Sealed and adds what is trusted to what it says.
func (s *State) statement(b []byte) (*seal.Statement, []byte, error) {
	st, signed, err := parseSealed(b)
	if err != nil {
		return nil, nil, err
	}
	st.Chain, st.Genesis, st.Set = s.Trust.Chain, s.Trust.Genesis, s.Trust.SetHash()
	return st, signed, nil
}

// parseSealed reads a Sealed: its statement as far as it has it, and its seal.
func parseSealed(b []byte) (*seal.Statement, []byte, error) {
	if b == nil {
		return nil, nil, fmt.Errorf("%w: it has no seal", ErrBundle)
	}
	f := fields{rest: b}
	st := &seal.Statement{AppVersion: f.uint(1), Height: f.uint(2), Time: int64(f.uint(3))}
	block, state, next := f.bytes(4), f.bytes(5), f.bytes(6)
	st.NextHeight = f.uint(7)
	signed := f.bytes(8)
	if err := f.end(); err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrBundle, err)
	}
	if len(block) != sm3.Size || len(state) != sm3.Size || next != nil && len(next) != sm3.Size {
		return nil, nil, fmt.Errorf("%w: a hash of another length than %d bytes", ErrBundle, sm3.Size)
	}
	copy(st.Block[:], block)
	copy(st.State[:], state)
	copy(st.Next[:], next)
	if next != nil && st.Next.IsZero() {
		return nil, nil, fmt.Errorf("%w: a next set of zeros", ErrBundle)
	}
	return st, signed, nil
}

// add verifies an entry and keeps it.
func (s *State) add(b []byte) error {
	f := fields{rest: b}
	e := entry{key: f.bytes(1), value: f.optional(2)}
	p := f.bytes(3)
	if err := f.end(); err != nil {
		return fmt.Errorf("%w: %w", ErrBundle, err)
	}
	if err := store.CheckKey(e.key); err != nil {
		return fmt.Errorf("%w: %w", ErrBundle, err)
	}
	if n := len(s.entries); n > 0 && bytes.Compare(s.entries[n-1].key, e.key) >= 0 {
		return fmt.Errorf("%w: the entries are not ascending by key, each once", ErrBundle)
	}
	var err error
	if e.value == nil {
		err = proof.VerifyAbsence(s.Statement.State, e.key, p)
	} else {
		err = proof.VerifyInclusion(s.Statement.State, e.key, e.value, p)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrProof, err)
	}
	s.entries = append(s.entries, e)
	return nil
}

// The keys that begin with these have a certificate's head, details and records.
var headPrefix, detailsPrefix, recordPrefix = []byte("\x05h"), []byte("\x05d"), []byte("\x05r")

// detail keeps the details of a certificate, if a head or record among the
// entries names them and they are not among the entries themselves.
func (s *State) detail(d []byte) error {
	digest := sm3.Sum(d)
	if n := len(s.digests); n > 0 && bytes.Compare(s.digests[n-1][:], digest[:]) >= 0 {
		return fmt.Errorf("%w: the details are not ascending by SM3, each once", ErrBundle)
	}
	named := false
	for _, e := range s.entries {
		if bytes.HasPrefix(e.key, headPrefix) || bytes.HasPrefix(e.key, recordPrefix) {
			named = named || bytes.Contains(e.value, digest[:])
		}
		if bytes.HasPrefix(e.key, detailsPrefix) && bytes.Equal(e.value, d) {
			return fmt.Errorf("%w: details that are an entry already", ErrBundle)
		}
	}
	if !named {
		return fmt.Errorf("%w: details that no head and no record names", ErrBundle)
	}
	s.details, s.digests = append(s.details, d), append(s.digests, digest)
	return nil
}

// Details returns the encoded details with a digest, if the bundle has them.
func (s *State) Details(digest sm3.Hash) ([]byte, bool) {
	if i := slices.Index(s.digests, digest); i >= 0 {
		return s.details[i], true
	}
	for _, e := range s.entries {
		if bytes.HasPrefix(e.key, detailsPrefix) && e.value != nil && sm3.Sum(e.value) == digest {
			return e.value, true
		}
	}
	return nil, false
}
