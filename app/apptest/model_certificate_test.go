package apptest

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
)

// state is what decides the status of a certificate of the model. Days are
// numbers, 0 is none.
type state struct {
	status             string // valid, suspended, revoked, cancelled, expired, annulled
	reason             string
	since              int
	from, until        int // of a suspension
	overdue            bool
	replaced, reversed bool
}

type cert struct {
	scheme, family, holder string
	first, issued, expires int
	filed                  int
	state
	imported  bool
	text      text
	version   int
	history   []record
	orders    map[int]order // by the record that filed it
	flags     map[string]bool
	successor Ref
}

type record struct {
	action  string
	was     string // status
	state          // after
	decided int
	undoes  int
}

type order struct {
	by     string
	due    int
	open   bool
	passed bool // the chain has noted it
}

// text is what may differ between the texts that the generator makes.
type text struct {
	name, address, scope, standards, models, marks, components string // lists are joined
	main                                                       Ref
	document                                                   string
	complete                                                   bool
}

func textOf(d *certificatev1.Details) text {
	t := text{
		name: d.Holder.NameZh, address: d.Holder.AddressZh, scope: strings.Join(d.ScopeCodes, "|"), standards: strings.Join(d.Standards, "|"),
		models: strings.Join(d.Models, "|"), marks: strings.Join(d.Marks, "|"), document: fmt.Sprintf("%x %x", d.Document, d.Evidence), complete: len(d.Standards) > 0,
	}
	if d.Main != nil {
		t.main = Ref{d.Main.Issuer, d.Main.Number}
	}
	for _, c := range d.Components {
		t.components += c.Issuer + " " + c.Number
	}
	return t
}

func list(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, "|")
}

// ---- Families

func familyOf(scheme string) string {
	switch {
	case strings.HasPrefix(scheme, "A"):
		return "system"
	case strings.HasPrefix(scheme, "B01"):
		return "ccc"
	case strings.HasPrefix(scheme, "B"):
		return "product"
	case strings.HasPrefix(scheme, "C"):
		return "service"
	}
	return ""
}

func product(family string) bool { return family == "ccc" || family == "product" }

var (
	validityMonths   = map[string]int{"system": 36, "ccc": 60}
	suspensionMonths = map[string]int{"system": 6, "service": 6, "ccc": 12, "product": 12}
	systemSuspend    = regexp.MustCompile(`^01(1[1-9]|99)$`)
	systemRevoke     = regexp.MustCompile(`^01(01|1[1-9]|2[0-2]|99)$`)
	productSuspend   = regexp.MustCompile(`^02(0[1-8]|99)$`)
	productRevoke    = regexp.MustCompile(`^02(0[1-9]|99)$`)
	productCancel    = regexp.MustCompile(`^02(0[1-4]|99)$`)
)

// reasons reports whether a code is a reason of a status, and whether there are
// any.
func reasons(family, status, code string) bool {
	switch {
	case status == "suspended" && product(family):
		return productSuspend.MatchString(code)
	case status == "suspended":
		return systemSuspend.MatchString(code)
	case status == "revoked" && product(family):
		return productRevoke.MatchString(code)
	case status == "revoked":
		return systemRevoke.MatchString(code)
	case status == "cancelled" && product(family):
		return productCancel.MatchString(code)
	}
	return code == ""
}

// byHand: a code that a person may give.
func byHand(family, status, code string) bool {
	if status == "revoked" && !product(family) && code == "0120" || status == "cancelled" && code == "0201" {
		return false
	}
	return reasons(family, status, code)
}

// months adds months to a day: the day of the same number, or the month's last.
func months(day, n int) int {
	t := time.Unix(int64(day)*86400, 0).UTC()
	y, mo, d := t.Date()
	for {
		u := time.Date(y, mo+time.Month(n), d, 0, 0, 0, 0, time.UTC)
		if want := time.Month((int(mo)-1+n)%12 + 1); u.Month() == want {
			return int(u.Unix() / 86400)
		}
		d--
	}
}

// ---- Holders

var organisations = map[string]string{holders[0]: "760038087", holders[1]: "760038087", holders[2]: holders[2][8:17], holders[3]: holders[3], makerCode: makerCode[8:17]}

func goodHolder(code string) bool { return organisations[code] != "" }

func scopeOf(family, scheme, number string) string {
	switch family {
	case "system":
		return scheme[:3]
	case "ccc":
		return scheme + "/" + number[6:10]
	}
	return scheme
}

