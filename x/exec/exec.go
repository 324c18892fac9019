// Package exec is what a handler sees: the state it may change, the block and
// the authenticated signers it acts under, a place for events, and the two ways
// in which it can fail.
//
// A handler is a method of a module with the shape
//
//	func (m *Module) Issue(c *exec.Context, msg *certificatev1.Issue) error
//
// It returns nil; a *Refusal, which becomes the code and text that the submitter
// sees and drops what the message wrote; or any other error, which is a fault:
// the node cannot go on with this block, and no transaction code is made of it.
package exec

import (
	"slices"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// Block says which block is being executed.
type Block struct {
	ChainID string
	Height  uint64
	Time    time.Time // of the block, UTC
}

// Today is the civil date in Beijing at the time of the block.
func (b Block) Today() civil.Date { return civil.DateOf(b.Time) }

// Signer is an authenticated signature that a message relies on: the key was
// valid for Duty and its member in good standing when the block was executed.
type Signer struct {
	Member string
	Key    [33]byte // compressed SM2 public key
	Duty   Duty
	Holder string // opaque id of the person behind the key
}

// Duty is what a key may do. The numbers are those of the protobuf enumeration.
type Duty uint8

// The duties of design §1.
const (
	DutyAdmin     Duty = 1 // manages the member's keys
	DutyOperator  Duty = 2 // ordinary records
	DutyCertifier Duty = 3 // decides on certification
	DutyApprover  Duty = 4 // signs as head of the body
)

// String returns the name of the duty.
func (d Duty) String() string {
	switch d {
	case DutyAdmin:
		return "admin"
	case DutyOperator:
		return "operator"
	case DutyCertifier:
		return "certifier"
	case DutyApprover:
		return "approver"
	}
	return "unknown"
}

// Context is the world of one message. One goroutine uses it, while the handler
// runs.
type Context struct {
	Block
	// Store is the state. What the handler writes stays if it returns nil, and
	// is discarded otherwise.
	Store store.ReadWriter
	// TxID is SM3 of the transaction's body, Index the message's place in it.
	TxID  sm3.Hash
	Index int
	// Actor is the member that the message acts for.
	Actor string
	// Signers are those of the transaction that the message relies on, in its
	// order. At least one is the actor's.
	Signers []Signer

	events []Event
}

// Event is one change, for the feed and for indexes. Names and attribute keys
// are stable; see docs/events.md.
type Event struct {
	Type       string
	Attributes []Attribute
}

// Attribute is one name and value of an event.
type Attribute struct{ Key, Value string }

// Emit adds an event; pairs are keys and values in turn. The events of a refused
// message are dropped.
func (c *Context) Emit(kind string, pairs ...string) {
	e := Event{Type: kind, Attributes: make([]Attribute, 0, len(pairs)/2)}
	for i := 0; i+1 < len(pairs); i += 2 {
		e.Attributes = append(e.Attributes, Attribute{pairs[i], pairs[i+1]})
	}
	c.events = append(c.events, e)
}

// Events returns what was emitted, in order.
func (c *Context) Events() []Event { return c.events }

// Signed returns the actor's signers with the given duty.
func (c *Context) Signed(duty Duty) []Signer {
	return slices.DeleteFunc(slices.Clone(c.Signers), func(s Signer) bool { return s.Duty != duty || s.Member != c.Actor })
}

// FourEyes reports whether a certifier and an approver of the actor, different
// in key and in holder, stand behind the message.
func (c *Context) FourEyes() bool {
	for i := range c.Signers {
		a := &c.Signers[i]
		if a.Member != c.Actor || a.Duty != DutyCertifier {
			continue
		}
		for j := range c.Signers {
			b := &c.Signers[j]
			if b.Member == c.Actor && b.Duty == DutyApprover && a.Key != b.Key && a.Holder != b.Holder {
				return true
			}
		}
	}
	return false
}
