package cli

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/evidence"
	lightv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/light/v1"
)

// TestMillionReadings has a million lines, 50,000 a second, anchored by a watch on one
// core and a node, one anchor each five seconds; the part of a proof from a line to
// its anchor has less than 1 kB, and the whole less than 2 kB beside the seal.
func TestMillionReadings(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes as long as the readings do")
	}
	l := newLab(t)
	const lines, rate = 1_000_000, 50_000
	c := l.command(append([]string{"evidence", "watch", "-", "--manifest", "probe.hmev", "--every", "5s", "--sealed"}, about...)...)
	c.Env = append(c.Env, "GOMAXPROCS=1")
	c.Stderr = os.Stderr
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	out := bufio.NewWriterSize(in, 4<<10)
	begun := time.Now()
	for n := 0; n < lines; time.Sleep(time.Millisecond) {
		for due := min(lines, int(time.Since(begun).Seconds()*rate)); n < due; n++ {
			if _, err := fmt.Fprintf(out, "2026-06-01T08:00:00+08:00,probe-7,%09d,%.3f\n", n, 20+float64(n%997)/100); err != nil {
				t.Fatal(err)
			}
		}
		if err := out.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	in.Close()
	if err := c.Wait(); err != nil {
		t.Fatal(err)
	}
	l.checked(l.path("probe.hmev"), lines)
	r, err := evidence.Open(l.path("probe.hmev"))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	last := r.Anchors[len(r.Anchors)-1].To.Sub(begun)
	t.Logf("%d anchors, the last line captured after %s of %s; %d kB at most", len(r.Anchors), last, lines/rate*time.Second, maxMemory(c))
	for _, line := range []int{1, lines / 3, lines} {
		var p leafProofJSON
		file := fmt.Sprintf("%d.hmb", line)
		if err := json.Unmarshal([]byte(l.runs("evidence", "prove", "--line", fmt.Sprint(line), "--manifest", "probe.hmev", "--out", file)), &p); err != nil {
			t.Fatal(err)
		}
		raw, err := os.ReadFile(l.path(file))
		if err != nil {
			t.Fatal(err)
		}
		m := new(lightv1.Bundle)
		if err := proto.Unmarshal(raw, m); err != nil {
			t.Fatal(err)
		}
		beside := len(raw) - len(m.Sealed.Seal)
		t.Logf("line %d: %d bytes, %d beside the seal, %d from the line to the anchor", line, len(raw), beside, p.Path)
		if p.Path >= 1000 || beside >= 2000 {
			t.Errorf("line %d: %d bytes beside the seal, %d from the line to the anchor", line, beside, p.Path)
		}
	}
}
