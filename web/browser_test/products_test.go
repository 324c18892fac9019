package browser_test

import (
	"bytes"
	"fmt"
	"slices"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/client/message"
	"github.com/hallmark-ledger/hallmark/crypto/merkle"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/evidence"
	"github.com/hallmark-ledger/hallmark/light"
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	lightv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/light/v1"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/testnet/example"
	"github.com/hallmark-ledger/hallmark/testnet/generate"
	xevidence "github.com/hallmark-ledger/hallmark/x/evidence"
	"github.com/hallmark-ledger/hallmark/x/trace"
)

// The products, by the prefix that GS1 keeps for demonstrations (952): a lot of
// cells, a power bank with such cells, which goes into a carton with one of other
// cells; a kind of product of which one lot is recalled.
const (
	gs1Origin  = "https://id.gs1.org"
	cellLot    = gs1Origin + "/01/09521234000013/10/EX-2611A"
	soundLot   = gs1Origin + "/01/09521234000013/10/EX-2612B"
	bank       = gs1Origin + "/01/09521234000020/21/EX000001"
	soundBank  = gs1Origin + "/01/09521234000020/21/EX000002"
	carton     = gs1Origin + "/00/095212340000000013"
	foil       = gs1Origin + "/01/09521234000037/10/FOIL-1"
	recalled   = gs1Origin + "/01/09521234000044/10/R-9"
	otherURI   = "https://example.com/lithium/42?batch=7"
	wrongCheck = gs1Origin + "/01/09521234000021"
	// nowhere is registered by nobody, and neither is its kind.
	nowhere = gs1Origin + "/01/09521234000051/21/NONE"
	// cellItem is a cell of the lot, which is registered as a lot alone.
	cellItem = gs1Origin + "/01/09521234000013/21/C-77"

	plant = gs1Origin + "/414/9521234000105"
	maker = generate.ExampleMaker
)

// The certificates of products, by number.
var (
	cellCertificate  = example.CCCNumber(2026, 71)
	soundCertificate = example.CCCNumber(2026, 72)
	bankCertificate  = example.CCCNumber(2026, 73)
)

// event makes an event of a day before the ledger's, at ten o'clock in Beijing.
func (l *ledger) event(name string, daysAgo int, e trace.Event) *trace.Event {
	e.Hash, e.Time, e.Offset = message.EventHash(name), l.today.AddDays(-daysAgo).Start().Add(10*time.Hour).UTC(), 480
	if daysAgo == 0 {
		e.Time = time.Now().Add(-time.Second).UTC()
	}
	if e.Place == "" {
		e.Place = plant
	}
	return &e
}

// product is what is registered and captured at once.
type product struct {
	uri, zh, en string
	numbers     []string
	events      []*trace.Event
}

// trace files the certificates and chains of products: one certificate of cells is
// suspended by a decision of the day before the power bank was shipped.
func (l *ledger) trace() {
	m, err := l.client.Member(l.Context(), maker)
	check(l, err)
	var issues []*txv1.Message
	for number, zh := range map[string]string{cellCertificate: "示例锂离子电芯", soundCertificate: "示例锂离子电芯（二）", bankCertificate: "示例移动电源"} {
		c := example.Product(number, 0, l.today.AddDays(-30))
		c.Holder, c.Details.ScopeZh = m.USCC, zh
		issues = append(issues, example.Issue(c))
	}
	l.do(fourEyes, issues...)
	l.do(fourEyes, &txv1.Message{Action: &txv1.Message_Suspend{Suspend: &certificatev1.Suspend{
		Number: cellCertificate, Decided: int32(l.today.AddDays(-2)), Reason: "0203", Until: int32(l.today.AddMonths(3)),
	}}})

	made := func(name string, days int) *trace.Event {
		return l.event(name, days, trace.Event{Type: trace.ObjectEvent, Action: trace.Add, Step: "commissioning", Disposition: "active", Part: trace.Object})
	}
	shipped := func(name string, days int) *trace.Event {
		return l.event(name, days, trace.Event{Type: trace.ObjectEvent, Action: trace.Observe, Step: "shipping", Disposition: "in_transit", Part: trace.Object})
	}
	// joined is an event of both sides: the first is how the product whole has it, the second how its part.
	joined := func(name string, days int, whole, part string, kind trace.EventType, step string) (*trace.Event, *trace.Event) {
		up, down := trace.Output, trace.Input
		action := trace.NoAction
		if kind != trace.TransformationEvent {
			up, down, action = trace.Parent, trace.Child, trace.Add
		}
		e := trace.Event{Type: kind, Action: action, Step: step, Disposition: "active"}
		a, b := e, e
		a.Part, a.Others, b.Part, b.Others = up, []string{part}, down, []string{whole}
		return l.event(name, days, a), l.event(name, days, b)
	}
	bankOf, cellsInto := joined("assembly 1", 7, bank, cellLot, trace.TransformationEvent, "assembling")
	bankOf.Others = []string{cellLot, foil} // foil is registered by nobody
	soundOf, soundInto := joined("assembly 2", 6, soundBank, soundLot, trace.TransformationEvent, "assembling")
	cartonOf, _ := joined("packing", 3, carton, soundBank, trace.AggregationEvent, "packing") // the bank's own chain does not say so

	for _, p := range []product{
		{cellLot, "示例锂离子电芯 批次 EX-2611A", "Example lithium-ion cells, lot EX-2611A", []string{cellCertificate}, []*trace.Event{made("cells 1", 21), cellsInto}},
		{soundLot, "示例锂离子电芯 批次 EX-2612B", "Example lithium-ion cells, lot EX-2612B", []string{soundCertificate}, []*trace.Event{made("cells 2", 20), soundInto}},
		{bank, "示例移动电源 EX000001", "Example power bank EX000001", []string{bankCertificate}, []*trace.Event{bankOf, shipped("ship 1", 1)}},
		{soundBank, "示例移动电源 EX000002", "Example power bank EX000002", []string{bankCertificate}, []*trace.Event{soundOf, shipped("ship 2", 1)}},
		{carton, "示例纸箱", "Example carton", nil, []*trace.Event{cartonOf}},
		{recalled, "示例充电线 " + html, "Example cable", []string{bankCertificate}, []*trace.Event{made("cable", 9)}},
		{otherURI, "示例锂料", "Example lithium", nil, nil},
	} {
		l.register(p)
	}
	l.report = l.anchor(maker, xevidence.Other, xevidence.OfProduct(bank), "report.pdf", bytes.Repeat([]byte("示例检测报告 / example report\n"), 40_000))
	l.beside = l.anchor(maker, xevidence.Events, xevidence.OfProduct(bank), "", []byte("eventTime=2026-11-20T08:00:00.000ZeventTimeZoneOffset=+08:00"))
	l.do("amr-fj.approver", message.Recall("amr-fj", recalled, "过热起火风险 "+html+"，请立即停用并退回", "Risk of fire: stop using it and return it"))
}

