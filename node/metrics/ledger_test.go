package metrics_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	dto "github.com/prometheus/client_model/go"

	"github.com/hallmark-ledger/hallmark/app"
	"github.com/hallmark-ledger/hallmark/app/apptest"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/node/metrics"
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/store/engine"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

var ctx = context.Background()

var today = civil.DateOf(apptest.Begin)

// ledger is an application with metrics, and the blocks that it was given.
type ledger struct {
	*testing.T
	*metrics.Metrics
	app    *app.App
	db     *engine.DB
	dir    string
	height int64
	nonce  uint64
}

func newLedger(t *testing.T) *ledger {
	l := &ledger{T: t, dir: t.TempDir()}
	l.open()
	raw, err := json.Marshal(apptest.Genesis(1, 4))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.app.InitChain(ctx, &abci.RequestInitChain{
		Time: apptest.Begin, ChainId: apptest.Chain, InitialHeight: 1, AppStateBytes: raw,
		ConsensusParams: &cmtproto.ConsensusParams{
			Block:     &cmtproto.BlockParams{MaxBytes: 4 << 20, MaxGas: -1},
			Validator: &cmtproto.ValidatorParams{PubKeyTypes: []string{"ed25519"}},
			Abci:      &cmtproto.ABCIParams{},
		},
	}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.close(true) })
	return l
}

func (l *ledger) file() string { return filepath.Join(l.dir, "certificates.json") }

func (l *ledger) open() {
	l.Helper()
	db, err := engine.Open(filepath.Join(l.dir, "state"), engine.Options{})
	if err != nil {
		l.Fatal(err)
	}
	m := metrics.New()
	a, err := app.New(db, app.Options{Clock: time.Now, Observer: m})
	if err != nil {
		l.Fatal(err)
	}
	m.StartCount(db, l.file(), slog.New(slog.DiscardHandler))
	m.WatchStore(db)
	l.Metrics, l.app, l.db = m, a, db
}

// close ends the node; a crash does not stop the count.
func (l *ledger) close(orderly bool) {
	l.Helper()
	if orderly {
		l.StopCount()
	}
	if err := l.db.Close(); err != nil {
		l.Error(err)
	}
}

// block runs a block with the messages of one transaction and with further
// transactions.
func (l *ledger) block(mode txv1.Mode, messages []*txv1.Message, more ...[]byte) {
	l.Helper()
	l.height++
	var txs [][]byte
	if len(messages) > 0 {
		l.nonce++
		draft := apptest.Draft{Nonce: l.nonce, Mode: mode, Keys: []string{"cqc/certifier", "cqc/approver"}, Messages: messages}
		txs = append(txs, draft.Sign())
	}
	txs = append(txs, more...)
	hash := sm3.Sum(fmt.Appendf(nil, "%d", l.height))
	if _, err := l.app.FinalizeBlock(ctx, &abci.RequestFinalizeBlock{
		Txs: txs, Height: l.height, Time: apptest.Begin.Add(time.Duration(l.height) * time.Second), Hash: hash[:],
	}); err != nil {
		l.Fatal(err)
	}
	if _, err := l.app.Commit(ctx, &abci.RequestCommit{}); err != nil {
		l.Fatal(err)
	}
}

// value returns a metric with exactly these labels, names and values in turn,
// or false.
func value(t *testing.T, m *metrics.Metrics, name string, labels ...string) (*dto.Metric, bool) {
	t.Helper()
	families, err := m.Registry().Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() != name {
			continue
		}
		for _, metric := range f.Metric {
			if len(metric.Label)*2 == len(labels) && hasLabels(metric, labels) {
				return metric, true
			}
		}
	}
	return nil, false
}

func hasLabels(m *dto.Metric, labels []string) bool {
	for i := 0; i < len(labels); i += 2 {
		found := false
		for _, l := range m.Label {
			found = found || l.GetName() == labels[i] && l.GetValue() == labels[i+1]
		}
		if !found {
			return false
		}
	}
	return true
}

// number returns the value of a counter or gauge, -1 if there is none.
func number(t *testing.T, m *metrics.Metrics, name string, labels ...string) float64 {
	t.Helper()
	metric, ok := value(t, m, name, labels...)
	switch {
	case !ok:
		return -1
	case metric.Counter != nil:
		return metric.Counter.GetValue()
	}
	return metric.Gauge.GetValue()
}

func want(t *testing.T, m *metrics.Metrics, want float64, name string, labels ...string) {
	t.Helper()
	if got := number(t, m, name, labels...); got != want {
		t.Errorf("%s%v is %v, want %v", name, labels, got, want)
	}
}

func revoke(number string) *txv1.Message {
	return &txv1.Message{Action: &txv1.Message_Revoke{Revoke: &certificatev1.Revoke{Number: number, Decided: int32(today), Reason: "0122"}}}
}
