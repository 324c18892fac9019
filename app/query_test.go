package app_test

import (
	"bytes"
	"fmt"
	"testing"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/cometbft/cometbft/crypto/merkle"
	cmtcrypto "github.com/cometbft/cometbft/proto/tendermint/crypto"

	"github.com/hallmark-ledger/hallmark/app"
	"github.com/hallmark-ledger/hallmark/app/apptest"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store/proof"
	"github.com/hallmark-ledger/hallmark/x/certificate"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
)

func TestQuery(t *testing.T) {
	c := newChain(t)
	if res, err := c.Query(ctx, &abci.RequestQuery{Path: "/store/key", Data: []byte{1}}); err != nil || res.Code != 902 {
		t.Errorf("before the first block: %v, %v", res, err)
	}
	c.ok(issue(1, "A1"))
	one := c.root
	c.ok(issue(2, "A2"))
	two := c.root
	key := certificate.HeadKey(rules.Ref{Issuer: apptest.CQC, Number: "A2"})
	runtime := merkle.NewProofRuntime()
	app.RegisterProofs(runtime)
	path := fmt.Sprintf("/x:%x", key)

	ask := func(height int64, prove bool) *abci.ResponseQuery {
		res, err := c.Query(ctx, &abci.RequestQuery{Path: "/store/key", Data: key, Height: height, Prove: prove})
		if err != nil || res.Code != 0 || !bytes.Equal(res.Key, key) {
			t.Fatalf("%v, %v", res, err)
		}
		return res
	}
	plain, there, absent := ask(0, false), ask(2, true), ask(1, true)
	if plain.Height != 2 || plain.ProofOps != nil || len(plain.Value) == 0 || !bytes.Equal(plain.Value, there.Value) || absent.Value != nil {
		t.Fatalf("%v\n%v\n%v", plain, there, absent)
	}
	if err := runtime.VerifyValue(there.ProofOps, two, path, there.Value); err != nil {
		t.Error(err)
	}
	if err := runtime.VerifyAbsence(absent.ProofOps, one, path); err != nil {
		t.Error(err)
	}
	if err := proof.VerifyInclusion(sm3.Hash(two), key, there.Value, there.ProofOps.Ops[0].Data); err != nil {
		t.Error(err)
	}

	op := func(change func(*cmtcrypto.ProofOp)) *cmtcrypto.ProofOps {
		o := there.ProofOps.Ops[0]
		o.Data = bytes.Clone(o.Data)
		change(&o)
		return &cmtcrypto.ProofOps{Ops: []cmtcrypto.ProofOp{o}}
	}
	none := func(*cmtcrypto.ProofOp) {}
	for name, err := range map[string]error{
		"other root":  runtime.VerifyValue(op(none), one, path, there.Value),
		"other value": runtime.VerifyValue(op(none), two, path, []byte("x")),
		"other path":  runtime.VerifyValue(op(none), two, "/x:00", there.Value),
		"absence":     runtime.VerifyAbsence(op(none), two, path),
		"presence":    runtime.VerifyValue(absent.ProofOps, one, path, there.Value),
		"two values":  runtime.Verify(op(none), two, path, [][]byte{there.Value, there.Value}),
		"no key":      runtime.VerifyValue(op(func(o *cmtcrypto.ProofOp) { o.Key = nil }), two, "/", there.Value),
		"other type":  runtime.VerifyValue(op(func(o *cmtcrypto.ProofOp) { o.Type = "simple:v" }), two, path, there.Value),
		"mangled":     runtime.VerifyValue(op(func(o *cmtcrypto.ProofOp) { o.Data[len(o.Data)-1] ^= 1 }), two, path, there.Value),
		"cut":         runtime.VerifyValue(op(func(o *cmtcrypto.ProofOp) { o.Data = o.Data[1:] }), two, path, there.Value),
	} {
		if err == nil {
			t.Errorf("%s: verified", name)
		}
	}
	for _, q := range []abci.RequestQuery{
		{Path: "/other"}, {Path: "/store/key", Height: -1}, {Path: "/store/key", Height: 3}, {Path: "/store/key", Height: 1 << 62},
	} {
		if res, err := c.Query(ctx, &q); err != nil || res.Code < 901 || res.Codespace == "" {
			t.Errorf("%v: %v, %v", &q, res, err)
		}
	}
	if res, err := c.Query(ctx, &abci.RequestQuery{Path: "/store/key", Prove: true}); err != nil || res.Code != 0 || res.Value != nil {
		t.Errorf("the empty key: %v, %v", res, err)
	}
}
