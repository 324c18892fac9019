package node

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/hallmark-ledger/hallmark/app"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	sealer "github.com/hallmark-ledger/hallmark/node/seal"
	"github.com/hallmark-ledger/hallmark/store/engine"
	"github.com/hallmark-ledger/hallmark/x/validator"
)

// openSeals opens the store of seals, which pins the newest sealed state before
// anything is committed, and makes what sends and receives them.
func (n *Node) openSeals() error {
	dir := filepath.Join(n.config.DataDir(), "seals")
	store, err := sealer.Open(dir, sealSource{n}, sealer.Options{
		ChainID: n.genesis.ChainID, Initial: uint64(max(n.genesis.InitialHeight, 1)), Retain: uint64(n.config.Seal.Retain),
		Logger: n.log.With("module", "seal"),
	})
	if err != nil {
		return Troublef(ErrState, "the seals: %v. Do not restore old data: an old validator_state.json makes a validator sign twice. Move %s away: the node fetches the seals anew from others. It then no longer knows what it signed, so only do it if the rest of the data folder is whole", "签章数据：%v。切勿恢复旧数据：旧的 validator_state.json 会导致重复签名。请移走 %s：节点会从其他节点重新获取签章；此后不再知道曾签署过什么，仅当 data 目录其余部分完好时方可如此", err, dir)
	}
	n.closers = append(n.closers, store.Close)
	n.seals, n.sealReactor = store, sealer.NewReactor(store)
	n.metrics.WatchSeals(store.Stats)
	return nil
}

// startSeals lets the store follow the blocks and the signer sign. They read
// CometBFT's stores, so they end before it.
func (n *Node) startSeals() error {
	key, err := n.comet.PrivValidator().GetPubKey()
	if err != nil {
		return err
	}
	n.signer = sealer.NewSigner(n.seals, sealer.SignerOptions{
		Validator: validator.ConsensusKey(key.Bytes()), Keys: n.sealKeys, Timeout: n.config.Seal.SignTimeout,
		Logger: n.log.With("module", "seal"),
	}, n.sealReactor.Publish)
	n.metrics.WatchSealKey(n.signer.HasKey)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{}, 2)
	go func() {
		if err := n.seals.Run(ctx); err != nil {
			n.log.Error("no more heights are sealed here; restart the node 本节点已停止签章，请重启", "err", err)
		}
		ended <- struct{}{}
	}()
	go func() {
		n.signer.Run(ctx)
		ended <- struct{}{}
	}()
	n.closers = append(n.closers, func() error {
		stop()
		<-ended
		<-ended
		return nil
	})
	return nil
}

// Seals returns the store of seals.
func (n *Node) Seals() *sealer.Store { return n.seals }

// sealSource is the node as seals see it.
type sealSource struct{ *Node }

var _ sealer.Source = sealSource{}

// Block implements sealer.Source.
func (s sealSource) Block(height uint64) (b sealer.Block, err error) {
	if s.hasBlock(height) != nil {
		return b, fmt.Errorf("height %d: %w", height, sealer.ErrNoBlock)
	}
	meta := s.stores.BlockStore.LoadBlockMeta(int64(height))
	if meta == nil || len(meta.BlockID.Hash) != len(b.Hash) {
		return b, fmt.Errorf("height %d: %w", height, sealer.ErrNoBlock)
	}
	b.Hash, b.Time, b.AppVersion = [32]byte(meta.BlockID.Hash), meta.Header.Time, meta.Header.Version.App
	b.State, err = s.rootAfter(height)
	return b, err
}

// rootAfter returns the root of the state after a height: of the state itself
// while that can be read, later from the header of the block after it.
func (s sealSource) rootAfter(height uint64) (root sm3.Hash, err error) {
	view, err := s.db.At(height)
	if err == nil {
		root, err = view.Root()
	}
	if !errors.Is(err, engine.ErrVersionGone) {
		return root, err
	}
	return s.appHash(height + 1)
}

// appHash returns what the header of a block says of the state before it.
func (s sealSource) appHash(height uint64) (root sm3.Hash, err error) {
	meta := s.stores.BlockStore.LoadBlockMeta(int64(height))
	if meta == nil || len(meta.Header.AppHash) != len(root) {
		return root, fmt.Errorf("height %d: %w", height, sealer.ErrNoBlock)
	}
	return sm3.Hash(meta.Header.AppHash), nil
}

// Genesis implements sealer.Source: the first block names the root of the genesis
// state. If it is gone, the state is made from the genesis file once more.
func (s sealSource) Genesis() (sm3.Hash, error) {
	root, err := s.appHash(uint64(max(s.genesis.InitialHeight, 1)))
	if err == nil {
		return root, nil
	}
	res, err := inspect(s.genesis)
	if err != nil {
		return root, err
	}
	return sm3.Hash(res.AppHash), nil
}

// SetAt implements sealer.Source.
func (s sealSource) SetAt(height uint64) (set validator.Set, err error) {
	err = s.newest(func(r *app.Reader) error {
		set, err = r.Validator.SetAt(r, height)
		return err
	})
	return set, err
}

// SetsAfter implements sealer.Source.
func (s sealSource) SetsAfter(height uint64, limit int) (list []validator.Set, err error) {
	err = s.newest(func(r *app.Reader) error {
		list, err = r.Validator.Sets(r, height+1, limit)
		return err
	})
	return list, err
}

// newest calls read with the newest state, and once more if that was let go
// meanwhile.
func (s sealSource) newest(read func(*app.Reader) error) (err error) {
	for range 3 {
		var r *app.Reader
		if r, err = s.app.View(0); err == nil {
			err = read(r)
		}
		if !errors.Is(err, engine.ErrVersionGone) {
			break
		}
	}
	return err
}

// Pin implements sealer.Source.
func (s sealSource) Pin(height uint64) (func(), error) { return s.db.Pin(height) }

// Live implements sealer.Source.
func (s sealSource) Live() bool { return !s.comet.ConsensusReactor().WaitSync() }
