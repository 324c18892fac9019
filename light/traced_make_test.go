package light

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/app/apptest"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	lightv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/light/v1"
	tracev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/trace/v1"
	"github.com/hallmark-ledger/hallmark/store/storetest"
	"github.com/hallmark-ledger/hallmark/x/evidence"
	"github.com/hallmark-ledger/hallmark/x/trace"
)

// tracedWant is what a vector says of the way that a verdict shows.
type tracedWant struct {
	Entries  uint64   `json:"entries"`
	Products []string `json:"products"` // URIs, with " -" after one that is not in the first
	Links    []string `json:"links,omitempty"`
	Then     []string `json:"then,omitempty"`
	Now      []string `json:"now,omitempty"`
	Recalls  []string `json:"recalls,omitempty"` // that count
	Anchored []string `json:"anchored,omitempty"`
}

func tracedWantOf(t *Trace) *tracedWant {
	w := &tracedWant{Entries: t.Products[0].Entries}
	for i, p := range t.Products {
		name := p.URI
		if !t.Within[i] {
			name += " -"
		}
		w.Products = append(w.Products, name)
		for _, l := range p.Links {
			w.Links = append(w.Links, fmt.Sprintf("%d %d %s known=%t confirmed=%t leaves=%t", i, l.Entry.N, l.Other, l.Known, l.Confirmed, l.Leaves))
		}
	}
	for i, list := range t.Then {
		for _, c := range list {
			status, flags := uint8(0), uint32(0)
			if c.Status != nil {
				status, flags = uint8(c.Status.Status), uint32(c.Status.Flags)
			}
			w.Then = append(w.Then, fmt.Sprintf("%d %d %v %v %d %d", i+1, c.Product, c.Ref, c.On, status, flags))
		}
	}
	for _, c := range t.Certificates {
		w.Now = append(w.Now, fmt.Sprintf("%v %d %d", c.Ref, c.Status.Status, uint32(c.Status.Flags)))
	}
	for _, s := range t.Recalls() {
		w.Recalls = append(w.Recalls, fmt.Sprintf("%s %d", s.URI, s.Entry.N))
	}
	for _, e := range t.Anchored {
		w.Anchored = append(w.Anchored, fmt.Sprintf("%v %d", e.Anchor, e.Index))
	}
	return w
}

// tracedMaker makes the vectors of the claim traced.
type tracedMaker struct {
	*vectorMaker
	l *traces
}

func makeTracedVectors(t testing.TB) *vectors {
	l := newTraces(t)
	m := &tracedMaker{&vectorMaker{ledger: l.ledger, file: vectors{Cards: map[string]string{}}, cards: map[string]*Card{}}, l}
	m.vectorMaker.card("genesis", l.ledger.card())
	l.story()
	m.badClaims()
	m.badChains()
	m.forged()
	m.anchoredEvents()
	m.course()
	m.shapes()
	l.doubts(func(name, uri, _, _ string) { m.vector(name, uri, Holds, "traced") })
	return &m.file
}

// vector is one of the bundle that a node gives.
func (m *tracedMaker) vector(name, uri string, o Outcome, reason string) {
	m.Helper()
	claim := traced(uri)
	m.add(name, "genesis", claim, vectorLimits{}, m.net.Now().Add(time.Minute), m.prove(claim, false), o, reason)
}

func (m *tracedMaker) parsed(uri string) *lightv1.Bundle {
	m.Helper()
	b := new(lightv1.Bundle)
	if err := proto.Unmarshal(m.prove(traced(uri), false), b); err != nil {
		m.Fatal(err)
	}
	return b
}

func (m *tracedMaker) raw(name string, raw []byte, o Outcome, reason string) {
	m.Helper()
	m.add(name, "genesis", traced(bankLot), vectorLimits{}, m.net.Now().Add(time.Minute), raw, o, reason)
}

