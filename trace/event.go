package trace

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/epcis"
	xtrace "github.com/hallmark-ledger/hallmark/x/trace"
)

// Event is an event of a document, as ledgers keep it.
type Event struct {
	Index int    // in the document, from 0
	ID    string // eventID; may be empty
	Hash  sm3.Hash
	// Parts are the products that it concerns, in the order in which it names them.
	Parts []Part
	// Unnamed are URIs that cannot be a product's name.
	Unnamed []string
}

// Part is a product and what its chain keeps of the event.
type Part struct {
	Product string
	Event   *xtrace.Event
}

// Of returns what the chain of a product keeps of the event, nil if it does not
// concern it.
func (e *Event) Of(product string) *xtrace.Event {
	for i := range e.Parts {
		if e.Parts[i].Product == product {
			return e.Parts[i].Event
		}
	}
	return nil
}

// NewEvent returns event i of a document. corrects has the hashes of the events that
// it puts right. The error says what ledgers cannot keep of it; the event then has its
// hash and products all the same.
func NewEvent(i int, e *epcis.Event, corrects []sm3.Hash) (*Event, error) {
	out := &Event{Index: i, ID: e.ID, Hash: e.Hash().SM3}
	base, err := baseOf(e, out.Hash, corrects)
	sides := sidesOf(e, out)
	seen := map[string]bool{}
	for _, s := range sides {
		for _, p := range s.products {
			if seen[p] {
				continue
			}
			seen[p] = true
			event := *base
			event.Part = s.part
			if s.part != xtrace.Object {
				event.Others = without(s.others, p)
			}
			out.Parts = append(out.Parts, Part{p, &event})
		}
	}
	return out, err
}

// side is the products that have one part in an event; others are ascending, each
// once.
type side struct {
	part             xtrace.Part
	products, others []string
}

// sidesOf divides the products of an event; that of the output or the parent first,
// since a product on both sides counts for it.
func sidesOf(e *epcis.Event, out *Event) []side {
	named := map[bool][]string{} // whether above: parents and outputs
	for _, m := range e.Products {
		if m.Err != nil {
			if m.URI != "" {
				out.Unnamed = append(out.Unnamed, m.URI)
			}
			continue
		}
		above := m.Role == epcis.RoleParent || m.Role == epcis.RoleOutput || m.Role == epcis.RoleOutputQuantity
		named[above] = append(named[above], m.Product.String())
	}
	above, below := named[true], named[false]
	upper, lower := xtrace.Parent, xtrace.Child
	switch e.Type {
	case "ObjectEvent":
		return []side{{xtrace.Object, append(above, below...), nil}}
	case "TransformationEvent":
		upper, lower = xtrace.Output, xtrace.Input
	case "TransactionEvent":
		if len(above) == 0 || e.Action == "DELETE" {
			return []side{{xtrace.Object, append(above, below...), nil}}
		}
	}
	return []side{{upper, above, ascending(below)}, {lower, below, ascending(above)}}
}

// ascending returns the list in the order of bytes, each once.
func ascending(list []string) []string {
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}

// without returns an ascending list without one of it; it shares what it does not
// change.
func without(list []string, s string) []string {
	i, ok := slices.BinarySearch(list, s)
	if !ok {
		return list
	}
	return append(list[:i:i], list[i+1:]...)
}

// What stands before bare words of the CBV.
const (
	stepPrefix        = "https://ref.gs1.org/cbv/BizStep-"
	dispositionPrefix = "https://ref.gs1.org/cbv/Disp-"
)

// baseOf returns what is the same for all products of an event.
func baseOf(e *epcis.Event, hash sm3.Hash, corrects []sm3.Hash) (out *xtrace.Event, err error) {
	out = &xtrace.Event{
		Hash: hash, Time: e.Time.UTC(),
		Step: word(e.BizStep, stepPrefix), Disposition: word(e.Disposition, dispositionPrefix), Place: word(e.ReadPoint, ""),
	}
	if out.Place == "" {
		out.Place = word(e.BizLocation, "")
	}
	for t := xtrace.ObjectEvent; t <= xtrace.AssociationEvent; t++ {
		if t.String() == e.Type {
			out.Type = t
		}
	}
	if out.Type == 0 {
		return out, fmt.Errorf("ledgers keep no events of type %q", e.Type)
	}
	for a := xtrace.NoAction; a <= xtrace.Delete; a++ {
		if a.String() == e.Action {
			out.Action = a
		}
	}
	if out.Offset, err = minutes(e.Offset); err != nil {
		return out, err
	}
	for _, h := range corrects {
		if h != hash {
			out.Corrects = append(out.Corrects, h)
		}
	}
	slices.SortFunc(out.Corrects, func(a, b sm3.Hash) int { return slices.Compare(a[:], b[:]) })
	out.Corrects = slices.Compact(out.Corrects)
	return out, nil
}

// word is a word of the CBV without what stands before it, or a URI, in ASCII.
func word(s, prefix string) string {
	if prefix != "" {
		if bare, ok := strings.CutPrefix(s, prefix); ok {
			return bare
		}
	}
	var out strings.Builder
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' { // the URI of an IRI (RFC 3987, section 3.1)
			out.WriteString(url.PathEscape(s[i : i+1]))
			continue
		}
		out.WriteByte(s[i])
	}
	return out.String()
}

// minutes reads an offset, as +08:00.
func minutes(s string) (int, error) {
	if s == "Z" {
		return 0, nil
	}
	if len(s) != 6 || s[0] != '+' && s[0] != '-' || s[3] != ':' {
		return 0, fmt.Errorf("the offset %q is not of the form +08:00", s)
	}
	n := 0
	for _, i := range []int{1, 2, 4, 5} {
		if s[i] < '0' || s[i] > '9' {
			return 0, fmt.Errorf("the offset %q is not of the form +08:00", s)
		}
	}
	n = 60*(10*int(s[1]-'0')+int(s[2]-'0')) + 10*int(s[4]-'0') + int(s[5]-'0')
	if s[0] == '-' {
		n = -n
	}
	return n, nil
}

// ErrNoProduct: an event names nothing that can be a product on a ledger.
var ErrNoProduct = errors.New("the event names no product that a ledger can name")

// check reports what a ledger would refuse of an event, whatever its state, of all
// products alike.
func (e *Event) check() error {
	if len(e.Parts) == 0 {
		return ErrNoProduct
	}
	alone := *e.Parts[0].Event
	alone.Others = nil
	return xtrace.CheckEvent(e.Parts[0].Product, &alone)
}
