package evidence

import (
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// Limits of an anchor.
const (
	MaxLeaves    = 1 << 40
	MaxMethod    = 200 // bytes
	MaxReference = 60
	MaxProduct   = 255 // bytes of a product's URI
	// MaxAhead is how far the end of the capture may lie after the time of the
	// block: clocks differ, and the time of blocks trails by a heartbeat.
	MaxAhead = 10 * time.Minute
)

// Kind is what evidence is. The numbers are those of the protobuf enumeration.
type Kind uint8

// The kinds.
const (
	Report      Kind = 1 // test reports of a laboratory
	Inspection  Kind = 2 // reports of inspection
	Audit       Kind = 3
	Decision    Kind = 4
	Capture     Kind = 5 // fixed as instruments and sensors gave it
	Events      Kind = 6 // canonical forms of EPCIS events
	Supervision Kind = 7 // what a regulator found
	Other       Kind = 8
)

var kindNames = []string{"", "report", "inspection", "audit", "decision", "capture", "events", "supervision", "other"}

// Kinds lists the names of the kinds, in the order of their numbers.
func Kinds() []string { return kindNames[1:] }

// String returns the name of the kind.
func (k Kind) String() string { return name(kindNames, uint8(k)) }

// ParseKind returns the kind with a name.
func ParseKind(s string) (Kind, bool) {
	n, ok := number(kindNames, s)
	return Kind(n), ok
}

// Retention is how long the member keeps the content. The numbers are those of
// the protobuf enumeration.
type Retention uint8

// The classes of retention.
const (
	TwoYears  Retention = 1
	SixYears  Retention = 2
	TenYears  Retention = 3
	Permanent Retention = 4
)

var retentionNames = []string{"", "two-years", "six-years", "ten-years", "permanent"}

// Retentions lists the names of the classes, in the order of their numbers.
func Retentions() []string { return retentionNames[1:] }

// String returns the name of the class.
func (r Retention) String() string { return name(retentionNames, uint8(r)) }

// ParseRetention returns the class with a name.
func ParseRetention(s string) (Retention, bool) {
	n, ok := number(retentionNames, s)
	return Retention(n), ok
}

func name(names []string, n uint8) string {
	if n == 0 || int(n) >= len(names) {
		return "unknown"
	}
	return names[n]
}

func number(names []string, s string) (uint8, bool) {
	for i := 1; i < len(names); i++ {
		if names[i] == s {
			return uint8(i), true
		}
	}
	return 0, false
}

// Anchor is evidence that is fixed.
type Anchor struct {
	Member  string
	Kind    Kind
	Subject Subject
	// Root and Leaves are those of the tree: its root and how many leaves it has.
	Root   sm3.Hash
	Leaves uint64
	// From and To are the first and the last moment of capture, UTC.
	From, To  time.Time
	Method    string // for people; may be empty
	Retention Retention
}

// Record is an anchor as the state has it.
type Record struct {
	Anchor
	// Height and Time are those of the block that recorded it: the evidence was
	// there by then.
	Height  uint64
	Time    time.Time // UTC
	Tx      sm3.Hash  // SM3 of the transaction's body
	Signers []Signer
}

// Signer is a key that an act relies on.
type Signer struct {
	Member string
	Key    [33]byte // compressed SM2 public key
}

var idTag = func() (t [64]byte) {
	copy(t[:], "hallmark/anchor/v1")
	return t
}()

// ID is the name of an anchor:
//
//	SM3("hallmark/anchor/v1" ‖ zeros(46) ‖ encoded Anchor)
func (a *Anchor) ID() sm3.Hash { return sm3.Sum(append(idTag[:], EncodeAnchor(a)...)) }