func (m *tracedMaker) changed(name, reason string, change func(b *lightv1.Bundle)) {
	m.Helper()
	b := m.parsed(bankLot)
	change(b)
	raw, err := marshal(b)
	if err != nil {
		m.Fatal(err)
	}
	m.raw(name, raw, NotEstablished, reason)
}

func (m *tracedMaker) badClaims() {
	raw, now := m.prove(traced(bankLot), false), m.net.Now().Add(time.Minute)
	for _, x := range []struct {
		name  string
		claim Claim
	}{
		{"no product", Claim{Kind: Traced}}, {"an issuer too", Claim{Kind: Traced, Product: bankLot, Issuer: apptest.CQC}}, {"a number too", Claim{Kind: Traced, Product: bankLot, Number: "Q-1"}},
		{"a date too", Claim{Kind: Traced, Product: bankLot, Date: m.today()}}, {"valid, with a product", Claim{Issuer: apptest.CQC, Number: "Q-1", Product: bankLot}},
		{"an anchor too", Claim{Kind: Traced, Product: bankLot, Anchor: sm3.Sum(nil)}},
	} {
		m.add("bad claim: "+x.name, "genesis", x.claim, vectorLimits{}, now, raw, NotEstablished, "bad-claim")
	}
	for _, uri := range []string{
		"x", "https://id.gs1.org/01/4012345999990", "https://id.gs1.org/01/04012345999991", bankLot + "/", bankLot + "?a=b", "http://id.gs1.org/01/04012345999990",
		"https://id.gs1.org/01/04012345999990/10/A%2d", "https://id.gs1.org/01/04012345999990/10/L/21/S", "https://id.gs1.org/414/9521141111116", "https://example.com/01/04012345999990",
		"HTTPS://example.com/x", "https://example.com", "https://example.com/../x", "https://example.com/%7E", "ftp://example.com/x", "urn:epc:id:sgtin:4012345.099999.1", "https://example.com/x#y",
		"https://example.com/" + strings.Repeat("x", 300), "https://id.gs1.org/01/04012345999990/22/V/10/L", "https://id.gs1.org/gtin/04012345999990", "https://example.com/ü",
	} {
		m.add("bad claim: "+uri, "genesis", traced(uri), vectorLimits{}, now, raw, NotEstablished, "bad-claim")
	}
	for _, uri := range []string{"https://id.gs1.org/01/04012345999990/10/A%2FB", "https://id.gs1.org/8003/09521141123454" + "S1", "urn:uuid:6e8bc430-9c3a-11d9-9669-0800200c9a66", "did:web:example.com", "https://example.com/x?y=z"} {
		m.vector("no such product: "+uri, uri, DoesNotHold, "unknown-product")
	}
}

