package main

import (
	"context"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/asn1"
	"fmt"
	"io"
	"math/big"
	"runtime"

	gmsm "github.com/emmansun/gmsm/sm2"
	tjfoc "github.com/tjfoc/gmsm/sm2"

	"github.com/hallmark-ledger/hallmark/crypto/sm2"
)

const (
	signers       = 64  // different keys, used in turn
	messageLength = 300 // bytes; about a small transaction
	batchLength   = 256 // signatures
)

// sample is one signature, in the types of all three libraries.
type sample struct {
	message []byte
	digest  []byte // e
	private *sm2.PrivateKey
	item    sm2.Item
	encoded [sm2.PublicKeySize]byte
	der     []byte
	raw     *gmsm.PrivateKey
	other   *tjfoc.PrivateKey
	r, s    *big.Int
	sum     []byte // r + s mod n
}

// combined is gmsm's curve, [a]G + [b]P in one call.
var combined = gmsm.P256().(interface {
	CombinedMult(x, y *big.Int, a, b []byte) (*big.Int, *big.Int)
})

func sm2Section(w io.Writer) {
	samples := make([]sample, signers)
	for i := range samples {
		samples[i] = newSample()
	}
	each := func(f func(s *sample) bool) func(int) {
		return func(n int) {
			for i := range n {
				if !f(&samples[i%signers]) {
					panic("a contender failed at its work")
				}
			}
		}
	}
	compare(w, fmt.Sprintf("SM2 verify, %d bytes, %d keys in turn, one core", messageLength, signers),
		contender{"gmsm VerifyASN1, digest given", each(func(s *sample) bool {
			return gmsm.VerifyASN1(&s.raw.PublicKey, s.digest, s.der)
		})},
		contender{"gmsm VerifyASN1WithSM2", each(func(s *sample) bool {
			return gmsm.VerifyASN1WithSM2(&s.raw.PublicKey, nil, s.message, s.der)
		})},
		contender{"gmsm Verify on big.Int, digest given", each(func(s *sample) bool {
			return gmsm.Verify(&s.raw.PublicKey, s.digest, s.r, s.s)
		})},
		contender{"gmsm CombinedMult alone", each(func(s *sample) bool {
			x, _ := combined.CombinedMult(s.raw.X, s.raw.Y, s.item.Signature[32:], s.sum)
			return x.Sign() != 0
		})},
		contender{"hallmark sm2.Verify", each(func(s *sample) bool {
			return sm2.Verify(s.item.Key, s.message, s.item.Signature) == nil
		})},
		contender{"tjfoc Sm2Verify", each(func(s *sample) bool {
			return tjfoc.Sm2Verify(&s.other.PublicKey, s.message, []byte(sm2.UserID), s.r, s.s)
		})})

	compare(w, fmt.Sprintf("\nSM2 sign, %d bytes, one core", messageLength),
		contender{"gmsm PrivateKey.Sign, digest given", each(func(s *sample) bool {
			_, err := s.raw.Sign(rand.Reader, s.digest, nil)
			return err == nil
		})},
		contender{"gmsm PrivateKey.Sign, message", each(func(s *sample) bool {
			_, err := s.raw.Sign(rand.Reader, s.message, gmsm.DefaultSM2SignerOpts)
			return err == nil
		})},
		contender{"hallmark PrivateKey.Sign", each(func(s *sample) bool {
			_, err := s.private.Sign(context.Background(), s.message)
			return err == nil
		})},
		contender{"tjfoc Sm2Sign", each(func(s *sample) bool {
			_, _, err := tjfoc.Sm2Sign(s.other, s.message, []byte(sm2.UserID), rand.Reader)
			return err == nil
		})})

	compare(w, "\nSM2 parse a compressed public key, one core",
		contender{"gmsm UnmarshalCompressed (no Z_A)", each(func(s *sample) bool {
			x, _ := elliptic.UnmarshalCompressed(gmsm.P256(), s.encoded[:])
			return x != nil
		})},
		contender{"hallmark sm2.ParsePublicKey (with Z_A)", each(func(s *sample) bool {
			_, err := sm2.ParsePublicKey(s.encoded[:])
			return err == nil
		})},
		contender{"tjfoc Decompress (no check, no Z_A)", each(func(s *sample) bool {
			return tjfoc.Decompress(s.encoded[:]) != nil
		})})

	batchTable(w, samples)
}

// batchTable compares whole batches; times are per signature.
func batchTable(w io.Writer, samples []sample) {
	items := make([]sm2.Item, batchLength)
	for i := range items {
		items[i] = samples[i%signers].item
	}
	batch := func(workers int) func(int) {
		return func(n int) {
			for done := 0; done < n; done += len(items) {
				part := items[:min(n-done, len(items))]
				results, err := sm2.VerifyBatch(context.Background(), part, workers)
				if err != nil || results[0] != nil {
					panic("a batch failed")
				}
			}
		}
	}
	cores := runtime.GOMAXPROCS(0)
	compare(w, fmt.Sprintf("\nSM2 verify in batches of %d, per signature", batchLength),
		contender{"hallmark sm2.VerifyBatch, 1 worker", batch(1)},
		contender{fmt.Sprintf("hallmark sm2.VerifyBatch, %d workers (all cores)", cores), batch(cores)})
}

func newSample() sample {
	private, err := sm2.Generate(rand.Reader)
	check(err)
	d := private.Bytes()
	raw, err := gmsm.NewPrivateKey(d[:])
	check(err)
	s := sample{message: make([]byte, messageLength), private: private, raw: raw, encoded: private.Public().Bytes()}
	_, err = rand.Read(s.message)
	check(err)
	e := private.Public().Digest(s.message)
	s.digest = e[:]
	sig, err := private.Sign(context.Background(), s.message)
	check(err)
	s.item = sm2.Item{Key: private.Public(), Message: s.message, Signature: sig}
	s.r, s.s = new(big.Int).SetBytes(sig[:32]), new(big.Int).SetBytes(sig[32:])
	sum := new(big.Int).Add(s.r, s.s)
	s.sum = sum.Mod(sum, gmsm.P256().Params().N).FillBytes(make([]byte, 32))
	s.der, err = asn1.Marshal(struct{ R, S *big.Int }{s.r, s.s})
	check(err)
	s.other = &tjfoc.PrivateKey{D: raw.D, PublicKey: tjfoc.PublicKey{Curve: tjfoc.P256Sm2(), X: raw.X, Y: raw.Y}}
	return s
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
