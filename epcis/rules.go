package epcis

import (
	"maps"
	"slices"
)

// eventRules is what an event of a type must be.
type eventRules struct {
	fieldRules
	rest rule // what more than its fields it must fulfil
}

var (
	checkEventID = checkURI

	errorDeclaration = &fieldRules{names: extension, required: []string{"declarationTime"}, rules: map[string]rule{
		"declarationTime": checkTime, "reason": coined(errorReasons), "correctiveEventIDs": listOf(checkEventID, 0, false),
	}}
	quantityElement = &fieldRules{names: noOther, required: []string{"epcClass"}, rules: map[string]rule{
		"epcClass": checkURI, "quantity": checkNumber, "uom": checkUnit,
	}}
	persistentDisposition = &fieldRules{names: noOther, rules: map[string]rule{
		"set": listOf(coined(dispositions), 1, true), "unset": listOf(coined(dispositions), 1, true),
	}}
	place = &fieldRules{names: anyName, required: []string{"id"}, rules: map[string]rule{"id": checkURI}}

	bizTransaction = &fieldRules{names: noOther, required: []string{"bizTransaction"}, rules: map[string]rule{
		"type": coined(bizTransactionTypes), "bizTransaction": checkURI,
	}}
	source = &fieldRules{names: noOther, required: []string{"type", "source"}, rules: map[string]rule{
		"type": coined(sourceTypes), "source": checkURI,
	}}
	destination = &fieldRules{names: noOther, required: []string{"type", "destination"}, rules: map[string]rule{
		"type": coined(sourceTypes), "destination": checkURI,
	}}
	sensorMetadata = &fieldRules{names: extension, rules: map[string]rule{
		"time": checkTime, "startTime": checkTime, "endTime": checkTime, "deviceID": checkURI, "deviceMetadata": checkURI,
		"rawData": checkURI, "dataProcessingMethod": checkURI, "bizRules": checkURI,
	}}
	sensorReport = &fieldRules{names: extension, required: []string{"type"}, rules: map[string]rule{
		"type": coined(measurementTypes), "exception": coined(alerts), "component": coined(components),
		"deviceID": checkURI, "deviceMetadata": checkURI, "rawData": checkURI, "dataProcessingMethod": checkURI,
		"bizRules": checkURI, "microorganism": checkURI, "chemicalSubstance": checkURI,
		"coordinateReferenceSystem": checkURI, "uriValue": checkURI, "time": checkTime,
		"stringValue": checkString, "uom": checkString, "booleanValue": checkBoolean, "hexBinaryValue": checkHex,
		"value": checkNumber, "minValue": checkNumber, "maxValue": checkNumber, "meanValue": checkNumber,
		"sDev": checkNumber, "percRank": checkNumber, "percValue": checkNumber,
	}}
	sensorElement = &fieldRules{names: extension, required: []string{"sensorReport"}, rules: map[string]rule{
		"sensorMetadata": sensorMetadata.rule(), "sensorReport": listOf(sensorReport.rule(), 1, false),
	}}
	ilmd = &fieldRules{names: extension}

	quantityList = listOf(quantityElement.rule(), 0, false)
	uriList      = listOf(checkURI, 0, false)
	epcList      = listOf(checkURI, 0, true)
)

// common is the fields that every event has.
var common = map[string]rule{
	"@context": checkContext, "type": nil, "eventTime": checkTime, "recordTime": checkTime, "eventTimeZoneOffset": checkOffset,
	"eventID": checkEventID, "certificationInfo": checkURIs, "errorDeclaration": errorDeclaration.rule(),
}

// shared is the fields that the five types of GS1 have.
var shared = map[string]rule{
	"bizStep": coined(bizSteps), "disposition": coined(dispositions), "readPoint": place.rule(), "bizLocation": place.rule(),
	"bizTransactionList": listOf(bizTransaction.rule(), 0, false), "sourceList": listOf(source.rule(), 0, false),
	"destinationList": listOf(destination.rule(), 0, false), "sensorElementList": listOf(sensorElement.rule(), 0, false),
}

func ofType(required string, rest rule, own map[string]rule) *eventRules {
	r := &eventRules{fieldRules{rules: make(map[string]rule), names: extension, required: []string{"eventTime", "eventTimeZoneOffset"}}, rest}
	for _, m := range []map[string]rule{common, shared, own} {
		maps.Copy(r.rules, m)
	}
	if required != "" {
		r.required = append(r.required, required)
	}
	return r
}

var containment = map[string]rule{
	"action": checkAction, "parentID": checkURI, "childEPCs": uriList, "childQuantityList": quantityList,
}

// eventTypes is the rules of the types that GS1 defines.
var eventTypes = map[string]*eventRules{
	"ObjectEvent": ofType("action", checkObject, map[string]rule{
		"action": checkAction, "epcList": epcList, "quantityList": quantityList,
		"persistentDisposition": checkPersistent, "ilmd": ilmd.rule(),
	}),
	"AggregationEvent": ofType("action", checkChildren, containment),
	"AssociationEvent": ofType("action", checkAssociation, containment),
	"TransactionEvent": ofType("action", checkTransaction, map[string]rule{
		"action": checkAction, "parentID": checkURI, "epcList": uriList, "quantityList": quantityList,
		"bizTransactionList": listOf(bizTransaction.rule(), 1, false),
	}),
	"TransformationEvent": ofType("", checkTransformation, map[string]rule{
		"inputEPCList": epcList, "inputQuantityList": quantityList, "outputEPCList": epcList, "outputQuantityList": quantityList,
		"transformationID": checkURI, "persistentDisposition": checkPersistent, "ilmd": ilmd.rule(),
	}),
}

