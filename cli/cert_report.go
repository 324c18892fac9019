package cli

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/hallmark-ledger/hallmark/client/bulk"
	"github.com/hallmark-ledger/hallmark/client/record"
)

func (s *session) certReport() *cobra.Command {
	var out string
	c := &cobra.Command{
		Use:   "report FILE.journal",
		Short: s.language.of(say("Write what became of each row of a file, from its journal", "根据日志写出文件中每行的结果")),
		Args:  args(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, given []string) error {
			if _, err := os.Stat(given[0]); err != nil {
				return usageOf(sayf("%s cannot be read.", "无法读取 %s。", given[0]), err)
			}
			return s.bulkEnd(bulk.Options{Journal: given[0]}, out, nil)
		},
	}
	c.Flags().StringVar(&out, "report", "", s.language.of(say("write to FILE.csv and FILE.jsonl with this FILE", "写入以此命名的 .csv 与 .jsonl 文件")))
	return c
}

// writeReports writes the report of a journal as path.csv and path.jsonl.
func (s *session) writeReports(journal, path string) (p bulk.Progress, files []string, err error) {
	var writers []*bulk.ReportWriter
	var open []*os.File
	defer func() {
		for _, f := range open {
			err = errors.Join(err, f.Close())
		}
	}()
	for _, format := range []record.Format{record.CSV, record.JSONLines} {
		name := path + "." + string(format)
		f, e := os.Create(name)
		if e != nil {
			return p, nil, usageOf(sayf("The report %s cannot be written.", "无法写入报告 %s。", name), e)
		}
		open, files = append(open, f), append(files, name)
		if format == record.CSV { // so that spreadsheets read it as UTF-8
			if _, e := f.WriteString("\ufeff"); e != nil {
				return p, nil, fmt.Errorf("write the report: %w", e)
			}
		}
		w, e := bulk.NewReportWriter(f, format)
		if e != nil {
			return p, nil, fmt.Errorf("write the report: %w", e)
		}
		writers = append(writers, w)
	}
	p, err = bulk.Report(journal, func(l *bulk.Line) error {
		return errors.Join(writers[0].Write(l), writers[1].Write(l))
	})
	if err != nil {
		return p, files, bulkFault(journal, err)
	}
	return p, files, writers[0].Flush()
}