// barredUntil is the last day on which a holder may not have such a certificate.
func (m *model) barredUntil(holder, scope string) (until int) {
	for r, c := range m.certs {
		if organisations[c.holder] == organisations[holder] && scopeOf(c.family, c.scheme, r.Number) == scope {
			until = max(until, c.bars())
		}
	}
	return until
}

// bars is the last day of the bar that follows from a certificate.
func (c *cert) bars() int {
	if c.status == "revoked" && (product(c.family) || c.reason != "0120" && c.reason != "0122") && c.reason != "" {
		return months(c.since, 12)
	}
	return 0
}

// ---- Time

// due is what time alone does next to c, and when; nothing if it is none.
func (c *cert) due() (action string, on int) {
	switch {
	case c.status == "suspended" && !c.overdue && c.until < c.expires:
		return "overdue", c.until + 1
	case c.status == "valid" || c.status == "suspended":
		return "lapse", c.expires + 1
	}
	return "", 0
}

// pass does the next thing that time alone does by a day.
func (c *cert) pass(today int) bool {
	action, on := c.due()
	if action == "" || today < on {
		return false
	}
	s := c.state
	if action == "overdue" {
		s.overdue = true
	} else {
		s = state{status: "expired", since: on, reversed: s.reversed, replaced: s.replaced}
		if product(c.family) {
			s.status, s.reason = "cancelled", "0201"
		}
	}
	c.record(record{action: action, state: s, decided: max(on, c.decided())})
	return true
}

func (c *cert) decided() int { return c.history[len(c.history)-1].decided }

// record appends to the history.
func (c *cert) record(r record) {
	r.was = c.status
	c.state = r.state
	c.history = append(slices.Clip(c.history), r)
}

// now returns a certificate as it is at the time of the block.
func (m *model) nowOf(r Ref) (cert, bool) {
	c, ok := m.certs[r]
	for ok && c.pass(m.day()) {
	}
	return c, ok
}

// sweep does what time alone does, the oldest first.
func (m *model) sweep() {
	type entry struct {
		day, kind int
		ref       Ref
		n         int
	}
	var queue []entry
	for r, c := range m.certs {
		if action, on := c.due(); action == "overdue" {
			queue = append(queue, entry{on, 1, r, 0}, entry{c.expires + 1, 2, r, 0})
		} else if action != "" {
			queue = append(queue, entry{on, 2, r, 0})
		}
		for n, o := range c.orders {
			if o.open && !o.passed {
				queue = append(queue, entry{o.due + 1, 3, r, n})
			}
		}
	}
	queue = slices.DeleteFunc(queue, func(e entry) bool { return e.day > m.day() })
	slices.SortFunc(queue, func(a, b entry) int {
		for _, d := range []int{a.day - b.day, a.kind - b.kind, strings.Compare(a.ref.Issuer, b.ref.Issuer), strings.Compare(a.ref.Number, b.ref.Number)} {
			if d != 0 {
				return d
			}
		}
		return a.n - b.n
	})
	for _, e := range queue[:min(len(queue), int(m.params[10]))] {
		c := m.certs[e.ref]
		if e.kind == 3 {
			c.orders = maps.Clone(c.orders)
			o := c.orders[e.n]
			o.passed = true
			c.orders[e.n] = o
		} else {
			c.pass(m.day())
		}
		m.certs[e.ref] = c
	}
}

// ---- Who may

var (
	caretakers = []string{"suspend", "reinstate", "revoke", "cancel", "reduce", "correct", "annul"}
	toStopped  = []string{"suspend", "revoke", "cancel", "reduce", "annul"} // and handing over
	needsGrant = []string{"issue", "reinstate", "extend", "model", "standard", "renew", "transfer"}
)

// body is the approval number of the body that the actor acts for.
func (c *ctx) body(issuer, action string) (number string, why codes) {
	a := c.members[c.actor]
	why.add(!slices.Contains(a.roles, 3), 451)
	why.add(a.status != "active", 452)
	why.add(!c.fourEyes(c.actor), 453)
	why.add(a.approval == "", 451)
	why.add(a.stopped && !slices.Contains(toStopped, action), 455)
	if issuer == "" || issuer == a.approval {
		return a.approval, why
	}
	_, owner := c.issuer(issuer)
	why.add(owner.status == "active" || owner.caretaker != c.actor, 456)
	why.add(!slices.Contains(caretakers, action), 457)
	return issuer, why
}

func (m *model) issuer(number string) (id string, x party) {
	for id, x := range m.members {
		if x.approval == number && number != "" {
			return id, x
		}
	}
	return "", party{}
}

