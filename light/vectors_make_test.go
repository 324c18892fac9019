package light

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/app/apptest"
	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	governancev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/governance/v1"
	lightv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/light/v1"
	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	"github.com/hallmark-ledger/hallmark/x/certificate"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// vectorMaker makes vectors of one ledger.
type vectorMaker struct {
	*ledger
	file  vectors
	cards map[string]*Card
}

func makeVectors(t testing.TB) *vectors {
	l := newLedger(t, 4)
	m := &vectorMaker{ledger: l, file: vectors{Cards: map[string]string{}}, cards: map[string]*Card{}}
	m.card("genesis", l.card())
	m.positive()
	m.forged()
	m.cardVectors()
	return &m.file
}

func (m *vectorMaker) card(name string, c *Card) {
	m.cards[name], m.file.Cards[name] = c, hex.EncodeToString(c.Bytes())
}

// add adds a vector with the verdict that it must have: an outcome, and the code
// of the first reason.
func (m *vectorMaker) add(name, card string, claim Claim, limits vectorLimits, now time.Time, bundle []byte, o Outcome, reason string) {
	m.Helper()
	v := Verify(bundle, m.cards[card], claim, limits.limits(), now)
	if v.Outcome != o || v.Reasons[0].Code != reason {
		m.Errorf("%s: %v for %v, want %v for %s", name, v.Outcome, v.Reasons, o, reason)
	}
	m.file.Vectors = append(m.file.Vectors, vector{name, card, claim, limits, now, hex.EncodeToString(bundle), wantOf(v)})
}

