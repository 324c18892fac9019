package apptest

import (
	"maps"
	"math"
	"slices"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	governancev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/governance/v1"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
)

// model is the ledger as design §4 to §6 and docs/rules.md describe it, written
// without the modules: plain maps, everything looked up by going through it all.
//
// What it says of a message is the set of codes that stand against it. If there
// are none the ledger must do it; otherwise it must refuse with one of them,
// whichever it looks at first.
//
// Values in maps are replaced, never changed in place, and slices are only
// appended to after a copy, so a clone is shallow.
type model struct {
	height int64
	now    time.Time

	params     map[int]uint64
	thresholds map[int][2]int
	nonces     map[pub]nonceWindow
	members    map[string]party
	keys       map[pub]key
	taken      map[string]bool // keys of any kind that were ever registered
	grants     map[string][]grant
	proposals  []proposal
	windows    []importWindow
	upgrades   []upgrade
	sets       []set
	seals      map[pub]sealKey
	conflicts  map[conflict]string // reporter
	certs      map[Ref]cert
	releases   map[[2]string]int   // issuer, receiver → last day
	anchors    map[sm3.Hash]string // evidence, and the member that anchored it
	products   map[string]article

	limits map[int]uint64    // params before the block
	used   map[string]uint64 // records of the block, by member
}

type pub [33]byte

// codes are why something is refused; none: it is not.
type codes []uint32

func (c *codes) add(when bool, code uint32) {
	if when {
		*c = append(*c, code)
	}
}

func (m *model) clone() *model {
	c := *m
	c.params, c.thresholds, c.nonces = maps.Clone(m.params), maps.Clone(m.thresholds), maps.Clone(m.nonces)
	c.members, c.keys, c.taken, c.grants = maps.Clone(m.members), maps.Clone(m.keys), maps.Clone(m.taken), maps.Clone(m.grants)
	c.proposals, c.windows, c.upgrades, c.sets = slices.Clone(m.proposals), slices.Clone(m.windows), slices.Clone(m.upgrades), slices.Clone(m.sets)
	c.seals, c.certs, c.releases = maps.Clone(m.seals), maps.Clone(m.certs), maps.Clone(m.releases)
	c.conflicts, c.used, c.anchors = maps.Clone(m.conflicts), maps.Clone(m.used), maps.Clone(m.anchors)
	c.products = maps.Clone(m.products)
	return &c
}

// day is the civil date in Beijing of the block.
func (m *model) day() int { return int((m.now.Unix() + 8*3600) / 86400) }

// ---- Transactions

type nonceWindow struct {
	highest uint64
	used    map[uint64]bool
}

func (w nonceWindow) codes(n uint64) (c codes) {
	c.add(n == 0, 6)
	switch {
	case n > w.highest:
		c.add(n-w.highest > 1024, 34)
	case w.highest-n > 1024:
		c = append(c, 33)
	default:
		c.add(w.used[n], 32)
	}
	return c
}

// begin begins a block.
func (m *model) begin(height int64, now time.Time) {
	m.height, m.now = height, now
	m.limits, m.used = maps.Clone(m.params), map[string]uint64{}
}

// signer is a signer of a transaction, as it was before the first message.
type signer struct {
	key
	public pub
}

// outcome is what becomes of a transaction: not run for one of whole, or each of
// its messages for none or one of the codes.
type outcome struct {
	whole    codes
	messages []codes
}

