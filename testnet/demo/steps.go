package demo

import (
	"context"
	"fmt"
	"time"

	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	governancev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/governance/v1"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/testnet/example"
	"github.com/hallmark-ledger/hallmark/testnet/generate"
	"github.com/hallmark-ledger/hallmark/testnet/runner"
	"github.com/hallmark-ledger/hallmark/testnet/words"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
)

// steps are the demonstration, in order.
var steps = []struct {
	title words.Message
	do    func(*demo, context.Context) (*outcome, error)
}{
	{words.Say("Start four validators", "启动四个验证节点"), (*demo).start},
	{words.Say("Regulators decide that old certificates may be imported", "监管部门表决开放历史导入窗口"), (*demo).openWindow},
	{words.Say("Import three real certificates", "导入三张真实证书"), (*demo).importPublished},
	{words.Say("Issue example certificates", "颁发示例证书"), (*demo).issue},
	{words.Say("Suspend a certificate", "暂停一张证书"), (*demo).suspend},
	{words.Say("Reinstate it", "恢复该证书"), (*demo).reinstate},
	{words.Say("Amend a certificate: extend its scope", "变更一张证书：扩大范围"), (*demo).amend},
	{words.Say("Revoke a certificate; its holder is barred", "撤销一张证书；其持有组织一年内不得再获证"), (*demo).revoke},
	{words.Say("Try what the rules do not allow", "尝试规则不允许的操作"), (*demo).illegal},
	{words.Say("Cancel a product certificate", "注销一张产品证书"), (*demo).cancel},
	{words.Say("Renew a certificate", "证书换证"), (*demo).renew},
	{words.Say("Transfer a certificate to another body", "证书转至另一机构"), (*demo).transfer},
	{words.Say("Expose a forged number", "识破伪造的证书编号"), (*demo).exposeForgery},
	{words.Say("A regulator stops a body", "监管部门叫停一家机构"), (*demo).stopBody},
	{words.Say("Kill a validator, go on without it, and let it catch up", "强行终止一个验证节点，网络继续运行，再使其追上"), (*demo).killValidator},
	{words.Say("Admit a maker of cells, accredit a laboratory", "接纳一家电芯制造商，认可一家检测实验室"), (*demo).join},
	{words.Say("Fix test reports as evidence", "固定检测报告证据"), (*demo).fixReports},
	{words.Say("Certify cells, and power banks with them (CCC)", "颁发电芯与移动电源的 CCC 证书"), (*demo).certify},
	{words.Say("Make power banks of the cells, and record the events", "以该批电芯生产移动电源，登记追溯事件"), (*demo).makeBanks},
	{words.Say("Suspend the certificate of the cells: the power bank's trace shows it", "暂停电芯证书：移动电源的追溯随即显示"), (*demo).suspendCells},
	{words.Say("Follow the cells to the power banks, and recall them", "由电芯追至移动电源，并予召回"), (*demo).recallCells},
	{words.Say("Write a QR code, stop the network, and verify without it", "生成二维码，停止整个网络，离线核验"), (*demo).offline},
	{words.Say("Verify the evidence and the trace, still without the network", "网络仍停止，离线核验证据与追溯"), (*demo).offlineStory},
}

func (d *demo) start(ctx context.Context) (*outcome, error) {
	if err := d.net.Start(ctx); err != nil {
		return nil, err
	}
	o := &outcome{}
	for _, n := range d.net.Nodes {
		o.what = append(o.what, words.Say("%s, run by %s: %s", "%s，运行方 %s：%s", n.Validator, d.name(n.Member), n.URL()))
	}
	s, err := d.client.Status(ctx)
	if err != nil {
		return nil, err
	}
	d.last = s.Height
	o.status = []words.Message{words.Say("chain %s, height %d, %d members", "链 %s，高度 %d，%d 个成员", s.ChainID, s.Height, len(d.net.Members))}
	return o, nil
}

// openWindow opens import windows by a proposal of one regulator that two others
// approve: more than half of four.
func (d *demo) openWindow(ctx context.Context) (*outcome, error) {
	propose := &governancev1.Propose{Title: "历史证书导入 / Import of published certificates"}
	now := time.Now()
	for _, r := range published {
		propose.Actions = append(propose.Actions, &governancev1.Action{Action: &governancev1.Action_OpenImportWindow{
			OpenImportWindow: &governancev1.OpenImportWindow{Body: r.body, From: now.Add(-time.Minute).Unix(), Until: now.Add(time.Hour).Unix(), MaxRecords: 10},
		}})
	}
	o, err := d.together(ctx, 1, propose)
	if err != nil {
		return nil, err
	}
	o.what = []words.Message{words.Say("one hour, ten certificates each, for %s, %s and %s", "为 %s、%s、%s 各开放一小时，每家十张",
		published[0].body, published[1].body, published[2].body)}
	return o, nil
}