func (m *vectorMaker) positive() {
	day := m.today()
	good := func(name string, c Claim, o Outcome, reason string) {
		m.Helper()
		m.add(name, "genesis", c, vectorLimits{}, m.net.Now().Add(time.Minute), m.prove(c, false), o, reason)
	}
	c, suspended, revoked, expired := m.issue("Q-1"), m.issue("Q-2"), m.issue("Q-3"), Claim{Issuer: apptest.CQC, Number: "Q-4"}
	product, parts := Claim{Issuer: apptest.CQC, Number: "2026010907000001"}, Claim{Issuer: apptest.CQC, Number: "Q-5"}
	withParts := m.certify("Q-5", "A010101", 900)
	withParts.Details.Components = []*certificatev1.Ref{{Issuer: apptest.CQC, Number: "Q-2"}}
	m.send(eyes("cqc"),
		&certificatev1.Issue{Decided: int32(day), Certificate: m.certify("Q-4", "A010101", 1)},
		&certificatev1.Issue{Decided: int32(day), Certificate: m.certify("2026010907000001", "B01", 900)},
		&certificatev1.Issue{Decided: int32(day), Certificate: withParts},
	)
	good("valid", c, Holds, "valid")
	good("valid, rests on one that is valid", parts, Holds, "valid")
	good("date that is not over", c.on(day), NotEstablished, "seal-before-date-ended")
	m.to(day+2, 9)
	m.send(eyes("cqc"),
		&certificatev1.Suspend{Number: "Q-2", Decided: int32(day) + 1, Reason: "0111", Until: int32(day) + 3},
		&certificatev1.Revoke{Number: "Q-3", Decided: int32(day) + 1, Reason: "0122"},
		&certificatev1.Cancel{Number: product.Number, Decided: int32(day) + 2, Reason: "0202"},
		&certificatev1.Amend{Number: "Q-1", Decided: int32(day) + 2, Action: 7, ChangeType: "05", Details: withScope()},
	)
	m.send(eyes("cqm"), &certificatev1.Issue{Decided: int32(day) + 2, Certificate: m.foreign("M-1")})
	m.send(eyes("cqm"), &certificatev1.Renew{Number: "M-1", Decided: int32(day) + 2, ReissueReason: "0102", Certificate: m.foreign("M-2")})
	m.decide(&governancev1.OpenImportWindow{Body: "cqm", From: m.net.Now().Unix(), Until: m.net.Now().Add(48 * time.Hour).Unix(), MaxRecords: 10})
	old := m.foreign("M-0")
	old.FirstIssued, old.Issued, old.Expires = 18000, 18000, 18800
	m.send(eyes("cqm"), &certificatev1.Import{Certificate: old, Decided: 18000, Status: 1})
	m.send([]string{"cnca/approver"}, &certificatev1.FileOrder{Issuer: apptest.CQM, Number: "M-2", Decided: int32(day) + 2, Due: int32(day) + 2, Note: "look into it"})
	good("amended", c, Holds, "valid")
	good("suspended", suspended, DoesNotHold, "not-valid")
	good("revoked", revoked, DoesNotHold, "not-valid")
	good("cancelled", product, DoesNotHold, "not-valid")
	good("expired", expired, DoesNotHold, "not-valid")
	good("rests on one that is suspended", parts, DoesNotHold, "blocking-flag")
	good("renewed", Claim{Issuer: apptest.CQM, Number: "M-1"}, DoesNotHold, "not-valid")
	good("under an order", Claim{Issuer: apptest.CQM, Number: "M-2"}, Holds, "valid")
	good("imported, expired", Claim{Issuer: apptest.CQM, Number: "M-0"}, DoesNotHold, "not-valid")
	good("unknown", Claim{Issuer: apptest.CQM, Number: "Q-1"}, DoesNotHold, "unknown-certificate")
	good("on a date, valid", revoked.on(day), Holds, "valid")
	good("on a date, recorded later", revoked.on(day+1), DoesNotHold, "not-valid")
	good("on a date, before the first record", c.on(day-1), DoesNotHold, "before-first-record")
	good("on a date, unknown", Claim{Issuer: apptest.CQC, Number: "Q-9"}.on(day), DoesNotHold, "unknown-certificate")
	good("on a date, imported", Claim{Issuer: apptest.CQM, Number: "M-0"}.on(18100), Holds, "valid")
	good("on a date, former text", c.on(day+1), Holds, "valid")
	good("on a date, rests on another", parts.on(day+1), Holds, "valid")
	good("history", suspended.as(History), Holds, "complete-history")
	good("history, unknown", Claim{Kind: History, Issuer: apptest.CQC, Number: "Q-9"}, DoesNotHold, "unknown-certificate")
	good("absent", Claim{Kind: Absent, Number: "Q-9"}, Holds, "number-unknown")
	good("not absent", c.as(Absent), DoesNotHold, "number-issued")
	good("approved", c.as(Approved), Holds, "issuer-approved")
	good("not approved", Claim{Kind: Approved, Issuer: apptest.CQM, Number: "M-0"}, DoesNotHold, "issuer-not-approved")
	good("approved, unknown", Claim{Kind: Approved, Issuer: apptest.CQM, Number: "M-9"}, DoesNotHold, "unknown-certificate")
	head := m.prove(c, true)
	m.add("head alone", "genesis", c, vectorLimits{HeadSuffices: true}, m.net.Now(), head, Holds, "valid")
	m.add("head alone does not suffice", "genesis", c, vectorLimits{}, m.net.Now(), head, NotEstablished, "unproven")
	m.add("head alone, rests on another", "genesis", parts, vectorLimits{HeadSuffices: true}, m.net.Now(), m.prove(parts, true), NotEstablished, "unproven")
	m.add("head alone, revoked", "genesis", revoked, vectorLimits{}, m.net.Now(), m.prove(revoked, true), DoesNotHold, "not-valid")
	late := m.prove(suspended, false)
	m.add("suspension overdue by the verifier's clock", "genesis", suspended, vectorLimits{MaxAge: 1000 * 3600}, (day + 4).Start(), late, DoesNotHold, "not-valid")
	m.add("the last second of the last day", "genesis", c, vectorLimits{MaxAge: 2000 * 24 * 3600}, (day + 1001).Start().Add(-time.Second), m.prove(c, false), Holds, "valid")
	m.add("the first second after the last day", "genesis", c, vectorLimits{MaxAge: 2000 * 24 * 3600}, (day + 1001).Start(), m.prove(c, false), DoesNotHold, "not-valid")

	m.send([]string{"cnca/approver"}, &memberv1.StopBody{Body: "cqc", Reason: "why"})
	m.send([]string{"cnca/approver"}, &certificatev1.Flag{Issuer: apptest.CQM, Number: "M-2", Decided: int32(day) + 2, Note: "a warning"})
	m.send([]string{"cqm/admin/1"}, &memberv1.ReportCompromise{Key: keyOf("cqm/certifier"), Since: day.Start().Unix()})
	good("body stopped", c, Holds, "valid")
	good("flagged, key compromised", Claim{Issuer: apptest.CQM, Number: "M-2"}, DoesNotHold, "blocking-flag")
	m.to(day+3, 1)
	m.decide(&memberv1.RemoveMember{Member: "cqc", Reason: "why"})
	good("approved, body removed later", c.as(Approved), Holds, "issuer-approved")
}

func withScope() *certificatev1.Details {
	d := apptest.Text("A010101")
	apptest.Edit(d, 1)
	return d
}

// foreign is a certificate of the other body.
func (m *vectorMaker) foreign(number string) *certificatev1.Certificate {
	return m.certify(number, "A010101", 800)
}

