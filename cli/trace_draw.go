package cli

import (
	"fmt"
	"strings"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/light"
)

// way draws the way of a product for people: what warns first.
func (s *session) way(out *wayJSON) {
	switch {
	case out.Verdict != nil && out.Way == nil:
		s.verdict(out.Verdict)
		return
	case out.Verdict == nil:
		s.paint(yellow, s.language.of(sayf("NOT PROVEN: the word of the node, at height %d. There is no trust card (hallmark card pin).", "未经证实：仅为节点的陈述，高度 %d。没有信任卡（hallmark card pin）。", out.Height))+"\n")
	default:
		s.printf("Proven by the trust card, as of %s, height %d.", "已由信任卡核验，截至 %s，高度 %d。", s.instant(out.Verdict.Time), out.Height)
	}
	w := out.Way
	first := w.Products[0]
	s.recalls(w)
	s.printf("%s  %s", "%s  %s", first.URI, eitherText(first.Name))
	s.printf("owner %s; entries %d", "所有方 %s；条目 %d", first.Owner, first.Entries)
	if len(first.Reporters) > 0 {
		s.printf("reporters %s", "填报方 %s", strings.Join(first.Reporters, ", "))
	}
	s.printf("\nChain", "\n经历")
	for i := range w.Entries {
		s.wayEntry(&w.Entries[i], first.URI)
	}
	for _, a := range w.Anchored {
		s.printf("  anchored event %s, by %s, recorded %s: authentic; that there are no others nothing shows", "  锚定事件 %s，由 %s 提交，记录于 %s：真实，但不能证明没有其他事件", a.Hash, a.Member, s.instant(a.Recorded))
	}
	if len(first.Links) > 0 {
		s.printf("\nUpstream", "\n上游")
		tree := upstream{s, w, map[string]bool{first.URI: true}}
		tree.draw(&w.Products[0], "")
	}
	if out.UsesTotal > 0 {
		s.printf("\nDownstream: in %d entries of other products", "\n去向：见于其他产品的 %d 个条目", out.UsesTotal)
		for _, u := range out.Uses {
			s.printf("  %s, entry %d", "  %s，条目 %d", u.Product, u.Entry)
		}
		if more := int(out.UsesTotal) - len(out.Uses); more > 0 {
			s.printf("  %d more, not shown", "  另有 %d 个未展示", more)
		}
	}
	if len(w.Certificates) > 0 {
		s.printf("\nCertificates now", "\n证书现状")
	}
	for _, c := range w.Certificates {
		s.good(c.Effective.Holds, sayf("  %s/%s  %s", "  %s/%s  %s", c.Issuer, c.Number, c.Effective.Text))
	}
	fmt.Fprintln(s.out)
	s.wayOutcome(out)
}

// recalls prints the recalls that stand against the product or what is in it.
func (s *session) recalls(w *api.Way) {
	for _, p := range w.Products {
		for _, r := range p.Standing {
			by := say("the owner", "所有方")
			if r.Regulator {
				by = say("a regulator", "监管部门")
			}
			t := sayf("RECALLED: %s, by %s (%s), %s: %s", "召回：%s，由 %s（%s）于 %s 作出：%s", r.Product, r.Member, by, s.instant(r.Time), eitherText(r.Note))
			if !p.Joined {
				t = sayf("recalled, but no longer in the product: %s", "已召回，但已不在该产品中：%s", r.Product)
			}
			s.good(!p.Joined, t)
		}
	}
}

// wayEntry prints an entry, and what certificates were at it.
func (s *session) wayEntry(e *api.WayEntry, product string) {
	at := s.instant(e.Time)
	if e.Event == nil {
		s.printf("  #%d  %s  %s, by %s%s", "  #%d  %s  %s，由 %s 执行%s", e.N, at, e.Text, e.Member, entryDetail(e))
		return
	}
	v := e.Event
	words := append([]string(nil), v.Type)
	for _, w := range []string{v.Action, v.Step, v.Disposition} {
		if w != "" {
			words = append(words, w)
		}
	}
	if v.Place != "" {
		words = append(words, "@ "+v.Place)
	}
	s.printf("  #%d  %s  %s; %s, by %s, recorded %s", "  #%d  %s  %s；%s，由 %s 填报，记录于 %s",
		e.N, v.Time.Format("2006-01-02 15:04:05 -07:00"), strings.Join(words, " "), partText(v), e.Member, at)
	for _, c := range e.Certificates {
		status := say("nothing decided of it by then", "当时尚无任何决定")
		if c.Effective != nil {
			status = c.Effective.Text
		}
		of := text{}
		if c.Product != product {
			of = sayf("  (of %s)", "  （%s）", c.Product)
		}
		s.good(c.Holds, sayf("        %s  %s/%s  %s%s", "        %s  %s/%s  %s%s", c.On, c.Issuer, c.Number, status, of))
	}
}

