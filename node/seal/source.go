package sealer

import (
	"errors"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/x/validator"
)

// Source is the node as seals see it. Its methods may be called from several
// goroutines, also while blocks are committed.
type Source interface {
	// Heights returns the first and the last height whose block is there and was
	// executed; both 0 before the first.
	Heights() (first, last uint64)
	// Block returns what a statement says of a block; ErrNoBlock if it is not, or
	// no longer, there.
	Block(height uint64) (Block, error)
	// Genesis returns the root of the genesis state.
	Genesis() (sm3.Hash, error)
	// SetAt returns the set that decides a height, which is at most
	// validator.LeastActivation above the last.
	SetAt(height uint64) (validator.Set, error)
	// SetsAfter returns up to limit sets that begin above a height, by begin, as
	// far as they are decided.
	SetsAfter(height uint64, limit int) ([]validator.Set, error)
	// Pin keeps the state after a height readable until release is called. The
	// error says that it is not readable any more.
	Pin(height uint64) (release func(), err error)
	// Live reports whether the node takes part in consensus or follows it, and is
	// not fetching old blocks.
	Live() bool
	// Notify returns a channel of capacity 1 that is sent to, without waiting,
	// after each committed block, and a function that ends that.
	Notify() (<-chan struct{}, func())
}

// Block is what a statement says of a block.
type Block struct {
	Hash       [32]byte // CometBFT's
	Time       time.Time
	AppVersion uint64
	State      sm3.Hash // root after it
}

// ErrNoBlock: the block is not, or no longer, there.
var ErrNoBlock = errors.New("sealer: the block is not there")
