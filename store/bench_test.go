package store_test

import (
	"encoding/binary"
	"fmt"
	"testing"

	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/store/storetest"
)

// BenchmarkBlock runs a block of 5,000 transactions, each on a branch of its
// own: reads, writes, and in one variant a short scan.
func BenchmarkBlock(b *testing.B) {
	const txs = 5000
	value := make([]byte, 200)
	for _, writes := range []int{4, 40} {
		for _, scan := range []bool{false, true} {
			b.Run(fmt.Sprintf("writes=%d/scan=%v", writes, scan), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					block := store.NewBranch(&storetest.Mem{})
					var key [32]byte
					for tx := range txs {
						branch := store.NewBranch(block)
						for w := range writes {
							binary.BigEndian.PutUint32(key[:], uint32(tx*2654435761)+uint32(w))
							if _, _, err := branch.Get(key[:]); err != nil {
								b.Fatal(err)
							}
							if err := branch.Set(key[:], value); err != nil {
								b.Fatal(err)
							}
						}
						if scan {
							err := branch.Scan(key[:8], nil, func(_, _ []byte) (bool, error) { return true, nil })
							if err != nil {
								b.Fatal(err)
							}
						}
						if err := branch.Write(); err != nil {
							b.Fatal(err)
						}
					}
					block.Changes()
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/txs, "ns/tx")
			})
		}
	}
}
