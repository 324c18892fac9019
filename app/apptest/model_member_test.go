package apptest

import (
	"regexp"
	"slices"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/seal"
	governancev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/governance/v1"
	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
)

// party is a member in the model. Roles by number: 1 regulator, 2 accreditation
// body, 3 certification body, 4 laboratory, 5 inspection body, 6 operator, 7
// observer.
type party struct {
	roles        []int
	marks        []string
	status       string // active, suspended, removed
	stopped      bool
	caretaker    string
	approval     string
	registration string
	versions     int
	gone         int // the day on which it was removed
}

type key struct {
	member, duty, holder string
	registered           time.Time // zero: of the genesis
	from                 time.Time // usable from then on
	replaces             pub
	ended                string // why
	end                  time.Time
	compromised          time.Time
}

type grant struct {
	by, mark    string
	schemes     []string
	from, until int
	steps       []grantStep
}

type grantStep struct {
	kind    string
	day     int
	schemes []string
}

var dutiesOf = map[int][]string{
	1: {"admin", "operator", "approver"}, 2: {"admin", "operator", "approver"}, 3: {"admin", "operator", "certifier", "approver"},
	4: {"admin", "operator", "approver"}, 5: {"admin", "operator", "approver"}, 6: {"admin", "operator"}, 7: {"admin"},
}

func hasDuty(roles []int, duty string) bool {
	return slices.ContainsFunc(roles, func(r int) bool { return slices.Contains(dutiesOf[r], duty) })
}

// people is how many must hold admin keys, and register what decides.
func people(roles []int) int {
	if slices.ContainsFunc(roles, func(r int) bool { return r <= 3 }) {
		return 2
	}
	return 1
}

func assesses(roles []int) bool {
	return slices.ContainsFunc(roles, func(r int) bool { return r >= 3 && r <= 5 })
}

func dutyName(d memberv1.Duty) string {
	return map[memberv1.Duty]string{1: "admin", 2: "operator", 3: "certifier", 4: "approver"}[d]
}

// ---- Keys

func (m *model) dead(k key) bool    { return k.ended != "" && !m.now.Before(k.end) }
func (m *model) pending(k key) bool { return m.now.Before(k.from) && !m.dead(k) }
func (m *model) alive(k key) bool   { return !m.now.Before(k.from) && !m.dead(k) }

// usable: it can sign.
func (m *model) usable(k key) bool {
	owner := m.members[k.member]
	return m.alive(k) && owner.status == "active" && hasDuty(owner.roles, k.duty)
}

// adminPeople counts who can sign as admin, without a key.
func (m *model) adminPeople(id string, except pub) int {
	people := map[string]bool{}
	for p, k := range m.keys {
		if k.member == id && k.duty == "admin" && m.alive(k) && p != except {
			people[k.holder] = true
		}
	}
	return len(people)
}

func keyForm(b []byte) bool { return len(b) == 33 && (b[0] == 2 || b[0] == 3) }

var holderForm = regexp.MustCompile(`^[A-Za-z0-9._-]{1,40}$`)

func validKeys(list []*memberv1.NewKey, most int) bool {
	seen := map[string]bool{}
	for _, k := range list {
		if !keyForm(k.Key) || dutyName(k.Duty) == "" || len(k.Proof) != 64 || !holderForm.MatchString(k.Holder) || seen[string(k.Key[1:])] {
			return false
		}
		seen[string(k.Key[1:])] = true
	}
	return len(list) > 0 && len(list) <= most
}

// enrol registers keys.
func (m *model) enrol(id string, roles []int, list []*memberv1.NewKey, delay time.Duration, replaces pub) (why codes) {
	most := map[string]int{"admin": 32, "operator": 1000, "certifier": 1000, "approver": 100}
	has := map[string]int{}
	for _, k := range m.keys {
		if k.member == id && k.ended == "" {
			has[k.duty]++
		}
	}
	for _, k := range list {
		duty := dutyName(k.Duty)
		has[duty]++
		why.add(!hasDuty(roles, duty), 109)
		why.add(m.taken[string(k.Key[1:])], 110)
		why.add(has[duty] > most[duty], 116)
		p := seal.Possession{ChainID: Chain, Member: id, Purpose: "member/" + duty, Key: pub(k.Key)}
		why.add(seal.VerifyPossession(p, k.Proof) != nil, 111)
	}
	if len(why) > 0 {
		return why
	}
	for _, k := range list {
		x := key{member: id, duty: dutyName(k.Duty), holder: k.Holder, registered: m.now, from: m.now, replaces: replaces}
		if x.duty != "operator" {
			x.from = m.now.Add(delay)
		}
		m.keys[pub(k.Key)] = x
		m.taken[string(k.Key[1:])] = true
	}
	return nil
}

