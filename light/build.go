package light

import (
	"fmt"
	"slices"

	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	lightv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/light/v1"
)

// Handover is a sealed statement that hands over to Next.
type Handover struct {
	Statement seal.Statement
	Seal      seal.Seal
	Next      seal.Set
}

// Source is what a bundle is built from.
type Source struct {
	// State is the state after the statement's height.
	State     Prover
	Statement seal.Statement
	Seal      seal.Seal
	// Handovers lead from the set of the verifier's card to that of the seal.
	Handovers []Handover
	// Details returns encoded details by digest, for people to read; nil leaves
	// them out.
	Details func(digest sm3.Hash) ([]byte, bool, error)
}

// build returns the bundle with the keys that were read.
func build(src Source, read map[string]struct{}, details [][]byte) ([]byte, error) {
	m := &lightv1.Bundle{Format: format, Sealed: sealedOf(&src.Statement, src.Seal), Details: details}
	for _, h := range src.Handovers {
		m.Handovers = append(m.Handovers, &lightv1.Handover{Sealed: sealedOf(&h.Statement, h.Seal), Set: h.Next.Append(nil)})
	}
	keys := make([]string, 0, len(read))
	for k := range read {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		value, ok, proof, err := src.State.Prove([]byte(k))
		if err != nil {
			return nil, fmt.Errorf("light: prove key %x: %w", k, err)
		}
		e := &lightv1.Entry{Key: []byte(k), Proof: proof}
		if ok {
			e.Value = append([]byte{}, value...) // not nil, which would say that it is absent
		}
		m.Entries = append(m.Entries, e)
	}
	return marshal(m)
}

func sealedOf(st *seal.Statement, s seal.Seal) *lightv1.Sealed {
	m := &lightv1.Sealed{
		AppVersion: st.AppVersion, Height: st.Height, Time: st.Time, Block: st.Block[:], State: st.State[:],
		NextHeight: st.NextHeight, Seal: s.Append(nil),
	}
	if !st.Next.IsZero() {
		m.Next = st.Next[:]
	}
	return m
}
