package cli

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"github.com/hallmark-ledger/hallmark/trace"
)

// captureFlags are those of trace capture.
type captureFlags struct {
	journal     string
	report      string
	inFlight    int
	skipInvalid bool
	dryRun      bool
	anchor      bool
	product     string
	manifest    string
	method      string
	retain      string
	filingFlags
}

func (s *session) traceCapture() *cobra.Command {
	c := &cobra.Command{
		Use:   "capture FILE",
		Short: s.language.of(say("File the events of an EPCIS document", "填报 EPCIS 文档中的事件")),
		Long: s.language.of(say(`Read an EPCIS 2.0 document (JSON-LD), event by event, and file each on the chain of
every registered product that it names, in the order of the document. The ledger gets
the hash of an event and what tells the way of the product: when, where, with which
other products. docs/trace.md says which part a product has in which event.

A document with faults is not filed, unless --skip-invalid leaves those events out.
Interrupted at any instant, run the same command again: it goes on and files nothing
twice. The journal (FILE.capture) has the transactions that were sent; the report
(FILE.report.csv) what became of each event and product: filed, there already, refused
with the code, or the product not registered.

With --anchor the events are fixed as one batch instead, about one product: they have
one record on the ledger, whatever their number. Such an event is authentic, but
nothing shows that there are no others. Keep the manifest with the document.

  hallmark trace capture may.jsonld --sign-with operator
  hallmark trace capture may.jsonld --dry-run --sign-with operator
  hallmark trace capture line7.jsonld --anchor --product https://id.gs1.org/01/09506000134352/10/A1 --sign-with operator

Exit codes: 0 every event is on the ledger; 1 something was refused or left out, or an
event names no registered product; 2 not certain yet: run it again; 3 wrong usage, or
input and output.`,
			`逐个事件读取 EPCIS 2.0 文档（JSON-LD），按文档顺序将每个事件填报到其所涉及的每个已登记产品的
链上。账本记录事件的哈希以及产品去向所需内容：时间、地点、涉及的其他产品。产品在各类事件中的
角色见 docs/trace.md。

文档有误时不提交，除非用 --skip-invalid 跳过有误的事件。随时可以中断，重新执行同一命令即可继续，
不会重复提交。日志（FILE.capture）记录已发送的交易；报告（FILE.report.csv）记录每个事件对每个产品
的结果：已填报、此前已在链上、被拒绝（含代码）或产品未登记。

使用 --anchor 时，全部事件作为一批就某一产品锚定：无论多少，账本上只有一条记录。此类事件真实，
但不能证明没有其他事件。请将清单与文档一同保存。

  hallmark trace capture may.jsonld --sign-with operator
  hallmark trace capture may.jsonld --dry-run --sign-with operator
  hallmark trace capture line7.jsonld --anchor --product https://id.gs1.org/01/09506000134352/10/A1 --sign-with operator

退出码：0 全部事件已在账本上；1 有事件被拒绝、跳过或不涉及任何已登记产品；2 结果未定，请重新
执行；3 用法或输入输出有误。`)),
		Args: args(cobra.ExactArgs(1)),
	}
	f := new(captureFlags)
	t := s.language.of
	c.Flags().StringVar(&f.journal, "journal", "", t(say("the journal; by default FILE.capture", "日志文件；默认为 FILE.capture")))
	c.Flags().StringVar(&f.report, "report", "", t(say("the report, .csv or .jsonl; by default FILE.report.csv", "报告文件（.csv 或 .jsonl）；默认为 FILE.report.csv")))
	c.Flags().IntVar(&f.inFlight, "in-flight", trace.DefaultInFlight, t(say("transactions on their way at a time", "同时在途的交易数")))
	c.Flags().BoolVar(&f.skipInvalid, "skip-invalid", false, t(say("leave out events with faults, instead of filing nothing", "跳过有误的事件，而不是全部不提交")))
	c.Flags().BoolVar(&f.dryRun, "dry-run", false, t(say("file nothing; say what would be", "不提交，仅说明将提交的内容")))
	c.Flags().BoolVar(&f.anchor, "anchor", false, t(say("fix the events as one batch, instead of one by one on chains", "将事件整批锚定，而不逐个上链")))
	c.Flags().StringVar(&f.product, "product", "", t(say("of --anchor: the product that the events are about", "--anchor：事件所关于的产品")))
	c.Flags().StringVar(&f.manifest, "manifest", "", t(say("of --anchor: the manifest; by default FILE.hmev", "--anchor：证据清单；默认为 FILE.hmev")))
	c.Flags().StringVar(&f.method, "method", "EPCIS 2.0", t(say("of --anchor: how they were captured", "--anchor：采集方式")))
	c.Flags().StringVar(&f.retain, "retention", "six-years", t(say("of --anchor: how long you keep the document", "--anchor：文档保存期限")))
	s.filingFlags(c, &f.filingFlags)
	c.RunE = func(c *cobra.Command, given []string) error {
		scan, err := s.scan(given[0])
		if err != nil {
			return err
		}
		if !scan.Valid() && !f.skipInvalid {
			return s.traceFault(given[0], "", trace.ErrInvalid)
		}
		if f.anchor {
			return s.anchorEvents(c.Context(), scan, f)
		}
		if f.product != "" || f.manifest != "" {
			return usage(say("--product and --manifest are of --anchor.", "--product 与 --manifest 用于 --anchor。"))
		}
		return s.captureFile(c.Context(), scan, f)
	}
	return c
}

