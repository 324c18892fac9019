package light

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/app/apptest"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	lightv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/light/v1"
	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	tracev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/trace/v1"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
	"github.com/hallmark-ledger/hallmark/x/trace"
)

const (
	bankClass = "https://id.gs1.org/01/04012345999990"
	bankLot   = bankClass + "/10/PB-2026-06"
	bankItem  = bankClass + "/21/PB-0001"
	cellClass = "https://id.gs1.org/01/09521141123454"
	cellLot   = cellClass + "/10/CELL-7"
	oreLot    = "https://example.com/lithium/42"
)

// traces is a ledger with two operators: maker, of power banks, and cellco, of the
// cells in them.
type traces struct {
	*ledger
	holders map[string]string // of the operators, by member
}

func newTraces(t testing.TB) *traces {
	l := &traces{newLedger(t, 4), map[string]string{}}
	for _, m := range apptest.Genesis(1, 4).Member.Members {
		l.holders[m.ID] = m.USCC
	}
	l.holders["cellco"] = codeOf("91440300708461136")
	l.decide(&memberv1.AdmitMember{Member: "cellco", Profile: &memberv1.Profile{
		NameZh: "电芯公司", NameEn: "Cells", Uscc: l.holders["cellco"], Region: "440300", Roles: []memberv1.Role{memberv1.Role_ROLE_OPERATOR},
	}, Keys: []*memberv1.NewKey{apptest.NewKey("cellco/admin/1"), apptest.NewKey("cellco/operator")}})
	return l
}

// codeOf adds the check character to a unified social credit code.
func codeOf(first string) string {
	for _, c := range "0123456789ABCDEFGHJKLMNPQRTUWXY" {
		if _, ok := rules.KindOfHolder(first + string(c)); ok {
			return first + string(c)
		}
	}
	panic(first)
}

// certifyFor issues a certificate to an operator.
func (l *traces) certifyFor(member, number string) *certificatev1.Ref {
	l.Helper()
	c := l.certify(number, "A010101", 1000)
	c.Holder = l.holders[member]
	l.send(eyes("cqc"), &certificatev1.Issue{Decided: int32(l.today()), Certificate: c})
	return &certificatev1.Ref{Issuer: apptest.CQC, Number: number}
}

func (l *traces) register(member, uri string, refs ...*certificatev1.Ref) {
	l.Helper()
	l.send([]string{member + "/operator"}, &tracev1.RegisterProduct{Product: uri, NameZh: "产品", NameEn: "A product", Certificates: refs})
}

// event is an event of now, with a hash of its name.
func (l *traces) event(name string) *tracev1.Event {
	h := sm3.Sum([]byte(name))
	return &tracev1.Event{
		Hash: h[:], Time: l.net.Now().UnixNano(), Offset: 480, Type: tracev1.EventType_EVENT_TYPE_OBJECT, Action: tracev1.Action_ACTION_OBSERVE,
		Step: "shipping", Disposition: "in_transit", Part: tracev1.Part_PART_OBJECT,
	}
}

func (l *traces) transformation(name string, part tracev1.Part, others ...string) *tracev1.Event {
	e := l.event(name)
	e.Type, e.Action, e.Part, e.Others = tracev1.EventType_EVENT_TYPE_TRANSFORMATION, 0, part, others
	return e
}

func (l *traces) output(name string, others ...string) *tracev1.Event {
	return l.transformation(name, tracev1.Part_PART_OUTPUT, others...)
}

func (l *traces) capture(member, uri string, events ...*tracev1.Event) {
	l.Helper()
	p, ok, err := trace.Find(l.view(), uri)
	if err != nil || !ok {
		l.Fatal(uri, err)
	}
	l.send([]string{member + "/operator"}, &tracev1.CaptureEvents{Product: uri, After: p.Entries, Events: events})
}

func (l *traces) suspend(number string) {
	l.Helper()
	day := int32(l.today())
	l.send(eyes("cqc"), &certificatev1.Suspend{Number: number, Decided: day, Reason: "0111", Until: day + 30})
}

