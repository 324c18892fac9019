package bulk

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/client"
	"github.com/hallmark-ledger/hallmark/client/record"
	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
	"github.com/hallmark-ledger/hallmark/x/tx"
)

// nullLedger signs as the network's client does, with two keys, and does
// everything at once.
type nullLedger struct {
	keys  [2]*sm2.PrivateKey
	nonce *atomic.Uint64
}

var nullLimits = tx.Limits{ChainID: "null", Bytes: 1 << 20, Messages: 10_000, Signers: 16, MaxExpiry: 72 * time.Hour}

func (l nullLedger) Make(ctx context.Context, messages []*txv1.Message) (*Transaction, error) {
	b := &txv1.Body{ChainId: "null", Nonce: l.nonce.Add(1), Expiry: time.Now().Add(time.Hour).Unix(), Mode: txv1.Mode_MODE_EACH, Messages: messages}
	for _, k := range l.keys {
		key := k.Public().Bytes()
		b.Signers = append(b.Signers, &txv1.Signer{Member: "cqc", Key: key[:]})
	}
	for _, m := range messages {
		m.Actor, m.Signers = "cqc", []uint32{0, 1}
	}
	d, err := tx.New(b, nullLimits)
	if err != nil {
		return nil, err
	}
	for _, k := range l.keys {
		if err := d.Sign(ctx, k); err != nil {
			return nil, err
		}
	}
	return TransactionOf(d), nil
}

func (nullLedger) File(_ context.Context, t *Transaction) (*client.Outcome, error) {
	return &client.Outcome{ID: t.ID, Result: client.Done, Transaction: &api.Transaction{ID: t.ID, State: "committed", Height: 1}}, nil
}

func (l nullLedger) Settle(ctx context.Context, t *Transaction) (*client.Outcome, error) {
	return l.File(ctx, t)
}

func (l nullLedger) Wait(ctx context.Context, t *Transaction) (*client.Outcome, error) {
	return l.File(ctx, t)
}

func nullKeys(t testing.TB) (l nullLedger) {
	l.nonce = new(atomic.Uint64)
	for i := range l.keys {
		k, err := sm2.Generate(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		l.keys[i] = k
	}
	return l
}

// issues writes a file with synthetic certificates.
func issues(t testing.TB, dir string, format record.Format, rows int) Input {
	path := filepath.Join(dir, "issues."+string(format))
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w, err := record.NewWriter(f, format, false)
	if err != nil {
		t.Fatal(err)
	}
	today := civil.DateOf(time.Now())
	for i := range rows {
		r := &record.Record{
			Action: rules.Issue, Number: fmt.Sprintf("SYN-%07d", i), Decided: today, Scheme: "A010101", Holder: "91371323760038087M",
			FirstIssued: today, Issued: today, Expires: today.AddMonths(36),
			Details: rules.Details{
				Holder:       rules.Party{NameChinese: fmt.Sprintf("合成企业第%d号有限公司", i), AddressChinese: "合成省合成市合成路 1 号", Country: "156", Region: "371323"},
				ScopeChinese: "合成产品的设计、生产和销售", ScopeCodes: []string{"03.07"}, Standards: []string{"GB/T 19001-2016"},
			},
		}
		if err := w.Write(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return Input{Path: path, Options: record.Options{Format: format, Issuer: "CNCA-R-2002-001", Today: today}}
}

// BenchmarkRun is a whole run, against a ledger that costs nothing: rows/s. Beside
// it, what making and signing the same transactions takes alone.
func BenchmarkRun(b *testing.B) {
	const rows = 20_000
	keys := nullKeys(b)
	for _, format := range []record.Format{record.CSV, record.JSONLines} {
		in := issues(b, b.TempDir(), format, rows)
		b.Run("scan/"+string(format), func(b *testing.B) {
			for b.Loop() {
				if s, err := in.Scan(); err != nil || s.Rows != rows || s.Invalid != 0 {
					b.Fatal(s, err)
				}
			}
			b.ReportMetric(float64(rows*b.N)/b.Elapsed().Seconds(), "rows/s")
		})
		scan, err := in.Scan()
		if err != nil {
			b.Fatal(err)
		}
		b.Run("file/"+string(format), func(b *testing.B) {
			for b.Loop() {
				p, err := Run(context.Background(), scan, Options{Input: in, Journal: filepath.Join(b.TempDir(), "j"), Ledger: keys, Chain: "null"})
				if err != nil || p.Done != rows {
					b.Fatal(p, err)
				}
			}
			b.ReportMetric(float64(rows*b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
	in := issues(b, b.TempDir(), record.JSONLines, DefaultBatch)
	f, reader, err := in.open()
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	var messages []*txv1.Message
	for range DefaultBatch {
		row, err := reader.Next()
		if err != nil {
			b.Fatal(err)
		}
		messages = append(messages, row.Message)
	}
	b.Run("sign", func(b *testing.B) {
		for b.Loop() {
			if _, err := keys.Make(context.Background(), messages); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(DefaultBatch*b.N)/b.Elapsed().Seconds(), "rows/s")
	})
}
