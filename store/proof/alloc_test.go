//go:build !race

package proof_test

import (
	"testing"

	"github.com/hallmark-ledger/hallmark/store/proof"
	"github.com/hallmark-ledger/hallmark/store/storetest"
)

// The race detector makes sync.Pool forget at random, hence the build tag.
func TestVerifyAllocatesNothing(t *testing.T) {
	kvs := numbered(100)
	root, in := storetest.Root(kvs), storetest.Prove(kvs, kvs[7].Key)
	absent := []byte("absent")
	out := storetest.Prove(kvs, absent)
	for name, verify := range map[string]func() error{
		"inclusion": func() error { return proof.VerifyInclusion(root, kvs[7].Key, kvs[7].Value, in) },
		"absence":   func() error { return proof.VerifyAbsence(root, absent, out) },
	} {
		n := testing.AllocsPerRun(100, func() {
			if err := verify(); err != nil {
				t.Fatal(err)
			}
		})
		if n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}
