package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

// TestTargets takes every target through a small run, a second opening
// included, so that the comparison cannot rot unseen.
func TestTargets(t *testing.T) {
	for _, c := range []struct{ name, backend string }{
		{"iavl", "pebble"},
		{"iavl", "goleveldb"},
		{"smt", "pebble-default"},
		{"hallmark", ""},
		{"hallmark-bounded", ""},
	} {
		t.Run(c.name+"/"+c.backend, func(t *testing.T) {
			s := settings{Dir: t.TempDir(), Backend: c.backend}
			if c.name == "hallmark-bounded" {
				s.Memory = 1 << 10
			}
			p := plan{Keys: 500, Versions: 2, Bulk: 1, Proofs: 20}
			out, err := run(c.name, s, p)
			if err != nil {
				t.Fatal(err)
			}
			if want := 500 + 2*updateChanges/2; out.Keys != want || len(out.Commits) != 2 {
				t.Errorf("%d keys, %d commits, want %d, 2", out.Keys, len(out.Commits), want)
			}
			if _, err := reopen(c.name, s, p, 4); err != nil { // build, two updates, bulk
				t.Fatal(err)
			}
			if _, err := reopen(c.name, s, p, 100); err == nil {
				t.Error("a lost version was not noticed")
			}
		})
	}
}

// TestVerifyRefuses shows that the check of proofs is one: what is measured as
// verified could have failed.
func TestVerifyRefuses(t *testing.T) {
	for name, open := range targets {
		t.Run(name, func(t *testing.T) {
			target, err := open(settings{Dir: t.TempDir(), Backend: "pebble"})
			if err != nil {
				t.Fatal(err)
			}
			w := newWorkload(100)
			version, changes := w.next(100, 0)
			if err := target.Commit(version, changes); err != nil {
				t.Fatal(err)
			}
			k, v := w.present()
			p, err := target.Prove(k)
			if err != nil {
				t.Fatal(err)
			}
			absent, err := target.ProveAbsent(w.absent())
			if err != nil {
				t.Fatal(err)
			}
			if err := target.Verify(p, k, v); err != nil {
				t.Errorf("the true value: %v", err)
			}
			if target.Verify(p, k, v[1:]) == nil || target.Verify(p, w.absent(), v) == nil ||
				target.Verify(p, k, nil) == nil || target.Verify(absent, k, nil) == nil {
				t.Error("a false claim verified")
			}
			if err := target.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestWorkload(t *testing.T) {
	a, b := newWorkload(10), newWorkload(10)
	a.next(10, 0)
	b.next(10, 0)
	_, x := a.next(0, 5)
	_, y := b.next(0, 5)
	for i := range x {
		if !bytes.Equal(x[i].Key, y[i].Key) || !bytes.Equal(x[i].Value, y[i].Value) {
			t.Error("two workloads differ")
		}
		if i > 0 && bytes.Compare(x[i-1].Key, x[i].Key) >= 0 {
			t.Error("changes are not strictly sorted by key")
		}
	}
	if len(x) != 5 || len(x[0].Key) != keySize || len(x[0].Value) != valueSize {
		t.Errorf("%d changes of %d and %d bytes", len(x), len(x[0].Key), len(x[0].Value))
	}
}

func TestReport(t *testing.T) {
	var out strings.Builder
	err := report(&out, []string{"iavl", "hallmark"}, map[string]*outcome{
		"iavl":     {Keys: 1, Commits: []float64{30, 60, 90}},
		"hallmark": {Keys: 1, Commits: []float64{10, 20, 30, 1000, 1000}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(out.String(), "\nstore ratio vs iavl: 3.00\n") {
		t.Errorf("the last line is not the ratio over the common versions:\n%s", out.String())
	}
	if err := report(failing{}, nil, nil); err == nil {
		t.Error("a failed write was not reported")
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("no") }
