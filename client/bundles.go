package client

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
)

const octets = "application/octet-stream"

// Bundle returns a bundle that proves what held of a certificate at the newest
// sealed height: bytes from a node that need not be trusted, for package light.
// Options: Claim, OnDateClaim, HeadOnly, HandoversFrom.
func (c *Client) Bundle(ctx context.Context, issuer, number string, opts ...ReadOption) ([]byte, error) {
	return getOctets(ctx, c, opts, "bundles", "certificates", issuer, number)
}

// AbsenceBundle returns a bundle that proves which bodies have issued a
// certificate with a number, or that none ever has. Options: HandoversFrom.
func (c *Client) AbsenceBundle(ctx context.Context, number string, opts ...ReadOption) ([]byte, error) {
	return getOctets(ctx, c, opts, "bundles", "numbers", number)
}

// DraftCard returns a trust card of the present seal set as a node gives it,
// without signatures. Options: NotAfter.
func (c *Client) DraftCard(ctx context.Context, opts ...ReadOption) ([]byte, error) {
	return getOctets(ctx, c, opts, "cards", "draft")
}

// Claim says what a bundle is to prove: valid, history, approved or on-date.
func Claim(name string) ReadOption { return with("claim", name) }

// OnDateClaim is Claim with on-date, and its date, as 2026-06-01.
func OnDateClaim(date string) ReadOption {
	return func(r *read) {
		Claim("on-date")(r)
		r.query.Set("date", date)
	}
}

// HeadOnly asks for the smallest bundle, for a QR code.
func HeadOnly() ReadOption { return with("head", "true") }

// HandoversFrom asks for the handovers since the height of a trust card.
func HandoversFrom(height uint64) ReadOption { return with("from", strconv.FormatUint(height, 10)) }

// NotAfter asks for a card whose last day is a date, as 2026-12-31.
func NotAfter(date string) ReadOption { return with("not_after", date) }

func getOctets(ctx context.Context, c *Client, opts []ReadOption, parts ...string) ([]byte, error) {
	r := read{query: url.Values{}}
	for _, o := range opts {
		o(&r)
	}
	var out []byte
	a, err := c.ask(ctx, request{method: http.MethodGet, path: join(parts), query: r.query, accept: octets + ", application/problem+json"}, &out)
	if err != nil {
		return nil, err
	}
	if r.height != nil {
		*r.height = a.height()
	}
	return out, nil
}
