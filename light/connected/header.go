package connected

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/cometbft/cometbft/types"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/light"
)

// maxHeight is the greatest height that is asked for.
const maxHeight = 1<<63 - 2

// Header establishes the state root after a block, by the header of the next one.
// Of claimed, which is not trusted, it takes the height; and where the next block
// is not there yet but the root claimed stands in the header of the block itself,
// since nothing has changed, it returns the state one block earlier, which is the
// same. Its errors are *Error, *Attack, or of the file system.
func (c *Client) Header(ctx context.Context, claimed *light.Header, now time.Time) (h *light.Header, err error) {
	if c.halted != nil {
		return nil, c.halted
	}
	if claimed.Height == 0 || claimed.Height > maxHeight {
		return nil, because(reasonUnavailable, fmt.Errorf("there is no height %d", claimed.Height))
	}
	err = c.guard(func() (err error) {
		h, err = c.establish(ctx, int64(claimed.Height), claimed.State, now)
		return err
	})
	return h, toError(err)
}

func (c *Client) establish(ctx context.Context, height int64, state sm3.Hash, now time.Time) (*light.Header, error) {
	stating, err := c.stating(ctx, height, state, now)
	if err != nil {
		return nil, err
	}
	if len(stating.AppHash) != sm3.Size {
		return nil, because(reasonInvalid, fmt.Errorf("an app hash of %d bytes", len(stating.AppHash)))
	}
	of, err := c.before(ctx, stating)
	if err != nil {
		return nil, err
	}
	h := &light.Header{
		ChainID: stating.ChainID, Height: uint64(of.Height), Time: of.Time.UTC(),
		State: sm3.Hash(stating.AppHash), Hash: [32]byte(stating.Hash()),
	}
	primary := c.light.Primary().(*source)
	for _, s := range c.sources {
		if s != primary && s.gave(stating.Height, h.Hash) {
			h.Witnesses = append(h.Witnesses, s.name)
		}
	}
	return h, nil
}

// stating returns the verified header that states the root after a height. It
// waits for it, as long as no header states the root that is claimed.
func (c *Client) stating(ctx context.Context, height int64, claimed sm3.Hash, now time.Time) (*types.LightBlock, error) {
	begin := time.Now()
	for until := begin.Add(c.config.Wait); ; {
		if _, err := c.store.LightBlock(height + 1); err == nil {
			break
		}
		newest := c.tip(ctx, height)
		if newest != nil && newest.Height == height && bytes.Equal(newest.AppHash, claimed[:]) && height > 1 {
			return c.header(ctx, height, now.Add(time.Since(begin)))
		}
		if newest != nil && newest.Height > height || time.Now().After(until) {
			break
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(lookAgain):
		}
	}
	return c.header(ctx, height+1, now.Add(time.Since(begin))) // which may be younger than now
}

// tip returns the newest header of the nodes, or the first that is above a height,
// nil if none has any. It serves to know what to ask for, and nothing else.
func (c *Client) tip(ctx context.Context, height int64) (newest *types.LightBlock) {
	for _, s := range c.sources {
		b, err := s.LightBlock(ctx, 0)
		if err == nil && (newest == nil || b.Height > newest.Height) {
			newest = b
		}
		if newest != nil && newest.Height > height {
			break
		}
	}
	return newest
}

// before returns the header that another one names as that of the block before it,
// from any node: it is known by its hash.
func (c *Client) before(ctx context.Context, b *types.LightBlock) (*types.LightBlock, error) {
	if known, err := c.store.LightBlock(b.Height - 1); err == nil && bytes.Equal(known.Hash(), b.LastBlockID.Hash) {
		return known, nil
	}
	var last error
	for _, s := range c.sources {
		got, err := s.LightBlock(ctx, b.Height-1)
		if err == nil && bytes.Equal(got.Hash(), b.LastBlockID.Hash) {
			return got, nil
		}
		if err == nil {
			err = fmt.Errorf("%s gave a header %d that is not the one before header %d", s, b.Height-1, b.Height)
		}
		last = err
	}
	return nil, because(reasonUnavailable, last)
}