var from = map[string][]string{
	"suspend": {"valid"}, "reinstate": {"suspended"}, "revoke": {"valid", "suspended"}, "cancel": {"valid", "suspended"},
	"extend": {"valid"}, "reduce": {"valid", "suspended"}, "name": {"valid"}, "address": {"valid"}, "model": {"valid"}, "standard": {"valid"}, "particulars": {"valid"},
	"correct": {"valid", "suspended", "revoked", "cancelled", "expired", "annulled"}, "annul": {"valid", "suspended", "revoked", "cancelled", "expired"},
	"reverse": {"revoked", "cancelled", "expired", "annulled"}, "renew": {"valid"}, "transfer": {"valid"},
	"order": {"valid", "suspended"}, "close order": {"valid", "suspended", "revoked", "cancelled", "expired", "annulled"},
	"flag": {"valid", "suspended", "revoked", "cancelled", "expired", "annulled"}, "unflag": {"valid", "suspended", "revoked", "cancelled", "expired", "annulled"},
}

// find returns a certificate on which an action is to be taken.
func (m *model) find(r Ref, action string, decided int) (c cert, why codes) {
	c, ok := m.nowOf(r)
	if !ok {
		return c, codes{400}
	}
	live := c.status == "valid" || c.status == "suspended"
	why.add(action == "cancel" && live && !product(c.family), 409)
	if !slices.Contains(from[action], c.status) {
		if live && action == "reverse" {
			return c, codes{408}
		}
		return c, append(why, map[string]uint32{"valid": 402, "suspended": 403, "revoked": 404, "cancelled": 405, "expired": 406, "annulled": 407}[c.status])
	}
	why.add(decided > m.day(), 417)
	why.add(decided < c.decided(), 418)
	return c, why
}

// ---- What a certificate must be

// approved reports whether a grant of the actor covers the scheme, on the day of a
// decision and today.
func (c *ctx) approved(mark, scheme string, decided int) bool {
	return c.covered(c.actor, mark, scheme, decided) && c.covered(c.actor, mark, scheme, c.day())
}

// backed is what stands against a text, of which old was there before.
func (c *ctx) backed(r Ref, scheme string, old, t text, decided int) (why codes) {
	why.add(!t.complete, 425)
	for _, m := range list(t.marks) {
		why.add(!slices.Contains(list(old.marks), m) && !c.approved(m, scheme, decided), 459)
	}
	if t.main != (Ref{}) {
		why.add(t.main == r, 433)
		why.add(!goodNumber(t.main.Number), 412)
		if t.main != old.main {
			why = append(why, c.mainOf(r, t.main)...)
		}
	}
	if t.components != "" {
		issuer, number, _ := strings.Cut(t.components, " ")
		part := Ref{issuer, number}
		why.add(part == r, 433)
		why.add(!goodNumber(number), 412)
		if t.components != old.components {
			now, ok := c.nowOf(part)
			why.add(!ok || now.status != "valid", 462)
		}
	}
	return why
}

func (m *model) mainOf(r, main Ref) (why codes) {
	c, ok := m.nowOf(main)
	why.add(!ok || main.Issuer != r.Issuer || c.text.main != (Ref{}) || c.status != "valid", 461)
	return why
}

// current follows renewals and transfers.
func (m *model) current(r Ref) (cert, bool) {
	c, ok := m.nowOf(r)
	for ok && c.replaced && c.status != "annulled" {
		c, ok = m.nowOf(c.successor)
	}
	return c, ok
}

var numberForm = regexp.MustCompile(`^[0-9A-Z/_.()-]{1,60}$`)

func goodNumber(n string) bool { return numberForm.MatchString(n) }

// draft is a new certificate of a body, valid.
func (c *ctx) draft(issuer string, msg *certificatev1.Certificate, action string, decided int) (r Ref, n cert, why codes) {
	r = Ref{issuer, msg.Number}
	n = cert{
		scheme: msg.Scheme, family: familyOf(msg.Scheme), holder: msg.Holder, first: int(msg.FirstIssued), issued: int(msg.Issued), expires: int(msg.Expires),
		state: state{status: "valid", since: decided}, text: textOf(msg.Details), version: 1, filed: c.day(),
	}
	why.add(n.family == "", 411)
	why.add(!goodNumber(msg.Number), 412)
	why.add(decided > c.day(), 417)
	_, taken := c.certs[r]
	why.add(taken, 401)
	why.add(n.family == "ccc" && !c.goodCCC(r, n.issued), 413)
	return r, n, why
}

