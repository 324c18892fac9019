package tx

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// distinct returns n transactions that are all good.
func distinct(t testing.TB, n int) []*Tx {
	t.Helper()
	var out []*Tx
	for i := range n {
		b := body(t)
		b.Nonce = uint64(i + 1)
		out = append(out, decoded(t, b))
	}
	return out
}

func TestCacheVerifiesOnce(t *testing.T) {
	c := NewCache(100)
	txs := distinct(t, 3)
	if n := len(c.unseen(txs)); n != 9 {
		t.Errorf("%d unseen", n)
	}
	results, err := c.Verify(t.Context(), txs)
	if err != nil || len(results) != 3 || errors.Join(results...) != nil {
		t.Errorf("%v, %v", results, err)
	}
	if n := len(c.unseen(txs)); n != 0 {
		t.Errorf("%d unseen", n)
	}
	// Nothing to compute: an ended context is no hindrance.
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Verify(ctx, txs); err != nil {
		t.Error(err)
	}
	if results, err := c.Verify(ctx, distinct(t, 4)); err == nil || results != nil {
		t.Errorf("%v, %v", results, err)
	}
	// The same body signed again is another fact.
	if n := len(c.unseen(distinct(t, 1))); n != 3 {
		t.Errorf("%d unseen", n)
	}
}

// Each result stands at the place of its transaction.
func TestVerifyPlaces(t *testing.T) {
	txs := distinct(t, 20)
	for i, x := range txs {
		switch i % 4 {
		case 1:
			x.signatures[i%3] = x.signatures[(i+1)%3]
		case 2:
			x.signers[i%3].Key = [33]byte(offCurve())
		}
	}
	c := NewCache(1000)
	for range 2 {
		results, err := c.Verify(t.Context(), txs)
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range results {
			switch i % 4 {
			case 1:
				wants(t, r, &codeSignature)
			case 2:
				wants(t, r, &codeKey)
			default:
				wants(t, r, nil)
			}
		}
	}
	if results, err := c.Verify(t.Context(), nil); len(results) != 0 || err != nil {
		t.Error(results, err)
	}
}

// Whatever was verified before, the cache vouches for exactly what Verify of
// package sm2 accepts.
func TestPoison(t *testing.T) {
	c := NewCache(1000)
	b := body(t)
	good := decoded(t, b)
	if results, err := c.Verify(t.Context(), []*Tx{good}); err != nil || results[0] != nil {
		t.Fatal(results, err)
	}
	b2 := body(t)
	b2.Nonce = 2
	other := decoded(t, b2)
	if results, err := c.Verify(t.Context(), []*Tx{other}); err != nil || results[0] != nil {
		t.Fatal(results, err)
	}

	// forge builds a Tx past all checks, with one signer.
	forge := func(signed []byte, key [33]byte, sig sm2.Signature) *Tx {
		return &Tx{signed: signed, digest: sm3.Sum(signed), signers: []Signer{{"cb", key}}, signatures: []sm2.Signature{sig}}
	}
	k, k2, sig := good.signers[0].Key, good.signers[1].Key, good.signatures[0]
	negated := k
	negated[0] ^= 1
	// The complement of s with r the same, as for ECDSA; and r and s exchanged.
	flipped, swapped := sig, sig
	for i := 32; i < 64; i++ {
		flipped[i] = ^flipped[i]
	}
	copy(swapped[:32], sig[32:])
	copy(swapped[32:], sig[:32])
	lastBit := sig
	lastBit[63] ^= 1
	moved := append(bytes.Clone(good.signed), k[0]) // the key's first byte as the body's last
	var movedKey [33]byte
	copy(movedKey[:], k[1:])
	movedKey[32] = sig[0]
	var movedSig sm2.Signature
	copy(movedSig[:], sig[1:])

	forgeries := map[string]*Tx{
		"other signature of the same body":    forge(good.signed, k, good.signatures[1]),
		"same signature, other key":           forge(good.signed, k2, sig),
		"same x, other y":                     forge(good.signed, negated, sig),
		"same signature, other body":          forge(other.signed, k, sig),
		"body with a byte more":               forge(append(bytes.Clone(good.signed), 0), k, sig),
		"body with a byte less":               forge(good.signed[:len(good.signed)-1], k, sig),
		"body without the tag":                forge(good.signed[len(signTag):], k, sig),
		"body with two tags":                  forge(SignBytes(good.signed), k, sig),
		"the digest as the body":              forge(good.digest[:], k, sig),
		"empty body":                          forge(nil, k, sig),
		"bytes moved from key to body":        forge(moved, movedKey, movedSig),
		"bytes moved the other way":           forge(good.signed[:len(good.signed)-1], [33]byte(append([]byte{good.signed[len(good.signed)-1]}, k[:32]...)), sm2.Signature(append([]byte{k[32]}, sig[:63]...))),
		"no key":                              forge(good.signed, [33]byte{}, sig),
		"no signature":                        forge(good.signed, k, sm2.Signature{}),
		"complement of s":                     forge(good.signed, k, flipped),
		"r and s exchanged":                   forge(good.signed, k, swapped),
		"one bit of the signature":            forge(good.signed, k, lastBit),
		"key and signature of another's body": forge(good.signed, other.signers[1].Key, other.signatures[1]),
	}
	for range 3 { // a first failure changes nothing about the second
		facts := len(c.good.young) + len(c.good.old)
		for name, x := range forgeries { // and in any order
			results, err := c.Verify(t.Context(), []*Tx{x})
			if err != nil || results[0] == nil {
				t.Errorf("%s: %v, %v", name, results, err)
			}
		}
		if n := len(c.good.young) + len(c.good.old); n != facts {
			t.Errorf("the cache has grown from %d to %d", facts, n)
		}
	}

	// A good signer beside a bad one leaves only its own fact.
	half := &Tx{signed: good.signed, digest: good.digest, signers: []Signer{{"cb", k}, {"cb", k2}}, signatures: []sm2.Signature{sig, sig}}
	for range 2 {
		results, err := c.Verify(t.Context(), []*Tx{half, good})
		if err != nil || !codeSignature.Is(results[0]) || results[1] != nil {
			t.Errorf("%v, %v", results, err)
		}
	}

	// All facts of these have names of their own.
	names := map[sm3.Hash]string{good.fact(0): "good"}
	for name, x := range forgeries {
		if before, ok := names[x.fact(0)]; ok {
			t.Errorf("%s and %s have one name", before, name)
		}
		names[x.fact(0)] = name
	}
}