// deliver runs a transaction, whose signatures are good.
func (m *model) deliver(b *txv1.Body) (out outcome) {
	c := &out.whole
	c.add(uint64(len(b.Messages)) > m.limits[4], 8)
	c.add(uint64(len(b.Signers)) > m.limits[5], 10)
	c.add(uint64(len(b.Signers)) > m.limits[5], 13)
	if len(*c) > 0 {
		return out
	}
	// A block at 12:00:00.5 is after the second of an expiry at 12:00:00.
	c.add(time.Unix(b.Expiry, 0).Before(m.now), 30)
	c.add(b.Expiry > m.now.Unix()+int64(m.limits[1]), 31)
	first := pub(b.Signers[0].Key)
	*c = append(*c, m.nonces[first].codes(b.Nonce)...)
	signers := make([]signer, len(b.Signers))
	for i, s := range b.Signers {
		k, ok := m.keys[pub(s.Key)]
		c.add(!ok, 35)
		if ok {
			c.add(k.member != s.Member, 36)
			c.add(!m.usable(k), 37)
		}
		signers[i] = signer{k, pub(s.Key)}
	}
	if len(*c) > 0 {
		return out
	}
	w := m.nonces[first]
	w.used = maps.Clone(w.used)
	if w.used == nil {
		w.used = map[uint64]bool{}
	}
	w.highest, w.used[b.Nonce] = max(w.highest, b.Nonce), true
	m.nonces[first] = w
	count := map[string]uint64{}
	for _, msg := range b.Messages {
		count[msg.Actor]++
		if keys := len(msg.GetAddKeys().GetKeys()); keys > 1 {
			count[msg.Actor] += uint64(keys) - 1
		}
		if msg.GetReportConflict() != nil {
			count[msg.Actor]++ // two signatures
		}
		if events := msg.GetCaptureEvents().GetEvents(); len(events) > 0 {
			count[msg.Actor] += uint64(len(events)) - 1
			for _, e := range events {
				count[msg.Actor] += uint64(len(e.Others)) / 8
			}
		}
	}
	for id, n := range count {
		c.add(m.used[id]+n > m.limits[2], 50)
	}
	if len(*c) > 0 {
		return out
	}
	for id, n := range count {
		m.used[id] += n
	}
	before := m.clone()
	for i, msg := range b.Messages {
		ctx := &ctx{model: m, actor: msg.Actor}
		for _, at := range msg.Signers {
			ctx.signers = append(ctx.signers, signers[at])
		}
		refused := ctx.do(msg)
		out.messages = append(out.messages, refused)
		if len(refused) > 0 && b.Mode == txv1.Mode_MODE_ALL {
			*m = *before
			for j := range b.Messages {
				if j < i {
					out.messages[j] = codes{60}
				} else if j > i {
					out.messages = append(out.messages, codes{60})
				}
			}
			return out
		}
	}
	return out
}

// ctx is a message on its way.
type ctx struct {
	*model
	actor   string
	signers []signer
}

// signed returns the actor's signers with a duty.
func (c *ctx) signed(id, duty string) (list []signer) {
	for _, s := range c.signers {
		if s.member == id && s.duty == duty {
			list = append(list, s)
		}
	}
	return list
}

// fourEyes: a certifier and an approver of the member, two people.
func (c *ctx) fourEyes(id string) bool {
	for _, a := range c.signed(id, "certifier") {
		for _, b := range c.signed(id, "approver") {
			if a.holder != b.holder && a.public != b.public {
				return true
			}
		}
	}
	return false
}

// do does what a message says, unless codes stand against it.
func (c *ctx) do(m *txv1.Message) codes {
	if c.rests(m) {
		return c.doIt(m)
	}
	c = &ctx{c.model.clone(), c.actor, c.signers} // where it does no harm
	return append(c.doIt(m), 483)
}

