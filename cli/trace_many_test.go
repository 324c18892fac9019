package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/trace"
)

// eventsEach is how many events each product has.
const eventsEach = 20

var steps = []string{"commissioning", "inspecting", "packing", "storing", "picking", "loading", "departing", "arriving", "receiving", "stocking"}

// eventText is an event about item i as EPCIS has it, k counting from 0. Another
// variant is another event of the same id.
func eventText(i, k, variant int) string {
	action := "OBSERVE"
	if k == 0 {
		action = "ADD"
	}
	at := time.Date(2026, 6, 1+k, 8, i/60%60, i%60, 0, time.UTC).Format("2006-01-02T15:04:05.000Z")
	return fmt.Sprintf(`{"eventID": "urn:uuid:00000000-0000-4000-8000-%06d%06d", "type": "ObjectEvent", "action": %q, "bizStep": %q, "eventTime": %q, "eventTimeZoneOffset": "+08:00", "epcList": ["https://id.gs1.org/01/09506000134352/21/S%06d"], "readPoint": {"id": "urn:epc:id:sgln:9506000.13420.%d"}}`,
		i, k, action, steps[k%len(steps)], at, i, variant)
}

// documentText is a document of events.
func documentText(events []string) []byte {
	return []byte(`{"@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"], "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2026-07-01T00:00:00Z", "epcisBody": {"eventList": [
` + strings.Join(events, ",\n") + `
]}}
`)
}

func (l *lab) write(name string, content []byte) {
	l.t.Helper()
	if err := os.WriteFile(l.path(name), content, 0o600); err != nil {
		l.t.Fatal(err)
	}
}

// exits runs a command that ends with a code and prints one JSON value.
func (l *lab) exits(code int, into any, args ...string) {
	l.t.Helper()
	c := l.command(args...)
	var stdout, stderr bytes.Buffer
	c.Stdout, c.Stderr = &stdout, &stderr
	_ = c.Run()
	if got := c.ProcessState.ExitCode(); got != code {
		l.t.Fatalf("%v: exit code %d, want %d\n%s%s", args, got, code, stdout.String(), stderr.String())
	}
	if into != nil {
		if err := json.Unmarshal(stdout.Bytes(), into); err != nil {
			l.t.Fatalf("%v: %v\n%s", args, err, stdout.String())
		}
	}
}

// factory is a lab of an operator with registered items, and a document with the events
// of all of them, by time.
func factory(t *testing.T, items int) (*lab, []string) {
	l := newLabOf(t, "maker/operator", "api.read_rate=0", "api.write_rate=0")
	rows := []string{"uri,name_zh,name_en,certificates,reporters"}
	var events []string
	for i := range items {
		rows = append(rows, fmt.Sprintf("https://example.com/01/9506000134352/21/S%06d,单品%[1]d,Item %[1]d,,", i))
	}
	for k := range eventsEach {
		for i := range items {
			events = append(events, eventText(i, k, 0))
		}
	}
	l.write("items.csv", []byte(strings.Join(rows, "\n")))
	l.write("all.jsonld", documentText(events))
	var r registered
	begun := time.Now()
	l.exits(0, &r, "trace", "register", "--file", "items.csv", "--sign-with", "operator", "--report", "items.report.jsonl")
	if r.Done != items {
		t.Fatalf("%+v", r)
	}
	t.Logf("%d products registered in %s", items, time.Since(begun).Round(time.Millisecond))
	return l, events
}

