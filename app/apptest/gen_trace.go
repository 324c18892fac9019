package apptest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	tracev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/trace/v1"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
)

// productURIs are names of products: a class, two lots and an item of it, and
// others.
var productURIs = []string{
	"https://id.gs1.org/01/04012345999990", "https://id.gs1.org/01/04012345999990/10/L-1", "https://id.gs1.org/01/04012345999990/10/L-2",
	"https://id.gs1.org/01/04012345999990/21/S-1", "https://id.gs1.org/01/09521141123454/10/CELLS", "urn:uuid:6e8bc430-9c3a-11d9-9669-0800200c9a66",
	"https://id.gs1.org/01/04012345999990/10/L-3", "https://id.gs1.org/01/04012345999990/10/L-4", "https://id.gs1.org/01/04012345999990/10/L-5",
	"https://id.gs1.org/00/340123450000000017", "https://example.com/p/1", "https://example.com/p/2?v=3",
}

// badURIs are spellings that are not canonical, and what names no product.
var badURIs = []string{
	"", "https://id.gs1.org/01/4012345999990", "https://id.gs1.org/01/04012345999990/", "https://example.com/01/04012345999990", "https://id.gs1.org/01/04012345999991",
	"javascript:alert(1)", "https://id.gs1.org/01/04012345999990/10/L/21/S", strings.Repeat("u", 600),
}

// makerCode is the code under which the operator of the genesis holds certificates.
var makerCode = Profile("maker").Uscc

// Traced is what a caller knows of a product's chain.
type Traced struct {
	Entries uint64
	Recalls []uint64
}

func (g *Gen) product() string {
	if g.one(25) {
		return pick(g, badURIs...)
	}
	return pick(g, productURIs...)
}

// there is a product that is registered, as far as is known.
func (g *Gen) there() string {
	if len(g.Products) > 0 && !g.one(10) {
		return pick(g, slices.Sorted(maps.Keys(g.Products))...)
	}
	return g.product()
}

// tracer returns who acts for a product, and its key: the operator, mostly.
func (g *Gen) tracer() (string, []string) {
	id := "maker"
	if g.one(4) {
		id = pick(g, "cqc", "cqm", "cnca", "lab-a", "nobody", "cnas")
	}
	return id, []string{g.key(id, "operator")}
}

func (g *Gen) registerProduct() message {
	id, keys := g.tracer()
	m := &tracev1.RegisterProduct{Product: g.product(), NameZh: "产品", NameEn: pick(g, "", "A product"), Certificates: g.links(), Reporters: g.reporters()}
	if g.one(20) {
		m.NameZh = pick(g, "", " ", "a\nb", strings.Repeat("名", 67))
	}
	return message{id, keys, &txv1.Message{Action: &txv1.Message_RegisterProduct{RegisterProduct: m}}}
}

// links are certificates to link, of the maker mostly.
func (g *Gen) links() (list []*certificatev1.Ref) {
	for range g.Choose(3) {
		r := g.ref()
		for range 4 { // rather one of the maker
			if !slices.Contains(g.Held, r) && len(g.Held) > 0 {
				r = pick(g, g.Held...)
			}
		}
		list = append(list, &certificatev1.Ref{Issuer: r.Issuer, Number: r.Number})
	}
	return list
}

func (g *Gen) reporters() []string {
	list := pick(g, nil, nil, []string{"cqc"}, []string{"cqc", "lab-a"}, []string{"cqc", "cqm"}, []string{"cqm"})
	if g.one(15) {
		list = pick(g, []string{"maker"}, []string{"cqm", "cqc"}, []string{"cqc", "cqc"}, []string{"nobody"}, []string{""})
	}
	return list
}

// traced returns what is known of the chain of a product.
func (g *Gen) traced(uri string) Traced {
	if t, ok := g.Products[uri]; ok {
		return t
	}
	return Traced{Entries: uint64(g.Choose(6)), Recalls: []uint64{uint64(1 + g.Choose(6))}}
}

func (g *Gen) captureEvents() message {
	id, keys := g.tracer()
	m := &tracev1.CaptureEvents{Product: g.there()}
	if m.After = g.traced(m.Product).Entries; g.one(12) {
		m.After += uint64(g.Choose(3)) - 1
	}
	for range 1 + g.Choose(3) {
		m.Events = append(m.Events, g.event())
	}
	if g.one(40) {
		m.Events = nil
	}
	return message{id, keys, &txv1.Message{Action: &txv1.Message_CaptureEvents{CaptureEvents: m}}}
}

