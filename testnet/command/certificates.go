package command

import (
	"bufio"
	"fmt"
	"regexp"
	"time"

	"github.com/spf13/cobra"

	"github.com/hallmark-ledger/hallmark/client/record"
	"github.com/hallmark-ledger/hallmark/testnet/example"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

var seriesForm = regexp.MustCompile(`^[A-Z]{1,20}$`)

func certificatesCommand() *cobra.Command {
	var count int
	var series, format string
	c := &cobra.Command{
		Use:   "certificates",
		Short: "Write made-up certificates, to try: hallmark cert issue --file 输出虚构的证书，用于试填报",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if count < 1 || count > 1_000_000 {
				return fmt.Errorf("--count: 1 to 1000000, not %d 应为 1 至 1000000", count)
			}
			if !seriesForm.MatchString(series) {
				return fmt.Errorf("--series: 1 to 20 capital letters, not %q 应为 1 至 20 个大写字母", series)
			}
			out := bufio.NewWriter(c.OutOrStdout())
			if err := example.Write(out, record.Format(format), series, count, civil.DateOf(time.Now().Add(-time.Hour))); err != nil {
				return err
			}
			return out.Flush()
		},
	}
	c.Flags().IntVar(&count, "count", 1000, "how many 张数")
	c.Flags().StringVar(&series, "series", "FILE", "word in the numbers: EXAMPLE-FILE-000000 编号中的系列名")
	c.Flags().StringVar(&format, "format", string(record.JSONLines), "jsonl or csv 格式")
	return c
}