// badChains breaks the rules for chains of a bundle.
func (m *tracedMaker) badChains() {
	m.vector("traced", bankLot, Holds, "traced")
	m.vector("traced, with another chain that confirms", cellLot, Holds, "traced")
	late := m.net.Now().Add(25 * time.Hour)
	m.add("traced, stale", "genesis", traced(bankLot), vectorLimits{}, late, m.prove(traced(bankLot), false), NotEstablished, "stale")
	entries := func(f func(e [][]byte) [][]byte) func(b *lightv1.Bundle) {
		return func(b *lightv1.Bundle) { b.Chains[0].Entries = f(b.Chains[0].Entries) }
	}
	for i := range 4 {
		m.changed(fmt.Sprintf("entry %d dropped", i+1), "bad-proof", entries(func(e [][]byte) [][]byte { return slices.Delete(e, i, i+1) }))
		m.changed(fmt.Sprintf("entry %d altered", i+1), "bad-proof", entries(func(e [][]byte) [][]byte { e[i][len(e[i])-1] ^= 1; return e }))
		m.changed(fmt.Sprintf("entry %d twice", i+1), "bad-proof", entries(func(e [][]byte) [][]byte { return slices.Insert(e, i, e[i]) }))
	}
	for i := range 3 {
		m.changed(fmt.Sprintf("entries %d and %d swapped", i+1, i+2), "bad-proof", entries(func(e [][]byte) [][]byte { e[i], e[i+1] = e[i+1], e[i]; return e }))
	}
	m.changed("an entry of another chain", "bad-proof", func(b *lightv1.Bundle) { b.Chains[0].Entries[2] = b.Chains[1].Entries[2] })
	m.changed("the chain of another product", "bad-proof", func(b *lightv1.Bundle) { b.Chains[0].Entries = b.Chains[1].Entries })
	m.changed("a chain without entries", "bad-proof", entries(func([][]byte) [][]byte { return nil }))
	m.changed("an entry without bytes", "bad-bundle", entries(func(e [][]byte) [][]byte { e[1] = nil; return e }))
	m.changed("chains swapped", "bad-bundle", func(b *lightv1.Bundle) { b.Chains[0], b.Chains[1] = b.Chains[1], b.Chains[0] })
	m.changed("a chain twice", "bad-bundle", func(b *lightv1.Bundle) { b.Chains = append(b.Chains, b.Chains[1]) })
	m.changed("a chain without a key", "bad-bundle", func(b *lightv1.Bundle) { b.Chains[0].Key = nil })
	m.changed("a chain of a key that is no entry", "bad-bundle", func(b *lightv1.Bundle) { b.Chains[1].Key = trace.ProductKey(bankItem) })
	m.changed("a chain of a product that is absent", "bad-bundle", func(b *lightv1.Bundle) { b.Chains = b.Chains[1:]; b.Chains[0].Key = trace.ProductKey(cellClass) })
	m.changed("a chain of another key", "bad-bundle", func(b *lightv1.Bundle) { b.Chains[0].Key = b.Entries[0].Key })
	m.changed("a chain left out", "unproven", func(b *lightv1.Bundle) { b.Chains = b.Chains[:1] })
	m.changed("chains left out", "unproven", func(b *lightv1.Bundle) { b.Chains = nil })
	for i, e := range m.parsed(bankLot).Entries {
		reason := "unproven"
		if isRecordOf(m.parsed(bankLot), i) {
			reason = "bad-bundle" // its chain is without it
		}
		m.changed(fmt.Sprintf("key %x left out", e.Key), reason, func(b *lightv1.Bundle) { b.Entries = slices.Delete(b.Entries, i, i+1) })
	}
	good := m.prove(traced(bankLot), false)
	fields := splitFields(good)
	last := len(fields) - 1
	inside := func(name string, f func(b []byte) []byte) {
		m.Helper()
		m.raw("chain: "+name, slices.Concat(slices.Concat(fields[:last]...), withContent(fields[last], f(contentOf(fields[last])))), NotEstablished, "bad-bundle")
	}
	inside("unknown field", func(b []byte) []byte { return protowire.AppendVarint(append(b, 0x18), 1) })
	inside("key after the entries", func(b []byte) []byte { p := splitFields(b); return slices.Concat(slices.Concat(p[1:]...), p[0]) })
	inside("key twice", func(b []byte) []byte { p := splitFields(b); return slices.Concat(p[0], p[0], slices.Concat(p[1:]...)) })
	inside("nothing in it", func([]byte) []byte { return nil })
	m.raw("chain before the entries", slices.Concat(slices.Concat(fields[:last-2]...), fields[last], fields[last-2], fields[last-1]), NotEstablished, "bad-bundle")
}

// reproven makes a bundle that proves other values, of a state that has nothing
// else, with a seal: what a quorum that lies could make.
func (m *tracedMaker) reproven(b *lightv1.Bundle) []byte {
	m.Helper()
	state := new(storetest.Mem)
	for _, e := range b.Entries {
		if e.Value != nil {
			if err := state.Set(e.Key, e.Value); err != nil {
				m.Fatal(err)
			}
		}
	}
	for _, e := range b.Entries {
		_, _, p, err := state.Prove(e.Key)
		if err != nil {
			m.Fatal(err)
		}
		e.Proof = p
	}
	st, set := m.statement()
	st.State = state.Root()
	b.Sealed = sealedOf(&st, m.seal(&st, set))
	raw, err := marshal(b)
	if err != nil {
		m.Fatal(err)
	}
	return raw
}

