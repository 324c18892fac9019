package epcis

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// kind is the type of a JSON value.
type kind uint8

const (
	null kind = iota
	boolean
	number // text as it stands in the document
	str
	array
	object
)

// value is a JSON value. The keys of an object are unique and in the order of
// the document.
type value struct {
	kind  kind
	text  string   // of a string, number or boolean
	keys  []string // of an object, one for each item
	items []value
}

// get returns the member of an object named key, nil if there is none.
func (v *value) get(key string) *value {
	if v.kind == object {
		for i := range v.keys {
			if v.keys[i] == key {
				return &v.items[i]
			}
		}
	}
	return nil
}

// reader reads JSON (RFC 8259) strictly and piece by piece.
type reader struct {
	in     *bufio.Reader
	limits Limits
	read   int64 // bytes so far
	line   int
	start  int64 // where the piece began that Limits.Event bounds: see mark
	buf    []byte
}

func newReader(in io.Reader, l Limits) *reader {
	r := &reader{in: bufio.NewReaderSize(in, 64<<10), limits: l, line: 1}
	if bom, _ := r.in.Peek(3); string(bom) == "\xef\xbb\xbf" {
		_, _ = r.in.Discard(3)
	}
	return r
}

// fault makes an error that says where it is.
func (r *reader) fault(format string, args ...any) error {
	return fmt.Errorf("%w: line %d, byte %d: %s", ErrJSON, r.line, r.read, fmt.Sprintf(format, args...))
}

// next returns the next byte; io.EOF becomes an error of the document.
func (r *reader) next() (byte, error) {
	c, err := r.in.ReadByte()
	if err != nil {
		if errors.Is(err, io.EOF) {
			return 0, r.fault("the document ends early")
		}
		return 0, err
	}
	r.read++
	if c == '\n' {
		r.line++
	}
	if r.read > r.limits.Bytes {
		return 0, fmt.Errorf("%w: a document has at most %d bytes", ErrLimit, r.limits.Bytes)
	}
	if r.read-r.start > r.limits.Event {
		return 0, fmt.Errorf("%w: line %d: an event has at most %d bytes", ErrLimit, r.line, r.limits.Event)
	}
	return c, nil
}

// mark begins a piece that Limits.Event bounds and returns how long the last was.
func (r *reader) mark() int64 {
	n := r.read - r.start
	r.start = r.read
	return n
}

// peek returns the first byte that is no white space, without reading it.
func (r *reader) peek() (byte, error) {
	for {
		c, err := r.next()
		if err != nil {
			return 0, err
		}
		if c != ' ' && c != '\n' && c != '\t' && c != '\r' {
			r.read--
			return c, r.in.UnreadByte()
		}
	}
}

// end checks that nothing but white space follows.
func (r *reader) end() error {
	for {
		c, err := r.in.ReadByte()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if c != ' ' && c != '\n' && c != '\t' && c != '\r' {
			return r.fault("something follows the document: one file holds one document")
		}
	}
}

// value reads a whole value at a depth.
func (r *reader) value(depth int) (value, error) {
	c, err := r.peek()
	if err != nil {
		return value{}, err
	}
	switch c {
	case '{':
		v := value{kind: object}
		err := r.object(depth, func(key string) error {
			item, err := r.value(depth + 1)
			v.keys, v.items = append(v.keys, key), append(v.items, item)
			return err
		})
		return v, err
	case '[':
		v := value{kind: array}
		err := r.array(depth, func(int) error {
			item, err := r.value(depth + 1)
			v.items = append(v.items, item)
			return err
		})
		return v, err
	case '"':
		s, err := r.string()
		return value{kind: str, text: s}, err
	case 't':
		return value{kind: boolean, text: "true"}, r.word("true")
	case 'f':
		return value{kind: boolean, text: "false"}, r.word("false")
	case 'n':
		return value{kind: null}, r.word("null")
	default:
		s, err := r.number()
		return value{kind: number, text: s}, err
	}
}

// object reads an object; member reads the value of each key.
func (r *reader) object(depth int, member func(key string) error) error {
	if err := r.open('{', depth); err != nil {
		return err
	}
	var seen names
	for {
		c, err := r.peek()
		if err != nil {
			return err
		}
		if c == '}' && seen.n == 0 {
			_, err = r.next()
			return err
		}
		if c != '"' {
			return r.fault("a key in quotation marks is missing")
		}
		key, err := r.string()
		if err != nil {
			return err
		}
		if !seen.add(key) {
			return r.fault("the key %q occurs twice in one object", key)
		}
		if err := r.sign(':'); err != nil {
			return err
		}
		if err := member(key); err != nil {
			return err
		}
		if done, err := r.more('}'); done || err != nil {
			return err
		}
	}
}

// array reads an array; item reads each of its values.
func (r *reader) array(depth int, item func(i int) error) error {
	if err := r.open('[', depth); err != nil {
		return err
	}
	for i := 0; ; i++ {
		c, err := r.peek()
		if err != nil {
			return err
		}
		if c == ']' && i == 0 {
			_, err = r.next()
			return err
		}
		if err := item(i); err != nil {
			return err
		}
		if done, err := r.more(']'); done || err != nil {
			return err
		}
	}
}

func (r *reader) open(c byte, depth int) error {
	if depth >= r.limits.Depth {
		return fmt.Errorf("%w: line %d: values are nested deeper than %d", ErrLimit, r.line, r.limits.Depth)
	}
	return r.sign(c)
}

// sign reads white space and the character c.
func (r *reader) sign(c byte) error {
	got, err := r.peek()
	if err != nil {
		return err
	}
	if got != c {
		return r.fault("%q stands where %q should", got, c)
	}
	_, err = r.next()
	return err
}

// more reads a comma, or closing, after which done is true.
func (r *reader) more(closing byte) (done bool, err error) {
	c, err := r.peek()
	if err != nil {
		return false, err
	}
	if c != ',' && c != closing {
		return false, r.fault("%q stands where a comma or %q should", c, closing)
	}
	_, err = r.next()
	return c == closing, err
}

func (r *reader) word(word string) error {
	for i := range len(word) {
		c, err := r.next()
		if err != nil {
			return err
		}
		if c != word[i] {
			return r.fault("this is no JSON value; texts stand in quotation marks")
		}
	}
	return nil
}

// names finds a key that occurs twice: by looking at all while they are few.
type names struct {
	n    int
	few  [16]string
	many map[string]bool
}

func (s *names) add(name string) bool {
	if s.n < len(s.few) {
		for _, other := range s.few[:s.n] {
			if other == name {
				return false
			}
		}
		s.few[s.n] = name
		s.n++
		return true
	}
	if s.many == nil {
		s.many = make(map[string]bool)
		for _, other := range s.few {
			s.many[other] = true
		}
	}
	if s.many[name] {
		return false
	}
	s.many[name] = true
	s.n++
	return true
}
