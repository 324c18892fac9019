package epcis

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// sharedData has the test vectors and examples, beside the repository.
const sharedData = "../../shared/data/epcis/"

func readShared(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(sharedData + name)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("no published data at %s", sharedData+name)
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// sharedFiles returns the files that match a pattern, as names for readShared.
func sharedFiles(t testing.TB, pattern string) []string {
	t.Helper()
	names, err := filepath.Glob(sharedData + pattern)
	if err != nil {
		t.Fatal(err)
	}
	if len(names) == 0 {
		t.Skipf("no published data at %s", sharedData)
	}
	for i := range names {
		names[i] = strings.TrimPrefix(filepath.ToSlash(names[i]), sharedData)
	}
	return names
}

// eventsOf reads all events of a document.
func eventsOf(t testing.TB, document string) []*Event {
	t.Helper()
	var events []*Event
	d, err := Read(strings.NewReader(document), DefaultLimits, func(i int, e *Event) error {
		if i != len(events) {
			t.Errorf("event %d is counted as %d", len(events), i)
		}
		events = append(events, e)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if d.Events != len(events) {
		t.Errorf("%d events are counted as %d", len(events), d.Events)
	}
	return events
}

func lines(s string) []string { return strings.Split(strings.TrimSuffix(s, "\n"), "\n") }

// The vectors of the reference implementation, with the SM3 of the same strings.
func TestVectors(t *testing.T) {
	var vectors []struct{ File, Prehash, SHA256, SM3 string }
	if err := json.Unmarshal([]byte(readShared(t, "event-hash/vectors_sm3.json")), &vectors); err != nil {
		t.Fatal(err)
	}
	next := 0
	for _, name := range sharedFiles(t, "event-hash/*.jsonld") {
		base := strings.TrimSuffix(name, ".jsonld")
		prehashes, hashes := lines(readShared(t, base+".prehashes")), lines(readShared(t, base+".hashes"))
		events := eventsOf(t, readShared(t, name))
		if len(events) != len(prehashes) || len(events) != len(hashes) {
			t.Fatalf("%s: %d events, %d strings, %d hashes", name, len(events), len(prehashes), len(hashes))
		}
		for i, e := range events {
			if e.Prehash() != prehashes[i] {
				t.Errorf("%s, event %d:\n got %s\nwant %s", name, i, e.Prehash(), prehashes[i])
			}
			if h := e.Hash(); h.URI() != hashes[i] || h.SM3.String() != vectors[next].SM3 || vectors[next].Prehash != prehashes[i] {
				t.Errorf("%s, event %d: got %s %s, want %s %s", name, i, h.URI(), h.SM3, hashes[i], vectors[next].SM3)
			}
			next++
		}
	}
	if next != len(vectors) {
		t.Errorf("%d of %d vectors were looked at", next, len(vectors))
	}
}

// GS1's examples are valid, and each event has a hash and a view.
func TestExamples(t *testing.T) {
	for _, name := range append(sharedFiles(t, "gs1/examples/*.jsonld"), sharedFiles(t, "event-hash/*.jsonld")...) {
		d, err := Read(strings.NewReader(readShared(t, name)), DefaultLimits, func(i int, e *Event) error {
			for _, f := range e.Faults() {
				t.Errorf("%s: %v", name, f)
			}
			if !strings.HasPrefix(e.Prehash(), "eventType="+e.Type+"eventTime=") {
				t.Errorf("%s: pre-hash string %s", name, e.Prehash())
			}
			if e.Time.IsZero() || e.Offset == "" {
				t.Errorf("%s, event %d: no time", name, i)
			}
			for _, m := range e.Products {
				if m.Err != nil {
					t.Errorf("%s, event %d: %s: %v", name, i, m.URI, m.Err)
				}
			}
			return nil
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if d.Events == 0 || len(d.Faults) > 0 {
			t.Errorf("%s: %d events, %v", name, d.Events, d.Faults)
		}
	}
}

// The cases in testdata are documents of our own with the strings that the
// reference implementation gives for them.
func TestHashCases(t *testing.T) {
	b, err := os.ReadFile("testdata/hash_cases.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Name     string
		Document json.RawMessage
		Prehash  []string
	}
	if err := json.Unmarshal(b, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) < 30 {
		t.Fatalf("only %d cases", len(cases))
	}
	for _, c := range cases {
		events := eventsOf(t, string(c.Document))
		if len(events) != len(c.Prehash) {
			t.Errorf("%s: %d events, want %d", c.Name, len(events), len(c.Prehash))
			continue
		}
		for i, e := range events {
			if e.Prehash() != c.Prehash[i] {
				t.Errorf("%s, event %d:\n got %s\nwant %s", c.Name, i, e.Prehash(), c.Prehash[i])
			}
		}
	}
}