// goodCCC: the numbers that the generator makes are of 2025, the body's code is
// 01 for CQC alone.
func (m *model) goodCCC(r Ref, issued int) bool {
	year := time.Unix(int64(issued)*86400, 0).UTC().Year()
	return len(r.Number) == 16 && (r.Number[4:6] == "01") == (r.Issuer == CQC) && year >= 2025
}

// admitted is what stands against a new certificate. before is the last day of
// the one that it renews.
func (c *ctx) admitted(r Ref, n cert, action string, decided, before int) (why codes) {
	why.add(n.first <= 0, 416)
	why.add(n.first > n.issued || n.issued > n.expires || n.issued < decided, 418)
	why.add(n.issued > months(decided, 6), 419)
	if limit := validityMonths[n.family]; limit > 0 {
		if before > months(n.issued, 6) {
			before = 0
		}
		why.add(n.expires > months(max(n.issued, before), limit), 419)
	}
	why.add(!goodHolder(n.holder), 415)
	why.add(n.expires < c.day(), 463)
	why.add(slices.Contains(needsGrant, action) && !c.approved("", n.scheme, decided), 458)
	if n.family != "" && (n.family != "ccc" || len(r.Number) == 16) {
		why.add(decided <= c.barredUntil(n.holder, scopeOf(n.family, n.scheme, r.Number)), 460)
	}
	return append(why, c.backed(r, n.scheme, text{}, n.text, decided)...)
}

// file puts a new certificate down.
func (m *model) file(r Ref, n cert, action string, decided int) {
	s := n.state
	n.state = state{}
	n.record(record{action: action, state: s, decided: decided})
	m.certs[r] = n
}

// common is what messages on certificates have in common.
type common interface {
	GetDecided() int32
	GetNote() string
	GetIssuer() string
	GetNumber() string
}

// act begins a body's act on a certificate.
func (c *ctx) act(action string, msg common) (r Ref, x cert, why codes) {
	issuer, why := c.body(msg.GetIssuer(), action)
	r = Ref{issuer, msg.GetNumber()}
	x, bad := c.find(r, action, int(msg.GetDecided()))
	return r, x, append(why, bad...)
}

// done records an act, unless codes stand against it.
func (m *model) done(r Ref, x cert, action string, s state, decided int, why codes) codes {
	if len(why) == 0 {
		x.record(record{action: action, state: s, decided: decided})
		m.certs[r] = x
	}
	return why
}

// ---- Messages

func (c *ctx) issue(msg *certificatev1.Issue) codes {
	issuer, why := c.body("", "issue")
	r, n, bad := c.draft(issuer, msg.Certificate, "issue", int(msg.Decided))
	why = append(append(why, bad...), c.admitted(r, n, "issue", int(msg.Decided), 0)...)
	if len(why) == 0 {
		c.file(r, n, "issue", int(msg.Decided))
	}
	return why
}

func (c *ctx) suspend(msg *certificatev1.Suspend) codes {
	r, x, why := c.act("suspend", msg)
	if x.family == "" {
		return why
	}
	start, until := int(msg.From), int(msg.Until)
	if start == 0 {
		start = int(msg.Decided)
	}
	why.add(!byHand(x.family, "suspended", msg.Reason), 422)
	why.add(start < int(msg.Decided) || until < start || until < c.day(), 418)
	why.add(start > c.day(), 417)
	why.add(until > months(start, suspensionMonths[x.family]), 420)
	s := x.state
	s.status, s.reason, s.since, s.from, s.until, s.overdue = "suspended", msg.Reason, int(msg.Decided), start, until, false
	return c.done(r, x, "suspend", s, int(msg.Decided), why)
}

// over is a state after a suspension, or none, with another status.
func (s state) over(status, reason string, since int) state {
	return state{status: status, reason: reason, since: since, replaced: s.replaced, reversed: s.reversed}
}

func (c *ctx) reinstate(msg *certificatev1.Reinstate) codes {
	r, x, why := c.act("reinstate", msg)
	if x.family == "" {
		return why
	}
	why.add(x.overdue, 421)
	why.add(!c.approved("", x.scheme, int(msg.Decided)), 458)
	if x.text.main != (Ref{}) {
		why = append(why, c.mainOf(r, x.text.main)...)
	}
	return c.done(r, x, "reinstate", x.over("valid", "", int(msg.Decided)), int(msg.Decided), why)
}

