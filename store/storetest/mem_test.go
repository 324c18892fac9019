package storetest_test

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"

	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/store/proof"
	"github.com/hallmark-ledger/hallmark/store/storetest"
)

// What a branch writes, what its changes do, and what the same writes do
// without a branch lead to one root, and every key is proven for it.
func TestOneRoot(t *testing.T) {
	key := rapid.SliceOfN(rapid.SampledFrom([]byte("abc")), 1, 3)
	rapid.Check(t, func(t *rapid.T) {
		var direct, applied, written storetest.Mem
		branch := store.NewBranch(&written)
		for range rapid.IntRange(0, 30).Draw(t, "writes") {
			k, v := key.Draw(t, "key"), rapid.SliceOfN(rapid.Byte(), 0, 2).Draw(t, "value")
			for _, w := range []store.Writer{&direct, branch} {
				err := w.Set(k, v)
				if len(v) == 0 {
					err = w.Delete(k)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := applied.Apply(branch.Changes()); err != nil {
			t.Fatal(err)
		}
		if err := branch.Write(); err != nil {
			t.Fatal(err)
		}
		root := direct.Root()
		if applied.Root() != root || written.Root() != root {
			t.Fatal("different roots")
		}

		k := key.Draw(t, "proven")
		v, ok, p, err := written.Prove(k)
		if err != nil {
			t.Fatal(err)
		}
		if ok {
			err = proof.VerifyInclusion(root, k, v, p)
		} else {
			err = proof.VerifyAbsence(root, k, p)
		}
		if err != nil {
			t.Fatal(err)
		}
	})
}

// Whoever keeps what a scan showed is found out.
func TestScanSpoils(t *testing.T) {
	var mem storetest.Mem
	if err := mem.Set([]byte("key"), []byte("value")); err != nil {
		t.Fatal(err)
	}
	var kept []byte
	err := mem.Scan(nil, nil, func(_, value []byte) (bool, error) { kept = value; return true, nil })
	if err != nil || bytes.Equal(kept, []byte("value")) {
		t.Errorf("kept %q, %v", kept, err)
	}
	if v, _, _ := mem.Get([]byte("key")); string(v) != "value" {
		t.Errorf("the store has %q", v)
	}
}

func TestDisjointPrefixes(t *testing.T) {
	for _, tt := range []struct {
		prefixes []string
		mixed    bool
	}{
		{[]string{"b", "a", "c"}, false},
		{[]string{"ab", "b", "a"}, true},
		{[]string{"a", "b", "a"}, true},
	} {
		probe := &probe{TB: t}
		storetest.DisjointPrefixes(probe, tt.prefixes...)
		if probe.failed != tt.mixed {
			t.Errorf("%q: failed is %v", tt.prefixes, probe.failed)
		}
	}
}

// probe notes a failure instead of failing.
type probe struct {
	testing.TB
	failed bool
}

func (p *probe) Errorf(string, ...any) { p.failed = true }
func (p *probe) Helper()               {}