func traced(uri string) Claim { return Claim{Kind: Traced, Product: uri} }

// story: lithium goes into cells, cells into power banks, the lot is shipped. All
// certificates are valid at each event.
func (l *traces) story() {
	l.Helper()
	bank, cell := l.certifyFor("maker", "Q-1"), l.certifyFor("cellco", "Q-2")
	l.register("cellco", cellLot, cell)
	l.capture("cellco", cellLot, l.output("cells made", oreLot), l.event("cells packed"))
	l.register("maker", bankLot, bank)
	made := l.output("banks made", cellLot)
	l.capture("maker", bankLot, made, l.event("banks tested"))
	input := l.transformation("banks made", tracev1.Part_PART_INPUT, bankLot)
	input.Time = made.Time
	l.capture("cellco", cellLot, input)
	l.to(l.today()+2, 9)
	l.capture("maker", bankLot, l.event("banks shipped"))
}

func TestTraced(t *testing.T) {
	l := newTraces(t)
	l.story()
	v := l.verdict(traced(bankLot))
	is(t, v, Holds, "traced")
	if got := codes(v.Notes); !slices.Equal(got, []string{"unknown-origin"}) {
		t.Errorf("notes %v", v.Notes)
	}
	w := v.Trace.JSON()
	if !w.Holds || len(w.Products) != 2 || len(w.Entries) != 4 || len(w.Certificates) != 2 || len(w.Entries[3].Certificates) != 2 || len(w.Entries[0].Certificates) != 0 {
		b, _ := json.MarshalIndent(w, "", " ")
		t.Fatalf("%s", b)
	}
	if link := w.Products[0].Links[0]; !link.Confirmed || link.StatedBy != "maker" || link.Product != cellLot || w.Products[1].Links[0].Known {
		t.Errorf("%+v", link)
	}
	is(t, l.verdict(traced(cellLot)), Holds, "traced")
	is(t, l.verdict(traced(bankItem)), DoesNotHold, "unknown-product")

	// The cells' certificate is suspended: what happened before stands, with a note;
	// what happens after does not.
	l.to(l.today()+1, 9)
	l.suspend("Q-2")
	v = l.verdict(traced(bankLot))
	is(t, v, Holds, "traced")
	if !slices.Contains(codes(v.Notes), "not-valid-now") {
		t.Errorf("notes %v", v.Notes)
	}
	l.to(l.today()+1, 9)
	l.capture("maker", bankLot, l.event("banks sold"))
	v = l.verdict(traced(bankLot))
	is(t, v, DoesNotHold, "not-valid-at-event")
	if !strings.Contains(v.Reasons[0].Detail, "event 5,") || !strings.Contains(v.Reasons[0].Detail, "Q-2") {
		t.Errorf("%v", v.Reasons[0])
	}
	if f, n := v.Trace.Failed(); n != 5 || f.Product != 1 || f.Status.Status != rules.Suspended {
		t.Errorf("entry %d, %+v", n, f)
	}
	for _, want := range []string{"Entry 5", "suspended", cellLot, "confirmed by both chains", "unknown origin"} {
		if s := Text(v, "en"); !strings.Contains(s, want) {
			t.Errorf("the text lacks %q:\n%s", want, s)
		}
	}
}