// rechain gives the first chain other entries, and its product the head of them.
func (m *tracedMaker) rechain(b *lightv1.Bundle, change func(list []*tracev1.Entry) []*tracev1.Entry) {
	m.Helper()
	var list []*tracev1.Entry
	for _, raw := range b.Chains[0].Entries {
		e := new(tracev1.Entry)
		if err := proto.Unmarshal(raw, e); err != nil {
			m.Fatal(err)
		}
		list = append(list, e)
	}
	var head sm3.Hash
	b.Chains[0].Entries = nil
	for _, e := range change(list) {
		raw, err := marshal(e)
		if err != nil {
			m.Fatal(err)
		}
		head, b.Chains[0].Entries = trace.Fold(head, raw), append(b.Chains[0].Entries, raw)
	}
	m.product(b, func(p *tracev1.Product) { p.Entries, p.Head = uint64(len(b.Chains[0].Entries)), head[:] })
}

// product changes the record of the first chain.
func (m *tracedMaker) product(b *lightv1.Bundle, change func(p *tracev1.Product)) {
	m.Helper()
	for _, e := range b.Entries {
		if string(e.Key) == string(b.Chains[0].Key) {
			p := new(tracev1.Product)
			if err := proto.Unmarshal(e.Value, p); err != nil {
				m.Fatal(err)
			}
			change(p)
			var err error
			if e.Value, err = marshal(p); err != nil {
				m.Fatal(err)
			}
		}
	}
}

