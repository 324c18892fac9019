package light

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/app/apptest"
	"github.com/hallmark-ledger/hallmark/crypto/merkle"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	lightv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/light/v1"
	"github.com/hallmark-ledger/hallmark/x/evidence"
)

// proven is a ledger with a batch of n leaves, and a bundle of its anchor.
func proven(t testing.TB, n int) (l *ledger, b *batch, bundle []byte) {
	t.Helper()
	l = newLedger(t, 4)
	l.issue("Q-1")
	var leaves [][]byte
	for i := range n {
		leaves = append(leaves, leafBytes(t, i, nil))
	}
	b = batchOf(t, "cqc", evidence.Audit, apptest.Begin, apptest.Begin.Add(time.Duration(n)*time.Second), leaves...)
	l.file([]string{"cqc/operator"}, b)
	return l, b, l.prove(anchored(b, nil), false)
}

func TestAddLeaf(t *testing.T) {
	l, b, bundle := proven(t, 7)
	card, now := l.card(), l.net.Now().Add(time.Minute)
	// In any order the same bytes, and each leaf holds.
	var first []byte
	for _, order := range [][]int{{1, 3, 6}, {6, 3, 1}, {3, 1, 6, 3}} {
		whole := bundle
		for _, i := range order {
			var err error
			if whole, err = AddLeaf(whole, b.id, b.leaves[i], b.proof(t, i)); err != nil {
				t.Fatal(err)
			}
		}
		if first == nil {
			first = whole
		}
		if string(whole) != string(first) {
			t.Errorf("%v: other bytes", order)
		}
	}
	for _, i := range []int{1, 3, 6} {
		v := Verify(first, card, anchored(nil, content(i)), Limits{}, now)
		is(t, v, Holds, "content-anchored")
		if v.Leaf == nil || v.Leaf.Index != uint64(i) || v.Evidence == nil || v.Anchor != b.id {
			t.Errorf("leaf %d: %+v", i, v.Leaf)
		}
	}
	is(t, Verify(first, card, anchored(b, content(2)), Limits{}, now), NotEstablished, "unproven")
	s, err := Open(first, card, MaxBundleSize)
	if err != nil || len(s.Leaves()) != 3 || s.Leaves()[1].Index != 3 {
		t.Errorf("%v, %v", s, err)
	}

	for name, c := range map[string]struct {
		bundle      []byte
		anchor      sm3.Hash
		leaf, proof []byte
		want        error
	}{
		"nothing":             {nil, b.id, b.leaves[3], b.proof(t, 3), ErrUnproven},
		"no bundle":           {[]byte("x"), b.id, b.leaves[3], b.proof(t, 3), ErrBundle},
		"another encoding":    {append([]byte{8, 1}, bundle...), b.id, b.leaves[3], b.proof(t, 3), ErrBundle},
		"an unknown field":    {append(slices.Clone(bundle), 0x78, 1), b.id, b.leaves[3], b.proof(t, 3), ErrBundle},
		"another anchor":      {bundle, sm3.Sum(nil), b.leaves[3], b.proof(t, 3), ErrUnproven},
		"another leaf":        {bundle, b.id, b.leaves[4], b.proof(t, 3), merkle.ErrRoot},
		"a proof that is cut": {bundle, b.id, b.leaves[3], b.proof(t, 3)[:60], merkle.ErrEncoding},
	} {
		if _, err := AddLeaf(c.bundle, c.anchor, c.leaf, c.proof); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestBuildAnchored: a node needs the id.
func TestBuildAnchored(t *testing.T) {
	l, b, _ := proven(t, 2)
	if _, err := Build(l.source(), anchored(nil, content(1)), false); err == nil {
		t.Error("built of a content")
	}
	both, err := Build(l.source(), anchored(b, content(1)), true)
	if alone := l.prove(anchored(b, nil), false); err != nil || string(both) != string(alone) {
		t.Errorf("a node adds something to the anchor: %v", err)
	}
}

func TestAnchoredText(t *testing.T) {
	l, b, bundle := proven(t, 3)
	whole, err := AddLeaf(bundle, b.id, b.leaves[2], b.proof(t, 2))
	if err != nil {
		t.Fatal(err)
	}
	v := Verify(whole, l.card(), anchored(nil, content(2)), Limits{}, l.net.Now())
	zh, en := Text(v, "zh"), Text(v, "en")
	for _, want := range []string{"证据已锚定", "审核档案", "审核/2.pdf", "CNCA-R-2002-001/Q-1", b.id.String(), "十年", "cqc"} {
		if !strings.Contains(zh, want) {
			t.Errorf("no %s in\n%s", want, zh)
		}
	}
	for _, want := range []string{"evidence was anchored", "audit files", "certificate CNCA-R-2002-001/Q-1", "Content captured: 2026-06-01 12:00:02", "9 bytes", "ten years"} {
		if !strings.Contains(en, want) {
			t.Errorf("no %s in\n%s", want, en)
		}
	}
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var j struct {
		Claim    map[string]string
		Evidence struct {
			ID, Kind, Subject string
			Leaves            uint64
		}
		Leaf struct {
			Index, Size   uint64
			Content, Name string
		}
	}
	if err := json.Unmarshal(raw, &j); err != nil || len(j.Claim) != 2 || j.Claim["kind"] != "anchored" || j.Evidence.ID != b.id.String() || j.Evidence.Kind != "audit" ||
		j.Leaf.Index != 2 || j.Leaf.Size != 9 || j.Leaf.Name != "审核/2.pdf" || j.Leaf.Content != sm3.Sum(content(2)).String() {
		t.Errorf("%s: %+v, %v", raw, j, err)
	}
	again := Claim{}
	claim, err := json.Marshal(v.Claim)
	if err == nil {
		err = json.Unmarshal(claim, &again)
	}
	if err != nil || again != v.Claim {
		t.Errorf("%s: %+v, %v", claim, again, err)
	}
	for _, bad := range []string{`{"kind":"anchored","anchor":"x"}`, `{"kind":"anchored","content":"` + strings.ToUpper(b.id.String()) + `"}`, `{"kind":"anchored","anchor":"00"}`} {
		if err := json.Unmarshal([]byte(bad), &again); err == nil {
			t.Errorf("%s is taken", bad)
		}
	}
}

// TestAnchoredLies lets a node lie in every field of a bundle with leaves: nothing
// else is established than the true bundle establishes.
func TestAnchoredLies(t *testing.T) {
	l, b, _ := proven(t, 7)
	other := batchOf(t, "cnca", evidence.Supervision, b.From, b.To, b.leaves[:4]...)
	l.file([]string{"cnca/approver"}, other)
	bundle := l.prove(anchored(b, nil), false)
	card, now := l.card(), l.net.Now().Add(time.Minute)
	message := func(raw []byte, from *batch, places ...int) *lightv1.Bundle {
		for _, i := range places {
			var err error
			if raw, err = AddLeaf(raw, from.id, from.leaves[i], from.proof(t, i)); err != nil {
				t.Fatal(err)
			}
		}
		m := new(lightv1.Bundle)
		if err := proto.Unmarshal(raw, m); err != nil {
			t.Fatal(err)
		}
		return m
	}
	whole := message(bundle, b, 2, 5)
	others := []proto.Message{message(l.prove(anchored(other, nil), false), other, 1, 3), message(bundle, b, 3)}
	known, total := NewVerifier(card), 0
	for _, claim := range []Claim{anchored(b, nil), anchored(b, content(2)), anchored(nil, content(5))} {
		said := func(v *Verdict) string { return fmt.Sprintf("%v %v %+v %+v", v.Outcome, v.Anchor, v.Evidence, v.Leaf) }
		raw, err := marshal(whole)
		if err != nil {
			t.Fatal(err)
		}
		truth := Verify(raw, card, claim, Limits{}, now)
		if truth.Outcome != Holds {
			t.Fatal(truth.Reasons)
		}
		check := func(what string, lie proto.Message) {
			raw, err := marshal(lie)
			if err != nil {
				return
			}
			total++
			if v := known.Verify(raw, claim, Limits{}, now); v.Outcome != NotEstablished && said(v) != said(truth) {
				t.Fatalf("%v: %s: established\n%s\nbut it is\n%s", claim, what, said(v), said(truth))
			}
		}
		mutants(whole, others, check)
	}
	if total < 500 {
		t.Errorf("%d lies", total)
	}
}

// FuzzLeaf gives a verifier leaves: it accepts those of the anchor alone, each in one
// encoding.
func FuzzLeaf(f *testing.F) {
	l, b, bundle := proven(f, 7)
	card, claim, now := l.card(), anchored(b, nil), l.net.Now()
	for i := range b.leaves {
		f.Add(b.id[:], b.leaves[i], b.proof(f, i))
	}
	f.Add([]byte{}, []byte{}, []byte{})
	known := NewVerifier(card)
	f.Fuzz(func(t *testing.T, anchor, leaf, proof []byte) {
		m := new(lightv1.Bundle)
		if err := proto.Unmarshal(bundle, m); err != nil {
			t.Fatal(err)
		}
		m.Leaves = []*lightv1.AnchoredLeaf{{Anchor: anchor, Leaf: leaf, Proof: proof}}
		raw, err := marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		accepted := known.Verify(raw, claim, Limits{}, now).Outcome == Holds
		i := slices.IndexFunc(b.leaves, func(l []byte) bool { return string(l) == string(leaf) })
		if accepted != (i >= 0 && string(anchor) == string(b.id[:]) && string(proof) == string(b.proof(t, max(i, 0)))) {
			t.Errorf("accepted: %v, leaf %d", accepted, i)
		}
		if added, err := AddLeaf(bundle, b.id, leaf, proof); (err == nil) != (i >= 0 && string(proof) == string(b.proof(t, max(i, 0)))) || err == nil && accepted && string(added) != string(raw) {
			t.Errorf("added: %v, leaf %d", err, i)
		}
	})
}

// TestProofSize holds what is promised of sizes: of a million lines of a sensor, any
// one is proven by less than a kilobyte beside the anchor, and its bundle has less
// than two beside the seal.
func TestProofSize(t *testing.T) {
	const n = 1_000_000
	t0 := apptest.Begin
	leafAt := func(i int) []byte {
		c := sm3.Sum(fmt.Append(nil, i))
		return encodeLeaf(t, &evidence.Leaf{Content: c, Size: 64, Captured: t0.Add(time.Duration(i) * time.Microsecond), Salt: c[:evidence.SaltSize]})
	}
	places := []int{0, 1, 4096, 499_999, 524_287, 524_288, 999_423, 999_424, 999_998, 999_999}
	hashes := make([]sm3.Hash, n) // of others than these it is of no matter what they are
	for i := range hashes {
		binary.BigEndian.PutUint64(hashes[i][:], uint64(i))
	}
	for _, i := range places {
		hashes[i] = merkle.LeafHash(leafAt(i))
	}
	tree := merkle.NewTree(hashes)
	l := newLedger(t, 4)
	l.issue("Q-1")
	var many []*batch // so that the state is not empty
	for i := range 50 {
		many = append(many, batchOf(t, "cqc", evidence.Capture, t0, t0, leafBytes(t, 0, nil), leafBytes(t, i, nil)))
	}
	b := &batch{tree: tree, Anchor: evidence.Anchor{
		Member: "cqc", Kind: evidence.Capture, Subject: evidence.OfCertificate(apptest.CQC, "Q-1"), Root: tree.Root(), Leaves: n,
		From: t0, To: t0.Add(time.Second), Method: "PT100, one reading a microsecond", Retention: evidence.TenYears,
	}}
	b.id = b.ID()
	l.file([]string{"cqc/operator"}, append(many, b)...)
	bundle := l.prove(anchored(b, nil), false)
	m := new(lightv1.Bundle)
	if err := proto.Unmarshal(bundle, m); err != nil {
		t.Fatal(err)
	}
	sealed := proto.Size(&lightv1.Bundle{Sealed: m.Sealed})
	largest := 0
	for _, i := range places {
		whole, err := AddLeaf(bundle, b.id, leafAt(i), b.proof(t, i))
		if err != nil {
			t.Fatal(err)
		}
		leaf := len(whole) - len(bundle)
		largest = max(largest, leaf)
		if leaf >= 1024 || len(whole)-sealed >= 2048 {
			t.Errorf("leaf %d: the file-to-anchor part has %d bytes, the bundle %d beside the seal", i, leaf, len(whole)-sealed)
		}
	}
	// The state of a large ledger has longer proofs: 32 bytes for each doubling.
	const tenMillionKeys = 32*24 + 5
	if beside := len(bundle) - sealed - len(m.Entries[0].Proof) + tenMillionKeys + largest; beside >= 2048 {
		t.Errorf("in a state of ten million keys the bundle has %d bytes beside the seal", beside)
	}
	t.Logf("file-to-anchor part at most %d bytes; anchor, key and proof %d, seal %d", largest, len(bundle)-sealed, sealed)
	if long := largest + 3 + evidence.MaxLeafName; long >= 1024 {
		t.Errorf("with the longest name the file-to-anchor part has %d bytes", long)
	}
}

func encodeLeaf(t testing.TB, l *evidence.Leaf) []byte {
	t.Helper()
	b, err := evidence.EncodeLeaf(l)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// BenchmarkAnchored verifies one file of a million, with the seal, and once more
// with a seal that is known.
func BenchmarkAnchored(b *testing.B) {
	l, batch, bundle := proven(b, 400)
	whole, err := AddLeaf(bundle, batch.id, batch.leaves[123], batch.proof(b, 123))
	if err != nil {
		b.Fatal(err)
	}
	card, claim, now := l.card(), anchored(nil, content(123)), l.net.Now().Add(time.Minute)
	known := NewVerifier(card)
	for name, verify := range map[string]func() *Verdict{
		"seal":  func() *Verdict { return Verify(whole, card, claim, Limits{}, now) },
		"known": func() *Verdict { return known.Verify(whole, claim, Limits{}, now) },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if v := verify(); v.Outcome != Holds {
					b.Fatal(v.Reasons)
				}
			}
		})
	}
	b.Run("add", func(b *testing.B) {
		for b.Loop() {
			if _, err := AddLeaf(bundle, batch.id, batch.leaves[123], batch.proof(b, 123)); err != nil {
				b.Fatal(err)
			}
		}
	})
}
