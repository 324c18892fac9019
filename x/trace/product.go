package trace

import (
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// What there may be at most.
const (
	MaxCertificates = 64   // that a product relies on at a time
	MaxReporters    = 64   // of a product
	MaxRecalls      = 64   // that stand against a product at a time
	MaxEvents       = 1000 // in a message
	MaxOthers       = 256  // products that an event names
	MaxCorrects     = 64   // events that an event declares to have been in error

	maxName  = 200  // bytes
	maxNote  = 1000 // bytes
	maxWord  = 120  // bytes
	maxPlace = 255  // bytes

	// ahead is how much later than the block an event may be: clocks differ.
	ahead = 10 * time.Minute
	// maxOffset is the largest offset from UTC, in minutes.
	maxOffset = 14 * 60
)

// Ref names a certificate.
type Ref struct{ Issuer, Number string }

// Product is the record of a product.
type Product struct {
	URI            string
	Owner          string // member id
	NameZh, NameEn string
	Certificates   []Ref    // at present, in the order in which they were linked
	Reporters      []string // member ids, ascending
	Entries        uint64   // of the chain
	Head           sm3.Hash // of the chain
	Recalls        []uint64 // the entries of those that stand, ascending
	Uses           uint64
}

// Entry is one of a product's chain. Exactly one of the pointers is set.
type Entry struct {
	N      uint64   // from 1
	Member string   // that acted
	Key    [33]byte // that stands behind it
	Height uint64
	Time   time.Time // of the block
	Tx     sm3.Hash

	Registered   *Product // at 0 entries
	Event        *Event
	Certificates *CertificateChange
	Reporters    *ReporterChange
	Recall       *Recall
	Lift         *Lift
}

// Event is what is kept of an EPCIS event.
type Event struct {
	Hash        sm3.Hash
	Time        time.Time // UTC
	Offset      int       // from UTC where it happened, minutes
	Type        EventType
	Action      Action // none for a transformation
	Step        string // of the business, a word of the CBV or a URI; may be empty
	Disposition string
	Place       string
	Part        Part
	Others      []string   // canonical URIs, ascending
	Corrects    []sm3.Hash // ascending
}

// CertificateChange is what was linked and what no longer is.
type CertificateChange struct{ Add, Remove []Ref }

// ReporterChange has all reporters after it.
type ReporterChange struct{ Reporters []string }

// Recall warns of the product.
type Recall struct {
	NoteZh, NoteEn string
	Regulator      bool // made by one
}

// Lift ends the recall that an entry made.
type Lift struct {
	Recall uint64
	Note   string
}

// Use says which entry of another product's chain names a product.
type Use struct {
	By string
	N  uint64
}

// EventType is the type of an EPCIS event. The numbers are those of the protobuf
// enumeration, here and below.
type EventType uint8

// The types.
const (
	ObjectEvent         EventType = 1
	AggregationEvent    EventType = 2
	TransactionEvent    EventType = 3
	TransformationEvent EventType = 4
	AssociationEvent    EventType = 5
)

var typeNames = []string{"none", "ObjectEvent", "AggregationEvent", "TransactionEvent", "TransformationEvent", "AssociationEvent"}

// String returns the name as EPCIS has it.
func (t EventType) String() string { return nameOf(typeNames, t) }

// Action is that of an EPCIS event.
type Action uint8

// The actions.
const (
	NoAction Action = 0 // of a transformation
	Add      Action = 1
	Observe  Action = 2
	Delete   Action = 3
)

var actionNames = []string{"", "ADD", "OBSERVE", "DELETE"}

// String returns the name as EPCIS has it, empty for none.
func (a Action) String() string { return nameOf(actionNames, a) }

// Part is the part that a product has in an event.
type Part uint8

// The parts.
const (
	Object Part = 1 // the event is about it and nothing else
	Parent Part = 2
	Child  Part = 3
	Input  Part = 4
	Output Part = 5
)

var partNames = []string{"none", "object", "parent", "child", "input", "output"}

// String returns the name.
func (p Part) String() string { return nameOf(partNames, p) }

func nameOf[N ~uint8](names []string, n N) string {
	if int(n) < len(names) {
		return names[n]
	}
	return "unknown"
}

// upstream reports whether the others of an event are what the product was made
// of, or has in it.
func (p Part) upstream() bool { return p == Parent || p == Output }

// parts lists which parts there are in an event of each type.
var parts = [...][]Part{
	ObjectEvent:         {Object},
	AggregationEvent:    {Parent, Child},
	TransactionEvent:    {Object, Parent, Child},
	TransformationEvent: {Input, Output},
	AssociationEvent:    {Parent, Child},
}
