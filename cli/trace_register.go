package cli

import (
	"context"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/hallmark-ledger/hallmark/client/message"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/trace"
	xtrace "github.com/hallmark-ledger/hallmark/x/trace"
)

// registerFlags are those of trace register.
type registerFlags struct {
	row      trace.Row
	file     string
	inFlight int
	report   string
}

func (s *session) traceRegister() *cobra.Command {
	c := &cobra.Command{
		Use:   "register [PRODUCT]",
		Short: s.language.of(say("Register products: a class, lots or items", "登记产品：类别、批次或单品")),
		Long: s.language.of(say(`Register a product under its URI, a GS1 Digital Link (of any domain), an EPC URN or
another URI: the member of the key becomes its owner. Or those of a file (--file), in
CSV with the columns uri, name_zh, name_en, certificates and reporters (lists with
semicolons), or in JSON Lines with members of these names. Started again after an
interruption it registers what is missing.

  hallmark trace register https://id.gs1.org/01/09506000134352/10/A1 --name-zh 充电宝 \
      --certificate CNCA-R-2002-001/2026010101000001 --sign-with operator
  hallmark trace register --file lots.csv --sign-with operator

Exit codes: 0 all are registered; 1 some are refused; 2 not certain yet: run it again;
3 wrong usage, or input and output.`,
			`以 URI 登记产品：任意域名的 GS1 Digital Link、EPC URN 或其他 URI；密钥所属成员成为其所有方。
或登记文件（--file）中的产品：CSV 列为 uri、name_zh、name_en、certificates、reporters（列表以分号
分隔），或同名成员的 JSON Lines。中断后重新执行即登记其余产品。

  hallmark trace register https://id.gs1.org/01/09506000134352/10/A1 --name-zh 充电宝 \
      --certificate CNCA-R-2002-001/2026010101000001 --sign-with operator
  hallmark trace register --file lots.csv --sign-with operator

退出码：0 全部已登记；1 部分被拒绝；2 结果未定，请重新执行；3 用法或输入输出有误。`)),
		Args: args(cobra.MaximumNArgs(1)),
	}
	r := new(registerFlags)
	t := s.language.of
	c.Flags().StringVar(&r.row.NameZh, "name-zh", "", t(say("name in Chinese", "中文名称")))
	c.Flags().StringVar(&r.row.NameEn, "name-en", "", t(say("name in English", "英文名称")))
	c.Flags().StringSliceVar(&r.row.Certificates, "certificate", nil, t(say("certificate that it relies on, ISSUER/NUMBER; several with commas", "所依据的证书 ISSUER/NUMBER；多个以逗号分隔")))
	c.Flags().StringSliceVar(&r.row.Reporters, "reporter", nil, t(say("member that may report beside the owner; several with commas", "除所有方外可填报的成员；多个以逗号分隔")))
	c.Flags().StringVar(&r.file, "file", "", t(say("file with products, - for the standard input", "产品文件，- 为标准输入")))
	c.Flags().IntVar(&r.inFlight, "in-flight", trace.DefaultInFlight, t(say("of a file: transactions on their way at a time", "文件：同时在途的交易数")))
	c.Flags().StringVar(&r.report, "report", "", t(say("of a file: write what became of each row to this file (.csv or .jsonl)", "文件：将每行结果写入该文件（.csv 或 .jsonl）")))
	f := s.txFlags(c)
	c.RunE = func(c *cobra.Command, given []string) error {
		if (r.file == "") != (len(given) == 1) {
			return usage(say("Name a product, or a file with products (--file).", "请指定产品，或产品文件（--file）。"))
		}
		if r.file != "" {
			return s.registerFile(c.Context(), f, r)
		}
		r.row.URI = given[0]
		p, err := r.row.Product()
		if err != nil {
			return usageOf(say("The product cannot be registered so.", "产品信息有误。"), err)
		}
		m, err := s.maker(c.Context(), f)
		if err != nil {
			return err
		}
		p.Owner = m.Parties[0].Member
		msg, err := message.RegisterProduct(p)
		if err != nil {
			return err
		}
		return s.transact(c.Context(), f, []*txv1.Message{msg})
	}
	return c
}

// registered is what became of a file of products, as JSON.
type registered struct {
	Rows     int          `json:"rows"`
	Done     int          `json:"done"`
	Already  int          `json:"already"`
	Refused  int          `json:"refused"`
	Open     int          `json:"open"`
	Refusals []trace.Line `json:"refusals,omitempty"` // the first ones
}

// maxRefusals is how many refusals a summary has.
const maxRefusals = 20

