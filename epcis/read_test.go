package epcis

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
)

const (
	contextURL = `"https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"`
	plainEvent = `{"type":"ObjectEvent","eventTime":"2026-03-04T11:00:30.000+08:00","eventTimeZoneOffset":"+08:00","epcList":["urn:epc:id:sgtin:4012345.011111.9876"],"action":"OBSERVE","ex:a":"1"}`
	plainHash  = "eventType=ObjectEventeventTime=2026-03-04T03:00:30.000ZeventTimeZoneOffset=+08:00epcListepc=https://id.gs1.org/01/04012345111118/21/9876action=OBSERVE{https://ex.example/}a=1"
)

// An event has one hash, whatever it is wrapped in and wherever the context is.
func TestWrappings(t *testing.T) {
	const context = `"@context":[` + contextURL + `,{"ex":"https://ex.example/"}]`
	withContext := "{" + context + "," + plainEvent[1:]
	for _, document := range []string{
		`{` + context + `,"type":"EPCISDocument","epcisBody":{"eventList":[` + plainEvent + `]}}`,
		`{"epcisBody":{"eventList":[` + plainEvent + `]},"type":"EPCISDocument",` + context + `}`,
		`{"type":"EPCISQueryDocument","epcisBody":{"queryResults":{"resultsBody":{"eventList":[` + plainEvent + `]},"queryName":"q"}},` + context + `}`,
		`{` + context + `,"epcisBody":{"event":` + plainEvent + `}}`,
		`{` + context + `,"eventList":[` + plainEvent + `]}`,
		withContext,
		"[" + withContext + "]",
		"\xef\xbb\xbf \n" + withContext + "\n",
	} {
		events := eventsOf(t, document)
		if len(events) != 1 || events[0].Prehash() != plainHash {
			t.Errorf("%s: got %d events, %v", document, len(events), events[0].Prehash())
		}
	}
	events := eventsOf(t, "["+withContext+","+withContext+"]")
	if len(events) != 2 || events[1].Pointer() != "/1" {
		t.Errorf("got %d events", len(events))
	}
}

func TestReadRefuses(t *testing.T) {
	deep := strings.Repeat("[", 70) + strings.Repeat("]", 70)
	small := Limits{Bytes: 1 << 20, Event: 300, Held: 1 << 20, Events: 2, Depth: 64}
	wrap := func(events string) string {
		return `{"@context":` + contextURL + `,"epcisBody":{"eventList":[` + events + `]}}`
	}
	for _, c := range []struct {
		document string
		want     error
		says     string
	}{
		{``, ErrJSON, "ends early"},
		{`{"type":"ObjectEvent"`, ErrJSON, "ends early"},
		{`{"type":"a","type":"b"}`, ErrJSON, `the key "type" occurs twice`},
		{wrap(`{"a":{"b":1,"\u0062":2}}`), ErrJSON, `the key "b" occurs twice`},
		{wrap("{\"a\":\"\xff\"}"), ErrJSON, "not UTF-8"},
		{wrap(`{"a":"\ud800"}`), ErrJSON, ""},
		{wrap(`{"a":"\ud800A"}`), ErrJSON, "surrogate"},
		{wrap("{\"a\":\"\n\"}"), ErrJSON, "control character"},
		{wrap(`{"a":01}`), ErrJSON, "no JSON value"},
		{wrap(`{"a":1.}`), ErrJSON, "no JSON value"},
		{wrap(`{"a":NaN}`), ErrJSON, "no JSON value"},
		{wrap(`{"a":'b'}`), ErrJSON, "quotation marks"},
		{wrap(`{"a":1,}`), ErrJSON, "a key in quotation marks is missing"},
		{wrap(`{"a":[1 2]}`), ErrJSON, "comma"},
		{wrap(`{"a":tru}`), ErrJSON, "no JSON value"},
		{wrap(`{"a" 1}`), ErrJSON, `':'`},
		{wrap(`{}`) + "x", ErrJSON, "something follows"},
		{wrap(`{"a":"\x"}`), ErrJSON, "no escape"},
		{wrap(`{"a":"\u12g4"}`), ErrJSON, "four hexadecimal"},
		{wrap("{\n\n\"a\": ?}"), ErrJSON, "line 3"},
		{`"x"`, ErrDocument, "begins with"},
		{`{}`, ErrDocument, "neither epcisBody nor eventList"},
		{`{"a":` + deep + `}`, ErrLimit, "nested deeper than 64"},
		{wrap(`{"a":` + deep + `}`), ErrLimit, "nested deeper"},
		{wrap(`{"a":"` + strings.Repeat("x", 300) + `"}`), ErrLimit, "an event has at most 300 bytes"},
		{`{"x":"` + strings.Repeat("y", 200) + `","z":"` + strings.Repeat("y", 200) + `"}`, ErrLimit, "around the events"},
		{wrap(`{},{},{}`), ErrLimit, "at most 2 events"},
		{`[{},{},{}]`, ErrLimit, "at most 2 events"},
		{wrap(`{"a":1` + strings.Repeat("0", 1200) + `}`), ErrLimit, "characters"},
		{strings.Repeat(" ", 2<<20), ErrLimit, ""},
	} {
		limits := small
		if strings.Contains(c.says, "characters") {
			limits.Event = 1 << 20
		}
		_, err := Read(strings.NewReader(c.document), limits, func(int, *Event) error { return nil })
		if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%.60s: got %v, want %v that says %q", c.document, err, c.want, c.says)
		}
	}
}

