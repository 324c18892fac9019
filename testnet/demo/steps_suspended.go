package demo

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/hallmark-ledger/hallmark/client/message"
	"github.com/hallmark-ledger/hallmark/light"
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/testnet/generate"
	"github.com/hallmark-ledger/hallmark/testnet/runner"
	"github.com/hallmark-ledger/hallmark/testnet/words"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// cellsSuspendedFor is that surveillance has shown samples to fail.
const cellsSuspendedFor = "0203"

// suspendCells suspends the certificate of the cells before the power banks arrive.
// Their trace says at which event a certificate was not valid.
func (d *demo) suspendCells(ctx context.Context) (*outcome, error) {
	until := d.day.AddMonths(3)
	suspend := &txv1.Message{Action: &txv1.Message_Suspend{Suspend: &certificatev1.Suspend{
		Number: d.cells().Number, Decided: int32(d.day), Reason: cellsSuspendedFor, Until: int32(until),
	}}}
	suspended, err := d.do(ctx, d.as(fourEyes(generate.ExampleCert)...), suspend)
	if err != nil {
		return nil, err
	}
	d.arrived = suspended.time
	if err := d.writeDocument(arrivalDocument, d.arrived, arrival(d.arrived)...); err != nil {
		return nil, err
	}
	arrived, err := d.capture(ctx, bankMaker, arrivalDocument, len(banks))
	if err != nil {
		return nil, err
	}
	cells, err := d.everywhere(ctx, expected{ref: d.cells(), status: rules.Suspended, reason: cellsSuspendedFor})
	if err != nil {
		return nil, err
	}
	bank, err := d.everywhere(ctx, expected{ref: d.powerBanks(), status: rules.Valid, says: "component-suspended"})
	if err != nil {
		return nil, err
	}
	t, err := d.traced(ctx, banks[0], light.DoesNotHold, "not-valid-at-event")
	if err != nil {
		return nil, err
	}
	if err := errors.Join(d.failedAtArrival(t.Verdict), d.paged(ctx, banks[0])); err != nil {
		return nil, err
	}
	return &outcome{
		what: []words.Message{
			words.Say("%s, until %v; then the power banks arrive at a warehouse", "%s，至 %v；其后移动电源入库", d.cells().Number, until),
		},
		signed: []words.Message{d.people(generate.ExampleCert), d.operator(bankMaker)}, blocks: []committed{suspended, arrived},
		status: append([]words.Message{
			standing(cells), words.Say("%s, with the flag component-suspended", "%s，带有标记“部件证书非有效”", standing(bank)),
			words.Say("the trace of %s does not hold, from entry %d on:", "%s 的追溯自第 %d 项起不成立：", banks[0], entryArrived),
		}, append(t.lines(), words.Say("every node serves the page of the power bank, %s, which verifies this in the browser", "各节点均提供该移动电源的页面 %s，在浏览器中核验上述内容", pagePath(banks[0])))...),
		proof: t.proof(d),
	}, nil
}

// failedAtArrival checks that when the power bank arrived the certificate of the
// cells was suspended, and that of the power bank rested on it; and that all were
// valid at each event before.
func (d *demo) failedAtArrival(v *light.Verdict) error {
	var failed []string
	if n := len(v.Trace.Then); n < entryArrived || len(v.Trace.Then[entryArrived-1]) == 0 {
		return fmt.Errorf("the chain has %d entries, or none that relies on a certificate when the power bank arrives", n)
	}
	for i, list := range v.Trace.Then {
		for _, c := range list {
			switch {
			case c.Status == nil:
				failed = append(failed, fmt.Sprintf("entry %d, %v: none", i+1, c.Ref))
			case !c.Holds():
				failed = append(failed, fmt.Sprintf("entry %d, %v: %v", i+1, c.Ref, c.Status.Status))
			}
		}
	}
	want := []string{fmt.Sprintf("entry %d, %v: %v", entryArrived, d.cells(), rules.Suspended)}
	if v.Trace.Then[entryArrived-1][0].On == civil.DateOf(v.Time) { // of earlier days it is not known what rested on what
		want = append([]string{fmt.Sprintf("entry %d, %v: %v", entryArrived, d.powerBanks(), rules.Valid)}, want...)
	}
	if !slices.Equal(failed, want) {
		return fmt.Errorf("not valid by the trace: %q, expected %q", failed, want)
	}
	return nil
}

// recallCells finds what was made of the lot, and lets a regulator recall the lot.
// What has it in it is warned of as well.
func (d *demo) recallCells(ctx context.Context) (*outcome, error) {
	if err := d.forward(ctx); err != nil {
		return nil, err
	}
	recall := message.Recall("", cellLot, "示例：电芯抽样不合格，停止销售并召回", "example: cells failed sample tests; stop selling and recall")
	c, err := d.do(ctx, d.as("amr-fj.approver"), recall)
	if err != nil {
		return nil, err
	}
	t, err := d.traced(ctx, banks[0], light.DoesNotHold, "recalled", "not-valid-at-event")
	if err != nil {
		return nil, err
	}
	list := t.Trace.Recalls()
	if len(list) != 1 || list[0].URI != cellLot || !list[0].Entry.Recall.Regulator || list[0].Entry.Member != "amr-fj" {
		return nil, fmt.Errorf("recalls that stand against %s: %+v", banks[0], list)
	}
	return &outcome{
		what: []words.Message{
			words.Say("from the lot of cells forward: %d power banks, every node names the same", "自电芯批次向下游追查：%d 件移动电源，各节点结果一致", len(banks)),
			words.Say("a regulator recalls the lot", "监管部门召回该批次"),
		},
		signed: []words.Message{d.official("amr-fj")}, blocks: []committed{c},
		status: []words.Message{words.Say("%s: recalled, because of what is in it (entry %d of the cells)", "%s：因其组成部分被召回（电芯追溯链第 %d 项）", banks[0], list[0].Entry.N)},
		proof:  t.proof(d),
	}, nil
}

// forward asks every node what was made of the lot of cells.
func (d *demo) forward(ctx context.Context) error {
	return d.each(func(n *runner.Node) error {
		uses, err := n.Client.Uses(ctx, cellLot)
		if err != nil {
			return err
		}
		var found []string
		for _, u := range uses.Items {
			if u.Entry == entryMade {
				found = append(found, u.Product)
			}
		}
		slices.Sort(found)
		if !slices.Equal(found, banks) || int(uses.Total) != len(banks) {
			return fmt.Errorf("of %s was made %+v, expected %v", cellLot, uses.Items, banks)
		}
		return nil
	})
}