func (s *session) registerFile(ctx context.Context, f *txFlags, r *registerFlags) error {
	list, err := s.readProducts(r.file)
	if err != nil {
		return err
	}
	if f.out != "" {
		return usage(say("A file of products is submitted at once; leave --out away.", "产品文件直接提交，请勿使用 --out。"))
	}
	o, err := s.traceOptions(ctx, f.signWith, r.inFlight)
	if err != nil {
		return err
	}
	bar := s.traceBar(len(list))
	o.Progress, o.Again = func(sum trace.Summary) { bar.show(sum.Read) }, s.againNote()
	lines, cause := trace.Register(ctx, list, o)
	bar.end()
	if r.report != "" {
		if err := s.writeLines(r.report, lines); err != nil {
			return err
		}
	}
	sum := registered{Rows: len(lines)}
	for _, l := range lines {
		switch l.State {
		case trace.StateFiled:
			sum.Done++
		case trace.StatePresent:
			sum.Already++
		case trace.StateRefused:
			if sum.Refused++; len(sum.Refusals) < maxRefusals {
				sum.Refusals = append(sum.Refusals, l)
			}
		default:
			sum.Open++
		}
	}
	if s.json {
		if err := s.printJSON(sum); err != nil {
			return err
		}
	} else {
		for _, l := range sum.Refusals {
			s.printf("row %d, %s: %s (%s %d) %s", "第 %d 行，%s：%s（%s %d）%s", l.Event, l.Product, *l.Text, l.Name, l.Code, l.Detail)
		}
		s.printf("%d products: %d registered, %d were already, %d refused, %d open", "共 %d 个产品：登记 %d，此前已登记 %d，拒绝 %d，未完成 %d", sum.Rows, sum.Done, sum.Already, sum.Refused, sum.Open)
	}
	return s.traceEnd(cause, sum.Refused > 0)
}

// traceEnd is how a command that files much ends.
func (s *session) traceEnd(cause error, refused bool) error {
	switch {
	case cause != nil && codeOf(cause) == exitUnknown:
		return &failure{exitUnknown, sayf("It has stopped before the end. Run the same command again to go on; nothing is filed twice. %s", "尚未完成即停止。重新执行同一命令即可继续，不会重复提交。%s", adviceOf(cause)), cause}
	case cause != nil:
		return cause
	case refused:
		return &failure{exitRefused, text{}, errTold}
	}
	return nil
}

func (s *session) readProducts(path string) ([]*xtrace.Product, error) {
	in := io.Reader(s.in)
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, usageOf(sayf("%s cannot be read.", "无法读取 %s。", path), err)
		}
		defer f.Close()
		in = f
	}
	list, err := trace.ReadProducts(in)
	if err != nil {
		return nil, usageOf(sayf("%s has a fault; nothing was sent.", "%s 有误，未提交任何内容。", path), err)
	}
	return list, nil
}

// traceOptions returns what is the same for all that files much, within what the
// ledger allows.
func (s *session) traceOptions(ctx context.Context, signWith []string, inFlight int) (o trace.Options, err error) {
	if inFlight < 1 {
		return o, usage(say("--in-flight is at least 1.", "--in-flight 至少为 1。"))
	}
	if o.Maker, err = s.maker(ctx, &txFlags{signWith: signWith, mode: "each", expires: 10 * time.Minute}); err != nil {
		return o, err
	}
	limits, err := o.Maker.Client.Limits(ctx)
	if err != nil {
		return o, err
	}
	p, err := o.Maker.Client.Parameters(ctx)
	if err != nil {
		return o, err
	}
	o.Chain, o.Batch, o.Messages = limits.ChainID, trace.DefaultBatch, min(500, limits.Messages)
	if quota := int(p.Values["quota_block"]); quota > 0 {
		o.Batch = min(o.Batch, quota)
	}
	o.InFlight = inFlight
	if quota := int(p.Values["quota_mempool"]); quota > 0 { // half of it: others of the member file as well
		o.InFlight = max(1, min(inFlight, quota/2/o.Batch))
	}
	return o, nil
}

// writeLines writes a report.
func (s *session) writeLines(path string, lines []trace.Line) error {
	w, done, err := openReport(path)
	if err != nil {
		return err
	}
	for i := range lines {
		if err := w.Write(&lines[i]); err != nil {
			return done(err)
		}
	}
	return done(nil)
}

// openReport begins a report; what it returns ends it.
func openReport(path string) (*trace.ReportWriter, func(error) error, error) {
	bad := func(err error) error {
		return usageOf(sayf("The report %s cannot be written.", "无法写入报告 %s。", path), err)
	}
	f, err := os.Create(path)
	if err != nil {
		return nil, nil, bad(err)
	}
	w, err := trace.NewReportWriter(f, path)
	if err != nil {
		_ = f.Close()
		return nil, nil, bad(err)
	}
	return w, func(err error) error {
		if err == nil {
			err = w.Flush()
		}
		if e := f.Close(); err == nil {
			err = e
		}
		if err != nil {
			return bad(err)
		}
		return nil
	}, nil
}
