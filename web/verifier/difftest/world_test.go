package difftest

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/crypto/seal"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/light"
	lightv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/light/v1"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// world is one sealed state with many certificates, and cards to verify it by.
type world struct {
	t        *testing.T
	r        *rand.Rand
	groups   []*group
	families []*family
	anchors  []*anchor
	state    *trie
	source   light.Source
	made     time.Time // of the first card
	ends     time.Time
	cards    [][]byte // the first is good; of the others most are not
	name     string   // of the chain
}

// pool is the keys of one run: few, since a verifier keeps what it computes of
// keys.
type pool []*sm2.PrivateKey

func newPool(t *testing.T, r *rand.Rand) (keys pool) {
	for len(keys) < 12 {
		d := randomHash(r)
		if key, err := sm2.NewPrivateKey(d[:]); err == nil {
			keys = append(keys, key)
		}
	}
	return keys
}

// signers is a seal set and the private keys of it, in its order.
type signers struct {
	set  seal.Set
	keys []*sm2.PrivateKey
}

func (p pool) signers(t *testing.T, r *rand.Rand) *signers {
	n := 1 + r.IntN(7)
	s := &signers{}
	var entries []seal.Entry
	for _, i := range r.Perm(len(p))[:n] {
		s.keys = append(s.keys, p[i])
		entries = append(entries, seal.Entry{Key: p[i].Public().Bytes(), Power: 1 + r.Uint64N(20)})
	}
	var err error
	if s.set, err = seal.NewSet(entries); err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(s.keys, func(a, b *sm2.PrivateKey) int {
		x, y := a.Public().Bytes(), b.Public().Bytes()
		return bytes.Compare(x[:], y[:])
	})
	return s
}

// seal signs a statement, by as few as are a quorum.
func (s *signers) seal(t *testing.T, r *rand.Rand, st *seal.Statement) seal.Seal {
	var power uint64
	var places []int
	for _, i := range r.Perm(len(s.keys)) {
		if s.set.Quorum(power) {
			break
		}
		places = append(places, i)
		power += s.set.Entries()[i].Power
	}
	slices.Sort(places)
	var signatures []sm2.Signature
	for _, i := range places {
		signatures = append(signatures, sign(t, s.keys[i], st.Append(nil)))
	}
	return seal.New(len(s.keys), places, signatures)
}

func sign(t *testing.T, key *sm2.PrivateKey, message []byte) sm2.Signature {
	signature, err := key.Sign(context.Background(), message)
	if err != nil {
		t.Fatal(err)
	}
	return signature
}

// newWorld makes certificates, alters the values of half of them, and seals what
// comes of it.
func newWorld(t *testing.T, r *rand.Rand, keys pool, certificates int) *world {
	w := &world{t: t, r: r, name: fmt.Sprintf("world-%d", r.IntN(1e6))}
	values := map[string][]byte{}
	for n := range certificates {
		g := newGroup(r, n, w.groups)
		if chance(r, 50) {
			mutateGroup(r, g)
		}
		w.groups = append(w.groups, g)
		maps.Copy(values, g.entries)
	}
	var products []string
	for n := range 1 + certificates/5 {
		f := newFamily(r, n, w.groups, values)
		w.families = append(w.families, f)
		products = append(products, f.uris...)
	}
	for range 1 + certificates/10 {
		w.anchors = append(w.anchors, newAnchor(r, pick(r, products...), values))
	}
	w.state = newTrie(values)
	at := (firstDay + civil.Date(r.IntN(600)-100)).Start().Add(time.Duration(r.Int64N(int64(24 * time.Hour))))
	if chance(r, 70) {
		at = at.Truncate(time.Second)
	}
	w.seal(keys, at)
	return w
}

