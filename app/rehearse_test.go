package app_test

import (
	"bytes"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/hallmark-ledger/hallmark/app/apptest"
	memberv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/member/v1"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/store/engine"
	"github.com/hallmark-ledger/hallmark/x/certificate"
	"github.com/hallmark-ledger/hallmark/x/tx"
)

// unsigned returns a draft that nobody has signed.
func unsigned(t *testing.T, d apptest.Draft) []byte {
	t.Helper()
	draft, err := tx.New(d.Body(), tx.Limits{ChainID: apptest.Chain, Bytes: 1 << 20, Messages: 1000, Signers: 8})
	if err != nil {
		t.Fatal(err)
	}
	return draft.Bytes()
}

func TestRehearse(t *testing.T) {
	c := newChain(t)
	raw := issue(1, "A1")
	if _, err := c.Rehearse(ctx, raw); !errors.Is(err, engine.ErrVersionGone) {
		t.Errorf("before the first block: %v", err)
	}
	c.ok()
	draft := unsigned(t, apptest.Draft{Nonce: 1, Mode: txv1.Mode_MODE_EACH, Keys: []string{"cqc/certifier", "cqc/approver"}, Messages: []*txv1.Message{
		apptest.Issue("A1", today), apptest.Issue("A1", today), apptest.Suspend("A1", today),
	}})
	before := c.root
	for range 2 { // the first leaves nothing
		r, err := c.Rehearse(ctx, draft)
		if err != nil || r.Refusal != nil || len(r.Results) != 3 || len(r.Missing) != 2 || r.Height != 1 {
			t.Fatalf("%+v, %v", r, err)
		}
		if r.Results[0].Refusal != nil || r.Results[1].Refusal == nil || r.Results[2].Refusal != nil || r.Results[2].Events[0].Type != certificate.EventSuspended {
			t.Errorf("%+v", r.Results)
		}
	}
	if res := c.ok(); !bytes.Equal(res.AppHash, before) {
		t.Error("a rehearsal has changed the state")
	}
	r, err := c.Rehearse(ctx, raw)
	if err != nil || r.Refusal != nil || len(r.Missing) != 0 || r.Results[0].Refusal != nil {
		t.Fatalf("%+v, %v", r, err)
	}
	c.ok(raw)
	if r, err = c.Rehearse(ctx, raw); err != nil || r.Refusal.Code.Number != 32 || r.Results != nil {
		t.Errorf("again: %+v, %v", r, err)
	}
	if r, err = c.Rehearse(ctx, []byte("no")); err != nil || r.Refusal.Code.Number != 2 || !r.ID.IsZero() {
		t.Errorf("garbage: %+v, %v", r, err)
	}
	forged := issue(2, "A2")
	forged[len(forged)-1] ^= 1
	if r, err = c.Rehearse(ctx, forged); err != nil || r.Refusal.Code.Number != 40 {
		t.Errorf("forged: %+v, %v", r, err)
	}
}

// TestRehearseFault meets a fault and a panic.
func TestRehearseFault(t *testing.T) {
	c := newChain(t)
	c.Plant(certificate.NumberKey("F"), []byte("garbage"))
	b := c.next()
	c.finalize(b)
	if _, err := c.Commit(ctx, nil); err != nil {
		t.Fatal(err)
	}
	if r, err := c.Rehearse(ctx, issue(1, "F")); err == nil {
		t.Errorf("a fault: %+v", r)
	}
	c.BreakCertificates()
	if r, err := c.Rehearse(ctx, issue(1, "A1")); err == nil {
		t.Errorf("a panic: %+v", r)
	}
}

// TestRehearseBesideBlocks rehearses on several goroutines while blocks are made.
func TestRehearseBesideBlocks(t *testing.T) {
	c := newChain(t)
	c.ok()
	draft := unsigned(t, apptest.Draft{Nonce: 1000, Keys: []string{"cqc/certifier", "cqc/approver"}, Messages: []*txv1.Message{apptest.Issue("Z", today)}})
	done := make(chan struct{})
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				if r, err := c.Rehearse(ctx, draft); err != nil || r.Refusal != nil {
					t.Errorf("%+v, %v", r, err)
					return
				}
			}
		})
	}
	for i := range uint64(20) {
		c.ok(issue(i+1, fmt.Sprintf("A%d", i)))
	}
	close(done)
	wg.Wait()
}

// TestKeyEndedWithinTransaction: what the state said of the signers before the
// first message holds for all of them, in every module.
func TestKeyEndedWithinTransaction(t *testing.T) {
	revoke := func(name string) *txv1.Message {
		k := apptest.Key(name).Public().Bytes()
		return &txv1.Message{Action: &txv1.Message_RevokeKey{RevokeKey: &memberv1.RevokeKey{Key: k[:]}}}
	}
	c := newChain(t)
	c.ok(
		apptest.Draft{Nonce: 1, Keys: []string{"cnca/approver", "cnca/admin/1"}, Messages: []*txv1.Message{
			revoke("cnca/approver"), apptest.Propose(suspendMember("cqm")),
		}}.Sign(),
		apptest.Draft{Nonce: 1, Keys: []string{"cqc/certifier", "cqc/approver", "cqc/admin/1"}, Messages: []*txv1.Message{
			revoke("cqc/certifier"), apptest.Issue("A1", today),
		}}.Sign(),
	)
	if r := c.checkTx(propose(2, suspendMember("cqm"))); r.Code != 37 {
		t.Errorf("the next transaction of a revoked key: %d %s", r.Code, r.Log)
	}
}
