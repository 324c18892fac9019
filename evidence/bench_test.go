package evidence

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// sensor starts another process that produces lines. begun is what it prints first.
func sensor(b *testing.B, lines, rate int) (out io.Reader, begun *bytes.Buffer, wait func() error) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), fmt.Sprintf("PRODUCE=%d at %d", lines, rate))
	begun = new(bytes.Buffer)
	cmd.Stderr = begun
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		b.Fatal(err)
	}
	return out, begun, cmd.Wait
}

// peak returns the most memory that the process has had, in MB, as Linux says.
func peak(b *testing.B) float64 {
	raw, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(raw)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kB, err := strconv.Atoi(strings.Fields(rest)[0])
			if err != nil {
				b.Fatal(err)
			}
			return float64(kB) / 1e3
		}
	}
	return 0
}

// BenchmarkWatch has a million lines from another process anchored on one core, an
// anchor each second, at 50,000 a second and as fast as it goes. lag is how much
// later than due a line was captured, at most and for 99 of 100.
func BenchmarkWatch(b *testing.B) {
	const lines = 1_000_000
	for _, rate := range []int{50_000, 0} {
		b.Run(fmt.Sprint(rate), func(b *testing.B) {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
			for b.Loop() {
				out, began, wait := sensor(b, lines, rate)
				path := filepath.Join(b.TempDir(), "m.hmev")
				begun := time.Now()
				anchors, err := Watch(b.Context(), WatchOptions{
					Manifest: path, Begin: Begin{Anchor: template()}, Stream: out, Every: time.Second, Ledger: new(desk), Patience: time.Minute,
				})
				took := time.Since(begun)
				if err != nil {
					b.Fatal(err)
				}
				if err := wait(); err != nil {
					b.Fatal(err)
				}
				r, err := Open(path)
				if err != nil {
					b.Fatal(err)
				}
				defer r.Close()
				if n, err := r.CheckRoots(b.Context()); err != nil || n != lines {
					b.Fatal(n, err)
				}
				info, err := os.Stat(path)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(info.Size())/lines, "B/line")
				b.ReportMetric(float64(len(anchors)), "anchors")
				b.ReportMetric(peak(b), "MB")
				if rate > 0 {
					var most, usual float64
					took, most, usual = lag(b, r, began.String(), rate)
					b.ReportMetric(most, "lag-ms")
					b.ReportMetric(usual, "lag99-ms")
				}
				b.ReportMetric(lines/took.Seconds(), "lines/s")
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}

// lag returns when the last line was captured, from when the first was due, and how
// many milliseconds later than due lines were captured.
func lag(b *testing.B, r *Reader, begun string, rate int) (took time.Duration, most, of99 float64) {
	start, err := strconv.ParseInt(strings.TrimSpace(begun), 10, 64)
	if err != nil {
		b.Fatal(err)
	}
	var all []int64
	err = r.each(r.begun, func(_ frame, first uint64, list []Leaf) bool {
		for i := range list {
			all = append(all, list[i].Captured-start-int64(first+uint64(i))*1e9/int64(rate))
		}
		return true
	})
	if err != nil {
		b.Fatal(err)
	}
	slices.Sort(all)
	took = time.Duration(r.Anchors[len(r.Anchors)-1].To.UnixNano() - start)
	return took, float64(all[len(all)-1]) / 1e6, float64(all[len(all)*99/100]) / 1e6
}

// millions returns a manifest of n leaves of lines.
func millions(tb testing.TB, n int) string {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "m.hmev")
	w, err := Create(path, Begin{Source: Lines, Path: "-", Anchor: template()})
	if err != nil {
		tb.Fatal(err)
	}
	for i := range n {
		l := Leaf{Content: sm3.Hash(binary.BigEndian.AppendUint64(make([]byte, 24), uint64(i))), Size: 60, Captured: 1.78e18 + int64(i)*20_000}
		if err := w.Add(l); err != nil {
			tb.Fatal(err)
		}
	}
	if _, err := w.CloseAnchor(); err != nil {
		tb.Fatal(err)
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return path
}

// BenchmarkProve makes the proof of a leaf of an anchor of a million, from opening
// the manifest on.
func BenchmarkProve(b *testing.B) {
	const leaves = 1_000_000
	path := millions(b, leaves)
	n := uint64(0)
	for b.Loop() {
		r, err := Open(path)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := r.Prove(n); err != nil {
			b.Fatal(err)
		}
		r.Close()
		n = (n + 314_159) % leaves
	}
}

// BenchmarkCheck computes the root of a million leaves from a manifest.
func BenchmarkCheck(b *testing.B) {
	path := millions(b, 1_000_000)
	for b.Loop() {
		r, err := Open(path)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := r.CheckRoots(b.Context()); err != nil {
			b.Fatal(err)
		}
		r.Close()
	}
}

// BenchmarkContent hashes one large content.
func BenchmarkContent(b *testing.B) {
	data := make([]byte, 64<<20)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, _, err := sumOf(b.Context(), bytes.NewReader(data), nil); err != nil {
			b.Fatal(err)
		}
	}
}