// TestTracedRecalls: what stands against a product.
func TestTracedRecalls(t *testing.T) {
	l := newTraces(t)
	l.story()
	recall := func(key, uri string) {
		t.Helper()
		l.send([]string{key}, &tracev1.Recall{Product: uri, NoteZh: "可能起火", NoteEn: "may catch fire"})
	}
	lift := func(key, uri string) {
		t.Helper()
		p, _, err := trace.Find(l.view(), uri)
		if err != nil {
			t.Fatal(err)
		}
		l.send([]string{key}, &tracev1.LiftRecall{Product: uri, Recall: p.Recalls[0]})
	}
	recall("maker/operator", bankLot)
	is(t, l.verdict(traced(bankLot)), DoesNotHold, "recalled")
	is(t, l.verdict(traced(cellLot)), Holds, "traced") // upstream of it
	lift("maker/operator", bankLot)
	is(t, l.verdict(traced(bankLot)), Holds, "traced")
	recall("cellco/operator", cellLot)
	is(t, l.verdict(traced(bankLot)), DoesNotHold, "recalled")
	lift("samr-bj/approver", cellLot)
	is(t, l.verdict(traced(bankLot)), Holds, "traced")

	l.register("maker", cellClass) // a stranger registers the class of the cells
	recall("maker/operator", cellClass)
	is(t, l.verdict(traced(bankLot)), Holds, "traced")
	recall("cnca/approver", cellClass)
	is(t, l.verdict(traced(bankLot)), DoesNotHold, "recalled")
	is(t, l.verdict(traced(cellLot)), DoesNotHold, "recalled")
	lift("maker/operator", cellClass)
	lift("cnca/approver", cellClass)
	l.register("maker", bankClass)
	recall("maker/operator", bankClass)
	is(t, l.verdict(traced(bankLot)), DoesNotHold, "recalled")
}

// TestTracedRemoved: what was taken out of a pallet no longer counts.
func TestTracedRemoved(t *testing.T) {
	l := newTraces(t)
	cell := l.certifyFor("cellco", "Q-2")
	l.register("cellco", cellLot, cell)
	pallet := "https://id.gs1.org/00/340123450000000017"
	l.register("maker", pallet)
	pack := func(name string, action tracev1.Action) {
		t.Helper()
		e := l.event(name)
		e.Type, e.Part, e.Action, e.Others = tracev1.EventType_EVENT_TYPE_AGGREGATION, tracev1.Part_PART_PARENT, action, []string{cellLot}
		l.capture("maker", pallet, e)
	}
	pack("packed", tracev1.Action_ACTION_ADD)
	l.to(l.today()+1, 9)
	l.suspend("Q-2")
	l.send([]string{"cellco/operator"}, &tracev1.Recall{Product: cellLot, NoteEn: "beware"})
	is(t, l.verdict(traced(pallet)), DoesNotHold, "recalled")
	pack("unpacked", tracev1.Action_ACTION_DELETE)
	l.to(l.today()+1, 9)
	l.capture("maker", pallet, l.event("shipped"))
	v := l.verdict(traced(pallet))
	is(t, v, Holds, "traced")
	if got := codes(v.Notes); !slices.Equal(got, []string{"unconfirmed-link"}) {
		t.Errorf("notes %v", v.Notes)
	}
}

// TestTracedMadeOf: what a product was made of cannot be taken out of it again, so
// no statement hides its recalls and certificates.
func TestTracedMadeOf(t *testing.T) {
	l := newTraces(t)
	l.story()
	e := l.event("unmade")
	e.Type, e.Part, e.Action, e.Others = tracev1.EventType_EVENT_TYPE_AGGREGATION, tracev1.Part_PART_PARENT, tracev1.Action_ACTION_DELETE, []string{cellLot}
	l.capture("maker", bankLot, e)
	l.send([]string{"cellco/operator"}, &tracev1.Recall{Product: cellLot, NoteEn: "beware"})
	is(t, l.verdict(traced(bankLot)), DoesNotHold, "recalled")
}

// TestTracedUnlinked: a certificate that a product relied on at the time of an event
// counts, also if it was unlinked before the event was reported.
func TestTracedUnlinked(t *testing.T) {
	l := newTraces(t)
	bank := l.certifyFor("maker", "Q-1")
	l.register("maker", bankLot, bank)
	l.to(l.today()+1, 9)
	l.suspend("Q-1")
	l.to(l.today()+1, 9)
	e := l.event("shipped")
	l.to(l.today()+1, 9)
	l.send([]string{"maker/operator"}, &tracev1.LinkCertificates{Product: bankLot, Remove: []*certificatev1.Ref{bank}})
	l.capture("maker", bankLot, e)
	is(t, l.verdict(traced(bankLot)), DoesNotHold, "not-valid-at-event")
}

