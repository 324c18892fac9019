package difftest

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/light"
	evidencev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/evidence/v1"
	lightv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/light/v1"
)

// anchor is evidence of a world: a record of the state, and the leaves under it.
type anchor struct {
	id     sm3.Hash
	leaves [][]byte // encoded
	hashes []sm3.Hash
}

// newAnchor makes an anchor, perhaps about a product, and puts its record, which may
// be altered, into the state.
func newAnchor(r *rand.Rand, product string, values map[string][]byte) *anchor {
	a := &anchor{}
	from := firstDay.Start().Add(-time.Duration(r.IntN(1000)) * time.Hour)
	to := from.Add(time.Hour)
	for i := range 1 + r.IntN(6) {
		content, salt := randomHash(r), randomHash(r)
		leaf := &evidencev1.Leaf{
			Content: content[:], Size: r.Uint64N(1000), Name: pick(r, "", "报告/1.pdf", "a b.txt"),
			Captured: from.Add(time.Duration(r.Int64N(int64(time.Hour) + 1))).UnixNano(), Salt: pick(r, nil, salt[:16]),
		}
		if chance(r, 10) {
			mutateFields(r, leaf)
		}
		b := marshal(leaf)
		if chance(r, 5) {
			b = mutateBytes(r, b)
		}
		if i > 0 && chance(r, 5) {
			b = a.leaves[i-1] // the same twice
		}
		a.leaves = append(a.leaves, b)
		a.hashes = append(a.hashes, sm3.Sum(append([]byte{0}, b...)))
	}
	root, tx, key := treeRoot(a.hashes), randomHash(r), randomKey(r)
	record := &evidencev1.AnchorRecord{
		Anchor: &evidencev1.Anchor{
			Member: "lab-1", Kind: pick(r, evidencev1.Kind(1+r.IntN(8)), evidencev1.Kind_KIND_EVENTS), Subject: subject(r, product), Root: root[:], Leaves: uint64(len(a.leaves)),
			From: from.UnixNano(), To: to.UnixNano(), Method: pick(r, "", "GB/T 19011"), Retention: evidencev1.Retention(1 + r.IntN(4)),
		},
		Height: 1 + r.Uint64N(100), Time: to.Add(time.Duration(r.IntN(3)-1) * 10 * time.Minute).UnixNano(), Tx: tx[:],
		Signers: []*evidencev1.Signer{{Member: "lab-1", Key: key[:]}},
	}
	if chance(r, 30) {
		mutateFields(r, record)
	}
	a.id = anchorID(record.Anchor)
	if chance(r, 2) {
		a.id = randomHash(r)
	}
	b := marshal(record)
	if chance(r, 5) {
		b = mutateBytes(r, b)
	}
	values["\x06a"+string(a.id[:])] = b
	return a
}

func subject(r *rand.Rand, product string) *evidencev1.Subject {
	switch r.IntN(5) {
	case 0:
		return &evidencev1.Subject{Subject: &evidencev1.Subject_Certificate{Certificate: &evidencev1.CertificateSubject{Issuer: "CNCA-R-2002-001", Number: "Q-1"}}}
	case 1:
		return &evidencev1.Subject{Subject: &evidencev1.Subject_Engagement{Engagement: &evidencev1.EngagementSubject{Issuer: "CNCA-R-2002-001", Reference: "x/1", Scheme: "A01"}}}
	default:
		return &evidencev1.Subject{Subject: &evidencev1.Subject_Product{Product: product}}
	}
}

func anchorID(a *evidencev1.Anchor) sm3.Hash {
	var b []byte
	if a != nil {
		b = marshal(a)
	}
	return sm3.Sum(append(sm3.TagBlock("hallmark/anchor/v1"), b...))
}

// treeRoot and treePath are RFC 9162, sections 2.1.1 and 2.1.3.1, over leaf hashes.
func treeRoot(hashes []sm3.Hash) sm3.Hash {
	if len(hashes) == 1 {
		return hashes[0]
	}
	k := split(len(hashes))
	left, right := treeRoot(hashes[:k]), treeRoot(hashes[k:])
	return sm3.Sum(slices.Concat([]byte{1}, left[:], right[:]))
}

func treePath(hashes []sm3.Hash, i int) []byte {
	if len(hashes) == 1 {
		return nil
	}
	k := split(len(hashes))
	if i < k {
		other := treeRoot(hashes[k:])
		return append(treePath(hashes[:k], i), other[:]...)
	}
	other := treeRoot(hashes[:k])
	return append(treePath(hashes[k:], i-k), other[:]...)
}

func split(n int) int {
	k := 1
	for 2*k < n {
		k *= 2
	}
	return k
}

// evidence puts questions about anchors; to some certificates' bundles leaves are
// added.
func (w *world) evidence(b []byte) ([]byte, light.Claim) {
	r := w.r
	a := pick(r, w.anchors...)
	claim := light.Claim{Kind: light.Anchored}
	i := r.IntN(len(a.leaves))
	leaf := new(evidencev1.Leaf)
	// What is no leaf names no content.
	if proto.Unmarshal(a.leaves[i], leaf) == nil && len(leaf.Content) == sm3.Size && chance(r, 70) {
		claim.Content = sm3.Hash(leaf.Content)
	}
	if claim.Content.IsZero() || chance(r, 60) {
		claim.Anchor = a.id
	}
	switch r.IntN(30) {
	case 0:
		claim.Content = randomHash(r)
	case 1:
		claim.Anchor[0] ^= 1
	case 2:
		claim.Number = "Q-1"
	case 3:
		claim.Anchor, claim.Content = sm3.Hash{}, sm3.Hash{}
	}
	m := new(lightv1.Bundle)
	if err := proto.Unmarshal(b, m); err != nil {
		w.t.Fatal(err)
	}
	for _, id := range []sm3.Hash{a.id, claim.Anchor} {
		key := append([]byte("\x06a"), id[:]...)
		if !slices.ContainsFunc(m.Entries, func(e *lightv1.Entry) bool { return bytes.Equal(e.Key, key) }) && !id.IsZero() {
			m.Entries = append(m.Entries, w.entry(key))
		}
	}
	slices.SortFunc(m.Entries, func(a, b *lightv1.Entry) int { return bytes.Compare(a.Key, b.Key) })
	for k := range a.leaves {
		if k == i && chance(r, 90) || chance(r, 20) {
			path := binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, uint64(k)), uint64(len(a.leaves)))
			m.Leaves = append(m.Leaves, &lightv1.AnchoredLeaf{Anchor: a.id[:], Leaf: a.leaves[k], Proof: append(path, treePath(a.hashes, k)...)})
		}
	}
	return marshal(m), claim
}
