package trace

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/epcis"
	xtrace "github.com/hallmark-ledger/hallmark/x/trace"
)

const (
	bank  = "https://id.gs1.org/01/09506000134352/10/A1"
	cellA = "https://id.gs1.org/01/09521141123454/10/L-1"
	cellB = "https://id.gs1.org/01/09521141123454/10/L-2"
)

// eventsOf reads a document of events, without their common fields.
func eventsOf(t *testing.T, events ...string) (list []*Event, s *Scan) {
	t.Helper()
	for i, e := range events {
		common := `"eventTime": "2026-06-01T08:00:00.000Z", "eventTimeZoneOffset": "-03:30", `
		if strings.Contains(e, "eventTime") {
			common = ""
		}
		events[i] = "{" + common + e + "}"
	}
	path := filepath.Join(t.TempDir(), "doc.jsonld")
	doc := `{"@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"], "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2026-07-01T00:00:00Z", "epcisBody": {"eventList": [` + strings.Join(events, ",") + `]}}`
	if err := os.WriteFile(path, []byte(doc), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := ScanFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Each(func(e *Event, _ bool) error {
		list = append(list, e)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return list, s
}

// said is what the chains of the products of an event keep of it.
func said(e *Event) (list []string) {
	for _, p := range e.Parts {
		s := p.Product + " " + p.Event.Part.String()
		for _, o := range p.Event.Others {
			s += " " + o
		}
		list = append(list, s)
	}
	return list
}

func TestParts(t *testing.T) {
	quantities := func(field string, uris ...string) string {
		var list []string
		for _, u := range uris {
			list = append(list, fmt.Sprintf(`{"epcClass": %q, "quantity": 2}`, u))
		}
		return fmt.Sprintf(`%q: [%s]`, field, strings.Join(list, ","))
	}
	parent := fmt.Sprintf(`"parentID": %q`, bank)
	for _, c := range []struct {
		event string
		want  []string
	}{
		{`"type": "ObjectEvent", "action": "ADD", ` + quantities("quantityList", cellA, cellB), []string{cellA + " object", cellB + " object"}},
		{`"type": "ObjectEvent", "action": "ADD", ` + quantities("quantityList", cellA, "https://shop.example/01/9521141123454/10/L-1"), []string{cellA + " object"}},
		{`"type": "AggregationEvent", "action": "ADD", ` + parent + ", " + quantities("childQuantityList", cellB, cellA), []string{
			bank + " parent " + cellA + " " + cellB, cellB + " child " + bank, cellA + " child " + bank,
		}},
		{`"type": "AggregationEvent", "action": "DELETE", ` + parent, []string{bank + " parent"}},
		{`"type": "AssociationEvent", "action": "ADD", ` + parent + ", " + quantities("childQuantityList", cellA), []string{bank + " parent " + cellA, cellA + " child " + bank}},
		{`"type": "TransactionEvent", "action": "ADD", ` + parent + `, "bizTransactionList": [{"bizTransaction": "urn:x:1"}], ` + quantities("quantityList", cellA), []string{bank + " parent " + cellA, cellA + " child " + bank}},
		{`"type": "TransactionEvent", "action": "DELETE", ` + parent + `, "bizTransactionList": [{"bizTransaction": "urn:x:1"}], ` + quantities("quantityList", cellA), []string{bank + " object", cellA + " object"}},
		{`"type": "TransactionEvent", "action": "ADD", "bizTransactionList": [{"bizTransaction": "urn:x:1"}], ` + quantities("quantityList", cellA), []string{cellA + " object"}},
		{`"type": "TransformationEvent", ` + quantities("inputQuantityList", cellA, cellB) + ", " + quantities("outputQuantityList", bank), []string{
			bank + " output " + cellA + " " + cellB, cellA + " input " + bank, cellB + " input " + bank,
		}},
		// What is on both sides is made of the others.
		{`"type": "TransformationEvent", ` + quantities("inputQuantityList", cellA, bank) + ", " + quantities("outputQuantityList", bank), []string{
			bank + " output " + cellA, cellA + " input " + bank,
		}},
	} {
		list, s := eventsOf(t, c.event)
		if !s.Valid() {
			t.Fatalf("%s: %v", c.event, s.Faults)
		}
		if got := said(list[0]); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.event, got, c.want)
		}
		for _, p := range list[0].Parts {
			if err := xtrace.CheckEvent(p.Product, p.Event); err != nil {
				t.Errorf("%s: %s: %v", c.event, p.Product, err)
			}
			if p.Event.Offset != -210 {
				t.Errorf("offset %d", p.Event.Offset)
			}
		}
	}
}

func TestWordsAndPlaces(t *testing.T) {
	object := `"type": "ObjectEvent", "action": "OBSERVE", "epcList": ["urn:epc:id:sgtin:9506000.013435.7"], `
	list, s := eventsOf(t,
		object+`"bizStep": "shipping", "disposition": "in_transit", "readPoint": {"id": "urn:epc:id:sgln:9506000.13420.1"}, "bizLocation": {"id": "https://example.com/b"}`,
		object+`"bizStep": "https://example.com/step/涂装", "bizLocation": {"id": "https://example.com/b"}`)
	if !s.Valid() {
		t.Fatal(s.Faults)
	}
	if e := list[0].Parts[0].Event; e.Step != "shipping" || e.Disposition != "in_transit" || e.Place != "https://id.gs1.org/414/9506000134208/254/1" {
		t.Errorf("%+v", e)
	}
	if e := list[1].Parts[0].Event; e.Step != "https://example.com/step/%E6%B6%82%E8%A3%85" || e.Place != "https://example.com/b" {
		t.Errorf("%+v", e)
	}
	if got := list[0].Parts[0].Product; got != "https://id.gs1.org/01/09506000134352/21/7" {
		t.Error(got)
	}
}

func TestCorrects(t *testing.T) {
	object := `"type": "ObjectEvent", "action": "OBSERVE", "epcList": ["` + bank + `"], `
	wrong := `"eventID": "urn:x:wrong", ` + object + `"bizStep": "shipping", "errorDeclaration": {"declarationTime": "2026-06-02T00:00:00Z", "correctiveEventIDs": ["urn:x:right"]}`
	right := `"eventID": "urn:x:right", ` + object + `"bizStep": "receiving"`
	for _, order := range [][]string{{right, wrong}, {wrong, right}} {
		list, s := eventsOf(t, slices.Clone(order)...)
		if !s.Valid() {
			t.Fatal(s.Faults)
		}
		w, r := list[0], list[1]
		if w.ID != "urn:x:wrong" {
			w, r = r, w
		}
		if len(w.Parts[0].Event.Corrects) != 0 || !slices.Equal(r.Parts[0].Event.Corrects, []sm3.Hash{w.Hash}) {
			t.Errorf("%+v %+v", w.Parts[0].Event, r.Parts[0].Event)
		}
	}
}

func TestFaults(t *testing.T) {
	list, s := eventsOf(t,
		`"type": "ObjectEvent", "action": "LOOK", "epcList": ["`+bank+`"]`,
		`"type": "ObjectEvent", "action": "OBSERVE", "epcList": ["`+bank+`"]`,
		`"type": "ObjectEvent", "action": "OBSERVE", "epcList": ["urn:epc:id:sgln:9506000.13420.1", "https://id.gs1.org/01/09506000134353"]`,
		`"type": "ObjectEvent", "action": "OBSERVE", "epcList": ["`+bank+`"], "bizStep": "https://example.com/`+strings.Repeat("x", 120)+`"`)
	if s.Valid() || s.Invalid != 2 || s.Events != 4 || s.Faults[0].Event != 0 || s.Faults[1].Event != 3 {
		t.Fatalf("%+v", s)
	}
	var fault epcis.Fault
	if !errors.As(s.Faults[0].Err, &fault) {
		t.Errorf("%v", s.Faults[0].Err)
	}
	if !strings.Contains(s.Faults[1].Err.Error(), "at most 120") {
		t.Errorf("%v", s.Faults[1].Err)
	}
	if len(list[2].Parts) != 0 || len(list[2].Unnamed) != 2 {
		t.Errorf("%+v", list[2])
	}
	if len(list[0].Parts) != 1 { // it is compared all the same
		t.Errorf("%+v", list[0])
	}
}

// A document that changes while it is read is noticed.
func TestChanged(t *testing.T) {
	_, s := eventsOf(t, `"type": "ObjectEvent", "action": "OBSERVE", "epcList": ["`+bank+`"]`)
	raw, err := os.ReadFile(s.Path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(s.Path, []byte(strings.Replace(string(raw), "A1", "A2", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.Each(func(*Event, bool) error { return nil }); !errors.Is(err, ErrChanged) {
		t.Errorf("%v", err)
	}
}

func TestReadProducts(t *testing.T) {
	for name, c := range map[string]struct{ file, want, err string }{
		"csv":        {"\xef\xbb\xbfuri,name_zh,certificates,reporters\nhttps://shop.example/01/9506000134352/10/A1,充电宝,A-1/x/y;B-2/z,cqc; aa\n", "[" + bank + " 充电宝 [{A-1 x/y} {B-2 z}] [aa cqc]]", ""},
		"json lines": {"\n{\"uri\": \"" + bank + "\", \"name_zh\": \"充电宝\", \"certificates\": [\"A-1/x/y\", \"B-2/z\"], \"reporters\": [\"cqc\", \"aa\"]}\n\n", "[" + bank + " 充电宝 [{A-1 x/y} {B-2 z}] [aa cqc]]", ""},
		"column":     {"uri,colour\nx,y\n", "", "colour"},
		"member":     {"{\"uri\": \"" + bank + "\", \"colour\": 1}", "", "line 1"},
		"digit":      {"uri\n" + bank + "\nhttps://id.gs1.org/01/09506000134353\n", "", "line 3"},
		"reference":  {"uri,certificates\n" + bank + ",A-1\n", "", "line 2"},
		"empty":      {" \n", "", "no product"},
	} {
		list, err := ReadProducts(strings.NewReader(c.file))
		if c.err != "" {
			if err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		var got []string
		for _, p := range list {
			got = append(got, fmt.Sprint(p.URI, " ", p.NameZh, " ", p.Certificates, " ", p.Reporters))
		}
		if err != nil || fmt.Sprint(got) != c.want {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

func TestJournal(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.capture")
	begin := line{Chain: "c", Member: "m", SM3: "00"}
	open := func() *journal {
		t.Helper()
		j, err := openJournal(path, begin)
		if err != nil {
			t.Fatal(err)
		}
		return j
	}
	j := open()
	if err := errors.Join(j.sent("aa"), j.sent("bb")); err != nil {
		t.Fatal(err)
	}
	if _, err := openJournal(path, begin); !errors.Is(err, ErrInUse) {
		t.Errorf("%v", err)
	}
	if err := j.close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for end := range len(whole) + 1 { // wherever a crash has cut it
		if err := os.WriteFile(path, whole[:end], 0o600); err != nil {
			t.Fatal(err)
		}
		j := open()
		rest := string(whole[:end])
		for _, id := range []string{"aa", "bb"} {
			if j.isOurs(id) != strings.Contains(rest, `"`+id+"\"}\n") {
				t.Errorf("cut to %d: %s", end, id)
			}
		}
		if err := errors.Join(j.sent("cc"), j.close()); err != nil {
			t.Fatal(err)
		}
		j = open()
		if !j.isOurs("cc") {
			t.Errorf("cut to %d: what came after is lost", end)
		}
		if err := j.close(); err != nil {
			t.Fatal(err)
		}
	}
	for _, other := range []line{{Chain: "d", Member: "m", SM3: "00"}, {Chain: "c", Member: "n", SM3: "00"}, {Chain: "c", Member: "m", SM3: "01"}} {
		if _, err := openJournal(path, other); !errors.Is(err, ErrJournal) {
			t.Errorf("%+v: %v", other, err)
		}
	}
	if err := os.WriteFile(path, append([]byte("x\n"), whole...), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := openJournal(path, begin); !errors.Is(err, ErrJournal) {
		t.Errorf("%v", err)
	}
}