// entryDetail is what an entry says that is no event.
func entryDetail(e *api.WayEntry) text {
	switch {
	case e.Change != nil:
		var list []string
		for _, r := range e.Change.Add {
			list = append(list, "+"+r.Issuer+"/"+r.Number)
		}
		for _, r := range e.Change.Remove {
			list = append(list, "-"+r.Issuer+"/"+r.Number)
		}
		return say(": "+strings.Join(list, " "), "："+strings.Join(list, " "))
	case e.Reporters != nil:
		return say(": "+strings.Join(*e.Reporters, ", "), "："+strings.Join(*e.Reporters, "、"))
	case e.Recall != nil:
		return sayf(": %s", "：%s", eitherText(e.Recall.Note))
	case e.Lift != nil:
		return sayf(", of entry %d %s", "，条目 %d %s", e.Lift.Recall, e.Lift.Note)
	}
	return text{}
}

// partText says what the product is in an event.
func partText(v *api.TraceEvent) text {
	n := len(v.Others)
	switch v.Part {
	case "parent":
		if v.Action == "DELETE" {
			return sayf("%d taken out", "移出 %d 个", n)
		}
		return sayf("has %d in it", "内含 %d 个", n)
	case "child":
		if v.Action == "DELETE" {
			return say("taken out", "被移出")
		}
		return say("part of another", "成为其他产品的组成")
	case "input":
		return say("became something else", "作为原料")
	case "output":
		return sayf("made of %d", "由 %d 个制成", n)
	}
	return say("about it alone", "仅涉及该产品")
}

// good prints a line; in red on a terminal if it is not good.
func (s *session) good(is bool, t text) {
	line := s.language.of(t) + "\n"
	if is {
		fmt.Fprint(s.out, line)
		return
	}
	s.paint(red, line)
}

func eitherText(t api.Text) text { return text{En: either(t.En, t.Zh), Zh: either(t.Zh, t.En)} }

// upstream draws a tree; each product's own links once.
type upstream struct {
	s    *session
	w    *api.Way
	seen map[string]bool
}

func (t *upstream) draw(p *api.WayProduct, indent string) {
	for i, l := range p.Links {
		branch, below := "├─ ", "│  "
		if i == len(p.Links)-1 {
			branch, below = "└─ ", "   "
		}
		other := t.find(l.Product)
		name := text{}
		if other != nil {
			name = sayf("  %s (%s)", "  %s（%s）", eitherText(other.Name), other.Owner)
		}
		t.s.good(l.Known, sayf("%s%s%s%s  %s", "%s%s%s%s  %s", indent, branch, l.Product, name, linkText(&l)))
		if other == nil {
			continue
		}
		if t.seen[l.Product] {
			if len(other.Links) > 0 {
				t.s.printf("%s%s…  (above)", "%s%s…（见上）", indent, below)
			}
			continue
		}
		t.seen[l.Product] = true
		t.draw(other, indent+below)
	}
}

func (t *upstream) find(uri string) *api.WayProduct {
	for i := range t.w.Products {
		if t.w.Products[i].URI == uri {
			return &t.w.Products[i]
		}
	}
	return nil
}

func linkText(l *api.WayLink) text {
	what := text{}
	if l.Leaves {
		what = say("taken out; ", "移出；")
	}
	switch {
	case !l.Known:
		return sayf("%sof unknown origin, stated by %s in entry %d", "%s来源不明，由 %s 在条目 %d 中陈述", what, l.StatedBy, l.Entry)
	case l.Confirmed:
		return sayf("%sstated by %s in entry %d, confirmed by its own chain", "%s由 %s 在条目 %d 中陈述，与其自身的链一致", what, l.StatedBy, l.Entry)
	}
	return sayf("%sstated by %s in entry %d, not confirmed", "%s由 %s 在条目 %d 中陈述，未经对方确认", what, l.StatedBy, l.Entry)
}

// wayOutcome says how it stands in one line.
func (s *session) wayOutcome(out *wayJSON) {
	if v := out.Verdict; v != nil {
		for _, list := range [][]light.Reason{v.Reasons, v.Notes, v.Unproven} {
			for _, r := range list {
				line := text{En: r.English, Zh: r.Chinese}
				if r.Detail != "" {
					line = sayf("%s (%s)", "%s（%s）", line, r.Detail)
				}
				s.printf("- %s", "- %s", line)
			}
		}
	}
	switch {
	case out.state == exitUnknown:
		s.paint(yellow, s.language.of(say("Not established.", "无法证实。"))+"\n")
	case out.state == exitDone:
		s.paint(green, s.language.of(say("No recall stands, and every certificate was valid at every event.", "无现行召回，各事件时各证书均有效。"))+"\n")
	default:
		s.paint(red, s.language.of(say("A recall stands, or a certificate was not valid at an event: see above.", "有现行召回，或有证书在某事件时无效：见上。"))+"\n")
	}
}
