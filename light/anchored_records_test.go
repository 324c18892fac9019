package light

import (
	"bytes"
	"strings"
	"time"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/app/apptest"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	evidencev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/evidence/v1"
	lightv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/light/v1"
	"github.com/hallmark-ledger/hallmark/store/storetest"
	"github.com/hallmark-ledger/hallmark/x/evidence"
)

// records seals states that no node makes: records that break one rule each, and
// those that just keep them.
func (m *anchoredMaker) records() {
	record := func(f func(r *evidencev1.AnchorRecord)) *evidencev1.AnchorRecord {
		tx := sm3.Sum([]byte("a transaction"))
		r := &evidencev1.AnchorRecord{
			Anchor: evidence.AnchorMessage(&m.seven.Anchor), Height: 3, Time: m.now.UnixNano(), Tx: tx[:],
			Signers: []*evidencev1.Signer{{Member: "cqc", Key: keyOf("cqc/operator")}},
		}
		if f != nil {
			f(r)
		}
		return r
	}
	bad := func(name string, f func(r *evidencev1.AnchorRecord)) {
		m.Helper()
		m.record("bad record: "+name, record(f), nil, NotEstablished, "unreadable-record")
	}
	good := func(name string, f func(r *evidencev1.AnchorRecord)) {
		m.Helper()
		m.record("record: "+name, record(f), nil, Holds, "anchored")
	}
	good("as it should be", nil)
	good("2^40 leaves", func(r *evidencev1.AnchorRecord) { r.Anchor.Leaves = 1 << 40 })
	good("captured from the first nanosecond on", func(r *evidencev1.AnchorRecord) { r.Anchor.From = 1 })
	good("captured ten minutes after the block", func(r *evidencev1.AnchorRecord) { r.Anchor.To = r.Time + int64(10*time.Minute) })
	good("no method", func(r *evidencev1.AnchorRecord) { r.Anchor.Method = "" })
	good("the longest method", func(r *evidencev1.AnchorRecord) { r.Anchor.Method = strings.Repeat("é", 100) })
	good("an engagement", func(r *evidencev1.AnchorRecord) {
		r.Anchor.Subject = engaged(&evidencev1.EngagementSubject{Issuer: apptest.CQC, Scheme: "C0199", Reference: "aZ/9_.()-"})
	})
	good("the longest product", func(r *evidencev1.AnchorRecord) {
		r.Anchor.Subject = &evidencev1.Subject{Subject: &evidencev1.Subject_Product{Product: strings.Repeat("p", 255)}}
	})

	bad("no anchor", func(r *evidencev1.AnchorRecord) { r.Anchor = nil })
	bad("height 0", func(r *evidencev1.AnchorRecord) { r.Height = 0 })
	bad("no time", func(r *evidencev1.AnchorRecord) { r.Time = 0 })
	bad("a time before 1970", func(r *evidencev1.AnchorRecord) { r.Time = -1 })
	bad("captured later than ten minutes after the block", func(r *evidencev1.AnchorRecord) { r.Anchor.To = r.Time + int64(10*time.Minute) + 1 })
	bad("no transaction", func(r *evidencev1.AnchorRecord) { r.Tx = nil })
	bad("transaction of 31 bytes", func(r *evidencev1.AnchorRecord) { r.Tx = r.Tx[:31] })
	bad("nobody signed", func(r *evidencev1.AnchorRecord) { r.Signers = nil })
	bad("a signer without a member", func(r *evidencev1.AnchorRecord) { r.Signers[0].Member = "" })
	bad("a signer with a key of 32 bytes", func(r *evidencev1.AnchorRecord) { r.Signers[0].Key = r.Signers[0].Key[:32] })
	bad("a signer with a key that begins with 04", func(r *evidencev1.AnchorRecord) { r.Signers[0].Key[0] = 4 })
	bad("no member", func(r *evidencev1.AnchorRecord) { r.Anchor.Member = "" })
	bad("no kind", func(r *evidencev1.AnchorRecord) { r.Anchor.Kind = 0 })
	bad("kind 9", func(r *evidencev1.AnchorRecord) { r.Anchor.Kind = 9 })
	bad("kind 257", func(r *evidencev1.AnchorRecord) { r.Anchor.Kind = 257 })
	bad("a negative kind", func(r *evidencev1.AnchorRecord) { r.Anchor.Kind = -1 })
	bad("no retention", func(r *evidencev1.AnchorRecord) { r.Anchor.Retention = 0 })
	bad("retention 5", func(r *evidencev1.AnchorRecord) { r.Anchor.Retention = 5 })
	bad("root of 31 bytes", func(r *evidencev1.AnchorRecord) { r.Anchor.Root = r.Anchor.Root[:31] })
	bad("no leaves", func(r *evidencev1.AnchorRecord) { r.Anchor.Leaves = 0 })
	bad("2^40 leaves and one", func(r *evidencev1.AnchorRecord) { r.Anchor.Leaves = 1<<40 + 1 })
	bad("captured from 1970", func(r *evidencev1.AnchorRecord) { r.Anchor.From = 0 })
	bad("captured until before the beginning", func(r *evidencev1.AnchorRecord) { r.Anchor.To = r.Anchor.From - 1 })
	bad("method of 201 bytes", func(r *evidencev1.AnchorRecord) { r.Anchor.Method = strings.Repeat("x", 201) })
	bad("method with a line end", func(r *evidencev1.AnchorRecord) { r.Anchor.Method = "a\nb" })
	bad("no subject", func(r *evidencev1.AnchorRecord) { r.Anchor.Subject = nil })
	bad("empty subject", func(r *evidencev1.AnchorRecord) { r.Anchor.Subject = &evidencev1.Subject{} })
	certificates := map[string]*evidencev1.CertificateSubject{
		"no number": {Issuer: apptest.CQC}, "no issuer": {Number: "Q-1"}, "a small letter": {Issuer: apptest.CQC, Number: "q-1"},
		"number of 61": {Issuer: apptest.CQC, Number: strings.Repeat("9", 61)}, "issuer of 25": {Issuer: strings.Repeat("9", 25), Number: "Q-1"},
	}
	for _, name := range storetest.SortedKeys(certificates) {
		s := certificates[name]
		bad("certificate with "+name, func(r *evidencev1.AnchorRecord) {
			r.Anchor.Subject = &evidencev1.Subject{Subject: &evidencev1.Subject_Certificate{Certificate: s}}
		})
	}
	engagements := map[string]*evidencev1.EngagementSubject{
		"no reference": {Issuer: apptest.CQC, Scheme: "A01"}, "a space": {Issuer: apptest.CQC, Scheme: "A01", Reference: "a b"},
		"a reference of 61": {Issuer: apptest.CQC, Scheme: "A01", Reference: strings.Repeat("x", 61)}, "scheme D01": {Issuer: apptest.CQC, Scheme: "D01", Reference: "1"},
		"scheme A00": {Issuer: apptest.CQC, Scheme: "A00", Reference: "1"}, "scheme A010": {Issuer: apptest.CQC, Scheme: "A010", Reference: "1"},
		"scheme of four pairs": {Issuer: apptest.CQC, Scheme: "A01010101", Reference: "1"}, "no issuer": {Scheme: "A01", Reference: "1"},
	}
	for _, name := range storetest.SortedKeys(engagements) {
		bad("engagement with "+name, func(r *evidencev1.AnchorRecord) { r.Anchor.Subject = engaged(engagements[name]) })
	}
	products := map[string]string{"no URI": "", "a URI of 256": strings.Repeat("p", 256), "a line end": "a\nb"}
	for _, name := range storetest.SortedKeys(products) {
		bad("product with "+name, func(r *evidencev1.AnchorRecord) {
			r.Anchor.Subject = &evidencev1.Subject{Subject: &evidencev1.Subject_Product{Product: products[name]}}
		})
	}
	leaf := m.seven.leaf(m, 3)
	m.record("bad record: of another id", record(nil), func(r *forgedRecord) { r.id[0] ^= 1 }, NotEstablished, "unreadable-record")
	m.record("bad record: of another id, with a leaf", record(nil), func(r *forgedRecord) {
		r.id[0] ^= 1
		r.leaf = &lightv1.AnchoredLeaf{Anchor: bytes.Clone(r.id[:]), Leaf: leaf.Leaf, Proof: leaf.Proof}
	}, NotEstablished, "unreadable-record")
	m.record("record with a leaf", record(nil), func(r *forgedRecord) { r.leaf = leaf }, Holds, "anchored")
	m.record("bad record: an unknown field", record(nil), func(r *forgedRecord) {
		r.value = protowire.AppendVarint(protowire.AppendTag(r.value, 6, protowire.VarintType), 1)
	}, NotEstablished, "unreadable-record")
	m.record("bad record: a field twice", record(nil), func(r *forgedRecord) { r.value = append([]byte{0x10, 3}, r.value...) }, NotEstablished, "unreadable-record")
	m.record("bad record: empty", record(nil), func(r *forgedRecord) { r.value = []byte{} }, NotEstablished, "unreadable-record")
	m.record("bad record: cut", record(nil), func(r *forgedRecord) { r.value = r.value[:len(r.value)-1] }, NotEstablished, "unreadable-record")
}

