package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/evidence"
)

// lab is a machine with the key of a body, and a node.
type lab struct {
	t      *testing.T
	folder string
	url    string
}

func newLab(t *testing.T) *lab { return newLabOf(t, "cqc/operator") }

// newLabOf is newLab with another key and settings of the node.
func newLabOf(t *testing.T, key string, settings ...string) *lab {
	l := &lab{t: t, folder: t.TempDir()}
	url, stop, err := startNode(filepath.Join(l.folder, "node"), settings...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	l.url = url
	if err := giveKeys(l.folder, key); err != nil {
		t.Fatal(err)
	}
	return l
}

// command returns hallmark with arguments, in a process of its own that ends with
// the test.
func (l *lab) command(args ...string) *exec.Cmd {
	c := exec.Command("hallmark", append([]string{"--json", "--node", l.url, "--keys", filepath.Join(l.folder, "keys")}, args...)...)
	c.Dir = l.folder
	c.Env = append(os.Environ(), "LANG=en", envPassphrase+"="+passphrase)
	return c
}

func (l *lab) path(name string) string { return filepath.Join(l.folder, name) }

// killed runs a command and kills it after a while, with SIGKILL; it reports
// whether that was before it ended.
func (l *lab) killed(after time.Duration, args ...string) bool {
	l.t.Helper()
	c := l.command(args...)
	if err := c.Start(); err != nil {
		l.t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	select {
	case <-ended:
		return false
	case <-time.After(after):
	}
	if err := c.Process.Kill(); err != nil {
		l.t.Fatal(err)
	}
	<-ended
	return true
}

// runs runs a command to its end.
func (l *lab) runs(args ...string) string {
	l.t.Helper()
	c := l.command(args...)
	var stderr strings.Builder
	c.Stderr = &stderr
	out, err := c.Output()
	if err != nil {
		l.t.Fatalf("%v: %v\n%s%s", args, err, out, stderr.String())
	}
	return string(out)
}

// onLedger returns how many anchors the body has on the ledger.
func (l *lab) onLedger() int {
	l.t.Helper()
	answer, err := http.Get(l.url + "/v1/evidence?member=cqc&limit=1")
	if err != nil {
		l.t.Fatal(err)
	}
	defer answer.Body.Close()
	list := new(api.EvidenceList)
	if err := json.NewDecoder(answer.Body).Decode(list); err != nil {
		l.t.Fatal(err)
	}
	return int(list.Total)
}

var about = []string{"--engagement", "CNCA-R-2002-001/A010101/J-1", "--kind", "capture", "--sign-with", "operator"}

// checked opens a manifest, computes its roots again and compares how many leaves
// and anchors there are; all anchors are filed, each once.
func (l *lab) checked(manifest string, leaves int) {
	l.t.Helper()
	r, err := evidence.Open(manifest)
	if err != nil {
		l.t.Fatal(err)
	}
	defer r.Close()
	n, err := r.CheckRoots(context.Background())
	if err != nil || int(n) != leaves {
		l.t.Fatalf("%d leaves, want %d, %v", n, leaves, err)
	}
	for _, a := range r.Anchors {
		if a.Outcome == nil {
			l.t.Errorf("anchor %d is not filed", a.Number)
		}
	}
	if got := l.onLedger(); got != len(r.Anchors) {
		l.t.Errorf("%d anchors are on the ledger, the manifest has %d", got, len(r.Anchors))
	}
}

// TestKilledAnchor kills evidence anchor again and again, while it reads and while it
// files: what was read is not read again, and nothing is filed twice.
func TestKilledAnchor(t *testing.T) {
	l := newLab(t)
	const files, size = 600, 256 << 10
	if err := os.Mkdir(l.path("reports"), 0o700); err != nil {
		t.Fatal(err)
	}
	for i := range files {
		content := append(make([]byte, size), fmt.Sprint(i)...)
		if err := os.WriteFile(l.path(fmt.Sprintf("reports/%03d", i)), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	command := append([]string{"evidence", "anchor", "reports", "--jobs", "1"}, about...)
	kills := 0
	for range 12 {
		if !l.killed(200*time.Millisecond+rand.N(500*time.Millisecond), command...) {
			break
		}
		kills++
	}
	var m manifestJSON
	if err := json.Unmarshal([]byte(l.runs(command...)), &m); err != nil {
		t.Fatal(err)
	}
	if len(m.Anchors) != 1 || m.Anchors[0].Leaves != files || m.Anchors[0].Height == 0 {
		t.Fatalf("%+v", m)
	}
	t.Logf("killed %d times", kills)
	l.checked(l.path("reports.hmev"), files)
	l.runs("evidence", "check", "--manifest", "reports.hmev", "reports")
}

// TestKilledWatch kills evidence watch of a growing file again and again, and has
// the network away for a while: each line is in the manifest once, in order.
func TestKilledWatch(t *testing.T) {
	l := newLab(t)
	f, err := os.Create(l.path("probe.log"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	ended := make(chan struct{})
	const lines = 30_000
	go func() {
		defer close(ended)
		for i := range lines {
			fmt.Fprintf(f, "reading %d\n", i)
			if i%50 == 0 {
				time.Sleep(10 * time.Millisecond)
			}
		}
	}()
	command := append([]string{"evidence", "watch", "probe.log", "--manifest", "probe.hmev", "--every", "200ms"}, about...)
	for i := range 9 {
		args := command
		if i == 3 {
			args = append(append([]string{}, command...), "--node", "http://127.0.0.1:1")
		}
		if !l.killed(300*time.Millisecond+rand.N(time.Second), args...) {
			t.Fatal("it ended by itself")
		}
	}
	<-ended
	l.runs(append(command, "--once")...)
	l.checked(l.path("probe.hmev"), lines)
	l.runs("evidence", "check", "--manifest", "probe.hmev", "probe.log")
}

// TestKilledWatchOfStream kills evidence watch of a pipe: lines may be lost that were
// read and not written yet, but none comes twice and all in order.
func TestKilledWatchOfStream(t *testing.T) {
	l := newLab(t)
	command := append([]string{"evidence", "watch", "-", "--manifest", "probe.hmev", "--every", "200ms"}, about...)
	sent := map[sm3.Hash]int{}
	for turn := range 3 {
		c := l.command(command...)
		in, err := c.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		for begun := time.Now(); time.Since(begun) < 1500*time.Millisecond; time.Sleep(time.Millisecond) {
			line := fmt.Sprintf("turn %d line %d", turn, len(sent))
			sent[sm3.Sum([]byte(line))] = len(sent)
			if _, err := fmt.Fprintln(in, line); err != nil {
				t.Fatal(err)
			}
		}
		if turn < 2 {
			if err := c.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			_ = c.Wait()
			continue
		}
		in.Close()
		if err := c.Wait(); err != nil {
			t.Fatal(err)
		}
	}
	r, err := evidence.Open(l.path("probe.hmev"))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	last, n := -1, 0
	err = r.Each(func(f evidence.Found) bool {
		line, ok := sent[f.Leaf.Content]
		if !ok || line <= last {
			t.Errorf("leaf %d is line %d, after %d, %v", f.Number, line, last, ok)
		}
		last, n = line, n+1
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d of %d lines are in the manifest", n, len(sent))
	if n < len(sent)/2 {
		t.Errorf("%d of %d lines are in the manifest", n, len(sent))
	}
	l.checked(l.path("probe.hmev"), n)
}
