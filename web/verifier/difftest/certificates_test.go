package difftest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	"github.com/hallmark-ledger/hallmark/x/certificate"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// group is one certificate with everything that claims about it read, and days
// on which something about it changes.
type group struct {
	ref     rules.Ref
	entries map[string][]byte
	days    []civil.Date
	legal   bool // as the ledger could have written it
}

func (g *group) set(key, value []byte) { g.entries[string(key)] = value }

func pick[T any](r *rand.Rand, list ...T) T { return list[r.IntN(len(list))] }

func chance(r *rand.Rand, percent int) bool { return r.IntN(100) < percent }

func marshal(m proto.Message) []byte {
	b, err := proto.MarshalOptions{Deterministic: true}.Marshal(m)
	if err != nil {
		panic(err) // a text that is not UTF-8
	}
	return b
}

func randomHash(r *rand.Rand) (h sm3.Hash) {
	for i := range h {
		h[i] = byte(r.Uint32())
	}
	return h
}

func randomKey(r *rand.Rand) (k [33]byte) {
	h := randomHash(r)
	k[0] = byte(2 + r.IntN(2))
	copy(k[1:], h[:])
	return k
}

var holders = []string{"91371323760038087M", "760038087", "840:C1234567", "344:ABC-1/2.3", "158:1"}

// firstDay is a day near which the worlds are.
const firstDay = civil.Date(20600)

// newGroup makes a certificate with a random legal history by a body of its own.
// others are of the same world: it may rest on them, or replace one.
func newGroup(r *rand.Rand, n int, others []*group) *group {
	g := &group{entries: map[string][]byte{}, legal: true}
	h := g.begin(r, n)
	if len(others) > 0 && chance(r, 25) {
		h.other = pick(r, others...)
	}
	h.write()
	for range r.IntN(6) {
		h.act()
	}
	h.finish()
	return g
}

// history makes records one after the other.
type history struct {
	*group
	r       *rand.Rand
	member  string
	keys    [][33]byte
	other   *group // or nil
	details rules.Details
	head    rules.Head
	decided civil.Date
	time    time.Time
	next    rules.Action
	from    rules.Status
	orders  []*certificatev1.OpenOrder
	flags   []string
}

func (g *group) begin(r *rand.Rand, n int) *history {
	family := pick(r, rules.Families...)
	scheme := map[rules.Family][]string{
		rules.ManagementSystem: {"A010101", "A0201", "A03"}, rules.CCC: {"B01", "B0107", "B010203"},
		rules.VoluntaryProduct: {"B02", "B0301", "B990101"}, rules.Service: {"C01", "C0202"},
	}[family]
	g.ref = rules.Ref{Issuer: fmt.Sprintf("CNCA-R-%04d-%03d", 2003+n/999, 1+n%999), Number: fmt.Sprintf("%05dQ%d/(%d)", n, r.IntN(100), r.IntN(10))}
	h := &history{group: g, r: r, member: fmt.Sprintf("body-%d", n)}
	if family == rules.CCC {
		g.ref.Number = fmt.Sprintf("20%02d09%02d%08d", 2+r.IntN(20), 1+r.IntN(99), n)
	}
	for range 2 + r.IntN(2) {
		h.keys = append(h.keys, randomKey(r))
	}
	h.decided = firstDay - civil.Date(r.IntN(1500))
	h.time = h.decided.Start().Add(time.Duration(r.Int64N(int64(48 * time.Hour))))
	h.head = rules.Head{
		Ref: g.ref, Scheme: pick(r, scheme...), Holder: pick(r, holders...), FirstIssued: h.decided - civil.Date(r.IntN(2)*100),
		Version: 1, Records: 1,
		Standing: rules.Standing{Family: family, Status: rules.Valid, Since: h.decided, Issued: h.decided + civil.Date(r.IntN(2)), Expires: h.decided + civil.Date(r.IntN(2000)) + 1},
	}
	h.details = rules.Details{
		Holder:       rules.Party{NameChinese: "某某有限公司", NameEnglish: pick(r, "", "Some Ltd"), AddressChinese: "山东省", Country: "156", Region: pick(r, "", "371323")},
		ScopeChinese: "机械零件的生产", Standards: []string{"GB/T 19001-2016"}, ScopeCodes: []string{"17.12.05"},
		Document: randomHash(r),
	}
	if family.Product() {
		h.details.Producer, h.details.Factory = h.details.Holder, h.details.Holder
		h.details.Models, h.details.GTINs, h.details.TradeMark = []string{"M-1", "M-2"}, []string{"06901234567892"}, "Brand"
	}
	if chance(r, 30) {
		h.details.Evidence, h.details.Marks = []sm3.Hash{randomHash(r)}, []string{"01", "02"}
	}
	h.next = pick(r, rules.Issue, rules.Issue, rules.Issue, rules.Import, rules.Renew, rules.Transfer)
	if h.next == rules.Import {
		h.head.Flags |= rules.FlagImported
		h.enter(pick(r, rules.Valid, rules.Suspended, rules.Revoked, rules.Expired))
	}
	return h
}

// enter makes a status the present one, with a reason and dates of it.
func (h *history) enter(s rules.Status) {
	st := &h.head.Standing
	st.Status, st.Since, st.Reason, st.SuspendedFrom, st.SuspendedUntil = s, h.decided, "", 0, 0
	st.Flags &^= rules.FlagOverdue
	if list := st.Family.Rules().Reasons(s); len(list) > 0 {
		for st.Reason == "" {
			if reason := pick(h.r, list...); !reason.Reserved {
				st.Reason = reason.Code
			}
		}
	}
	if s == rules.Suspended {
		st.SuspendedFrom, st.SuspendedUntil = h.decided, h.decided+civil.Date(h.r.IntN(90))
	}
}

