package epcis

import (
	"slices"
	"strings"
)

// field is a field of an event in the order of hashing, with what it holds.
type field struct {
	name string
	in   []field
}

func fields(names string) (list []field) {
	for _, n := range strings.Fields(names) {
		list = append(list, field{name: n})
	}
	return list
}

var (
	epcs       = fields("epc")
	quantities = []field{{"quantityElement", fields("epcClass quantity uom")}}
	places     = fields("id")
)

// order is the fields of an event in the order in which they are hashed. Those
// that are not in it come after, with the extensions.
var order = slices.Concat(
	fields("eventTime eventTimeZoneOffset certificationInfo parentID"),
	[]field{
		{"epcList", epcs}, {"inputEPCList", epcs}, {"childEPCs", epcs}, {"quantityList", quantities},
		{"childQuantityList", quantities}, {"inputQuantityList", quantities}, {"outputEPCList", epcs},
		{"outputQuantityList", quantities},
	},
	fields("action transformationID bizStep disposition"),
	[]field{
		{"persistentDisposition", fields("set unset")}, {"readPoint", places}, {"bizLocation", places},
		{"sensorElementList", []field{{"sensorElement", []field{
			{"sensorMetadata", fields("time startTime endTime deviceID deviceMetadata rawData dataProcessingMethod bizRules")},
			{"sensorReport", fields(`type exception deviceID deviceMetadata rawData dataProcessingMethod time microorganism
				chemicalSubstance value component stringValue booleanValue hexBinaryValue uriValue minValue maxValue
				meanValue sDev percRank percValue uom coordinateReferenceSystem`)},
		}}}},
	},
)

// prehash returns the pre-hash string of an event. It uses the tree up.
func (n *node) prehash() string {
	standard := n.ordered(order)
	rest := slices.DeleteFunc(n.below, func(m *node) bool {
		return m.name == "recordTime" || m.name == "eventID" || m.name == "type" || m.name == "errorDeclaration"
	})
	return "eventType=" + n.name + standard + unordered(rest)
}

// ordered returns what lies below n in the order of list, values of one name
// sorted, then the extensions of n. What it returned is taken from the tree;
// what list does not know stays.
func (n *node) ordered(list []field) string {
	var b strings.Builder
	extensions := n.takeExtensions()
	for i := range list {
		f := &list[i]
		var values []string
		n.below = slices.DeleteFunc(n.below, func(m *node) bool {
			if m.name != f.name || m.pair {
				return false
			}
			if s := m.value(f.in); s != "" {
				values = append(values, s)
			}
			return len(m.below) == 0
		})
		slices.Sort(values)
		for _, v := range values {
			b.WriteString(v)
		}
	}
	b.WriteString(unordered(extensions))
	return b.String()
}

// value returns name=text and what lies below in the order of list; nothing if
// there is neither.
func (n *node) value(list []field) string {
	below := ""
	if len(list) > 0 {
		below = n.ordered(list)
	}
	text := trim(n.text)
	switch {
	case n.text == "":
	case isTime(n.name):
		text = canonicalTime(text)
	default:
		text = canonicalText(text)
	}
	if text != "" {
		return n.name + "=" + text + below
	}
	if below != "" {
		return n.name + below
	}
	return ""
}

// takeExtensions takes the extensions of a standard field from below it: those
// whose namespace ends with a slash. An event keeps its own, and so does a field
// with nothing else in it, or with a name in it that holds eventTime or action.
func (n *node) takeExtensions() (extensions []*node) {
	if len(n.below) <= 1 {
		return nil
	}
	for _, m := range n.below {
		if strings.Contains(m.name, "eventTime") || strings.Contains(m.name, "action") {
			return nil
		}
	}
	n.below = slices.DeleteFunc(n.below, func(m *node) bool {
		take := strings.Contains(m.name, "{") && strings.Contains(m.name, "/}")
		if take {
			extensions = append(extensions, m)
		}
		return take
	})
	return extensions
}

// unordered returns list sorted by what it is hashed as.
func unordered(list []*node) string {
	values := make([]string, 0, len(list))
	keep := false
	for _, n := range list {
		if n.pair {
			values = append(values, unordered(n.below))
			continue
		}
		keep = keep || n.name == "bizTransaction" || n.name == "source" || n.name == "destination"
		text := trim(n.text)
		if text != "" {
			text = "=" + canonicalText(text)
		}
		values = append(values, n.name+text+unordered(n.below))
	}
	if !keep { // where it is kept the type comes first
		slices.Sort(values)
	}
	return strings.Join(values, "")
}
