package metrics_test

import (
	"os"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/app/apptest"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/certificate"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
)

// checkCounts waits for the gauge and compares it with the state.
func (l *ledger) checkCounts() {
	l.Helper()
	for range 500 {
		if number(l.T, l.Metrics, "hallmark_certificates", "status", "valid") >= 0 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	found, err := certificate.CountStatuses(l.db.Latest(), func() error { return nil })
	if err != nil {
		l.Fatal(err)
	}
	for _, s := range rules.Statuses {
		want(l.T, l.Metrics, float64(found[s]), "hallmark_certificates", "status", s.String())
	}
}

func (l *ledger) restart(orderly bool) {
	l.Helper()
	l.close(orderly)
	l.open()
}

func TestCertificates(t *testing.T) {
	l := newLedger(t)
	l.block(txv1.Mode_MODE_ALL, []*txv1.Message{apptest.Issue("A1", today), apptest.Issue("A2", today), apptest.Issue("A3", today)})
	l.checkCounts()
	l.block(txv1.Mode_MODE_ALL, []*txv1.Message{apptest.Suspend("A1", today), revoke("A2"), apptest.Issue("A4", today)})
	l.checkCounts()
	want(t, l.Metrics, 2, "hallmark_certificates", "status", "valid")
	want(t, l.Metrics, 1, "hallmark_certificates", "status", "suspended")
	want(t, l.Metrics, 1, "hallmark_certificates", "status", "revoked")

	l.restart(true)
	if number(t, l.Metrics, "hallmark_certificates", "status", "valid") != 2 {
		t.Error("the counts are not known at once after a stop in order")
	}
	l.block(txv1.Mode_MODE_ALL, []*txv1.Message{revoke("A1")})
	l.checkCounts()

	l.restart(false) // the file is of an older state now
	l.block(txv1.Mode_MODE_ALL, []*txv1.Message{revoke("A3"), apptest.Issue("A5", today)})
	l.checkCounts()

	l.StopCount()
	if err := os.WriteFile(l.file(), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	l.restart(false)
	l.checkCounts()
}

// TestCountsOfAnotherState: a file is not believed for a state that it is not of.
func TestCountsOfAnotherState(t *testing.T) {
	l := newLedger(t)
	l.block(txv1.Mode_MODE_ALL, []*txv1.Message{apptest.Issue("A1", today)})
	l.checkCounts()
	l.StopCount()
	raw, err := os.ReadFile(l.file())
	if err != nil {
		t.Fatal(err)
	}
	l.block(txv1.Mode_MODE_ALL, []*txv1.Message{revoke("A1")})
	if err := l.db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(l.file(), raw, 0o600); err != nil {
		t.Fatal(err)
	}
	l.open()
	l.checkCounts()
	want(t, l.Metrics, 0, "hallmark_certificates", "status", "valid")
}
