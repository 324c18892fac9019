// Package trace is the member's side of traces: it files the events of an EPCIS
// document on the chains of the products that they concern, and compares a document
// with a chain.
//
//	Scan      what a document has, and what is wrong with it; before anything is sent
//	Capture   files it: batches, several transactions on their way, a report
//	Compare   what differs between events of a document and a chain
//	Leaves    the canonical forms of its events, as leaves of a manifest
//
// # From an event to products
//
// An event concerns the products that it names; each that is registered gets an entry
// in its chain. Which part it has in the event, and which others stand on the other
// side of it:
//
//	type                     field                            part    others
//	Object                   epcList, quantityList            object
//	Aggregation, Association parentID                         parent  the children
//	                         childEPCs, childQuantityList     child   the parent
//	Transaction              parentID, if not of DELETE       parent  epcList, quantityList
//	                         epcList, quantityList            child   parentID, else object
//	Transformation           outputEPCList, outputQuantityList output the inputs
//	                         inputEPCList, inputQuantityList  input   the outputs
//
// A transaction of DELETE ends what a business document says, not what is in what: all
// of its products are objects. A product on both sides is the output, or the parent.
// What the ledger cannot name (a class of locations, a wrong check digit) is left out
// of others, and reported.
//
// # Filed once
//
// What keeps an event from being filed twice is the ledger: a message says how many
// entries the chain has before, and an event is in a chain once, by its hash. So a run
// begins with what the chains have, whatever became of the transactions of a run
// before it: of two that say the same, one is refused.
//
// The journal has the ids of the transactions that were sent, durable before each is.
// An entry of a chain names its transaction: so the report of any later run tells what
// this document's capture has filed from what was there already.
package trace
