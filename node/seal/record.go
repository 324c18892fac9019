package sealer

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// Keys of the database; the package comment has the table.
const (
	genesisKey = "g"
	rangeKey   = "r"
	floorKey   = "p"

	recordPrefix   = 's'
	sealedPrefix   = 'f'
	signedPrefix   = 'o'
	conflictPrefix = 'c'
	strangePrefix  = 'd'
)

func heightKey(prefix byte, height uint64) []byte {
	return binary.BigEndian.AppendUint64([]byte{prefix}, height)
}

func heightAndKey(prefix byte, height uint64, key [sm2.PublicKeySize]byte) []byte {
	return append(heightKey(prefix, height), key[:]...)
}

// heightOf returns the height in a key.
func heightOf(key []byte) uint64 {
	if len(key) < 9 {
		return 0
	}
	return binary.BigEndian.Uint64(key[1:])
}

// ErrCorrupt: the database holds something else than what was written.
var ErrCorrupt = errors.New("sealer: corrupt database")

// record is a height: its statement and who signed it so far.
type record struct {
	statement  seal.Statement
	places     []int // of the set, ascending
	signatures []sm2.Signature
	n          int // keys of the set
}

func (r *record) seal() seal.Seal { return seal.New(r.n, r.places, r.signatures) }

func (r *record) bytes() []byte {
	b := r.statement.Append(make([]byte, 0, seal.StatementSize+2+len(r.signatures)*sm2.SignatureSize+r.n/8+1))
	return r.seal().Append(binary.BigEndian.AppendUint16(b, uint16(r.n)))
}

func parseRecord(b []byte) (*record, error) {
	if len(b) < seal.StatementSize+2 {
		return nil, fmt.Errorf("%w: a record of %d bytes", ErrCorrupt, len(b))
	}
	st, err := seal.ParseStatement(b[:seal.StatementSize])
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCorrupt, err)
	}
	n := int(binary.BigEndian.Uint16(b[seal.StatementSize:]))
	sl, err := seal.Parse(n, b[seal.StatementSize+2:])
	if err != nil {
		return nil, fmt.Errorf("%w: height %d: %w", ErrCorrupt, st.Height, err)
	}
	return &record{st, sl.Signers(), sl.Signatures(), n}, nil
}

// held returns the signature of a place.
func (r *record) held(place int) (sm2.Signature, bool) {
	i, ok := slices.BinarySearch(r.places, place)
	if !ok {
		return sm2.Signature{}, false
	}
	return r.signatures[i], true
}

// add adds a signature whose place is free.
func (r *record) add(place int, signature sm2.Signature) {
	i, _ := slices.BinarySearch(r.places, place)
	r.places = slices.Insert(r.places, i, place)
	r.signatures = slices.Insert(r.signatures, i, signature)
}

// hash is of what is signed.
func hashOf(st *seal.Statement) sm3.Hash { return sm3.Sum(st.Append(nil)) }

// load reads the record of a height, nil if there is none.
func (s *Store) load(height uint64) (*record, error) {
	b, err := s.db.Get(heightKey(recordPrefix, height))
	if err != nil || b == nil {
		return nil, err
	}
	r, err := parseRecord(b)
	if err == nil && r.statement.Height != height {
		err = fmt.Errorf("%w: the record of height %d is of height %d", ErrCorrupt, height, r.statement.Height)
	}
	return r, err
}

// isSealed reports whether the height has a seal.
func (s *Store) isSealed(height uint64) (bool, error) {
	return s.db.Has(heightKey(sealedPrefix, height))
}
