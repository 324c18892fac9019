package epcis

import (
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Document is what stands around the events.
type Document struct {
	Type   string  // EPCISDocument, EPCISQueryDocument, the type of a single event, or empty
	Events int     // how many there are
	Faults []Fault // what is wrong with it, the events apart
}

// Read reads a document and calls each with its events in order, i counting
// from 0. An error of each ends the reading and is returned.
//
// The other errors are ErrJSON, ErrLimit, ErrDocument and those of in; they can
// come after events have been handed over. Neither the document nor the events
// need be valid: see [Document.Faults] and [Event.Faults].
func Read(in io.Reader, limits Limits, each func(i int, e *Event) error) (*Document, error) {
	d := &documentReader{reader: newReader(in, limits), each: each}
	if err := d.document(); err != nil {
		return nil, err
	}
	if err := d.end(); err != nil {
		return nil, err
	}
	return &d.result, nil
}

// documentReader takes a document apart.
type documentReader struct {
	*reader
	each    func(int, *Event) error
	result  Document
	context *ldContext // nil until it is known
	ignore  value      // the lists of fields of events that are not hashed, by their names
	waiting []*Event   // read before the context was known
	held    int64      // bytes of those
	around  int64      // bytes that stand around the events
	bodies  int        // lists of events, or single ones, that were found
}

func (d *documentReader) document() error {
	c, err := d.peek()
	if err != nil {
		return err
	}
	switch c {
	case '[':
		d.result.Faults = append(d.result.Faults, fault("", texts{
			"a document is an object, not a list of events", "文档应为对象，而不是事件列表"}))
		return d.array(0, func(i int) error { return d.single("/"+strconv.Itoa(i), 1) })
	case '{':
		return d.top()
	default:
		return fmt.Errorf("%w: it begins with %q, not with {", ErrDocument, c)
	}
}

// top reads the object that a document is.
func (d *documentReader) top() error {
	frame := value{kind: object}
	err := d.object(0, func(key string) error {
		var v value
		var err error
		switch key {
		case "epcisBody":
			v, err = d.body()
		case "eventList":
			v, err = d.list("/eventList", 1)
		default:
			v, err = d.aside(key, 1)
		}
		frame.keys, frame.items = append(frame.keys, key), append(frame.items, v)
		return err
	})
	if err != nil {
		return err
	}
	kind := ""
	if t := frame.get("type"); t != nil && t.kind == str {
		kind = t.text
	}
	d.result.Type = kind
	isDocument := kind == "EPCISDocument" || kind == "EPCISQueryDocument"
	if d.bodies == 0 && !isDocument && frame.get("epcisBody") == nil {
		if kind == "" {
			return fmt.Errorf("%w: it has neither epcisBody nor eventList, and no type of a single event", ErrDocument)
		}
		return d.alone(frame, "")
	}
	if d.context == nil {
		d.context = newContext(frame.get("@context"))
	}
	if err := d.release(); err != nil {
		return err
	}
	d.result.Faults = append(d.result.Faults, checkDocument(&frame)...)
	return nil
}

// aside reads a value that stands around the events. The context and the list
// of ignored fields are remembered.
func (d *documentReader) aside(key string, depth int) (value, error) {
	d.mark()
	v, err := d.value(depth)
	if err != nil {
		return v, err
	}
	if d.around += d.mark(); d.around > d.limits.Event {
		return v, fmt.Errorf("%w: what stands around the events has at most %d bytes", ErrLimit, d.limits.Event)
	}
	if key == "@context" && depth == 1 {
		d.context = newContext(&v)
	}
	if strings.HasSuffix(key, ignoreFields) && v.kind == array {
		d.ignore.keys, d.ignore.items = append(d.ignore.keys, key), append(d.ignore.items, v)
	}
	return v, nil
}

// body reads epcisBody.
func (d *documentReader) body() (value, error) {
	return d.through(1, func(key string) (value, error) {
		switch key {
		case "eventList":
			return d.list("/epcisBody/eventList", 2)
		case "event":
			d.mark()
			v, err := d.value(2)
			if err != nil || v.kind != object {
				return v, err
			}
			d.bodies++
			return value{kind: object}, d.found(v, "/epcisBody/event")
		case "queryResults":
			return d.through(2, func(key string) (value, error) {
				if key != "resultsBody" {
					return d.aside(key, 3)
				}
				return d.through(3, func(key string) (value, error) {
					if key == "eventList" {
						return d.list("/epcisBody/queryResults/resultsBody/eventList", 4)
					}
					return d.aside(key, 4)
				})
			})
		}
		return d.aside(key, 2)
	})
}

// through reads an object on the way to the events.
func (d *documentReader) through(depth int, member func(key string) (value, error)) (value, error) {
	if c, err := d.peek(); err != nil || c != '{' {
		if err != nil {
			return value{}, err
		}
		return d.aside("", depth)
	}
	v := value{kind: object}
	err := d.object(depth, func(key string) error {
		item, err := member(key)
		v.keys, v.items = append(v.keys, key), append(v.items, item)
		return err
	})
	return v, err
}

// list reads a list of events and hands each over; its value is an empty list.
func (d *documentReader) list(pointer string, depth int) (value, error) {
	c, err := d.peek()
	if err != nil || c != '[' {
		if err != nil {
			return value{}, err
		}
		return d.aside("", depth)
	}
	d.bodies++
	return value{kind: array}, d.array(depth, func(i int) error {
		d.mark()
		v, err := d.value(depth + 1)
		if err != nil {
			return err
		}
		return d.found(v, pointer+"/"+strconv.Itoa(i))
	})
}

// found has read an event of a document.
func (d *documentReader) found(v value, pointer string) error {
	size := d.mark()
	e := &Event{value: v, pointer: pointer}
	if _, known := d.ignored(); !known {
		d.waiting = append(d.waiting, e)
		if d.held += size; d.held > d.limits.Held {
			return fmt.Errorf("%w: in a document of more than %d bytes, @context and ignoreFields stand before the events", ErrLimit, d.limits.Held)
		}
		return nil
	}
	if err := d.release(); err != nil {
		return err
	}
	return d.hand(e)
}

// ignored returns the fields of events that are not hashed; known is false while
// what says so may still come.
func (d *documentReader) ignored() (fields []string, known bool) {
	if d.context == nil {
		return nil, false
	}
	prefix := d.context.repository()
	if prefix == "" {
		return nil, true
	}
	d.ignore.kind = object
	list := d.ignore.get(prefix + ignoreFields)
	if list == nil {
		return nil, false
	}
	for i := range list.items {
		fields = append(fields, list.items[i].text)
	}
	return fields, true
}

// release hands over the events that waited for the context.
func (d *documentReader) release() error {
	waiting := d.waiting
	d.waiting = nil
	for i, e := range waiting {
		if err := d.hand(e); err != nil {
			return err
		}
		waiting[i] = nil
	}
	return nil
}

func (d *documentReader) hand(e *Event) error {
	e.context, e.index = d.context, d.result.Events
	e.ignored, _ = d.ignored()
	if d.result.Events++; d.result.Events > d.limits.Events {
		return fmt.Errorf("%w: a document has at most %d events", ErrLimit, d.limits.Events)
	}
	e.view()
	return d.each(e.index, e)
}

// single reads an event that has its own context.
func (d *documentReader) single(pointer string, depth int) error {
	d.mark()
	v, err := d.value(depth)
	if err != nil {
		return err
	}
	d.mark()
	return d.alone(v, pointer)
}

// alone hands over an event that has its own context, which is not part of it.
func (d *documentReader) alone(v value, pointer string) error {
	e := &Event{value: v, pointer: pointer, alone: true, context: newContext(v.get("@context")), ignored: []string{"@context"}, index: d.result.Events}
	if d.result.Events++; d.result.Events > d.limits.Events {
		return fmt.Errorf("%w: a document has at most %d events", ErrLimit, d.limits.Events)
	}
	e.view()
	return d.each(e.index, e)
}
