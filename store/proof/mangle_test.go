package proof_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/hallmark-ledger/hallmark/store/proof"
	"github.com/hallmark-ledger/hallmark/store/storetest"
)

// TestMangle flips every bit of everything that goes into a verification of
// every accepted vector, cuts the proof at every length, and repeats and drops
// every byte. Of what is longer than most, it takes a sample of the bytes.
func TestMangle(t *testing.T) {
	for _, v := range loadVectors(t).Vectors {
		if v.Want != "ok" {
			continue
		}
		refused := func(what string, i int) {
			if v.verify() == nil {
				t.Errorf("%s: accepted with %s %d", v.Name, what, i)
			}
		}
		fields := map[string]hexBytes{"proof": v.Proof, "root": v.Root}
		// The one proof in which the key has no part is that of the empty state.
		if v.Proof[0] != byte(proof.AbsenceEmpty) {
			fields["key"] = v.Key
		}
		if v.Value != nil {
			fields["value"] = *v.Value
		}
		for name, b := range fields {
			for i := 0; i < len(b); i += 1 + len(b)/400 {
				for bit := range 8 {
					// A key that becomes another absent one may be absent for
					// the same reason.
					if name == "key" && v.Claim == "absence" {
						continue
					}
					b[i] ^= 1 << bit
					refused("a flipped bit in "+name, i)
					b[i] ^= 1 << bit
				}
			}
		}

		whole := v.Proof
		for i := 0; i < len(whole); i += 1 + len(whole)/400 {
			v.Proof = whole[:i]
			refused("the proof cut at", i)
			v.Proof = slices.Delete(slices.Clone(whole), i, i+1)
			refused("the proof without byte", i)
			v.Proof = slices.Insert(slices.Clone(whole), i, whole[i])
			refused("the proof with a second byte", i)
		}
	}
}

// The root depends on the set of entries alone.
func TestRootIgnoresOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kvs := drawKVs(t)
		shuffled := rapid.Permutation(kvs).Draw(t, "shuffled")
		if storetest.Root(kvs) != storetest.Root(shuffled) {
			t.Fatal("the order matters")
		}
		if len(kvs) == 0 {
			return
		}
		i := rapid.IntRange(0, len(kvs)-1).Draw(t, "i")
		changed := slices.Clone(kvs)
		changed[i].Value = append(slices.Clone(changed[i].Value), 0)
		if storetest.Root(kvs) == storetest.Root(changed) {
			t.Fatal("a value does not matter")
		}
		if storetest.Root(kvs) == storetest.Root(slices.Delete(changed, i, i+1)) {
			t.Fatal("an entry does not matter")
		}
	})
}

// Any change of a proof makes it fail for the claim it was made for.
func TestChangedProofsFail(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kvs := drawKVs(t)
		root := storetest.Root(kvs)
		verify := func(p []byte) error { return proof.VerifyAbsence(root, []byte("no such key"), p) }
		p := storetest.Prove(kvs, []byte("no such key"))
		if len(kvs) > 0 && rapid.Bool().Draw(t, "inclusion") {
			kv := rapid.SampledFrom(kvs).Draw(t, "kv")
			verify = func(p []byte) error { return proof.VerifyInclusion(root, kv.Key, kv.Value, p) }
			p = storetest.Prove(kvs, kv.Key)
		}
		if err := verify(p); err != nil {
			t.Fatal(err)
		}
		changed := slices.Clone(p)
		from := rapid.IntRange(0, len(p)).Draw(t, "from")
		to := rapid.IntRange(from, len(p)).Draw(t, "to")
		changed = slices.Replace(changed, from, to, rapid.SliceOfN(rapid.Byte(), 0, 70).Draw(t, "with")...)
		if !slices.Equal(changed, p) && verify(changed) == nil {
			t.Fatalf("%x is accepted in place of %x", changed, p)
		}
	})
}
