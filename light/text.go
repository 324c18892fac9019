package light

import (
	"fmt"
	"math"
	"strings"
	"time"
	"unicode"

	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
)

// Text writes a verdict for people, in Chinese if lang is "zh", else in English:
// first of when it is and how old that is, then the outcome and why, then what is
// known, then what is not. Its lines end in "\n". Whatever came from elsewhere is
// printable in it: it cannot move a cursor.
func Text(v *Verdict, lang string) string {
	t := &text{chinese: lang == "zh"}
	t.asOf(v)
	t.outcome(v)
	t.certificate(v)
	t.records(v)
	t.trace(v)
	t.evidence(v)
	t.notes(v)
	return t.b.String()
}

type text struct {
	b       strings.Builder
	chinese bool
}

// in returns the text of the language.
func (t *text) in(english, chinese string) string {
	if t.chinese {
		return chinese
	}
	return english
}

// line writes a line of a label, a colon and values that are not empty.
func (t *text) line(english, chinese string, values ...string) {
	var some []string
	for _, v := range values {
		if v = printable(v); v != "" {
			some = append(some, v)
		}
	}
	if len(some) > 0 {
		t.b.WriteString(t.in(english+": ", chinese+"：") + strings.Join(some, t.in(", ", "，")) + "\n")
	}
}

// printable puts a mark in the place of what is no letter, number, sign or space.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || unicode.IsPrint(r) {
			return r
		}
		return '\uFFFD'
	}, s)
}

var beijing = time.FixedZone("UTC+8", 8*60*60)

func (t *text) time(at time.Time) string {
	return at.In(beijing).Format("2006-01-02 15:04:05") + t.in(" Beijing time", "（北京时间）")
}

func (t *text) asOf(v *Verdict) {
	if !v.rooted() {
		none := t.in("nothing is sealed", "没有有效的签章")
		if v.Connected {
			none = t.in("no header is established", "没有可确认的区块头")
		}
		t.line("As of", "截至", none)
		return
	}
	t.line("As of", "截至", t.time(v.Time), t.in(fmt.Sprintf("height %d", v.Height), fmt.Sprintf("高度 %d", v.Height)))
	t.line("Age", "距今", t.age(v.Age))
}

// age is a duration in its two largest units.
func (t *text) age(d time.Duration) string {
	if d < 0 {
		return t.in("in the future by ", "在未来 ") + t.age(-max(d, -math.MaxInt64)) // the least has no opposite
	}
	units := []struct {
		of  time.Duration
		en  string
		zh  string
		max int
	}{{24 * time.Hour, "d", "天", 0}, {time.Hour, "h", "小时", 24}, {time.Minute, "min", "分", 60}, {time.Second, "s", "秒", 60}}
	for i, u := range units {
		if d < u.of && i < len(units)-1 {
			continue
		}
		s := fmt.Sprintf("%d %s", d/u.of, t.in(u.en, u.zh))
		if i+1 < len(units) && d%u.of >= units[i+1].of {
			s += fmt.Sprintf(" %d %s", d%u.of/units[i+1].of, t.in(units[i+1].en, units[i+1].zh))
		}
		return s
	}
	return ""
}

var outcomes = [...]struct{ en, zh string }{
	Holds:          {"ESTABLISHED", "已证实"},
	DoesNotHold:    {"DOES NOT HOLD", "不成立"},
	NotEstablished: {"NOT ESTABLISHED", "无法证实"},
}

func (t *text) outcome(v *Verdict) {
	o := outcomes[min(v.Outcome, NotEstablished)]
	t.line("Claim", "声明", t.claim(v.Claim))
	t.line("Outcome", "结论", t.in(o.en, o.zh))
	for _, r := range v.Reasons {
		t.line("Reason", "理由", t.reason(r))
	}
}

var claims = [...]struct{ en, zh string }{
	Valid:    {"valid now", "当前有效"},
	OnDate:   {"valid on", "在该日有效"},
	History:  {"complete history", "完整记录"},
	Absent:   {"number never issued", "编号从未签发"},
	Approved: {"issuer was approved", "发证机构当时获批准"},
	Traced:   {"product traced", "产品可追溯"},
	Anchored: {"evidence was anchored", "证据已锚定"},
}

func (t *text) claim(c Claim) string {
	if int(c.Kind) >= len(claims) {
		return c.Kind.String()
	}
	s := t.in(claims[c.Kind].en, claims[c.Kind].zh)
	if c.Kind == OnDate {
		s += " " + c.Date.String()
	}
	if c.Kind == Anchored {
		return s + t.in(": ", "：") + strings.TrimSpace(hashText(c.Anchor)+" "+hashText(c.Content))
	}
	name := c.Number
	if c.Kind == Traced {
		name = c.Product
	}
	if c.Issuer != "" {
		name = c.Ref().String()
	}
	return s + t.in(": ", "：") + name
}

func (t *text) reason(r Reason) string {
	s := t.in(r.English, r.Chinese)
	if r.Detail != "" {
		s += t.in(" (", "（") + r.Detail + t.in(")", "）")
	}
	return s
}

