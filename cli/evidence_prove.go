package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/hallmark-ledger/hallmark/client"
	"github.com/hallmark-ledger/hallmark/crypto/merkle"
	"github.com/hallmark-ledger/hallmark/evidence"
	"github.com/hallmark-ledger/hallmark/light"
)

// leafProveFlags are those of evidence prove.
type leafProveFlags struct {
	manifest string
	line     uint64
	out      string
	from     uint64
	card     string
}

// leafProofJSON is what evidence prove has written, as JSON.
type leafProofJSON struct {
	Anchor  anchorJSON     `json:"anchor"`
	Index   uint64         `json:"index"` // in the anchor's tree, from 0
	Name    string         `json:"name,omitempty"`
	Content string         `json:"content"` // SM3
	Height  uint64         `json:"height"`
	File    *fileJSON      `json:"file"`
	Path    int            `json:"path"`              // bytes of leaf and audit path in it
	Verdict *light.Verdict `json:"verdict,omitempty"` // by the card, if there is one
}

func (s *session) evidenceProve() *cobra.Command {
	c := &cobra.Command{
		Use:   "prove [FILE]",
		Short: s.language.of(say("Get a proof of one file or line that was anchored", "获取已锚定的单个文件或行的证明")),
		Long: s.language.of(say(`Make a proof that a file, or a line (--line), is among what was anchored, and that the
ledger has the anchor: one small file that shows nothing of the others. It takes the
leaf and its way to the root from the manifest, and the rest from a node, which need
not be trusted: if there is a trust card, the proof is checked with it. FILE is found
by its content; of several with the same, by its name.

  hallmark evidence prove reports/07/a.pdf --manifest reports.hmev --out a.hmb
  hallmark evidence prove --line 70213 --manifest probe-7.hmev --out reading.hmb

Exit codes: 0 written; 1 the manifest does not have it, or the ledger not the anchor;
2 no node answers, or what it gave is not good by the card; 3 wrong usage, or input
and output.`,
			`证明某个文件或某一行（--line）属于已锚定的内容，且锚定在账本上：一个小文件，不透露其余内容。
叶与其到树根的路径取自清单，其余取自节点；节点无须可信：如有信任卡，将立即据以核验。文件按
内容查找，内容相同者按名称选取。

  hallmark evidence prove reports/07/a.pdf --manifest reports.hmev --out a.hmb
  hallmark evidence prove --line 70213 --manifest probe-7.hmev --out reading.hmb

退出码：0 已写入；1 清单中没有该内容，或账本没有该锚定；2 没有节点应答，或其应答不能由信任卡
验证；3 用法或输入输出有误。`)),
		Args: args(cobra.MaximumNArgs(1)),
	}
	f := new(leafProveFlags)
	t := s.language.of
	c.Flags().StringVar(&f.manifest, "manifest", "", t(say("the manifest", "证据清单")))
	c.Flags().Uint64Var(&f.line, "line", 0, t(say("number of the line in the manifest, from 1", "该行在清单中的序号（从 1 起）")))
	c.Flags().StringVar(&f.out, "out", "", t(say("write the proof to this file (NAME.hmb)", "将证明写入该文件（NAME.hmb）")))
	c.Flags().Uint64Var(&f.from, "from", 0, t(say("height of the card of whoever will verify; by default of your own", "核验方信任卡的高度；默认为您的信任卡")))
	c.Flags().StringVar(&f.card, "card", "", t(say("trust card to check with; by default the one that is pinned; also "+envCard, "用于核验的信任卡；默认为已固定的信任卡；也可用环境变量 "+envCard)))
	c.RunE = func(c *cobra.Command, given []string) error {
		if (len(given) == 1) == (f.line > 0) {
			return usage(say("Name a file, or a line by its number (--line).", "请指定文件，或以序号指定行（--line）。"))
		}
		if f.manifest == "" || f.out == "" {
			return usage(say("Name the manifest (--manifest) and where to write the proof (--out NAME.hmb).", "请指定清单（--manifest）与输出文件（--out NAME.hmb）。"))
		}
		return s.proveLeaf(c.Context(), given, f)
	}
	return c
}

