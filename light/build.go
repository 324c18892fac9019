package light

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/seal"
	lightv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/light/v1"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/certificate"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/trace"
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
}

// Build returns the bundle that proves a claim, as far as it can be proven, with the
// details, for people to read. If small is set, it is for a QR code: without
// details, and of Valid it has the head alone. What a bundle needs does not depend
// on the instant at which it is verified.
func Build(src Source, claim Claim, small bool) ([]byte, error) {
	if err := claim.Check(); err != nil {
		return nil, err
	}
	if claim.Kind == Anchored && claim.Anchor.IsZero() {
		return nil, errors.New("light: a bundle about evidence is built of an anchor: name its id")
	}
	r := &recorder{src.State, map[string]struct{}{}}
	v := &Verdict{Claim: claim, Time: time.Unix(0, src.Statement.Time).UTC()}
	var err error
	if small && claim.Kind == Valid {
		v.Head, _, err = certificate.Head(r, claim.Ref())
	} else {
		err = v.answer(r)
	}
	if err != nil && !errors.Is(err, ErrUnproven) {
		return nil, err
	}
	var text []byte
	if v.Head != nil && !small {
		if text, err = textOf(src.State, v.Head); err != nil {
			return nil, err
		}
		if _, read := r.read[string(certificate.DetailsKey(v.Head.Ref))]; read && text != nil {
			if d, _, err := src.State.Get(certificate.DetailsKey(v.Head.Ref)); err != nil || bytes.Equal(d, text) {
				text = nil // it is an entry
			}
		}
	}
	return build(src, r.read, text)
}

// textOf returns the encoded details that a head names, nil if the state has
// them no longer.
func textOf(r store.Reader, h *rules.Head) ([]byte, error) {
	for _, find := range []func() (*rules.Details, bool, error){
		func() (*rules.Details, bool, error) { return certificate.Details(r, h.Ref) },
		func() (*rules.Details, bool, error) { return certificate.Former(r, h.Ref, h.Version) },
	} {
		d, ok, err := find()
		if err != nil {
			return nil, err
		}
		if ok && rules.DigestDetails(d) == h.Details {
			return rules.EncodeDetails(d), nil
		}
	}
	return nil, nil
}

// build returns the bundle with the keys that were read, and details if they are
// not nil.
func build(src Source, read map[string]struct{}, text []byte) ([]byte, error) {
	m := &lightv1.Bundle{Format: format, Sealed: sealedOf(&src.Statement, src.Seal)}
	if text != nil {
		m.Details = [][]byte{text}
	}
	for _, h := range src.Handovers {
		m.Handovers = append(m.Handovers, &lightv1.Handover{Sealed: sealedOf(&h.Statement, h.Seal), Set: h.Next.Append(nil)})
	}
	traced := map[string]struct{}{} // products, by the keys of their records
	size := 0
	for _, k := range slices.Sorted(maps.Keys(read)) {
		if uri, _, ok := trace.EntryOfKey([]byte(k)); ok {
			traced[string(trace.ProductKey(uri))] = struct{}{} // all of its chain, without proofs
			continue
		}
		value, ok, proof, err := src.State.Prove([]byte(k))
		if err != nil {
			return nil, fmt.Errorf("light: prove key %x: %w", k, err)
		}
		e := &lightv1.Entry{Key: []byte(k), Proof: proof}
		if ok {
			e.Value = append([]byte{}, value...) // not nil, which would say that it is absent
		}
		m.Entries = append(m.Entries, e)
		if size += len(k) + len(value) + len(proof); size > MaxBundleSize && len(traced) > 0 {
			return nil, fmt.Errorf("%w: its proofs have more than %d bytes", ErrTraceTooLarge, MaxBundleSize)
		}
	}
	for _, k := range slices.Sorted(maps.Keys(traced)) {
		c, n, err := chainOf(src.State, []byte(k), MaxBundleSize-size)
		if err != nil {
			return nil, err
		}
		m.Chains = append(m.Chains, c)
		size += n
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
