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

// SealConflicts returns the proofs that a node has seen that a seal key signed two
// statements of one height, each with the message that puts it on record.
func (c *Client) SealConflicts(ctx context.Context) (*api.SealConflictList, error) {
	return get[api.SealConflictList](ctx, c, nil, "seals", "conflicts")
}

// Conflicts returns those that are on the ledger. Options: Cursor, Limit.
func (c *Client) Conflicts(ctx context.Context, opts ...ReadOption) (*api.ConflictList, error) {
	return get[api.ConflictList](ctx, c, opts, "conflicts")
}