// permitted is what the actor needs for a message of members.
func (c *ctx) permitted(role int, duty string, n int) (why codes) {
	a := c.members[c.actor]
	why.add(a.status != "active", 118)
	why.add(role != 0 && !slices.Contains(a.roles, role), 106)
	people := map[string]bool{}
	for _, s := range c.signed(c.actor, duty) {
		people[s.holder] = true
	}
	if len(people) == 0 || !hasDuty(a.roles, duty) {
		return append(why, 107)
	}
	why.add(len(people) < n, 108)
	return why
}

func (m *model) delay() time.Duration { return time.Duration(m.params[8]) * time.Second }

func (c *ctx) addKeys(msg *memberv1.AddKeys) codes {
	if !validKeys(msg.Keys, 8) {
		return codes{100}
	}
	n, roles := 1, c.members[c.actor].roles
	for _, k := range msg.Keys {
		if dutyName(k.Duty) != "operator" {
			n = people(roles)
		}
	}
	if why := c.permitted(0, "admin", n); len(why) > 0 {
		return why
	}
	return c.enrol(c.actor, roles, msg.Keys, c.delay(), pub{})
}

// own returns a key of the actor.
func (c *ctx) own(b []byte) (p pub, k key, why codes) {
	if !keyForm(b) {
		return p, k, codes{100}
	}
	p = pub(b)
	k, ok := c.keys[p]
	why.add(!ok, 112)
	why.add(ok && k.member != c.actor, 113)
	return p, k, append(why, c.permitted(0, "admin", 1)...)
}

func (m *model) endKey(p pub, why string, at time.Time) {
	k := m.keys[p]
	k.ended, k.end = why, at
	m.keys[p] = k
}

// goOn: a key that was to be replaced stays, since its successor does not come.
func (m *model) goOn(p pub) {
	if k, ok := m.keys[p]; ok && k.ended == "rotated" && !m.dead(k) {
		m.endKey(p, "", time.Time{})
	}
}

func (c *ctx) cancelPendingKey(b []byte) codes {
	p, k, why := c.own(b)
	if len(why) == 0 {
		why.add(!c.pending(k), 114)
	}
	if len(why) == 0 {
		c.endKey(p, "cancelled", c.now)
		c.goOn(k.replaces)
	}
	return why
}

func (c *ctx) revokeKey(b []byte) codes {
	p, k, why := c.own(b)
	if len(why) > 0 {
		return why
	}
	why.add(!c.alive(k), 114)
	why.add(k.duty == "admin" && c.adminPeople(c.actor, p) < people(c.members[c.actor].roles), 115)
	if len(why) == 0 {
		c.endKey(p, "revoked", c.now)
	}
	return why
}

func (c *ctx) rotateKey(msg *memberv1.RotateKey) codes {
	p, k, why := c.own(msg.OldKey)
	if !keyForm(msg.NewKey) || len(msg.Proof) != 64 || string(msg.OldKey) == string(msg.NewKey) {
		return codes{100, 112, 113}
	}
	if len(why) > 0 {
		if slices.Contains(why, 112) || slices.Contains(why, 113) {
			return append(why, 108)
		}
		return why
	}
	roles, delay := c.members[c.actor].roles, time.Duration(0)
	if k.duty != "operator" {
		delay = c.delay()
		why = c.permitted(0, "admin", people(roles))
	}
	why.add(!c.alive(k) || k.ended != "", 114)
	if len(why) > 0 {
		return why
	}
	was := k
	c.endKey(p, "rotated", c.now.Add(delay))
	fresh := &memberv1.NewKey{Key: msg.NewKey, Duty: duties[k.duty], Holder: k.holder, Proof: msg.Proof}
	if why = c.enrol(c.actor, roles, []*memberv1.NewKey{fresh}, delay, p); len(why) > 0 {
		c.keys[p] = was
	}
	return why
}

