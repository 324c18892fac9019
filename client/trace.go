package client

import (
	"context"

	"github.com/hallmark-ledger/hallmark/api"
)

// Product returns the record of a product, by its canonical URI.
func (c *Client) Product(ctx context.Context, uri string, opts ...ReadOption) (*api.Product, error) {
	return get[api.Product](ctx, c, opts, "trace", uri)
}

// ProductsOf returns the products that a member has registered. Options: Cursor,
// Limit.
func (c *Client) ProductsOf(ctx context.Context, owner string, opts ...ReadOption) (*api.ProductList, error) {
	return get[api.ProductList](ctx, c, append(opts, with("owner", owner)), "trace")
}

// ProductsRelying returns the products that rely on a certificate at present.
// Options: Cursor, Limit.
func (c *Client) ProductsRelying(ctx context.Context, issuer, number string, opts ...ReadOption) (*api.ProductList, error) {
	return get[api.ProductList](ctx, c, append(opts, with("issuer", issuer), with("number", number)), "trace")
}

// TraceEntries returns entries of a product's chain. Options: From, Limit.
func (c *Client) TraceEntries(ctx context.Context, uri string, opts ...ReadOption) (*api.TraceEntryList, error) {
	return get[api.TraceEntryList](ctx, c, opts, "trace", uri, "entries")
}

// Uses returns what was made of a product or has it in it. Options: From, Limit.
func (c *Client) Uses(ctx context.Context, uri string, opts ...ReadOption) (*api.UseList, error) {
	return get[api.UseList](ctx, c, opts, "trace", uri, "uses")
}

// Way returns the way of a product from upstream, with the status of certificates at
// each event, as one node tells it.
func (c *Client) Way(ctx context.Context, uri string, opts ...ReadOption) (*api.Way, error) {
	return get[api.Way](ctx, c, opts, "trace", uri, "way")
}

// EventProducts returns the products that have an event in their chains, by its hash
// in hexadecimal. Options: Cursor, Limit.
func (c *Client) EventProducts(ctx context.Context, hash string, opts ...ReadOption) (*api.EventProducts, error) {
	return get[api.EventProducts](ctx, c, opts, "events", hash)
}

// TraceBundle returns a bundle that proves the way of a product. Options:
// HandoversFrom.
func (c *Client) TraceBundle(ctx context.Context, uri string, opts ...ReadOption) ([]byte, error) {
	return getOctets(ctx, c, opts, "bundles", "trace", uri)
}
