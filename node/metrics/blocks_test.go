package metrics_test

import (
	"testing"

	"github.com/hallmark-ledger/hallmark/app/apptest"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
)

func TestBlocks(t *testing.T) {
	l := newLedger(t)
	l.block(txv1.Mode_MODE_ALL, []*txv1.Message{apptest.Issue("A1", today), apptest.Issue("A2", today)}, []byte("garbage"))
	l.block(txv1.Mode_MODE_EACH, []*txv1.Message{apptest.Suspend("A1", today), apptest.Suspend("A9", today)})
	l.block(txv1.Mode_MODE_ALL, []*txv1.Message{apptest.Suspend("A2", today), revoke("A9")})
	want := func(n float64, name string, labels ...string) { t.Helper(); want(t, l.Metrics, n, name, labels...) }

	want(3, "hallmark_height")
	want(float64(apptest.Begin.Unix()+3), "hallmark_block_time_seconds")
	want(1, "hallmark_transactions_total", "action", "issue", "code", "0")
	want(1, "hallmark_transactions_total", "action", "none", "code", "2")
	want(1, "hallmark_transactions_total", "action", "suspend", "code", "0")
	want(1, "hallmark_transactions_total", "action", "mixed", "code", "400")
	want(2, "hallmark_messages_total", "action", "issue", "code", "0")
	want(1, "hallmark_messages_total", "action", "suspend", "code", "0")
	want(1, "hallmark_messages_total", "action", "suspend", "code", "400")
	want(1, "hallmark_messages_total", "action", "revoke", "code", "400")
	for _, part := range []string{"verify", "execute", "root", "commit"} {
		if h, ok := value(t, l.Metrics, "hallmark_block_part_seconds", "part", part); !ok || h.Histogram.GetSampleCount() != 3 {
			t.Errorf("%s: %v", part, h)
		}
	}
	want(3, "hallmark_state_version")
	if number(t, l.Metrics, "hallmark_state_keys") < 10 {
		t.Error("the state has no keys")
	}
}
