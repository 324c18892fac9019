package epcis

import (
	"slices"
	"strconv"
	"strings"
)

// The rules of what stands around the events.
var (
	attribute = &fieldRules{required: []string{"id"}, rules: map[string]rule{"id": checkURI, "attribute": checkAttribute}}

	vocabularyElement = &fieldRules{required: []string{"id"}, rules: map[string]rule{
		"id": checkURI, "attributes": listOf(attribute.rule(), 0, false), "children": uriList,
	}}
	vocabularyRules = &fieldRules{required: []string{"type"}, rules: map[string]rule{
		"type": checkURI, "vocabularyElementList": listOf(vocabularyElement.rule(), 0, false),
	}}
	vocabularies = listOf(vocabularyRules.rule(), 0, false)
	masterData   = &fieldRules{rules: map[string]rule{"vocabularyList": vocabularies}}
	header       = &fieldRules{names: extension, rules: map[string]rule{"epcisMasterData": masterData.rule()}}

	documentBody  = &fieldRules{required: []string{"eventList"}, rules: map[string]rule{"eventList": checkEvents}}
	documentRules = &fieldRules{
		names: extension, required: []string{"@context", "schemaVersion", "creationDate", "epcisBody"},
		rules: map[string]rule{
			"@context": checkContext, "id": checkURI, "type": nil, "schemaVersion": checkVer, "creationDate": checkTime,
			"instanceIdentifier": checkString, "sender": checkString, "receiver": checkString,
			"epcisHeader": header.rule(), "epcisBody": documentBody.rule(),
		},
	}

	resultsBody = &fieldRules{names: extension, required: []string{"eventList"}, rules: map[string]rule{
		"eventList": checkEvents, "vocabularyList": vocabularies,
	}}
	queryResults = &fieldRules{names: extension, required: []string{"queryName", "resultsBody"}, rules: map[string]rule{
		"queryName": checkString, "subscriptionID": checkString, "resultsBody": resultsBody.rule(),
	}}
	queryBody  = &fieldRules{names: extension, required: []string{"queryResults"}, rules: map[string]rule{"queryResults": queryResults.rule()}}
	queryRules = &fieldRules{
		names: extension, required: []string{"@context", "epcisBody"},
		rules: map[string]rule{
			"@context": checkContext, "id": checkURI, "type": nil, "schemaVersion": checkVer, "creationDate": checkTime,
			"epcisBody": queryBody.rule(),
		},
	}
)

// checkDocument returns the faults of a document without its events.
func checkDocument(frame *value) []Fault {
	c := new(checker)
	switch kind := frame.string("type"); kind {
	case "EPCISDocument":
		documentRules.check(c, frame, "")
	case "EPCISQueryDocument":
		queryRules.check(c, frame, "")
	default:
		c.add("/type", "should be \"EPCISDocument\" or \"EPCISQueryDocument\" where there is a list of events", "有事件列表的文档，此处应为 \"EPCISDocument\" 或 \"EPCISQueryDocument\"")
	}
	return c.faults
}

// checkEvents: the events themselves are checked one by one.
func checkEvents(c *checker, v *value, at string) {
	if v.kind != array {
		c.add(at, "should be a list […] of events, not "+shown(v), "应为事件列表 […]，而不是 "+shown(v))
	}
}

func checkAttribute(c *checker, v *value, at string) {
	if v.kind != str && v.kind != number && v.kind != object {
		c.add(at, "should be a text, a number or an object, not "+shown(v), "应为文本、数字或对象，而不是 "+shown(v))
	}
}

// checkContext: a URI, an object, or a list of those without repetition.
func checkContext(c *checker, v *value, at string) {
	if v.kind == array {
		for i := range v.items {
			if v.items[i].kind != object {
				checkURI(c, &v.items[i], at+"/"+strconv.Itoa(i))
			}
		}
		checkUnique(c, v, at)
		return
	}
	if v.kind != object {
		checkURI(c, v, at)
	}
}

// identity is a text that two values share exactly if they are equal as JSON:
// whatever the order of keys, and numbers by their value.
func (v *value) identity() string {
	var b strings.Builder
	v.identify(&b)
	return b.String()
}

func (v *value) identify(b *strings.Builder) {
	b.WriteByte("0btsao"[v.kind])
	switch v.kind {
	case number:
		b.WriteString(canonicalNumber(v.text))
	case boolean:
		b.WriteString(v.text)
	case str:
		b.WriteString(strconv.Quote(v.text))
	case array:
		for i := range v.items {
			b.WriteByte(',')
			v.items[i].identify(b)
		}
		b.WriteByte(']')
	case object:
		keys := slices.Sorted(slices.Values(v.keys))
		for _, k := range keys {
			b.WriteString(strconv.Quote(k))
			v.get(k).identify(b)
		}
		b.WriteByte('}')
	case null:
	}
}