// act takes a random legal action, if one is found.
func (h *history) act() {
	h.from = h.head.Status
	before := h.head
	for range 20 {
		a := pick(h.r, rules.Actions()...)
		to, refused := rules.Next(h.head.Family, h.from, a)
		if refused != nil || a.Begins() && a != rules.Renew && a != rules.Transfer {
			continue
		}
		h.decided += civil.Date(h.r.IntN(100))
		h.time = h.time.Add(time.Duration(1 + h.r.Int64N(int64(100*24*time.Hour))))
		if start := h.decided.Start(); h.time.Before(start) {
			h.time = start.Add(time.Duration(h.r.Int64N(int64(30 * 24 * time.Hour))))
		}
		h.next = a
		h.apply(a, to)
		h.head.Records++
		if h.write() {
			return
		}
		h.head = before // not legal after all: another
	}
}

func (h *history) apply(a rules.Action, to rules.Status) {
	st := &h.head.Standing
	switch {
	case a == rules.Overdue:
		st.Flags |= rules.FlagOverdue
	case a == rules.Renew || a == rules.Transfer:
		*st = st.Replace(h.decided)
	case a == rules.Lapse:
		c := st.Family.Rules().Lapses
		*st = st.Close(c.Status, c.Reason, h.decided)
	case a == rules.Reverse:
		h.enter(pick(h.r, rules.Valid, rules.Valid, rules.Suspended))
		st.Flags = st.Flags&^rules.FlagReplaced | rules.FlagReversed
	case to != h.from:
		h.enter(to)
	case a == rules.Order:
		due := h.decided + civil.Date(h.r.IntN(60))
		h.orders = append(h.orders, &certificatev1.OpenOrder{Record: h.head.Records + 1, Due: int32(due)})
		st.OrderDue = due
	case a == rules.CloseOrder:
		h.orders, st.OrderDue = nil, 0
	case a == rules.Flag:
		h.flags = []string{"cnca", "samr"}[:1+h.r.IntN(2)]
		st.Flags |= rules.FlagRegulator
	case a == rules.Unflag:
		h.flags = nil
		st.Flags &^= rules.FlagRegulator
	case a.Amends() || a == rules.Correct:
		h.details.ScopeEnglish = fmt.Sprintf("scope %d", h.r.IntN(1000))
		if chance(h.r, 15) {
			h.head.Holder = pick(h.r, holders...)
		}
		h.head.Version++
	}
}

// write adds the record of the present act and reports whether it is legal.
func (h *history) write() bool {
	if h.other != nil && chance(h.r, 50) {
		h.details.Components = []rules.Ref{h.other.ref}
	} else if h.other != nil {
		h.details.Main = h.other.ref
	}
	text := rules.EncodeDetails(&h.details)
	before := h.head.Details
	h.head.Details = sm3.Sum(text)
	h.head.Flags = h.head.Flags&^(rules.FlagSub|rules.FlagComponents) | h.details.Flags()
	rec := &rules.Record{
		N: h.head.Records, Action: h.next, From: h.from, After: h.head, Decided: h.decided, Height: 1 + h.r.Uint64N(1000), Time: h.time.UTC(),
	}
	if rec.N > 1 && before != h.head.Details {
		rec.DetailsBefore = before
	}
	by := h.next.By()
	if by != rules.ByChain {
		rec.Tx = randomHash(h.r)
	}
	if by != rules.ByChain && by != rules.ByGovernance {
		rec.Actor = h.member
		if by == rules.ByRegulator {
			rec.Actor = "cnca"
		}
		for i, k := range h.keys {
			rec.Signers = append(rec.Signers, rules.Signer{Member: rec.Actor, Key: k, Duty: uint8(3 + i%2)})
		}
	}
	if h.next.Amends() {
		for _, c := range h.head.Family.Rules().ChangeTypes() {
			if slices.Contains(c.For, h.next) {
				rec.ChangeType = c.Code
			}
		}
	}
	if h.next == rules.Renew || h.next == rules.Transfer {
		rec.Link = rules.Ref{Issuer: "CNCA-R-2002-009", Number: "OTHER-1"}
		rec.ReissueReason = map[rules.Action]string{rules.Renew: "0102", rules.Transfer: "0103"}[h.next]
	}
	if h.next == rules.Reverse {
		rec.Reverses = rec.N - 1
	}
	rec.Imported = h.next == rules.Import
	if chance(h.r, 20) {
		rec.Note = pick(h.r, "a note", "备注", "note “quoted” <b>&")
	}
	if chance(h.r, 20) {
		rec.Evidence = []sm3.Hash{randomHash(h.r)}
	}
	if err := rec.Check(); err != nil && rec.N > 1 {
		return false
	}
	h.set(certificate.RecordKey(h.ref, rec.N), rules.EncodeRecord(rec))
	h.set(certificate.HeadKey(h.ref), rules.EncodeHead(&h.head))
	h.set(certificate.DetailsKey(h.ref), text)
	s := h.head.Standing
	h.days = append(h.days, h.decided, civil.DateOf(h.time), s.Issued, s.Expires, s.SuspendedUntil, s.OrderDue)
	return true
}
