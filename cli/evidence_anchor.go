package cli

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"github.com/hallmark-ledger/hallmark/evidence"
)

// anchorFlags are those of evidence anchor.
type anchorFlags struct {
	evidenceFlags
	base      string
	filesFrom string
	null      bool
	jobs      int
	skipUnfit bool
	noCheck   bool
}

func (s *session) evidenceAnchor() *cobra.Command {
	c := &cobra.Command{
		Use:   "anchor DIR|FILE...",
		Short: s.language.of(say("Anchor files: fix what they are, without showing them", "锚定文件：固定其内容而不公开")),
		Long: s.language.of(say(`Read files, of any size and number, write a manifest with the SM3 of each (--manifest;
by default DIR.hmev beside the folder), and file its root. Only the root goes on the
ledger; the files and the manifest stay with you, and by them any single file can be
proven (hallmark evidence prove).

Interrupted at any instant, run the same command again: it goes on, reads no file
again that was read and has not changed since, and files nothing twice. Symbolic
links and devices in a folder are left out, and named.

  hallmark evidence anchor reports --for CNCA-R-2002-001/00117Q12345R0M/3700 \
      --kind report --method 'GB/T 5009.12-2017' --sign-with operator
  find . -name '*.pdf' | hallmark evidence anchor --files-from - --manifest may.hmev \
      --engagement CNCA-R-2002-001/A010101/J-2026-17 --kind inspection --sign-with operator

Exit codes: 0 anchored; 1 the ledger refuses; 2 the manifest is done, but not certain
to be filed: run it again, or hallmark evidence submit; 3 wrong usage, or input and
output.`,
			`读取任意大小、任意数量的文件，写出记载各文件 SM3 值的清单（--manifest；默认为文件夹旁的
DIR.hmev），并提交其树根。上链的只有树根；文件与清单由您保存，据此可证明其中任何一个文件
（hallmark evidence prove）。

随时可以中断，重新执行同一命令即可继续：已读取且未改动的文件不再读取，也不会重复提交。
文件夹中的符号链接和设备不予锚定，并逐一列出。

  hallmark evidence anchor reports --for CNCA-R-2002-001/00117Q12345R0M/3700 \
      --kind report --method 'GB/T 5009.12-2017' --sign-with operator
  find . -name '*.pdf' | hallmark evidence anchor --files-from - --manifest may.hmev \
      --engagement CNCA-R-2002-001/A010101/J-2026-17 --kind inspection --sign-with operator

退出码：0 已锚定；1 账本拒绝；2 清单已完成，但提交结果未定：请重新执行或执行
hallmark evidence submit；3 用法或输入输出有误。`)),
		Args: args(cobra.ArbitraryArgs),
	}
	f := new(anchorFlags)
	t := s.language.of
	s.evidenceFlags(c, &f.evidenceFlags)
	c.Flags().StringVar(&f.base, "base", "", t(say("folder that names are relative to; by default the folder, or the deepest one that all lie in", "文件名所相对的文件夹；默认为所给文件夹，或包含全部文件的最深文件夹")))
	c.Flags().StringVar(&f.filesFrom, "files-from", "", t(say("read a list of files, one a line, from this file, or - for the standard input", "从该文件（- 为标准输入）读取文件列表，每行一个")))
	c.Flags().BoolVar(&f.null, "null", false, t(say("the list has zero bytes between names, as of find -print0", "列表以零字节分隔，如 find -print0 的输出")))
	c.Flags().IntVar(&f.jobs, "jobs", runtime.GOMAXPROCS(0), t(say("files read at a time", "同时读取的文件数")))
	c.Flags().BoolVar(&f.skipUnfit, "skip-unfit", false, t(say("leave out files that cannot be read or whose names cannot be anchored, instead of ending", "跳过无法读取或名称无法锚定的文件，而不中止")))
	c.Flags().BoolVar(&f.noCheck, "no-check", false, t(say("do not ask a node first what it would refuse", "读取前不请节点预检")))
	c.RunE = func(c *cobra.Command, given []string) error { return s.anchorFiles(c.Context(), given, f) }
	return c
}