// together lets three of the four regulators decide a proposal, which is the n-th of
// the chain.
func (d *demo) together(ctx context.Context, n uint64, propose *governancev1.Propose) (*outcome, error) {
	o := &outcome{}
	voters := []string{generate.CNCA, "amr-sd", "amr-fj"}
	for i, id := range voters {
		m := &txv1.Message{Action: &txv1.Message_Approve{Approve: &governancev1.Approve{Proposal: n}}}
		if i == 0 {
			m = &txv1.Message{Action: &txv1.Message_Propose{Propose: propose}}
		}
		c, err := d.do(ctx, d.as(id+".approver"), m)
		if err != nil {
			return nil, err
		}
		o.signed, o.blocks = append(o.signed, d.official(id)), append(o.blocks, c)
		want := "open"
		if i == len(voters)-1 {
			want = "executed"
		}
		err = d.each(func(node *runner.Node) error {
			if err := node.Reach(ctx, c.height); err != nil {
				return err
			}
			p, err := node.Client.Proposal(ctx, n)
			if err == nil && (p.Status != want || len(p.Votes) != i+1) {
				err = fmt.Errorf("the proposal is %s with %d votes, expected %s", p.Status, len(p.Votes), want)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	o.status = []words.Message{words.Say("proposal %[1]d executed with %[2]d of %[3]d votes, on all %[4]d nodes", "提案 %[1]d 以 %[2]d 票（共 %[3]d 个监管部门）通过并执行，%[4]d 个节点一致",
		n, len(voters), len(generate.Regulators), len(d.net.Nodes))}
	return o, nil
}

func (d *demo) importPublished(ctx context.Context) (*outcome, error) {
	o := &outcome{what: []words.Message{words.Say("as the national query platform for certification showed them in 2017; address, scope and day of issue are not known",
		"转录自 2017 年全国认证认可信息公共服务平台；地址、范围和颁证日期未载")}}
	for _, r := range published {
		m, err := r.message()
		if err != nil {
			return nil, err
		}
		c, err := d.do(ctx, d.as(fourEyes(r.body)...), &txv1.Message{Action: &txv1.Message_Import{Import: m}})
		if err != nil {
			return nil, err
		}
		o.blocks = append(o.blocks, c)
		o.signed = append(o.signed, d.people(r.body))
		o.what = append(o.what, words.Plain("%s  %s", r.number, r.holder))
	}
	var v *verified
	for _, r := range published {
		ref := rules.Ref{Issuer: r.issuer, Number: r.number}
		var err error
		if v, err = d.everywhere(ctx, expected{ref: ref, status: rules.Expired, flags: rules.FlagImported, says: "imported"}); err != nil {
			return nil, err
		}
		err = d.each(func(n *runner.Node) error {
			on, err := n.Client.OnDate(ctx, ref.Issuer, ref.Number, validOn)
			if err == nil && on.Effective.Status != rules.Valid.String() {
				err = fmt.Errorf("%v was %s on %s", ref, on.Effective.Status, validOn)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
		o.status = append(o.status, words.Say("%s; on %s it was valid", "%s；%s 当日为有效", standing(v), validOn))
	}
	o.proof = d.proof(v)
	return o, nil
}

func (d *demo) issue(ctx context.Context) (*outcome, error) {
	today, err := d.today(ctx)
	if err != nil {
		return nil, err
	}
	o := &outcome{what: []words.Message{
		words.Say("%s to %s: quality management, %d for each of two bodies that do not exist, each lot in one transaction",
			"%s 至 %s：质量管理体系，两家虚构机构各 %d 张，各一笔交易", number(1), number(examples), examples/2),
		words.Say("%s: a power bank (CCC)", "%s：移动电源（CCC）", product(today)),
	}}
	for i, id := range []string{generate.ExampleCert, generate.ExampleSecond} {
		var messages []*txv1.Message
		for n := i*examples/2 + 1; n <= (i+1)*examples/2; n++ {
			messages = append(messages, example.Issue(example.System(number(n), n, today)))
		}
		if i == 0 {
			messages = append(messages, example.Issue(example.Product(product(today), 1, today)))
		}
		c, err := d.do(ctx, d.as(fourEyes(id)...), messages...)
		if err != nil {
			return nil, err
		}
		o.signed, o.blocks = append(o.signed, d.people(id)), append(o.blocks, c)
	}
	var v *verified
	for n := 1; n <= examples; n += 33 {
		if v, err = d.everywhere(ctx, expected{ref: ref(n), status: rules.Valid}); err != nil {
			return nil, err
		}
	}
	if _, err := d.everywhere(ctx, expected{ref: productRef(today), status: rules.Valid}); err != nil {
		return nil, err
	}
	o.status, o.proof = []words.Message{standing(v)}, d.proof(v)
	return o, nil
}

// decide does one thing to one certificate and shows what came of it.
func (d *demo) decide(ctx context.Context, what words.Message, body string, m *txv1.Message, want expected) (*outcome, error) {
	c, err := d.do(ctx, d.as(fourEyes(body)...), m)
	if err != nil {
		return nil, err
	}
	v, err := d.everywhere(ctx, want)
	if err != nil {
		return nil, err
	}
	return &outcome{
		what: []words.Message{what}, signed: []words.Message{d.people(body)}, blocks: []committed{c},
		status: []words.Message{standing(v)}, proof: d.proof(v),
	}, nil
}

func (d *demo) suspend(ctx context.Context) (*outcome, error) {
	today, err := d.today(ctx)
	if err != nil {
		return nil, err
	}
	until := today.AddMonths(3)
	m := &txv1.Message{Action: &txv1.Message_Suspend{Suspend: &certificatev1.Suspend{
		Number: number(toSuspend), Decided: int32(today), Reason: suspendedFor, Until: int32(until),
	}}}
	return d.decide(ctx, words.Say("%s, until %v", "%s，至 %v", number(toSuspend), until), generate.ExampleCert, m,
		expected{ref: ref(toSuspend), status: rules.Suspended, reason: suspendedFor})
}

func (d *demo) reinstate(ctx context.Context) (*outcome, error) {
	today, err := d.today(ctx)
	if err != nil {
		return nil, err
	}
	m := &txv1.Message{Action: &txv1.Message_Reinstate{Reinstate: &certificatev1.Reinstate{Number: number(toSuspend), Decided: int32(today)}}}
	return d.decide(ctx, words.Plain("%s", number(toSuspend)), generate.ExampleCert, m, expected{ref: ref(toSuspend), status: rules.Valid})
}

func (d *demo) amend(ctx context.Context) (*outcome, error) {
	today, err := d.today(ctx)
	if err != nil {
		return nil, err
	}
	text := example.System(number(toAmend), toAmend, today).Details
	text.ScopeZh, text.ScopeEn = text.ScopeZh+"；示例服务", text.ScopeEn+"; example services"
	text.ScopeCodes = append(text.ScopeCodes, "35.04")
	m := &txv1.Message{Action: &txv1.Message_Amend{Amend: &certificatev1.Amend{
		Number: number(toAmend), Decided: int32(today), Action: certificatev1.Action_ACTION_EXTEND, ChangeType: "05", ReissueReason: "0104", Details: text,
	}}}
	o, err := d.decide(ctx, words.Say("%s, scope code 35.04 added", "%s，增加业务范围代码 35.04", number(toAmend)), generate.ExampleCert, m,
		expected{ref: ref(toAmend), status: rules.Valid})
	if err != nil {
		return nil, err
	}
	return o, d.each(func(n *runner.Node) error {
		for version, codes := range []int{1, 2} {
			t, err := n.Client.Text(ctx, generate.ExampleCertNumber, number(toAmend), uint32(version)+1)
			if err != nil {
				return err
			}
			if len(t.ScopeCodes) != codes {
				return fmt.Errorf("version %d has the scope codes %v", version+1, t.ScopeCodes)
			}
		}
		return nil
	})
}

func (d *demo) cancel(ctx context.Context) (*outcome, error) {
	today, err := d.today(ctx)
	if err != nil {
		return nil, err
	}
	m := &txv1.Message{Action: &txv1.Message_Cancel{Cancel: &certificatev1.Cancel{Number: product(today), Decided: int32(today), Reason: cancelledFor}}}
	return d.decide(ctx, words.Plain("%s", product(today)), generate.ExampleCert, m,
		expected{ref: productRef(today), status: rules.Cancelled, reason: cancelledFor})
}

func (d *demo) exposeForgery(ctx context.Context) (*outcome, error) {
	v, err := d.nowhere(ctx, forged)
	if err != nil {
		return nil, err
	}
	return &outcome{
		what:   []words.Message{words.Say("a paper shows the number %s", "一张纸质证书载有编号 %s", forged)},
		status: []words.Message{words.Say("proven: no body has ever issued it", "已证明：从未有任何机构颁发该编号的证书")},
		proof:  d.proof(v),
	}, nil
}