// event is an event with one of few hashes, so that some come twice.
func (g *Gen) event() *tracev1.Event {
	h := sm3.Sum(fmt.Append(nil, g.Choose(60)))
	e := &tracev1.Event{
		Hash: h[:], Time: g.Now.Add(-time.Duration(g.Choose(1000)) * time.Hour).UnixNano(), Offset: pick[int32](g, 0, 480, -300), Step: pick(g, "", "shipping"),
		Type: tracev1.EventType_EVENT_TYPE_OBJECT, Action: tracev1.Action(1 + g.Choose(3)), Part: tracev1.Part_PART_OBJECT,
	}
	switch g.Choose(4) {
	case 0:
		e.Type, e.Action, e.Part = tracev1.EventType_EVENT_TYPE_TRANSFORMATION, 0, pick(g, tracev1.Part_PART_INPUT, tracev1.Part_PART_OUTPUT)
	case 1:
		e.Type, e.Part = tracev1.EventType_EVENT_TYPE_AGGREGATION, pick(g, tracev1.Part_PART_PARENT, tracev1.Part_PART_CHILD)
	}
	if e.Part != tracev1.Part_PART_OBJECT {
		for _, uri := range productURIs {
			if g.one(3) {
				e.Others = append(e.Others, uri)
			}
		}
		slices.Sort(e.Others)
		if len(e.Others) > 1 && g.one(20) {
			e.Others[0], e.Others[1] = e.Others[1], e.Others[0]
		}
	}
	if g.one(12) {
		switch g.Choose(9) {
		case 0:
			e.Hash = e.Hash[:31]
		case 1:
			e.Time = g.Now.Add(pick(g, 9*time.Minute, 11*time.Minute)).UnixNano()
		case 2:
			e.Type, e.Part = tracev1.EventType(g.Choose(8)), tracev1.Part(g.Choose(8))
		case 3:
			e.Action = tracev1.Action(g.Choose(6))
		case 4:
			e.Offset = pick[int32](g, 840, 841, -841)
		case 5:
			e.Others = append(e.Others, pick(g, badURIs...))
		case 6:
			e.Step = pick(g, "a b", strings.Repeat("s", 121))
		case 7:
			e.Time = pick(g, int64(0), -1)
		case 8:
			e.Corrects = [][]byte{e.Hash}
		}
	}
	return e
}

func (g *Gen) linkCertificates() message {
	id, keys := g.tracer()
	m := &tracev1.LinkCertificates{Product: g.there(), Add: g.links(), Remove: g.links()}
	return message{id, keys, &txv1.Message{Action: &txv1.Message_LinkCertificates{LinkCertificates: m}}}
}

func (g *Gen) setReporters() message {
	id, keys := g.tracer()
	m := &tracev1.SetReporters{Product: g.there(), Reporters: g.reporters()}
	return message{id, keys, &txv1.Message{Action: &txv1.Message_SetReporters{SetReporters: m}}}
}

// warner returns who recalls, and lifts recalls.
func (g *Gen) warner() (string, []string) {
	if g.one(2) {
		return g.voter()
	}
	return g.tracer()
}

func (g *Gen) recall() message {
	id, keys := g.warner()
	m := &tracev1.Recall{Product: g.there(), NoteZh: pick(g, "召回", "召回", "召回", ""), NoteEn: pick(g, "", "beware")}
	return message{id, keys, &txv1.Message{Action: &txv1.Message_Recall{Recall: m}}}
}

func (g *Gen) liftRecall() message {
	id, keys := g.warner()
	m := &tracev1.LiftRecall{Product: g.there(), Note: pick(g, "", "done", "done", "a\u202eb")}
	if list := g.traced(m.Product).Recalls; len(list) > 0 && !g.one(5) {
		m.Recall = pick(g, list...)
	} else {
		m.Recall = uint64(g.Choose(8))
	}
	return message{id, keys, &txv1.Message{Action: &txv1.Message_LiftRecall{LiftRecall: m}}}
}