// forged has values that no ledger writes, under a seal all the same.
func (m *tracedMaker) forged() {
	entry := func(name, reason string, change func(list []*tracev1.Entry)) {
		m.Helper()
		b := m.parsed(bankLot)
		m.rechain(b, func(list []*tracev1.Entry) []*tracev1.Entry { change(list); return list })
		m.raw("forged entry: "+name, m.reproven(b), NotEstablished, reason)
	}
	record := func(name, reason string, change func(p *tracev1.Product)) {
		m.Helper()
		b := m.parsed(bankLot)
		m.product(b, change)
		m.raw("forged product: "+name, m.reproven(b), NotEstablished, reason)
	}
	m.raw("proven anew", m.reproven(m.parsed(bankLot)), Holds, "traced")
	const unreadable = "unreadable-record"
	entry("another number", unreadable, func(l []*tracev1.Entry) { l[2].N = 7 })
	entry("no member", unreadable, func(l []*tracev1.Entry) { l[1].Member = "" })
	entry("a key of 32 bytes", unreadable, func(l []*tracev1.Entry) { l[1].Key = l[1].Key[:32] })
	entry("a key of zeros", unreadable, func(l []*tracev1.Entry) { l[1].Key = make([]byte, 33) })
	entry("no height", unreadable, func(l []*tracev1.Entry) { l[1].Height = 0 })
	entry("filed below the height of the one before", unreadable, func(l []*tracev1.Entry) { l[2].Height = l[1].Height - 1 })
	entry("filed before the one before", unreadable, func(l []*tracev1.Entry) { l[2].Time = l[1].Time - 1 })
	entry("no time", unreadable, func(l []*tracev1.Entry) { l[1].Time = 0 })
	entry("a transaction of zeros", unreadable, func(l []*tracev1.Entry) { l[1].Tx = make([]byte, 32) })
	entry("nothing", unreadable, func(l []*tracev1.Entry) { l[3].What = nil })
	entry("a second registration", unreadable, func(l []*tracev1.Entry) { l[3].What = l[0].What })
	entry("an event first", unreadable, func(l []*tracev1.Entry) { l[0].What = l[3].What })
	entry("registers another product", unreadable, func(l []*tracev1.Entry) { l[0].GetRegistered().Uri = bankItem })
	entry("registered by another", unreadable, func(l []*tracev1.Entry) { l[0].Member = "cqc" })
	entry("registered with a use", unreadable, func(l []*tracev1.Entry) { l[0].GetRegistered().Uses = 1 })
	entry("registered without a name", unreadable, func(l []*tracev1.Entry) { l[0].GetRegistered().NameEn, l[0].GetRegistered().NameZh = "", "" })
	entry("a certificate that there is not", unreadable, func(l []*tracev1.Entry) {
		l[0].GetRegistered().Certificates = []*certificatev1.Ref{{Issuer: apptest.CQC, Number: "Q-2"}, {Issuer: apptest.CQC, Number: "Q-2"}}
	})
	entry("an event with a hash of 31 bytes", unreadable, func(l []*tracev1.Entry) { l[1].GetEvent().Hash = l[1].GetEvent().Hash[:31] })
	entry("unlinks what is not linked", unreadable, func(l []*tracev1.Entry) {
		l[3].What = &tracev1.Entry_Certificates{Certificates: &tracev1.CertificateChange{Remove: []*certificatev1.Ref{{Issuer: apptest.CQC, Number: "Q-2"}}}}
	})
	entry("links what is linked", unreadable, func(l []*tracev1.Entry) {
		l[3].What = &tracev1.Entry_Certificates{Certificates: &tracev1.CertificateChange{Add: []*certificatev1.Ref{{Issuer: apptest.CQC, Number: "Q-1"}}}}
	})
	entry("changes no certificate", unreadable, func(l []*tracev1.Entry) {
		l[3].What = &tracev1.Entry_Certificates{Certificates: &tracev1.CertificateChange{}}
	})
	entry("reporters descending", unreadable, func(l []*tracev1.Entry) {
		l[3].What = &tracev1.Entry_Reporters{Reporters: &tracev1.ReporterChange{Reporters: []string{"b", "a"}}}
	})
	entry("a recall that says nothing", unreadable, func(l []*tracev1.Entry) { l[3].What = &tracev1.Entry_Recall{Recall: &tracev1.RecallEntry{}} })
	entry("a note with a line end", unreadable, func(l []*tracev1.Entry) {
		l[3].What = &tracev1.Entry_Lift{Lift: &tracev1.LiftEntry{Recall: 1, Note: "a\nb"}}
	})
	entry("a link to a product that nothing is proven of", "unproven", func(l []*tracev1.Entry) { l[1].GetEvent().Others = []string{bankItem} })

	record("of another URI", unreadable, func(p *tracev1.Product) { p.Uri = bankItem })
	record("of another owner", unreadable, func(p *tracev1.Product) { p.Owner = "cqc" })
	record("one entry more", "bad-proof", func(p *tracev1.Product) { p.Entries++ })
	record("one entry less", "bad-proof", func(p *tracev1.Product) { p.Entries-- })
	record("no entries", unreadable, func(p *tracev1.Product) { p.Entries, p.Head = 0, nil })
	record("no head", unreadable, func(p *tracev1.Product) { p.Head = nil })
	record("a head of 31 bytes", unreadable, func(p *tracev1.Product) { p.Head = p.Head[:31] })
	record("a recall beyond the chain", unreadable, func(p *tracev1.Product) { p.Recalls = []uint64{5} })
	record("recalls descending", unreadable, func(p *tracev1.Product) { p.Recalls = []uint64{2, 1} })
	record("a recall that is none", unreadable, func(p *tracev1.Product) { p.Recalls = []uint64{2} })
	record("a name with a space at its end", unreadable, func(p *tracev1.Product) { p.NameEn = "x " })
	record("a name of 201 bytes", unreadable, func(p *tracev1.Product) { p.NameEn = strings.Repeat("x", 201) })
	record("the owner among the reporters", unreadable, func(p *tracev1.Product) { p.Reporters = []string{p.Owner} })
	record("a certificate twice", unreadable, func(p *tracev1.Product) { p.Certificates = append(p.Certificates, p.Certificates...) })

	// As the chain of its certificates has it, whatever the record says.
	b := m.parsed(bankLot)
	m.product(b, func(p *tracev1.Product) { p.Certificates = nil })
	m.raw("forged product: its certificates left out", m.reproven(b), Holds, "traced")
	// An event that no enumeration has.
	b = m.parsed(bankLot)
	m.rechain(b, func(l []*tracev1.Entry) []*tracev1.Entry {
		e := l[2].GetEvent()
		e.Type, e.Action, e.Part, e.Time = 300, 77, 1000, -1
		return l
	})
	m.raw("forged entry: an event before 1970, of no known kind", m.reproven(b), DoesNotHold, "not-valid-at-event")
}