// TestTracedLies: whatever a node does to the chains of a bundle is found.
func TestTracedLies(t *testing.T) {
	l := newTraces(t)
	l.story()
	now := l.net.Now().Add(time.Minute)
	claim, card := traced(bankLot), l.card()
	raw := l.prove(claim, false)
	parsed := func() *lightv1.Bundle {
		b := new(lightv1.Bundle)
		if err := proto.Unmarshal(raw, b); err != nil {
			t.Fatal(err)
		}
		return b
	}
	if b := parsed(); len(b.Chains) != 2 {
		t.Fatalf("%d chains", len(b.Chains))
	}
	check := func(name string, reason string, change func(*lightv1.Bundle)) {
		t.Helper()
		b := parsed()
		change(b)
		bundle, err := marshal(b)
		if err != nil {
			t.Fatal(err)
		}
		v := Verify(bundle, card, claim, Limits{}, now)
		if v.Outcome != NotEstablished || v.Reasons[0].Code != reason {
			t.Errorf("%s: %v, %v", name, v.Outcome, v.Reasons)
		}
	}
	drop := func(i int) func(*lightv1.Bundle) {
		return func(b *lightv1.Bundle) { b.Chains[0].Entries = slices.Delete(b.Chains[0].Entries, i, i+1) }
	}
	for i := range parsed().Chains[0].Entries {
		check(fmt.Sprint("dropped ", i), "bad-proof", drop(i))
		check(fmt.Sprint("altered ", i), "bad-proof", func(b *lightv1.Bundle) { b.Chains[0].Entries[i][9] ^= 1 })
		check(fmt.Sprint("doubled ", i), "bad-proof", func(b *lightv1.Bundle) {
			e := b.Chains[0].Entries
			b.Chains[0].Entries = slices.Insert(e, i, e[i])
		})
		if i > 0 {
			check(fmt.Sprint("reordered ", i), "bad-proof", func(b *lightv1.Bundle) {
				e := b.Chains[0].Entries
				e[i], e[i-1] = e[i-1], e[i]
			})
		}
	}
	check("truncated", "bad-proof", func(b *lightv1.Bundle) { b.Chains[0].Entries = b.Chains[0].Entries[:1] })
	check("empty", "bad-proof", func(b *lightv1.Bundle) { b.Chains[0].Entries = nil })
	check("an entry of another product", "bad-proof", func(b *lightv1.Bundle) { b.Chains[0].Entries[2] = b.Chains[1].Entries[2] })
	check("chains swapped", "bad-bundle", func(b *lightv1.Bundle) { b.Chains[0], b.Chains[1] = b.Chains[1], b.Chains[0] })
	check("entries of chains swapped", "bad-proof", func(b *lightv1.Bundle) {
		b.Chains[0].Entries, b.Chains[1].Entries = b.Chains[1].Entries, b.Chains[0].Entries
	})
	check("a chain twice", "bad-bundle", func(b *lightv1.Bundle) { b.Chains = append(b.Chains, b.Chains[1]) })
	check("a chain left out", "unproven", func(b *lightv1.Bundle) { b.Chains = b.Chains[:1] })
	check("no chains", "unproven", func(b *lightv1.Bundle) { b.Chains = nil })
	check("a chain without its product", "bad-bundle", func(b *lightv1.Bundle) {
		b.Entries = slices.DeleteFunc(b.Entries, func(e *lightv1.Entry) bool { return string(e.Key) == string(b.Chains[0].Key) })
	})
	check("a chain of a key that is no product's", "bad-bundle", func(b *lightv1.Bundle) { b.Chains[0].Key = b.Entries[0].Key })
	check("a chain of a product that is absent", "bad-bundle", func(b *lightv1.Bundle) { b.Chains[1].Key = trace.ProductKey(cellClass) })
	check("an empty entry", "bad-bundle", func(b *lightv1.Bundle) { b.Chains[0].Entries[1] = nil })
	check("a product's record altered", "bad-proof", func(b *lightv1.Bundle) {
		for _, e := range b.Entries {
			if string(e.Key) == string(b.Chains[0].Key) {
				e.Value[len(e.Value)-1] ^= 1
			}
		}
	})
	b := parsed()
	for i := range b.Entries {
		check(fmt.Sprintf("key %x left out", b.Entries[i].Key), map[bool]string{true: "bad-bundle", false: "unproven"}[isRecordOf(b, i)], func(b *lightv1.Bundle) { b.Entries = slices.Delete(b.Entries, i, i+1) })
	}
	if v := Verify(raw, card, traced(cellClass), Limits{}, now); v.Outcome != DoesNotHold { // proven to be absent
		t.Errorf("%v", v.Reasons)
	}
	if v := Verify(raw, card, traced(bankItem), Limits{}, now); v.Outcome != NotEstablished || v.Reasons[0].Code != "unproven" {
		t.Errorf("%v", v.Reasons)
	}
}