// captureJSON is what became of a document, as JSON.
type captureJSON struct {
	Document string `json:"document"`
	trace.Summary
	Seconds  float64      `json:"seconds"`
	Journal  string       `json:"journal"`
	Report   string       `json:"report"`
	Refusals []trace.Line `json:"refusals,omitempty"` // the first ones
}

func (s *session) captureFile(ctx context.Context, scan *trace.Scan, f *captureFlags) error {
	o, err := s.traceOptions(ctx, f.signWith, f.inFlight)
	if err != nil {
		return err
	}
	out := captureJSON{Document: scan.Path, Journal: f.journal, Report: f.report}
	if out.Journal == "" {
		out.Journal = scan.Path + ".capture"
	}
	if out.Report == "" {
		out.Report = scan.Path + ".report.csv"
	}
	report, done, err := openReport(out.Report)
	if err != nil {
		return err
	}
	o.Journal, o.SkipInvalid, o.DryRun = out.Journal, f.skipInvalid, f.dryRun
	s.notef("%d events; journal %s", "%d 个事件；日志 %s", scan.Events, o.Journal)
	bar := s.traceBar(scan.Events)
	o.Progress, o.Again = func(sum trace.Summary) { bar.show(sum.Read) }, s.againNote()
	highest := uint64(0)
	o.Report = func(l *trace.Line) error {
		if l.State == trace.StateRefused && len(out.Refusals) < maxRefusals {
			out.Refusals = append(out.Refusals, *l)
		}
		highest = max(highest, l.Height)
		return report.Write(l)
	}
	begun := time.Now()
	sum, cause := trace.Capture(ctx, scan, o)
	bar.end()
	if err := done(nil); err != nil {
		return errors.Join(cause, err)
	}
	out.Summary, out.Seconds = sum, time.Since(begun).Seconds()
	if cause == nil && f.sealed && highest > 0 {
		waiting, cancel := context.WithTimeout(ctx, f.timeout)
		defer cancel()
		cause = o.Maker.Client.WaitSealed(waiting, highest)
	}
	if s.json {
		if err := s.printJSON(out); err != nil {
			return err
		}
	} else {
		s.captured(&out)
	}
	return s.traceEnd(s.traceFault(scan.Path, out.Journal, cause), sum.Refused+sum.Invalid+sum.Nowhere > 0)
}

// captured prints what became of a document.
func (s *session) captured(out *captureJSON) {
	for _, l := range out.Refusals {
		s.printf("event %d %s, %s: %s (%s %d) %s", "事件 %d %s，%s：%s（%s %d）%s", l.Event, l.ID, l.Product, *l.Text, l.Name, l.Code, l.Detail)
	}
	for i, uri := range out.Products {
		if i == 0 {
			s.printf("not registered, so not filed for it:", "以下产品未登记，未为其填报：")
		}
		s.printf("  %s", "  %s", uri)
	}
	s.printf("events: %d of %d read, in %.1f s", "事件：已读 %d/%d，用时 %.1f 秒", out.Read, out.Events, out.Seconds)
	s.printf("entries of chains: %d filed, %d there already, %d refused", "链上条目：已填报 %d，此前已在链上 %d，拒绝 %d", out.Filed, out.Present, out.Refused)
	if out.Planned > 0 {
		s.printf("would be filed: %d; nothing was sent", "将填报：%d；未提交任何内容", out.Planned)
	}
	if out.Unregistered > 0 || out.Unnamed > 0 {
		s.printf("not filed: %d for products that are not registered, %d for what is no product's name", "未填报：产品未登记 %d，不是产品标识 %d", out.Unregistered, out.Unnamed)
	}
	if out.Invalid > 0 {
		s.printf("left out for faults: %d", "因有误跳过：%d", out.Invalid)
	}
	if out.Nowhere > 0 {
		s.printf("events in no chain: %d", "不在任何链上的事件：%d", out.Nowhere)
	}
	s.printf("report: %s", "报告：%s", out.Report)
}