func (m *model) compromise(p pub, since int64) (why codes) {
	k := m.keys[p]
	at := time.Unix(since, 0)
	why.add(at.After(m.now), 117)
	why.add(!k.registered.IsZero() && since < k.registered.Unix(), 117)
	why.add(!k.compromised.IsZero() && !at.Before(k.compromised), 117)
	if len(why) > 0 {
		return why
	}
	waits, dead := m.pending(k), m.dead(k)
	k.compromised = at
	m.keys[p] = k
	if !dead {
		m.endKey(p, "compromised", m.now)
	}
	if waits {
		m.goOn(k.replaces)
	}
	return nil
}

func (c *ctx) reportCompromise(msg *memberv1.ReportCompromise) codes {
	p, _, why := c.own(msg.Key)
	why.add(msg.Since <= 0, 100)
	if len(why) > 0 {
		return why
	}
	return c.compromise(p, msg.Since)
}

// ---- Approvals and accreditations

var schemeForm = regexp.MustCompile(`^[A-Z]{1,3}([0-9][0-9]){0,3}$`)

func validSchemes(list []string) bool {
	for i, s := range list {
		if !schemeForm.MatchString(s) || slices.Contains(list[:i], s) {
			return false
		}
	}
	return len(list) > 0 && len(list) <= 100
}

// names reports whether a scheme is one of the list or below one of it.
func names(list []string, scheme string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return len(s) <= len(scheme) && scheme[:len(s)] == s })
}

// state of a grant on a day: in force, suspended, expired, ended.
func (g grant) state(on int) string {
	state := "in force"
	for _, s := range g.steps {
		switch s.kind {
		case "end":
			return "ended"
		case "suspend":
			state = "suspended"
		case "reinstate":
			state = "in force"
		}
	}
	if on > g.until {
		return "expired"
	}
	return state
}

// covers: it is in force for the scheme at the end of the day.
func (g grant) covers(scheme string, on int) bool {
	suspended := false
	for _, s := range g.steps {
		if s.day > on {
			continue
		}
		switch s.kind {
		case "end":
			return false
		case "suspend":
			suspended = true
		case "reinstate":
			suspended = false
		case "restrict":
			if names(s.schemes, scheme) {
				return false
			}
		}
	}
	return !suspended && g.from <= on && on <= g.until && names(g.schemes, scheme)
}

// covered: the body has a grant with the mark, none for an approval.
func (m *model) covered(id, mark, scheme string, on int) bool {
	if m.members[id].status == "removed" && m.members[id].gone <= on {
		return false
	}
	return slices.ContainsFunc(m.grants[id], func(g grant) bool { return g.mark == mark && g.covers(scheme, on) })
}

func (m *model) give(id string, g grant) { m.grants[id] = append(slices.Clip(m.grants[id]), g) }

func (m *model) addStep(id string, n uint64, s grantStep) {
	list := slices.Clone(m.grants[id])
	list[n-1].steps = append(slices.Clip(list[n-1].steps), s)
	m.grants[id] = list
}

func (m *model) grant(id string, n uint64, approval bool) (g grant, why codes) {
	if _, ok := m.members[id]; !ok {
		return g, codes{101}
	}
	if n == 0 || n > uint64(len(m.grants[id])) {
		return g, codes{121}
	}
	g = m.grants[id][n-1]
	why.add(approval != (g.mark == ""), 121)
	return g, why
}

func (c *ctx) accredit(msg *memberv1.Accredit) (why codes) {
	why.add(!validSchemes(msg.Schemes) || msg.From <= 0 || msg.From > msg.Until, 100)
	why = append(why, c.permitted(2, "approver", 1)...)
	why.add(!slices.Contains(c.members[c.actor].marks, msg.Mark), 124)
	body, ok := c.members[msg.Body]
	why.add(!ok, 101)
	why.add(ok && !assesses(body.roles), 120)
	why.add(body.status == "removed", 118)
	if len(why) == 0 {
		c.give(msg.Body, grant{by: c.actor, mark: msg.Mark, schemes: msg.Schemes, from: int(msg.From), until: int(msg.Until)})
	}
	return why
}

func (c *ctx) stepAccreditation(msg interface {
	GetBody() string
	GetGrant() uint64
	GetReason() string
}, kind string,
) codes {
	g, why := c.grant(msg.GetBody(), msg.GetGrant(), false)
	why.add(msg.GetReason() == "", 100)
	why = append(why, c.permitted(2, "approver", 1)...)
	if len(why) > 0 {
		return why
	}
	why.add(g.by != c.actor && c.members[g.by].caretaker != c.actor, 123)
	state := g.state(c.day())
	legal := map[string]bool{
		"suspend": state == "in force", "reinstate": state == "suspended", "end": state == "in force" || state == "suspended",
	}
	why.add(!legal[kind], 122)
	if len(why) == 0 {
		c.addStep(msg.GetBody(), msg.GetGrant(), grantStep{kind: kind, day: c.day()})
	}
	return why
}

