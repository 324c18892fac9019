package txindex

import (
	"context"
	"errors"
	"fmt"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/tx"
)

// What one batch takes at most, so that catching up takes bounded memory. A
// block is never divided.
const (
	batchBlocks = 256
	batchTxs    = 10_000
)

// retry is how long Run waits after a block could not be read.
const retry = 5 * time.Second

// Run follows the blocks until ctx ends, and returns nil then. A block that
// cannot be read is tried again; an error is one of the database, after which
// the index does not advance until it is opened again.
func (x *Index) Run(ctx context.Context) error {
	news, stop := x.source.Notify()
	defer stop()
	for {
		err := x.catchUp(ctx)
		var unread *readError
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.As(err, &unread):
			x.logger.Error("a block cannot be indexed; it is tried again", "height", unread.height, "err", unread.err)
		case err != nil:
			return err
		}
		wait := time.NewTimer(retry)
		if err == nil {
			wait.Stop()
		}
		select {
		case <-ctx.Done():
		case <-news:
		case <-wait.C:
		}
		wait.Stop()
	}
}

// readError: the source did not give a block.
type readError struct {
	height uint64
	err    error
}

func (e *readError) Error() string {
	return fmt.Sprintf("txindex: block %d: %v", e.height, e.err)
}

// catchUp indexes all blocks that the source has.
func (x *Index) catchUp(ctx context.Context) error {
	for ctx.Err() == nil {
		earliest, latest := x.source.Heights()
		first, last := x.Heights()
		next := last + 1
		if latest == 0 || next > latest {
			return nil
		}
		if next < earliest {
			if last > 0 {
				x.logger.Warn("blocks were pruned before they were indexed", "from", next, "to", earliest-1)
			}
			next = earliest
		}
		if first == 0 {
			first = next
		}
		if err := x.batch(first, next, latest); err != nil {
			return err
		}
	}
	return nil
}

// batch indexes blocks from next on, latest at most, in one write.
func (x *Index) batch(first, next, latest uint64) (err error) {
	b := x.db.NewBatch()
	defer func() { err = errors.Join(err, b.Close()) }()
	last, n := next-1, 0
	for height := next; height <= latest && height-next < batchBlocks && n < batchTxs; height++ {
		txs, err := x.source.Transactions(height)
		if err != nil {
			if last >= next {
				break // what was read is written; the next batch begins with this block
			}
			return &readError{height, err}
		}
		for i, raw := range txs {
			id, ok := ID(raw)
			if !ok {
				continue
			}
			if err := b.Set(txKey(id), Place{height, uint32(i)}.bytes()); err != nil {
				return err
			}
		}
		last, n = height, n+len(txs)
	}
	if err := b.Set([]byte(rangeKey), rangeBytes(first, last)); err != nil {
		return err
	}
	if err := b.WriteSync(); err != nil {
		return fmt.Errorf("txindex: %w", err)
	}
	x.advance(first, last)
	return nil
}

// ID returns the id of an encoded transaction, false if it is none. It reads the
// outer layer alone and checks nothing within.
func ID(raw []byte) (sm3.Hash, bool) {
	var t txv1.Tx
	if err := (proto.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(raw, &t); err != nil || len(t.Body) == 0 {
		return sm3.Hash{}, false
	}
	return tx.ID(t.Body), true
}
