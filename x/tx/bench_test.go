package tx

import (
	"fmt"
	"slices"
	"testing"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
)

func BenchmarkDecode(b *testing.B) {
	for _, n := range []int{1, 100} {
		b.Run(fmt.Sprintf("messages=%d", n), func(b *testing.B) {
			raw := bytesOf(b, sign(b, bulk(b, n)))
			b.SetBytes(int64(len(raw)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Decode(raw, limits); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// bulk returns a body with two signers of one member and n messages.
func bulk(t testing.TB, n int) *txv1.Body {
	x := body(t)
	x.Signers, x.Messages = x.Signers[:2], slices.Repeat(x.Messages[:1], n)
	return x
}

func BenchmarkAuthenticate(b *testing.B) {
	x := decoded(b, bulk(b, 1))
	r := state(b)
	for _, warm := range []bool{true, false} {
		b.Run(fmt.Sprintf("warm=%v", warm), func(b *testing.B) {
			a := newAuthenticator()
			b.ReportAllocs()
			for b.Loop() {
				if !warm {
					a.Cache.good = generations[sm3.Hash, struct{}]{half: 9}
				}
				if _, err := a.Authenticate(b.Context(), r, block, limits, x); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkDeliver(b *testing.B) {
	for _, n := range []int{1, 100} {
		b.Run(fmt.Sprintf("messages=%d", n), func(b *testing.B) {
			x := decoded(b, bulk(b, n))
			a := newAuthenticator()
			r := state(b)
			nonce := nonces.Key(x.signers[0].Key)
			b.ReportAllocs()
			for b.Loop() {
				if err := r.Delete(nonce); err != nil {
					b.Fatal(err)
				}
				if _, err := a.Deliver(b.Context(), r, block, limits, NewQuota(n), x, nothing); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