func (s *session) proveLeaf(ctx context.Context, given []string, f *leafProveFlags) error {
	card, err := s.cardIfAny(f.card)
	if err != nil {
		return err
	}
	p, err := leafProof(ctx, given, f)
	if err != nil {
		return evidenceFault(f.manifest, err)
	}
	node, err := s.connect()
	if err != nil {
		return err
	}
	out := &leafProofJSON{Anchor: anchorOf(p.Anchor), Index: p.Index, Name: p.Leaf.Name, Content: p.Leaf.Content.String()}
	from := f.from
	if from == 0 && card != nil {
		from = card.Height
	}
	opts := []client.ReadOption{client.HeightTo(&out.Height)}
	if from > 0 {
		opts = append(opts, client.HandoversFrom(from))
	}
	bundle, err := node.EvidenceBundle(ctx, p.Anchor.ID.String(), opts...)
	if err != nil {
		return noWay(err)
	}
	proof := merkle.Inclusion{Index: p.Index, Size: p.Anchor.Leaves, Path: p.Path}.Append(nil)
	whole, err := light.AddLeaf(bundle, p.Anchor.ID, p.Encoded, proof)
	if errors.Is(err, light.ErrUnproven) {
		return &failure{exitRefused, say("The ledger does not have the anchor, or not at a sealed height yet: hallmark evidence submit, then try again.", "账本尚无该锚定，或尚未签章：请先执行 hallmark evidence submit，再重试。"), err}
	}
	if err != nil {
		return &failure{exitUnknown, say("What the node gave is not of this anchor. Ask another node.", "节点应答与该锚定不符。请换用其他节点。"), err}
	}
	out.Path = len(whole) - len(bundle)
	if card != nil {
		claim := light.Claim{Kind: light.Anchored, Anchor: p.Anchor.ID, Content: p.Leaf.Content}
		if out.Verdict = light.Verify(whole, card, claim, light.Limits{}, time.Now()); !out.Verdict.Sealed {
			return s.proven(out, out.Verdict)
		}
	}
	if err := writeNew(f.out, whole, 0o644); err != nil {
		return err
	}
	out.File = &fileJSON{f.out, len(whole)}
	s.notef("%s: %d bytes, of which %d are the leaf and its way to the root; of height %d", "%s：%d 字节，其中叶及其到树根的路径 %d 字节；高度 %d", f.out, len(whole), out.Path, out.Height)
	return s.proven(out, out.Verdict)
}

// leafProof finds a leaf in the manifest and returns its way to the root.
func leafProof(ctx context.Context, given []string, f *leafProveFlags) (*evidence.Proof, error) {
	r, err := evidence.Open(f.manifest)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	number := f.line - 1
	if len(given) == 1 {
		if number, err = findLeaf(ctx, r, given[0]); err != nil {
			return nil, err
		}
	}
	return r.Prove(number)
}

// findLeaf returns the number of the leaf of a file: of those with its content that
// are anchored, the first whose name the path ends with, else the first.
func findLeaf(ctx context.Context, r *evidence.Reader, path string) (number uint64, err error) {
	content, _, err := evidence.ContentOf(ctx, path)
	if err != nil {
		return 0, usageOf(sayf("%s cannot be read.", "无法读取 %s。", path), err)
	}
	full, err := filepath.Abs(path)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", path, err)
	}
	full = filepath.ToSlash(full)
	found := false
	err = r.Find(content, func(one evidence.Found) bool {
		if r.Of(one.Number) == nil {
			return true
		}
		named := one.Leaf.Name != "" && strings.HasSuffix(full, "/"+one.Leaf.Name)
		if !found || named {
			number, found = one.Number, true
		}
		return !named
	})
	if err == nil && !found {
		err = fmt.Errorf("%w: nothing with the content of %s, SM3 %s", evidence.ErrNoLeaf, path, content)
	}
	return number, err
}
