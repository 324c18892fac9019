package client

import (
	"context"
	"fmt"
	"time"
)

// sealedPause lies between two questions whether a height is sealed; it takes a
// second or two after its block.
const sealedPause = 200 * time.Millisecond

// WaitSealed returns once a node says that a height, or a later one, is sealed:
// then what the state was after it can be proven with a trust card. It goes on as
// long as ctx lasts; then the error wraps context.Cause(ctx).
func (c *Client) WaitSealed(ctx context.Context, height uint64) error {
	for {
		s, err := c.Status(ctx)
		if err != nil && ctx.Err() == nil {
			return err
		}
		if err == nil && s.SealedHeight >= height {
			return nil
		}
		select {
		case <-time.After(sealedPause):
		case <-ctx.Done():
			return fmt.Errorf("client: waiting for the seal of height %d: %w", height, context.Cause(ctx))
		}
	}
}