func engaged(s *evidencev1.EngagementSubject) *evidencev1.Subject {
	return &evidencev1.Subject{Subject: &evidencev1.Subject_Engagement{Engagement: s}}
}

// forgedRecord is what a sealed state has instead of a record.
type forgedRecord struct {
	id    sm3.Hash
	value []byte
	leaf  *lightv1.AnchoredLeaf
}

// record adds a vector of a sealed state that has nothing but a record, under the
// id of its anchor, and asks for that. spoil may change what the state has.
func (m *anchoredMaker) record(name string, r *evidencev1.AnchorRecord, spoil func(f *forgedRecord), o Outcome, reason string) {
	m.Helper()
	encode := func(msg proto.Message) []byte {
		b, err := marshal(msg)
		if err != nil {
			m.Fatal(err)
		}
		return b
	}
	tag := make([]byte, 64)
	copy(tag, "hallmark/anchor/v1")
	f := &forgedRecord{id: sm3.Sum(append(tag, encode(r.Anchor)...)), value: encode(r)}
	if spoil != nil {
		spoil(f)
	}
	state := new(storetest.Mem)
	if err := state.Set(evidence.AnchorKey(f.id), f.value); err != nil {
		m.Fatal(err)
	}
	src := m.source()
	_, set := m.statement()
	src.Statement.State = state.Root()
	src.State, src.Seal = state, m.seal(&src.Statement, set)
	raw, err := build(src, map[string]struct{}{string(evidence.AnchorKey(f.id)): {}}, nil)
	if err != nil {
		m.Fatal(err)
	}
	b := new(lightv1.Bundle)
	if err := proto.Unmarshal(raw, b); err != nil {
		m.Fatal(err)
	}
	if f.leaf != nil {
		b.Leaves = []*lightv1.AnchoredLeaf{f.leaf}
	}
	m.vector(name, Claim{Kind: Anchored, Anchor: f.id}, b, o, reason)
}
