package light

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/app/apptest"
	"github.com/hallmark-ledger/hallmark/crypto/merkle"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	evidencev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/evidence/v1"
	lightv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/light/v1"
	"github.com/hallmark-ledger/hallmark/x/evidence"
)

// batch is evidence, its tree, and the anchor of it.
type batch struct {
	evidence.Anchor
	id     sm3.Hash
	leaves [][]byte
	tree   *merkle.Tree
}

// batchOf makes a batch of encoded leaves, whatever they are.
func batchOf(t testing.TB, member string, kind evidence.Kind, from, to time.Time, leaves ...[]byte) *batch {
	t.Helper()
	b := &batch{leaves: leaves}
	var hashes []sm3.Hash
	for _, l := range leaves {
		hashes = append(hashes, merkle.LeafHash(l))
	}
	b.tree = merkle.NewTree(hashes)
	b.Anchor = evidence.Anchor{
		Member: member, Kind: kind, Subject: evidence.OfCertificate(apptest.CQC, "Q-1"), Root: b.tree.Root(), Leaves: uint64(len(leaves)),
		From: from, To: to, Method: "GB/T 19011", Retention: evidence.TenYears,
	}
	b.id = b.ID()
	return b
}

// proof is the proof of leaf i.
func (b *batch) proof(t testing.TB, i int) []byte {
	t.Helper()
	p, err := b.tree.Inclusion(uint64(i))
	if err != nil {
		t.Fatal(err)
	}
	return p.Append(nil)
}

// leaf is leaf i as a bundle has it.
func (b *batch) leaf(t testing.TB, i int) *lightv1.AnchoredLeaf {
	t.Helper()
	return &lightv1.AnchoredLeaf{Anchor: slices.Clone(b.id[:]), Leaf: slices.Clone(b.leaves[i]), Proof: b.proof(t, i)}
}

// file anchors batches.
func (l *ledger) file(keys []string, list ...*batch) {
	l.Helper()
	var messages []proto.Message
	for _, b := range list {
		messages = append(messages, &evidencev1.AnchorEvidence{Anchor: evidence.AnchorMessage(&b.Anchor)})
	}
	l.send(keys, messages...)
}

func content(i int) []byte { return fmt.Appendf(nil, "content %d", i) }

// leafMessage is the message of leaf i: those of odd numbers have no name, every
// third no salt.
func leafMessage(i int) *evidencev1.Leaf {
	c := content(i)
	h := sm3.Sum(c)
	m := &evidencev1.Leaf{Content: h[:], Size: uint64(len(c)), Captured: apptest.Begin.Add(time.Duration(i) * time.Second).UnixNano()}
	if i%2 == 0 {
		m.Name = fmt.Sprintf("审核/%d.pdf", i)
	}
	if i%3 != 0 {
		m.Salt = slices.Repeat([]byte{byte(i)}, 16)
	}
	return m
}

