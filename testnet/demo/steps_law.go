package demo

import (
	"context"
	"errors"
	"fmt"

	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/testnet/example"
	"github.com/hallmark-ledger/hallmark/testnet/generate"
	"github.com/hallmark-ledger/hallmark/testnet/runner"
	"github.com/hallmark-ledger/hallmark/testnet/words"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// What the certificates are suspended, revoked and cancelled for: at the holder's
// request; a violation that was penalised; at the client's request.
const (
	suspendedFor = "0116"
	revokedFor   = "0114"
	cancelledFor = "0204"
	renewedFor   = "0102" // recertification
	replacedFor  = "0120" // how the old one closes
)

// product is the number of the product certificate.
func product(today civil.Date) string { return example.CCCNumber(today.Start().Year(), 1) }

func productRef(today civil.Date) rules.Ref {
	return rules.Ref{Issuer: generate.ExampleCertNumber, Number: product(today)}
}

// revoke revokes a certificate for fault. A certificate for its holder is then
// refused at another body.
func (d *demo) revoke(ctx context.Context) (*outcome, error) {
	today, err := d.today(ctx)
	if err != nil {
		return nil, err
	}
	m := &txv1.Message{Action: &txv1.Message_Revoke{Revoke: &certificatev1.Revoke{Number: number(toRevoke), Decided: int32(today), Reason: revokedFor}}}
	o, err := d.decide(ctx, words.Plain("%s", number(toRevoke)), generate.ExampleCert, m,
		expected{ref: ref(toRevoke), status: rules.Revoked, reason: revokedFor})
	if err != nil {
		return nil, err
	}
	again := example.Issue(example.System(number(examples+1), toRevoke, today))
	r, err := d.refused(ctx, d.as(fourEyes(generate.ExampleSecond)...), "holder_barred", again)
	if err != nil {
		return nil, err
	}
	until := rules.BarredUntil(rules.ManagementSystem, rules.Revoked, revokedFor, today)
	o.status = append(o.status, words.Say("another body tries to certify the same holder: refused, %s (%d) until %v",
		"另一机构拟向同一组织发证：拒绝，%s（%d），至 %v", r.Name, r.Code, until))
	return o, d.each(func(n *runner.Node) error {
		list, err := n.Client.Bars(ctx, generate.ExampleCode(toRevoke))
		if err == nil && (len(list.Items) != 1 || list.Items[0].Until != until.String()) {
			err = fmt.Errorf("bars of the holder: %+v, expected one until %v", list.Items, until)
		}
		return err
	})
}

// illegal tries to reinstate the revoked certificate. The transaction is in a
// block, and changes nothing.
func (d *demo) illegal(ctx context.Context) (*outcome, error) {
	today, err := d.today(ctx)
	if err != nil {
		return nil, err
	}
	m := &txv1.Message{Action: &txv1.Message_Reinstate{Reinstate: &certificatev1.Reinstate{Number: number(toRevoke), Decided: int32(today)}}}
	c, result, err := d.submit(ctx, d.as(fourEyes(generate.ExampleCert)...), m)
	if err != nil {
		return nil, err
	}
	r, err := oneRefusal(result.Transaction.Refusal, result.Transaction.Refused, "certificate_revoked")
	if err != nil {
		return nil, err
	}
	v, err := d.everywhere(ctx, expected{ref: ref(toRevoke), status: rules.Revoked, reason: revokedFor})
	if err != nil {
		return nil, err
	}
	return &outcome{
		what:   []words.Message{words.Say("reinstate %s, which is revoked", "恢复已撤销的 %s", number(toRevoke))},
		signed: []words.Message{d.people(generate.ExampleCert)}, blocks: []committed{c},
		status: []words.Message{
			words.Say("refused by every node: %s (%d), %s", "各节点均拒绝：%s（%d），%s", r.Name, r.Code, words.Pair(r.Text.En, r.Text.Zh)),
			standing(v),
		},
		proof: d.proof(v),
	}, nil
}

func (d *demo) renew(ctx context.Context) (*outcome, error) {
	today, err := d.today(ctx)
	if err != nil {
		return nil, err
	}
	next := example.Number("RENEWED", toRenew)
	m := &txv1.Message{Action: &txv1.Message_Renew{Renew: &certificatev1.Renew{
		Number: number(toRenew), Decided: int32(today), Certificate: example.System(next, toRenew, today), ReissueReason: renewedFor,
	}}}
	o, err := d.decide(ctx, words.Say("%s takes the place of %s", "%s 取代 %s", next, number(toRenew)), generate.ExampleCert, m,
		expected{ref: ref(toRenew), status: rules.Revoked, reason: replacedFor})
	if err != nil {
		return nil, err
	}
	return d.alsoValid(ctx, o, rules.Ref{Issuer: generate.ExampleCertNumber, Number: next})
}

// transfer moves a certificate from one body to the other. Both sign, the one
// that receives it first.
func (d *demo) transfer(ctx context.Context) (*outcome, error) {
	today, err := d.today(ctx)
	if err != nil {
		return nil, err
	}
	next := example.Number("TRANSFERRED", toTransfer)
	m := &txv1.Message{Action: &txv1.Message_Transfer{Transfer: &certificatev1.Transfer{
		Number: number(toTransfer), Issuer: generate.ExampleCertNumber, Decided: int32(today), Certificate: example.System(next, toTransfer, today),
	}}}
	signers := append(fourEyes(generate.ExampleSecond), fourEyes(generate.ExampleCert)...)
	c, err := d.do(ctx, d.as(signers...), m)
	if err != nil {
		return nil, err
	}
	v, err := d.everywhere(ctx, expected{ref: ref(toTransfer), status: rules.Revoked, reason: replacedFor})
	if err != nil {
		return nil, err
	}
	return d.alsoValid(ctx, &outcome{
		what:   []words.Message{words.Say("%s becomes %s", "%s 转为 %s", number(toTransfer), next)},
		signed: []words.Message{d.people(generate.ExampleSecond), d.people(generate.ExampleCert)}, blocks: []committed{c},
		status: []words.Message{standing(v)},
	}, rules.Ref{Issuer: generate.ExampleSecondNumber, Number: next})
}

// alsoValid adds to o that another certificate is valid.
func (d *demo) alsoValid(ctx context.Context, o *outcome, ref rules.Ref) (*outcome, error) {
	v, err := d.everywhere(ctx, expected{ref: ref, status: rules.Valid})
	if err != nil {
		return nil, err
	}
	o.status, o.proof = append(o.status, standing(v)), d.proof(v)
	return o, nil
}

// stopBody stops the second body: it cannot issue any more, and its certificates
// say so. They stay valid.
func (d *demo) stopBody(ctx context.Context) (*outcome, error) {
	today, err := d.today(ctx)
	if err != nil {
		return nil, err
	}
	stop := &txv1.Message{Action: &txv1.Message_StopBody{StopBody: &memberv1.StopBody{Body: generate.ExampleSecond, Reason: "示例：停业整顿 / example: suspended for rectification"}}}
	c, err := d.do(ctx, d.as("amr-bj.approver"), stop)
	if err != nil {
		return nil, err
	}
	r, err := d.refused(ctx, d.as(fourEyes(generate.ExampleSecond)...), "body_stopped", example.Issue(example.System(number(examples+2), examples+2, today)))
	if err != nil {
		return nil, err
	}
	v, err := d.everywhere(ctx, expected{ref: ref(toStop), status: rules.Valid, says: "body-stopped"})
	if err != nil {
		return nil, err
	}
	return &outcome{
		what:   []words.Message{words.Say("%s may no longer issue, extend or reinstate", "%s 不得再发证、扩大范围或恢复证书", d.name(generate.ExampleSecond))},
		signed: []words.Message{d.official("amr-bj")}, blocks: []committed{c},
		status: []words.Message{
			words.Say("it tries to issue: refused, %s (%d)", "其拟发证：拒绝，%s（%d）", r.Name, r.Code),
			words.Say("%s, with the flag body-stopped", "%s，带有标记“认证机构被叫停”", standing(v)),
		},
		proof: d.proof(v),
	}, nil
}

// killValidator kills a validator as a loss of power does, files certificates with
// the three others, and starts it again.
func (d *demo) killValidator(ctx context.Context) (*outcome, error) {
	today, err := d.today(ctx)
	if err != nil {
		return nil, err
	}
	victim := d.net.Nodes[len(d.net.Nodes)-1]
	if err := victim.Kill(); err != nil {
		return nil, err
	}
	var messages []*txv1.Message
	for i := range afterwards {
		messages = append(messages, example.Issue(example.System(example.Number("AFTERWARDS", i), i+1000, today)))
	}
	c, err := d.do(ctx, d.as(fourEyes(generate.ExampleCert)...), messages...)
	if err != nil {
		return nil, err
	}
	if victim.Running() {
		return nil, errors.New("the validator that was killed runs")
	}
	if err := victim.Start(); err != nil {
		return nil, err
	}
	if err := victim.Ready(ctx); err != nil {
		return nil, err
	}
	v, err := d.everywhere(ctx, expected{ref: rules.Ref{Issuer: generate.ExampleCertNumber, Number: example.Number("AFTERWARDS", afterwards-1)}, status: rules.Valid})
	if err != nil {
		return nil, err
	}
	return &outcome{
		what: []words.Message{
			words.Say("%s is killed (kill −9); three of four are enough", "强行终止 %s（kill −9）；四个中有三个即可", victim.Validator),
			words.Say("%d certificates are issued; then it is started again", "颁发 %d 张证书，随后重新启动该节点", afterwards),
		},
		signed: []words.Message{d.people(generate.ExampleCert)}, blocks: []committed{c},
		status: []words.Message{words.Say("it has caught up: %s", "已追上：%s", standing(v))},
		proof:  d.proof(v),
	}, nil
}
