package trace

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"strconv"
	"strings"

	"github.com/hallmark-ledger/hallmark/api"
)

// States of an event and a product.
const (
	StateFiled        = "filed"        // by the capture of this document, in this run or one before
	StatePresent      = "present"      // it was in the chain already
	StateRefused      = "refused"      // by the ledger, or for its rules
	StateInvalid      = "invalid"      // the event has faults and was left out
	StateUnregistered = "unregistered" // the product is not registered
	StateUnnamed      = "unnamed"      // what the event names is no name of a product
	StatePlanned      = "planned"      // it would be filed (a dry run)
)

// Line is what became of an event for one product.
type Line struct {
	Event   int       `json:"event"` // from 1
	ID      string    `json:"id,omitempty"`
	Hash    string    `json:"hash,omitempty"`
	Product string    `json:"product,omitempty"`
	State   string    `json:"state"`
	Entry   uint64    `json:"entry,omitempty"` // of the product's chain
	Tx      string    `json:"tx,omitempty"`
	Height  uint64    `json:"height,omitempty"`
	Code    uint32    `json:"code,omitempty"` // of the refusal; see docs/codes.md
	Name    string    `json:"name,omitempty"`
	Text    *api.Text `json:"text,omitempty"`
	Detail  string    `json:"detail,omitempty"`
}

func (l *Line) refuse(r *api.Refusal) {
	l.State, l.Code, l.Name, l.Text, l.Detail = StateRefused, r.Code, r.Name, &r.Text, r.Detail
}

// Summary counts lines by their state.
type Summary struct {
	Events       int `json:"events"` // of the document
	Read         int `json:"read"`   // of them, so far
	Filed        int `json:"filed"`
	Present      int `json:"present"`
	Refused      int `json:"refused"`
	Invalid      int `json:"invalid"`
	Unregistered int `json:"unregistered"`
	Unnamed      int `json:"unnamed"`
	Planned      int `json:"planned,omitempty"`
	// Nowhere is how many events are in no chain at all.
	Nowhere int `json:"nowhere"`
	// Products are the first of those that are not registered, by their order in the
	// document.
	Products []string `json:"products,omitempty"`
}

// maxProducts is how many products a summary names.
const maxProducts = 20

func (s *Summary) count(l *Line) {
	switch l.State {
	case StateFiled:
		s.Filed++
	case StatePresent:
		s.Present++
	case StateRefused:
		s.Refused++
	case StateInvalid:
		s.Invalid++
	case StateUnregistered:
		s.Unregistered++
	case StateUnnamed:
		s.Unnamed++
	case StatePlanned:
		s.Planned++
	}
}

// ReportWriter writes lines as CSV with a header, or as JSON Lines.
type ReportWriter struct {
	csv  *csv.Writer
	json *json.Encoder
}

// NewReportWriter returns a writer of JSON Lines if the name ends in .jsonl, else of
// CSV.
func NewReportWriter(out io.Writer, name string) (*ReportWriter, error) {
	if strings.HasSuffix(name, ".jsonl") {
		e := json.NewEncoder(out)
		e.SetEscapeHTML(false)
		return &ReportWriter{json: e}, nil
	}
	w := &ReportWriter{csv: csv.NewWriter(out)}
	return w, w.csv.Write([]string{"event", "id", "hash", "product", "state", "entry", "tx", "height", "code", "name", "text_en", "text_zh", "detail"}) //nolint:wrapcheck // of the file
}

// Write writes a line.
func (w *ReportWriter) Write(l *Line) error {
	if w.json != nil {
		return w.json.Encode(l) //nolint:wrapcheck // of the file
	}
	number := func(n uint64) string {
		if n == 0 {
			return ""
		}
		return strconv.FormatUint(n, 10)
	}
	var t api.Text
	if l.Text != nil {
		t = *l.Text
	}
	return w.csv.Write([]string{ //nolint:wrapcheck // of the file
		strconv.Itoa(l.Event), l.ID, l.Hash, l.Product, l.State, number(l.Entry), l.Tx, number(l.Height), number(uint64(l.Code)),
		l.Name, t.En, t.Zh, l.Detail,
	})
}

// Flush writes what is buffered.
func (w *ReportWriter) Flush() error {
	if w.csv == nil {
		return nil
	}
	w.csv.Flush()
	return w.csv.Error() //nolint:wrapcheck // of the file
}
