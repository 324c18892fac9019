package example

import (
	"io"

	"github.com/hallmark-ledger/hallmark/client/record"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// holders is how many holders share the certificates of a file.
const holders = 5000

// Write writes rows that issue count certificates of a series on a day, for
// hallmark cert issue --file.
func Write(out io.Writer, format record.Format, series string, count int, day civil.Date) error {
	w, err := record.NewWriter(out, format, false)
	if err != nil {
		return err
	}
	for i := range count {
		r, err := record.FromMessage(Issue(System(Number(series, i), i%holders, day)))
		if err != nil {
			return err
		}
		if err := w.Write(r); err != nil {
			return err
		}
	}
	return w.Flush()
}
