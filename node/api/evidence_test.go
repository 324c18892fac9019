package api_test

import (
	"fmt"
	"net/url"
	"testing"
	"time"

	wire "github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/app/apptest"
	"github.com/hallmark-ledger/hallmark/crypto/merkle"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/light"
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	evidencev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/evidence/v1"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/evidence"
)

// batch is some evidence of the first body, and its tree.
type batch struct {
	evidence.Anchor
	leaves [][]byte
	tree   *merkle.Tree
}

// batchOf has n leaves, about a certificate.
func batchOf(t *testing.T, n int) *batch {
	t.Helper()
	b := new(batch)
	var hashes []sm3.Hash
	for i := range n {
		content := fmt.Appendf(nil, "file %d of %d", i, n)
		leaf, err := evidence.EncodeLeaf(&evidence.Leaf{
			Content: sm3.Sum(content), Size: uint64(len(content)), Name: fmt.Sprintf("files/%d.txt", i), Captured: apptest.Begin, Salt: make([]byte, evidence.SaltSize),
		})
		if err != nil {
			t.Fatal(err)
		}
		b.leaves, hashes = append(b.leaves, leaf), append(hashes, merkle.LeafHash(leaf))
	}
	b.tree = merkle.NewTree(hashes)
	b.Anchor = evidence.Anchor{
		Member: "cqc", Kind: evidence.Audit, Subject: evidence.OfCertificate(apptest.CQC, number), Root: b.tree.Root(), Leaves: uint64(n),
		From: apptest.Begin, To: apptest.Begin, Method: "GB/T 19011", Retention: evidence.SixYears,
	}
	return b
}

func (b *batch) message() *txv1.Message {
	return &txv1.Message{Action: &txv1.Message_AnchorEvidence{AnchorEvidence: &evidencev1.AnchorEvidence{Anchor: evidence.AnchorMessage(&b.Anchor)}}}
}

// anchor is a transaction that anchors evidence, and lets a warning rest on it.
func anchor(nonce uint64, list ...*batch) []byte {
	d := apptest.Draft{Nonce: nonce, Keys: []string{"cqc/operator"}}
	for _, b := range list {
		d.Messages = append(d.Messages, b.message())
	}
	return d.Sign()
}

func warn(nonce uint64, id sm3.Hash, numbers ...string) []byte {
	d := apptest.Draft{Nonce: nonce, Keys: []string{"cnca/approver"}}
	for _, n := range numbers {
		d.Messages = append(d.Messages, &txv1.Message{Action: &txv1.Message_Flag{Flag: &certificatev1.Flag{
			Issuer: apptest.CQC, Number: n, Decided: int32(today), Note: "beware", Evidence: [][]byte{id[:]},
		}}})
	}
	return d.Sign()
}

