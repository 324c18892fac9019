package api_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	wire "github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/app/apptest"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/light"
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	tracev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/trace/v1"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/trace"
)

const (
	bankLot = "https://id.gs1.org/01/04012345999990/10/PB-7"
	cellLot = "https://id.gs1.org/01/09521141123454/10/CELL-7"
	banks   = "00126Q90001R0M" // certificate of the operator
)

// product is the path of a product, or of something of it.
func product(uri string, rest ...string) string {
	return "/v1/trace/" + url.PathEscape(uri) + strings.Join(rest, "")
}

// record is a transaction of the operator.
func record(nonce uint64, list ...*txv1.Message) []byte {
	return apptest.Draft{Nonce: nonce, Keys: []string{"maker/operator"}, Messages: list}.Sign()
}

func register(uri string, refs ...*certificatev1.Ref) *txv1.Message {
	return &txv1.Message{Action: &txv1.Message_RegisterProduct{RegisterProduct: &tracev1.RegisterProduct{Product: uri, NameZh: "充电宝", NameEn: "Power banks", Certificates: refs}}}
}

// happened is an event of an hour after the start, made of others if there are any.
func happened(name string, others ...string) *tracev1.Event {
	h := sm3.Sum([]byte(name))
	e := &tracev1.Event{
		Hash: h[:], Time: apptest.Begin.UnixNano(), Offset: 480, Type: tracev1.EventType_EVENT_TYPE_OBJECT, Action: tracev1.Action_ACTION_OBSERVE,
		Step: "shipping", Place: "https://id.gs1.org/414/9521141111116", Part: tracev1.Part_PART_OBJECT,
	}
	if len(others) > 0 {
		e.Type, e.Action, e.Part, e.Others = tracev1.EventType_EVENT_TYPE_TRANSFORMATION, 0, tracev1.Part_PART_OUTPUT, others
	}
	return e
}

func capture(uri string, after uint64, events ...*tracev1.Event) *txv1.Message {
	return &txv1.Message{Action: &txv1.Message_CaptureEvents{CaptureEvents: &tracev1.CaptureEvents{Product: uri, After: after, Events: events}}}
}

// certified issues a certificate to the operator.
func certified(nonce uint64) []byte {
	m := apptest.Issue(banks, today)
	m.GetIssue().Certificate.Holder = apptest.Profile("maker").Uscc
	return apptest.Draft{Nonce: nonce, Keys: fourEyes, Messages: []*txv1.Message{m}}.Sign()
}

// traced puts cells into power banks, in one block.
func (s *service) traced(nonce uint64) {
	s.Helper()
	data := s.commit(
		certified(nonce),
		record(1, register(cellLot), register(bankLot, &certificatev1.Ref{Issuer: apptest.CQC, Number: banks})),
		record(2, capture(bankLot, 1, happened("made", cellLot), happened("shipped"))),
	)
	for _, r := range data.Results.TxResults {
		if r.Code != 0 {
			s.Fatalf("refused: %d %s", r.Code, r.Log)
		}
	}
}