// Registered keys decide, whatever the cache knows: a good signature by a key
// that was revoked since does not pass.
func TestCacheKnowsNoState(t *testing.T) {
	a, r := newAuthenticator(), state(t)
	x := decoded(t, body(t))
	if _, err := a.Authenticate(t.Context(), r, block, limits, x); err != nil {
		t.Fatal(err)
	}
	register(t, r, "approver", 3)
	_, err := a.Authenticate(t.Context(), r, block, limits, x)
	wants(t, err, &codeUnusableKey)
}

// An empty, a full and a tiny cache give the same results.
func TestCacheIsBounded(t *testing.T) {
	txs := distinct(t, 30)
	txs[7].signatures[1] = txs[7].signatures[2]
	for _, size := range []int{-1, 0, 1, 2, 3, 10, 1000} {
		c := NewCache(size)
		for range 3 {
			results, err := c.Verify(t.Context(), txs)
			if err != nil {
				t.Fatal(err)
			}
			for i, r := range results {
				if (r == nil) != (i != 7) {
					t.Errorf("size %d: %d: %v", size, i, r)
				}
			}
			if n := len(c.good.young) + len(c.good.old); n > max(size, 2) {
				t.Errorf("%d facts in a cache of %d", n, size)
			}
			if n := len(c.keys.young) + len(c.keys.old); n > max(size/4, 2) {
				t.Errorf("%d keys in a cache of %d", n, size)
			}
		}
	}
}

func TestGenerations(t *testing.T) {
	g := generations[int, int]{half: 3}
	for i := range 100 {
		g.put(i, i*i)
		for j := range 100 {
			v, ok := g.get(j)
			if recent := j <= i && j > i-3; recent && !ok || ok && (v != j*j || j > i || j <= i-6) {
				t.Fatalf("after %d: %d is %d, %v", i, j, v, ok)
			}
		}
	}
}

func TestCacheConcurrently(t *testing.T) {
	c := NewCache(20) // small, so that it turns over
	txs := distinct(t, 8)
	bad := decoded(t, body(t))
	bad.signatures[0] = txs[1].signatures[0]
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			mine := append(slices.Clone(txs[i:]), bad)
			for range 3 {
				results, err := c.Verify(context.Background(), mine)
				if err != nil || errors.Join(results[:len(mine)-1]...) != nil || !codeSignature.Is(results[len(mine)-1]) {
					t.Error(results, err)
				}
			}
		})
	}
	wg.Wait()
}
