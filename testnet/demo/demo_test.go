package demo

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/node/command"
	"github.com/hallmark-ledger/hallmark/testnet/generate"
	"github.com/hallmark-ledger/hallmark/testnet/runner"
	"github.com/hallmark-ledger/hallmark/testnet/words"
	"github.com/hallmark-ledger/hallmark/trace"
	"github.com/hallmark-ledger/hallmark/x/civil"
	"github.com/hallmark-ledger/hallmark/x/trace/gs1"
)

// asNode makes the test binary behave as hallmarkd.
const asNode = "TEST_AS_HALLMARKD"

func TestMain(m *testing.M) {
	if os.Getenv(asNode) != "" {
		os.Exit(command.Main())
	}
	os.Exit(m.Run())
}

// TestRun is the whole demonstration with four processes.
func TestRun(t *testing.T) {
	if testing.Short() {
		t.Skip("runs four nodes for half a minute")
	}
	var out bytes.Buffer
	dir := filepath.Join(t.TempDir(), "demo")
	err := Run(t.Context(), &out, Options{Dir: dir, Once: true, Env: []string{asNode + "=1"}, Language: words.Both})
	if err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	for _, want := range []string{
		"1/23 Start", "15/23 Kill", "22/23 Write", "nobody ever issued it (", "nothing is established", "00114E22766R2L/3502", "expired 05", "过期失效 05", "holder_barred (460)", "certificate_revoked (404)",
		"body_stopped (455)", "no body has ever issued it",
		"trace_certificate_of_another (610)", "17/23 Fix test reports", "3 leaves, on the ledger", "entry 3, 2", "shipped; 2", "entry 4, 2", "2 suspended", "does not hold, from entry 4 on",
		"(component-suspended)", "page of the power bank, /01/09521234000020/21/EX000001", "forward: 3 power banks", "recalled, because of what is in it (entry 6 of the cells)", "23/23 Verify the evidence",
		"the report is as it was fixed", "no proof fits it", "complete and authentic", "entry 3 is missing", "entry 4 is altered", "查出缺第 3 项", "All is as it should be", "全部符合预期",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the output lacks %q", want)
		}
	}
	for _, not := range []string{"%!", "\x1b"} {
		if strings.Contains(out.String(), not) {
			t.Errorf("the output has %q", not)
		}
	}
	if t.Failed() {
		t.Log(out.String())
	}
	if err := Run(t.Context(), &out, Options{Dir: dir}); !errors.Is(err, generate.ErrNotEmpty) {
		t.Errorf("a second run in the same folder: %v", err)
	}
}

// TestDocuments: the documents of the demonstration are valid, and name products and
// places as ledgers do.
func TestDocuments(t *testing.T) {
	day, err := civil.Parse("2026-01-03") // the year before in part
	if err != nil {
		t.Fatal(err)
	}
	d := &demo{net: &runner.Network{Network: &generate.Network{}}, story: story{day: day}}
	for _, x := range []struct {
		events []event
		parts  int // entries of chains
	}{{d.cellEvents(), 2}, {d.bankEvents(), 2 + 2*len(banks)}, {arrival(morning(day)), len(banks)}} {
		name := filepath.Join(t.TempDir(), "x.jsonld")
		if err := d.writeDocument(name, morning(day), x.events...); err != nil {
			t.Fatal(err)
		}
		scan, err := trace.ScanFile(name)
		if err != nil || !scan.Valid() || scan.Events != len(x.events) {
			t.Fatalf("%+v, %v", scan, err)
		}
		parts := 0
		err = scan.Each(func(e *trace.Event, valid bool) error {
			for _, p := range e.Parts {
				if !valid || p.Event.Place != x.events[e.Index].Place.ID || len(e.Unnamed) > 0 {
					t.Errorf("event %d of %s is at %s; unnamed %v", e.Index, p.Product, p.Event.Place, e.Unnamed)
				}
			}
			parts += len(e.Parts)
			return nil
		})
		if err != nil || parts != x.parts {
			t.Errorf("%d entries, expected %d: %v", parts, x.parts, err)
		}
	}
	if !slices.IsSorted(banks) { // as forward compares them
		t.Error(banks)
	}
	for _, uri := range append(slices.Clone(banks), cellLot) {
		if _, err := gs1.ParseProduct(uri); err != nil {
			t.Error(err)
		}
	}
	for _, uri := range []string{cellPlant, bankPlant, bankStorage} {
		if _, found, err := gs1.ParseLink(uri); !found || err != nil {
			t.Errorf("%s is no place: %v", uri, err)
		}
	}
}

// TestFails: what is not as it should be ends the demonstration, and leaves no
// process and no folder behind.
func TestFails(t *testing.T) {
	if testing.Short() {
		t.Skip("starts nodes")
	}
	t.Setenv("TMPDIR", t.TempDir())
	why := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(why)
	if err := Run(ctx, &bytes.Buffer{}, Options{Once: true, Env: []string{asNode + "=1"}}); err == nil {
		t.Error("it went on though it was told to stop")
	}
	begin := time.Now()
	err := Run(t.Context(), &bytes.Buffer{}, Options{Once: true, Program: []string{"/bin/sh", "-c", "echo it cannot work; exit 1"}})
	if err == nil || !strings.Contains(err.Error(), "it cannot work") || time.Since(begin) > patience {
		t.Errorf("the nodes do not start: after %v: %v", time.Since(begin), err)
	}
	left, err := filepath.Glob(filepath.Join(os.TempDir(), "hallmark-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
