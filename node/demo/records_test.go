package demo

import (
	"testing"

	"github.com/hallmark-ledger/hallmark/crypto/merkle"
)

// TestRecords holds that the two records of the state decode to what was encoded,
// and that nothing shorter or longer decodes.
func TestRecords(t *testing.T) {
	f := filing{cert: published[0]}
	f.cert.Filer = "demo-body-a"
	f.certifier[0], f.approver[63] = 1, 2
	a := anchored{head: merkle.Head{Size: 7, Root: merkle.EmptyRoot()}, by: "demo-body-b"}
	a.signature[5] = 3

	for name, c := range map[string]struct {
		encode func() ([]byte, error)
		same   func([]byte) (bool, error)
	}{
		"filing":   {f.encode, func(b []byte) (bool, error) { got, err := decodeFiling(b); return got == f, err }},
		"anchored": {a.encode, func(b []byte) (bool, error) { got, err := decodeAnchored(b); return got == a, err }},
	} {
		b, err := c.encode()
		if err != nil {
			t.Fatal(err)
		}
		if ok, err := c.same(b); err != nil || !ok {
			t.Errorf("%s: not what was encoded; %v", name, err)
		}
		for n := range b {
			if _, err := c.same(b[:n]); err == nil {
				t.Errorf("%s: the first %d bytes decode", name, n)
			}
		}
		if _, err := c.same(append(b, 0)); err == nil {
			t.Errorf("%s: a further byte decodes", name)
		}
	}
}
