package apptest

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	governancev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/governance/v1"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/civil"
	"github.com/hallmark-ledger/hallmark/x/tx"
)

// Draft says what a transaction is to be. Zero values have their defaults: mode
// "all", the chain Chain, an expiry an hour after Begin.
type Draft struct {
	Chain  string
	Nonce  uint64
	Expiry time.Time
	Mode   txv1.Mode
	// Keys that sign, by name; the first one's nonce it is. Messages that name
	// no actor and no signers are of the first key's member and rely on all.
	Keys     []string
	Messages []*txv1.Message
}

// Body returns the body.
func (d Draft) Body() *txv1.Body {
	b := &txv1.Body{ChainId: d.Chain, Nonce: d.Nonce, Mode: d.Mode, Messages: d.Messages}
	if b.ChainId == "" {
		b.ChainId = Chain
	}
	if b.Mode == 0 {
		b.Mode = txv1.Mode_MODE_ALL
	}
	if d.Expiry.IsZero() {
		d.Expiry = Begin.Add(time.Hour)
	}
	b.Expiry = d.Expiry.Unix()
	all := make([]uint32, len(d.Keys))
	for i, name := range d.Keys {
		key := Key(name).Public().Bytes()
		b.Signers = append(b.Signers, &txv1.Signer{Member: memberOf(name), Key: key[:]})
		all[i] = uint32(i)
	}
	for _, m := range b.Messages {
		if m.Actor == "" {
			m.Actor, m.Signers = memberOf(d.Keys[0]), all
		}
	}
	return b
}

func memberOf(key string) string {
	id, _, _ := strings.Cut(key, "/")
	return id
}

// Sign returns the transaction, signed by all of its keys. Signatures are not
// the same twice.
func (d Draft) Sign() []byte {
	raw, err := d.TrySign()
	if err != nil {
		panic(err)
	}
	return raw
}

// TrySign is Sign for a draft that may have no form in which it can be signed.
func (d Draft) TrySign() ([]byte, error) {
	limits := tx.Limits{ChainID: d.Body().ChainId, Bytes: 16 << 20, Messages: 100_000, Signers: 64}
	draft, err := tx.New(d.Body(), limits)
	if err != nil {
		return nil, err
	}
	for _, name := range d.Keys {
		if err := draft.Sign(context.Background(), Key(name)); err != nil {
			return nil, err
		}
	}
	return draft.Bytes(), nil
}

func sm2Sign(k *sm2.PrivateKey, message []byte) sm2.Signature {
	sig, err := k.SignWith(ones{}, message)
	if err != nil {
		panic(err)
	}
	return sig
}

// ones makes signatures that are the same each time, as a genesis needs. It is
// no way to sign with a key that matters.
type ones struct{}

func (ones) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = 1
	}
	return len(b), nil
}

// Holder is a holder of certificates.
const Holder = "91371323760038087M"

// Issue is the message that issues a quality management certificate, valid for
// three years from a day.
func Issue(number string, day civil.Date) *txv1.Message {
	return &txv1.Message{Action: &txv1.Message_Issue{Issue: &certificatev1.Issue{
		Decided: int32(day),
		Certificate: &certificatev1.Certificate{
			Number: number, Scheme: "A010101", Holder: Holder, FirstIssued: int32(day), Issued: int32(day), Expires: int32(day) + 3*365,
			Details: &certificatev1.Details{
				Holder:  &certificatev1.Party{NameZh: "山东某某有限公司", AddressZh: "山东省", Country: "156", Region: "371323"},
				ScopeZh: "机械零件的生产", ScopeCodes: []string{"17.12.05"}, Standards: []string{"GB/T 19001-2016"},
				Document: slices.Repeat([]byte{1}, 32),
			},
		},
	}}}
}

// Suspend is the message that suspends a certificate of the acting body for a
// month.
func Suspend(number string, day civil.Date) *txv1.Message {
	return &txv1.Message{Action: &txv1.Message_Suspend{Suspend: &certificatev1.Suspend{
		Number: number, Decided: int32(day), Reason: "0111", Until: int32(day) + 30,
	}}}
}

// Propose is the message that proposes actions.
func Propose(actions ...*governancev1.Action) *txv1.Message {
	return &txv1.Message{Action: &txv1.Message_Propose{Propose: &governancev1.Propose{Title: "a test", Actions: actions}}}
}

// Approve is the message that approves a proposal.
func Approve(number uint64) *txv1.Message {
	return &txv1.Message{Action: &txv1.Message_Approve{Approve: &governancev1.Approve{Proposal: number}}}
}

// Revoke is the message that revokes a certificate of the acting body.
func Revoke(number string, day civil.Date, reason string) *txv1.Message {
	return &txv1.Message{Action: &txv1.Message_Revoke{Revoke: &certificatev1.Revoke{Number: number, Decided: int32(day), Reason: reason}}}
}