// anchoredEvents has events beside the chain.
func (m *tracedMaker) anchoredEvents() {
	from, to := apptest.Begin, m.net.Now()
	leaf := func(name string) []byte {
		b, err := evidence.EncodeLeaf(&evidence.Leaf{Content: sm3.Sum([]byte(name)), Size: uint64(len(name)), Captured: from})
		if err != nil {
			m.Fatal(err)
		}
		return b
	}
	events := batchOf(m, "maker", evidence.Events, from, to, leaf("event 1"), leaf("event 2"), leaf("event 3"))
	events.Subject = evidence.OfProduct(bankLot)
	events.id = events.ID()
	other := batchOf(m, "maker", evidence.Other, from, to, leaf("a photograph"))
	other.Subject = evidence.OfProduct(bankLot)
	other.id = other.ID()
	m.ledger.file([]string{"maker/operator"}, events, other)
	proven := func(b *batch, leaves ...int) []byte {
		raw := m.prove(anchored(b, nil), false)
		for _, i := range leaves {
			var err error
			if raw, err = AddLeaf(raw, b.id, b.leaves[i], b.proof(m, i)); err != nil {
				m.Fatal(err)
			}
		}
		return raw
	}
	join := func(a, b []byte) []byte {
		raw, err := Join(a, b)
		if err != nil {
			m.Fatal(err)
		}
		return raw
	}
	whole := join(join(m.prove(traced(bankLot), false), proven(events, 0, 2)), proven(other, 0))
	m.raw("traced, with anchored events", whole, Holds, "traced")
	now := m.net.Now().Add(time.Minute)
	m.add("anchored event of a trace", "genesis", anchored(events, []byte("event 3")), vectorLimits{}, now, whole, Holds, "content-anchored")
	m.add("another product, with those events", "genesis", traced(cellLot), vectorLimits{}, now, join(m.prove(traced(cellLot), false), proven(events, 0)), Holds, "traced")
	bad := new(lightv1.Bundle)
	if err := proto.Unmarshal(whole, bad); err != nil {
		m.Fatal(err)
	}
	bad.Leaves[0].Proof[len(bad.Leaves[0].Proof)-1] ^= 1
	raw, err := marshal(bad)
	if err != nil {
		m.Fatal(err)
	}
	m.raw("traced, with an anchored event that is not", raw, NotEstablished, "bad-proof")
}

