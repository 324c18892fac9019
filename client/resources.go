package client

import (
	"context"
	"strconv"

	"github.com/hallmark-ledger/hallmark/api"
)

// Status returns how the node stands that answers first.
func (c *Client) Status(ctx context.Context) (*api.Status, error) {
	return get[api.Status](ctx, c, nil, "status")
}

// Certificate returns a certificate with its text. issuer is an approval number.
func (c *Client) Certificate(ctx context.Context, issuer, number string, opts ...ReadOption) (*api.Certificate, error) {
	return get[api.Certificate](ctx, c, opts, "certificates", issuer, number)
}

// OnDate returns what held of a certificate at the end of a date, 2026-06-01.
func (c *Client) OnDate(ctx context.Context, issuer, number, date string, opts ...ReadOption) (*api.OnDate, error) {
	return get[api.OnDate](ctx, c, opts, "certificates", issuer, number, "on", date)
}

// History returns records of a certificate. Options: From, Limit.
func (c *Client) History(ctx context.Context, issuer, number string, opts ...ReadOption) (*api.History, error) {
	return get[api.History](ctx, c, opts, "certificates", issuer, number, "history")
}

// Text returns a version of a certificate's text, from 1.
func (c *Client) Text(ctx context.Context, issuer, number string, version uint32, opts ...ReadOption) (*api.Details, error) {
	return get[api.Details](ctx, c, opts, "certificates", issuer, number, "versions", strconv.FormatUint(uint64(version), 10))
}

// Dependants returns the certificates that rest on one. Options: Cursor, Limit.
func (c *Client) Dependants(ctx context.Context, issuer, number string, opts ...ReadOption) (*api.CertificateList, error) {
	return get[api.CertificateList](ctx, c, opts, "certificates", issuer, number, "dependants")
}

// Issuers returns who has issued certificates with a number; none is no error.
func (c *Client) Issuers(ctx context.Context, number string, opts ...ReadOption) (*api.Issuers, error) {
	return get[api.Issuers](ctx, c, opts, "numbers", number)
}

// Held returns the certificates of a holder. Options: Cursor, Limit.
func (c *Client) Held(ctx context.Context, holder string, opts ...ReadOption) (*api.CertificateList, error) {
	return get[api.CertificateList](ctx, c, opts, "holders", holder, "certificates")
}

// Bars returns what keeps a holder from certificates. Options: Cursor, Limit.
func (c *Client) Bars(ctx context.Context, holder string, opts ...ReadOption) (*api.BarList, error) {
	return get[api.BarList](ctx, c, opts, "holders", holder, "bars")
}

// Members returns members. Options: Role, Cursor, Limit.
func (c *Client) Members(ctx context.Context, opts ...ReadOption) (*api.MemberList, error) {
	return get[api.MemberList](ctx, c, opts, "members")
}

// Role asks for members with a role, as certification_body.
func Role(name string) ReadOption { return with("role", name) }

// Member returns a member.
func (c *Client) Member(ctx context.Context, id string, opts ...ReadOption) (*api.Member, error) {
	return get[api.Member](ctx, c, opts, "members", id)
}

// MemberVersions returns the versions of a member. Options: Cursor, Limit.
func (c *Client) MemberVersions(ctx context.Context, id string, opts ...ReadOption) (*api.MemberList, error) {
	return get[api.MemberList](ctx, c, opts, "members", id, "versions")
}

// MemberKeys returns the keys of a member, those that have not ended first.
// Options: Cursor, Limit.
func (c *Client) MemberKeys(ctx context.Context, id string, opts ...ReadOption) (*api.KeyList, error) {
	return get[api.KeyList](ctx, c, opts, "members", id, "keys")
}

// Grants returns approvals and accreditations of a body. Options: From, Limit.
func (c *Client) Grants(ctx context.Context, id string, opts ...ReadOption) (*api.GrantList, error) {
	return get[api.GrantList](ctx, c, opts, "members", id, "grants")
}

// Key returns what is known of a key, in 66 hexadecimal digits.
func (c *Client) Key(ctx context.Context, key string, opts ...ReadOption) (*api.Key, error) {
	return get[api.Key](ctx, c, opts, "keys", key)
}

// Nonce returns which nonces a key can use.
func (c *Client) Nonce(ctx context.Context, key string, opts ...ReadOption) (*api.Nonce, error) {
	return get[api.Nonce](ctx, c, opts, "keys", key, "nonce")
}

// Proposals returns proposals. Options: Open, From, Limit.
func (c *Client) Proposals(ctx context.Context, opts ...ReadOption) (*api.ProposalList, error) {
	return get[api.ProposalList](ctx, c, opts, "proposals")
}

// Open asks for open proposals only.
func Open() ReadOption { return with("open", "true") }

// Proposal returns a proposal with its votes.
func (c *Client) Proposal(ctx context.Context, number uint64, opts ...ReadOption) (*api.Proposal, error) {
	return get[api.Proposal](ctx, c, opts, "proposals", strconv.FormatUint(number, 10))
}

// Validators returns the validator sets from the height read on.
func (c *Client) Validators(ctx context.Context, opts ...ReadOption) (*api.ValidatorSets, error) {
	return get[api.ValidatorSets](ctx, c, opts, "validators")
}

// Parameters returns the parameters of the ledger.
func (c *Client) Parameters(ctx context.Context, opts ...ReadOption) (*api.Parameters, error) {
	return get[api.Parameters](ctx, c, opts, "parameters")
}

// Block returns a block, the newest for height 0.
func (c *Client) Block(ctx context.Context, height uint64) (*api.Block, error) {
	name := "latest"
	if height > 0 {
		name = strconv.FormatUint(height, 10)
	}
	return get[api.Block](ctx, c, nil, "blocks", name)
}

// Proof returns the proof of a key of the state, in hexadecimal, or of its
// absence.
func (c *Client) Proof(ctx context.Context, key string, opts ...ReadOption) (*api.StateProof, error) {
	return get[api.StateProof](ctx, c, opts, "proofs", key)
}

// Transaction returns what one node knows of a transaction. Wait tells what
// became of it for certain. Options: Events, Body.
func (c *Client) Transaction(ctx context.Context, id string, opts ...ReadOption) (*api.Transaction, error) {
	return get[api.Transaction](ctx, c, opts, "transactions", id)
}

// Events asks for the events of a transaction.
func Events() ReadOption { return with("events", "true") }

// Body asks for the body of a transaction.
func Body() ReadOption { return with("body", "true") }
