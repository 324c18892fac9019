package cli

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/hallmark-ledger/hallmark/client/bulk"
	"github.com/hallmark-ledger/hallmark/client/record"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// bulkLifetime is that of transactions that are sent at once: what is uncertain
// after an interruption is certain that much later.
const bulkLifetime = time.Hour

// bulkFlags are those of commands that file rows.
type bulkFlags struct {
	file, format, encoding string
	batch, inFlight        int
	skipInvalid            bool
	prepareTo              string
	report                 string
}

func (s *session) bulkFlags(c *cobra.Command) *bulkFlags {
	b := new(bulkFlags)
	t := s.language.of
	c.Flags().StringVar(&b.file, "file", "", t(say("file with one record for each row: .csv, .jsonl or .json", "每行一条记录的文件：.csv、.jsonl 或 .json")))
	c.Flags().StringVar(&b.format, "format", "", t(say("format of the file, if its name does not say it: csv, jsonl, json", "文件格式（文件名未表明时）：csv、jsonl、json")))
	c.Flags().StringVar(&b.encoding, "encoding", "utf-8", t(say("encoding of a CSV file: utf-8 or gb18030", "CSV 文件的编码：utf-8 或 gb18030")))
	c.Flags().IntVar(&b.batch, "batch", bulk.DefaultBatch, t(say("records in a transaction", "每笔交易的记录数")))
	c.Flags().IntVar(&b.inFlight, "in-flight", bulk.DefaultInFlight, t(say("transactions on their way at a time", "同时在途的交易数")))
	c.Flags().BoolVar(&b.skipInvalid, "skip-invalid", false, t(say("leave out rows that have faults, instead of filing nothing", "跳过有误的行，而不是全部不提交")))
	c.Flags().StringVar(&b.prepareTo, "prepare-to", "", t(say("write the transactions to this folder for others to sign (cert cosign, cert submit), instead of submitting them", "将交易写入该文件夹供他人会签（cert cosign、cert submit），而不提交")))
	c.Flags().StringVar(&b.report, "report", "", t(say("write what became of each row to FILE.csv and FILE.jsonl with this FILE; by default beside the file", "将每行结果写入以此命名的 .csv 与 .jsonl 文件；默认在输入文件旁")))
	return b
}

func (s *session) certBulk() *cobra.Command {
	c := &cobra.Command{
		Use:   "bulk",
		Short: s.language.of(say("File the records of a file, each with an action of its own", "提交文件中的记录，每行各有其操作")),
		Long: s.language.of(say(`File the records of a file (--file), whose column or field "action" says what each
is. An interrupted run goes on where it was when it is started again: the journal
beside the file says what was sent. docs/records.md has the fields and columns.`,
			`提交文件（--file）中的记录，由“操作”列或 action 字段指明每行的操作。中断后重新执行即可
继续：文件旁的日志记录了已发送的内容。字段与列名见 docs/records.md。`)),
		Args: args(cobra.NoArgs),
	}
	f := s.txFlags(c)
	b := s.bulkFlags(c)
	c.RunE = func(c *cobra.Command, _ []string) error {
		if b.file == "" {
			return usage(say("Name the file (--file).", "请指定文件（--file）。"))
		}
		return s.bulk(c.Context(), f, b, record.Actions, nil)
	}
	return c
}

// bulk files the rows of a file.
func (s *session) bulk(ctx context.Context, f *txFlags, b *bulkFlags, actions []rules.Action, defaults map[string]string) error {
	if f.out != "" {
		return usage(say("For a file, --prepare-to takes the place of --out.", "处理文件时请用 --prepare-to 代替 --out。"))
	}
	if f.expires == 0 && b.prepareTo == "" {
		f.expires = bulkLifetime
	}
	f.out, f.mode = b.prepareTo, "each" // cosigners and lifetime are as with --out
	issuer, err := s.approvalNumber(ctx, f)
	if err != nil {
		return err
	}
	in, err := b.input(actions, defaults, issuer)
	if err != nil {
		return err
	}
	scan, err := in.Scan()
	if err != nil {
		return certFault(err)
	}
	s.faults(scan)
	if scan.Invalid > 0 && !b.skipInvalid {
		return usage(sayf("%d of %d rows have faults; nothing was sent. Put them right, or leave them out (--skip-invalid).", "%d/%d 行有误，未提交任何内容。请更正，或用 --skip-invalid 跳过。", scan.Invalid, scan.Rows))
	}
	o, err := s.bulkOptions(ctx, f, b)
	if err != nil {
		return err
	}
	o.Input, o.SkipInvalid, o.Journal = in, b.skipInvalid, bulk.JournalOf(b.file, b.prepareTo)
	if b.prepareTo != "" {
		if err := os.MkdirAll(b.prepareTo, 0o700); err != nil {
			return usageOf(sayf("The folder %s cannot be made.", "无法创建文件夹 %s。", b.prepareTo), err)
		}
	}
	s.notef("%d rows; journal %s", "%d 行；日志 %s", scan.Rows, o.Journal)
	bar := s.bar(scan.Rows)
	o.Progress, o.Again = bar.show, bar.retry
	_, err = bulk.Run(ctx, scan, o)
	bar.end()
	return s.bulkEnd(o, b.report, err)
}

func (b *bulkFlags) input(actions []rules.Action, defaults map[string]string, issuer string) (in bulk.Input, err error) {
	f, ok := record.Format(b.format), b.format != ""
	if !ok {
		if f, ok = record.FormatOf(b.file); !ok {
			return in, usage(sayf("The name %s does not say the format: add --format csv, jsonl or json.", "文件名 %s 未表明格式：请加 --format csv、jsonl 或 json。", b.file))
		}
	}
	return bulk.Input{Path: b.file, Options: record.Options{
		File: b.file, Format: f, Encoding: b.encoding, Actions: actions, Defaults: defaults,
		Issuer: issuer, Today: civil.DateOf(time.Now()),
	}}, nil
}