// course is what becomes of the certificates and the products.
func (m *tracedMaker) course() {
	l := m.l
	l.capture("maker", bankLot, l.event("on the day of the seal"))
	m.vector("an event on the day of the seal", bankLot, Holds, "traced")
	l.to(l.today()+1, 9)
	l.suspend("Q-2")
	m.vector("a certificate upstream suspended after the last event", bankLot, Holds, "traced")
	l.to(l.today()+1, 9)
	l.capture("maker", bankLot, l.event("sold"))
	m.vector("a certificate upstream suspended at an event, as of the seal", bankLot, DoesNotHold, "not-valid-at-event")
	l.to(l.today()+1, 9)
	m.vector("a certificate upstream suspended at an event", bankLot, DoesNotHold, "not-valid-at-event")
	early := l.event("reported late")
	early.Time = apptest.Begin.Add(-72 * time.Hour).UnixNano()
	l.capture("maker", bankLot, early)
	m.vector("an event before the certificates were issued", bankLot, DoesNotHold, "not-valid-at-event")

	l.register("maker", bankItem, &certificatev1.Ref{Issuer: apptest.CQC, Number: "Q-1"})
	l.capture("maker", bankItem, l.event("item made"))
	l.send([]string{"maker/operator"}, &tracev1.LinkCertificates{Product: bankItem, Remove: []*certificatev1.Ref{{Issuer: apptest.CQC, Number: "Q-1"}}})
	m.l.ledger.send([]string{"cnca/approver"}, &certificatev1.Flag{Issuer: apptest.CQC, Number: "Q-1", Decided: int32(l.today()), Note: "beware"})
	l.capture("maker", bankItem, l.event("item shipped"))
	l.to(l.today()+1, 9)
	m.vector("a certificate flagged on the day of an event", bankItem, DoesNotHold, "not-valid-at-event")
	l.send([]string{"cnca/approver"}, &tracev1.Recall{Product: bankItem, NoteZh: "可能起火"})
	m.vector("recalled, and a certificate not valid", bankItem, DoesNotHold, "recalled")

	recall := func(key, uri string) { l.send([]string{key}, &tracev1.Recall{Product: uri, NoteEn: "beware"}) }
	recall("cellco/operator", cellLot)
	m.vector("what is in it is recalled", bankLot, DoesNotHold, "recalled")
	m.vector("recalled by its owner", cellLot, DoesNotHold, "recalled")
	l.send([]string{"cellco/operator"}, &tracev1.LiftRecall{Product: cellLot, Recall: 5})
	l.register("maker", cellClass)
	recall("maker/operator", cellClass)
	m.vector("a stranger recalls what it says is the class", cellLot, Holds, "traced")
	recall("cnca/approver", cellClass)
	m.vector("a regulator recalls the class", cellLot, DoesNotHold, "recalled")
	l.register("maker", bankClass)
	recall("maker/operator", bankClass)
	m.vector("the owner recalls the class", bankLot, DoesNotHold, "recalled")
}

