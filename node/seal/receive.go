package sealer

import (
	"errors"
	"fmt"

	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
)

// What can be the matter with signatures that are given to Receive.
var (
	// ErrInvalid: a correct node does not send this.
	ErrInvalid = errors.New("sealer: invalid signatures")
	// ErrAhead: they are of a height that the node has not executed yet; they are
	// good for later, maybe.
	ErrAhead = errors.New("sealer: the height is not executed yet")
	// ErrIgnored: there is nothing wrong with them, and they are not kept: the
	// height is older than what is.
	ErrIgnored = errors.New("sealer: the height is not kept")
)

// Fresh is what Receive found to be new.
type Fresh struct {
	Height    uint64
	Statement []byte // encoded
	Seal      []byte // encoded: only the new signatures
	Places    []int  // of these
	Sealed    bool   // the height was sealed before
}

// Receive takes signatures, in the form of a seal, over a statement. Each that is
// not there yet is verified before it is kept; those that are there cost no
// arithmetic. It returns what is new, nil if nothing is. Errors are one of the
// above, or of the database.
func (s *Store) Receive(statement, signatures []byte) (*Fresh, error) {
	st, err := seal.ParseStatement(statement)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	if st.Chain != s.chain || st.Height < s.options.Initial {
		return nil, fmt.Errorf("%w: of another chain, or a height before its first", ErrInvalid)
	}
	if st.Height > s.last.Load() {
		return nil, ErrAhead
	}
	set, err := s.sets.at(st.Height)
	if err != nil {
		return nil, err
	}
	sl, err := seal.Parse(set.seals.Len(), signatures)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	if len(sl.Signers()) == 0 {
		return nil, fmt.Errorf("%w: none at all", ErrInvalid)
	}
	r, err := s.load(st.Height)
	switch {
	case err != nil:
		return nil, err
	case r == nil:
		return s.receiveOld(&st, sl, set)
	case r.statement != st:
		return s.receiveStrange(&st, sl, set)
	}
	return s.merge(&st, sl, set, r)
}

// merge adds the signatures of sl to what r, just read, has.
func (s *Store) merge(st *seal.Statement, sl seal.Seal, set *set, r *record) (*Fresh, error) {
	var places []int
	var signatures []sm2.Signature
	for i, place := range sl.Signers() {
		signature := sl.Signatures()[i]
		held, ok := r.held(place)
		if ok && held == signature {
			continue
		}
		if err := set.verifier.VerifyOne(st, place, signature); err != nil {
			return nil, fmt.Errorf("%w: of %s over height %d: %w", ErrInvalid, set.names[place], st.Height, err)
		}
		if !ok { // otherwise it has signed the same twice, after a crash
			places, signatures = append(places, place), append(signatures, signature)
		}
	}
	if len(places) == 0 {
		return nil, nil
	}
	return s.keep(st, places, signatures, set)
}

// keep adds verified signatures.
func (s *Store) keep(st *seal.Statement, places []int, signatures []sm2.Signature, set *set) (*Fresh, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, err := s.load(st.Height) // another may have added some
	if err != nil {
		return nil, err
	}
	if r == nil || r.statement != *st { // pruned meanwhile
		return nil, ErrIgnored
	}
	var added []int
	var with []sm2.Signature
	for i, place := range places {
		if _, ok := r.held(place); !ok {
			r.add(place, signatures[i])
			added, with = append(added, place), append(with, signatures[i])
		}
	}
	if len(added) == 0 {
		return nil, nil
	}
	before, err := s.isSealed(st.Height)
	if err != nil {
		return nil, err
	}
	if err := s.write(r, set, before); err != nil {
		return nil, err
	}
	if err := s.confront(st, added, with, set); err != nil {
		return nil, err
	}
	return &Fresh{
		Height: st.Height, Statement: st.Append(nil), Seal: seal.New(r.n, added, with).Append(nil), Places: added, Sealed: before,
	}, nil
}

// write writes a record, and that its height is sealed if it is now. The caller
// holds mu.
func (s *Store) write(r *record, set *set, before bool) (err error) {
	height := r.statement.Height
	if before || !set.seals.Quorum(set.power(r.places)) {
		if err := s.db.Set(heightKey(recordPrefix, height), r.bytes()); err != nil {
			return fmt.Errorf("sealer: %w", err)
		}
		return nil
	}
	b := s.db.NewBatch()
	defer func() { err = errors.Join(err, b.Close()) }()
	if err := b.Set(heightKey(recordPrefix, height), r.bytes()); err != nil {
		return err
	}
	if err := b.Set(heightKey(sealedPrefix, height), nil); err != nil {
		return err
	}
	// Durable before an older version is let go: a start pins what it finds.
	if err := b.WriteSync(); err != nil {
		return fmt.Errorf("sealer: %w", err)
	}
	s.counts.sealed.Add(1)
	s.advance(height)
	s.news.wake()
	return nil
}

// receiveOld takes a seal of a height whose block is gone. Only a whole seal
// will do, since there is nothing to compare the statement with.
func (s *Store) receiveOld(st *seal.Statement, sl seal.Seal, set *set) (*Fresh, error) {
	if err := s.checkGenesis(st); err != nil {
		return nil, err
	}
	err := set.verifier.Verify(st, sl)
	if errors.Is(err, seal.ErrQuorum) {
		return nil, ErrIgnored
	}
	if err != nil {
		return nil, fmt.Errorf("%w: of height %d: %w", ErrInvalid, st.Height, err)
	}
	next, begin, err := s.sets.next(st.Height, set.SealHash)
	if err != nil {
		return nil, err
	}
	if st.Next != next || st.NextHeight != begin {
		s.counts.forks.Add(1)
		s.log.Error("a quorum has sealed another next set than the state has 法定多数签章的下一签章集合与本地状态不符", "height", st.Height)
		return nil, ErrIgnored
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if st.Height <= s.floor.Load() && (next.IsZero() || s.hasHandover(st, set)) {
		return nil, ErrIgnored
	}
	if r, err := s.load(st.Height); err != nil || r != nil {
		return nil, err
	}
	r := &record{*st, sl.Signers(), sl.Signatures(), set.seals.Len()}
	if err := s.write(r, set, false); err != nil {
		return nil, err
	}
	return &Fresh{Height: st.Height, Statement: st.Append(nil), Seal: sl.Append(nil), Places: sl.Signers()}, nil
}

func (s *Store) checkGenesis(st *seal.Statement) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	root, err := s.genesisRoot()
	if err != nil {
		return err
	}
	if st.Genesis != root {
		return fmt.Errorf("%w: of another genesis", ErrInvalid)
	}
	return nil
}