// bulkOptions returns what does not depend on the file, within what the ledger
// allows.
func (s *session) bulkOptions(ctx context.Context, f *txFlags, b *bulkFlags) (o bulk.Options, err error) {
	m, err := s.maker(ctx, f)
	if err != nil {
		return o, err
	}
	limits, err := m.Client.Limits(ctx)
	if err != nil {
		return o, err
	}
	p, err := m.Client.Parameters(ctx)
	if err != nil {
		return o, err
	}
	if b.batch < 1 || b.inFlight < 1 {
		return o, usage(say("--batch and --in-flight are at least 1.", "--batch 与 --in-flight 至少为 1。"))
	}
	batch := min(b.batch, limits.Messages)
	inFlight := b.inFlight
	if quota := int(p.Values["quota_mempool"]); quota > 0 {
		// Half of it: others of the member file as well.
		inFlight = max(1, min(inFlight, quota/2/batch))
	}
	// A quarter of the size is for signatures and what surrounds messages.
	return bulk.Options{
		Ledger: bulk.Network{Maker: m}, Chain: limits.ChainID, Batch: batch, InFlight: min(inFlight, 512),
		Bytes: min(bulk.DefaultBytes, limits.Bytes*3/4), Folder: b.prepareTo,
	}, nil
}

// faults prints the first faults of a scan.
func (s *session) faults(scan *bulk.Scan) {
	for _, f := range scan.Faults {
		s.notef("%s", "%s", text{En: f.Error(), Zh: f.Chinese()})
	}
	if more := scan.Invalid - len(scan.Faults); more > 0 {
		s.notef("and %d more", "另有 %d 处", more)
	}
}

// bulkSummary is what became of a file, as JSON.
type bulkSummary struct {
	Rows     int      `json:"rows"`
	Done     int      `json:"done"`
	Refused  int      `json:"refused"`
	Invalid  int      `json:"invalid"`
	Open     int      `json:"open"` // not filed, or not certain yet
	Journal  string   `json:"journal"`
	Reports  []string `json:"reports,omitempty"`
	Prepared string   `json:"prepared,omitempty"` // folder
}

// bulkEnd writes the reports, prints the summary and returns the error with the
// exit code: 1 if rows were refused or left out, 2 if some are open.
func (s *session) bulkEnd(o bulk.Options, report string, cause error) error {
	if errors.Is(cause, bulk.ErrInUse) || errors.Is(cause, bulk.ErrJournal) || errors.Is(cause, bulk.ErrChanged) {
		return bulkFault(o.Journal, cause)
	}
	if report == "" {
		report = trimJournal(o.Journal) + ".report"
	}
	p, files, err := s.writeReports(o.Journal, report)
	if err != nil {
		return errors.Join(cause, err)
	}
	sum := bulkSummary{p.Rows, p.Done, p.Refused, p.Invalid, p.Open(), o.Journal, files, o.Folder}
	if s.json {
		if err := s.printJSON(sum); err != nil {
			return err
		}
	} else {
		s.printf("%d rows: %d done, %d refused, %d left out, %d open", "共 %d 行：完成 %d，拒绝 %d，跳过 %d，未完成 %d", p.Rows, p.Done, p.Refused, p.Invalid, p.Open())
		for _, file := range files {
			s.printf("report: %s", "报告：%s", file)
		}
	}
	switch {
	case cause != nil && codeOf(cause) == exitUnknown:
		return &failure{exitUnknown, sayf("It has stopped before the end. Run the same command again to go on; nothing is filed twice. %s", "尚未完成即停止。重新执行同一命令即可继续，不会重复提交。%s", adviceOf(cause)), cause}
	case cause != nil:
		return cause
	case p.Refused+p.Invalid > 0:
		return &failure{exitRefused, text{}, errTold}
	case o.Folder == "" && p.Open() > 0:
		return &failure{exitUnknown, text{}, errTold}
	case o.Folder != "" && p.Open() > 0:
		s.notef("Next: the others sign (hallmark cert cosign %s), then hallmark cert submit %[1]s", "下一步：由其他签名者执行 hallmark cert cosign %s，然后执行 hallmark cert submit %[1]s", o.Folder)
	}
	return nil
}

func bulkFault(journal string, err error) error {
	switch {
	case errors.Is(err, bulk.ErrInUse):
		return usageOf(sayf("Another process works on this: its journal %s is in use. Wait for it to end.", "另一进程正在处理：日志 %s 被占用。请等待其结束。", journal), err)
	case errors.Is(err, bulk.ErrChanged):
		return usageOf(sayf("The file has changed since %s was begun. Undo the change (rows may be appended), or file what is new from a file of its own.", "自日志 %s 建立以来，文件已被改动。请撤销改动（可在末尾追加行），或将新内容另存为文件提交。", journal), err)
	case errors.Is(err, bulk.ErrJournal):
		return usageOf(sayf("The journal %s cannot be used. Do not remove it before it is clear what was filed (hallmark cert report).", "日志 %s 无法使用。在查明已提交内容之前（hallmark cert report）请勿删除。", journal), err)
	}
	return err
}

func trimJournal(path string) string {
	if ext := filepath.Ext(path); ext == ".journal" {
		return path[:len(path)-len(ext)]
	}
	return path
}
