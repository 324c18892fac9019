package client

import (
	"context"
	"strconv"

	"github.com/hallmark-ledger/hallmark/api"
)

// Seal returns the statement of a height with its seal, or who has yet to sign;
// of the newest sealed height for 0.
func (c *Client) Seal(ctx context.Context, height uint64) (*api.Seal, error) {
	name := "latest"
	if height > 0 {
		name = strconv.FormatUint(height, 10)
	}
	return get[api.Seal](ctx, c, nil, "seals", name)
}

// Handovers returns what leads from the seal set of a height to that of the
// newest sealed one. Their seals are to be verified: see seal.Trust.
func (c *Client) Handovers(ctx context.Context, from uint64) (*api.HandoverList, error) {
	return get[api.HandoverList](ctx, c, []ReadOption{HandoversFrom(from)}, "handovers")
}
