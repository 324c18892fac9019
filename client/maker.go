package client

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/tx"
)

// Party is one who must sign.
type Party struct {
	Member string
	Key    *sm2.PublicKey
	Signer sm2.Signer // nil if the signature is made elsewhere
}

// Maker makes transactions that the same parties sign. Its fields are not
// changed while it is used; Draft and Sign may be called side by side.
type Maker struct {
	Client  *Client
	Parties []Party // the first one's nonces are used
	Nonces  *Nonces // of the first party's key
	Mode    txv1.Mode
	// Lifetime is from the time of the newest block, or of the clock if that is
	// later, to the expiry. It is cut to what the ledger allows; 0 for all of it.
	Lifetime time.Duration
}

// Draft returns a transaction with the messages, checked as a node checks it,
// and signed by nobody. A message without an actor acts for the first party's
// member, one without signers relies on all parties; messages are completed in
// place. An error is a refusal, or one of the client.
func (m *Maker) Draft(ctx context.Context, messages []*txv1.Message) (*tx.Draft, error) {
	if len(m.Parties) == 0 {
		return nil, errors.New("client: nobody is to sign")
	}
	limits, err := m.Client.Limits(ctx)
	if err != nil {
		return nil, err
	}
	expiry, err := m.expiry(ctx, limits)
	if err != nil {
		return nil, err
	}
	body := &txv1.Body{ChainId: limits.ChainID, Expiry: expiry.Unix(), Mode: m.Mode, Messages: messages, Nonce: 1}
	if m.Mode == txv1.Mode_MODE_UNSPECIFIED {
		body.Mode = txv1.Mode_MODE_ALL
	}
	all := make([]uint32, len(m.Parties))
	for i, p := range m.Parties {
		key := p.Key.Bytes()
		body.Signers = append(body.Signers, &txv1.Signer{Member: p.Member, Key: key[:]})
		all[i] = uint32(i)
	}
	for _, message := range messages {
		if message.Actor == "" {
			message.Actor = m.Parties[0].Member
		}
		if len(message.Signers) == 0 {
			message.Signers = all
		}
	}
	if _, err := tx.New(body, limits); err != nil { // before a nonce is taken
		return nil, err
	}
	if body.Nonce, err = m.Nonces.Next(ctx, expiry); err != nil {
		return nil, err
	}
	return tx.New(body, limits)
}

// expiry returns the expiry of a transaction made now, in whole seconds.
func (m *Maker) expiry(ctx context.Context, limits tx.Limits) (time.Time, error) {
	standing, err := m.Client.Status(ctx)
	if err != nil {
		return time.Time{}, err
	}
	if standing.Height == 0 { // no block has a time yet
		standing.Time = time.Now()
	}
	latest := standing.Time.Add(limits.MaxExpiry)
	if m.Lifetime == 0 {
		return latest.Truncate(time.Second), nil
	}
	begin := standing.Time
	if now := time.Now(); now.After(begin) {
		begin = now
	}
	if at := begin.Add(m.Lifetime); at.Before(latest) {
		latest = at
	}
	return latest.Truncate(time.Second), nil
}

// Sign adds the signatures of those parties that sign here.
func (m *Maker) Sign(ctx context.Context, d *tx.Draft) error {
	for _, p := range m.Parties {
		if p.Signer == nil {
			continue
		}
		if err := d.Sign(ctx, p.Signer); err != nil {
			return fmt.Errorf("client: %s: %w", p.Member, err)
		}
	}
	return nil
}
