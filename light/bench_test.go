package light

import (
	"fmt"
	"testing"

	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	tracev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/trace/v1"
)

// BenchmarkKnownSeal is what a verdict costs beside its hashes and signatures.
func BenchmarkKnownSeal(b *testing.B) {
	file, card := readVectors(b)
	for _, name := range []string{"head alone", "valid"} {
		for _, v := range file.Vectors {
			if v.Name != name {
				continue
			}
			bundle, known := unhex(b, v.Bundle), NewVerifier(card)
			b.Run(name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if known.Verify(bundle, v.Claim, v.Limits.limits(), v.Now).Outcome != Holds {
						b.Fatal(name)
					}
				}
			})
		}
	}
}

// BenchmarkTraced verifies the way of a product with 20 events, made of one with
// five, which was made of another: all with a certificate. The seal is known in one
// of the two. bytes are those of the bundle over a small state; each of the entries
// takes half a kilobyte more over a million keys.
func BenchmarkTraced(b *testing.B) {
	l := newTraces(b)
	bank, cell, ore := l.certifyFor("maker", "Q-1"), l.certifyFor("cellco", "Q-2"), l.certifyFor("cellco", "Q-3")
	for uri, ref := range map[string]*certificatev1.Ref{cellLot: cell, oreLot: ore} {
		l.register("cellco", uri, ref)
	}
	l.register("maker", bankLot, bank)
	events := func(name string, n int, others ...string) []*tracev1.Event {
		list := []*tracev1.Event{l.output(name, others...)}
		for i := range n - 1 {
			list = append(list, l.event(fmt.Sprint(name, i)))
		}
		return list
	}
	l.capture("cellco", oreLot, l.event("mined"))
	l.capture("cellco", cellLot, events("cells", 5, oreLot)...)
	l.capture("maker", bankLot, events("banks", 20, cellLot)...)
	claim, card, now := traced(bankLot), l.card(), l.net.Now()
	bundle := l.prove(claim, false)
	s, err := Open(bundle, card, MaxBundleSize)
	if err != nil {
		b.Fatal(err)
	}
	known := NewVerifier(card)
	for name, verify := range map[string]func() *Verdict{
		"new seal":   func() *Verdict { return Verify(bundle, card, claim, Limits{}, now) },
		"known seal": func() *Verdict { return known.Verify(bundle, claim, Limits{}, now) },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if v := verify(); v.Outcome != Holds || len(v.Trace.Products) != 3 {
					b.Fatal(v.Reasons)
				}
			}
			b.ReportMetric(float64(len(bundle)), "bytes")
			b.ReportMetric(float64(len(s.entries)), "entries")
		})
	}
}
