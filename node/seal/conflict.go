package sealer

import (
	"fmt"

	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
)

// maxConflicts bounds how many conflicts, and how many strange statements, are
// kept: a key that misbehaves can make any number. The first are kept.
const maxConflicts = 4096

// countConflicts counts what is kept, at the start.
func (s *Store) countConflicts() error {
	for _, c := range []struct {
		prefix byte
		count  *counter
	}{{conflictPrefix, &s.counts.conflicts}, {strangePrefix, &s.counts.strange}} {
		it, err := s.db.Iterator([]byte{c.prefix}, []byte{c.prefix + 1})
		if err != nil {
			return fmt.Errorf("sealer: %w", err)
		}
		for ; it.Valid(); it.Next() {
			c.count.Add(1)
		}
		if err := it.Error(); err != nil {
			return fmt.Errorf("sealer: %w", err)
		}
		if err := it.Close(); err != nil {
			return err
		}
	}
	return nil
}

// Conflicts returns up to limit of the conflicts that are kept, by height.
func (s *Store) Conflicts(limit int) ([]seal.Conflict, error) {
	it, err := s.db.Iterator([]byte{conflictPrefix}, []byte{conflictPrefix + 1})
	if err != nil {
		return nil, fmt.Errorf("sealer: %w", err)
	}
	defer it.Close()
	list := []seal.Conflict{}
	for ; it.Valid() && len(list) < limit; it.Next() {
		c, err := parseConflict(it.Value())
		if err != nil {
			return nil, err
		}
		list = append(list, *c)
	}
	return list, it.Error()
}

// receiveStrange takes signatures over a statement that is not the one of its
// height: what one node alone would make of it is not known, but a key that has
// signed both misbehaves.
func (s *Store) receiveStrange(st *seal.Statement, sl seal.Seal, set *set) (*Fresh, error) {
	if err := s.checkGenesis(st); err != nil {
		return nil, err
	}
	entries, message := set.seals.Entries(), st.Append(nil)
	for i, place := range sl.Signers() {
		key, err := sm2.ParsePublicKey(entries[place].Key[:])
		if err == nil {
			err = sm2.Verify(key, message, sl.Signatures()[i])
		}
		if err != nil {
			return nil, fmt.Errorf("%w: of %s over another statement of height %d: %w", ErrInvalid, set.names[place], st.Height, err)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r, err := s.load(st.Height)
	if err != nil {
		return nil, err
	}
	if r == nil || r.statement == *st {
		return nil, ErrIgnored // pruned, or come another way, meanwhile
	}
	if set.seals.Quorum(set.power(sl.Signers())) {
		s.counts.forks.Add(1)
		s.log.Error("a quorum has sealed another statement than this node has 法定多数签章的陈述与本节点不符", "height", st.Height)
	}
	var places []int
	var signatures []sm2.Signature
	for i, place := range sl.Signers() {
		fresh, err := s.strange(st, sl.Signatures()[i], r, place, set)
		if err != nil {
			return nil, err
		}
		if fresh {
			places, signatures = append(places, place), append(signatures, sl.Signatures()[i])
		}
	}
	if len(places) == 0 {
		return nil, nil
	}
	return &Fresh{Height: st.Height, Statement: message, Seal: seal.New(r.n, places, signatures).Append(nil), Places: places}, nil
}

// strange keeps one signature over another statement than r's: as a conflict if
// the same key has signed r's as well, otherwise until it does. The caller holds
// mu.
func (s *Store) strange(st *seal.Statement, signature sm2.Signature, r *record, place int, set *set) (fresh bool, err error) {
	key := set.seals.Entries()[place].Key
	known, err := s.db.Has(heightAndKey(conflictPrefix, st.Height, key))
	if err != nil || known {
		return false, err
	}
	if held, ok := r.held(place); ok {
		return s.conflict(seal.Conflict{
			Key: key, Statements: [2]seal.Statement{r.statement, *st}, Signatures: [2]sm2.Signature{held, signature},
		}, set.names[place])
	}
	at := heightAndKey(strangePrefix, st.Height, key)
	if known, err = s.db.Has(at); err != nil || known || s.counts.strange.Load() >= maxConflicts {
		return false, err
	}
	s.counts.strange.Add(1)
	s.log.Warn("a validator signed another statement than this node has 有验证者签署了不同的陈述", "height", st.Height, "validator", set.names[place])
	return true, s.db.Set(at, append(st.Append(nil), signature[:]...))
}

// confront looks whether keys that now signed the statement of a height had
// signed another one. The caller holds mu.
func (s *Store) confront(st *seal.Statement, places []int, signatures []sm2.Signature, set *set) error {
	if s.counts.strange.Load() == 0 {
		return nil
	}
	for i, place := range places {
		key := set.seals.Entries()[place].Key
		b, err := s.db.Get(heightAndKey(strangePrefix, st.Height, key))
		if err != nil {
			return err
		}
		if len(b) != seal.StatementSize+sm2.SignatureSize {
			continue
		}
		other, err := seal.ParseStatement(b[:seal.StatementSize])
		if err != nil {
			return fmt.Errorf("%w: %w", ErrCorrupt, err)
		}
		_, err = s.conflict(seal.Conflict{
			Key: key, Statements: [2]seal.Statement{*st, other}, Signatures: [2]sm2.Signature{signatures[i], sm2.Signature(b[seal.StatementSize:])},
		}, set.names[place])
		if err != nil {
			return err
		}
	}
	return nil
}

// conflict keeps a proof of misbehaviour.
func (s *Store) conflict(c seal.Conflict, validator string) (fresh bool, err error) {
	if s.counts.conflicts.Load() >= maxConflicts {
		return false, nil
	}
	if err := s.db.SetSync(heightAndKey(conflictPrefix, c.Statements[0].Height, c.Key), conflictBytes(&c)); err != nil {
		return false, fmt.Errorf("sealer: %w", err)
	}
	s.counts.conflicts.Add(1)
	s.log.Error("a seal key signed two different statements of one height 同一签章密钥对同一高度签署了两份不同陈述", "height", c.Statements[0].Height, "validator", validator)
	return true, nil
}

func conflictBytes(c *seal.Conflict) []byte {
	b := append([]byte(nil), c.Key[:]...)
	for i := range c.Statements {
		b = append(c.Statements[i].Append(b), c.Signatures[i][:]...)
	}
	return b
}

func parseConflict(b []byte) (*seal.Conflict, error) {
	const half = seal.StatementSize + sm2.SignatureSize
	if len(b) != sm2.PublicKeySize+2*half {
		return nil, fmt.Errorf("%w: a conflict of %d bytes", ErrCorrupt, len(b))
	}
	c := &seal.Conflict{Key: [sm2.PublicKeySize]byte(b)}
	for i := range c.Statements {
		part := b[sm2.PublicKeySize+i*half:][:half]
		st, err := seal.ParseStatement(part[:seal.StatementSize])
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrCorrupt, err)
		}
		c.Statements[i], c.Signatures[i] = st, sm2.Signature(part[seal.StatementSize:])
	}
	return c, nil
}