func (c *ctx) end(action string, msg common, reason string) codes {
	r, x, why := c.act(action, msg)
	if x.family == "" {
		return why
	}
	status := map[string]string{"revoke": "revoked", "cancel": "cancelled"}[action]
	why.add(!byHand(x.family, status, reason), 422)
	return c.done(r, x, action, x.over(status, reason, int(msg.GetDecided())), int(msg.GetDecided()), why)
}

var amendments = map[certificatev1.Action]string{7: "extend", 8: "reduce", 9: "name", 10: "address", 11: "model", 12: "standard", 13: "particulars"}

var changeFor = map[bool]map[string][]string{
	false: {"name": {"01", "09"}, "address": {"02"}, "particulars": {"03", "04", "96", "99"}, "extend": {"05"}, "reduce": {"06"}, "model": {"07"}, "standard": {"08"}},
	true: {
		"name": {"01"}, "address": {"01", "04"}, "model": {"01", "02", "03"}, "reduce": {"02", "99"}, "extend": {"03", "99"},
		"standard": {"03", "99"}, "particulars": {"05", "06", "07", "99"},
	},
}

func within(small, large string) bool {
	for _, e := range list(small) {
		if !slices.Contains(list(large), e) {
			return false
		}
	}
	return true
}

func (c *ctx) amend(msg *certificatev1.Amend) codes {
	action := amendments[msg.Action]
	r, x, why := c.act(action, msg)
	if x.family == "" {
		return why
	}
	old, t := x.text, textOf(msg.Details)
	want := old
	want.document, want.complete = t.document, t.complete
	switch action {
	case "extend", "reduce":
		want.scope, want.models, want.components = t.scope, t.models, t.components
	case "name":
		want.name = t.name
	case "address":
		want.address = t.address
	case "model":
		want.models, want.components = t.models, t.components
	case "standard":
		want.standards = t.standards
	case "particulars":
		want.marks, want.main, want.components = t.marks, t.main, t.components
	}
	why.add(want != t, 465)
	why.add(action == "reduce" && (!within(t.scope, old.scope) || !within(t.models, old.models) || t.components != "" && t.components != old.components), 465)
	why.add(action == "extend" && (!within(old.scope, t.scope) || !within(old.models, t.models)), 465)
	holder := x.holder
	if msg.Holder != "" {
		holder = msg.Holder
	}
	why.add(holder != x.holder && action != "name", 465)
	why.add(holder == x.holder && t == old, 466)
	decided := int(msg.Decided)
	why.add(slices.Contains(needsGrant, action) && !c.approved("", x.scheme, decided), 458)
	why = append(why, c.holds(r, x, holder, x.scheme, false, decided)...)
	if action == "extend" && old.main != (Ref{}) {
		why = append(why, c.mainOf(r, old.main)...)
	}
	why = append(why, c.backed(r, x.scheme, old, t, decided)...)
	why.add(!slices.Contains(changeFor[product(x.family)][action], msg.ChangeType), 423)
	why.add(msg.ReissueReason != "" && msg.ReissueReason != "0104", 424)
	x.text, x.holder = t, holder
	x.version++
	return c.done(r, x, action, x.state, decided, why)
}

// holds is what stands against another holder or scheme.
func (m *model) holds(r Ref, x cert, holder, scheme string, longer bool, decided int) (why codes) {
	why.add(!goodHolder(holder), 415)
	if (x.status == "valid" || x.status == "suspended") && (organisations[holder] != organisations[x.holder] || scheme != x.scheme || longer) {
		why.add(decided <= m.barredUntil(holder, scopeOf(x.family, scheme, r.Number)), 460)
	}
	return why
}

