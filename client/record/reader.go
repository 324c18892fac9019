package record

import (
	"bufio"
	"errors"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/transform"

	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// Format is the form of a file.
type Format string

// The formats.
const (
	CSV       Format = "csv"
	JSONLines Format = "jsonl"
	JSON      Format = "json" // a list of objects, or a single one
)

// FormatOf returns the format that the name of a file says.
func FormatOf(name string) (Format, bool) {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".csv":
		return CSV, true
	case ".jsonl", ".ndjson":
		return JSONLines, true
	case ".json":
		return JSON, true
	}
	return "", false
}

// Options say how a file is read.
type Options struct {
	File     string // its name, for faults
	Format   Format
	Encoding string // of CSV: "utf-8", also if empty, or "gb18030"
	// Actions are those that rows may be; if there is one, rows need not say it.
	Actions []rules.Action
	// Defaults are values of fields, by their names, for rows that have none.
	Defaults map[string]string
	Issuer   string     // approval number of the acting body, empty if it has none
	Today    civil.Date // in Beijing
}

// Row is a row without a fault.
type Row struct {
	N       int // from 1, the header not counted
	Line    int // where it begins
	Record  *Record
	Message *txv1.Message // without actor and signers
}

// maxRow is the most bytes of one row. The largest legal text has 64 KiB.
const maxRow = 4 << 20

// Reader reads rows. Its memory does not grow with the file.
type Reader struct {
	options Options
	rows    rowReader
	n       int
	done    error // what every further call returns
}

// rowReader reads the fields of one row at a time. It returns io.EOF after the
// last; a fault is of the row, or of the file if it is fatal.
type rowReader interface {
	next(r *Record) (cells []cell, line int, err error)
}

// cell is a field that a row has, and where.
type cell struct {
	field        *field
	line, column int
}

// NewReader returns a reader of in. For CSV it reads the header row.
func NewReader(in io.Reader, o Options) (*Reader, error) {
	if len(o.Actions) == 0 {
		o.Actions = Actions
	}
	for name := range o.Defaults {
		if byName[name] == nil {
			return nil, (&Reader{options: o}).place(unknownField(name), 0)
		}
	}
	r := &Reader{options: o}
	in, err := decoded(in, o)
	if err == nil {
		switch o.Format {
		case CSV:
			r.rows, err = newCSV(in)
		case JSONLines:
			r.rows = newLines(in)
		case JSON:
			r.rows = newList(in)
		default:
			err = problem("the format is neither csv, jsonl nor json: name the file accordingly, or say --format", "格式不是 csv、jsonl 或 json：请按格式命名文件，或使用 --format")
		}
	}
	if err != nil {
		return nil, r.place(err, 0)
	}
	return r, nil
}

// decoded returns the text of a file in UTF-8, without a byte order mark.
func decoded(in io.Reader, o Options) (io.Reader, error) {
	b := bufio.NewReaderSize(in, 64<<10)
	head, err := b.Peek(3)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	utf8BOM := string(head) == "\xef\xbb\xbf"
	switch strings.ToLower(strings.ReplaceAll(o.Encoding, "-", "")) {
	case "", "utf8":
	case "gb18030", "gbk", "gb2312":
		if utf8BOM {
			return nil, problem("the file begins with a mark of UTF-8, but its encoding is given as %s: leave that out", "文件带有 UTF-8 标记，却声明为 %s 编码：请去掉该声明", o.Encoding)
		}
		if o.Format != CSV {
			return nil, problem("JSON is UTF-8 always", "JSON 只能是 UTF-8")
		}
		return transform.NewReader(b, simplifiedchinese.GB18030.NewDecoder()), nil
	default:
		return nil, problem("there is no encoding %q here: utf-8 or gb18030", "不支持编码“%s”：仅 utf-8 或 gb18030", o.Encoding)
	}
	if len(head) >= 2 && (head[0] == 0xff && head[1] == 0xfe || head[0] == 0xfe && head[1] == 0xff) {
		return nil, problem("the file is UTF-16: save it as CSV UTF-8", "文件为 UTF-16 编码：请另存为“CSV UTF-8”")
	}
	if utf8BOM {
		if _, err := b.Discard(3); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// Next returns the next row, io.EOF after the last. A *Fault is of this row, and
// the next call reads on, unless it is Fatal. Other errors are of reading.
func (r *Reader) Next() (*Row, error) {
	if r.done != nil {
		return nil, r.done
	}
	rec := new(Record)
	cells, line, err := r.rows.next(rec)
	if !errors.Is(err, io.EOF) {
		r.n++
	}
	if err == nil {
		if fault := r.finish(rec, cells); fault != nil {
			err = fault
		}
	}
	if err != nil {
		err = r.place(err, line)
		var fault *Fault
		if !errors.As(err, &fault) || fault.Fatal {
			r.done = err
		}
		return nil, err
	}
	return &Row{N: r.n, Line: line, Record: rec, Message: rec.Message()}, nil
}

// finish completes a record and checks it. A fault is placed at its cell, if the
// row has it.
func (r *Reader) finish(rec *Record, cells []cell) *Fault {
	fault := r.complete(rec)
	if fault == nil {
		fault = rec.check(r.options.Issuer, r.options.Today)
	}
	if fault == nil {
		return nil
	}
	for _, c := range cells {
		if c.field.name == fault.Field {
			fault.Line, fault.Column = c.line, c.column
		}
	}
	if f := byName[fault.Field]; f != nil && r.options.Format != CSV {
		fault.Field = f.path
	}
	return fault
}

// complete adds what the row leaves to the options.
func (r *Reader) complete(rec *Record) *Fault {
	o := &r.options
	switch {
	case rec.Action == 0 && len(o.Actions) == 1:
		rec.Action = o.Actions[0]
	case rec.Action != 0 && !slices.Contains(o.Actions, rec.Action):
		var en, zh []string
		for _, a := range o.Actions {
			en, zh = append(en, a.Text().English), append(zh, a.Text().Chinese)
		}
		return &Fault{Field: "action", Text: about(
			"“"+rec.Action.Text().English+"” is not for this command, only: "+strings.Join(en, ", "),
			"此命令不做“"+rec.Action.Text().Chinese+"”，仅限："+strings.Join(zh, "、"))}
	}
	for name, value := range o.Defaults {
		f := byName[name]
		if f.takes.has(rec.Action) && len(f.get(rec)) == 0 {
			if fault := f.set(rec, splitValue(f, value)); fault != nil {
				fault.Field = name
				return fault
			}
		}
	}
	if m := &rec.Details.Main; m.Number != "" && m.Issuer == "" {
		m.Issuer = o.Issuer
	}
	return nil
}

// place says where a fault is, as far as it does not say so itself.
func (r *Reader) place(err error, line int) error {
	var f *Fault
	if !errors.As(err, &f) {
		return err
	}
	if f.File == "" {
		f.File = r.options.File
	}
	if f.Line == 0 {
		f.Line = line
	}
	f.Row = r.n
	return f
}

// splitValue reads the value of a field as CSV has it: a list is separated by ';'
// or '；', and spaces around its entries do not count.
func splitValue(f *field, s string) []string {
	if !f.list {
		return []string{s}
	}
	parts := strings.FieldsFunc(s, func(c rune) bool { return c == ';' || c == '；' })
	list := parts[:0]
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			list = append(list, p)
		}
	}
	return list
}
