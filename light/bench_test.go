package light

import "testing"

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