// seal makes the statement of the state, its seal, handovers that lead there, and
// cards.
func (w *world) seal(keys pool, at time.Time) {
	r := w.r
	st := seal.Statement{Chain: sm3.Sum([]byte(w.name)), Genesis: randomHash(r), AppVersion: r.Uint64N(3)}
	begin := 1 + r.Uint64N(1000)
	st.Height = begin
	by := keys.signers(w.t, r)
	first := by.set
	w.source.State = w.state
	for range pick(r, 0, 0, 0, 1, 2) {
		next := keys.signers(w.t, r)
		if next.set.Equal(by.set) {
			continue
		}
		st.Set, st.Next, st.NextHeight = by.set.Hash(), next.set.Hash(), st.Height+1+r.Uint64N(50)
		st.Time, st.Block, st.State = at.Add(-time.Hour).UnixNano(), randomHash(r), randomHash(r)
		w.source.Handovers = append(w.source.Handovers, light.Handover{Statement: st, Seal: by.seal(w.t, r, &st), Next: next.set})
		st.Height, by = st.NextHeight, next
	}
	st.Height += r.Uint64N(100)
	st.Set, st.Next, st.NextHeight = by.set.Hash(), sm3.Hash{}, 0
	if chance(r, 30) {
		st.Next, st.NextHeight = randomHash(r), st.Height+1+r.Uint64N(9)
	}
	st.Time, st.Block, st.State = at.UnixNano(), randomHash(r), w.state.hash
	w.source.Statement, w.source.Seal = st, by.seal(w.t, r, &st)
	w.makeCards(keys, light.Card{ChainID: w.name, Genesis: st.Genesis, Height: begin, Set: first}, by.set)
}

func (w *world) makeCards(keys pool, c light.Card, last seal.Set) {
	at := time.Unix(0, w.source.Statement.Time)
	w.made, w.ends = at.Add(-time.Duration(w.r.IntN(100))*time.Hour), at.Add(time.Duration(1+w.r.IntN(1000))*time.Hour)
	c.Made, c.NotAfter = w.made, w.ends
	w.card(keys, c)
	for range 5 {
		v := c
		switch w.r.IntN(7) {
		case 0:
			v.ChainID += "x"
		case 1:
			v.Genesis[3] ^= 1
		case 2:
			v.Height = w.source.Statement.Height + w.r.Uint64N(3) - 1
		case 3:
			v.Set = last
		case 4:
			v.Set = keys.signers(w.t, w.r).set
		case 5:
			w.cards = append(w.cards, mutateBytes(w.r, w.cards[0]))
			continue
		default:
			w.cards = append(w.cards, w.alterCard(keys))
			continue
		}
		w.card(keys, v)
	}
}

// card adds a card, signed by up to two regulators.
func (w *world) card(keys pool, c light.Card) {
	card, err := light.NewCard(c)
	if err != nil {
		w.t.Fatal(err)
	}
	for i := range w.r.IntN(3) {
		if err := card.Sign(context.Background(), fmt.Sprintf("regulator-%d", i), keys[i]); err != nil {
			w.t.Fatal(err)
		}
	}
	w.cards = append(w.cards, card.Bytes())
}

// alterCard alters fields of the first card and, mostly, signs it anew.
func (w *world) alterCard(keys pool) []byte {
	m, body := new(lightv1.Card), new(lightv1.CardBody)
	if proto.Unmarshal(w.cards[0], m) != nil || proto.Unmarshal(m.Body, body) != nil {
		w.t.Fatal("the card is none")
	}
	if chance(w.r, 30) {
		mutateFields(w.r, m)
		return marshal(m)
	}
	mutateFields(w.r, body)
	m.Body = marshal(body)
	if chance(w.r, 20) {
		m.Body = mutateBytes(w.r, m.Body)
	}
	tag := append([]byte("hallmark/card/v1"), make([]byte, 48)...)
	if len(m.Signatures) > 0 && chance(w.r, 80) {
		for i, s := range m.Signatures {
			for _, k := range keys {
				if public := k.Public().Bytes(); bytes.Equal(public[:], s.Key) {
					signature := sign(w.t, k, append(tag, m.Body...))
					m.Signatures[i].Signature = signature[:]
				}
			}
		}
	}
	return marshal(m)
}

// mutateGroup alters some of a certificate's values, before they are sealed.
func mutateGroup(r *rand.Rand, g *group) {
	g.legal = false
	keys := slices.Sorted(maps.Keys(g.entries))
	for range 1 + r.IntN(2) {
		key := pick(r, keys...)
		old, ok := g.entries[key]
		if !ok {
			continue
		}
		m := messageOf(key)
		switch k := r.IntN(10); {
		case k == 0:
			delete(g.entries, key)
		case k == 1:
			g.entries[key] = g.entries[pick(r, keys...)]
		case k <= 3 || m == nil:
			g.entries[key] = mutateBytes(r, old)
		case proto.Unmarshal(old, m) == nil:
			mutateFields(r, m)
			g.entries[key] = marshal(m)
		}
		if key[:2] == "\x05d" && chance(r, 50) { // head and records go along
			was, is := sm3.Sum(old), sm3.Sum(g.entries[key])
			for k, v := range g.entries {
				g.entries[k] = bytes.ReplaceAll(v, was[:], is[:])
			}
		}
	}
}

