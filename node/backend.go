package node

import (
	"context"
	"fmt"
	"time"

	"github.com/hallmark-ledger/hallmark/app"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/node/api"
	"github.com/hallmark-ledger/hallmark/node/txindex"
)

var (
	_ api.Backend    = (*Node)(nil)
	_ txindex.Source = (*Node)(nil)
)

// View implements api.Backend.
func (n *Node) View(height uint64) (*app.Reader, error) { return n.app.View(height) }

// Block implements api.Backend.
func (n *Node) Block(height uint64) (*api.BlockData, error) {
	if err := n.hasBlock(height); err != nil {
		return nil, err
	}
	meta := n.stores.BlockStore.LoadBlockMeta(int64(height))
	block := n.stores.BlockStore.LoadBlock(int64(height))
	if meta == nil || block == nil {
		return nil, fmt.Errorf("height %d: %w", height, api.ErrNoBlock) // pruned meanwhile
	}
	results, err := n.stores.StateStore.LoadFinalizeBlockResponse(int64(height))
	if err != nil {
		return nil, fmt.Errorf("height %d: %w: its results: %w", height, api.ErrNoBlock, err)
	}
	return &api.BlockData{Block: block, Hash: meta.BlockID.Hash, Results: results}, nil
}

// Transactions implements txindex.Source.
func (n *Node) Transactions(height uint64) ([][]byte, error) {
	if err := n.hasBlock(height); err != nil {
		return nil, err
	}
	block := n.stores.BlockStore.LoadBlock(int64(height))
	if block == nil {
		return nil, fmt.Errorf("height %d: %w", height, api.ErrNoBlock) // pruned meanwhile
	}
	return block.Txs.ToSliceOfBytes(), nil
}

// BlockTime implements api.Backend.
func (n *Node) BlockTime(height uint64) (time.Time, error) {
	if err := n.hasBlock(height); err != nil {
		return time.Time{}, err
	}
	meta := n.stores.BlockStore.LoadBlockMeta(int64(height))
	if meta == nil {
		return time.Time{}, fmt.Errorf("height %d: %w", height, api.ErrNoBlock)
	}
	return meta.Header.Time.UTC(), nil
}

// hasBlock returns api.ErrNoBlock unless the block is there and was committed by
// the application: CometBFT saves a block before that.
func (n *Node) hasBlock(height uint64) error {
	if earliest, latest := n.Heights(); height == 0 || height < earliest || height > latest {
		return fmt.Errorf("height %d of %d to %d: %w", height, earliest, latest, api.ErrNoBlock)
	}
	return nil
}

// Heights implements api.Backend.
func (n *Node) Heights() (earliest, latest uint64) {
	latest, _ = n.db.Version()
	if latest == 0 {
		return 0, 0
	}
	return uint64(max(n.stores.BlockStore.Base(), 0)), latest
}

// Notify implements api.Backend.
func (n *Node) Notify() (<-chan struct{}, func()) { return n.notifier.subscribe() }

// Pending implements api.Backend.
func (n *Node) Pending(id sm3.Hash) bool { return n.pending.has(id) }

// Rehearse implements api.Backend.
func (n *Node) Rehearse(ctx context.Context, raw []byte) (*app.Rehearsal, error) {
	return n.app.Rehearse(ctx, raw)
}