func (s *session) anchorFiles(ctx context.Context, given []string, f *anchorFlags) error {
	paths, err := s.fileList(given, f)
	if err != nil {
		return err
	}
	o := evidence.Options{Jobs: f.jobs, SkipUnfit: f.skipUnfit}
	if o.Roots, err = evidence.NewRoots(paths, f.base); err != nil {
		return evidenceFault("", err)
	}
	if f.manifest == "" {
		if len(o.Roots.Paths) != 1 {
			return usage(say("Say where to write the manifest (--manifest NAME.hmev).", "请指定清单文件（--manifest NAME.hmev）。"))
		}
		f.manifest = o.Roots.Paths[0] + ".hmev"
	}
	if o.Manifest, err = filepath.Abs(f.manifest); err != nil {
		return fmt.Errorf("the manifest: %w", err)
	}
	maker, err := s.evidenceMaker(ctx, &f.filingFlags) // before hours of reading
	if err != nil {
		return err
	}
	if o.Begin.Anchor, err = s.template(ctx, &f.evidenceFlags, maker.Parties[0].Member); err != nil {
		return err
	}
	if !f.noCheck && !f.only {
		if err := s.rehearse(ctx, maker, o.Begin.Anchor); err != nil {
			return err
		}
	}
	m := new(manifestJSON)
	o.Skipped = func(name string, why error) {
		m.Skipped++
		s.notef("left out: %s: %s", "跳过：%s：%s", name, skippedText(why))
	}
	bar := s.filesBar()
	o.Progress = bar.show
	w, err := evidence.AnchorFiles(ctx, o)
	bar.end()
	if err != nil {
		if ctx.Err() != nil {
			return &failure{exitUnknown, say("Interrupted; nothing was filed. Run the same command again to go on.", "已中断，未提交。重新执行同一命令即可继续。"), err}
		}
		return evidenceFault(f.manifest, err)
	}
	if bar.latest == (evidence.Progress{}) {
		s.notef("%s is complete already: nothing was read. What was added or changed since is not in it (hallmark evidence check); anchor that with another manifest.", "%s 此前已完成，未再读取。其后新增或改动的内容不在其中（可用 hallmark evidence check 核对），请另用清单锚定。", f.manifest)
		return s.fileAnchors(ctx, f.manifest, w, &f.filingFlags, nil)
	}
	m.Files, m.Bytes, m.Known = bar.latest.Files, bar.latest.Bytes, bar.latest.Known
	s.notef("files: %d, bytes: %d, in %s; not read again: %d; manifest %s", "文件 %d 个，%d 字节，用时 %s；其中 %d 个无须重新读取；清单 %s",
		m.Files, m.Bytes, time.Since(bar.begun).Round(time.Millisecond), m.Known, f.manifest)
	return s.fileAnchors(ctx, f.manifest, w, &f.filingFlags, m)
}

func skippedText(why error) text {
	if errors.Is(why, evidence.ErrNotFile) {
		return say("a symbolic link, a device or the like", "符号链接、设备等")
	}
	return say(why.Error(), why.Error())
}

// fileList returns what is to be anchored.
func (s *session) fileList(given []string, f *anchorFlags) ([]string, error) {
	if f.filesFrom == "" {
		if len(given) == 0 {
			return nil, usage(say("Name a folder or files, or a list of them (--files-from).", "请指定文件夹或文件，或文件列表（--files-from）。"))
		}
		return given, nil
	}
	if len(given) > 0 {
		return nil, usage(say("Name files, or a list of them (--files-from), not both.", "文件与文件列表（--files-from）只能给出其一。"))
	}
	in := io.Reader(s.in)
	if f.filesFrom != "-" {
		file, err := os.Open(f.filesFrom)
		if err != nil {
			return nil, usageOf(sayf("%s cannot be read.", "无法读取 %s。", f.filesFrom), err)
		}
		defer file.Close()
		in = file
	}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 64<<10) // longer than any path
	if f.null {
		lines.Split(splitNull)
	}
	var paths []string
	for lines.Scan() {
		if lines.Text() != "" {
			paths = append(paths, lines.Text())
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("the list of files: %w", err)
	}
	return paths, nil
}

// splitNull is bufio.ScanLines for lines that end with a zero byte.
func splitNull(data []byte, atEOF bool) (advance int, token []byte, err error) {
	if i := bytes.IndexByte(data, 0); i >= 0 {
		return i + 1, data[:i], nil
	}
	if atEOF && len(data) > 0 {
		return len(data), data, nil
	}
	return 0, nil, nil
}

// filesBar shows how far the reading of files is: a bar on a terminal, else a line
// now and then.
type filesBar struct {
	session *session
	pool    *mpb.Progress // nil without a terminal
	bar     *mpb.Bar
	begun   time.Time
	last    time.Time // of the last line
	latest  evidence.Progress
}

func (s *session) filesBar() *filesBar {
	b := &filesBar{session: s, begun: time.Now(), last: time.Now()}
	f, ok := s.err.(*os.File)
	if s.json || !ok || !isatty.IsTerminal(f.Fd()) {
		return b
	}
	b.pool = mpb.New(mpb.WithOutput(f), mpb.WithWidth(40))
	b.bar = b.pool.AddBar(0,
		mpb.PrependDecorators(decor.CountersKibiByte("% .1f / % .1f ")),
		mpb.AppendDecorators(decor.Percentage(), decor.AverageSpeed(decor.SizeB1024(0), "  % .1f"), decor.AverageETA(decor.ET_STYLE_GO, decor.WC{W: 8})),
	)
	return b
}

// show is told of the progress, not concurrently.
func (b *filesBar) show(p evidence.Progress) {
	b.latest = p
	if b.bar != nil {
		b.bar.SetTotal(p.TotalBytes, false)
		b.bar.SetCurrent(p.Bytes)
		return
	}
	if time.Since(b.last) < linePause {
		return
	}
	b.last = time.Now()
	rate := float64(p.Bytes) / time.Since(b.begun).Seconds() / 1e6
	b.session.notef("%d of %d files, %d of %d MB, %.0f MB/s", "%d/%d 个文件，%d/%d MB，%.0f MB/秒", p.Files, p.TotalFiles, p.Bytes/1e6, p.TotalBytes/1e6, rate)
}

func (b *filesBar) end() {
	if b.pool != nil {
		b.bar.Abort(false)
		b.pool.Wait()
	}
}