// forged makes vectors in which a rule is broken.
func (m *vectorMaker) forged() {
	first := m.net.Height()
	m.card("from the handover", m.cardOf(m.cards["genesis"].Set, uint64(first)+100))
	c := Claim{Issuer: apptest.CQM, Number: "M-2"}
	before := m.source()
	h := m.rotate(0, "val-00/next")
	src := m.source(h)
	_, set := m.statement()
	m.card("newest", m.cardOf(set, h.Statement.NextHeight))
	m.card("another chain", m.changed(func(c *Card) { c.ChainID = "another" }))
	m.card("another genesis", m.changed(func(c *Card) { c.Genesis[0] ^= 1 }))
	m.card("ends early", m.changed(func(c *Card) { c.NotAfter = m.net.Now().Add(-time.Second).Truncate(time.Second) }))
	m.card("made late", m.changed(func(c *Card) { c.Made = m.net.Now().Add(skew + time.Hour) }))
	m.card("unsigned", func() *Card { c := *m.cards["genesis"]; c.Signatures = nil; return &c }())
	notPoint := slices.Repeat([]byte{0xff}, 33)
	notPoint[0] = 2
	entries := set.Entries()
	entries[len(entries)-1].Key = [33]byte(notPoint)
	odd, err := seal.NewSet(entries)
	if err != nil {
		m.Fatal(err)
	}
	m.card("a key that is no point", m.cardOf(odd, 1))
	now := m.net.Now()

	build := func(src Source, claim Claim, headOnly bool) *lightv1.Bundle {
		b, err := Build(src, claim, headOnly)
		if err != nil {
			m.Fatal(err)
		}
		bundle := new(lightv1.Bundle)
		if err := proto.Unmarshal(b, bundle); err != nil {
			m.Fatal(err)
		}
		return bundle
	}
	raw := func(b *lightv1.Bundle) []byte {
		out, err := marshal(b)
		if err != nil {
			m.Fatal(err)
		}
		return out
	}
	base, absent := build(src, c, true), build(src, Claim{Kind: Absent, Number: "Q-9"}, true)
	older := build(before, c, true)
	good := raw(base)
	none := Claim{Issuer: apptest.CQM, Number: "M-9"}
	head := vectorLimits{HeadSuffices: true}
	m.add("one handover", "genesis", c, head, now, good, DoesNotHold, "blocking-flag")
	m.add("no handover, newest card", "newest", c, head, now, raw(build(m.source(), c, true)), DoesNotHold, "blocking-flag")

	bad := func(name, reason string, b []byte) {
		m.Helper()
		m.add(name, "genesis", c, head, now, b, NotEstablished, reason)
	}
	change := func(name, reason string, f func(b *lightv1.Bundle)) {
		m.Helper()
		b := proto.Clone(base).(*lightv1.Bundle)
		f(b)
		bad(name, reason, raw(b))
	}

	// The encoding.
	fields := splitFields(good)
	join := func(parts ...[]byte) []byte { return slices.Concat(parts...) }
	rest := join(fields[1:]...)
	bad("nothing", "bad-bundle", nil)
	bad("no format", "bad-bundle", rest)
	bad("format 2", "bad-bundle", join([]byte{8, 2}, rest))
	bad("format in two bytes", "bad-bundle", join([]byte{8, 0x81, 0}, rest))
	bad("format twice", "bad-bundle", join([]byte{8, 1, 8, 1}, rest))
	bad("format as bytes", "bad-bundle", join([]byte{10, 1, 1}, rest))
	bad("number beyond 64 bits", "bad-bundle", join([]byte{8}, slices.Repeat([]byte{0xff}, 9), []byte{0x7f}, rest))
	bad("unknown field at the end", "bad-bundle", join(good, []byte{0x30, 1}))
	bad("unknown field at the start", "bad-bundle", join([]byte{0x78, 1}, good))
	bad("a zero byte follows", "bad-bundle", join(good, []byte{0}))
	bad("cut in the middle", "bad-bundle", good[:len(good)/2])
	bad("cut by one byte", "bad-bundle", good[:len(good)-1])
	bad("handover after the seal", "bad-seal", join(fields[0], fields[2], fields[1], fields[3]))
	bad("entry before the seal", "bad-bundle", join(fields[0], fields[1], fields[3], fields[2]))
	bad("seal twice", "bad-bundle", join(fields[0], fields[1], fields[2], fields[2], fields[3]))
	bad("length in two bytes more", "bad-bundle", join(fields[0], longer(fields[1]), fields[2], fields[3]))
	bad("length beyond the end", "bad-bundle", join(fields[0], fields[1], fields[2], []byte{0x22, 0xff, 0xff, 0x7f}, fields[3][3:]))
	bad("end of a group", "bad-bundle", join(good, []byte{0x0c}))
	inside := func(name string, field int, f func(message []byte) []byte) {
		m.Helper()
		parts := slices.Clone(fields)
		parts[field] = withContent(fields[field], f(contentOf(fields[field])))
		bad(name, "bad-bundle", join(parts...))
	}
	inside("unknown field in the seal", 2, func(b []byte) []byte { return append(b, 0x48, 1) })
	inside("unknown field in a handover", 1, func(b []byte) []byte { return append(b, 0x18, 1) })
	inside("unknown field in an entry", 3, func(b []byte) []byte { return append(b, 0x20, 1) })
	inside("a field with its default", 2, func(b []byte) []byte { return append(append([]byte{8, 0}, b[2:]...), 0) })
	inside("fields out of order in an entry", 3, func(b []byte) []byte { p := splitFields(b); return join(p[1], p[0], p[2]) })
	inside("key twice in an entry", 3, func(b []byte) []byte { p := splitFields(b); return join(p[0], p[0], p[1], p[2]) })
	inside("empty proof", 3, func(b []byte) []byte { p := splitFields(b); return join(p[0], p[1], []byte{0x1a, 0}) })
	inside("empty next", 2, func(b []byte) []byte {
		p := splitFields(b)
		return join(p[0], p[1], p[2], p[3], p[4], []byte{0x32, 0}, p[5])
	})

	// The seal.
	change("no seal", "bad-bundle", func(b *lightv1.Bundle) { b.Sealed = nil })
	change("block of 31 bytes", "bad-bundle", func(b *lightv1.Bundle) { b.Sealed.Block = b.Sealed.Block[1:] })
	change("no block", "bad-bundle", func(b *lightv1.Bundle) { b.Sealed.Block = nil })
	change("state of 33 bytes", "bad-bundle", func(b *lightv1.Bundle) { b.Sealed.State = append(b.Sealed.State, 0) })
	change("next of 31 bytes", "bad-bundle", func(b *lightv1.Bundle) { b.Sealed.Next, b.Sealed.NextHeight = make([]byte, 31), b.Sealed.Height+1 })
	change("next of zeros", "bad-bundle", func(b *lightv1.Bundle) { b.Sealed.Next = make([]byte, 32) })
	change("another version", "bad-seal", func(b *lightv1.Bundle) { b.Sealed.AppVersion++ })
	change("another height", "bad-seal", func(b *lightv1.Bundle) { b.Sealed.Height++ })
	change("another time", "bad-seal", func(b *lightv1.Bundle) { b.Sealed.Time++ })
	change("another block", "bad-seal", func(b *lightv1.Bundle) { b.Sealed.Block[0] ^= 1 })
	change("another state", "bad-seal", func(b *lightv1.Bundle) { b.Sealed.State[31] ^= 0x80 })
	change("a next set that was not sealed", "bad-seal", func(b *lightv1.Bundle) {
		b.Sealed.Next, b.Sealed.NextHeight = make([]byte, 32), 1<<40
		b.Sealed.Next[0] = 1
	})
	change("no signatures", "bad-seal", func(b *lightv1.Bundle) { b.Sealed.Seal = nil })
	change("nobody signed", "bad-seal", func(b *lightv1.Bundle) { b.Sealed.Seal = []byte{0} })
	change("no quorum", "bad-seal", func(b *lightv1.Bundle) { b.Sealed.Seal = append([]byte{0xc0}, b.Sealed.Seal[1:129]...) })
	change("a signer beyond the set", "bad-seal", func(b *lightv1.Bundle) { b.Sealed.Seal[0] |= 8 })
	change("a signature more", "bad-seal", func(b *lightv1.Bundle) { b.Sealed.Seal = append(b.Sealed.Seal, b.Sealed.Seal[1:65]...) })
	change("a signature cut", "bad-seal", func(b *lightv1.Bundle) { b.Sealed.Seal = b.Sealed.Seal[:len(b.Sealed.Seal)-1] })
	change("a bit of a signature", "bad-seal", func(b *lightv1.Bundle) { b.Sealed.Seal[70] ^= 1 })
	change("a signature of zeros", "bad-seal", func(b *lightv1.Bundle) { clear(b.Sealed.Seal[1:65]) })
	change("signatures swapped", "bad-seal", func(b *lightv1.Bundle) {
		s := b.Sealed.Seal
		b.Sealed.Seal = join(s[:1], s[65:129], s[1:65], s[129:])
	})
	change("one signature for all", "bad-seal", func(b *lightv1.Bundle) {
		s := b.Sealed.Seal
		b.Sealed.Seal = join(s[:1], s[1:65], s[1:65], s[1:65])
	})
	change("the seal of another height", "bad-seal", func(b *lightv1.Bundle) { b.Sealed.Seal = older.Sealed.Seal })
	change("the bits of others", "bad-seal", func(b *lightv1.Bundle) { b.Sealed.Seal[0] = 0x70 })
	signed := func(name string, f func(st *seal.Statement)) { // what a quorum would have to sign
		m.Helper()
		lie := src
		f(&lie.Statement)
		lie.Seal = m.seal(&lie.Statement, set)
		bad(name, "bad-seal", raw(build(lie, c, true)))
	}
	signed("height 0", func(st *seal.Statement) { st.Height = 0 })
	signed("a time before 1970", func(st *seal.Statement) { st.Time = -1 })
	signed("next without a height", func(st *seal.Statement) { st.Next = sm3.Hash{1} })
	signed("a next height without a set", func(st *seal.Statement) { st.NextHeight = st.Height + 1 })
	signed("the next height is not above", func(st *seal.Statement) { st.Next, st.NextHeight = sm3.Hash{1}, st.Height })
	signed("the next set is the same", func(st *seal.Statement) { st.Next, st.NextHeight = st.Set, st.Height+1 })
	signed("before the set begins", func(st *seal.Statement) { st.Height = h.Statement.NextHeight - 1 })
	signed("of another chain", func(st *seal.Statement) { st.Chain[0] ^= 1 })
	signed("of another genesis", func(st *seal.Statement) { st.Genesis[0] ^= 1 })
	signed("of another set", func(st *seal.Statement) { st.Set[0] ^= 1 })

	// Handovers.
	change("no handover", "bad-seal", func(b *lightv1.Bundle) { b.Handovers = nil })
	change("handover twice", "bad-seal", func(b *lightv1.Bundle) { b.Handovers = append(b.Handovers, b.Handovers[0]) })
	change("handover without a set", "bad-bundle", func(b *lightv1.Bundle) { b.Handovers[0].Set = nil })
	change("handover without a seal", "bad-bundle", func(b *lightv1.Bundle) { b.Handovers[0].Sealed = nil })
	change("handover to the old set", "bad-seal", func(b *lightv1.Bundle) { b.Handovers[0].Set = m.cards["genesis"].Set.Append(nil) })
	change("handover that names no set", "bad-seal", func(b *lightv1.Bundle) { b.Handovers[0].Sealed = older.Sealed })
	change("handover with a bit of a signature", "bad-seal", func(b *lightv1.Bundle) { b.Handovers[0].Sealed.Seal[70] ^= 1 })
	change("handover at another height", "bad-seal", func(b *lightv1.Bundle) { b.Handovers[0].Sealed.NextHeight-- })
	change("set cut", "bad-bundle", func(b *lightv1.Bundle) { b.Handovers[0].Set = b.Handovers[0].Set[:len(b.Handovers[0].Set)-1] })
	change("set with another total", "bad-bundle", func(b *lightv1.Bundle) { b.Handovers[0].Set[9]++ })
	change("set not in order", "bad-bundle", func(b *lightv1.Bundle) {
		s := b.Handovers[0].Set
		b.Handovers[0].Set = join(s[:10], s[51:92], s[10:51], s[92:])
	})
	change("set with another power", "bad-seal", func(b *lightv1.Bundle) { b.Handovers[0].Set[50]++; b.Handovers[0].Set[9]++ })
	lie := src
	lie.Statement.Set, lie.Handovers = m.cards["genesis"].Set.Hash(), []Handover{h}
	lie.Seal = m.seal(&lie.Statement, m.cards["genesis"].Set)
	bad("sealed by the old set after the handover", "bad-seal", raw(build(lie, c, true)))

	// Entries.
	change("no entry", "unproven", func(b *lightv1.Bundle) { b.Entries = nil })
	change("value altered", "bad-proof", func(b *lightv1.Bundle) { b.Entries[0].Value[20] ^= 1 })
	change("value withheld", "bad-proof", func(b *lightv1.Bundle) { b.Entries[0].Value = nil })
	change("value empty", "bad-proof", func(b *lightv1.Bundle) { b.Entries[0].Value = []byte{} })
	change("value of another height", "bad-proof", func(b *lightv1.Bundle) { b.Entries = build(before, c, false).Entries[:1] })
	change("status altered to valid without flags", "bad-proof", func(b *lightv1.Bundle) {
		h := new(certificatev1.Head)
		if err := proto.Unmarshal(b.Entries[0].Value, h); err != nil {
			m.Fatal(err)
		}
		h.Standing.Flags = 0
		b.Entries[0].Value, _ = marshal(h)
	})
	change("key altered", "bad-proof", func(b *lightv1.Bundle) { b.Entries[0].Key[10] ^= 1 })
	change("no key", "bad-bundle", func(b *lightv1.Bundle) { b.Entries[0].Key = nil })
	change("key of 513 bytes", "bad-bundle", func(b *lightv1.Bundle) { b.Entries[0].Key = make([]byte, 513) })
	change("entry twice", "bad-bundle", func(b *lightv1.Bundle) { b.Entries = append(b.Entries, b.Entries[0]) })
	change("no proof", "bad-proof", func(b *lightv1.Bundle) { b.Entries[0].Proof = nil })
	change("proof of another kind", "bad-proof", func(b *lightv1.Bundle) { b.Entries[0].Proof[0] = 2 })
	change("proof of the empty state", "bad-proof", func(b *lightv1.Bundle) { b.Entries[0].Value, b.Entries[0].Proof = nil, []byte{3} })
	change("a bit of a sibling", "bad-proof", func(b *lightv1.Bundle) { b.Entries[0].Proof[40] ^= 1 })
	change("proof cut", "bad-proof", func(b *lightv1.Bundle) { b.Entries[0].Proof = b.Entries[0].Proof[:40] })
	change("proof longer", "bad-proof", func(b *lightv1.Bundle) { b.Entries[0].Proof = append(b.Entries[0].Proof, 0) })
	change("a fork moved", "bad-proof", func(b *lightv1.Bundle) { b.Entries[0].Proof[2] ^= 0xc0 })
	two := build(src, c.as(History), false)
	unordered := proto.Clone(two).(*lightv1.Bundle)
	unordered.Entries[0], unordered.Entries[1] = unordered.Entries[1], unordered.Entries[0]
	bad("entries not in order", "bad-bundle", raw(unordered))
	swapped := proto.Clone(two).(*lightv1.Bundle)
	swapped.Entries[0].Proof, swapped.Entries[1].Proof = swapped.Entries[1].Proof, swapped.Entries[0].Proof
	bad("proofs swapped", "bad-proof", raw(swapped))
	if key := certificate.NumberKey("Q-9"); !bytes.Equal(absent.Entries[0].Key, key) {
		m.Fatalf("%x", absent.Entries[0].Key)
	}
	m.add("absence with a value", "genesis", Claim{Kind: Absent, Number: "Q-9"}, head, now, func() []byte {
		b := proto.Clone(absent).(*lightv1.Bundle)
		b.Entries[0].Value = []byte{}
		return raw(b)
	}(), NotEstablished, "bad-proof")
	m.add("absence of a number that is there", "genesis", Claim{Kind: Absent, Number: "Q-1"}, head, now, func() []byte {
		b := proto.Clone(absent).(*lightv1.Bundle)
		b.Entries[0].Key = append([]byte("\x05nQ-1"), 0, 1)
		return raw(b)
	}(), NotEstablished, "bad-proof")

	// Details.
	full := build(src, c, false)
	details := func(name string, f func(b *lightv1.Bundle)) {
		m.Helper()
		b := proto.Clone(full).(*lightv1.Bundle)
		f(b)
		bad(name, "bad-bundle", raw(b))
	}
	details("details altered", func(b *lightv1.Bundle) { b.Details[0][5] ^= 1 })
	details("details twice", func(b *lightv1.Bundle) { b.Details = append(b.Details, b.Details[0]) })
	details("details of nobody", func(b *lightv1.Bundle) { b.Details = append(b.Details, []byte("text")) })
	details("empty details", func(b *lightv1.Bundle) { b.Details = append([][]byte{{}}, b.Details...) })
	parts := build(src, Claim{Issuer: apptest.CQC, Number: "Q-5"}, false)
	for _, e := range parts.Entries {
		if strings.HasPrefix(string(e.Key), "\x05d") {
			parts.Details = append(parts.Details, e.Value)
		}
	}
	bad("details that are an entry", "bad-bundle", raw(parts))
	several := build(src, Claim{Issuer: apptest.CQC, Number: "Q-1"}.as(History), false)
	present := several.Details[0]
	former, err := Build(src, Claim{Issuer: apptest.CQC, Number: "Q-1"}.on(civil.DateOf(apptest.Begin)), false)
	if err != nil {
		m.Fatal(err)
	}
	past := new(lightv1.Bundle)
	if err := proto.Unmarshal(former, past); err != nil {
		m.Fatal(err)
	}
	several.Details = [][]byte{present, past.Details[0]}
	slices.SortFunc(several.Details, func(a, b []byte) int { x, y := sm3.Sum(a), sm3.Sum(b); return bytes.Compare(x[:], y[:]) })
	q1 := Claim{Kind: History, Issuer: apptest.CQC, Number: "Q-1"}
	m.add("details of two versions", "genesis", q1, head, now, raw(several), Holds, "complete-history")
	slices.Reverse(several.Details)
	m.add("details not in order", "genesis", q1, head, now, raw(several), NotEstablished, "bad-bundle")

	// What a claim needs.
	for _, claim := range []Claim{c, c.as(History), c.as(Approved), c.on(civil.DateOf(now) - 1), {Issuer: apptest.CQC, Number: "Q-5"}} {
		whole := build(src, claim, false)
		for i := range whole.Entries {
			b := proto.Clone(whole).(*lightv1.Bundle)
			b.Entries = slices.Delete(b.Entries, i, i+1)
			b.Details = nil
			out := raw(b)
			if v := Verify(out, m.cards["genesis"], claim, Limits{}, now); v.Outcome == NotEstablished {
				m.add(fmt.Sprintf("%v of %s without entry %d", claim.Kind, claim.Number, i+1), "genesis", claim, vectorLimits{}, now, out, NotEstablished, v.Reasons[0].Code)
			}
		}
	}
	m.add("the bundle of another certificate", "genesis", none, head, now, good, NotEstablished, "unproven")

	// Cards and limits.
	for _, x := range []struct{ name, card, reason string }{
		{"a card of another chain", "another chain", "bad-seal"},
		{"a card of another genesis", "another genesis", "bad-seal"},
		{"a card of a later height", "from the handover", "bad-seal"},
		{"a card of the newest set, and a handover", "newest", "bad-seal"},
		{"a card with a key that is no point", "a key that is no point", "bad-seal"},
		{"a card that has ended", "ends early", "card-ended"},
		{"a card of the future", "made late", "clock-behind"},
	} {
		m.add(x.name, x.card, c, head, now, good, NotEstablished, x.reason)
	}
	m.add("a card that nobody signed", "unsigned", c, head, now, good, DoesNotHold, "blocking-flag")
	m.add("a second too old", "genesis", c, vectorLimits{MaxAge: 60, HeadSuffices: true}, now.Add(61*time.Second), good, NotEstablished, "stale")
	m.add("just not too old", "genesis", c, vectorLimits{MaxAge: 60, HeadSuffices: true}, now.Add(60*time.Second), good, DoesNotHold, "blocking-flag")
	m.add("older than a day", "genesis", c, head, now.Add(24*time.Hour+time.Second), good, NotEstablished, "stale")
	m.add("of the future", "genesis", c, head, now.Add(-skew-time.Second), good, NotEstablished, "future")
	m.add("too large", "genesis", c, vectorLimits{MaxSize: len(good) - 1, HeadSuffices: true}, now, good, NotEstablished, "bad-bundle")
	for name, claim := range map[string]Claim{
		"": {Issuer: apptest.CQC}, " of no issuer": {Number: "Q-1"}, " with a small letter": {Issuer: apptest.CQC, Number: "q-1"},
		" with a date too many": {Issuer: apptest.CQC, Number: "Q-1", Date: 20000}, " without a date": {Kind: OnDate, Issuer: apptest.CQC, Number: "Q-1"},
		" absent under an issuer": {Kind: Absent, Issuer: apptest.CQC, Number: "Q-1"},
	} {
		m.add("a claim that is none"+name, "genesis", claim, head, now, good, NotEstablished, "bad-claim")
	}
	slices.SortStableFunc(m.file.Vectors[len(m.file.Vectors)-6:], func(a, b vector) int { return strings.Compare(a.Name, b.Name) })
}