// shapes are ways of other shapes.
func (m *tracedMaker) shapes() {
	l := m.l
	name := func(i int) string { return fmt.Sprintf("https://example.com/p/%d", i) }
	for i := range 12 {
		l.register("maker", name(i))
	}
	m.vector("a product without events", name(11), Holds, "traced")
	for i := range 10 {
		l.capture("maker", name(i), l.output(fmt.Sprint("line", i), name(i+1)))
	}
	m.vector("eight products deep", name(2), Holds, "traced")
	m.tooLarge("nine products deep", name(1), func(i int) string { return name(i + 1) }, 10)
	l.capture("maker", name(10), l.output("back", name(8)))
	m.vector("a cycle", name(8), Holds, "traced")

	pallet := "https://id.gs1.org/00/340123450000000017"
	cell := l.certifyFor("cellco", "Q-3")
	l.register("cellco", "https://example.com/box", cell)
	l.register("maker", pallet)
	at := l.net.Now()
	pack := func(what string, after time.Duration, action tracev1.Action, others ...string) {
		m.Helper()
		e := l.event(what)
		e.Time = at.Add(after).UnixNano()
		e.Type, e.Part, e.Action, e.Others = tracev1.EventType_EVENT_TYPE_AGGREGATION, tracev1.Part_PART_PARENT, action, others
		l.capture("maker", pallet, e)
	}
	pack("unpacked", 2*time.Second, tracev1.Action_ACTION_DELETE, "https://example.com/box") // reported before it was packed
	pack("packed", time.Second, tracev1.Action_ACTION_ADD, "https://example.com/box", name(11))
	l.send([]string{"cellco/operator"}, &tracev1.Recall{Product: "https://example.com/box", NoteEn: "beware"})
	m.vector("what was taken out is recalled", pallet, Holds, "traced")
	pack("packed again", 2*time.Second, tracev1.Action_ACTION_OBSERVE, "https://example.com/box")
	m.vector("what was put back is recalled", pallet, DoesNotHold, "recalled")

	// What was made of something never loses it, whatever is stated afterwards.
	bottle := "https://example.com/bottle"
	l.register("maker", bottle)
	l.capture("maker", bottle, l.output("filled", "https://example.com/box"))
	unmade := l.event("unmade")
	unmade.Type, unmade.Part, unmade.Action, unmade.Others = tracev1.EventType_EVENT_TYPE_AGGREGATION, tracev1.Part_PART_PARENT, tracev1.Action_ACTION_DELETE, []string{"https://example.com/box"}
	l.capture("maker", bottle, unmade)
	m.vector("what it was made of is recalled, and stated to have been taken out", bottle, DoesNotHold, "recalled")

	// A piece of a trade item is one of the item's class.
	const piece = "https://id.gs1.org/8006/095211411234540102"
	l.register("maker", piece)
	m.vector("a regulator recalls the trade item of a piece", piece, DoesNotHold, "recalled")
	l.register("maker", piece+"/21/1")
	m.vector("a regulator recalls the trade item of one piece", piece+"/21/1", DoesNotHold, "recalled")
	l.send([]string{"cnca/approver"}, &tracev1.Recall{Product: piece, NoteEn: "beware"})
	m.vector("a regulator recalls the piece and the trade item", piece+"/21/1", DoesNotHold, "recalled")

	// A certificate that is unlinked before an event is reported.
	four, five := l.certifyFor("maker", "Q-4"), l.certifyFor("maker", "Q-5")
	lamp, bulb := "https://example.com/lamp", "https://example.com/bulb"
	l.register("maker", bulb, four)
	l.register("maker", lamp, five)
	l.to(l.today()+1, 9)
	l.suspend("Q-4")
	l.to(l.today()+1, 9)
	lit, sold := l.output("lit", bulb), l.event("lamp sold")
	l.to(l.today()+1, 9)
	l.send([]string{"maker/operator"}, &tracev1.LinkCertificates{Product: bulb, Remove: []*certificatev1.Ref{four}})
	l.send([]string{"maker/operator"}, &tracev1.LinkCertificates{Product: lamp, Add: []*certificatev1.Ref{four}, Remove: []*certificatev1.Ref{five}})
	l.capture("maker", lamp, lit)
	m.vector("a certificate upstream unlinked before the event is reported", lamp, DoesNotHold, "not-valid-at-event")
	l.send([]string{"maker/operator"}, &tracev1.LinkCertificates{Product: lamp, Remove: []*certificatev1.Ref{four}})
	l.capture("maker", lamp, sold)
	m.vector("certificates by the entry and by the time", lamp, DoesNotHold, "not-valid-at-event")
}

// tooLarge is of a way that is too long, which no node makes a bundle of.
func (m *tracedMaker) tooLarge(what, uri string, name func(i int) string, n int) {
	m.Helper()
	read := map[string]struct{}{}
	for i := range n {
		read[string(trace.ProductKey(name(i)))], read[string(trace.EntryKey(name(i), 1))] = struct{}{}, struct{}{}
	}
	raw, err := build(m.source(), read, nil)
	if err != nil {
		m.Fatal(err)
	}
	m.add(what, "genesis", traced(uri), vectorLimits{}, m.net.Now().Add(time.Minute), raw, NotEstablished, "trace-too-large")
}

const tracedFile = "testdata/vectors/traced.json"

func TestTracedVectors(t *testing.T) {
	file, adversarial := holdVectors(t, tracedFile)
	if adversarial < 100 {
		t.Errorf("%d vectors of what is not established, want 100 at least", adversarial)
	}
	haveCodes(t, file, tracedReasons)
}

func TestTracedVectorsAreCurrent(t *testing.T) {
	currentVectors(t, tracedFile, makeTracedVectors(t))
}
