package proof_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store/proof"
)

// encode writes p again with Append.
func encode(p proof.Proof) []byte {
	var depths []uint8
	var siblings []sm3.Hash
	for d, sibling := range p.Forks() {
		depths = append(depths, uint8(d))
		siblings = append(siblings, *sibling)
	}
	var other *proof.OtherLeaf
	if p.Kind == proof.AbsenceByLeaf {
		other = &p.Other
	}
	return proof.Append(nil, p.Kind, depths, other, siblings)
}

// FuzzParse: what parses has exactly one encoding; what does not is malformed.
func FuzzParse(f *testing.F) {
	for _, v := range loadVectors(f).Vectors {
		f.Add([]byte(v.Proof))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := proof.Parse(b)
		if err != nil {
			if !errors.Is(err, proof.ErrMalformed) {
				t.Fatal(err)
			}
			return
		}
		if len(b) > proof.MaxSize {
			t.Fatalf("a proof of %d bytes", len(b))
		}
		if again := encode(p); !bytes.Equal(again, b) {
			t.Fatalf("%x is also written %x", b, again)
		}
	})
}

// FuzzVerify compares the verifier with the plain one.
func FuzzVerify(f *testing.F) {
	for _, v := range loadVectors(f).Vectors {
		var value []byte
		if v.Value != nil {
			value = *v.Value
		}
		f.Add([]byte(v.Root), []byte(v.Key), value, []byte(v.Proof))
	}
	f.Fuzz(func(t *testing.T, root, key, value, p []byte) {
		if len(root) != sm3.Size {
			return
		}
		v := (*hexBytes)(&value)
		in := vector{Claim: "inclusion", Root: root, Key: key, Value: v, Proof: p}
		out := vector{Claim: "absence", Root: root, Key: key, Proof: p}
		inErr, outErr := in.verify(), out.verify()
		if plainVerify(&in) != (inErr == nil) {
			t.Fatalf("inclusion: %v", inErr)
		}
		if plainVerify(&out) != (outErr == nil) {
			t.Fatalf("absence: %v", outErr)
		}
		if inErr == nil && outErr == nil {
			t.Fatal("proves both")
		}
	})
}
