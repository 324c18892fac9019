package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hallmark-ledger/hallmark/app"
	"github.com/hallmark-ledger/hallmark/app/apptest"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/certificate"
	"github.com/hallmark-ledger/hallmark/x/civil"
	"github.com/hallmark-ledger/hallmark/x/tx"

	"google.golang.org/protobuf/proto"
)

// holders is how many organisations hold certificates.
const holders = 100_000

// number returns the number of certificate n, counted from 0.
func number(n int) string { return fmt.Sprintf("016%08dR0M", n) }

// exists reports whether anybody has issued a certificate with the number.
func exists(r *app.Reader, number string) (bool, error) {
	_, ok, err := r.Get(certificate.NumberKey(number))
	return ok, err
}

// holder returns the unified social credit code of the holder of certificate n.
// There are about ten certificates to a holder, spread over the numbers.
func holder(n int) string {
	code := []byte(fmt.Sprintf("91110000%08d", n%holders))
	sum := 0
	for i, weight := range []int{3, 7, 9, 10, 5, 8, 4, 2} { // GB 11714
		sum += weight * int(code[8+i]-'0')
	}
	code = append(code, "0X987654321"[sum%11])
	const set = "0123456789ABCDEFGHJKLMNPQRTUWXY" // GB 32100
	sum = 0
	for i, weight := 0, 1; i < len(code); i, weight = i+1, weight*3%31 {
		sum += weight * strings.IndexByte(set, code[i])
	}
	return string(append(code, set[(31-sum%31)%31]))
}

// issue returns a transaction of a body, signed by its certifier and its approver,
// that issues n certificates, each on its own.
func (c *chain) issue(body string, n int) []byte {
	messages := make([]*txv1.Message, n)
	for i := range messages {
		m := apptest.Issue(number(c.filed), today)
		m.GetIssue().Certificate.Holder = holder(c.filed)
		messages[i] = m
		c.filed++
	}
	return c.sign(body, messages)
}

// sign returns a transaction under four eyes.
func (c *chain) sign(body string, messages []*txv1.Message) []byte {
	c.nonces[body]++
	return apptest.Draft{
		Nonce: c.nonces[body], Mode: txv1.Mode_MODE_EACH, Keys: []string{body + "/certifier", body + "/approver"},
		Messages: messages, Expiry: c.timeOf(c.height).Add(time.Hour),
	}.Sign()
}

// batch returns n transactions of the bodies in turn.
func (c *chain) batch(n, records int) [][]byte {
	txs := make([][]byte, n)
	for i := range txs {
		txs[i] = c.issue(certifiers[i%len(certifiers)], records)
	}
	return txs
}

// signatures returns those of txs, ready to be verified alone: what a program
// that knows all keys and does nothing else would have.
func signatures(txs [][]byte) (items []sm2.Item, err error) {
	keys := map[string]*sm2.PublicKey{}
	for _, raw := range txs {
		var t txv1.Tx
		if err := proto.Unmarshal(raw, &t); err != nil {
			return nil, err
		}
		var b txv1.Body
		if err := proto.Unmarshal(t.Body, &b); err != nil {
			return nil, err
		}
		signed := tx.SignBytes(t.Body)
		for i, s := range b.Signers {
			key := keys[string(s.Key)]
			if key == nil {
				if key, err = sm2.ParsePublicKey(s.Key); err != nil {
					return nil, err
				}
				keys[string(s.Key)] = key
			}
			sig, err := sm2.ParseSignature(t.Signatures[i])
			if err != nil {
				return nil, err
			}
			items = append(items, sm2.Item{Key: key, Message: signed, Signature: sig})
		}
	}
	return items, nil
}

// powerBank is the number of CCC certificate n, of the product category that
// power banks are in.
func powerBank(n int) string { return fmt.Sprintf("2025010907%06d", n) }

// ccc is the message that issues the CCC certificate of power bank n on a day.
func ccc(n int, day civil.Date) *txv1.Message {
	return &txv1.Message{Action: &txv1.Message_Issue{Issue: &certificatev1.Issue{
		Decided: int32(day),
		Certificate: &certificatev1.Certificate{
			Number: powerBank(n), Scheme: "B010101", Holder: holder(n),
			FirstIssued: int32(day), Issued: int32(day), Expires: int32(day) + 5*365,
			Details: &certificatev1.Details{
				Holder:    &certificatev1.Party{NameZh: "深圳某某电子有限公司", AddressZh: "广东省深圳市", Country: "156", Region: "440300"},
				Producer:  &certificatev1.Party{NameZh: "深圳某某电子有限公司", AddressZh: "广东省深圳市", Country: "156", Region: "440300"},
				Factory:   &certificatev1.Party{NameZh: "东莞某某电子厂", AddressZh: "广东省东莞市", Country: "156", Region: "441900"},
				ScopeZh:   "移动电源",
				Models:    []string{"PB-10000", "PB-20000"},
				Standards: []string{"GB 31241-2022", "GB 4943.1-2022"},
				Document:  slices.Repeat([]byte{1}, 32),
			},
		},
	}}}
}

// suspend is the message that suspends certificate n of the power banks: the
// product does not meet the rules, for half a year.
func suspend(n int, day civil.Date) *txv1.Message {
	return &txv1.Message{Action: &txv1.Message_Suspend{Suspend: &certificatev1.Suspend{
		Number: powerBank(n), Decided: int32(day), Reason: "0203", Until: int32(day) + 180,
	}}}
}