func (c *ctx) doIt(m *txv1.Message) codes {
	switch a := m.Action.(type) {
	case *txv1.Message_AddKeys:
		return c.addKeys(a.AddKeys)
	case *txv1.Message_CancelPendingKey:
		return c.cancelPendingKey(a.CancelPendingKey.Key)
	case *txv1.Message_RevokeKey:
		return c.revokeKey(a.RevokeKey.Key)
	case *txv1.Message_RotateKey:
		return c.rotateKey(a.RotateKey)
	case *txv1.Message_ReportCompromise:
		return c.reportCompromise(a.ReportCompromise)
	case *txv1.Message_Accredit:
		return c.accredit(a.Accredit)
	case *txv1.Message_SuspendAccreditation:
		return c.stepAccreditation(a.SuspendAccreditation, "suspend")
	case *txv1.Message_ReinstateAccreditation:
		return c.stepAccreditation(a.ReinstateAccreditation, "reinstate")
	case *txv1.Message_WithdrawAccreditation:
		return c.stepAccreditation(a.WithdrawAccreditation, "end")
	case *txv1.Message_StopBody:
		return c.stop(a.StopBody.Body, a.StopBody.Reason, true)
	case *txv1.Message_ResumeBody:
		return c.stop(a.ResumeBody.Body, a.ResumeBody.Reason, false)
	case *txv1.Message_Propose:
		return c.propose(a.Propose)
	case *txv1.Message_Approve:
		return c.vote(a.Approve.Proposal, true)
	case *txv1.Message_Reject:
		return c.vote(a.Reject.Proposal, false)
	case *txv1.Message_Withdraw:
		return c.withdraw(a.Withdraw.Proposal)
	case *txv1.Message_RotateSealKey:
		return c.rotateSealKey(a.RotateSealKey)
	case *txv1.Message_ReportConflict:
		return c.reportConflict(a.ReportConflict)
	case *txv1.Message_Issue:
		return c.issue(a.Issue)
	case *txv1.Message_Import:
		return c.importOne(a.Import)
	case *txv1.Message_Suspend:
		return c.suspend(a.Suspend)
	case *txv1.Message_Reinstate:
		return c.reinstate(a.Reinstate)
	case *txv1.Message_Revoke:
		return c.end("revoke", a.Revoke, a.Revoke.Reason)
	case *txv1.Message_Cancel:
		return c.end("cancel", a.Cancel, a.Cancel.Reason)
	case *txv1.Message_Amend:
		return c.amend(a.Amend)
	case *txv1.Message_Correct:
		return c.correct(a.Correct)
	case *txv1.Message_Annul:
		return c.annul(a.Annul)
	case *txv1.Message_Renew:
		return c.renew(a.Renew)
	case *txv1.Message_Transfer:
		return c.transfer(a.Transfer)
	case *txv1.Message_FileOrder:
		return c.fileOrder(a.FileOrder)
	case *txv1.Message_CloseOrder:
		return c.closeOrder(a.CloseOrder)
	case *txv1.Message_Flag:
		return c.flag(a.Flag)
	case *txv1.Message_Unflag:
		return c.unflag(a.Unflag)
	case *txv1.Message_AnchorEvidence:
		return c.anchor(a.AnchorEvidence.Anchor)
	case *txv1.Message_RegisterProduct:
		return c.registerProduct(a.RegisterProduct)
	case *txv1.Message_CaptureEvents:
		return c.captureEvents(a.CaptureEvents)
	case *txv1.Message_LinkCertificates:
		return c.linkCertificates(a.LinkCertificates)
	case *txv1.Message_SetReporters:
		return c.setReporters(a.SetReporters)
	case *txv1.Message_Recall:
		return c.recall(a.Recall)
	case *txv1.Message_LiftRecall:
		return c.liftRecall(a.LiftRecall)
	}
	return codes{math.MaxUint32} // nobody makes it
}

// ---- Governance

type proposal struct {
	proposer string
	actions  []*governancev1.Action
	expires  int64
	votes    map[string]bool
	status   string
	failure  codes // the codes that its failure may have
}

type importWindow struct {
	body        string
	from, until int64
	records     uint64
	imported    uint64
}

type upgrade struct {
	name            string
	height, version uint64
}

func (m *model) regulators() (list []string) {
	for id, x := range m.members {
		if x.status == "active" && slices.Contains(x.roles, 1) {
			list = append(list, id)
		}
	}
	return list
}

func (c *ctx) governs() (why codes) {
	why.add(!slices.Contains(c.regulators(), c.actor), 201)
	why.add(len(c.signed(c.actor, "approver")) == 0, 202)
	return why
}

// status is that of a proposal, which expires by time alone.
func (m *model) status(p proposal) string {
	if p.status == "open" && m.now.Unix() >= p.expires {
		return "expired"
	}
	return p.status
}

func (c *ctx) propose(p *governancev1.Propose) (why codes) {
	why.add(p.Title == "" || len(p.Actions) == 0, 200)
	for _, a := range p.Actions {
		why = append(why, c.validate(a)...)
	}
	why = append(why, c.governs()...)
	open := 0
	for _, o := range c.proposals {
		if o.status == "open" && o.proposer == c.actor {
			open++
		}
	}
	why.add(open >= 100, 206)
	if len(why) > 0 {
		return why
	}
	c.proposals = append(slices.Clip(c.proposals), proposal{
		proposer: c.actor, actions: p.Actions, expires: c.now.Unix() + int64(c.params[9]), votes: map[string]bool{}, status: "open",
	})
	c.cast(len(c.proposals)-1, true)
	return nil
}

