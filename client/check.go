package client

import (
	"context"
	"net/http"

	"github.com/hallmark-ledger/hallmark/api"
)

// Check asks a node to run a transaction on its newest state and drop what it
// did. Signatures may be missing, as in what tx.Draft.Bytes returns; those that
// are there are verified. What would be refused is no error but in the answer.
func (c *Client) Check(ctx context.Context, raw []byte) (*api.Check, error) {
	out := new(api.Check)
	_, err := c.ask(ctx, request{method: http.MethodPost, path: "/transactions/check", body: raw}, out)
	if err != nil {
		return nil, err
	}
	return out, nil
}
