package difftest

import (
	"bytes"
	"maps"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/light"
	lightv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/light/v1"
	"github.com/hallmark-ledger/hallmark/store"
)

// traced puts a question about a product: a bundle and its claim.
func (w *world) traced() ([]byte, light.Claim) {
	r := w.r
	f := pick(r, w.families...)
	claim := light.Claim{Kind: light.Traced, Product: pick(r, f.uris...)}
	if f.deep != "" && chance(r, 50) {
		claim.Product = f.deep
	}
	b, err := light.Build(w.source, claim, false)
	if err != nil || chance(r, 15) {
		b = w.all(f, 95)
	}
	if chance(r, 4) {
		claim.Product = mutateURI(r, claim.Product)
	}
	switch r.IntN(100) {
	case 0:
		claim.Number = "Q-1"
	case 1:
		claim.Product = ""
	case 2:
		claim.Content = randomHash(r)
	}
	if chance(r, 12) { // evidence with it
		with, about := w.evidence(b)
		if b = with; chance(r, 20) {
			claim = about
		}
	}
	return b, claim
}

// all is a bundle with all that there is of a family: where the state has what no
// ledger writes it cannot be told what a claim reads. Of so many percent of the chains
// it has the whole, of others the entries with proofs of their own.
func (w *world) all(f *family, chains int) []byte {
	b, err := light.Build(w.source, light.Claim{Kind: light.Absent, Number: "NOBODY"}, true)
	if err != nil {
		w.t.Fatal(err)
	}
	m := new(lightv1.Bundle)
	if err := proto.Unmarshal(b, m); err != nil {
		w.t.Fatal(err)
	}
	m.Entries = nil
	keys := map[string]struct{}{}
	for _, uri := range f.uris {
		keys[string(keyOf(7, 'p', uri))] = struct{}{}
		if chain := f.chain(uri); chain != nil && chance(w.r, chains) {
			m.Chains = append(m.Chains, chain)
		} else if chain != nil {
			for n := range chain.Entries {
				keys[string(store.AppendUint64(keyOf(7, 'e', uri), uint64(n+1)))] = struct{}{}
			}
		}
		if n := len(f.chains[uri]); n > 0 && chance(w.r, 5) { // both
			keys[string(store.AppendUint64(keyOf(7, 'e', uri), 1+w.r.Uint64N(uint64(n)+1)))] = struct{}{}
		}
	}
	for _, key := range f.others {
		if chance(w.r, 50) {
			keys[key] = struct{}{}
		}
	}
	for _, g := range f.groups {
		maps.Insert(keys, func(yield func(string, struct{}) bool) {
			for key := range g.entries {
				if !yield(key, struct{}{}) {
					return
				}
			}
		})
		for _, key := range [][]byte{keyOf(5, 's', g.ref.Issuer, g.ref.Number), keyOf(5, 'x', g.ref.Issuer, g.ref.Number), keyOf(3, 4, g.ref.Issuer)} {
			keys[string(key)] = struct{}{}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		m.Entries = append(m.Entries, w.entry([]byte(key)))
	}
	slices.SortFunc(m.Chains, func(a, b *lightv1.Chain) int { return bytes.Compare(a.Key, b.Key) })
	return marshal(m)
}

// chain is the chain of a product that its record folds to, nil if it has none.
func (f *family) chain(uri string) *lightv1.Chain {
	if len(f.chains[uri]) == 0 {
		return nil
	}
	return &lightv1.Chain{Key: keyOf(7, 'p', uri), Entries: slices.Clone(f.chains[uri])}
}

// mutateChains alters the chains of a bundle.
func (w *world) mutateChains(m *lightv1.Bundle) {
	r := w.r
	i := r.IntN(len(m.Chains))
	c := m.Chains[i]
	n := len(c.Entries)
	switch r.IntN(8) {
	case 0:
		m.Chains = slices.Delete(m.Chains, i, i+1)
	case 1:
		j := r.IntN(len(m.Chains))
		m.Chains[i].Entries, m.Chains[j].Entries = m.Chains[j].Entries, m.Chains[i].Entries
	case 2:
		j := r.IntN(len(m.Chains))
		m.Chains[i], m.Chains[j] = m.Chains[j], m.Chains[i]
	case 3:
		m.Chains = slices.Insert(m.Chains, i, c)
	case 4:
		if n > 0 {
			j := r.IntN(n)
			c.Entries = slices.Delete(slices.Clone(c.Entries), j, j+1)
		}
	case 5: // entries of it with proofs of their own
		uri := strings.TrimSuffix(strings.TrimPrefix(string(c.Key), "\x07p"), "\x00\x01")
		m.Entries = append(m.Entries, w.entry(store.AppendUint64(keyOf(7, 'e', uri), 1+r.Uint64N(uint64(n)+2))))
		slices.SortFunc(m.Entries, func(a, b *lightv1.Entry) int { return bytes.Compare(a.Key, b.Key) })
		if chance(r, 30) {
			m.Chains = slices.Delete(m.Chains, i, i+1)
		}
	case 6:
		if n > 0 {
			j := r.IntN(n)
			c.Entries[j] = mutateBytes(r, c.Entries[j])
		}
	default:
		mutateFields(r, c)
	}
}
