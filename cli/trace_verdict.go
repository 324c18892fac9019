package cli

import (
	"time"

	"github.com/hallmark-ledger/hallmark/trace"
)

// document prints what became of a document for people.
func (s *session) document(out *comparisonJSON) {
	if !out.Proven {
		s.paint(yellow, s.language.of(say("NOT PROVEN: the word of the node. There is no trust card (hallmark card pin).", "未经证实：仅为节点的陈述。没有信任卡（hallmark card pin）。"))+"\n")
	}
	colour, outcome := yellow, say("Not established", "无法证实")
	switch out.Outcome {
	case "complete":
		colour, outcome = green, say("COMPLETE AND AUTHENTIC: the events of the document are those of the chains, all of them, in their order", "完整且真实：文档中的事件即链上的全部事件，且顺序一致")
	case "authentic":
		outcome = say("AUTHENTIC ONLY: every event is on the ledger; that these are all, the document does not show", "仅真实：每个事件均在账本上，但文档不能表明其完整")
	case "altered":
		colour, outcome = red, say("ALTERED: the document is not what was recorded", "已被改动：文档与记录不符")
	}
	s.paint(colour, s.language.of(outcome)+"\n")
	s.printf("events of the document: %d; products: %d; events of their chains: %d", "文档事件：%d；产品：%d；链上事件：%d", out.Events, out.Products, out.Entries)
	if out.Others > 0 {
		s.printf("events about other products, not looked at: %d", "关于其他产品、未核对的事件：%d", out.Others)
	}
	if out.Open > 0 {
		s.printf("events of whose products no chain is at hand: %d", "所涉产品没有可用的链的事件：%d", out.Open)
	}
	for _, d := range out.Differences {
		s.eventDifference(&d)
	}
	if more := out.Different - len(out.Differences); more > 0 {
		s.printf("and %d more differences", "另有 %d 处差异", more)
	}
	for _, n := range out.Notes {
		s.printf("note: %s", "说明：%s", n)
	}
}

// difference prints one difference.
func (s *session) eventDifference(d *trace.Difference) {
	id := d.ID
	if id != "" {
		id = " " + id
	}
	there := say("nothing", "没有任何事件")
	if d.Entry > 0 {
		there = sayf("entry %d, %s of %s, SM3 %s", "条目 %d，%s，时间 %s，SM3 %s", d.Entry, either(d.EntryStep, "-"), d.EntryTime.Format(time.RFC3339), d.EntryHash)
	}
	product := text{}
	if d.Product != "" {
		product = sayf(" of %s", "（%s）", d.Product)
	}
	var t text
	switch d.Kind {
	case trace.Altered:
		t = sayf("event %d%s%s is altered: the ledger has at its place %s", "事件 %d%s%s 被修改：账本在该处为%s", d.Event, id, product, there)
	case trace.Inserted:
		t = sayf("event %d%s%s is inserted: it is not on the ledger, which has there %s", "事件 %d%s%s 系插入：账本上没有该事件，该处为%s", d.Event, id, product, there)
	case trace.Reordered:
		t = sayf("event %d%s%s is at another place: the ledger has it as entry %d", "事件 %d%s%s 被调换顺序：账本上为条目 %d", d.Event, id, product, d.Entry)
	case trace.Repeated:
		t = sayf("event %d%s%s is repeated", "事件 %d%s%s 重复出现", d.Event, id, product)
	case trace.Misstated:
		t = sayf("event %d%s%s was reported as something else: %s says other things of it than it does", "事件 %d%s%s 的填报内容与事件不符：%s 所载与事件本身不一致", d.Event, id, product, there)
	case trace.Dropped:
		t = sayf("before event %d%s an event is missing: the ledger has there %s", "事件 %d 之前%s缺少一个事件：账本在该处为%s", d.Event, product, there)
	case trace.Anchored:
		t = sayf("event %d%s is anchored and in no chain: authentic, perhaps not all", "事件 %d%s 仅被锚定、不在链上：真实，但不保证完整", d.Event, id)
	}
	s.good(!d.Kind.Alters(), sayf("- %s", "- %s", t))
}
