package proof_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/hallmark-ledger/hallmark/store/proof"
	"github.com/hallmark-ledger/hallmark/store/storetest"
)

func drawKVs(t *rapid.T) []storetest.KV {
	keys := rapid.SliceOfNDistinct(rapid.SliceOfN(rapid.Byte(), 1, 8), 0, 40,
		func(k []byte) string { return string(k) }).Draw(t, "keys")
	kvs := make([]storetest.KV, len(keys))
	for i, k := range keys {
		kvs[i] = storetest.KV{Key: k, Value: rapid.SliceOfN(rapid.Byte(), 0, 8).Draw(t, "value")}
	}
	return kvs
}

func TestProofsVerify(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kvs := drawKVs(t)
		root := storetest.Root(kvs)
		for _, kv := range kvs {
			p := storetest.Prove(kvs, kv.Key)
			if err := proof.VerifyInclusion(root, kv.Key, kv.Value, p); err != nil {
				t.Fatalf("key %x: %v", kv.Key, err)
			}
			if err := proof.VerifyAbsence(root, kv.Key, p); err == nil {
				t.Fatalf("key %x is there and proven absent", kv.Key)
			}
		}
		absent := rapid.SliceOfN(rapid.Byte(), 9, 12).Draw(t, "absent")
		p := storetest.Prove(kvs, absent)
		if err := proof.VerifyAbsence(root, absent, p); err != nil {
			t.Fatalf("absent %x: %v", absent, err)
		}
		if err := proof.VerifyInclusion(root, absent, nil, p); err == nil {
			t.Fatal("an absent key proven present")
		}
	})
}
