package tx

import (
	"bytes"
	"testing"

	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// What Decode accepts encodes to the same bytes again; what it refuses has a
// code.
func FuzzDecode(f *testing.F) {
	raw := bytesOf(f, sign(f, body(f)))
	f.Add(raw)
	f.Add(raw[:len(raw)-66])
	f.Add([]byte{})
	f.Add(bytes.Repeat([]byte{0x0a, 0x00}, 20))
	one := bulk(f, 3)
	one.Mode = txv1.Mode_MODE_ALL
	f.Add(bytesOf(f, sign(f, one)))
	f.Fuzz(func(t *testing.T, raw []byte) {
		x, err := Decode(raw, limits)
		if err != nil {
			if _, ok := exec.AsRefusal(err); !ok {
				t.Fatal(err)
			}
			return
		}
		again := &txv1.Tx{Body: x.signed[len(signTag):]}
		for _, s := range x.signatures {
			again.Signatures = append(again.Signatures, s[:])
		}
		if !bytes.Equal(bytesOf(t, again), raw) {
			t.Fatalf("other bytes: %x", raw)
		}
		b, err := marshal(x.body)
		if err != nil || !bytes.Equal(b, again.Body) || ID(b) != x.ID() {
			t.Fatalf("another body: %x", raw)
		}
		n := 0
		for _, r := range x.records {
			n += r.n
		}
		if n != len(x.body.Messages) || len(x.signatures) != len(x.signers) || len(x.signers) != len(x.body.Signers) {
			t.Fatalf("parts do not add up: %x", raw)
		}
		d, err := New(x.body, limits)
		if err != nil || d.ID() != x.ID() {
			t.Fatalf("a draft of it: %v", err)
		}
	})
}
