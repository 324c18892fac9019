package epcis

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/x/trace/gs1"
)

// Event is an event of a document, as far as tracing needs it. A field that the
// event does not have, or that is not of the form it should be, is empty or
// zero: see [Event.Faults].
type Event struct {
	Type       string
	ID         string
	Time       time.Time // UTC
	Offset     string    // eventTimeZoneOffset, as +08:00
	RecordTime time.Time // UTC
	Action     string    // ADD, OBSERVE, DELETE

	// URIs: words of the CBV in full, EPCs and Digital Links constrained.
	BizStep          string
	Disposition      string
	ReadPoint        string
	BizLocation      string
	TransformationID string

	Products []Mention
	Error    *ErrorDeclaration // nil: the event is not declared erroneous

	value   value
	context *ldContext
	ignored []string
	pointer string // of the event in the document
	index   int
	alone   bool // not in a document
	prehash string
}

// Role is what a product is in an event: the name of the field that it is in.
type Role string

// The roles.
const (
	RoleEPC            Role = "epcList"
	RoleParent         Role = "parentID"
	RoleChild          Role = "childEPCs"
	RoleInput          Role = "inputEPCList"
	RoleOutput         Role = "outputEPCList"
	RoleQuantity       Role = "quantityList"
	RoleChildQuantity  Role = "childQuantityList"
	RoleInputQuantity  Role = "inputQuantityList"
	RoleOutputQuantity Role = "outputQuantityList"
)

var roles = []Role{
	RoleEPC, RoleParent, RoleChild, RoleInput, RoleOutput,
	RoleQuantity, RoleChildQuantity, RoleInputQuantity, RoleOutputQuantity,
}

// Mention is a product named in an event.
type Mention struct {
	Role     Role
	URI      string      // as it stands in the event
	Product  gs1.Product // its name on the ledger; the zero value if Err is set
	Err      error       // why URI cannot be that: see package gs1
	Quantity string      // a number as it stands in the event; empty: not given, or an item
	Unit     string      // of the quantity, UN/ECE recommendation 20; empty: pieces
}

// ErrorDeclaration says that an event of this ID was wrong.
type ErrorDeclaration struct {
	Time       time.Time // UTC
	Reason     string    // a URI
	Corrective []string  // the IDs of the events that put it right
}

// Hash is the hash of an event.
type Hash struct {
	SHA256 [sha256.Size]byte
	SM3    sm3.Hash
}

// URI returns the hash as CBV 2.0 writes it: ni:///sha-256;HEX?ver=CBV2.0.
func (h Hash) URI() string { return "ni:///sha-256;" + hex.EncodeToString(h.SHA256[:]) + "?ver=CBV2.0" }

// Prehash returns the canonical string of the event (CBV 2.0, section 8.9).
func (e *Event) Prehash() string {
	if e.prehash == "" {
		e.prehash = treeOf(&e.value, e.context, e.ignored).prehash()
	}
	return e.prehash
}

// Hash returns SHA-256 and SM3 of the canonical string.
func (e *Event) Hash() Hash {
	s := []byte(e.Prehash())
	return Hash{SHA256: sha256.Sum256(s), SM3: sm3.Sum(s)}
}

// Pointer returns the JSON pointer of the event in its document.
func (e *Event) Pointer() string { return e.pointer }

// Faults returns how the event breaks the rules of EPCIS 2.0, in the order of
// its fields; none if it is valid.
func (e *Event) Faults() []Fault {
	faults := checkEvent(&e.value, e.pointer, e.alone)
	for i := range faults {
		faults[i].Event = e.index
	}
	return faults
}

// view fills the exported fields in.
func (e *Event) view() {
	v := &e.value
	e.Type, e.ID, e.Action, e.Offset = v.string("type"), v.string("eventID"), v.string("action"), v.string("eventTimeZoneOffset")
	e.Time, _ = parseTime(trim(v.string("eventTime")))
	e.RecordTime, _ = parseTime(trim(v.string("recordTime")))
	e.BizStep = e.word(v.string("bizStep"), bizSteps)
	e.Disposition = e.word(v.string("disposition"), dispositions)
	e.TransformationID = e.reference(v.string("transformationID"))
	e.ReadPoint, e.BizLocation = e.place("readPoint"), e.place("bizLocation")
	for _, role := range roles {
		if f := v.get(string(role)); f != nil {
			e.mention(role, f)
		}
	}
	if d := v.get("errorDeclaration"); d != nil {
		e.Error = &ErrorDeclaration{Reason: e.word(d.string("reason"), errorReasons)}
		e.Error.Time, _ = parseTime(trim(d.string("declarationTime")))
		if ids := d.get("correctiveEventIDs"); ids != nil {
			for i := range ids.items {
				e.Error.Corrective = append(e.Error.Corrective, ids.items[i].text)
			}
		}
	}
}

// string returns the text of a member, empty if it is no string.
func (v *value) string(key string) string {
	if m := v.get(key); m != nil && m.kind == str {
		return m.text
	}
	return ""
}

func (e *Event) word(s string, words *wordSet) string {
	if words.has(s) {
		return words.prefix + s
	}
	if s == "" {
		return ""
	}
	return vocabulary.Replace(e.context.expandIRI(s, true))
}

func (e *Event) reference(s string) string {
	s = e.context.expandIRI(s, false)
	if link, ok := constrainedLink(s); ok {
		return link
	}
	return s
}

func (e *Event) place(field string) string {
	if p := e.value.get(field); p != nil {
		return e.reference(p.string("id"))
	}
	return ""
}

// mention adds the products that f, the field of a role, names.
func (e *Event) mention(role Role, f *value) {
	switch {
	case f.kind == array:
		for i := range f.items {
			e.mention(role, &f.items[i])
		}
	case f.kind == object:
		m := Mention{Role: role, URI: f.string("epcClass"), Unit: f.string("uom")}
		if q := f.get("quantity"); q != nil && q.kind == number {
			m.Quantity = q.text
		}
		e.add(m)
	case f.kind == str:
		e.add(Mention{Role: role, URI: f.text})
	}
}

func (e *Event) add(m Mention) {
	m.Product, m.Err = gs1.NameProduct(e.context.expandIRI(strings.TrimSpace(m.URI), false))
	e.Products = append(e.Products, m)
}