func (c *ctx) correct(msg *certificatev1.Correct) codes {
	r, x, why := c.act("correct", msg)
	why.add(msg.Note == "", 450)
	if x.family == "" {
		return why
	}
	was := x
	if msg.Scheme != "" {
		x.scheme = msg.Scheme
	}
	if msg.Holder != "" {
		x.holder = msg.Holder
	}
	for to, v := range map[*int]int32{&x.first: msg.FirstIssued, &x.issued: msg.Issued, &x.expires: msg.Expires} {
		if v != 0 {
			*to = int(v)
		}
	}
	if msg.Details != nil {
		x.text = textOf(msg.Details)
	}
	decided := int(msg.Decided)
	why.add(x.text == was.text && x.scheme == was.scheme && x.holder == was.holder && x.first == was.first && x.issued == was.issued && x.expires == was.expires, 466)
	if familyOf(x.scheme) != was.family {
		return append(why, 411)
	}
	why.add(x.first > x.issued || x.issued > x.expires, 418)
	why.add(x.issued > was.issued && x.issued > x.filed, 418)
	if limit := validityMonths[x.family]; limit > 0 && (x.expires > was.expires || x.issued < was.issued) {
		why.add(x.expires > months(x.issued, limit), 419)
	}
	why.add(x.family == "ccc" && !c.goodCCC(r, x.issued), 413)
	why = append(why, c.holds(r, was, x.holder, x.scheme, x.expires > was.expires, decided)...)
	old := was.text
	if x.status == "valid" || x.status == "suspended" {
		why.add((x.scheme != was.scheme || x.expires > was.expires) && !c.approved("", x.scheme, decided), 458)
		if x.scheme != was.scheme {
			old.marks = ""
		}
	}
	if until := was.bars(); until >= c.day() && (organisations[x.holder] != organisations[was.holder] || scopeOf(x.family, x.scheme, r.Number) != scopeOf(x.family, was.scheme, r.Number)) {
		why.add(!c.regulatorSigned(), 472)
	}
	why = append(why, c.backed(r, x.scheme, old, x.text, decided)...)
	if x.text != was.text {
		x.version++
	}
	return c.done(r, x, "correct", x.state, decided, why)
}

func (c *ctx) regulatorSigned() bool {
	return slices.ContainsFunc(c.signers, func(s signer) bool {
		return s.duty == "approver" && s.member != c.actor && slices.Contains(c.regulators(), s.member)
	})
}

func (c *ctx) annul(msg *certificatev1.Annul) codes {
	r, x, why := c.act("annul", msg)
	why.add(msg.Note == "", 450)
	why.add(!c.regulatorSigned(), 472)
	return c.done(r, x, "annul", x.over("annulled", "", int(msg.Decided)), int(msg.Decided), why)
}

func (c *ctx) renew(msg *certificatev1.Renew) codes {
	old, x, why := c.act("renew", msg)
	why.add(!slices.Contains([]string{"0101", "0102", "0104", "0199"}, msg.ReissueReason), 424)
	r, n, bad := c.draft(old.Issuer, msg.Certificate, "renew", int(msg.Decided))
	if why = append(why, bad...); x.family == "" {
		return why
	}
	return c.replace(old, x, r, n, "renew", int(msg.Decided), x.expires, why)
}

// replace closes a certificate and files another in its place.
func (c *ctx) replace(old Ref, x cert, r Ref, n cert, action string, decided, before int, why codes) codes {
	if n.first == 0 {
		n.first = x.first
	}
	why.add(n.family != x.family || organisations[n.holder] != organisations[x.holder], 467)
	why.add(n.first < x.first, 418)
	why.add(n.issued > c.day(), 464)
	why.add(n.text.main == old || n.text.components == old.Issuer+" "+old.Number, 461)
	why = append(why, c.admitted(r, n, action, decided, before)...)
	if len(why) > 0 {
		return why
	}
	closed := x.over("revoked", "0120", decided)
	if product(x.family) {
		closed = x.over("cancelled", "0204", decided)
	}
	closed.replaced = true
	x.successor = r
	x.record(record{action: action, state: closed, decided: decided})
	c.certs[old] = x
	c.file(r, n, action, decided)
	return nil
}

func (c *ctx) transfer(msg *certificatev1.Transfer) codes {
	issuer, why := c.body("", "transfer")
	why.add(msg.Issuer == issuer, 474)
	id, owner := c.issuer(msg.Issuer)
	if id == "" {
		return append(why, 400)
	}
	stands := owner.status == "active" && slices.Contains(owner.roles, 3) && c.fourEyes(id)
	if owner.status != "active" {
		taker := c.members[owner.caretaker]
		until, released := c.releases[[2]string{msg.Issuer, c.actor}]
		stands = released && until >= c.day() ||
			owner.caretaker != "" && c.fourEyes(owner.caretaker) && taker.status == "active" && slices.Contains(taker.roles, 3)
	}
	why.add(!stands, 473)
	old := Ref{msg.Issuer, msg.Number}
	x, bad := c.find(old, "transfer", int(msg.Decided))
	why = append(why, bad...)
	r, n, bad := c.draft(issuer, msg.Certificate, "transfer", int(msg.Decided))
	if why = append(why, bad...); x.family == "" {
		return why
	}
	why.add(n.expires > x.expires, 468)
	return c.replace(old, x, r, n, "transfer", int(msg.Decided), 0, why)
}

