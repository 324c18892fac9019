package api

import (
	"context"
	"errors"
	"fmt"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	cmttypes "github.com/cometbft/cometbft/types"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/app"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/node/txindex"
)

// Backend is the node as the interface sees it. Its methods may be called from
// many goroutines at once, and while blocks are committed.
//
// The newest height is that of the last block whose state is committed: View,
// Block and BlockTime have it by the time Notify wakes for it.
type Backend interface {
	// View returns a reader of the state after a height, 0 for the newest. The
	// error matches engine.ErrVersionGone if the height is not, or no longer,
	// retained, or there is no block yet.
	View(height uint64) (*app.Reader, error)
	// Block returns the block at a height with its results. The error matches
	// ErrNoBlock if the node does not, or no longer, have them.
	Block(height uint64) (*BlockData, error)
	// BlockTime returns the time of the block at a height, in UTC; ErrNoBlock as
	// above. It is cheaper than Block.
	BlockTime(height uint64) (time.Time, error)
	// Submit gives a transaction to the mempool and waits until it is checked:
	// nil if it now waits there. The error is a *SubmitError if it was refused,
	// ErrPending if it waits there already, ErrBusy if the mempool is full, the
	// context's if that ended; anything else is a fault of the node.
	Submit(ctx context.Context, raw []byte) error
	// Pending reports whether a transaction waits in this node's mempool.
	Pending(id sm3.Hash) bool
	// Rehearse runs a transaction, fully signed or not, on the newest state and
	// drops what it did. The error is a fault.
	Rehearse(ctx context.Context, raw []byte) (*app.Rehearsal, error)
	// Status says how the node stands.
	Status(ctx context.Context) (*api.Status, error)
	// Heights returns the earliest and the newest height for which Block has an
	// answer; both are 0 before the first block.
	Heights() (earliest, latest uint64)
	// Notify returns a channel of capacity 1 that is sent to, without waiting,
	// after each committed block, and a function that ends that. Several blocks
	// may be one message.
	Notify() (<-chan struct{}, func())
}

// Index tells where transactions are: *txindex.Index.
type Index interface {
	// Lookup returns where the transaction with the id is, false if the index
	// does not have it.
	Lookup(id sm3.Hash) (txindex.Place, bool, error)
	// Heights returns the first and the last height that are indexed, both 0
	// if none is.
	Heights() (first, last uint64)
	// Notify is like Backend's, for each height indexed.
	Notify() (<-chan struct{}, func())
}

// BlockData is a block and what the application made of it.
type BlockData struct {
	Block   *cmttypes.Block
	Hash    []byte // of the block, CometBFT's
	Results *abci.ResponseFinalizeBlock
}

var (
	// ErrNoBlock: the node does not, or no longer, have the block.
	ErrNoBlock = errors.New("api: the node does not have this block")
	// ErrPending: the transaction waits in the mempool already.
	ErrPending = errors.New("api: the transaction waits in the mempool already")
	// ErrBusy: the mempool is full. The same transaction may be sent again.
	ErrBusy = errors.New("api: the mempool is full")
)

// SubmitError is the refusal of a transaction by CheckTx: code and log of its
// answer.
type SubmitError struct {
	Code uint32
	Log  string // "name (number): detail"
}

func (e *SubmitError) Error() string {
	return fmt.Sprintf("api: refused with code %d: %s", e.Code, e.Log)
}