func TestTrace(t *testing.T) {
	s, x := sealing(t)
	s.commit()
	s.traced(1)
	var p wire.Product
	s.get(product(bankLot), 200, &p)
	if p.URI != bankLot || p.Owner != "maker" || p.Entries != 3 || len(p.Certificates) != 1 || p.Name.Zh != "充电宝" || p.Uses != 0 || len(p.Head) != 64 {
		t.Errorf("%+v", p)
	}
	// The chain folds to the head.
	var chain wire.TraceEntryList
	s.get(product(bankLot, "/entries"), 200, &chain)
	head := sm3.Hash{}
	for i, e := range chain.Items {
		head = trace.Fold(head, e.Raw)
		if e.N != uint64(i)+1 || e.Member != "maker" || e.Text.Zh == "" {
			t.Errorf("%+v", e)
		}
	}
	if len(chain.Items) != 3 || chain.Total != 3 || head.String() != p.Head || chain.Items[0].Registered == nil || chain.Items[1].Event.Part != "output" || chain.Items[2].Event.Step != "shipping" {
		t.Errorf("%+v", chain)
	}
	s.get(product(bankLot, "/entries?from=2&limit=1"), 200, &chain)
	if len(chain.Items) != 1 || chain.Items[0].N != 2 {
		t.Errorf("%+v", chain)
	}
	var uses wire.UseList
	s.get(product(cellLot, "/uses"), 200, &uses)
	if uses.Total != 1 || len(uses.Items) != 1 || uses.Items[0] != (wire.Use{K: 1, Product: bankLot, Entry: 2}) {
		t.Errorf("%+v", uses)
	}
	var way wire.Way
	s.get(product(bankLot, "/way"), 200, &way)
	if !way.Holds || len(way.Products) != 2 || way.Products[1].URI != cellLot || len(way.Entries) != 3 || len(way.Entries[2].Certificates) != 1 || !way.Entries[2].Certificates[0].Holds ||
		way.Entries[1].Guarantee != "complete" || len(way.Certificates) != 1 || !way.Products[0].Links[0].Known || way.Products[0].Links[0].Confirmed {
		t.Errorf("%+v", way)
	}
	hash := sm3.Sum([]byte("made"))
	var found wire.EventProducts
	s.get("/v1/events/"+hash.String(), 200, &found)
	if len(found.Items) != 1 || found.Items[0] != (wire.EventOccurrence{Product: bankLot, Entry: 2}) {
		t.Errorf("%+v", found)
	}
	var list wire.ProductList
	s.get("/v1/trace?owner=maker&limit=1", 200, &list)
	if len(list.Items) != 1 || list.Items[0].URI != bankLot || list.Next == "" {
		t.Errorf("%+v", list)
	}
	var rest wire.ProductList
	s.get("/v1/trace?owner=maker&cursor="+list.Next, 200, &rest)
	if len(rest.Items) != 1 || rest.Items[0].URI != cellLot || rest.Next != "" {
		t.Errorf("%+v", rest)
	}
	s.get("/v1/trace?issuer="+apptest.CQC+"&number="+banks, 200, &rest)
	if len(rest.Items) != 1 || rest.Items[0].URI != bankLot {
		t.Errorf("%+v", rest)
	}

	for path, status := range map[string]int{
		product("https://id.gs1.org/01/04012345999990"): 404, product("x"): 422, product(bankLot + "/"): 422, product(bankLot, "?height=1"): 404,
		product("https://id.gs1.org/01/04012345999991"): 422, product(bankLot, "/entries?limit=0"): 422, product(cellLot+"x", "/uses"): 404,
		product("x", "/way"): 422, product(cellLot+"x", "/way"): 404, "/v1/events/x": 422, "/v1/trace": 422, "/v1/trace?owner=maker&number=1": 422,
		"/v1/trace?owner=A": 422, "/v1/trace?issuer=x&number=y": 422, "/v1/trace?owner=maker&cursor=x": 422, "/v1/trace?number=1": 422, "/v1/bundles/trace/x": 422,
	} {
		s.problem(path, status)
	}
	if p := s.problem(product("http://id.gs1.org/01/04012345999990"), 422); !strings.Contains(p.Detail, "https://id.gs1.org/01/04012345999990") {
		t.Errorf("the canonical form is not told: %s", p.Detail)
	}

	x.seal()
	card := s.card()
	for uri, want := range map[string]light.Outcome{bankLot: light.Holds, cellLot: light.Holds, cellLot + "x": light.DoesNotHold} {
		b, _ := s.octets("/v1/bundles/trace/" + url.PathEscape(uri))
		if v := light.Verify(b, card, light.Claim{Kind: light.Traced, Product: uri}, old, time.Now()); v.Outcome != want {
			t.Errorf("%s: %v, %v", uri, v.Outcome, v.Reasons)
		}
	}
}

// TestTraceTooLarge: a chain that does not fit into a bundle, and a way that is too
// long, are told apart from a fault.
func TestTraceTooLarge(t *testing.T) {
	s, x := sealing(t)
	s.commit()
	name := func(i int) string { return fmt.Sprintf("https://example.com/p/%d", i) }
	var line []*txv1.Message
	for i := range 11 {
		line = append(line, register(name(i)))
	}
	for i := range 10 {
		line = append(line, capture(name(i), 1, happened(fmt.Sprint(i), name(i+1))))
	}
	s.mustDo(record(1, line...))
	s.mustDo(record(2, register(bankLot)))
	after := uint64(1)
	for round := range uint64(22) { // 200 bytes for each event, and some for what it says
		var events []*tracev1.Event
		for i := range 1000 {
			e := happened(fmt.Sprint(round, " ", i))
			e.Disposition = strings.Repeat("d", 100)
			events = append(events, e)
		}
		s.mustDo(record(3+round, capture(bankLot, after, events...)))
		after += 1000
	}
	x.seal()
	for _, path := range []string{product(name(0), "/way"), "/v1/bundles/trace/" + url.PathEscape(name(0)), "/v1/bundles/trace/" + url.PathEscape(bankLot)} {
		if p := s.problem(path, 422); !strings.Contains(p.Detail, "/entries") {
			t.Errorf("%s: %s", path, p.Detail)
		}
	}
	var chain wire.TraceEntryList
	s.get(product(bankLot, "/entries?from=21990&limit=200"), 200, &chain)
	if len(chain.Items) != 12 || chain.Total != 22001 {
		t.Errorf("%d of %d", len(chain.Items), chain.Total)
	}
}
