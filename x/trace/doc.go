// Package trace keeps products and what happened to them.
//
// A product is a class, a lot or an item, named by its canonical URI, which
// package gs1 judges. The operator that registers it owns it. What is recorded of
// it forms a chain of numbered entries: the registration, then events, and changes
// of its certificates, reporters and recalls. The record of the product has their
// number and the head of the chain, so that a list of entries is provably all of
// them:
//
//	head(0) = 32 zero bytes
//	head(n) = SM3("hallmark/trace/v1" in a block of 64 bytes ‖ head(n-1) ‖ SM3(entry n))
//
// The ledger keeps of an EPCIS 2.0 event its hash, and of its content what tells
// the way of a product: when, where, with which other products. docs/formats.md,
// section 20, has the bytes.
//
// # State
//
// Every key begins with 0x07 and a letter. U is a product's URI.
//
//	p U             the record of the product
//	e U n           entry n of its chain
//	h hash U        the number of the entry with the event of that hash
//	u U k           use k: which entry of another product's chain names it
//	o member U      products by owner
//	c certificate U products by certificate that they rely on at present
//
// # Who
//
//	                     owner  reporter  other members  regulator's approver
//	register             any operator becomes the owner
//	capture              yes    yes       no             no
//	certificates         yes    no        no             no
//	reporters            yes    no        no             no
//	recall               yes    no        no             yes
//	lift a recall        own    no        no             any
//
// A key of the duty operator signs, for a regulator an approver. A member that a
// regulator has stopped reports nothing; one that is suspended or was removed does
// not get past authentication.
//
// A product relies on certificates whose holder is its owner, so that nobody
// adorns a product with another's. Whether they are valid is not asked when they
// are linked: who reads the chain sees what they were at each event.
//
// # Events
//
// Entries are in the order in which they were filed. The times of events are the
// reporters'; reports may come late, but not from the future. An event is in a
// chain once, by its hash.
//
// An event in which the product is the output or the parent says what it was made
// of, or has in it. Each of those that is registered gets a use, numbered without
// gaps, so that the way downstream is complete and provable as well. One that is
// not registered is allowed; when it is registered later, its uses begin then.
// Whoever reports a link speaks for itself: the other product's chain confirms it
// by having the same event.
//
// # Recalls
//
// A recall stands against a product, and everything that its URI is a class or lot
// of: all of that if a regulator made it, the products of the same owner if the
// owner did. Anybody may register the URI of somebody else's class; what they say
// of it binds nobody else.
package trace