func TestEvidence(t *testing.T) {
	s := seven(t)
	var list []*batch
	for i := range 5 {
		list = append(list, batchOf(t, i+1))
	}
	list[4].Subject = evidence.OfEngagement(apptest.CQC, "A010101", "2026/7")
	s.mustDo(anchor(1, list...))
	id := list[2].ID()
	s.mustDo(warn(2, id, number, "00126Q00001R0M", "00126Q00002R0M"))

	var e wire.Evidence
	s.get("/v1/evidence/"+id.String(), 200, &e)
	if e.ID != id.String() || e.Member != "cqc" || e.Kind != "audit" || e.Text.Zh == "" || e.Subject != "certificate/"+apptest.CQC+"/"+number || e.Leaves != 3 ||
		e.Root != list[2].Root.String() || !e.From.Equal(apptest.Begin) || e.Height != 6 || len(e.Signers) != 1 || e.Retention != "six-years" || e.Method != "GB/T 19011" {
		t.Errorf("%+v", e)
	}
	s.problem("/v1/evidence/"+sm3.Sum(nil).String(), 404)
	s.problem("/v1/evidence/"+id.String()+"?height=5", 404)
	s.problem("/v1/evidence/xyz", 422)

	pages := func(query string) (ids []string, total uint64) {
		t.Helper()
		for cursor := ""; ; {
			var page wire.EvidenceList
			s.get("/v1/evidence?limit=2&"+query+cursor, 200, &page)
			for _, e := range page.Items {
				ids = append(ids, e.ID)
			}
			if total = page.Total; page.Next == "" {
				return ids, total
			}
			cursor = "&cursor=" + page.Next
		}
	}
	ids, total := pages("member=cqc")
	if len(ids) != 5 || total != 5 || ids[2] != id.String() {
		t.Errorf("%d of %d: %v", len(ids), total, ids)
	}
	if ids, total = pages("subject=" + url.QueryEscape(list[0].Subject.String())); len(ids) != 4 || total != 4 || ids[3] != list[3].ID().String() {
		t.Errorf("%d of %d: %v", len(ids), total, ids)
	}
	if ids, total = pages("subject=engagement/" + apptest.CQC + "/A010101/2026/7"); len(ids) != 1 || total != 1 {
		t.Errorf("%d of %d: %v", len(ids), total, ids)
	}
	if ids, total = pages("member=maker"); len(ids) != 0 || total != 0 {
		t.Errorf("%d of %d: %v", len(ids), total, ids)
	}
	for _, query := range []string{"", "?member=cqc&subject=product/x", "?subject=colour/x", "?subject=certificate/x", "?member=A%20B", "?member=cqc&cursor=x", "?member=cqc&limit=0"} {
		s.problem("/v1/evidence"+query, 422)
	}

	var grounds wire.GroundList
	path := "/v1/evidence/" + id.String() + "/decisions"
	s.get(path+"?limit=2", 200, &grounds)
	if len(grounds.Items) != 2 || grounds.Items[0].Certificate.Number != number || grounds.Items[0].Record != 3 || grounds.Items[0].Action != "flag" || grounds.Items[0].Status != "suspended" || grounds.Next == "" {
		t.Errorf("%+v", grounds)
	}
	var more wire.GroundList
	s.get(path+"?limit=2&cursor="+grounds.Next, 200, &more)
	if len(more.Items) != 1 || more.Next != "" || more.Items[0].Certificate.Number != "00126Q00002R0M" || more.Items[0].Record != 2 {
		t.Errorf("%+v", more)
	}
	var none wire.GroundList
	s.get("/v1/evidence/"+list[0].ID().String()+"/decisions", 200, &none)
	if len(none.Items) != 0 {
		t.Errorf("%+v", none)
	}
	s.problem(path+"?cursor="+grounds.Next[1:], 422)
	s.problem("/v1/evidence/"+sm3.Sum(nil).String()+"/decisions", 404)
}

// TestEvidenceBundle adds a leaf to what the node gives, and verifies the file.
func TestEvidenceBundle(t *testing.T) {
	s, x := sealing(t)
	b := batchOf(t, 5)
	id := b.ID()
	s.commit(issue(1, number))
	s.mustDo(anchor(1, b))
	x.seal()
	bundle, height := s.octets("/v1/bundles/evidence/" + id.String())
	p, err := b.tree.Inclusion(3)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := light.AddLeaf(bundle, id, b.leaves[3], p.Append(nil))
	if err != nil {
		t.Fatal(err)
	}
	claim := light.Claim{Kind: light.Anchored, Content: sm3.Sum([]byte("file 3 of 5"))}
	v := light.Verify(whole, s.card(), claim, light.Limits{}, time.Now())
	if v.Outcome != light.Holds || v.Height != height || v.Leaf == nil || v.Leaf.Name != "files/3.txt" || v.Leaf.Index != 3 || v.Evidence.Member != "cqc" {
		t.Errorf("%v %v: %+v", v.Outcome, v.Reasons, v.Leaf)
	}
	if v = light.Verify(bundle, s.card(), claim, light.Limits{}, time.Now()); v.Outcome != light.NotEstablished {
		t.Errorf("without the leaf: %v", v.Outcome)
	}
	other := sm3.Sum(nil)
	bundle, _ = s.octets("/v1/bundles/evidence/" + other.String())
	v = light.Verify(bundle, s.card(), light.Claim{Kind: light.Anchored, Anchor: other}, old, time.Now())
	if v.Outcome != light.DoesNotHold || v.Reasons[0].Code != "unknown-anchor" {
		t.Errorf("%v: %v", v.Outcome, v.Reasons)
	}
	s.problem("/v1/bundles/evidence/x", 422)
}
