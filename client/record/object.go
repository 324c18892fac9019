package record

import (
	"encoding/json"
	"errors"
	"strings"
)

// object reads one JSON object into a record, token by token, so that every fault
// has its place and nothing is skipped. After a fault of a value it reads on to
// the end of the object; after one of the syntax nothing can be read.
type object struct {
	decoder *json.Decoder
	record  *Record
	at      func(offset int64) (line, column int)
	line    int // where the object begins
	cells   []cell
	fault   *Fault // the first
}

// branches are the paths of objects in a row.
var branches = func() map[string]bool {
	b := map[string]bool{}
	for path := range byPath {
		for i, c := range path {
			if c == '.' {
				b[path[:i]] = true
			}
		}
	}
	return b
}()

// row reads an object.
func (o *object) row() {
	t, ok := o.token()
	if !ok {
		return
	}
	if t != json.Delim('{') {
		o.fail("", problem("it is no object", "不是对象"))
		o.skip(t)
		return
	}
	o.members("")
}

// token returns the next token; ok is false after an error, which is fatal.
func (o *object) token() (t json.Token, ok bool) {
	t, err := o.decoder.Token()
	if err != nil {
		f := syntax(err)
		var e *json.SyntaxError
		if !errors.As(err, &e) && !strings.Contains(err.Error(), "EOF") && !strings.Contains(err.Error(), "json") {
			f = problem("the file cannot be read: %v", "无法读取文件：%v", err)
		}
		f.Fatal = true
		o.fault = nil // it comes before what is wrong with a value
		o.fail("", f)
		return nil, false
	}
	return t, true
}

func (o *object) fail(path string, f *Fault) {
	if o.fault != nil {
		return
	}
	f.Line, f.Column = o.at(o.decoder.InputOffset())
	f.Field = path
	o.fault = f
}

// members reads the members of an object, whose brace is read.
func (o *object) members(prefix string) {
	if prefix == "" {
		o.line, _ = o.at(o.decoder.InputOffset())
	}
	seen := map[string]bool{}
	for o.decoder.More() {
		t, ok := o.token()
		if !ok {
			return
		}
		key, _ := t.(string) // a decoder gives nothing else here
		path := prefix + key
		if seen[key] {
			o.fail(path, problem("it is there twice", "重复出现"))
		}
		seen[key] = true
		t, ok = o.token()
		if !ok || !o.member(path, t) {
			return
		}
	}
	o.token() // the closing brace, or the fault
}

// member reads one value, whose first token is t. It returns false after an error
// of the syntax.
func (o *object) member(path string, t json.Token) bool {
	f := byPath[path]
	switch {
	case f == nil && branches[path] && t == json.Delim('{'):
		o.members(path + ".")
		return o.fault == nil || !o.fault.Fatal
	case f == nil && branches[path] && t == nil:
		return true
	case f == nil && branches[path]:
		o.fail(path, problem("it is an object", "应为对象"))
		return o.skip(t)
	case f == nil:
		o.fail(path, unknownField(path))
		return o.skip(t)
	case t == nil || t == "":
		return true // none
	case f.list:
		return o.list(f, t)
	}
	var s string
	switch v := t.(type) {
	case string:
		s = v
	case json.Number:
		if f.name == "order" {
			s = v.String()
			break
		}
		o.fail(path, problem("it is a text: put it in quotes, a number would lose leading zeros", "应为文本：请加引号，数字会丢失前导零"))
		return true
	default:
		o.fail(path, problem("it is a text in quotes", "应为带引号的文本"))
		return o.skip(t)
	}
	o.set(f, []string{s})
	return true
}

func (o *object) set(f *field, values []string) {
	line, column := o.at(o.decoder.InputOffset())
	if fault := f.set(o.record, values); fault != nil {
		o.fail(f.path, fault)
		return
	}
	o.cells = append(o.cells, cell{f, line, column})
}

// list reads a list: of texts, or of the objects that two fields have.
func (o *object) list(f *field, t json.Token) bool {
	if t != json.Delim('[') {
		o.fail(f.path, problem("it is a list", "应为列表"))
		return o.skip(t)
	}
	var values []string
	for o.decoder.More() {
		if f.name == "decisions" || f.name == "components" {
			var raw json.RawMessage
			if err := o.decoder.Decode(&raw); err != nil {
				s := syntax(err)
				s.Fatal = true
				o.fault = nil
				o.fail(f.path, s)
				return false
			}
			s, fault := entry(f.name, raw, o.record)
			if fault != nil {
				o.fail(f.path, fault)
			} else if s != "" {
				values = append(values, s)
			}
			continue
		}
		t, ok := o.token()
		if !ok {
			return false
		}
		s, isText := t.(string)
		if !isText || s == "" {
			o.fail(f.path, problem("its entries are texts in quotes, none of them empty", "各项应为带引号的非空文本"))
			if !o.skip(t) {
				return false
			}
			continue
		}
		values = append(values, s)
	}
	if _, ok := o.token(); !ok {
		return false
	}
	if len(values) > 0 {
		o.set(f, values)
	}
	return true
}

// skip reads the rest of a value whose first token is t.
func (o *object) skip(t json.Token) bool {
	depth := 0
	for {
		switch t {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return true
		}
		var ok bool
		if t, ok = o.token(); !ok {
			return false
		}
	}
}
