package light

import (
	"fmt"
	"strings"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/trace"
)

// trace says how a product came to be: its chain, with the certificates at each
// event, what lies upstream, and what the certificates are now.
func (t *text) trace(v *Verdict) {
	if v.Trace == nil {
		return
	}
	first := v.Trace.Products[0]
	t.line("Product", "产品", first.URI, t.text(api.Text{En: first.NameEn, Zh: first.NameZh}))
	t.line("Owner", "所有方", first.Owner)
	for i, e := range first.Chain {
		t.entry(e)
		for _, c := range v.Trace.Then[i] {
			t.line("  certificate", "  证书", c.Ref.String(), t.text(statusIn(c.Family, c.Status)), t.in("on ", "于 ")+dateText(c.On), t.flags(c.Status), only(c.Product != 0, v.Trace.Products[c.Product].URI))
		}
	}
	for i, p := range v.Trace.Products {
		if i > 0 {
			t.line("Upstream", "上游产品", p.URI, t.text(api.Text{En: p.NameEn, Zh: p.NameZh}), p.Owner, only(!v.Trace.Within[i], t.in("no longer in it", "已移出")))
		}
		for _, l := range p.Links {
			t.line("Link", "关联", fmt.Sprintf("%s #%d", p.URI, l.Entry.N), l.Other, t.link(&l))
		}
		for _, s := range p.Recalls {
			t.line("Recall", "召回", s.URI, s.Entry.Member, t.time(s.Entry.Time), t.text(api.Text{En: s.Entry.Recall.NoteEn, Zh: s.Entry.Recall.NoteZh}))
		}
	}
	for _, e := range v.Trace.Anchored {
		t.line("Anchored event", "锚定事件", e.Content.String()[:16], e.Member, t.in("recorded ", "记录于 ")+t.time(e.Recorded), t.in("authentic, perhaps not all", "真实，但不保证无遗漏"))
	}
	for _, c := range v.Trace.Certificates {
		t.line("Certificate now", "证书现状", c.Ref.String(), t.text(statusIn(c.Family, &c.Status)), t.flags(&c.Status))
	}
}

// entry says what an entry of the chain is.
func (t *text) entry(e *trace.Entry) {
	_, what := whatOf(e)
	label, chinese := fmt.Sprintf("Entry %d", e.N), fmt.Sprintf("条目 %d", e.N)
	if e.Event == nil {
		t.line(label, chinese, t.text(what), e.Member, t.in("recorded ", "记录于 ")+t.time(e.Time))
		return
	}
	event := e.Event
	t.line(label, chinese, event.Type.String(), event.Action.String(), event.Step, event.Disposition, event.Place,
		t.in("at ", "发生于 ")+placeTime(event).Format("2006-01-02 15:04:05 -07:00"), e.Member, t.in("recorded ", "记录于 ")+t.time(e.Time))
}

func (t *text) link(l *trace.Link) string {
	switch {
	case l.Leaves:
		return t.in("taken out, stated by ", "移出，陈述方 ") + l.Entry.Member
	case !l.Known:
		return t.in("unknown origin, stated by ", "来源不明，陈述方 ") + l.Entry.Member
	case l.Confirmed:
		return t.in("confirmed by both chains", "双方追溯链一致")
	}
	return t.in("stated by ", "仅由一方陈述：") + l.Entry.Member
}

// text is a text in the language, or in the other one.
func (t *text) text(s api.Text) string {
	return t.in(either(s.En, s.Zh), either(s.Zh, s.En))
}

// flags are the blocking flags of a status.
func (t *text) flags(s *rules.EffectiveStatus) string {
	if s == nil {
		return ""
	}
	var list []string
	for _, name := range (s.Flags & rules.Blocking).Names() {
		list = append(list, t.of(name))
	}
	return strings.Join(list, t.in("; ", "；"))
}

// only returns s where it is to be said.
func only(when bool, s string) string {
	if !when {
		return ""
	}
	return s
}
