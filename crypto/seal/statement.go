package seal

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// StatementSize is the length in bytes of an encoded statement.
const StatementSize = sm3.BlockSize + 2*32 + 3*8 + 4*32 + 8

// ErrStatement: the values, or the bytes, are not a statement.
var ErrStatement = errors.New("seal: not a statement")

// statementTag begins what is signed: "hallmark/seal/v1" and 48 zero bytes.
var statementTag = sm3.TagBlock("hallmark/seal/v1")

// Statement says what a chain was after one height. There is one statement of a
// height; a key that signs two different ones misbehaves.
type Statement struct {
	Chain      sm3.Hash // SM3(chain id)
	Genesis    sm3.Hash // root of the genesis state
	AppVersion uint64   // of the rules
	Height     uint64   // from 1
	Time       int64    // of the block, Unix nanoseconds, not negative
	Block      [32]byte // CometBFT's hash of the block
	State      sm3.Hash // root of the state after it
	Set        sm3.Hash // of the seal set that decides the height
	// Next is the hash of the next different set that is scheduled, NextHeight
	// the first height that it decides, above Height; both zero if there is none.
	Next       sm3.Hash
	NextHeight uint64
}

// Check reports what no statement may say. Its errors wrap ErrStatement.
func (s *Statement) Check() error {
	switch {
	case s.Height == 0:
		return fmt.Errorf("%w: of height 0", ErrStatement)
	case s.Time < 0:
		return fmt.Errorf("%w: its time is before 1970", ErrStatement)
	case s.Next.IsZero() != (s.NextHeight == 0):
		return fmt.Errorf("%w: a next set without a height, or a height without a set", ErrStatement)
	case s.NextHeight != 0 && s.NextHeight <= s.Height:
		return fmt.Errorf("%w: of height %d, and its next set begins at %d", ErrStatement, s.Height, s.NextHeight)
	case s.Next == s.Set:
		return fmt.Errorf("%w: the next set is the same set", ErrStatement)
	}
	return nil
}

// Append appends the bytes that are signed to dst, with the standard user id:
//
//	tag block (64) ‖ chain (32) ‖ genesis (32) ‖ app version (8) ‖ height (8) ‖
//	time (8) ‖ block (32) ‖ state (32) ‖ set (32) ‖ next (32) ‖ next height (8)
//
// Integers are big-endian.
func (s *Statement) Append(dst []byte) []byte {
	dst = append(dst, statementTag...)
	dst = append(dst, s.Chain[:]...)
	dst = append(dst, s.Genesis[:]...)
	dst = binary.BigEndian.AppendUint64(dst, s.AppVersion)
	dst = binary.BigEndian.AppendUint64(dst, s.Height)
	dst = binary.BigEndian.AppendUint64(dst, uint64(s.Time))
	dst = append(dst, s.Block[:]...)
	dst = append(dst, s.State[:]...)
	dst = append(dst, s.Set[:]...)
	dst = append(dst, s.Next[:]...)
	return binary.BigEndian.AppendUint64(dst, s.NextHeight)
}

// ParseStatement reads what Append writes, all of b, and checks it. Its errors
// wrap ErrStatement.
func ParseStatement(b []byte) (s Statement, err error) {
	if len(b) != StatementSize {
		return s, fmt.Errorf("%w: %d bytes, want %d", ErrStatement, len(b), StatementSize)
	}
	if string(b[:sm3.BlockSize]) != string(statementTag) {
		return s, fmt.Errorf("%w: it begins with another tag", ErrStatement)
	}
	b = b[sm3.BlockSize:]
	hash := func() (h [32]byte) { copy(h[:], b); b = b[32:]; return h }
	number := func() uint64 { n := binary.BigEndian.Uint64(b); b = b[8:]; return n }
	s.Chain, s.Genesis = hash(), hash()
	s.AppVersion, s.Height, s.Time = number(), number(), int64(number())
	s.Block, s.State, s.Set, s.Next = hash(), hash(), hash(), hash()
	s.NextHeight = number()
	return s, s.Check()
}