func (c *ctx) stop(id, reason string, stop bool) (why codes) {
	why.add(reason == "", 100)
	why = append(why, c.permitted(1, "approver", 1)...)
	body, ok := c.members[id]
	if !ok {
		return append(why, 101)
	}
	why.add(stop && !assesses(body.roles), 120)
	why.add(body.status == "removed" || body.stopped == stop, 118)
	if len(why) == 0 {
		body.stopped = stop
		c.put(id, body)
	}
	return why
}

func (m *model) put(id string, x party) {
	x.versions++
	m.members[id] = x
}

// ---- Governed actions

func rolesOf(p *memberv1.Profile) (list []int) {
	for _, r := range p.Roles {
		list = append(list, int(r))
	}
	return list
}

func registrationOf(p *memberv1.Profile) string {
	if p.Uscc != "" {
		return p.Uscc
	}
	return p.Foreign.Country + " " + p.Foreign.Number
}

func validProfile(p *memberv1.Profile) bool {
	roles := rolesOf(p)
	return slices.Contains(roles, 2) == (len(p.Marks) > 0) && (!slices.Contains(roles, 3) || p.ApprovalNumber != "") &&
		(p.Uscc == "") != (p.Foreign == nil)
}

// validMemberAction is what is seen of an action on members without the state.
func validMemberAction(action any) bool {
	switch a := action.(type) {
	case *governancev1.Action_AdmitMember:
		return a.AdmitMember.Member != "Bad Id" && validProfile(a.AdmitMember.Profile) && validKeys(a.AdmitMember.Keys, 32)
	case *governancev1.Action_AmendMember:
		return validProfile(a.AmendMember.Profile)
	case *governancev1.Action_SuspendMember:
		return a.SuspendMember.Reason != ""
	case *governancev1.Action_ReinstateMember:
		return a.ReinstateMember.Reason != ""
	case *governancev1.Action_RemoveMember:
		return a.RemoveMember.Reason != ""
	case *governancev1.Action_ApproveSchemes:
		x := a.ApproveSchemes
		return validSchemes(x.Schemes) && x.From > 0 && x.From <= x.Until
	case *governancev1.Action_RestrictApproval:
		return validSchemes(a.RestrictApproval.Schemes) && a.RestrictApproval.Reason != ""
	case *governancev1.Action_RevokeApproval:
		return a.RevokeApproval.Reason != ""
	case *governancev1.Action_RecoverKeys:
		return validKeys(a.RecoverKeys.Keys, 32) && !slices.ContainsFunc(a.RecoverKeys.Keys, func(k *memberv1.NewKey) bool { return k.Duty != 1 })
	case *governancev1.Action_DeclareCompromise:
		return keyForm(a.DeclareCompromise.Key) && a.DeclareCompromise.Since > 0
	}
	return true
}

func peopleOf(list []*memberv1.NewKey) int {
	people := map[string]bool{}
	for _, k := range list {
		if k.Duty == 1 {
			people[k.Holder] = true
		}
	}
	return len(people)
}

// registers reports what stands against a registration and an approval number.
func (m *model) registers(id string, x party) (why codes) {
	for other, o := range m.members {
		why.add(other != id && o.status != "removed" && o.registration == x.registration, 103)
		why.add(other != id && x.approval != "" && o.approval == x.approval, 104)
	}
	return why
}

