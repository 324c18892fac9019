package bulk

import (
	"context"
	"errors"
	"time"

	"github.com/hallmark-ledger/hallmark/client"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
)

// Transaction is a transaction with a nonce of its own. Signatures may be missing
// in one that is prepared for others to sign.
type Transaction struct {
	ID     string // 64 hexadecimal digits
	Raw    []byte // encoded, as it is sent
	Expiry time.Time
}

// Ledger is what transactions are filed with. It is safe for concurrent use.
// Errors are those of package client.
type Ledger interface {
	// Make returns a new transaction of mode “each” with the messages, signed by
	// those who sign here. It may complete the messages. A refusal says that the
	// messages have no legal transaction.
	Make(ctx context.Context, messages []*txv1.Message) (*Transaction, error)

	// File sends a transaction and waits until it is certain what became of it. It
	// may be called again for the same one. An error says that nothing is certain
	// yet; a refusal among the errors, that a node did not take it just now.
	File(ctx context.Context, t *Transaction) (*client.Outcome, error)

	// Settle returns what became of a transaction that a node refused because its
	// nonce is used: it is in a block, or (Expired) it never will be.
	Settle(ctx context.Context, t *Transaction) (*client.Outcome, error)

	// Wait waits until it is certain what became of a transaction, sent or not.
	Wait(ctx context.Context, t *Transaction) (*client.Outcome, error)
}

// What a refusal of a whole transaction, by a node that checks it, asks for.
type verdict int

const (
	stop   verdict = iota // it needs a person
	again                 // the same transaction, later
	settle                // it is in a block, or never will be
	expire                // it has expired: wait until that is certain
)

func verdictOf(err error) verdict {
	r, ok := client.RefusalOf(err)
	if !ok {
		if errors.Is(err, client.ErrNoAnswer) || errors.Is(err, client.ErrNotReady) || errors.Is(err, client.ErrUncertain) {
			return again
		}
		return stop
	}
	switch r.Name {
	case "tx_quota_exceeded", "tx_nonce_too_far":
		return again
	case "tx_nonce_used", "tx_nonce_too_old":
		return settle
	case "tx_expired":
		return expire
	}
	return stop
}
