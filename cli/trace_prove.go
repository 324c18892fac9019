package cli

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/proto"

	"github.com/hallmark-ledger/hallmark/client"
	"github.com/hallmark-ledger/hallmark/crypto/merkle"
	"github.com/hallmark-ledger/hallmark/evidence"
	"github.com/hallmark-ledger/hallmark/light"
	lightv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/light/v1"
	xevidence "github.com/hallmark-ledger/hallmark/x/evidence"
)

// traceProveFlags are those of trace prove.
type traceProveFlags struct {
	out      string
	manifest string
	from     uint64
	card     string
}

// traceProofJSON is what trace prove has written, as JSON.
type traceProofJSON struct {
	Product string         `json:"product"`
	Height  uint64         `json:"height"`
	Leaves  int            `json:"leaves,omitempty"` // anchored events in it
	File    *fileJSON      `json:"file"`
	Verdict *light.Verdict `json:"verdict,omitempty"` // by the card, if there is one
}

func (s *session) traceProve() *cobra.Command {
	c := &cobra.Command{
		Use:   "prove PRODUCT",
		Short: s.language.of(say("Get a proof of the way of a product, to be checked offline", "获取产品追溯证明，可离线核验")),
		Long: s.language.of(say(`Get a bundle from a node with the whole chain of a product and of all that is in it, and
what their certificates were at each event. With --manifest the events of an anchored
batch (hallmark trace capture --anchor) are put into it too, each with its way to the
root. The node need not be trusted: if there is a trust card, the bundle is checked.

  hallmark trace prove https://id.gs1.org/01/09506000134352/10/A1 --out a1.hmb

Exit codes: 0 written; 1 the product is not registered, or the ledger does not have the
anchor; 2 no node answers, or what it gave is not good by the card; 3 wrong usage, or
input and output.`,
			`从节点获取证明包，包含产品及其全部组成的完整链，以及各事件时的证书状态。使用 --manifest 时，
一并放入整批锚定的事件（hallmark trace capture --anchor）及其到树根的路径。节点无须可信：
如有信任卡，将立即据以核验。

  hallmark trace prove https://id.gs1.org/01/09506000134352/10/A1 --out a1.hmb

退出码：0 已写入；1 产品未登记，或账本没有该锚定；2 没有节点应答，或其应答不能由信任卡验证；
3 用法或输入输出有误。`)),
		Args: args(cobra.ExactArgs(1)),
	}
	f := new(traceProveFlags)
	t := s.language.of
	c.Flags().StringVar(&f.out, "out", "", t(say("write the bundle to this file (NAME.hmb)", "将证明包写入该文件（NAME.hmb）")))
	c.Flags().StringVar(&f.manifest, "manifest", "", t(say("manifest of anchored events about the product", "关于该产品的锚定事件清单")))
	c.Flags().Uint64Var(&f.from, "from", 0, t(say("height of the card of whoever will verify; by default of your own", "核验方信任卡的高度；默认为您的信任卡")))
	c.Flags().StringVar(&f.card, "card", "", t(say("trust card to check with; by default the one that is pinned; also "+envCard, "用于核验的信任卡；默认为已固定的信任卡；也可用环境变量 "+envCard)))
	c.RunE = func(c *cobra.Command, given []string) error {
		if f.out == "" {
			return usage(say("Say where to write the proof (--out NAME.hmb).", "请指定输出文件（--out NAME.hmb）。"))
		}
		uri, err := s.productURI(given[0])
		if err != nil {
			return err
		}
		return s.proveTrace(c.Context(), uri, f)
	}
	return c
}

func (s *session) proveTrace(ctx context.Context, uri string, f *traceProveFlags) error {
	card, err := s.cardIfAny(f.card)
	if err != nil {
		return err
	}
	node, err := s.connect()
	if err != nil {
		return err
	}
	from := f.from
	if from == 0 && card != nil {
		from = card.Height
	}
	out := &traceProofJSON{Product: uri}
	raw, err := s.tracedWith(ctx, node, uri, f.manifest, from, out)
	if err != nil {
		return err
	}
	if card != nil {
		out.Verdict = light.Verify(raw, card, light.Claim{Kind: light.Traced, Product: uri}, light.Limits{}, time.Now())
		if !out.Verdict.Sealed {
			return s.proven(out, out.Verdict)
		}
		if out.Verdict.Trace == nil && out.Verdict.Outcome == light.DoesNotHold {
			if err := s.proven(out, out.Verdict); err != nil {
				return err
			}
			return &failure{exitRefused, text{}, errTold}
		}
	}
	if err := writeNew(f.out, raw, 0o644); err != nil {
		return err
	}
	out.File = &fileJSON{f.out, len(raw)}
	s.notef("%s: %d bytes, of height %d, anchored events: %d", "%s：%d 字节，高度 %d，锚定事件 %d", f.out, len(raw), out.Height, out.Leaves)
	return s.proven(out, out.Verdict)
}