func (m *model) actMember(action any) (why codes) {
	switch a := action.(type) {
	case *governancev1.Action_AdmitMember:
		x := a.AdmitMember
		_, there := m.members[x.Member]
		why.add(there, 102)
		n := party{roles: rolesOf(x.Profile), marks: x.Profile.Marks, status: "active", approval: x.Profile.ApprovalNumber, registration: registrationOf(x.Profile)}
		why.add(peopleOf(x.Keys) < people(n.roles), 115)
		why = append(why, m.registers(x.Member, n)...)
		if len(why) > 0 {
			return why
		}
		m.put(x.Member, n)
		return m.enrol(x.Member, n.roles, x.Keys, 0, pub{})
	case *governancev1.Action_AmendMember:
		x := a.AmendMember
		return m.change(x.Member, []string{"active", "suspended"}, func(o party) (n party, why codes) {
			n = o
			n.roles, n.marks, n.approval, n.registration = rolesOf(x.Profile), x.Profile.Marks, x.Profile.ApprovalNumber, registrationOf(x.Profile)
			why.add(o.approval != "" && n.approval != o.approval, 105)
			why.add(people(n.roles) > people(o.roles) && m.adminPeople(x.Member, pub{}) < people(n.roles), 115)
			return n, append(why, m.registers(x.Member, n)...)
		})
	case *governancev1.Action_SuspendMember:
		return m.change(a.SuspendMember.Member, []string{"active"}, func(o party) (party, codes) { o.status = "suspended"; return o, nil })
	case *governancev1.Action_ReinstateMember:
		return m.change(a.ReinstateMember.Member, []string{"suspended"}, func(o party) (party, codes) {
			o.status, o.caretaker = "active", ""
			return o, nil
		})
	case *governancev1.Action_RemoveMember:
		return m.change(a.RemoveMember.Member, []string{"active", "suspended"}, func(o party) (party, codes) {
			o.status, o.gone = "removed", m.day()
			return o, nil
		})
	case *governancev1.Action_NameCaretaker:
		x := a.NameCaretaker
		c, ok := m.members[x.Caretaker]
		why.add(!ok, 101)
		return append(why, m.change(x.Member, []string{"suspended", "removed"}, func(o party) (n party, bad codes) {
			shared := slices.ContainsFunc(c.roles, func(r int) bool { return slices.Contains(o.roles, r) })
			bad.add(x.Caretaker == x.Member || c.status != "active" || c.stopped || !shared, 127)
			o.caretaker = x.Caretaker
			return o, append(bad, why...)
		})...)
	case *governancev1.Action_ApproveSchemes:
		x := a.ApproveSchemes
		body, ok := m.members[x.Body]
		why.add(!ok, 101)
		why.add(ok && !slices.Contains(body.roles, 3), 120)
		why.add(body.status == "removed", 118)
		if len(why) == 0 {
			m.give(x.Body, grant{schemes: x.Schemes, from: int(x.From), until: int(x.Until)})
		}
	case *governancev1.Action_RestrictApproval:
		x := a.RestrictApproval
		g, why := m.grant(x.Body, x.Grant, true)
		if len(why) > 0 {
			return why
		}
		for _, s := range x.Schemes {
			open := g // whether the days fit is another matter
			open.from, open.until = m.day(), m.day()
			why.add(!open.covers(s, m.day()), 125)
		}
		why.add(g.state(m.day()) != "in force", 122)
		if len(why) == 0 {
			m.addStep(x.Body, x.Grant, grantStep{kind: "restrict", day: m.day(), schemes: x.Schemes})
		}
		return why
	case *governancev1.Action_RevokeApproval:
		x := a.RevokeApproval
		g, why := m.grant(x.Body, x.Grant, true)
		if len(why) > 0 {
			return why
		}
		why.add(g.state(m.day()) != "in force", 122)
		if len(why) == 0 {
			m.addStep(x.Body, x.Grant, grantStep{kind: "end", day: m.day()})
		}
		return why
	case *governancev1.Action_RecoverKeys:
		x := a.RecoverKeys
		o, ok := m.members[x.Member]
		why.add(!ok, 101)
		why.add(o.status == "removed", 118)
		why.add(ok && peopleOf(x.Keys) < people(o.roles), 115)
		if len(why) > 0 {
			return why
		}
		for p, k := range m.keys {
			if k.member == x.Member && k.duty == "admin" && !m.dead(k) {
				m.endKey(p, "recovered", m.now)
			}
		}
		return m.enrol(x.Member, o.roles, x.Keys, 0, pub{})
	case *governancev1.Action_DeclareCompromise:
		x := a.DeclareCompromise
		if _, ok := m.keys[pub(x.Key)]; !ok {
			return codes{112}
		}
		return m.compromise(pub(x.Key), x.Since)
	}
	return why
}

// change gives a member another standing.
func (m *model) change(id string, from []string, f func(party) (party, codes)) (why codes) {
	old, ok := m.members[id]
	if !ok {
		return codes{101}
	}
	next, why := f(old)
	why.add(!slices.Contains(from, old.status), 118)
	regulates := func(x party) bool { return x.status == "active" && slices.Contains(x.roles, 1) }
	why.add(regulates(old) && !regulates(next) && len(m.regulators()) < 2, 119)
	if len(why) == 0 {
		m.put(id, next)
	}
	return why
}
