package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/hallmark-ledger/hallmark/evidence"
)

// watchFlags are those of evidence watch.
type watchFlags struct {
	evidenceFlags
	every  time.Duration
	leaves uint64
	once   bool
}

func (s *session) evidenceWatch() *cobra.Command {
	c := &cobra.Command{
		Use:   "watch DIR|FILE|-",
		Short: s.language.of(say("Anchor what comes as it comes: lines of a stream or of a growing file, files of a folder", "随采集随锚定：数据流或持续增长文件中的行、文件夹中的文件")),
		Long: s.language.of(say(`Take what comes as evidence, as it comes, and anchor it every --every or every --leaves
pieces: each line of the standard input (-) or of a file that grows, or each file of a
folder. Lines are taken without their ends (LF or CR LF). A file that was renamed and
made anew is read to its end, and then the new one.

When no node answers, it goes on and files later, in order. Started again with the
same manifest it goes on: each line of a file is taken once, also after a kill. Of the
standard input, lines that were read and not written yet (20 ms) are lost to it then.

It ends with its input, or when it is told to (Ctrl-C, SIGTERM): then it anchors what
it has. --once ends it at what is there by now.

  logger | hallmark evidence watch - --manifest probe-7.hmev --every 10s \
      --product https://id.gs1.org/01/09506000134352/10/A1 --kind capture --sign-with operator`,
			`将陆续到来的内容作为证据采集，每隔 --every 或每满 --leaves 条锚定一次：标准输入（-）或持续
增长文件中的每一行，或文件夹中的每个文件。行不含行尾（LF 或 CR LF）。文件被改名并新建时，
先读完旧文件，再读新文件。

没有节点应答时继续采集，以后按顺序提交。以同一清单重新启动即可继续：文件中的每一行只采集一次，
强制终止后亦然。标准输入中已读取而尚未写入清单的行（20 毫秒）则会丢失。

输入结束或收到停止指令（Ctrl-C、SIGTERM）时结束，并锚定已采集的内容。--once 处理完现有内容即结束。

  logger | hallmark evidence watch - --manifest probe-7.hmev --every 10s \
      --product https://id.gs1.org/01/09506000134352/10/A1 --kind capture --sign-with operator`)),
		Args: args(cobra.ExactArgs(1)),
	}
	f := new(watchFlags)
	t := s.language.of
	s.evidenceFlags(c, &f.evidenceFlags)
	c.Flags().DurationVar(&f.every, "every", time.Minute, t(say("anchor when the first piece is this old; 0 for never", "首条采集后经过该时长即锚定；0 为不按时长")))
	c.Flags().Uint64Var(&f.leaves, "leaves", 1_000_000, t(say("anchor when there are so many; 0 for never", "满该数量即锚定；0 为不按数量")))
	c.Flags().BoolVar(&f.once, "once", false, t(say("end at what is there by now", "处理完现有内容即结束")))
	c.RunE = func(c *cobra.Command, given []string) error { return s.watchEvidence(c.Context(), given[0], f) }
	return c
}

func (s *session) watchEvidence(ctx context.Context, given string, f *watchFlags) error {
	if f.manifest == "" {
		return usage(say("Say where to write the manifest (--manifest NAME.hmev).", "请指定清单文件（--manifest NAME.hmev）。"))
	}
	maker, err := s.evidenceMaker(ctx, &f.filingFlags)
	if err != nil {
		return err
	}
	o := evidence.WatchOptions{Every: f.every, Leaves: f.leaves, Once: f.once, Patience: f.timeout, Again: s.againNote()}
	if o.Begin.Anchor, err = s.template(ctx, &f.evidenceFlags, maker.Parties[0].Member); err != nil {
		return err
	}
	if o.Manifest, err = filepath.Abs(f.manifest); err != nil {
		return fmt.Errorf("the manifest: %w", err)
	}
	if err := s.watchSource(&o, given); err != nil {
		return err
	}
	if !f.only {
		if err := s.rehearse(ctx, maker, o.Begin.Anchor); err != nil {
			if _, none := os.Stat(o.Manifest); none != nil || codeOf(err) != exitRefused {
				return err
			}
			// It was begun before, and what comes now does not come again.
			s.notef("What comes is taken all the same, into %s, and filed when the ledger takes it.", "仍继续采集至 %s，待账本接受后提交。", f.manifest)
		}
		o.Ledger = evidence.Network{Maker: maker}
	}
	o.Filed = func(a *evidence.Anchor) {
		if !s.json {
			s.anchorLine(a)
		}
	}
	o.Skipped = func(name string, why error) {
		s.notef("left out: %s: %s", "跳过：%s：%s", name, skippedText(why))
	}
	o.Anew = func() {
		s.notef("Another file is at %s now, or it was cut: it is read from its beginning.", "%s 现为另一文件，或已被截短：从头读取。", given)
	}
	s.notef("watching %s; manifest %s", "正在采集 %s；清单 %s", given, f.manifest)
	anchors, err := evidence.Watch(ctx, o)
	if err == nil && f.sealed && !f.only && len(anchors) > 0 {
		waiting, cancel := context.WithTimeout(ctx, f.timeout)
		defer cancel()
		err = maker.Client.WaitSealed(waiting, highest(anchors))
	}
	if s.json && len(anchors) > 0 {
		if e := s.printJSON(manifestOf(f.manifest, &o.Begin, anchors)); e != nil {
			return errors.Join(err, e)
		}
	}
	if err != nil && codeOf(err) == exitUnknown {
		return &failure{exitUnknown, sayf("Anchors of %s are not certain to be on the ledger: run hallmark evidence submit %[1]s; nothing is filed twice. %[2]s", "%s 中有锚定尚不确定是否上链：请执行 hallmark evidence submit %[1]s，不会重复提交。%[2]s", f.manifest, adviceOf(err)), err}
	}
	return evidenceFault(f.manifest, err)
}

// watchSource says what is watched.
func (s *session) watchSource(o *evidence.WatchOptions, given string) (err error) {
	if given == "-" {
		o.Stream = s.in
		return nil
	}
	path, err := filepath.Abs(given)
	if err != nil {
		return fmt.Errorf("%s: %w", given, err)
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return usageOf(sayf("%s cannot be read.", "无法读取 %s。", given), err)
	case info.IsDir():
		o.Folder = path
	case info.Mode().IsRegular():
		o.File = path
	default:
		in, err := os.Open(path) // a named pipe
		if err != nil {
			return usageOf(sayf("%s cannot be read.", "无法读取 %s。", given), err)
		}
		o.Stream = in
	}
	return nil
}
