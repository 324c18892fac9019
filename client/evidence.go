package client

import (
	"context"

	"github.com/hallmark-ledger/hallmark/api"
)

// Evidence returns an anchor, by its id in hexadecimal.
func (c *Client) Evidence(ctx context.Context, id string, opts ...ReadOption) (*api.Evidence, error) {
	return get[api.Evidence](ctx, c, opts, "evidence", id)
}

// EvidenceAbout returns the anchors about a subject: certificate/ISSUER/NUMBER,
// engagement/ISSUER/SCHEME/REFERENCE or product/URI. Options: Cursor, Limit.
func (c *Client) EvidenceAbout(ctx context.Context, subject string, opts ...ReadOption) (*api.EvidenceList, error) {
	return get[api.EvidenceList](ctx, c, append(opts, with("subject", subject)), "evidence")
}

// EvidenceOf returns the anchors of a member. Options: Cursor, Limit.
func (c *Client) EvidenceOf(ctx context.Context, member string, opts ...ReadOption) (*api.EvidenceList, error) {
	return get[api.EvidenceList](ctx, c, append(opts, with("member", member)), "evidence")
}

// Grounded returns the records of certificates that rest on an anchor. Options:
// Cursor, Limit.
func (c *Client) Grounded(ctx context.Context, id string, opts ...ReadOption) (*api.GroundList, error) {
	return get[api.GroundList](ctx, c, opts, "evidence", id, "decisions")
}

// EvidenceBundle returns a bundle that proves an anchor, or that there is none; who
// has a file adds its leaf with light.AddLeaf. Options: HandoversFrom.
func (c *Client) EvidenceBundle(ctx context.Context, id string, opts ...ReadOption) ([]byte, error) {
	return getOctets(ctx, c, opts, "bundles", "evidence", id)
}
