package prepared

import (
	"encoding/hex"
	"slices"
	"time"

	"github.com/hallmark-ledger/hallmark/client/message"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/tx"
)

// Summary is what a body says, in words.
type Summary struct {
	Chain    string    `json:"chain"`
	ID       string    `json:"id"`
	Expires  time.Time `json:"expires"`
	Mode     string    `json:"mode"` // all or each
	Nonce    uint64    `json:"nonce"`
	Signers  []Signer  `json:"signers"`
	Messages []Message `json:"messages"`
}

// Signer is one who must sign.
type Signer struct {
	Member string `json:"member"`
	Key    string `json:"key"`
	Signed bool   `json:"signed"`
}

// Message is one message in words.
type Message struct {
	Actor   string   `json:"actor"`
	Signers []uint32 `json:"signers"`
	message.Description
}

// Summarize says what the body of d says.
func Summarize(d *tx.Draft) *Summary {
	b, id := d.Body(), d.ID()
	s := &Summary{
		Chain: b.ChainId, ID: hex.EncodeToString(id[:]), Expires: time.Unix(b.Expiry, 0).UTC(), Mode: "all", Nonce: b.Nonce,
	}
	if b.Mode == txv1.Mode_MODE_EACH {
		s.Mode = "each"
	}
	missing := d.Missing()
	for _, signer := range b.Signers {
		lacks := slices.ContainsFunc(missing, func(m tx.Signer) bool { return string(m.Key[:]) == string(signer.Key) })
		s.Signers = append(s.Signers, Signer{signer.Member, hex.EncodeToString(signer.Key), !lacks})
	}
	for _, m := range b.Messages {
		s.Messages = append(s.Messages, Message{m.Actor, m.Signers, message.Describe(m)})
	}
	return s
}