// leafBytes is leaf i after f has changed it.
func leafBytes(t testing.TB, i int, f func(m *evidencev1.Leaf)) []byte {
	t.Helper()
	m := leafMessage(i)
	if f != nil {
		f(m)
	}
	b, err := marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// anchoredMaker makes the vectors of the claim anchored.
type anchoredMaker struct {
	*vectorMaker
	now               time.Time
	seven, again, one *batch
}

func anchored(b *batch, content []byte) (c Claim) {
	c.Kind = Anchored
	if b != nil {
		c.Anchor = b.id
	}
	if content != nil {
		c.Content = sm3.Sum(content)
	}
	return c
}

func makeAnchoredVectors(t testing.TB) *vectors {
	l := newLedger(t, 4)
	m := &anchoredMaker{vectorMaker: &vectorMaker{ledger: l, file: vectors{Cards: map[string]string{}}, cards: map[string]*Card{}}}
	m.card("genesis", l.card())
	m.card("ends early", m.changed(func(c *Card) { c.NotAfter = apptest.Begin.Add(time.Hour) }))
	var leaves [][]byte
	for i := range 7 {
		leaves = append(leaves, leafBytes(t, i, nil))
	}
	from, to := apptest.Begin, apptest.Begin.Add(6*time.Second)
	m.seven = batchOf(t, "cqc", evidence.Audit, from, to, leaves...)
	m.again = batchOf(t, "cqc", evidence.Other, from, to, leaves...)
	m.one = batchOf(t, "cnca", evidence.Supervision, from, to, leafBytes(t, 9, func(m *evidencev1.Leaf) { m.Captured = from.UnixNano() }))
	l.issue("Q-1")
	l.file([]string{"cqc/operator"}, m.seven, m.again)
	l.file([]string{"cnca/approver"}, m.one)
	m.now = l.net.Now().Add(time.Minute)
	m.positive()
	m.badClaims()
	m.badLeaves()
	m.badContents()
	m.records()
	return &m.file
}

// bundle proves an anchor, with leaves.
func (m *anchoredMaker) bundle(b *batch, leaves ...*lightv1.AnchoredLeaf) *lightv1.Bundle {
	m.Helper()
	raw, err := Build(m.source(), anchored(b, nil), false)
	if err != nil {
		m.Fatal(err)
	}
	out := new(lightv1.Bundle)
	if err := proto.Unmarshal(raw, out); err != nil {
		m.Fatal(err)
	}
	out.Leaves = leaves
	return out
}

// both proves two anchors at once.
func (m *anchoredMaker) both(a, b *batch, leaves ...*lightv1.AnchoredLeaf) *lightv1.Bundle {
	m.Helper()
	out := m.bundle(a, leaves...)
	out.Entries = append(out.Entries, m.bundle(b).Entries...)
	slices.SortFunc(out.Entries, func(x, y *lightv1.Entry) int { return slices.Compare(x.Key, y.Key) })
	return out
}

func (m *anchoredMaker) raw(b *lightv1.Bundle) []byte {
	m.Helper()
	out, err := marshal(b)
	if err != nil {
		m.Fatal(err)
	}
	return out
}

func (m *anchoredMaker) vector(name string, c Claim, b *lightv1.Bundle, o Outcome, reason string) {
	m.Helper()
	m.add(name, "genesis", c, vectorLimits{}, m.now, m.raw(b), o, reason)
}

func (m *anchoredMaker) positive() {
	m.vector("anchored", anchored(m.seven, nil), m.bundle(m.seven), Holds, "anchored")
	m.vector("anchored, with a leaf that is not asked for", anchored(m.seven, nil), m.bundle(m.seven, m.seven.leaf(m, 2)), Holds, "anchored")
	for i := range 7 {
		m.vector(fmt.Sprintf("content of leaf %d", i), anchored(m.seven, content(i)), m.bundle(m.seven, m.seven.leaf(m, i)), Holds, "content-anchored")
	}
	m.vector("content alone", anchored(nil, content(3)), m.bundle(m.seven, m.seven.leaf(m, 3)), Holds, "content-anchored")
	m.vector("a tree of one leaf", anchored(m.one, content(9)), m.bundle(m.one, m.one.leaf(m, 0)), Holds, "content-anchored")
	three := m.bundle(m.seven, m.seven.leaf(m, 1), m.seven.leaf(m, 4), m.seven.leaf(m, 6))
	m.vector("the last of three leaves", anchored(m.seven, content(6)), three, Holds, "content-anchored")
	low, high := m.ordered()
	two := m.both(low, high, low.leaf(m, 5), high.leaf(m, 2), high.leaf(m, 5))
	m.vector("content alone, under two anchors", anchored(nil, content(5)), two, Holds, "content-anchored")
	m.vector("content under the second of two anchors", anchored(high, content(5)), two, Holds, "content-anchored")
	m.vector("content under one of two anchors", anchored(low, content(2)), two, NotEstablished, "unproven")

	unknown := &batch{id: sm3.Sum([]byte("nothing"))}
	m.vector("unknown anchor", anchored(unknown, nil), m.bundle(unknown), DoesNotHold, "unknown-anchor")
	m.vector("unknown anchor, with a content", anchored(unknown, content(1)), m.bundle(unknown), DoesNotHold, "unknown-anchor")
	years := m.now.AddDate(10, 0, 0)
	m.add("anchored, ten years later", "genesis", anchored(m.seven, content(3)), vectorLimits{}, years, m.raw(m.bundle(m.seven, m.seven.leaf(m, 3))), Holds, "content-anchored")
	m.add("unknown anchor, ten years later", "genesis", anchored(unknown, nil), vectorLimits{}, years, m.raw(m.bundle(unknown)), NotEstablished, "stale")
	m.add("no leaf, ten years later", "genesis", anchored(m.seven, content(3)), vectorLimits{}, years, m.raw(m.bundle(m.seven)), NotEstablished, "stale")
	m.add("anchored, the card has ended", "ends early", anchored(m.seven, nil), vectorLimits{}, years, m.raw(m.bundle(m.seven)), NotEstablished, "card-ended")
	m.add("anchored, of the future", "genesis", anchored(m.seven, nil), vectorLimits{}, m.now.Add(-time.Hour), m.raw(m.bundle(m.seven)), NotEstablished, "clock-behind")

	// A certificate, and evidence about it, in one bundle.
	c := Claim{Issuer: apptest.CQC, Number: "Q-1"}
	valid := new(lightv1.Bundle)
	if err := proto.Unmarshal(m.prove(c, false), valid); err != nil {
		m.Fatal(err)
	}
	valid.Entries = append(valid.Entries, m.bundle(m.seven).Entries...)
	slices.SortFunc(valid.Entries, func(x, y *lightv1.Entry) int { return slices.Compare(x.Key, y.Key) })
	valid.Leaves = []*lightv1.AnchoredLeaf{m.seven.leaf(m, 3)}
	m.vector("a certificate, and evidence with it", c, valid, Holds, "valid")
	m.vector("evidence, and a certificate with it", anchored(m.seven, content(3)), valid, Holds, "content-anchored")
	valid.Leaves[0].Proof[20] ^= 1
	m.vector("a certificate, and a bad leaf with it", c, valid, NotEstablished, "bad-proof")
}

// ordered are the two anchors of the same leaves, the lower id first.
func (m *anchoredMaker) ordered() (low, high *batch) {
	if slices.Compare(m.seven.id[:], m.again.id[:]) < 0 {
		return m.seven, m.again
	}
	return m.again, m.seven
}

func (m *anchoredMaker) badClaims() {
	good := m.bundle(m.seven, m.seven.leaf(m, 3))
	bad := func(name string, change func(c *Claim)) {
		m.Helper()
		c := anchored(m.seven, content(3))
		change(&c)
		m.vector("bad claim: "+name, c, good, NotEstablished, "bad-claim")
	}
	bad("neither anchor nor content", func(c *Claim) { c.Anchor, c.Content = sm3.Hash{}, sm3.Hash{} })
	bad("a number too", func(c *Claim) { c.Number = "Q-1" })
	bad("an issuer too", func(c *Claim) { c.Issuer = apptest.CQC })
	bad("a date too", func(c *Claim) { c.Date = m.today() })
	bad("a product too", func(c *Claim) { c.Product = "https://id.gs1.org/01/09506000134352" })
	bad("valid, with an anchor", func(c *Claim) { *c = Claim{Issuer: apptest.CQC, Number: "Q-1", Anchor: m.seven.id} })
	bad("absent, with a content", func(c *Claim) { *c = Claim{Kind: Absent, Number: "Q-1", Content: c.Content} })
	m.vector("content of another file", anchored(m.seven, []byte("another")), good, NotEstablished, "unproven")
	m.vector("content alone, of another file", anchored(nil, []byte("another")), good, NotEstablished, "unproven")
	m.vector("the bundle of another anchor", anchored(m.one, nil), good, NotEstablished, "unproven")
	m.vector("content without a leaf", anchored(m.seven, content(3)), m.bundle(m.seven), NotEstablished, "unproven")
}

// badLeaves breaks each rule for leaves.
func (m *anchoredMaker) badLeaves() {
	bad := func(name, reason string, leaves []*lightv1.AnchoredLeaf, change func(l *lightv1.AnchoredLeaf)) {
		m.Helper()
		if leaves == nil {
			leaves = []*lightv1.AnchoredLeaf{m.seven.leaf(m, 3)}
		}
		if change != nil {
			change(leaves[0])
		}
		m.vector("bad leaf: "+name, anchored(m.seven, content(3)), m.bundle(m.seven, leaves...), NotEstablished, reason)
	}
	other := m.seven.leaf(m, 4)
	bad("no anchor", "bad-bundle", nil, func(l *lightv1.AnchoredLeaf) { l.Anchor = nil })
	bad("anchor of 31 bytes", "bad-bundle", nil, func(l *lightv1.AnchoredLeaf) { l.Anchor = l.Anchor[:31] })
	bad("anchor of 33 bytes", "bad-bundle", nil, func(l *lightv1.AnchoredLeaf) { l.Anchor = append(l.Anchor, 0) })
	bad("anchor that is no entry", "bad-bundle", nil, func(l *lightv1.AnchoredLeaf) { l.Anchor = m.one.id[:] })
	bad("no leaf", "bad-bundle", nil, func(l *lightv1.AnchoredLeaf) { l.Leaf = nil })
	bad("no proof", "bad-bundle", nil, func(l *lightv1.AnchoredLeaf) { l.Proof = nil })
	bad("leaf cut", "bad-bundle", nil, func(l *lightv1.AnchoredLeaf) { l.Leaf = l.Leaf[:len(l.Leaf)-1] })
	bad("leaf with a byte more", "bad-bundle", nil, func(l *lightv1.AnchoredLeaf) { l.Leaf = append(l.Leaf, 0) })
	bad("leaf with an unknown field", "bad-bundle", nil, func(l *lightv1.AnchoredLeaf) { l.Leaf = append(l.Leaf, 0x30, 1) })
	bad("leaf with a default", "bad-bundle", nil, func(l *lightv1.AnchoredLeaf) { l.Leaf = append(l.Leaf, 0x2a, 0) })
	bad("leaf of another", "bad-proof", nil, func(l *lightv1.AnchoredLeaf) { l.Leaf = other.Leaf })
	bad("another size of the content", "bad-proof", nil, func(l *lightv1.AnchoredLeaf) { l.Leaf = leafBytes(m, 3, func(m *evidencev1.Leaf) { m.Size++ }) })
	bad("another name", "bad-proof", nil, func(l *lightv1.AnchoredLeaf) { l.Leaf = leafBytes(m, 3, func(m *evidencev1.Leaf) { m.Name = "x" }) })
	bad("another time of capture", "bad-proof", nil, func(l *lightv1.AnchoredLeaf) { l.Leaf = leafBytes(m, 3, func(m *evidencev1.Leaf) { m.Captured++ }) })
	bad("a salt", "bad-proof", nil, func(l *lightv1.AnchoredLeaf) {
		l.Leaf = leafBytes(m, 3, func(m *evidencev1.Leaf) { m.Salt = make([]byte, 16) })
	})
	bad("proof of another", "bad-proof", nil, func(l *lightv1.AnchoredLeaf) { l.Proof = other.Proof })
	bad("proof cut by a byte", "bad-bundle", nil, func(l *lightv1.AnchoredLeaf) { l.Proof = l.Proof[:len(l.Proof)-1] })
	bad("proof with a byte more", "bad-bundle", nil, func(l *lightv1.AnchoredLeaf) { l.Proof = append(l.Proof, 0) })
	bad("proof with a hash more", "bad-bundle", nil, func(l *lightv1.AnchoredLeaf) { l.Proof = append(l.Proof, make([]byte, 32)...) })
	bad("proof with a hash less", "bad-bundle", nil, func(l *lightv1.AnchoredLeaf) { l.Proof = l.Proof[:len(l.Proof)-32] })
	bad("proof of 15 bytes", "bad-bundle", nil, func(l *lightv1.AnchoredLeaf) { l.Proof = l.Proof[:15] })
	bad("a bit of a sibling", "bad-proof", nil, func(l *lightv1.AnchoredLeaf) { l.Proof[16] ^= 1 })
	bad("the last bit of the last sibling", "bad-proof", nil, func(l *lightv1.AnchoredLeaf) { l.Proof[len(l.Proof)-1] ^= 1 })
	bad("siblings swapped", "bad-proof", nil, func(l *lightv1.AnchoredLeaf) {
		p := l.Proof
		l.Proof = slices.Concat(p[:16], p[48:80], p[16:48], p[80:])
	})
	bad("another index", "bad-proof", nil, func(l *lightv1.AnchoredLeaf) { l.Proof[7] = 2 })
	bad("index beyond the tree", "bad-bundle", nil, func(l *lightv1.AnchoredLeaf) { l.Proof[7] = 7 })
	bad("index of 2^63", "bad-bundle", nil, func(l *lightv1.AnchoredLeaf) { l.Proof[0] = 0x80 })
	bad("tree of eight leaves", "bad-proof", nil, func(l *lightv1.AnchoredLeaf) { l.Proof[15] = 8 })
	bad("tree of no leaf", "bad-bundle", nil, func(l *lightv1.AnchoredLeaf) { l.Proof = make([]byte, 16) })
	bad("leaves not in order", "bad-bundle", []*lightv1.AnchoredLeaf{m.seven.leaf(m, 4), m.seven.leaf(m, 3)}, nil)
	bad("leaf twice", "bad-bundle", []*lightv1.AnchoredLeaf{m.seven.leaf(m, 3), m.seven.leaf(m, 3)}, nil)

	low, high := m.ordered()
	m.vector("bad leaf: anchors not in order", anchored(high, content(3)), m.both(low, high, high.leaf(m, 3), low.leaf(m, 3)), NotEstablished, "bad-bundle")
	absent := m.bundle(&batch{id: sm3.Sum([]byte("nothing"))}, m.seven.leaf(m, 3))
	nothing := sm3.Sum([]byte("nothing"))
	absent.Leaves[0].Anchor = nothing[:]
	m.vector("bad leaf: anchor that is absent", Claim{Kind: Anchored, Anchor: nothing}, absent, NotEstablished, "bad-bundle")
	head := m.bundle(m.seven, m.seven.leaf(m, 3))
	head.Entries[0].Value[40] ^= 1
	m.vector("anchor altered", anchored(m.seven, nil), head, NotEstablished, "bad-proof")

	// The encoding.
	good := m.raw(m.bundle(m.seven, m.seven.leaf(m, 3)))
	fields := splitFields(good)
	last := len(fields) - 1
	inside := func(name string, f func(b []byte) []byte) {
		m.Helper()
		leaf := withContent(fields[last], f(contentOf(fields[last])))
		m.add("bad leaf: "+name, "genesis", anchored(m.seven, content(3)), vectorLimits{}, m.now, slices.Concat(slices.Concat(fields[:last]...), leaf), NotEstablished, "bad-bundle")
	}
	inside("unknown field", func(b []byte) []byte { return protowire.AppendVarint(append(b, 0x20), 1) })
	inside("fields out of order", func(b []byte) []byte { p := splitFields(b); return slices.Concat(p[1], p[0], p[2]) })
	inside("anchor twice", func(b []byte) []byte { p := splitFields(b); return slices.Concat(p[0], p[0], p[1], p[2]) })
	inside("empty proof", func(b []byte) []byte { p := splitFields(b); return slices.Concat(p[0], p[1], []byte{0x1a, 0}) })
	inside("nothing in it", func([]byte) []byte { return nil })
	order := slices.Concat(slices.Concat(fields[:last-1]...), fields[last], fields[last-1])
	m.add("bad leaf: before the entries", "genesis", anchored(m.seven, content(3)), vectorLimits{}, m.now, order, NotEstablished, "bad-bundle")
}

// badContents anchors trees with leaves that break the rules for leaves, which the
// ledger cannot see.
func (m *anchoredMaker) badContents() {
	from, to := apptest.Begin, apptest.Begin.Add(6*time.Second)
	kinds := []evidence.Kind{evidence.Report, evidence.Inspection, evidence.Audit, evidence.Decision, evidence.Capture, evidence.Other}
	var list []*batch
	var names []string
	add := func(name string, f func(m *evidencev1.Leaf)) {
		m.Helper()
		list = append(list, batchOf(m, "cqc", kinds[len(list)%len(kinds)], from, to, leafBytes(m, 3, f), leafBytes(m, 4, nil)))
		names = append(names, name)
	}
	add("content of 31 bytes", func(l *evidencev1.Leaf) { l.Content = l.Content[:31] })
	add("no content", func(l *evidencev1.Leaf) { l.Content = nil })
	add("salt of 15 bytes", func(l *evidencev1.Leaf) { l.Salt = make([]byte, 15) })
	add("salt of 17 bytes", func(l *evidencev1.Leaf) { l.Salt = make([]byte, 17) })
	add("name of 256 bytes", func(l *evidencev1.Leaf) { l.Name = strings.Repeat("x", 256) })
	add("name with a line end", func(l *evidencev1.Leaf) { l.Name = "a\nb" })
	add("name that turns the direction", func(l *evidencev1.Leaf) { l.Name = "a\u202eb" })
	add("name with U+061C", func(l *evidencev1.Leaf) { l.Name = "a\u061cb" })
	add("name with U+2066", func(l *evidencev1.Leaf) { l.Name = "a\u2066b" })
	add("name with U+0085", func(l *evidencev1.Leaf) { l.Name = "a\u0085b" })
	add("never captured", func(l *evidencev1.Leaf) { l.Captured = 0 })
	add("captured before 1970", func(l *evidencev1.Leaf) { l.Captured = -1 })
	add("captured a nanosecond before the period", func(l *evidencev1.Leaf) { l.Captured = from.UnixNano() - 1 })
	add("captured a nanosecond after the period", func(l *evidencev1.Leaf) { l.Captured = to.UnixNano() + 1 })
	fine := len(list)
	add("the longest name, no salt, no size", func(l *evidencev1.Leaf) { l.Name, l.Salt, l.Size = strings.Repeat("x", 255), nil, 0 })
	add("captured at the beginning of the period", func(l *evidencev1.Leaf) { l.Captured = from.UnixNano() })
	add("captured at the end of the period", func(l *evidencev1.Leaf) { l.Captured = to.UnixNano() })
	add("name with spaces and signs", func(l *evidencev1.Leaf) { l.Name = " \u2027\u202f\u2065\u206a ~.pdf" })
	m.ledger.file([]string{"cqc/operator"}, list...) // not the field of vectorMaker
	m.now = m.net.Now().Add(time.Minute)
	for i, b := range list {
		if i < fine {
			m.vector("bad leaf: "+names[i], anchored(b, content(3)), m.bundle(b, b.leaf(m, 0)), NotEstablished, "bad-bundle")
		} else {
			m.vector("leaf: "+names[i], anchored(b, content(3)), m.bundle(b, b.leaf(m, 0)), Holds, "content-anchored")
		}
	}
}

const anchoredFile = "testdata/vectors/anchored.json"

func TestAnchoredVectors(t *testing.T) {
	file, adversarial := holdVectors(t, anchoredFile)
	if adversarial < 60 {
		t.Errorf("%d vectors of what is not established, want 60 at least", adversarial)
	}
	haveCodes(t, file, anchoredReasons)
}

func TestAnchoredVectorsAreCurrent(t *testing.T) {
	currentVectors(t, anchoredFile, makeAnchoredVectors(t))
}
