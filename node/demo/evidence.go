package demo

import (
	"context"
	"fmt"

	"github.com/hallmark-ledger/hallmark/crypto/merkle"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/store/proof"
)

const reports = 5000

// anchored is the record of a Merkle root over many reports.
type anchored struct {
	head      merkle.Head
	by        string // id of the body
	signature sm2.Signature
}

// content is what the certifier of the body signs: root ‖ leaf count ‖ text(by).
func (a anchored) content() []byte {
	return store.AppendText(store.AppendUint64(store.AppendHash(nil, a.head.Root), a.head.Size), a.by)
}

func (a anchored) encode() ([]byte, error) { return append(a.content(), a.signature[:]...), nil }

func decodeAnchored(b []byte) (a anchored, err error) {
	if a.head.Root, b, err = store.CutHash(b); err != nil {
		return a, err
	}
	if a.head.Size, b, err = store.CutUint64(b); err != nil {
		return a, err
	}
	if a.by, b, err = store.CutText(b); err != nil {
		return a, err
	}
	if len(b) != sm2.SignatureSize {
		return a, fmt.Errorf("%d bytes where a signature belongs", len(b))
	}
	a.signature = sm2.Signature(b)
	return a, nil
}

var anchors = store.NewMap("anchor/", store.Uint64{},
	store.ValueFuncs[anchored]{Encode: anchored.encode, Decode: decodeAnchored})

func reportName(i int) string { return fmt.Sprintf("report-%05d.txt", i) }

// report returns the content of a report that no laboratory made.
func report(i int) []byte { return fmt.Appendf(nil, "synthetic test report %05d\nresult: pass\n", i) }

// reportLeaf is what goes into the tree: SM3(content) ‖ size ‖ text(name) ‖
// capture time in Unix seconds.
func reportLeaf(i int, content []byte) []byte {
	b := store.AppendUint64(store.AppendHash(nil, sm3.Sum(content)), uint64(len(content)))
	return store.AppendUint64(store.AppendText(b, reportName(i)), 1_760_000_000+uint64(i))
}

// anchor records the root of a tree over reports in version 3 and proves one
// report from its leaf to the state root.
func (r *run) anchor(ctx context.Context) (o outcome, err error) {
	leaves := make([][]byte, reports)
	for i := range leaves {
		leaves[i] = reportLeaf(i, report(i))
	}
	hashes := make([]sm3.Hash, reports)
	merkle.LeafHashes(leaves, hashes)
	tree := merkle.NewTree(hashes)

	const id = 1
	by := r.bodies[0]
	a := anchored{head: tree.Head(), by: by.id}
	if a.signature, err = by.certifier.Sign(ctx, tagged(anchorTag, a.content())); err != nil {
		return o, err
	}
	b := r.branch()
	if err := anchors.Set(b, id, a); err != nil {
		return o, err
	}
	if err := r.commit(ctx, b); err != nil {
		return o, err
	}

	const chosen = 1234
	path, err := tree.Inclusion(chosen)
	if err != nil {
		return o, err
	}
	got, present, err := r.ask(r.latest().version, anchors.Key(id))
	if err != nil {
		return o, err
	}
	if !present {
		return o, fmt.Errorf("anchor %d is not in the state", id)
	}
	encoded := path.Append(nil)
	if err := r.trust.anchoredReport(id, chosen, report(chosen), encoded, got); err != nil {
		return o, err
	}
	faked := append(report(chosen), "result: excellent\n"...)
	if err := refused(r.trust.anchoredReport(id, chosen, faked, encoded, got), merkle.ErrRoot); err != nil {
		return o, fmt.Errorf("a report with another result: %w", err)
	}

	o.signed = r.signedBy(say("certifier of %s", "%s 的认证决定人员", by.id))
	o.root = got.root
	o.details = []message{
		say("%d synthetic reports, Merkle root %.16s…", "%d 份合成报告，默克尔根 %.16s…", reports, a.head.Root),
		say("%s → Merkle root: %d bytes; anchor → state root: %d bytes", "%s → 默克尔根：%d 字节；锚定记录 → 状态根：%d 字节",
			reportName(chosen), len(encoded), len(got.proof)),
		say("the report with another result → refused: %s", "改动结果后的报告 → 拒绝：%s", merkle.ErrRoot),
	}
	o.result = say("one report proven from its leaf to the state root; the others need not be shown", "已证明一份报告（自叶至状态根），无需出示其他报告")
	return o, nil
}

// anchoredReport checks that a proves anchor id, that its body signed it, and
// that path, an encoded Merkle proof, leads from report i to its root.
func (t trust) anchoredReport(id uint64, i int, content, path []byte, a answer) error {
	if err := t.checkRoot(a.root); err != nil {
		return err
	}
	if err := proof.VerifyInclusion(a.root.hash, anchors.Key(id), a.value, a.proof); err != nil {
		return err
	}
	rec, err := decodeAnchored(a.value)
	if err != nil {
		return err
	}
	by, err := t.body(rec.by)
	if err != nil {
		return err
	}
	if err := sm2.Verify(by.certifier, tagged(anchorTag, rec.content()), rec.signature); err != nil {
		return err
	}
	p, err := merkle.DecodeInclusion(path)
	if err != nil {
		return err
	}
	return merkle.VerifyInclusion(p, merkle.LeafHash(reportLeaf(i, content)), rec.head)
}
