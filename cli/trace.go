package cli

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hallmark-ledger/hallmark/epcis"
	"github.com/hallmark-ledger/hallmark/trace"
	"github.com/hallmark-ledger/hallmark/x/trace/gs1"
)

func (s *session) traceCommand() *cobra.Command {
	return s.group("trace", say("Products and what happened to them", "产品及其经历：登记、填报、展示与核对"),
		s.traceRegister(), s.traceLink(), s.traceReporters(), s.traceRecall(), s.traceLift(),
		s.traceCapture(), s.traceShow(), s.traceProve(), s.traceVerify())
}

// productURI returns the canonical URI of the product that a person means.
func (s *session) productURI(given string) (string, error) {
	p, err := gs1.NameProduct(strings.TrimSpace(given))
	if err != nil {
		return "", usageOf(sayf("%.300q does not name a product.", "%.300q 不是产品标识。", given), err)
	}
	if p.String() != given {
		s.notef("the product: %s", "产品：%s", p)
	}
	return p.String(), nil
}

// traceFault gives the errors of package trace a text of their own.
func (s *session) traceFault(path, journal string, err error) error {
	var fault epcis.Fault
	switch {
	case err == nil:
		return nil
	case errors.Is(err, trace.ErrInvalid):
		return usage(say("The document has faults; nothing was sent. Put them right, or leave those events out (--skip-invalid).", "文档有误，未提交任何内容。请更正，或用 --skip-invalid 跳过有误的事件。"))
	case errors.Is(err, trace.ErrInUse):
		return usageOf(sayf("Another process works on this: its journal %s is in use. Wait for it to end.", "另一进程正在处理：日志 %s 被占用。请等待其结束。", journal), err)
	case errors.Is(err, trace.ErrJournal):
		return usageOf(sayf("The journal %s is not of this document, key and chain, or damaged. Name another (--journal): what the chains have is not filed again, and counts as there already.", "日志 %s 不属于该文档、密钥或链，或已损坏。请另指定日志（--journal）：链上已有的内容不会重复提交，并计为已在链上。", journal), err)
	case errors.Is(err, trace.ErrChanged):
		return usageOf(sayf("%s was changed while it was read. Run the command again when nobody writes to it.", "%s 在读取过程中被修改。请在不再写入后重新执行。", path), err)
	case errors.As(err, &fault), errors.Is(err, epcis.ErrJSON), errors.Is(err, epcis.ErrLimit), errors.Is(err, epcis.ErrDocument):
		return s.epcisError(path, err)
	}
	return err
}

// scan reads a document and prints its first faults.
func (s *session) scan(path string) (*trace.Scan, error) {
	scan, err := trace.ScanFile(path)
	if err != nil {
		if f := s.traceFault(path, "", err); codeOf(f) == exitUsage {
			return nil, f
		}
		return nil, usageOf(sayf("%s cannot be read.", "无法读取 %s。", path), err)
	}
	if scan.Events == 0 {
		return nil, usage(sayf("%s has no event. hallmark epcis validate says what is wrong with it.", "%s 中没有事件。请用 hallmark epcis validate 查看问题。", path))
	}
	for _, f := range scan.Faults {
		what := say(f.Err.Error(), f.Err.Error())
		var fault epcis.Fault
		if errors.As(f.Err, &fault) {
			what = text{En: fault.In("en"), Zh: fault.In("zh")}
		}
		if f.Event < 0 {
			s.notef("%s: %s", "%s：%s", path, what)
			continue
		}
		s.notef("event %d %s: %s", "事件 %d %s：%s", f.Event+1, f.ID, what)
	}
	if more := scan.Invalid - len(scan.Faults); more > 0 {
		s.notef("and %d more", "另有 %d 处", more)
	}
	return scan, nil
}