// found returns a proposal that is still open.
func (c *ctx) found(n uint64) (i int, why codes) {
	if n == 0 || n > uint64(len(c.proposals)) {
		return 0, codes{203}
	}
	why.add(c.status(c.proposals[n-1]) != "open", 204)
	return int(n - 1), why
}

func (c *ctx) vote(n uint64, yes bool) codes {
	i, why := c.found(n)
	if why = append(why, c.governs()...); len(why) > 0 {
		return why
	}
	c.cast(i, yes)
	return nil
}

func (c *ctx) withdraw(n uint64) codes {
	i, why := c.found(n)
	why = append(why, c.governs()...)
	if len(why) == 0 || slices.Equal(why, codes{204}) {
		why.add(c.proposals[i].proposer != c.actor, 205)
	}
	if len(why) == 0 {
		p := c.proposals[i]
		p.status = "withdrawn"
		c.proposals[i] = p
	}
	return why
}

// cast records a vote and decides.
func (c *ctx) cast(i int, yes bool) {
	p := c.proposals[i]
	p.votes = maps.Clone(p.votes)
	p.votes[c.actor] = yes
	all := c.regulators()
	need := 0
	for _, a := range p.actions {
		t := c.thresholds[kindOf(a)]
		n := int(math.Ceil(float64(len(all)*t[0]) / float64(t[1])))
		if a.GetSetValidators().GetExempt() {
			n = len(all)
		}
		need = max(need, n)
	}
	for_, against := 0, 0
	for _, id := range all {
		if v, ok := p.votes[id]; ok && v {
			for_++
		} else if ok {
			against++
		}
	}
	switch {
	case for_ >= need && !yes:
	case for_ >= need:
		after := c.clone()
		if p.failure = after.execute(p.actions); len(p.failure) == 0 {
			*c.model = *after
			p.status = "executed"
		} else {
			p.status = "failed"
		}
	case len(all)-against < need:
		p.status = "rejected"
	}
	c.proposals = slices.Clone(c.proposals)
	c.proposals[i] = p
}

// execute does actions on m, which is not used if one is impossible.
func (m *model) execute(actions []*governancev1.Action) codes {
	for _, a := range actions {
		if why := m.act(a); len(why) > 0 {
			return why
		}
	}
	if len(m.regulators()) == 0 {
		return codes{208}
	}
	return nil
}

// kindOf is the number of an action's kind: that of its field.
func kindOf(a *governancev1.Action) int {
	r := a.ProtoReflect()
	return int(r.WhichOneof(r.Descriptor().Oneofs().Get(0)).Number())
}

// bounds of the parameters: least and most, by number.
var bounds = map[int][2]uint64{
	1: {60, 30 * 86400}, 2: {100, 1_000_000}, 3: {100, 10_000_000}, 4: {1, 100_000}, 5: {4, 64}, 6: {128 << 10, 16 << 20},
	7: {20, 100_000}, 8: {60, 30 * 86400}, 9: {3600, 366 * 86400}, 10: {1, 100_000}, 11: {3600, 366 * 86400}, 12: {1, 100_000_000},
}

func slug(s string) bool { return len(s) >= 3 && len(s) <= 40 }

