package epcis

import (
	"slices"
	"strings"
)

// wordsOf returns the URIs of GS1's vocabularies that an event refers to, once
// each: the bare words and CURIEs of its fields, as JSON-LD expands them, and
// values that are such URIs.
func wordsOf(event *value, c *ldContext) []string {
	w := &wordFinder{context: c}
	w.walk(event, "", nil)
	return w.uris
}

type wordFinder struct {
	context *ldContext
	uris    []string
}

func (w *wordFinder) add(uri string) {
	if (strings.HasPrefix(uri, "https://ref.gs1.org/cbv") || strings.HasPrefix(uri, "https://gs1.org/voc")) &&
		!slices.Contains(w.uris, uri) {
		w.uris = append(w.uris, uri)
	}
}

// walk looks at v, the value of the field name; coined are the words that fields
// take where v lies.
func (w *wordFinder) walk(v *value, name string, coined map[string]*wordSet) {
	switch v.kind {
	case str:
		w.text(v.text, name, coined)
	case array:
		for i := range v.items {
			w.walk(&v.items[i], name, coined)
		}
	case object:
		if inner, ok := coinedIn[name]; ok {
			coined = inner
		}
		for i, key := range v.keys {
			if w.isField(key) {
				w.walk(&v.items[i], key, coined)
			}
		}
	case null, boolean, number:
	}
}

func (w *wordFinder) text(s, name string, coined map[string]*wordSet) {
	words := coined[name]
	if words == nil && (name == "bizStep" || name == "disposition") {
		words = coinedIn[""][name]
	}
	switch {
	case words != nil:
		if uri, ok := words.uris[s]; ok {
			w.add(uri)
			return
		}
		w.add(w.context.expandIRI(s, true))
	case name == "type":
		w.add(w.context.expandIRI(s, true))
	case isReference[name]:
		w.add(w.context.expandIRI(s, false))
	default:
		w.add(s)
	}
}

// isField reports whether JSON-LD keeps a field: one of EPCIS, one with a prefix
// or one that the document defines.
func (w *wordFinder) isField(key string) bool {
	if strings.Contains(key, ":") || standardFields[key] {
		return true
	}
	_, ok := w.context.term(key)
	return ok
}

// isReference has the fields whose value is a URI.
var isReference = fieldSet(`certificationInfo bizLocation readPoint id transformationID epcList epcClass parentID childEPCs
	inputEPCList outputEPCList source destination bizTransaction deviceID deviceMetadata rawData dataProcessingMethod
	bizRules coordinateReferenceSystem microorganism chemicalSubstance uriValue correctiveEventIDs eventID`)

// standardFields has those and all the others that EPCIS defines for an event.
var standardFields = fieldSet(`certificationInfo bizLocation readPoint id transformationID epcList epcClass parentID childEPCs
	inputEPCList outputEPCList source destination bizTransaction deviceID deviceMetadata rawData dataProcessingMethod
	bizRules coordinateReferenceSystem microorganism chemicalSubstance uriValue correctiveEventIDs eventID
	type eventTime recordTime eventTimeZoneOffset action bizStep disposition persistentDisposition set unset
	quantity uom quantityList childQuantityList inputQuantityList outputQuantityList bizTransactionList sourceList
	destinationList sensorElementList sensorMetadata sensorReport time startTime endTime exception value component
	stringValue booleanValue hexBinaryValue minValue maxValue meanValue sDev percRank percValue errorDeclaration reason
	declarationTime ilmd`)

func fieldSet(list string) map[string]bool {
	set := make(map[string]bool)
	for _, f := range strings.Fields(list) {
		set[f] = true
	}
	return set
}

// fullWord returns the one URI that ends with -word or /word, or word itself.
func fullWord(word string, uris []string) string {
	found := ""
	for _, uri := range uris {
		n := len(uri) - len(word)
		if n > 0 && (uri[n-1] == '-' || uri[n-1] == '/') && uri[n:] == word {
			if found != "" {
				return word
			}
			found = uri
		}
	}
	if found == "" {
		return word
	}
	return found
}
