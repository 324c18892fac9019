package epcis

import (
	"encoding/json"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pb33f/jsonschema/v6"
)

// officialSchema compiles GS1's schema. Two of its patterns look ahead, which
// the regular expressions of Go do not; they are "not this prefix".
func officialSchema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(readShared(t, "gs1/schema/EPCIS-JSON-Schema.json")))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	c.UseRegexpEngine(func(pattern string) (jsonschema.Regexp, error) {
		if inner, ok := strings.CutPrefix(pattern, "^(?!("); ok {
			inner, _ = strings.CutSuffix(inner, "))")
			re, err := regexp.Compile("^(" + inner + ")")
			return lookahead{re, pattern}, err
		}
		return regexp.Compile(pattern)
	})
	const id = "https://gs1.github.io/EPCIS/EPCIS-JSON-Schema.json"
	if err := c.AddResource(id, doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(id)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

type lookahead struct {
	*regexp.Regexp
	pattern string
}

func (l lookahead) MatchString(s string) bool { return !l.Regexp.MatchString(s) }
func (l lookahead) String() string            { return l.pattern }

// ourFaults returns all that we find wrong with a document.
func ourFaults(document string) (faults []string, err error) {
	d, err := Read(strings.NewReader(document), DefaultLimits, func(_ int, e *Event) error {
		for _, f := range e.Faults() {
			faults = append(faults, f.Error())
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, f := range d.Faults {
		faults = append(faults, f.Error())
	}
	return faults, nil
}

// Mutants of the examples, structure and values alike, are accepted and refused
// as by the official schema.
func TestAgainstOfficialSchema(t *testing.T) {
	schema := officialSchema(t)
	var bases []string
	for _, name := range append(sharedFiles(t, "gs1/examples/*.jsonld"), sharedFiles(t, "event-hash/*.jsonld")...) {
		bases = append(bases, readShared(t, name))
	}
	bases = append(bases, singles(t, bases)...)
	bases = append(bases, headerDocument)
	rng := rand.New(rand.NewPCG(20, 26))
	n, refused := 4000, 0
	if testing.Short() {
		n = 600
	}
	for i := range n {
		var v any
		if err := json.Unmarshal([]byte(bases[rng.IntN(len(bases))]), &v); err != nil {
			t.Fatal(err)
		}
		for range rng.IntN(3) {
			v = mutate(rng, v, 0)
		}
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		again, err := jsonschema.UnmarshalJSON(strings.NewReader(string(b)))
		if err != nil {
			t.Fatal(err)
		}
		official := schema.Validate(again)
		faults, err := ourFaults(string(b))
		if (official == nil) != (err == nil && len(faults) == 0) {
			t.Fatalf("mutant %d: the schema says %v, we say %v, %v\n%s", i, official, faults, err, b)
		}
		if official != nil {
			refused++
		}
	}
	if refused < n/5 || refused > n*4/5 {
		t.Errorf("%d of %d mutants were refused: too few or too many to tell", refused, n)
	}
}

// singles returns events of documents as documents of their own.
func singles(t *testing.T, documents []string) (events []string) {
	t.Helper()
	for _, d := range documents {
		var doc map[string]any
		if err := json.Unmarshal([]byte(d), &doc); err != nil {
			t.Fatal(err)
		}
		body, _ := doc["epcisBody"].(map[string]any)
		list, _ := body["eventList"].([]any)
		for _, e := range list {
			event := e.(map[string]any)
			event["@context"] = doc["@context"]
			b, err := json.Marshal(event)
			if err != nil {
				t.Fatal(err)
			}
			events = append(events, string(b))
		}
	}
	return events
}

const headerDocument = `{"@context":["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],"type":"EPCISDocument",
"schemaVersion":"2.0","creationDate":"2026-03-04T00:00:00Z","instanceIdentifier":"1","sender":"a","receiver":"b",
"epcisHeader":{"epcisMasterData":{"vocabularyList":[{"type":"urn:epcglobal:epcis:vtype:BusinessLocation","vocabularyElementList":[
{"id":"urn:epc:id:sgln:0037000.00729.0","attributes":[{"id":"urn:epcglobal:cbv:mda#name","attribute":"Acme"},{"id":"urn:epcglobal:cbv:mda#n","attribute":5},
{"id":"cbvmda:address","attribute":{"a":1}}],"children":["urn:epc:id:sgln:0037000.00729.8201"]}]}]}},"epcisBody":{"eventList":[
{"type":"ex:Other","eventTime":"2026-03-04T00:00:00Z","eventTimeZoneOffset":"+14:00","anything":{"goes":[1]}}]}}`

// spare are values that mutants get.
var spare = []any{
	nil, true, 0.0, 3.5, "", "abc", "2026-03-04T11:00:30Z", "2026-03-04T11:00:30", "2026-02-30T11:00:30Z", "2026-03-04T23:59:60Z", "2026-03-04T22:59:60Z",
	"2026-03-04T11:00:30.123456789+14:59", "2026-03-04 11:00:30Z", "+14:00", "+14:01", "-13:59", "+1:00", "urn:epc:id:sgtin:4012345.011111.9876", "http://a b/",
	"https://例え.jp/电池", "example:foo", ":", "a:", "1a:b", "http://[::1]/", "http://[::zz]/", "http://::1/", "%zz:a", "a:%zz", "shipping", "recalled", "po", "location", "Temperature", "did_not_occur",
	"urn:epcglobal:cbv:bizstep:shipping", "https://ns.gs1.org/cbv/BizStep-shipping", "https://ref.gs1.org/cbv/BizStep-shipping", "https://gs1.org/voc/Temperature",
	"https://www.gs1.org/voc/x", "ADD", "OBSERVE", "DELETE", "add", "KGM", "KG", "K", "kgm", "EA12", "F0", "xyz", "ObjectEvent", "AggregationEvent", "TransactionEvent",
	"TransformationEvent", "AssociationEvent", "EPCISDocument", "EPCISQueryDocument", "FooEvent", "2.0", "2.", "2.0.0", "v2",
	[]any{}, []any{"urn:a:b"}, []any{"urn:a:b", "urn:a:b"}, []any{1.0, 1.0}, []any{nil}, map[string]any{}, map[string]any{"id": "urn:a:b"}, map[string]any{"id": "x"},
	map[string]any{"type": "po", "bizTransaction": "urn:a:b"}, map[string]any{"epcClass": "urn:a:b", "quantity": 2.0, "uom": "KGM"}, map[string]any{"set": []any{"recalled"}},
	[]any{map[string]any{"epcClass": "urn:a:b"}}, []any{map[string]any{"sensorReport": []any{map[string]any{"type": "Temperature"}}}}, []any{map[string]any{"a": "b"}, map[string]any{"a": "b"}},
}

var spareKeys = []string{
	"foo", "example:foo", "urn:a:b", "type", "id", "@context", "eventTime", "recordTime", "eventID", "eventTimeZoneOffset", "certificationInfo", "errorDeclaration",
	"action", "epcList", "quantityList", "childEPCs", "childQuantityList", "inputEPCList", "outputEPCList", "inputQuantityList", "outputQuantityList", "transformationID",
	"parentID", "bizStep", "disposition", "persistentDisposition", "readPoint", "bizLocation", "bizTransactionList", "sourceList", "destinationList", "sensorElementList", "ilmd",
	"epcisBody", "eventList", "epcisHeader", "epcisMasterData", "queryResults", "resultsBody", "vocabularyList", "schemaVersion", "creationDate", "sender", "reason", "declarationTime",
	"correctiveEventIDs", "uom", "quantity", "epcClass", "value", "component", "exception", "set", "unset", "time", "deviceID", "booleanValue", "hexBinaryValue", "uriValue", "attribute", "",
}

// mutate changes one thing somewhere in v.
func mutate(rng *rand.Rand, v any, depth int) any {
	switch v := v.(type) {
	case map[string]any:
		keys := make([]string, 0, len(v))
		for k := range v {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		if len(keys) > 0 && rng.IntN(4) > 0 {
			k := keys[rng.IntN(len(keys))]
			switch rng.IntN(8) {
			case 0:
				delete(v, k)
			case 1:
				v[k] = spare[rng.IntN(len(spare))]
			default:
				v[k] = mutate(rng, v[k], depth+1)
			}
			return v
		}
		v[spareKeys[rng.IntN(len(spareKeys))]] = spare[rng.IntN(len(spare))]
		return v
	case []any:
		if len(v) > 0 && rng.IntN(4) > 0 {
			i := rng.IntN(len(v))
			switch rng.IntN(8) {
			case 0:
				return slices.Delete(slices.Clone(v), i, i+1)
			case 1:
				return append(v, v[i])
			default:
				v[i] = mutate(rng, v[i], depth+1)
			}
			return v
		}
		return append(v, spare[rng.IntN(len(spare))])
	default:
		return spare[rng.IntN(len(spare))]
	}
}

// Every fault says where it is and what to do, in both languages.
func TestFaults(t *testing.T) {
	const before = `{"@context":"https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld","type":"EPCISDocument","schemaVersion":"2.0","creationDate":"2026-03-04T00:00:00Z","epcisBody":{"eventList":[`
	const good = `{"type":"ObjectEvent","eventTime":"2026-03-04T00:00:00Z","eventTimeZoneOffset":"+08:00","epcList":[],"action":"OBSERVE"}`
	for _, c := range []struct{ event, pointer, english, chinese string }{
		{`{"type":"ObjectEvent","eventTime":"2026-03-04","eventTimeZoneOffset":"+08:00","epcList":[],"action":"OBSERVE"}`,
			"/epcisBody/eventList/1/eventTime", `"2026-03-04" is no time with its offset; write it as 2026-03-04T11:00:30.000+08:00`, "不是带时区的时间"},
		{strings.Replace(good, `"epcList":[]`, `"epcList":["urn:a:b","4012345"]`, 1),
			"/epcisBody/eventList/1/epcList/1", `"4012345" is no absolute URI`, "不是绝对 URI"},
		{strings.Replace(good, `"action"`, `"bizstep":"shipping","action"`, 1),
			"/epcisBody/eventList/1/bizstep", "give an extension a prefix, as example:bizstep", "扩展字段须带前缀"},
		{strings.Replace(good, `"action"`, `"bizStep":"urn:epcglobal:cbv:bizstep:shipping","action"`, 1),
			"/epcisBody/eventList/1/bizStep", "use shipping", "请用 shipping"},
		{strings.Replace(good, `"action"`, `"a/b~c":1,"action"`, 1), "/epcisBody/eventList/1/a~1b~0c", "prefix", "前缀"},
		{strings.Replace(good, "OBSERVE", "SEE", 1), "/epcisBody/eventList/1/action", "none of ADD, OBSERVE and DELETE", "之一"},
		{`{"type":"ObjectEvent"}`, "/epcisBody/eventList/1", "the field eventTime is missing; add it", "缺少字段 eventTime"},
		{`5`, "/epcisBody/eventList/1", "should be an event", "应为事件"},
	} {
		events := eventsOf(t, before+good+","+c.event+"]}}")
		if faults := events[0].Faults(); len(faults) > 0 {
			t.Errorf("the good event: %v", faults)
		}
		faults := events[1].Faults()
		if len(faults) == 0 {
			t.Errorf("%s: no fault", c.event)
			continue
		}
		f := faults[0]
		if f.Event != 1 || f.Pointer != c.pointer || !strings.Contains(f.Error(), c.english) || !strings.Contains(f.In("zh"), c.chinese) ||
			!strings.HasPrefix(f.Error(), "event 2, "+c.pointer+": ") || !strings.HasPrefix(f.In("zh"), "第 2 个事件 ") {
			t.Errorf("%s: got %+v, %q, %q", c.event, f, f.Error(), f.In("zh"))
		}
	}
	for _, document := range []string{`{"type":"EPCISDocument"}`, `{"type":"EPCISQueryDocument"}`, `{"eventList":[]}`, `[]`} {
		d, err := Read(strings.NewReader(document), DefaultLimits, func(int, *Event) error { return nil })
		if err != nil || len(d.Faults) == 0 || d.Faults[0].Event != -1 || d.Faults[0].Chinese == "" {
			t.Errorf("%s: %v, %v", document, d, err)
		}
	}
}
