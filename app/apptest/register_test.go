package apptest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/app"
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	governancev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/governance/v1"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/certificate"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
	"github.com/hallmark-ledger/hallmark/x/governance"
)

// register is a chain on which one transaction after the other is sent, each in a
// block of its own.
type register struct {
	*testing.T
	net     *Network
	nonces  map[string]uint64
	decided uint64   // proposals
	roots   []string // of each block
	// done are the kinds of messages and actions that were done, if it is not nil.
	done map[string]bool
}

// send runs messages under some keys, each alone, in a block, and returns a code
// for each.
func (r *register) send(keys []string, list ...*txv1.Message) []uint32 {
	r.Helper()
	r.nonces[keys[0]]++
	for i, m := range list { // it may have been sent before, under other keys
		list[i] = proto.Clone(m).(*txv1.Message)
		list[i].Actor, list[i].Signers = "", nil
	}
	raw := Draft{
		Nonce: r.nonces[keys[0]], Mode: txv1.Mode_MODE_EACH, Keys: keys, Messages: list, Expiry: r.net.Now().Add(time.Hour),
	}.Sign()
	res, err := r.net.Propose(context.Background(), time.Second, [][]byte{raw})
	if err != nil {
		r.Fatal(err)
	}
	r.note()
	var results txv1.Results
	if len(res.TxResults) != 1 || res.TxResults[0].Code != 0 {
		r.Fatalf("the transaction is refused: %v", res.TxResults)
	}
	if err := proto.Unmarshal(res.TxResults[0].Data, &results); err != nil {
		r.Fatal(err)
	}
	for i, code := range results.Codes {
		if code == 0 && r.done != nil {
			r.done[fieldOf(list[i])] = true
		}
	}
	return results.Codes
}

func (r *register) ok(keys []string, list ...*txv1.Message) {
	r.Helper()
	if got := r.send(keys, list...); !slices.Equal(got, make([]uint32, len(list))) {
		r.Fatalf("codes %v", got)
	}
}

func (r *register) refused(code uint32, keys []string, m *txv1.Message) {
	r.Helper()
	if got := r.send(keys, m); got[0] != code {
		r.Errorf("code %d, want %d: %v", got[0], code, m)
	}
}

// fieldOf is the name of the kind of a message or an action.
func fieldOf(m proto.Message) string {
	r := m.ProtoReflect()
	return string(r.WhichOneof(r.Descriptor().Oneofs().Get(0)).Name())
}

// decide lets two of the three regulators take actions.
func (r *register) decide(actions ...*governancev1.Action) {
	r.Helper()
	r.decided++
	r.ok([]string{"cnca/approver"}, Propose(actions...))
	r.ok([]string{"samr-bj/approver"}, Approve(r.decided))
	v := r.view()
	if p, _, err := v.Governance.Proposal(v, r.decided); err != nil || p.Status != governance.Executed {
		r.Fatalf("proposal %d: %v %v, %v", r.decided, p.Status, p.Failure, err)
	}
	for _, a := range actions {
		if r.done != nil {
			r.done[fieldOf(a)] = true
		}
	}
}

func (r *register) view() *app.Reader {
	r.Helper()
	v, err := r.net.View()
	if err != nil {
		r.Fatal(err)
	}
	return v
}

// to makes an empty block at noon of a day, a second later if that is over.
func (r *register) to(day civil.Date) {
	r.Helper()
	after := max(time.Second, day.Start().Add(12*time.Hour).Sub(r.net.Now()))
	if _, err := r.net.Run(context.Background(), r.net.Next(after)); err != nil {
		r.Fatal(err)
	}
	r.note()
}

// note keeps the root after the last block.
func (r *register) note() {
	r.roots = append(r.roots, fmt.Sprintf("%d %x", r.net.Height(), r.net.Root()))
}

func (r *register) today() int32 { return int32(civil.DateOf(r.net.Now())) }

// eyes are the keys of a certifier and an approver of the bodies named.
func eyes(bodies ...string) (keys []string) {
	for _, b := range bodies {
		b = strings.ToLower(b)
		keys = append(keys, b+"/certifier", b+"/approver")
	}
	return keys
}

func (r *register) head(ref Ref) *rules.Head {
	r.Helper()
	h, ok, err := certificate.Head(r.view(), rules.Ref(ref))
	if err != nil || !ok {
		r.Fatal(ref, ok, err)
	}
	return h
}

// is checks the status on record.
func (r *register) is(ref Ref, status rules.Status, reason string) {
	r.Helper()
	if h := r.head(ref); h.Status != status || h.Reason != reason {
		r.Fatalf("%v is %v %q, want %v %q", ref, h.Status, h.Reason, status, reason)
	}
}

// message is an action of today on a certificate, right but for the status.
func (r *register) message(action string, ref Ref) *txv1.Message {
	day, h := r.today(), r.head(ref)
	d := Text(h.Scheme)
	next := &certificatev1.Certificate{Number: "NEXT-1", Scheme: h.Scheme, Holder: h.Holder, Issued: day, Expires: day + 300, Details: d}
	if kind, ok := map[string]certificatev1.Action{"extend": 7, "reduce": 8, "name": 9, "address": 10, "model": 11, "standard": 12, "particulars": 13}[action]; ok {
		Edit(d, map[string]int{"extend": 1, "name": 3, "address": 4, "standard": 5}[action])
		if action == "reduce" {
			d.ScopeCodes = nil
		}
		return msg(&certificatev1.Amend{Number: ref.Number, Issuer: ref.Issuer, Decided: day, Action: kind, ChangeType: changeTypes[h.Scheme[0] == 'B'][kind], Details: d})
	}
	switch action {
	case "suspend":
		return msg(&certificatev1.Suspend{Number: ref.Number, Issuer: ref.Issuer, Decided: day, Reason: map[bool]string{true: "0299", false: "0112"}[h.Scheme[0] == 'B'], Until: day + 90})
	case "reinstate":
		return msg(&certificatev1.Reinstate{Number: ref.Number, Issuer: ref.Issuer, Decided: day})
	case "revoke":
		return msg(&certificatev1.Revoke{Number: ref.Number, Issuer: ref.Issuer, Decided: day, Reason: map[bool]string{true: "0299", false: "0114"}[h.Scheme[0] == 'B']})
	case "cancel":
		return msg(&certificatev1.Cancel{Number: ref.Number, Issuer: ref.Issuer, Decided: day, Reason: "0202"})
	case "annul":
		return msg(&certificatev1.Annul{Number: ref.Number, Issuer: ref.Issuer, Decided: day, Note: "filed in error"})
	case "renew":
		return msg(&certificatev1.Renew{Number: ref.Number, Issuer: ref.Issuer, Decided: day, ReissueReason: "0102", Certificate: next})
	case "transfer":
		return msg(&certificatev1.Transfer{Number: ref.Number, Issuer: ref.Issuer, Decided: day, Certificate: next})
	}
	panic(action)
}