// joinTries is how often bundles are asked for until two are of one state.
const joinTries = 5

// tracedWith returns a bundle of a product's way, with the anchored events of a
// manifest if one is named.
func (s *session) tracedWith(ctx context.Context, node *client.Client, uri, manifest string, from uint64, out *traceProofJSON) ([]byte, error) {
	opts := []client.ReadOption{client.HeightTo(&out.Height)}
	if from > 0 {
		opts = append(opts, client.HandoversFrom(from))
	}
	if manifest == "" {
		raw, err := node.TraceBundle(ctx, uri, opts...)
		return raw, noWay(err)
	}
	r, err := evidence.Open(manifest)
	if err != nil {
		return nil, evidenceFault(manifest, err)
	}
	defer r.Close()
	if a := r.Begin.Anchor; a.Kind != xevidence.Events || a.Subject != xevidence.OfProduct(uri) {
		return nil, usage(sayf("%s is not of events about %s, but of %s.", "%s 不是关于 %s 的事件清单，而是 %s。", manifest, uri, a.Subject))
	}
	for try := 1; ; try++ {
		raw, err := node.TraceBundle(ctx, uri, opts...)
		if err != nil {
			return nil, noWay(err)
		}
		for _, a := range r.Anchors {
			more, e := node.EvidenceBundle(ctx, a.ID.String(), opts...)
			if e != nil {
				return nil, noWay(e)
			}
			if raw, err = light.Join(raw, more); err != nil {
				break
			}
		}
		if errors.Is(err, light.ErrOtherState) && try < joinTries {
			continue // another block was sealed meanwhile
		}
		if err != nil {
			return nil, &failure{exitUnknown, say("The bundles of the node do not fit together. Try again, or ask another node.", "节点给出的证明包无法合并。请重试，或换用其他节点。"), err}
		}
		return addLeaves(raw, r, manifest, out)
	}
}

// addLeaves puts all anchored leaves of a manifest into a bundle.
func addLeaves(raw []byte, r *evidence.Reader, manifest string, out *traceProofJSON) ([]byte, error) {
	var list []*lightv1.AnchoredLeaf
	size := len(raw)
	for _, a := range slices.SortedFunc(slices.Values(r.Anchors), func(a, b *evidence.Anchor) int { return bytes.Compare(a.ID[:], b.ID[:]) }) {
		for n := a.First; n < a.First+a.Leaves; n++ {
			p, err := r.Prove(n)
			if err != nil {
				return nil, evidenceFault(manifest, err)
			}
			proof := merkle.Inclusion{Index: p.Index, Size: a.Leaves, Path: p.Path}.Append(nil)
			if n == a.First { // is the anchor there, and this the leaf of it?
				_, err := light.AddLeaf(raw, a.ID, p.Encoded, proof)
				if errors.Is(err, light.ErrUnproven) {
					return nil, &failure{exitRefused, say("The ledger does not have the anchor, or not at a sealed height yet: hallmark evidence submit, then try again.", "账本尚无该锚定，或尚未签章：请先执行 hallmark evidence submit，再重试。"), err}
				}
				if err != nil {
					return nil, &failure{exitUnknown, say("What the node gave is not of this anchor. Ask another node.", "节点应答与该锚定不符。请换用其他节点。"), err}
				}
			}
			one := &lightv1.AnchoredLeaf{Anchor: a.ID[:], Leaf: p.Encoded, Proof: proof}
			if size += proto.Size(one) + 8; size > light.MaxBundleSize {
				return nil, usage(sayf("%s has too many events for one bundle. Verify with the manifest itself (hallmark trace verify --manifest), or prove single ones (hallmark evidence prove --line).", "%s 中的事件过多，无法放入一个证明包。请直接以清单核对（hallmark trace verify --manifest），或逐个证明（hallmark evidence prove --line）。", manifest))
			}
			list = append(list, one)
		}
	}
	m := new(lightv1.Bundle)
	if err := proto.Unmarshal(raw, m); err != nil {
		return nil, &failure{exitUnknown, say("What the node gave is not a bundle. Ask another node.", "节点给出的不是证明包。请换用其他节点。"), err}
	}
	m.Leaves, out.Leaves = list, len(list)
	return proto.MarshalOptions{Deterministic: true}.Marshal(m) //nolint:wrapcheck // of what was just read
}
