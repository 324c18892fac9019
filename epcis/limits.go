package epcis

import "errors"

// Limits bound what a document may cost its reader.
type Limits struct {
	Bytes  int64 // of the document
	Event  int64 // bytes of one event, and of all that stands around the events
	Held   int64 // bytes of the events that wait for an @context or ignoreFields after them
	Events int   // in the document
	Depth  int   // of values in values, the document being 1
}

// DefaultLimits suit a file from a partner: a million events, 4 GiB.
var DefaultLimits = Limits{Bytes: 4 << 30, Event: 4 << 20, Held: 256 << 20, Events: 1_000_000, Depth: 64}

// The kinds of error that reading a document gives.
var (
	ErrJSON     = errors.New("epcis: not JSON")
	ErrLimit    = errors.New("epcis: over a limit")
	ErrDocument = errors.New("epcis: not an EPCIS document")
)