func (t *text) certificate(v *Verdict) {
	if h := v.Head; h != nil && v.Status != nil {
		t.line("Certificate", "证书", h.Ref.String())
		t.line("Status", "状态", t.of(v.Status.Status.Text()), v.Status.Status.Code(), t.reasonOf(h.Family, v.Status))
		t.line("Since", "自", dateText(v.Status.Since))
		for bit := rules.Flags(1); bit != 0; bit <<= 1 {
			for _, name := range (v.Status.Flags & bit).Names() {
				blocking := ""
				if bit&rules.Blocking != 0 {
					blocking = t.in("blocking", "阻断")
				}
				t.line("Flag", "标记", t.of(name), blocking)
			}
		}
		t.line("Scheme", "认证项目", h.Scheme, t.of(h.Family.Rules().Name))
		t.holder(v)
		t.line("Issued", "发证日期", dateText(h.Issued))
		t.line("Last day", "有效期至", dateText(h.Expires))
		t.line("Suspended", "暂停期间", dateText(h.SuspendedFrom), dateText(h.SuspendedUntil))
	}
	t.grounds(v)
	if v.Member != nil {
		t.line("Issuer", "发证机构", t.in(either(v.Member.NameEn, v.Member.NameZh), either(v.Member.NameZh, v.Member.NameEn)), v.Member.ID)
	}
	t.line("Issued by", "签发机构", v.Issuers...)
}

func (t *text) holder(v *Verdict) {
	d := v.Details
	if d == nil {
		t.line("Holder", "持有人", v.Head.Holder)
		return
	}
	p := d.Holder
	t.line("Holder", "持有人", t.in(either(p.NameEnglish, p.NameChinese), either(p.NameChinese, p.NameEnglish)), v.Head.Holder)
	t.line("Address", "地址", t.in(either(p.AddressEnglish, p.AddressChinese), either(p.AddressChinese, p.AddressEnglish)))
	t.line("Scope", "范围", t.in(either(d.ScopeEnglish, d.ScopeChinese), either(d.ScopeChinese, d.ScopeEnglish)))
	t.line("Standards", "标准", d.Standards...)
	t.line("Models", "型号", d.Models...)
}

// grounds are those of flags.
func (t *text) grounds(v *Verdict) {
	if v.View == nil {
		return
	}
	for _, ref := range v.View.Unsound {
		t.line("Not valid, and it rests on it", "所依据的证书非有效", ref.String())
	}
	for _, s := range v.View.Compromised {
		t.line("Compromised key", "已泄露密钥", fmt.Sprintf("%x", s.Key), s.Member)
	}
	for _, o := range v.View.Supervision.Orders {
		t.line("Order open until", "责令期限", dateText(o.Due))
	}
	t.line("Warned of by", "监管警示", v.View.Supervision.Flags...)
	if !v.View.Successor.IsZero() {
		t.line("Replaced by", "换发为", v.View.Successor.String())
	}
}

func (t *text) of(s rules.Text) string { return t.in(s.English, s.Chinese) }

func (t *text) reasonOf(f rules.Family, e *rules.EffectiveStatus) string {
	if e.Reason == "" {
		return ""
	}
	if r, ok := f.Rules().Reason(e.Status, e.Reason); ok {
		return e.Reason + " " + t.of(r.Text)
	}
	return e.Reason
}

// records says what was decided by whom, when, and when the ledger recorded it.
func (t *text) records(v *Verdict) {
	for _, r := range v.Records {
		who := r.Actor
		if who == "" {
			who = t.in("the ledger", "账本")
		}
		t.line(fmt.Sprintf("Record %d", r.N), fmt.Sprintf("记录 %d", r.N),
			t.of(r.Action.Text()), who,
			t.in("decided ", "决定于 ")+r.Decided.String(), t.in("recorded ", "记录于 ")+t.time(r.Time), r.Note)
	}
}

func (t *text) notes(v *Verdict) {
	for _, r := range v.Unproven {
		t.line("Not established", "未证实", t.reason(r))
	}
	for _, r := range v.Notes {
		t.line("Note", "注意", t.reason(r))
	}
	if v.Sealed {
		t.line("Seal", "签章", t.in("chain ", "链 ")+v.Card.ChainID, t.in("set ", "集合 ")+v.Set.String()[:16],
			fmt.Sprintf(t.in("%d handovers", "%d 次交接"), v.Handovers))
	}
	if h := v.Header; h != nil {
		t.line("Header", "区块头", t.in("chain ", "链 ")+h.ChainID, fmt.Sprintf("%X", h.Hash[:8]), t.in("followed by a light client, not sealed", "由轻客户端跟随，非签章"))
		t.line("Witnesses that agree", "一致的见证节点", h.Witnesses...)
	}
	if v.Card != nil {
		t.line("Card", "信任卡", v.Card.FingerprintText(), t.in("until ", "有效至 ")+t.time(v.Card.NotAfter))
	}
}

func either(a, b string) string {
	if a == "" {
		return b
	}
	return a
}
