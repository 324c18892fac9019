package engine

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store"
)

// benchKeys is the number of keys that the benchmarks start with.
func benchKeys(b *testing.B) int {
	n, err := strconv.Atoi(orElse(os.Getenv("ENGINE_BENCH_KEYS"), "100000"))
	if err != nil {
		b.Fatal(err)
	}
	return n
}

func orElse(a, b string) string {
	if a == "" {
		return b
	}
	return a
}

func benchChange(n int, generation byte) store.Change {
	key := sm3.Sum(binary.BigEndian.AppendUint64(nil, uint64(n)))
	value := bytes.Repeat(append(key[:], generation), 10)[:300]
	return store.Change{Key: key[:], Value: value}
}

func sortChanges(changes []store.Change) []store.Change {
	slices.SortFunc(changes, func(a, b store.Change) int { return bytes.Compare(a.Key, b.Key) })
	return changes
}

func BenchmarkCommit(b *testing.B) {
	keys := benchKeys(b)
	bound, _ := strconv.ParseInt(os.Getenv("ENGINE_BENCH_BOUND"), 10, 64)
	db, err := Open(b.TempDir(), Options{MemoryBound: bound})
	if err != nil {
		b.Fatal(err)
	}
	start := time.Now()
	version := uint64(0)
	for n := 0; n < keys; n += 20000 {
		var changes []store.Change
		for i := range 20000 {
			changes = append(changes, benchChange(n+i, 0))
		}
		version++
		commit(b, db, version, sortChanges(changes))
	}
	fmt.Println("build", time.Since(start))
	var ms runtime.MemStats
	for _, size := range []int{2000, 50000} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			var times []time.Duration
			var staged time.Duration
			for b.Loop() {
				b.StopTimer()
				seen := map[int]bool{}
				var changes []store.Change
				for i := range size {
					n := keys + int(version)*50000 + i
					if i%2 == 0 {
						n = int(binary.BigEndian.Uint32(benchChange(n, 0).Key)) % keys
					}
					if !seen[n] {
						seen[n] = true
						changes = append(changes, benchChange(n, byte(version)))
					}
				}
				sortChanges(changes)
				b.StartTimer()
				t := time.Now()
				version++
				st, err := db.Stage(version, changes)
				if err != nil {
					b.Fatal(err)
				}
				staged += time.Since(t)
				if err := st.Commit(); err != nil {
					b.Fatal(err)
				}
				times = append(times, time.Since(t))
			}
			b.ReportMetric(float64((staged/time.Duration(len(times))).Microseconds())/1000, "ms-stage")
			slices.Sort(times)
			runtime.ReadMemStats(&ms)
			b.ReportMetric(float64(times[len(times)/2].Microseconds())/1000, "ms-median")
			b.ReportMetric(float64(times[len(times)*99/100].Microseconds())/1000, "ms-p99")
			b.ReportMetric(float64(size)/times[len(times)/2].Seconds(), "updates/s")
			b.ReportMetric(float64(ms.HeapInuse)/float64(db.tip.keys), "heapB/key")
		})
	}
	b.StopTimer()
	fmt.Println("trie bytes/key", float64(db.trie.bytes())/float64(db.tip.keys), "undo", db.undoBytes())
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
}

func BenchmarkProve(b *testing.B) {
	keys := benchKeys(b)
	db, err := Open(b.TempDir(), Options{})
	if err != nil {
		b.Fatal(err)
	}
	version := uint64(0)
	for n := 0; n < keys; n += 20000 {
		var changes []store.Change
		for i := range 20000 {
			changes = append(changes, benchChange(n+i, 0))
		}
		version++
		commit(b, db, version, sortChanges(changes))
	}
	v := db.Latest()
	for _, c := range []struct {
		name string
		key  func(i int) []byte
	}{
		{"present", func(i int) []byte { return benchChange(i*7919%keys, 0).Key }},
		{"absent", func(i int) []byte { return benchChange(keys+i, 0).Key }},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			some := make([][]byte, 20000)
			for i := range some {
				some[i] = c.key(i)
			}
			i := 0
			for b.Loop() {
				i++
				if _, _, _, err := v.Prove(some[i%len(some)]); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
}