// bundle proves a claim about g: what the claim reads or, where that cannot be
// told, all that there is of g.
func (w *world) bundle(g *group, claim light.Claim) []byte {
	b, err := light.Build(w.source, claim, chance(w.r, 15))
	if err == nil && !chance(w.r, 10) {
		return b
	}
	if b, err = light.Build(w.source, light.Claim{Kind: light.Absent, Number: "NOBODY"}, true); err != nil {
		w.t.Fatal(err)
	}
	m := new(lightv1.Bundle)
	if err := proto.Unmarshal(b, m); err != nil {
		w.t.Fatal(err)
	}
	m.Entries = nil
	for _, key := range slices.Sorted(maps.Keys(g.entries)) {
		m.Entries = append(m.Entries, w.entry([]byte(key)))
	}
	for _, key := range [][]byte{keyOf(5, 's', g.ref.Issuer, g.ref.Number), keyOf(5, 'x', g.ref.Issuer, g.ref.Number), keyOf(3, 4, g.ref.Issuer)} {
		if _, ok := g.entries[string(key)]; !ok {
			m.Entries = append(m.Entries, w.entry(key))
		}
	}
	slices.SortFunc(m.Entries, func(a, b *lightv1.Entry) int { return bytes.Compare(a.Key, b.Key) })
	return marshal(m)
}

func (w *world) entry(key []byte) *lightv1.Entry {
	value, ok, proof, err := w.state.Prove(key)
	if err != nil {
		w.t.Fatal(err)
	}
	e := &lightv1.Entry{Key: key, Proof: proof}
	if ok {
		e.Value = append([]byte{}, value...)
	}
	return e
}

// mutateBundle alters a bundle without sealing it anew.
func (w *world) mutateBundle(b []byte) []byte {
	r := w.r
	m := new(lightv1.Bundle)
	if chance(r, 25) || proto.Unmarshal(b, m) != nil {
		return mutateBytes(r, b)
	}
	n := len(m.Entries)
	if len(m.Chains) > 0 && chance(r, 50) {
		w.mutateChains(m)
		return marshal(m)
	}
	if len(m.Leaves) > 0 && chance(r, 40) {
		mutateFields(r, m.Leaves[r.IntN(len(m.Leaves))])
		return marshal(m)
	}
	switch k := r.IntN(8); {
	case n > 0 && k <= 2: // withheld
		for range 1 + r.IntN(2) {
			if i := r.IntN(n); i < len(m.Entries) {
				m.Entries = slices.Delete(m.Entries, i, i+1)
			}
		}
	case n > 1 && k == 3: // proofs, or values, of each other
		i, j := r.IntN(n), r.IntN(n)
		if chance(r, 50) {
			m.Entries[i].Proof, m.Entries[j].Proof = m.Entries[j].Proof, m.Entries[i].Proof
		} else {
			m.Entries[i].Value, m.Entries[j].Value = m.Entries[j].Value, m.Entries[i].Value
		}
	case k == 4: // what nobody asked for
		g := pick(r, w.groups...)
		for key := range g.entries {
			if !slices.ContainsFunc(m.Entries, func(e *lightv1.Entry) bool { return string(e.Key) == key }) {
				m.Entries = append(m.Entries, w.entry([]byte(key)))
				break
			}
		}
		slices.SortFunc(m.Entries, func(a, b *lightv1.Entry) int { return bytes.Compare(a.Key, b.Key) })
	case n > 0 && k == 5: // its value or proof, at any depth
		e := m.Entries[r.IntN(n)]
		if v := messageOf(string(e.Key)); e.Value != nil && v != nil && chance(r, 50) && proto.Unmarshal(e.Value, v) == nil {
			mutateFields(r, v)
			e.Value = marshal(v)
		} else {
			e.Proof = octets(r, e.Proof)
		}
	default:
		mutateFields(r, m)
	}
	return marshal(m)
}