// changed is the card of the genesis with other values.
func (m *vectorMaker) changed(f func(c *Card)) *Card {
	c := *m.cards["genesis"]
	f(&c)
	out, err := NewCard(c)
	if err != nil {
		m.Fatal(err)
	}
	return out
}

// splitFields returns the fields of an encoded message, each with its tag.
func splitFields(b []byte) (parts [][]byte) {
	for len(b) > 0 {
		n := protowire.ConsumeFieldValue(1, protowire.Type(b[0]&7), b[1:])
		if n < 0 {
			panic(protowire.ParseError(n))
		}
		parts, b = append(parts, b[:1+n:1+n]), b[1+n:]
	}
	return parts
}

// contentOf returns the content of a field of bytes.
func contentOf(field []byte) []byte {
	v, n := protowire.ConsumeBytes(field[1:])
	if n < 0 {
		panic(protowire.ParseError(n))
	}
	return slices.Clone(v)
}

func withContent(field, content []byte) []byte {
	return protowire.AppendBytes([]byte{field[0]}, content)
}

// longer writes the length of a field in two bytes more.
func longer(field []byte) []byte {
	content := contentOf(field)
	n := len(content)
	return append([]byte{field[0], byte(n) | 0x80, byte(n>>7) | 0x80, byte(n>>14) | 0x80, 0}, content...)
}