// validate is what is seen of an action without the state.
func (m *model) validate(a *governancev1.Action) (why codes) {
	switch a := a.Action.(type) {
	case *governancev1.Action_SetParameters:
		x := a.SetParameters
		why.add(len(x.Changes)+len(x.Thresholds) == 0, 200)
		seen := map[governancev1.Parameter]bool{}
		for _, ch := range x.Changes {
			b := bounds[int(ch.Parameter)]
			why.add(seen[ch.Parameter], 200)
			why.add(ch.Value < b[0] || ch.Value > b[1], 207)
			seen[ch.Parameter] = true
		}
		for _, t := range x.Thresholds {
			_, known := m.thresholds[int(t.Kind)]
			why.add(!known || t.Denominator == 0 || t.Numerator > t.Denominator || 2*t.Numerator <= t.Denominator, 207)
		}
	case *governancev1.Action_OpenImportWindow:
		x := a.OpenImportWindow
		why.add(!slug(x.Body) || x.From < 0 || x.Until <= x.From || x.MaxRecords == 0, 200)
	case *governancev1.Action_ScheduleUpgrade:
		x := a.ScheduleUpgrade
		why.add(!slug(x.Name) || x.Height == 0 || x.AppVersion == 0, 200)
	case *governancev1.Action_CancelUpgrade:
		why.add(!slug(a.CancelUpgrade.Name), 200)
	case *governancev1.Action_SetValidators:
		why.add(!validSteps(a.SetValidators), 300)
	case *governancev1.Action_ReverseDecision, *governancev1.Action_ReleaseCertificates:
	default:
		why.add(!validMemberAction(a), 100)
	}
	return why
}

// act does one governed action.
func (m *model) act(a *governancev1.Action) (why codes) {
	if why = m.validate(a); len(why) > 0 {
		return why
	}
	switch a := a.Action.(type) {
	case *governancev1.Action_SetParameters:
		return m.setParameters(a.SetParameters)
	case *governancev1.Action_OpenImportWindow:
		x := a.OpenImportWindow
		why.add(x.Until <= m.now.Unix() || uint64(x.Until-x.From) > m.params[11] || x.MaxRecords > m.params[12], 209)
		for _, w := range m.windows {
			why.add(w.body == x.Body && x.From < w.until && w.from < x.Until, 209)
		}
		if len(why) == 0 {
			m.windows = append(slices.Clip(m.windows), importWindow{body: x.Body, from: x.From, until: x.Until, records: x.MaxRecords})
		}
	case *governancev1.Action_ScheduleUpgrade:
		x := a.ScheduleUpgrade
		why.add(x.Height < uint64(m.height)+m.params[7], 210)
		for _, u := range m.upgrades {
			why.add(u.height > uint64(m.height) || u.name == x.Name || u.version >= x.AppVersion, 210)
		}
		if len(why) == 0 {
			m.upgrades = append(slices.Clip(m.upgrades), upgrade{x.Name, x.Height, x.AppVersion})
		}
	case *governancev1.Action_CancelUpgrade:
		i := slices.IndexFunc(m.upgrades, func(u upgrade) bool { return u.height > uint64(m.height) && u.name == a.CancelUpgrade.Name })
		why.add(i < 0, 211)
		if i >= 0 {
			m.upgrades = slices.Delete(slices.Clone(m.upgrades), i, i+1)
		}
	case *governancev1.Action_SetValidators:
		return m.setValidators(a.SetValidators)
	case *governancev1.Action_ReverseDecision:
		return m.reverse(a.ReverseDecision)
	case *governancev1.Action_ReleaseCertificates:
		return m.release(a.ReleaseCertificates)
	default:
		return m.actMember(a)
	}
	return why
}

func (m *model) setParameters(a *governancev1.SetParameters) (why codes) {
	params, thresholds := maps.Clone(m.params), maps.Clone(m.thresholds)
	for _, c := range a.Changes {
		params[int(c.Parameter)] = c.Value
	}
	for _, t := range a.Thresholds {
		thresholds[int(t.Kind)] = [2]int{int(t.Numerator), int(t.Denominator)}
	}
	why.add(params[2] < params[4] || params[3] < params[2], 207)
	why.add(maps.Equal(params, m.params) && maps.Equal(thresholds, m.thresholds), 212)
	if len(why) == 0 {
		m.params, m.thresholds = params, thresholds
	}
	return why
}

// endBlock does what is due by time.
func (m *model) endBlock() {
	left := m.params[10]
	for left > 0 { // by the time they expire, then by number
		next := -1
		for i, p := range m.proposals {
			if p.status == "open" && p.expires <= m.now.Unix() && (next < 0 || p.expires < m.proposals[next].expires) {
				next = i
			}
		}
		if next < 0 {
			break
		}
		m.proposals = slices.Clone(m.proposals)
		m.proposals[next].status = "expired"
		left--
	}
	m.sweep()
}
