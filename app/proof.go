package app

import (
	"errors"
	"fmt"

	"github.com/cometbft/cometbft/crypto/merkle"
	cmtcrypto "github.com/cometbft/cometbft/proto/tendermint/crypto"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store/proof"
)

// ProofOpState is the type of the operator that proves a key of the state, or
// its absence. Its key is the raw key, its data a proof of package store/proof.
//
//	hallmark:state/v1  key  proof
const ProofOpState = "hallmark:state/v1"

// StateOp is that operator, for CometBFT's merkle.ProofRuntime.
type StateOp struct{ Key, Proof []byte }

var _ merkle.ProofOperator = StateOp{}

// RegisterProofs makes runtime understand the proofs of Query. The key path of a
// key is "/x:" and its hexadecimal digits.
func RegisterProofs(runtime *merkle.ProofRuntime) {
	runtime.RegisterOpDecoder(ProofOpState, DecodeStateOp)
}

// DecodeStateOp implements merkle.OpDecoder.
func DecodeStateOp(op cmtcrypto.ProofOp) (merkle.ProofOperator, error) {
	if op.Type != ProofOpState {
		return nil, fmt.Errorf("app: an operator of type %.50q, want %s", op.Type, ProofOpState)
	}
	if len(op.Key) == 0 {
		return nil, errors.New("app: the operator names no key") // the runtime would not compare it with the path
	}
	if _, err := proof.Parse(op.Data); err != nil {
		return nil, err
	}
	return StateOp{op.Key, op.Data}, nil
}

// GetKey implements merkle.ProofOperator.
func (o StateOp) GetKey() []byte { return o.Key }

// ProofOp implements merkle.ProofOperator.
func (o StateOp) ProofOp() cmtcrypto.ProofOp {
	return cmtcrypto.ProofOp{Type: ProofOpState, Key: o.Key, Data: o.Proof}
}

// Run implements merkle.ProofOperator: it returns the state root for which the
// proof shows the key with the one value in args, or, with no args, its absence.
func (o StateOp) Run(args [][]byte) ([][]byte, error) {
	p, err := proof.Parse(o.Proof)
	if err != nil {
		return nil, err
	}
	var root sm3.Hash
	switch {
	case len(args) == 1:
		root = fold(&p, proof.Path(o.Key), sm3.Sum(args[0]))
		err = proof.VerifyInclusion(root, o.Key, args[0], o.Proof)
	case len(args) > 1:
		err = fmt.Errorf("app: %d values for one key", len(args))
	default:
		if p.Kind == proof.AbsenceByLeaf {
			root = fold(&p, p.Other.Path, p.Other.ValueHash)
		}
		err = proof.VerifyAbsence(root, o.Key, o.Proof)
	}
	if err != nil {
		return nil, err
	}
	return [][]byte{root[:]}, nil
}

// fold returns the root that follows from a leaf and the siblings on its way.
func fold(p *proof.Proof, path, valueHash sm3.Hash) sm3.Hash {
	node := proof.Leaf(path, valueHash)
	for depth, sibling := range p.Forks() {
		if proof.Bit(&path, depth) == 0 {
			node = proof.Fork(depth, node, *sibling)
		} else {
			node = proof.Fork(depth, *sibling, node)
		}
	}
	return node
}
