package merkle

import (
	"testing"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

var benchSink sm3.Hash

func BenchmarkBuilder(b *testing.B) {
	leaves := numbered(1 << 20)
	b.Run("batch", func(b *testing.B) {
		for b.Loop() {
			m := NewBuilder()
			m.AppendBatch(leaves)
			benchSink = m.Root()
		}
		b.ReportMetric(float64(len(leaves))*float64(b.N)/b.Elapsed().Seconds(), "leaves/s")
	})
	b.Run("one by one", func(b *testing.B) {
		for b.Loop() {
			m := NewBuilder()
			for _, leaf := range leaves {
				m.Append(leaf)
			}
			benchSink = m.Root()
		}
		b.ReportMetric(float64(len(leaves))*float64(b.N)/b.Elapsed().Seconds(), "leaves/s")
	})
}

func BenchmarkProofs(b *testing.B) {
	hashes := leafHashes(numbered(1 << 20))
	tree := NewTree(hashes)
	b.Run("tree", func(b *testing.B) {
		for i := uint64(0); b.Loop(); i++ {
			tree.Inclusion(i * 0x9e3779b97f4a7c15 >> 44)
		}
	})
	b.Run("streamed", func(b *testing.B) {
		for b.Loop() {
			ProveInclusion(InMemory(hashes), 12345, 1<<20)
		}
	})
	b.Run("verify", func(b *testing.B) {
		p, _ := tree.Inclusion(12345)
		for b.Loop() {
			if err := VerifyInclusion(p, hashes[12345], tree.Head()); err != nil {
				b.Fatal(err)
			}
		}
	})
}
