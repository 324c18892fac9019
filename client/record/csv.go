package record

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// csvReader reads CSV (RFC 4180) with a header row.
type csvReader struct {
	csv     *csv.Reader
	limit   *limitedReader
	columns []*field
}

// limitedReader fails once more than left bytes are read: an unclosed quote would
// otherwise read the rest of the file as one cell.
type limitedReader struct {
	in   io.Reader
	left int
}

var errRowTooLong = errors.New("row too long")

func (l *limitedReader) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, errRowTooLong
	}
	n, err := l.in.Read(p[:min(len(p), l.left)])
	l.left -= n
	return n, err
}

func newCSV(in io.Reader) (*csvReader, error) {
	c := &csvReader{limit: &limitedReader{in, maxRow}}
	c.csv = csv.NewReader(c.limit)
	c.csv.ReuseRecord = true
	header, err := c.csv.Read()
	switch {
	case errors.Is(err, io.EOF):
		return nil, problem("the file is empty: the first row must name the columns", "文件为空：首行应为列名")
	case err != nil:
		return nil, c.fault(err)
	}
	seen := map[*field]string{}
	for i, name := range header {
		line, column := c.csv.FieldPos(i)
		f := byName[name]
		if f == nil {
			fault := unknownField(name)
			if !utf8.ValidString(name) {
				fault = notUTF8()
			}
			fault.Line, fault.Column = line, column
			return nil, fault
		}
		if before, twice := seen[f]; twice {
			fault := problem("the columns %s and %s are the same", "列“%s”与“%s”重复", before, name)
			fault.Line, fault.Column, fault.Field = line, column, f.name
			return nil, fault
		}
		seen[f] = name
		c.columns = append(c.columns, f)
	}
	return c, nil
}

func notUTF8() *Fault {
	return problem("the text is not UTF-8: save the file as CSV UTF-8, or say --encoding gb18030 if it is that", "文本不是 UTF-8：请另存为“CSV UTF-8”，或确为国标编码时使用 --encoding gb18030")
}

// next reads a row into r.
func (c *csvReader) next(r *Record) (cells []cell, line int, err error) {
	c.limit.left = maxRow
	row, err := c.csv.Read()
	if errors.Is(err, io.EOF) {
		return nil, 0, io.EOF
	}
	if len(row) > 0 {
		line, _ = c.csv.FieldPos(0)
	}
	if err != nil {
		return nil, line, c.fault(err)
	}
	for i, s := range row {
		if s == "" {
			continue
		}
		f := c.columns[i]
		at := cell{field: f}
		at.line, at.column = c.csv.FieldPos(i)
		values := splitValue(f, s)
		var fault *Fault
		switch {
		case !utf8.ValidString(s):
			fault = notUTF8()
		case strings.ContainsRune(s, utf8.RuneError):
			fault = problem("it has bytes that are no characters of the encoding: is it the right one?", "含有该编码中不存在的字符：编码是否正确？")
		case len(values) == 0:
			continue
		default:
			fault = f.set(r, values)
		}
		if fault != nil {
			fault.Line, fault.Column, fault.Field = at.line, at.column, f.name
			return nil, line, fault
		}
		cells = append(cells, at)
	}
	return cells, line, nil
}

// fault says what is wrong with the form of the file. Only a row with another
// number of cells lets the next be read.
func (c *csvReader) fault(err error) error {
	var e *csv.ParseError
	switch {
	case errors.Is(err, errRowTooLong):
		f := problem("a row has more than %d bytes: is a quote not closed?", "一行超过 %d 字节：是否有未闭合的引号？", maxRow)
		f.Fatal = true
		return f
	case !errors.As(err, &e):
		return err
	case errors.Is(err, csv.ErrFieldCount):
		f := problem("the row does not have %d cells, as the header has", "该行的单元格数与表头不符（应为 %d）", len(c.columns))
		f.Line = e.Line
		return f
	}
	f := problem("the CSV is malformed (%v): a cell with a quote, comma or line break stands in quotes, and a quote in it is doubled", "CSV 格式错误（%v）：含引号、逗号或换行的单元格须加引号，其中的引号须双写", e.Err)
	f.Line, f.Column, f.Fatal = e.Line, e.Column, true
	return f
}