// TestTraceMany files products with twenty events each, walks and verifies them, and
// finds one event that is altered, dropped, reordered or inserted. HALLMARK_TEST_TRACE
// is how many products; 200 without it.
func TestTraceMany(t *testing.T) {
	items := 200
	if n, err := strconv.Atoi(os.Getenv("HALLMARK_TEST_TRACE")); err == nil {
		items = n
	}
	l, events := factory(t, items)
	all := items * eventsEach
	capture := []string{"trace", "capture", "all.jsonld", "--sign-with", "operator", "--sealed"}
	var c captureJSON
	l.exits(0, &c, capture...)
	if c.Filed != all || c.Present+c.Refused+c.Nowhere != 0 || c.Read != all {
		t.Fatalf("%+v", c)
	}
	t.Logf("%d events filed in %.1f s, %.0f/s", c.Filed, c.Seconds, float64(c.Filed)/c.Seconds)
	// Again, it is known to be this document's; with another journal it was there.
	l.exits(0, &c, capture...)
	if c.Filed != all || c.Present != 0 {
		t.Fatalf("%+v", c)
	}
	l.exits(0, &c, append(capture, "--journal", "other.capture")...)
	if c.Filed != 0 || c.Present != all {
		t.Fatalf("%+v", c)
	}
	l.runs("card", "draft", "--not-after", "2099-12-31", "--out", "card.hmcard")
	verify := func(code int, events []string) (v comparisonJSON) {
		t.Helper()
		l.write("changed.jsonld", documentText(events))
		begun := time.Now()
		l.exits(code, &v, "trace", "verify", "changed.jsonld", "--card", "card.hmcard")
		t.Logf("verified in %s: %s", time.Since(begun).Round(time.Millisecond), v.Outcome)
		return v
	}
	v := verify(0, events)
	if v.Outcome != "complete" || !v.Proven || v.Products != items || v.Entries != all || v.Different != 0 {
		t.Fatalf("%+v", v)
	}
	i, k := rand.N(items), 2+rand.N(eventsEach-4)
	at := k*items + i // of event k of item i
	entry := uint64(k + 2)
	uri := fmt.Sprintf("https://id.gs1.org/01/09506000134352/21/S%06d", i)
	t.Logf("item %d, event %d of the document", i, at+1)
	is := func(v comparisonJSON, outcome string, kind trace.Kind, event int, entry uint64) {
		t.Helper()
		if v.Outcome != outcome || v.Different != 1 {
			t.Fatalf("%+v", v)
		}
		if d := v.Differences[0]; d.Kind != kind || d.Event != event || d.Entry != entry || d.Product != uri {
			t.Errorf("%+v, want %s event %d, entry %d of %s", d, kind, event, entry, uri)
		}
	}
	changed := func(change func([]string) []string) []string { return change(append([]string(nil), events...)) }
	is(verify(1, changed(func(e []string) []string { e[at] = eventText(i, k, 7); return e })), "altered", trace.Altered, at+1, entry)
	is(verify(0, changed(func(e []string) []string { return append(e[:at], e[at+1:]...) })), "authentic", trace.Dropped, at+items, entry)
	is(verify(1, changed(func(e []string) []string { return append(e[:at], append([]string{eventText(i, k, 7)}, e[at:]...)...) })), "altered", trace.Inserted, at+1, entry)
	// It comes before the one that was before it by two.
	is(verify(1, changed(func(e []string) []string {
		to := (k-2)*items + i
		moved := e[at]
		e = append(e[:at], e[at+1:]...)
		return append(e[:to], append([]string{moved}, e[to:]...)...)
	})), "altered", trace.Reordered, (k-2)*items+i+1, entry)
	showItems(t, l, items)
}

// showItems shows some products, all of them if there are few.
func showItems(t *testing.T, l *lab, items int) {
	begun, shown := time.Now(), 0
	for i := 0; i < items; i += max(1, items/20) {
		var w struct {
			Proven bool
			Way    api.Way
		}
		l.exits(0, &w, "trace", "show", fmt.Sprintf("https://id.gs1.org/01/09506000134352/21/S%06d", i), "--card", "card.hmcard")
		if !w.Proven || len(w.Way.Entries) != eventsEach+1 || w.Way.Entries[eventsEach].Event == nil {
			t.Fatalf("%+v", w)
		}
		shown++
	}
	t.Logf("%d products shown in %s", shown, time.Since(begun).Round(time.Millisecond))
}

// TestKilledCapture kills trace capture again and again; it goes on, and files nothing
// twice.
func TestKilledCapture(t *testing.T) {
	const items = 500
	l, _ := factory(t, items)
	command := []string{"trace", "capture", "all.jsonld", "--sign-with", "operator", "--in-flight", "1"}
	kills := 0
	for range 12 {
		if !l.killed(50*time.Millisecond+rand.N(350*time.Millisecond), command...) {
			break
		}
		kills++
	}
	var c captureJSON
	l.exits(0, &c, append(command, "--sealed")...)
	if c.Filed != items*eventsEach || c.Present != 0 {
		t.Fatalf("killed %d times: %+v", kills, c)
	}
	t.Logf("killed %d times", kills)
	l.runs("card", "draft", "--not-after", "2099-12-31", "--out", "card.hmcard")
	var v comparisonJSON
	l.exits(0, &v, "trace", "verify", "all.jsonld", "--card", "card.hmcard", "--complete")
	if v.Outcome != "complete" || v.Entries != items*eventsEach {
		t.Fatalf("%+v", v)
	}
}

// Two captures of one document at a time file each event once, whoever comes first.
func TestTwoCaptures(t *testing.T) {
	const items = 60
	l, _ := factory(t, items)
	var both [2]captureJSON
	ended := make(chan error, len(both))
	for i := range both {
		go func() {
			out, err := l.command("trace", "capture", "all.jsonld", "--sign-with", "operator", "--journal", fmt.Sprint(i, ".capture"), "--report", fmt.Sprint(i, ".csv")).Output()
			if err == nil {
				err = json.Unmarshal(out, &both[i])
			}
			ended <- err
		}()
	}
	for range both {
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
	}
	all := items * eventsEach
	if both[0].Filed+both[1].Filed != all || both[0].Present+both[1].Present != all || both[0].Refused+both[1].Refused != 0 {
		t.Fatalf("%+v\n%+v", both[0], both[1])
	}
	t.Logf("%d and %d filed", both[0].Filed, both[1].Filed)
	var v comparisonJSON
	l.exits(0, &v, "trace", "verify", "all.jsonld", "--trust-node", "--complete")
	if v.Outcome != "complete" || v.Entries != all {
		t.Fatalf("%+v", v)
	}
}
