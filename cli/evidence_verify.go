package cli

import (
	"context"
	"encoding/hex"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/evidence"
	"github.com/hallmark-ledger/hallmark/light"
)

// contentFlags say what a claim about evidence is of.
type contentFlags struct {
	content string // file
	line    uint64 // of it; 0 for all
	anchor  string // id
}

func (s *session) contentFlags(flags *pflag.FlagSet, f *contentFlags) {
	t := s.language.of
	flags.StringVar(&f.content, "content", "", t(say("of anchored: the file whose content it is about", "anchored 声明所关于的文件")))
	s.leafFlags(flags, f)
}

func (s *session) leafFlags(flags *pflag.FlagSet, f *contentFlags) {
	t := s.language.of
	flags.Uint64Var(&f.line, "line", 0, t(say("not the whole file but this line of it, from 1", "不是整个文件，而是其中的这一行（从 1 起）")))
	flags.StringVar(&f.anchor, "anchor", "", t(say("of anchored: the id of the anchor, if that matters to you", "anchored 声明的锚定标识（如须指定）")))
}

// toClaim returns the claim of evidence that the flags make. It reads the file.
func (f *contentFlags) toClaim() (c light.Claim, err error) {
	c.Kind = light.Anchored
	if f.content == "" && f.anchor == "" {
		return c, usage(say("Say which evidence: --content FILE, --anchor ID or both.", "请指明证据：--content FILE、--anchor ID 或两者。"))
	}
	if f.anchor != "" {
		raw, err := hex.DecodeString(f.anchor)
		if err != nil || len(raw) != sm3.Size {
			return c, usage(sayf("%.70q is not the id of an anchor: 64 hexadecimal digits.", "%.70q 不是锚定标识：应为 64 位十六进制数字。", f.anchor))
		}
		c.Anchor = sm3.Hash(raw)
	}
	if f.content != "" {
		c.Content, err = contentOf(context.Background(), f.content, f.line)
	}
	return c, err
}

// contentOf returns SM3 of a file, or of a line of it.
func contentOf(ctx context.Context, path string, line uint64) (sm3.Hash, error) {
	if line == 0 {
		sum, _, err := evidence.ContentOf(ctx, path)
		if err != nil {
			return sum, usageOf(sayf("%s cannot be read.", "无法读取 %s。", path), err)
		}
		return sum, nil
	}
	content, err := evidence.LineOf(ctx, path, line)
	if err != nil {
		return sm3.Hash{}, usageOf(sayf("%s has no line %d.", "%s 没有第 %d 行。", path, line), err)
	}
	return sm3.Sum(content), nil
}

func (s *session) evidenceVerify() *cobra.Command {
	c := &cobra.Command{
		Use:   "verify FILE",
		Short: s.language.of(say("Check offline, with a proof and a trust card, that a file was anchored", "凭证明与信任卡离线核验文件已锚定")),
		Long: s.language.of(say(`Check that a file, as it is, was anchored: by whom, about what, and that it existed
when that was recorded. It needs the file, the proof of it (--proof) and a trust card;
no network is used and no server trusted. It is the same as
hallmark verify PROOF --claim anchored --content FILE.

Exit codes: 0 it was anchored; 1 it is proven that it was not; 2 not established: the
proof is of another content or bad, or the card has ended; 3 wrong usage, or input and
output.

  hallmark evidence verify report.pdf --proof report.hmb
  hallmark evidence verify probe.log --line 70213 --proof reading.hmb`,
			`核验文件现有内容已被锚定：由谁、关于何对象，且在记录之时已经存在。需要该文件、其证明
（--proof）与信任卡；不使用网络，不依赖任何服务器。等同于
hallmark verify PROOF --claim anchored --content FILE。

退出码：0 已锚定；1 已证明未锚定；2 无法证实：证明属于其他内容或有误，或信任卡已过期；
3 用法或输入输出有误。

  hallmark evidence verify report.pdf --proof report.hmb
  hallmark evidence verify probe.log --line 70213 --proof reading.hmb`)),
		Args: args(cobra.ExactArgs(1)),
	}
	f := &verifyFlags{claim: light.Anchored.String()}
	var proof string
	t := s.language.of
	c.Flags().StringVar(&proof, "proof", "", t(say("the proof, a file NAME.hmb", "证明文件 NAME.hmb")))
	c.Flags().StringVar(&f.card, "card", "", t(say("trust card; by default the one that is pinned; also "+envCard, "信任卡文件；默认为已固定的信任卡；也可用环境变量 "+envCard)))
	c.Flags().DurationVar(&f.maxAge, "max-age", 24*time.Hour, t(say("greatest age of the seal, where that matters", "签章的最长时间（如有影响）")))
	s.leafFlags(c.Flags(), &f.contentFlags)
	c.RunE = func(_ *cobra.Command, given []string) error {
		if proof == "" {
			return usage(say("Name the proof (--proof NAME.hmb).", "请指定证明文件（--proof NAME.hmb）。"))
		}
		f.content = given[0]
		return s.verify(proof, f, time.Now())
	}
	return c
}