var pastStatus = map[certificatev1.Status]string{1: "valid", 2: "suspended", 3: "revoked", 4: "cancelled", 5: "expired"}

func (c *ctx) importOne(msg *certificatev1.Import) codes {
	issuer, why := c.body("", "import")
	w := slices.IndexFunc(c.windows, func(w importWindow) bool {
		return w.body == c.actor && w.from <= c.now.Unix() && c.now.Unix() < w.until
	})
	why.add(w < 0, 469)
	why.add(w >= 0 && c.windows[w].imported >= c.windows[w].records, 470)
	r, n, bad := c.draft(issuer, msg.Certificate, "import", int(msg.Decided))
	if why = append(why, bad...); n.family == "" {
		return why
	}
	n.imported = true
	status := pastStatus[msg.Status]
	why.add(status == "", 450)
	why.add(!reasons(n.family, status, msg.Reason), 422)
	why.add((status == "suspended") != (msg.SuspendedFrom != 0), 416)
	why.add(n.issued > c.day() || int(msg.SuspendedFrom) > c.day(), 417)
	why.add(n.first > n.issued || n.issued > n.expires || msg.SuspendedUntil < msg.SuspendedFrom, 418)
	why.add(!goodHolder(n.holder), 415)
	why.add(!n.text.complete, 425)
	why.add(n.text.main == r, 433)
	why.add(n.text.main != (Ref{}) && !goodNumber(n.text.main.Number), 412)
	if issuer, number, found := strings.Cut(n.text.components, " "); found {
		why.add(!goodNumber(number), 412)
		why.add(Ref{issuer, number} == r, 433)
	}
	why.add(!slices.Contains([]string{"", "0101", "0102", "0103", "0104", "0199"}, msg.ReissueReason), 424)
	if len(why) > 0 {
		return why
	}
	n.state = state{status: status, reason: msg.Reason, since: int(msg.Decided), from: int(msg.SuspendedFrom), until: int(msg.SuspendedUntil)}
	s := n.state
	n.state = state{}
	n.record(record{action: "import", state: s, decided: int(msg.Decided)})
	for _, d := range msg.Decisions {
		if why := c.past(&n, d); len(why) > 0 {
			return why
		}
	}
	for n.pass(c.day()) {
	}
	c.certs[r] = n
	c.windows = slices.Clone(c.windows)
	c.windows[w].imported++
	return nil
}

// past takes up a past decision.
func (c *ctx) past(n *cert, d *certificatev1.PastDecision) (why codes) {
	decided := int(d.Decided)
	why.add(decided > c.day(), 417)
	why.add(decided < n.decided(), 418)
	then := *n
	for then.pass(decided) {
	}
	action := map[certificatev1.Action]string{3: "suspend", 4: "reinstate", 5: "revoke", 6: "cancel", 9: "name"}[d.Action]
	live := then.status == "valid" || then.status == "suspended"
	why.add(action == "cancel" && live && !product(n.family), 409)
	if !slices.Contains(from[action], then.status) {
		return append(why, map[string]uint32{"valid": 402, "suspended": 403, "revoked": 404, "cancelled": 405, "expired": 406, "annulled": 407}[then.status])
	}
	s := n.state
	switch action {
	case "suspend":
		start := int(d.SuspendedFrom)
		if start == 0 {
			start = decided
		}
		why.add(!byHand(n.family, "suspended", d.Reason), 422)
		why.add(start > c.day(), 417)
		why.add(int(d.SuspendedUntil) < start, 418)
		s.status, s.reason, s.since, s.from, s.until, s.overdue = "suspended", d.Reason, decided, start, int(d.SuspendedUntil), false
	case "reinstate":
		s = s.over("valid", "", decided)
	case "revoke":
		why.add(!byHand(n.family, "revoked", d.Reason), 422)
		s = s.over("revoked", d.Reason, decided)
	case "cancel":
		why.add(!byHand(n.family, "cancelled", d.Reason), 422)
		s = s.over("cancelled", d.Reason, decided)
	default:
		why = append(why, 471, 422)
	}
	if len(why) == 0 {
		n.record(record{action: action, state: s, decided: decided})
	}
	return why
}

// ---- Regulators

