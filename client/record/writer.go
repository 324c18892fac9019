package record

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// Writer writes records as CSV, with all columns, or as JSON Lines.
type Writer struct {
	csv *csv.Writer // nil for JSON Lines
	out io.Writer
}

// NewWriter returns a writer of a format; chinese is about the header of CSV,
// which it writes.
func NewWriter(out io.Writer, format Format, chinese bool) (*Writer, error) {
	w := &Writer{out: out}
	switch format {
	case JSONLines:
		return w, nil
	case CSV:
	default:
		return nil, fmt.Errorf("record: %q is not written", format)
	}
	w.csv = csv.NewWriter(out)
	header := make([]string, len(fields))
	for i, f := range fields {
		if header[i] = f.name; chinese {
			header[i] = f.zh
		}
	}
	return w, w.csv.Write(header)
}

// Write writes a record. CSV cannot have a separator in an entry of a list, nor a
// note of a past decision.
func (w *Writer) Write(r *Record) error {
	if w.csv == nil {
		b, err := r.MarshalJSON()
		if err == nil {
			_, err = w.out.Write(append(b, '\n'))
		}
		return err
	}
	row := make([]string, len(fields))
	for i := range fields {
		f := &fields[i]
		v := f.get(r)
		if f.list {
			for _, s := range v {
				if strings.ContainsAny(s, ";；") || strings.TrimSpace(s) != s {
					return fmt.Errorf("record: %s: %q cannot be an entry of a list in CSV: use JSON Lines", f.name, s)
				}
			}
		}
		row[i] = strings.Join(v, ";")
	}
	for _, d := range r.Decisions {
		if d.Note != "" || (d.SuspendedFrom == 0) != (d.SuspendedUntil == 0) {
			return fmt.Errorf("record: a past decision with a note, or one day of a suspension, cannot be written as CSV: use JSON Lines")
		}
	}
	return w.csv.Write(row)
}

// Flush writes what is buffered.
func (w *Writer) Flush() error {
	if w.csv == nil {
		return nil
	}
	w.csv.Flush()
	return w.csv.Error()
}

// MarshalJSON writes r as the reader reads it: members in the order of the table.
func (r *Record) MarshalJSON() ([]byte, error) {
	root := new(node)
	for i := range fields {
		f := &fields[i]
		v := f.get(r)
		if len(v) == 0 {
			continue
		}
		var value any = v[0]
		switch {
		case f.name == "order":
			value = r.Order
		case f.name == "decisions":
			value = decisionObjects(r.Decisions)
		case f.name == "components":
			value = refObjects(v)
		case f.list:
			value = v
		}
		root.put(strings.Split(f.path, "."), value)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := root.write(&b, e); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// node is a JSON object with its members in the order they came.
type node struct {
	keys   []string
	values []any // *node, or what encoding/json writes
}

func (n *node) put(path []string, value any) {
	if len(path) == 1 {
		n.keys, n.values = append(n.keys, path[0]), append(n.values, value)
		return
	}
	for i, k := range n.keys {
		if child, ok := n.values[i].(*node); ok && k == path[0] {
			child.put(path[1:], value)
			return
		}
	}
	child := new(node)
	child.put(path[1:], value)
	n.keys, n.values = append(n.keys, path[0]), append(n.values, child)
}

func (n *node) write(b *bytes.Buffer, e *json.Encoder) error {
	b.WriteByte('{')
	for i, k := range n.keys {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(b, "%q:", k) // names are ASCII letters
		if child, ok := n.values[i].(*node); ok {
			if err := child.write(b, e); err != nil {
				return err
			}
			continue
		}
		if err := e.Encode(n.values[i]); err != nil {
			return err
		}
		b.Truncate(b.Len() - 1) // Encode ends the line
	}
	b.WriteByte('}')
	return nil
}

type decisionObject struct {
	Action         string `json:"action"`
	Decided        string `json:"decided"`
	Reason         string `json:"reason,omitempty"`
	SuspendedFrom  string `json:"suspended_from,omitempty"`
	SuspendedUntil string `json:"suspended_until,omitempty"`
	Note           string `json:"note,omitempty"`
}

func decisionObjects(list []Decision) (out []decisionObject) {
	for _, d := range list {
		out = append(out, decisionObject{
			d.Action.String(), d.Decided.String(), d.Reason, dateText(d.SuspendedFrom), dateText(d.SuspendedUntil), d.Note,
		})
	}
	return out
}

type refObject struct {
	Issuer string `json:"issuer"`
	Number string `json:"number"`
}

func refObjects(list []string) (out []refObject) {
	for _, s := range list {
		issuer, number, _ := strings.Cut(s, "/")
		out = append(out, refObject{issuer, number})
	}
	return out
}
