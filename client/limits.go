package client

import (
	"context"
	"fmt"
	"time"

	"github.com/hallmark-ledger/hallmark/x/tx"
)

// ledgerLimits are limits and when they were read.
type ledgerLimits struct {
	tx.Limits
	read time.Time
}

// limitsLast is how long limits are used before they are read again.
const limitsLast = time.Minute

// Limits returns what the ledger says of transactions, for tx.New and tx.Open,
// which make the same checks as a node. It is read at most once a minute.
func (c *Client) Limits(ctx context.Context) (tx.Limits, error) {
	c.mu.Lock()
	known := c.limits
	c.mu.Unlock()
	if known != nil && time.Since(known.read) < limitsLast {
		return known.Limits, nil
	}
	status, err := c.Status(ctx)
	if err != nil {
		return tx.Limits{}, err
	}
	p, err := c.Parameters(ctx)
	if err != nil {
		return tx.Limits{}, err
	}
	l := tx.Limits{ChainID: status.ChainID}
	for name, set := range map[string]func(uint64){
		"max_tx_bytes":       func(v uint64) { l.Bytes = int(v) },
		"max_messages":       func(v uint64) { l.Messages = int(v) },
		"max_signers":        func(v uint64) { l.Signers = int(v) },
		"max_expiry_seconds": func(v uint64) { l.MaxExpiry = time.Duration(v) * time.Second },
	} {
		v, ok := p.Values[name]
		if !ok || v > 1<<31 {
			return tx.Limits{}, fmt.Errorf("client: the parameters do not say %s: is the node of a version that this program knows?", name)
		}
		set(v)
	}
	c.mu.Lock()
	c.limits = &ledgerLimits{l, time.Now()}
	c.mu.Unlock()
	return l, nil
}
