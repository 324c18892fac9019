package bulk

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/client"
	"github.com/hallmark-ledger/hallmark/client/record"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// silent is a ledger of which no node answers.
type silent struct{ Ledger }

func (silent) Make(context.Context, []*txv1.Message) (*Transaction, error) {
	return nil, client.ErrNoAnswer
}

// While nothing moves whoever waits is told why, before the patience is over.
func TestAgain(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "rows.csv")
	if err := os.WriteFile(path, []byte("action,number,decided\nreinstate,N1,2026-05-31\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	in := Input{Path: path, Options: record.Options{Format: record.CSV, Actions: record.Actions, Issuer: "CNCA-R-2002-001", Today: civil.DateOf(time.Unix(1780300800, 0))}}
	scan, err := in.Scan()
	if err != nil || scan.Invalid > 0 {
		t.Fatal(err, scan)
	}
	told := make(chan error, 100)
	_, err = Run(t.Context(), scan, Options{
		Input: in, Journal: JournalOf(path, ""), Ledger: silent{}, Chain: "c", InFlight: 1, Patience: 400 * time.Millisecond,
		Again: func(err error) { told <- err },
	})
	if !errors.Is(err, client.ErrNoAnswer) || len(told) == 0 {
		t.Fatalf("%v; told %d times", err, len(told))
	}
	if err := <-told; !errors.Is(err, client.ErrNoAnswer) {
		t.Error(err)
	}
}
