// Package epcis reads EPCIS 2.0 documents in JSON-LD (GS1 EPCIS Standard,
// release 2.0), checks them against the rules of GS1's JSON schema and computes
// the hash of each event (GS1 CBV Standard, release 2.0, section 8.9).
//
// # Documents
//
// An EPCISDocument, an EPCISQueryDocument, one event with its own @context, a
// list of such events, or an object with an eventList and a @context. Events
// are handed over one by one as they are read, so a document may be far larger
// than memory, as long as its @context comes before its events; otherwise the
// events wait until the context has been read. Numbers stay text, a key that
// occurs twice in an object is an error, and so is what is not UTF-8.
//
// # The hash of an event
//
// The pre-hash string is "eventType=" and the type, then the fields of the
// event in the order of CBV 2.0 as name=value, then extensions and ilmd, with
// nothing between them. From it come
//
//	ni:///sha-256;HEX?ver=CBV2.0   SHA-256, what trading partners exchange
//	SM3                            what the ledger holds
//
// The reference implementation and the prose of the standard differ in places.
// This package gives what the reference implementation (GS1 Germany's
// epcis-event-hash-generator, whose test vectors it passes) gives, so that
// partners arrive at the same hash:
//
//   - certificationInfo is hashed, after eventTimeZoneOffset; parentID before
//     epcList; bizTransactionList, sourceList and destinationList among the
//     extensions, after sensorElementList
//   - recordTime, eventID, errorDeclaration, comment and rdfs:comment are not
//     hashed, nor are the fields that a document names in ignoreFields of the
//     namespace https://repository-x.example.com/
//   - a time becomes UTC with three decimals: cut to microseconds, then rounded
//     half to even; in extensions it stays as it is
//   - a number is read as a double and written in its shortest form, a text that
//     looks like one too ("007" is 7), true and false are True and False
//   - bare words of the CBV become their URI wherever they stand in the event; a
//     CURIE becomes one if the context of the document names its prefix
//   - an EPC URN or Digital Link becomes the constrained Digital Link
//
// Where the reference implementation fails or depends on the order of keys,
// this package does not: see docs/epcis.md.
package epcis
