package bulk

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/client/record"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
)

// States of a row.
const (
	StateDone    = "done"    // it is on the ledger
	StateRefused = "refused" // by the ledger, or as a message that has no legal transaction
	StateInvalid = "invalid" // it has a fault and was left out
	StateWaiting = "waiting" // its transaction was signed, and it is not certain what became of it
	StateOpen    = "open"    // not filed
)

// Line is what became of a row.
type Line struct {
	Row    int       `json:"row"` // from 1, the header not counted
	State  string    `json:"state"`
	Action string    `json:"action,omitempty"`
	Issuer string    `json:"issuer,omitempty"`
	Number string    `json:"number,omitempty"`
	Tx     string    `json:"tx,omitempty"`
	Height uint64    `json:"height,omitempty"`
	Code   uint32    `json:"code,omitempty"` // of the refusal; see docs/codes.md
	Name   string    `json:"name,omitempty"`
	Text   *api.Text `json:"text,omitempty"`
	Detail string    `json:"detail,omitempty"`
	Line   int       `json:"line,omitempty"` // of an invalid row
}

// Report gives what became of every row to write, in the order of the rows, from
// the journal at path alone. Another process must not use it.
func Report(path string, write func(*Line) error) (p Progress, err error) {
	j, err := openJournal(path)
	if err != nil {
		return p, err
	}
	defer func() {
		if e := j.close(); err == nil {
			err = e
		}
	}()
	if j.begin == nil {
		return p, fmt.Errorf("bulk: %s: %w: it is empty", path, ErrJournal)
	}
	return report(j, write)
}

// part is rows that share an entry.
type part struct {
	span
	tx     *filed // nil for a row that is left out
	offset int64  // of the entry of such a row
}

func report(j *journal, write func(*Line) error) (p Progress, err error) {
	parts, err := partsOf(j)
	if err != nil {
		return p, err
	}
	p.Rows = j.begin.Total
	tell := func(l *Line) error {
		switch l.State {
		case StateDone:
			p.Done++
		case StateRefused:
			p.Refused++
		case StateInvalid:
			p.Invalid++
		}
		return write(l)
	}
	reader := txReader{journal: j}
	n := 1
	for _, part := range parts {
		for ; n < part.first; n++ {
			if err := tell(&Line{Row: n, State: StateOpen}); err != nil {
				return p, err
			}
		}
		for ; n <= part.last; n++ {
			l, err := reader.line(part, n)
			if err == nil {
				err = tell(l)
			}
			if err != nil {
				return p, err
			}
		}
	}
	for ; n <= j.begin.Total; n++ {
		if err := tell(&Line{Row: n, State: StateOpen}); err != nil {
			return p, err
		}
	}
	return p, nil
}

// partsOf returns what the journal has of rows, ascending.
func partsOf(j *journal) (parts []part, err error) {
	covered, err := j.covered()
	if err != nil {
		return nil, err
	}
	for _, t := range j.txs {
		if t.state == expired {
			continue
		}
		for _, s := range t.rows {
			parts = append(parts, part{span: s, tx: t})
		}
	}
	for row, offset := range j.invalid {
		if !covers(covered, row) {
			parts = append(parts, part{span: span{row, row}, offset: offset})
		}
	}
	slices.SortFunc(parts, func(a, b part) int { return a.first - b.first })
	return parts, nil
}

// txReader reads lines of a transaction; it keeps the last one.
type txReader struct {
	journal  *journal
	tx       *filed
	rows     []int
	messages []*txv1.Message
	outcome  *entry
	why      []*api.Refusal
}

func (r *txReader) line(p part, row int) (*Line, error) {
	if p.tx == nil {
		e, err := r.journal.read(p.offset)
		if err != nil {
			return nil, err
		}
		l := &Line{Row: row, State: StateInvalid, Text: e.Text, Line: e.Line}
		if e.Refusal != nil {
			l.State = StateRefused
			l.refused(e.Refusal)
		}
		return l, nil
	}
	if r.tx != p.tx {
		if err := r.load(p.tx); err != nil {
			return nil, err
		}
	}
	i, ok := slices.BinarySearch(r.rows, row)
	if !ok || i >= len(r.messages) {
		return nil, fmt.Errorf("bulk: %w: row %d is not in its transaction", ErrJournal, row)
	}
	l := &Line{Row: row, State: StateWaiting, Tx: p.tx.id}
	if rec, err := record.FromMessage(r.messages[i]); err == nil {
		l.Action, l.Issuer, l.Number = rec.Action.String(), rec.Issuer, rec.Number
	}
	if r.outcome != nil {
		l.State, l.Height = StateDone, r.outcome.Height
		if why := r.why[i]; why != nil {
			l.State = StateRefused
			l.refused(why)
		}
	}
	return l, nil
}

func (l *Line) refused(r *api.Refusal) {
	l.Code, l.Name, l.Text, l.Detail = r.Code, r.Name, &r.Text, r.Detail
}

func (r *txReader) load(t *filed) error {
	e, err := r.journal.read(t.offset)
	if err != nil {
		return err
	}
	r.tx, r.rows, r.outcome, r.why = t, rowsOf(t.rows), nil, nil
	if r.messages, err = messagesOf(e.Raw); err != nil {
		return err
	}
	if t.state == committed {
		if r.outcome, err = r.journal.read(t.outcome); err != nil {
			return err
		}
		r.why = r.outcome.refusals(len(r.rows))
	}
	return nil
}

// ReportWriter writes lines as CSV with a header, or as JSON Lines.
type ReportWriter struct {
	csv  *csv.Writer
	json *json.Encoder
}

// NewReportWriter returns a writer of a format, record.CSV or record.JSONLines.
func NewReportWriter(out io.Writer, f record.Format) (*ReportWriter, error) {
	if f == record.JSONLines {
		e := json.NewEncoder(out)
		e.SetEscapeHTML(false)
		return &ReportWriter{json: e}, nil
	}
	w := &ReportWriter{csv: csv.NewWriter(out)}
	return w, w.csv.Write([]string{"row", "state", "action", "issuer", "number", "tx", "height", "code", "name", "text_en", "text_zh", "detail", "line"})
}

// Write writes a line.
func (w *ReportWriter) Write(l *Line) error {
	if w.json != nil {
		return w.json.Encode(l)
	}
	number := func(n uint64) string {
		if n == 0 {
			return ""
		}
		return strconv.FormatUint(n, 10)
	}
	var text api.Text
	if l.Text != nil {
		text = *l.Text
	}
	return w.csv.Write([]string{
		strconv.Itoa(l.Row), l.State, l.Action, l.Issuer, l.Number, l.Tx, number(l.Height), number(uint64(l.Code)),
		l.Name, text.En, text.Zh, l.Detail, number(uint64(l.Line)),
	})
}

// Flush writes what is buffered.
func (w *ReportWriter) Flush() error {
	if w.csv == nil {
		return nil
	}
	w.csv.Flush()
	return w.csv.Error()
}
