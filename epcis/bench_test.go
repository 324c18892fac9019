package epcis

import (
	"io"
	"strings"
	"testing"
)

// BenchmarkHash reads and hashes a stream of events on one core, of which each
// has an EPC, a place and an extension.
func BenchmarkHash(b *testing.B) { benchmark(b, func(e *Event) { _ = e.Hash() }) }

// BenchmarkRead is BenchmarkHash without the hash.
func BenchmarkRead(b *testing.B) { benchmark(b, func(*Event) {}) }

// BenchmarkCheck holds each event against the rules.
func BenchmarkCheck(b *testing.B) {
	benchmark(b, func(e *Event) {
		if f := e.Faults(); len(f) > 0 {
			b.Fatal(f)
		}
	})
}

func benchmark(b *testing.B, do func(e *Event)) {
	b.ReportAllocs()
	b.SetBytes(int64(len(plainEvent)))
	in := io.MultiReader(strings.NewReader(`{"@context":[`+contextURL+`,{"ex":"https://ex.example/"}],"type":"EPCISDocument","epcisBody":{"eventList":[`), &endless{n: b.N})
	limits := DefaultLimits
	limits.Bytes, limits.Events = 1<<60, 1<<60
	d, err := Read(in, limits, func(_ int, e *Event) error { do(e); return nil })
	if err != nil || d.Events != b.N {
		b.Fatal(d, err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
}

// BenchmarkHashVectors hashes the larger events of the test vectors.
func BenchmarkHashVectors(b *testing.B) {
	document := readShared(b, "event-hash/epcisDocWithVariousEventTypes.jsonld")
	b.ReportAllocs()
	b.SetBytes(int64(len(document)))
	events := 0
	for b.Loop() {
		if _, err := Read(strings.NewReader(document), DefaultLimits, func(_ int, e *Event) error {
			events++
			_ = e.Hash()
			return nil
		}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(events)/b.Elapsed().Seconds(), "events/s")
}