func (m *vectorMaker) cardVectors() {
	good := m.cards["genesis"].Bytes()
	parts := splitFields(good)
	body, sig := contentOf(parts[0]), contentOf(parts[1])
	add := func(name, want string, b []byte) {
		m.Helper()
		if _, err := ParseCard(b); (err == nil) != (want == "ok") {
			m.Errorf("card %s: %v", name, err)
		}
		m.file.CardVectors = append(m.file.CardVectors, cardVector{name, hex.EncodeToString(b), want})
	}
	signature := func(f func(s *lightv1.CardSignature)) []byte {
		s := new(lightv1.CardSignature)
		if err := proto.Unmarshal(sig, s); err != nil {
			m.Fatal(err)
		}
		f(s)
		b, err := marshal(s)
		if err != nil {
			m.Fatal(err)
		}
		return withContent(parts[1], b)
	}
	bodyWith := func(f func(b *lightv1.CardBody)) []byte {
		b := new(lightv1.CardBody)
		if err := proto.Unmarshal(body, b); err != nil {
			m.Fatal(err)
		}
		f(b)
		out, err := marshal(b)
		if err != nil {
			m.Fatal(err)
		}
		return withContent(parts[0], out)
	}
	two := *m.cards["genesis"]
	if err := two.Sign(m.Context(), "samr-bj", repeatable{apptest.Key("samr-bj/approver")}); err != nil {
		m.Fatal(err)
	}
	pair := splitFields(two.Bytes())
	add("signed", "ok", good)
	add("signed by two", "ok", two.Bytes())
	add("unsigned", "ok", parts[0])
	add("nothing", "ErrCard", nil)
	add("signatures not in order", "ErrCard", slices.Concat(pair[0], pair[2], pair[1]))
	add("signature twice", "ErrCard", slices.Concat(parts[0], parts[1], parts[1]))
	add("signature before the body", "ErrCard", slices.Concat(parts[1], parts[0]))
	add("a bit of the body", "ErrCard", func() []byte { b := slices.Clone(good); b[len(parts[0])-1] ^= 1; return b }())
	add("unknown field", "ErrCard", append(slices.Clone(good), 0x18, 1))
	add("cut", "ErrCard", good[:len(good)-1])
	add("length in more bytes", "ErrCard", slices.Concat(longer(parts[0]), parts[1]))
	for _, x := range []struct {
		name string
		f    func(s *lightv1.CardSignature)
	}{
		{"signature altered", func(s *lightv1.CardSignature) { s.Signature[9] ^= 1 }},
		{"signature cut", func(s *lightv1.CardSignature) { s.Signature = s.Signature[:63] }},
		{"no signature", func(s *lightv1.CardSignature) { s.Signature = nil }},
		{"another key", func(s *lightv1.CardSignature) { s.Key = keyOf("samr-bj/approver") }},
		{"a key that is no point", func(s *lightv1.CardSignature) { s.Key = append([]byte{2}, slices.Repeat([]byte{0xff}, 32)...) }},
		{"no member", func(s *lightv1.CardSignature) { s.Member = "" }},
		{"a member with a space", func(s *lightv1.CardSignature) { s.Member = "a b" }},
		{"a member of 51 bytes", func(s *lightv1.CardSignature) { s.Member = strings.Repeat("a", 51) }},
	} {
		add(x.name, "ErrCard", slices.Concat(parts[0], signature(x.f)))
	}
	for _, x := range []struct {
		name string
		f    func(b *lightv1.CardBody)
	}{
		{"no chain id", func(b *lightv1.CardBody) { b.ChainId = "" }},
		{"chain id of 51 bytes", func(b *lightv1.CardBody) { b.ChainId = strings.Repeat("a", 51) }},
		{"chain id in Chinese", func(b *lightv1.CardBody) { b.ChainId = "链" }},
		{"genesis of 31 bytes", func(b *lightv1.CardBody) { b.Genesis = b.Genesis[1:] }},
		{"height 0", func(b *lightv1.CardBody) { b.Height = 0 }},
		{"no set", func(b *lightv1.CardBody) { b.Set = nil }},
		{"set with another total", func(b *lightv1.CardBody) { b.Set[9]++ }},
		{"ends when it is made", func(b *lightv1.CardBody) { b.NotAfter = b.Made }},
		{"ends after the year 9999", func(b *lightv1.CardBody) { b.NotAfter = maxSeconds + 1 }},
		{"made before 1970", func(b *lightv1.CardBody) { b.Made = -1 }},
	} {
		add(x.name, "ErrCard", bodyWith(x.f))
	}
	add("body with an unknown field", "ErrCard", withContent(parts[0], append(slices.Clone(body), 0x38, 1)))
}
