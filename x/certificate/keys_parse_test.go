package certificate

import (
	"testing"

	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
)

func TestKeysRead(t *testing.T) {
	for _, ref := range []rules.Ref{{Issuer: "CNCA-R-2002-001", Number: "00117Q12345R0M/3700"}, {Issuer: "0", Number: "X"}} {
		if got, ok := RefOfHead(HeadKey(ref)); !ok || got != ref {
			t.Errorf("%v: %v, %t", ref, got, ok)
		}
		if got, ok := NumberOf(NumberKey(ref.Number)); !ok || got != ref.Number {
			t.Errorf("%v: %q, %t", ref, got, ok)
		}
		for _, key := range [][]byte{nil, DetailsKey(ref), RecordKey(ref, 1), HeadKey(ref)[:5], append(HeadKey(ref), 0), NumberKey(ref.Number)} {
			if got, ok := RefOfHead(key); ok {
				t.Errorf("%x: %v", key, got)
			}
		}
		for _, key := range [][]byte{nil, HeadKey(ref), append(NumberKey(ref.Number), 'x'), NumberKey("small letters"), NumberKey("")} {
			if got, ok := NumberOf(key); ok {
				t.Errorf("%x: %q", key, got)
			}
		}
	}
}
