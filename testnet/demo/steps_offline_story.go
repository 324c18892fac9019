package demo

import (
	"context"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/hallmark-ledger/hallmark/evidence"
	"github.com/hallmark-ledger/hallmark/light"
	"github.com/hallmark-ledger/hallmark/testnet/words"
	"github.com/hallmark-ledger/hallmark/trace"
)

// Files of the story that prove something without the network.
const (
	reportFile  = "report.hmb"
	bankFile    = "power-bank.hmb"
	alteredFile = "altered.txt"

	presentedFile = "presented.jsonld" // the events of the power banks
	droppedFile   = "presented-dropped.jsonld"
	predatedFile  = "presented-predated.jsonld"
)

// offlineStory verifies a test report and the trace of a power bank from files,
// while no node runs; then it starts the nodes again if the network is to go on.
func (d *demo) offlineStory(ctx context.Context) (*outcome, error) {
	for _, n := range d.net.Nodes {
		if n.Running() {
			return nil, fmt.Errorf("%s runs", n.Name)
		}
	}
	o := &outcome{
		what: []words.Message{
			words.Say("%s: the report %s is among what was anchored", "%s：检测报告 %s 属于已锚定的证据", reportFile, reports[0].name),
			words.Say("%s: the whole chain of a power bank, with all that it rests on", "%s：一件移动电源的完整追溯链及其全部依据", bankFile),
		},
		proof: words.Say("from the files and the trust card alone, no node runs", "仅凭文件与信任卡核验，无节点运行"),
	}
	for _, verify := range []func(context.Context) ([]words.Message, error){d.offlineReport, d.offlineTrace} {
		said, err := verify(ctx)
		if err != nil {
			return nil, err
		}
		o.status = append(o.status, said...)
	}
	if err := d.handOutCard(); err != nil || d.once {
		return o, err
	}
	return o, d.net.Start(ctx)
}

// offlineReport verifies the report, and exposes one that was altered.
func (d *demo) offlineReport(ctx context.Context) ([]words.Message, error) {
	verify, size, err := d.verifierOf(reportFile)
	if err != nil {
		return nil, err
	}
	claim := light.Claim{Kind: light.Anchored}
	if claim.Content, _, err = evidence.ContentOf(ctx, d.reportPath()); err != nil {
		return nil, err
	}
	v := verify(claim)
	if err := judged(v, d.last, light.Holds, "content-anchored"); err != nil {
		return nil, fmt.Errorf("%s: %w", reportFile, err)
	}
	if v.Anchor != d.anchor || v.Leaf.Name != reports[0].name {
		return nil, fmt.Errorf("%s is of %v, %s", reportFile, v.Anchor, v.Leaf.Name)
	}
	altered, err := os.ReadFile(d.reportPath())
	if err != nil {
		return nil, err
	}
	altered[len(altered)-2] ^= 1
	if err := os.WriteFile(d.net.Path(alteredFile), altered, 0o644); err != nil {
		return nil, err
	}
	if claim.Content, _, err = evidence.ContentOf(ctx, d.net.Path(alteredFile)); err != nil {
		return nil, err
	}
	if err := judged(verify(claim), 0, light.NotEstablished, "unproven"); err != nil {
		return nil, fmt.Errorf("an altered report: %w", err)
	}
	return []words.Message{
		words.Say("the report is as it was fixed: anchored by %s, on the ledger since %s (%d bytes)", "该报告与固定时一致：由 %s 锚定，%s 起在账（%d 字节）",
			d.name(v.Evidence.Member), v.Evidence.Time.Local().Format(time.TimeOnly), size),
		words.Say("the report with one letter changed: no proof fits it", "报告改动一个字母：没有证明与之相符"),
	}, nil
}

// offlineTrace verifies the trace, and finds out what is wrong with documents.
func (d *demo) offlineTrace(context.Context) ([]words.Message, error) {
	verify, size, err := d.verifierOf(bankFile)
	if err != nil {
		return nil, err
	}
	v := verify(light.Claim{Kind: light.Traced, Product: banks[0]})
	if err := judged(v, d.last, light.DoesNotHold, "recalled", "not-valid-at-event"); err != nil {
		return nil, fmt.Errorf("%s: %w", bankFile, err)
	}
	if err := d.failedAtArrival(v); err != nil {
		return nil, err
	}
	all := append(d.bankEvents(), arrival(d.arrived)...)
	arrivedEarly := append(d.bankEvents(), arrival(morning(d.ago(shipped)).Add(time.Hour))...) // the cells were certified then
	for _, x := range []struct {
		name     string
		events   []event
		expected []found
	}{
		{presentedFile, all, nil},
		{droppedFile, slices.Delete(slices.Clone(all), shippedEvent, shippedEvent+1), []found{{trace.Dropped, entryShipped}}},
		{predatedFile, arrivedEarly, []found{{trace.Altered, entryArrived}}},
	} {
		if err := d.writeDocument(x.name, time.Now(), x.events...); err != nil {
			return nil, err
		}
		if err := d.compare(v.Trace, x.name, x.expected); err != nil {
			return nil, err
		}
	}
	return []words.Message{
		words.Say("%s: recalled, and at entry %d the certificate of the cells was not valid (%d bytes)", "%s：已被召回，且第 %d 项事件发生时电芯证书并非有效（%d 字节）", banks[0], entryArrived, size),
		words.Say("%s, all events: complete and authentic", "%s，含全部事件：完整且真实", presentedFile),
		words.Say("%s, without the event of %v: entry %d is missing", "%s，缺少 %v 的事件：查出缺第 %d 项", droppedFile, d.ago(shipped), entryShipped),
		words.Say("%s, the arrival dated back to before the suspension: entry %d is altered", "%s，入库时间被改到证书暂停之前：查出第 %d 项被改动", predatedFile, entryArrived),
	}, nil
}