// otherType is the rules of an event of a type that somebody else defines.
var otherType = &eventRules{fieldRules: fieldRules{rules: common, required: []string{"eventTime", "eventTimeZoneOffset"}}}

// checkEvent returns the faults of an event; alone is whether it needs a context
// of its own.
func checkEvent(v *value, at string, alone bool) []Fault {
	c := new(checker)
	if v.kind != object {
		c.add(at, "should be an event, an object {…}, not "+shown(v), "应为事件，即对象 {…}，而不是 "+shown(v))
		return c.faults
	}
	kind := v.get("type")
	switch {
	case kind == nil:
		c.add(at, "the field type is missing; add it, as ObjectEvent", "缺少字段 type，请补上，如 ObjectEvent")
		return c.faults
	case kind.kind != str:
		c.add(under(at, "type"), "should be a text, as \"ObjectEvent\", not "+shown(kind), "应为文本，如 \"ObjectEvent\"，而不是 "+shown(kind))
		return c.faults
	}
	rules, ok := eventTypes[kind.text]
	if !ok {
		rules = otherType
		if !isURI(kind.text) {
			list := "ObjectEvent, AggregationEvent, AssociationEvent, TransactionEvent, TransformationEvent"
			c.add(under(at, "type"), shown(kind)+" is no type of event; use one of "+list+", or a URI", shown(kind)+" 不是事件类型，请用 "+list+" 之一或 URI")
		}
	}
	rules.check(c, v, at)
	if rules.rest != nil {
		rules.rest(c, v, at)
	}
	if alone && v.get("@context") == nil {
		c.add(at, "the field @context is missing, which an event outside a document needs", "缺少字段 @context，不在文档内的事件必须有它")
	}
	return c.faults
}

// has reports whether a list among the names has an item.
func (v *value) has(names ...string) bool {
	return slices.ContainsFunc(names, func(n string) bool {
		list := v.get(n)
		return list != nil && len(list.items) > 0
	})
}

func checkPersistent(c *checker, v *value, at string) {
	persistentDisposition.check(c, v, at)
	if v.kind == object && v.get("set") == nil && v.get("unset") == nil {
		c.add(at, "has neither set nor unset; add one, or leave the field out", "既无 set 也无 unset，请补上一个或去掉本字段")
	}
}

func checkObject(c *checker, v *value, at string) {
	if v.get("epcList") == nil && !v.has("quantityList") && (!v.has("sensorElementList") || v.get("readPoint") == nil) {
		c.add(at, "an ObjectEvent names its objects in epcList or quantityList, or has a sensorElementList and a readPoint; add one",
			"ObjectEvent 须以 epcList 或 quantityList 指明对象，或同时有 sensorElementList 和 readPoint，请补上")
	}
	if v.get("ilmd") != nil && v.string("action") != "ADD" {
		c.add(under(at, "ilmd"), "is allowed in an ObjectEvent of action ADD only; leave it out", "ObjectEvent 仅在 action 为 ADD 时可有 ilmd，请去掉")
	}
}

func checkChildren(c *checker, v *value, at string) {
	if !v.has("childEPCs", "childQuantityList") && v.string("action") != "DELETE" {
		c.add(at, "childEPCs or childQuantityList should name what lies inside, except with action DELETE; add one",
			"须以 childEPCs 或 childQuantityList 指明所含对象（action 为 DELETE 时除外），请补上")
	}
}

func checkAssociation(c *checker, v *value, at string) {
	if v.get("parentID") == nil {
		c.add(at, "the field parentID is missing; add it", "缺少字段 parentID，请补上")
	}
	checkChildren(c, v, at)
}

func checkTransaction(c *checker, v *value, at string) {
	if v.get("bizTransactionList") == nil {
		c.add(at, "the field bizTransactionList is missing; add it", "缺少字段 bizTransactionList，请补上")
	}
	if v.get("epcList") == nil && !v.has("quantityList") && v.string("action") != "DELETE" {
		c.add(at, "epcList or quantityList should name the objects, except with action DELETE; add one",
			"须以 epcList 或 quantityList 指明对象（action 为 DELETE 时除外），请补上")
	}
}

func checkTransformation(c *checker, v *value, at string) {
	in, out := v.has("inputEPCList", "inputQuantityList"), v.has("outputEPCList", "outputQuantityList")
	if in && out || (in || out) && v.get("transformationID") != nil {
		return
	}
	c.add(at, "a TransformationEvent names inputs (inputEPCList, inputQuantityList) and outputs (outputEPCList, outputQuantityList), or one of them and a transformationID; add what is missing",
		"TransformationEvent 须指明输入（inputEPCList、inputQuantityList）和输出（outputEPCList、outputQuantityList），或其一加 transformationID，请补上所缺部分")
}