// isRecordOf reports whether entry i of a bundle is the record of a chain.
func isRecordOf(b *lightv1.Bundle, i int) bool {
	return slices.ContainsFunc(b.Chains, func(c *lightv1.Chain) bool { return string(c.Key) == string(b.Entries[i].Key) })
}

// TestTracedClaims: claims that cannot be.
func TestTracedClaims(t *testing.T) {
	for _, c := range []Claim{
		{Kind: Traced}, {Kind: Traced, Product: "x"}, {Kind: Traced, Product: bankLot + "/"}, {Kind: Traced, Product: bankLot, Number: "Q-1"},
		{Kind: Traced, Product: bankLot, Issuer: apptest.CQC}, {Kind: Traced, Product: bankLot, Date: civil.Date(20000)},
		{Kind: Traced, Product: "https://id.gs1.org/01/04012345999991"}, {Kind: Valid, Issuer: apptest.CQC, Number: "Q-1", Product: bankLot},
	} {
		if c.Check() == nil {
			t.Errorf("%+v is accepted", c)
		}
	}
	want := traced(bankLot)
	b, err := json.Marshal(want)
	if err != nil || string(b) != `{"kind":"traced","product":"`+bankLot+`"}` {
		t.Errorf("%s, %v", b, err)
	}
	var got Claim
	if err := json.Unmarshal(b, &got); err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestTracedTooLarge: a way that is too long is not established, and no bundle is
// made of it.
func TestTracedTooLarge(t *testing.T) {
	l := newTraces(t)
	name := func(i int) string { return fmt.Sprintf("https://example.com/p/%d", i) }
	for i := range 11 {
		l.register("maker", name(i))
	}
	for i := range 10 {
		l.capture("maker", name(i), l.output(fmt.Sprint(i), name(i+1)))
	}
	if _, err := Build(l.source(), traced(name(0)), false); !errors.Is(err, ErrTraceTooLarge) {
		t.Errorf("%v", err)
	}
	is(t, l.verdict(traced(name(2))), Holds, "traced")
	// A bundle that a node puts together from parts all the same.
	src, r := l.source(), map[string]struct{}{}
	for i := range 11 {
		r[string(trace.ProductKey(name(i)))], r[string(trace.EntryKey(name(i), 1))] = struct{}{}, struct{}{}
	}
	b, err := build(src, r, nil)
	if err != nil {
		t.Fatal(err)
	}
	is(t, Verify(b, l.card(), traced(name(0)), Limits{}, l.net.Now().Add(time.Minute)), NotEstablished, "trace-too-large")
}

// counted is a state that counts the bytes of the values that are read.
type counted struct {
	Prover
	bytes int
}

func (c *counted) Get(key []byte) ([]byte, bool, error) {
	v, ok, err := c.Prover.Get(key)
	c.bytes += len(v)
	return v, ok, err
}

// TestTracedHuge: of a chain of many megabytes no more is read than a bundle can hold,
// whatever its entries are.
func TestTracedHuge(t *testing.T) {
	l := newTraces(t)
	l.register("maker", bankLot)
	var others []string
	for i := range trace.MaxOthers {
		others = append(others, fmt.Sprintf("https://example.com/%s/%03d", strings.Repeat("x", 220), i))
	}
	for i := range 3 * MaxBundleSize >> 20 {
		var events []*tracev1.Event
		for k := range 16 { // a megabyte
			e := l.event(fmt.Sprint(i, " ", k))
			e.Type, e.Part, e.Others = tracev1.EventType_EVENT_TYPE_AGGREGATION, tracev1.Part_PART_CHILD, others
			events = append(events, e)
		}
		l.capture("maker", bankLot, events...)
	}
	now := l.net.Now()
	c := &counted{Prover: l.source().State}
	if _, _, err := Look(c, bankLot, now, now); !errors.Is(err, ErrTraceTooLarge) || c.bytes > MaxBundleSize+1<<20 {
		t.Errorf("%d bytes were read: %v", c.bytes, err)
	}
	src := l.source()
	src.State = &counted{Prover: src.State}
	if _, err := Build(src, traced(bankLot), false); !errors.Is(err, ErrTraceTooLarge) || src.State.(*counted).bytes > MaxBundleSize+1<<20 {
		t.Errorf("%d bytes were read: %v", src.State.(*counted).bytes, err)
	}
}

// TestTracedMutants lets a node lie in every field of the bundle of a trace. What is
// established is what the true bundle establishes.
func TestTracedMutants(t *testing.T) {
	l := newTraces(t)
	l.story()
	l.suspend("Q-2")
	now, card := l.net.Now().Add(time.Minute), l.card()
	parse := func(claim Claim) *lightv1.Bundle {
		b := new(lightv1.Bundle)
		if err := proto.Unmarshal(l.prove(claim, false), b); err != nil {
			t.Fatal(err)
		}
		return b
	}
	known := NewVerifier(card)
	others := []proto.Message{parse(traced(cellLot)), parse(Claim{Issuer: apptest.CQC, Number: "Q-1"})}
	claim := traced(bankLot)
	says := func(v *Verdict) string {
		b, err := json.Marshal([]any{v.Outcome, codes(v.Reasons), codes(v.Notes), v.Height, tracedWantOf(v.Trace)})
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	truth := says(l.verdict(claim))
	total, established := 0, 0
	mutants(parse(claim), others, func(what string, mutant proto.Message) {
		raw, err := marshal(mutant)
		if err != nil {
			return
		}
		total++
		v := known.Verify(raw, claim, Limits{}, now)
		if v.Outcome == NotEstablished {
			return
		}
		if established++; v.Trace == nil || says(v) != truth {
			t.Fatalf("%s: established\n%s\nbut it is\n%s", what, Text(v, "en"), truth)
		}
	})
	if total < 1000 {
		t.Errorf("%d lies", total)
	}
	t.Logf("%d lies; in %d nothing else is said", total, established)
}

// TestJoin: bundles of one state are joined, of two they are not.
func TestJoin(t *testing.T) {
	l := newTraces(t)
	l.story()
	valid := Claim{Issuer: apptest.CQC, Number: "Q-1"}
	one, other := l.prove(traced(bankLot), false), l.prove(valid, false)
	both, err := Join(one, other)
	if err != nil {
		t.Fatal(err)
	}
	back, err := Join(other, one)
	if err != nil || string(back) != string(both) {
		t.Error("the order matters", err)
	}
	now := l.net.Now().Add(time.Minute)
	for _, c := range []Claim{traced(bankLot), valid} {
		if v := Verify(both, l.card(), c, Limits{}, now); v.Outcome != Holds || c == valid && v.Details == nil {
			t.Errorf("%v: %v", c, v.Reasons)
		}
	}
	l.empty(time.Second)
	if _, err := Join(one, l.prove(valid, false)); !errors.Is(err, ErrOtherState) {
		t.Errorf("%v", err)
	}
	if _, err := Join(one, []byte("x")); !errors.Is(err, ErrBundle) {
		t.Errorf("%v", err)
	}
}
