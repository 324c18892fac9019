package record

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// lines reads JSON Lines: an object on each line; empty lines say nothing.
type lines struct {
	in   *bufio.Reader
	line int
	buf  []byte
}

func newLines(in io.Reader) *lines { return &lines{in: bufio.NewReaderSize(in, 64<<10)} }

func (l *lines) next(r *Record) ([]cell, int, error) {
	for {
		raw, err := l.read()
		if err != nil && (!errors.Is(err, io.EOF) || len(raw) == 0) {
			return nil, l.line, err
		}
		if len(bytes.TrimSpace(raw)) == 0 {
			continue
		}
		if !utf8.Valid(raw) {
			return nil, l.line, problem("the text is not UTF-8", "文本不是 UTF-8")
		}
		d := json.NewDecoder(bytes.NewReader(raw))
		d.UseNumber()
		o := object{decoder: d, record: r, at: func(offset int64) (int, int) { return l.line, int(offset) + 1 }}
		o.row()
		if o.fault == nil {
			if _, err := d.Token(); !errors.Is(err, io.EOF) {
				o.fail("", problem("something follows the object: each line has one", "对象之后还有内容：每行只能有一个对象"))
			}
		}
		if o.fault != nil {
			o.fault.Fatal = false // the next line is a new beginning
			return nil, l.line, o.fault
		}
		return o.cells, l.line, nil
	}
}

// read reads one line.
func (l *lines) read() ([]byte, error) {
	l.buf = l.buf[:0]
	l.line++
	for {
		part, err := l.in.ReadSlice('\n')
		l.buf = append(l.buf, part...)
		if len(l.buf) > maxRow {
			f := problem("the line has more than %d bytes", "该行超过 %d 字节", maxRow)
			f.Fatal = true
			return nil, f
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return l.buf, err
		}
	}
}

// list reads a JSON list of objects, or one object.
type list struct {
	decoder *json.Decoder
	lines   *lineCounter
	begun   bool
	single  bool // an object, not a list
	over    bool
}

func newList(in io.Reader) *list {
	c := &lineCounter{in: in}
	d := json.NewDecoder(c)
	d.UseNumber()
	return &list{decoder: d, lines: c}
}

func (l *list) next(r *Record) ([]cell, int, error) {
	if l.over {
		return nil, 0, io.EOF
	}
	o := object{decoder: l.decoder, record: r, at: l.lines.place}
	if !l.begun {
		l.begun = true
		t, ok := o.token()
		switch {
		case !ok:
			return nil, 0, o.fault
		case t == json.Delim('{'):
			l.single = true
			o.members("")
		case t != json.Delim('['):
			o.fail("", problem("the file is neither a list of objects nor an object", "文件既不是对象列表，也不是单个对象"))
			o.fault.Fatal = true
			return nil, 0, o.fault
		}
	}
	if !l.single {
		if !l.decoder.More() {
			return nil, 0, l.end(&o)
		}
		o.row()
	}
	if o.fault != nil {
		return nil, o.line, o.fault
	}
	if l.single {
		l.over = true
		if err := l.trailing(&o); err != nil {
			return nil, o.line, err
		}
	}
	return o.cells, o.line, nil
}

// end reads the end of the list and of the file.
func (l *list) end(o *object) error {
	l.over = true
	if _, ok := o.token(); !ok {
		return o.fault
	}
	if err := l.trailing(o); err != nil {
		return err
	}
	return io.EOF
}

func (l *list) trailing(o *object) error {
	if _, err := l.decoder.Token(); !errors.Is(err, io.EOF) {
		o.fail("", problem("something follows the end of the list", "列表结束之后还有内容"))
		o.fault.Fatal = true
		return o.fault
	}
	return nil
}

// lineCounter remembers where lines begin, as far as nobody has asked beyond.
type lineCounter struct {
	in     io.Reader
	read   int64
	breaks []int64 // offsets of line breaks after start
	line   int     // lines that end before start
	start  int64   // offset at which the line begins
}

func (c *lineCounter) Read(p []byte) (int, error) {
	n, err := c.in.Read(p)
	for i, b := range p[:n] {
		if b == '\n' {
			c.breaks = append(c.breaks, c.read+int64(i))
		}
	}
	c.read += int64(n)
	return n, err
}

// place returns line and column of an offset; offsets must not go down to a line
// before.
func (c *lineCounter) place(offset int64) (line, column int) {
	i := 0
	for i < len(c.breaks) && c.breaks[i] < offset {
		c.start = c.breaks[i] + 1
		i++
	}
	c.line += i
	c.breaks = append(c.breaks[:0], c.breaks[i:]...)
	return c.line + 1, int(offset-c.start) + 1
}

// syntax is the fault of an error of the decoder.
func syntax(err error) *Fault {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return problem("the JSON ends too early", "JSON 不完整")
	}
	return problem("the JSON is malformed: %v", "JSON 格式错误：%v", fmt.Sprint(err))
}