func TestReadStops(t *testing.T) {
	stop := errors.New("stop")
	n := 0
	_, err := Read(strings.NewReader(`{"@context":"a:b","epcisBody":{"eventList":[{},{}]}}`), DefaultLimits, func(int, *Event) error { n++; return stop })
	if !errors.Is(err, stop) || n != 1 {
		t.Errorf("got %v after %d events", err, n)
	}
}

// endless is a document of n events that is never in memory as a whole.
type endless struct {
	n       int
	pending string
}

func (e *endless) Read(p []byte) (int, error) {
	for e.pending == "" {
		switch e.n--; {
		case e.n > 0:
			e.pending = plainEvent + ",\n"
		case e.n == 0:
			e.pending = plainEvent + "]}}"
		default:
			return 0, io.EOF
		}
	}
	n := copy(p, e.pending)
	e.pending = e.pending[n:]
	return n, nil
}

// A document of 100,000 events (18 MB) takes no more memory than one of a few.
func TestReadStreams(t *testing.T) {
	const n = 100_000
	var before, now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	most := uint64(0)
	in := io.MultiReader(strings.NewReader(`{"@context":[`+contextURL+`,{"ex":"https://ex.example/"}],"type":"EPCISDocument","epcisBody":{"eventList":[`), &endless{n: n})
	d, err := Read(in, DefaultLimits, func(i int, e *Event) error {
		if i%20_000 == 0 {
			if e.Prehash() != plainHash {
				return fmt.Errorf("event %d: %s", i, e.Prehash())
			}
			runtime.GC()
			runtime.ReadMemStats(&now)
			most = max(most, now.HeapAlloc)
		}
		return nil
	})
	if err != nil || d.Events != n {
		t.Fatalf("%v, %v", d, err)
	}
	if most > before.HeapAlloc+2<<20 {
		t.Errorf("the heap grew from %d to %d bytes", before.HeapAlloc, most)
	}
}

// Events that stand before the context wait for it, but not without bound.
func TestReadBoundsWhatWaits(t *testing.T) {
	limits := DefaultLimits
	limits.Held = 1000
	for n, want := range map[int]error{9: nil, 11: ErrLimit} {
		events := strings.Repeat(`{"a":"`+strings.Repeat("x", 91)+`"},`, n)
		count := 0
		_, err := Read(strings.NewReader(`{"epcisBody":{"eventList":[`+events+`{}]},"@context":"a:b"}`), limits, func(int, *Event) error { count++; return nil })
		if !errors.Is(err, want) || err != nil && !strings.Contains(err.Error(), "before the events") || err == nil && count != n+1 {
			t.Errorf("%d events: got %v after %d", n+1, err, count)
		}
	}
}
