package cli

import (
	"context"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/hallmark-ledger/hallmark/evidence"
)

// checkJSON is what evidence check has found, as JSON.
type checkJSON struct {
	Manifest string   `json:"manifest"`
	Anchors  int      `json:"anchors"`
	Unfiled  int      `json:"unfiled,omitempty"`
	Leaves   uint64   `json:"leaves"`
	Same     uint64   `json:"same,omitempty"` // files, or 1 for lines
	Altered  []string `json:"altered,omitempty"`
	Missing  []string `json:"missing,omitempty"`
	Added    []string `json:"added,omitempty"`
	// Of lines: the first that differs, from 1; how many anchored lines are missing at
	// the end, or, if negative, how many lines are not anchored.
	Line uint64 `json:"line,omitempty"`
	More int64  `json:"more,omitempty"`
}

func (s *session) evidenceCheck() *cobra.Command {
	c := &cobra.Command{
		Use:   "check --manifest MANIFEST [DIR|FILE...]",
		Short: s.language.of(say("Check a manifest, and what you keep against it", "核对清单及所保存的证据")),
		Long: s.language.of(say(`Compute the roots of all anchors of a manifest again, and compare what you keep with it:
which files were altered, are missing, or were added since. Of a manifest of lines,
name the file or files that have them, in their order. No node is asked.

Exit codes: 0 nothing differs (files that were added do not count); 1 something does;
3 wrong usage, or input and output.`,
			`重新计算清单中所有锚定的树根，并核对所保存的证据：哪些文件被改动、缺失，或为其后新增。行清单
请按顺序给出存有这些行的文件。无需节点。

退出码：0 无差异（新增文件不算）；1 有差异；3 用法或输入输出有误。`)),
		Args: args(cobra.ArbitraryArgs),
	}
	var manifest, base string
	t := s.language.of
	c.Flags().StringVar(&manifest, "manifest", "", t(say("the manifest", "证据清单")))
	c.Flags().StringVar(&base, "base", "", t(say("folder that names are relative to, as when they were anchored", "文件名所相对的文件夹，与锚定时相同")))
	c.RunE = func(c *cobra.Command, given []string) error {
		if manifest == "" {
			return usage(say("Name the manifest (--manifest).", "请指定清单（--manifest）。"))
		}
		return evidenceFault(manifest, s.checkEvidence(c.Context(), manifest, base, given))
	}
	return c
}

func (s *session) checkEvidence(ctx context.Context, manifest, base string, given []string) error {
	r, err := evidence.Open(manifest)
	if err != nil {
		return err
	}
	defer r.Close()
	out := &checkJSON{Manifest: manifest, Anchors: len(r.Anchors)}
	for _, a := range r.Anchors {
		if a.Outcome == nil {
			out.Unfiled++
		}
	}
	if out.Leaves, err = r.CheckRoots(ctx); err != nil {
		return err
	}
	if !s.json {
		s.printf("manifest: %d leaves, %d anchors, whose roots are right; %d of them not filed", "清单：叶数 %d，锚定 %d 个，树根无误；其中 %d 个尚未提交", out.Leaves, out.Anchors, out.Unfiled)
	}
	switch {
	case len(given) == 0:
	case r.Begin.Source == evidence.Lines:
		err = s.checkLines(ctx, r, given, out)
	default:
		err = s.checkFiles(ctx, r, manifest, base, given, out)
	}
	if err != nil {
		return err
	}
	if s.json {
		if err := s.printJSON(out); err != nil {
			return err
		}
	}
	if len(out.Altered)+len(out.Missing) > 0 || out.Line > 0 || out.More > 0 {
		return &failure{exitRefused, text{}, errTold}
	}
	return nil
}

func (s *session) checkFiles(ctx context.Context, r *evidence.Reader, manifest, base string, given []string, out *checkJSON) error {
	roots, err := evidence.NewRoots(given, base)
	if err != nil {
		return err
	}
	roots.WithoutManifest(manifest)
	err = r.CheckFiles(ctx, roots, runtime.GOMAXPROCS(0), func(name string, d evidence.Difference) {
		switch d {
		case evidence.Altered:
			out.Altered = append(out.Altered, name)
			s.difference("altered: %s", "已改动：%s", name)
		case evidence.Missing:
			out.Missing = append(out.Missing, name)
			s.difference("missing: %s", "缺失：%s", name)
		case evidence.Added:
			out.Added = append(out.Added, name)
			s.difference("added, not anchored: %s", "新增，未锚定：%s", name)
		default:
			out.Same++
		}
	}, nil)
	if err == nil && !s.json {
		s.printf("files: %d the same, %d altered, %d missing, %d added", "文件：一致 %d，改动 %d，缺失 %d，新增 %d", out.Same, len(out.Altered), len(out.Missing), len(out.Added))
	}
	return err
}

func (s *session) difference(en, zh, name string) {
	if !s.json {
		s.printf(en, zh, name)
	}
}

func (s *session) checkLines(ctx context.Context, r *evidence.Reader, given []string, out *checkJSON) (err error) {
	if out.Line, out.More, err = r.CheckLines(ctx, given); err != nil || s.json {
		return err
	}
	switch {
	case out.Line > 0:
		s.printf("line %d differs, and maybe others after it", "第 %d 行不一致，其后可能还有", out.Line)
	case out.More > 0:
		s.printf("%d lines that were anchored are missing at the end", "末尾缺失 %d 行已锚定内容", out.More)
	case out.More < 0:
		s.printf("all lines are the same; %d more are not in the manifest", "全部一致；另有 %d 行不在清单中", -out.More)
	default:
		s.printf("all lines are the same", "全部一致")
	}
	return nil
}