// supervise begins a regulator's act.
func (c *ctx) supervise(action string, msg common) (r Ref, x cert, why codes) {
	a := c.members[c.actor]
	why.add(!slices.Contains(a.roles, 1), 451)
	why.add(a.status != "active", 452)
	why.add(len(c.signed(c.actor, "approver")) == 0, 454)
	r = Ref{msg.GetIssuer(), msg.GetNumber()}
	x, bad := c.find(r, action, int(msg.GetDecided()))
	return r, x, append(why, bad...)
}

func (c *ctx) fileOrder(msg *certificatev1.FileOrder) codes {
	r, x, why := c.supervise("order", msg)
	why.add(msg.Note == "", 450)
	why.add(int(msg.Due) < c.day(), 418)
	open := 0
	for _, o := range x.orders {
		if o.open {
			open++
		}
	}
	why.add(open >= 16, 477)
	if len(why) > 0 {
		return why
	}
	x.orders = maps.Clone(x.orders)
	if x.orders == nil {
		x.orders = map[int]order{}
	}
	x.orders[len(x.history)+1] = order{by: c.actor, due: int(msg.Due), open: true}
	return c.done(r, x, "order", x.state, int(msg.Decided), why)
}

// theirs: only who gave it takes it back, while that is a regulator.
func (c *ctx) theirs(giver string) bool {
	return giver == c.actor || !slices.Contains(c.regulators(), giver)
}

func (c *ctx) closeOrder(msg *certificatev1.CloseOrder) codes {
	r, x, why := c.supervise("close order", msg)
	o := x.orders[int(msg.Order)]
	why.add(!o.open, 476)
	why.add(o.open && !c.theirs(o.by), 478)
	if len(why) > 0 {
		return why
	}
	x.orders = maps.Clone(x.orders)
	o.open = false
	x.orders[int(msg.Order)] = o
	return c.done(r, x, "close order", x.state, int(msg.Decided), why)
}

func (c *ctx) flag(msg *certificatev1.Flag) codes {
	r, x, why := c.supervise("flag", msg)
	why.add(msg.Note == "", 450)
	why.add(x.flags[c.actor], 479)
	x.flags = with(x.flags, c.actor, true)
	return c.done(r, x, "flag", x.state, int(msg.Decided), why)
}

func (c *ctx) unflag(msg *certificatev1.Unflag) codes {
	r, x, why := c.supervise("unflag", msg)
	giver := msg.Member
	if giver == "" {
		giver = c.actor
	}
	why.add(!x.flags[giver], 480)
	why.add(x.flags[giver] && !c.theirs(giver), 478)
	x.flags = with(x.flags, giver, false)
	return c.done(r, x, "unflag", x.state, int(msg.Decided), why)
}

func with(set map[string]bool, key string, in bool) map[string]bool {
	set = maps.Clone(set)
	if set == nil {
		set = map[string]bool{}
	}
	if delete(set, key); in {
		set[key] = true
	}
	return set
}

// ---- Governed actions

func (m *model) reverse(a *certificatev1.ReverseDecision) codes {
	r := Ref{a.Issuer, a.Number}
	x, why := m.find(r, "reverse", m.day())
	why.add(a.Note == "", 450)
	if len(why) > 0 {
		return why
	}
	// The decision in force is the last that changed the status and was not
	// reversed: a reversal takes the one that it reverses away with it.
	var decisions []int
	for i, h := range x.history {
		switch {
		case h.action == "reverse":
			decisions = slices.DeleteFunc(decisions, func(n int) bool { return n >= h.undoes })
		case h.was != h.status:
			decisions = append(decisions, i+1)
		}
	}
	n := decisions[len(decisions)-1]
	why.add(n != int(a.Record) || n < 2, 481)
	why.add(x.history[n-1].action == "lapse", 481)
	if next, ok := m.current(r); x.replaced && x.status != "annulled" {
		why.add(ok && (next.status == "valid" || next.status == "suspended"), 482)
	}
	if len(why) > 0 {
		return why
	}
	s := x.history[n-2].state
	s.reversed = true
	x.record(record{action: "reverse", state: s, decided: m.day(), undoes: n})
	m.certs[r] = x
	return nil
}

func (m *model) release(a *certificatev1.ReleaseCertificates) (why codes) {
	id, owner := m.issuer(a.Issuer)
	to := m.members[a.Receiver]
	why.add(int(a.Until) < m.day(), 418)
	why.add(id == "", 400)
	why.add(owner.status == "active", 475)
	why.add(!slices.Contains(to.roles, 3), 451)
	why.add(to.status != "active", 452)
	if len(why) == 0 {
		m.releases[[2]string{a.Issuer, a.Receiver}] = int(a.Until)
	}
	return why
}