func (l *ledger) register(p product) {
	l.Helper()
	record := &trace.Product{URI: p.uri, Owner: maker, NameZh: p.zh, NameEn: p.en, Reporters: []string{generate.ExampleLab}}
	for _, n := range p.numbers {
		record.Certificates = append(record.Certificates, trace.Ref{Issuer: issuer, Number: n})
	}
	m, err := message.RegisterProduct(record)
	check(l, err)
	messages := []*txv1.Message{m}
	if len(p.events) > 0 {
		m, err := message.CaptureEvents(maker, p.uri, 1, p.events)
		check(l, err)
		messages = append(messages, m)
	}
	l.do(maker+".operator", messages...)
}

// anchored is a file that is part of anchored evidence.
type anchored struct {
	content []byte
	id      sm3.Hash
	leaf    *lightv1.AnchoredLeaf
}

// anchor anchors a file among others.
func (l *ledger) anchor(member string, kind xevidence.Kind, about xevidence.Subject, name string, content []byte) anchored {
	l.Helper()
	now := time.Now()
	var items [][]byte
	var hashes []sm3.Hash
	for i, b := range [][]byte{[]byte("one"), content, []byte("three")} {
		leaf := evidence.Leaf{Content: sm3.Sum(b), Size: uint64(len(b)), Name: fmt.Sprintf("%d-%s", i, name), Captured: now.UnixNano()}
		items = append(items, leaf.Encode(nil, &[16]byte{byte(i + 1)}))
		hashes = append(hashes, merkle.LeafHash(items[i]))
	}
	tree := merkle.NewTree(hashes)
	a := &xevidence.Anchor{
		Member: member, Kind: kind, Subject: about, Root: tree.Root(), Leaves: tree.Size(),
		From: now.Add(-time.Minute).UTC(), To: now.UTC(), Method: "示例 / example", Retention: xevidence.SixYears,
	}
	m, err := message.AnchorEvidence(a)
	check(l, err)
	l.do(member+".operator", m)
	proof, err := tree.Inclusion(1)
	check(l, err)
	id := a.ID()
	return anchored{content, id, &lightv1.AnchoredLeaf{Anchor: id[:], Leaf: items[1], Proof: proof.Append(nil)}}
}

// evidenceBundle is what the node gives of an anchor, with the leaf of the file.
func (l *ledger) evidenceBundle(a anchored) []byte {
	b, err := l.net.Nodes[0].Client.EvidenceBundle(l.Context(), a.id.String())
	check(l, err)
	m := new(lightv1.Bundle)
	check(l, proto.Unmarshal(b, m))
	m.Leaves = append(m.Leaves, a.leaf)
	return l.encode(m)
}

// traceBundle is what the node gives of a product.
func (l *ledger) traceBundle(uri string) []byte {
	b, err := l.net.Nodes[0].Client.TraceBundle(l.Context(), uri)
	check(l, err)
	return b
}

// joined is what two answers of the node prove together.
func (l *ledger) joined(a, b func() []byte) []byte {
	for range 20 { // both are of one state, unless a block came between
		if both, err := light.Join(a(), b()); err == nil {
			return both
		}
	}
	l.Fatal("the node never gave two bundles of one state")
	return nil
}

// alteredTrace is a genuine bundle in which the last entry of the first chain has
// another place.
func (l *ledger) alteredTrace(bundle []byte, uri string) []byte {
	m := new(lightv1.Bundle)
	check(l, proto.Unmarshal(bundle, m))
	i := slices.IndexFunc(m.Chains, func(c *lightv1.Chain) bool { return bytes.Equal(c.Key, trace.ProductKey(uri)) })
	entries := m.Chains[i].Entries
	e, err := trace.DecodeEntry(entries[len(entries)-1])
	check(l, err)
	e.Event.Place = gs1Origin + "/414/9521234000112"
	entries[len(entries)-1] = trace.EncodeEntry(e)
	return l.encode(m)
}

// withheld is a genuine bundle without the last chain.
func (l *ledger) withheld(bundle []byte) []byte {
	m := new(lightv1.Bundle)
	check(l, proto.Unmarshal(bundle, m))
	m.Chains = m.Chains[:len(m.Chains)-1]
	return l.encode(m)
}
