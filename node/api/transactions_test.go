package api_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	wire "github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/app/apptest"
	txv1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/tx/v1"
	"github.com/hallmark-ledger/hallmark/x/tx"
)

func (s *service) submit(raw []byte, query string, status int) *wire.Transaction {
	s.Helper()
	var t wire.Transaction
	s.want(s.do(http.MethodPost, "/v1/transactions"+query, raw), status, &t)
	return &t
}

func (s *service) transaction(id, query string) *wire.Transaction {
	s.Helper()
	var t wire.Transaction
	s.get("/v1/transactions/"+id+query, 200, &t)
	return &t
}

// soon commits a block a moment later.
func (s *service) soon() {
	done := make(chan struct{})
	go func() {
		defer close(done)
		time.Sleep(50 * time.Millisecond)
		s.commit()
	}()
	s.Cleanup(func() { <-done })
}

func TestSubmit(t *testing.T) {
	s := seven(t)
	raw := issue(4, "00126Q20001R0M")
	name := id(t, raw)
	if got := s.transaction(name, ""); got.State != "unknown" {
		t.Errorf("%+v", got)
	}
	if got := s.submit(raw, "", 202); got.State != "pending" || got.ID != name {
		t.Errorf("%+v", got)
	}
	if got := s.submit(raw, "", 202); got.State != "pending" {
		t.Errorf("again: %+v", got)
	}
	again := issue(4, "00126Q20001R0M") // the same body, signed anew
	if string(again) == string(raw) || id(t, again) != name {
		t.Fatal("the signatures are the same, or the body is not")
	}
	s.soon()
	if got := s.submit(again, "?wait=committed", 200); got.State != "committed" || got.Height != 6 || got.Messages != 1 || got.Refusal != nil || got.Time == nil {
		t.Errorf("%+v", got)
	}
	if got := s.submit(raw, "", 200); got.State != "committed" || got.Height != 6 {
		t.Errorf("after: %+v", got)
	}
	got := s.transaction(name, "?events=true&body=true")
	if got.State != "committed" || len(got.Events) != 2 || got.Events[1].Type != "certificate.issued" || !strings.Contains(string(got.Body), "00126Q20001R0M") {
		t.Errorf("%+v", got)
	}
}

// TestSubmitCommitted: a body that is in a block which the index has not seen yet is
// refused for its nonce, and is found in the end.
func TestSubmitCommitted(t *testing.T) {
	s := seven(t)
	raw := issue(4, "00126Q20001R0M")
	for range 5 {
		s.commit(raw)
		if got := s.submit(raw, "", 200); got.State != "committed" {
			t.Errorf("%+v", got)
		}
		raw = issue(4+s.next(), "00126Q2000"+string(rune('1'+s.next()))+"R0M")
	}
}

// next counts the blocks after the first five.
func (s *service) next() uint64 {
	_, latest := s.Heights()
	return latest - 5
}

func TestSubmitRefused(t *testing.T) {
	s := seven(t)
	p := s.isProblem(s.do(http.MethodPost, "/v1/transactions", issue(3, "00126Q20001R0M")), 422)
	if p.Refusal == nil || p.Refusal.Name != "tx_nonce_used" || p.Refusal.Text.Zh == "" || !strings.HasPrefix(p.Refusal.Detail, "nonce 3") {
		t.Errorf("%+v", p.Refusal)
	}
	p = s.isProblem(s.do(http.MethodPost, "/v1/transactions", []byte("not a transaction")), 422)
	if p.Refusal == nil || p.Refusal.Code < 1 || p.Refusal.Code > 3 {
		t.Errorf("%+v", p.Refusal)
	}
	wrong := apptest.Draft{Nonce: 9, Chain: "another", Keys: fourEyes, Messages: []*txv1.Message{apptest.Issue("00126Q20001R0M", today)}}.Sign()
	if p = s.isProblem(s.do(http.MethodPost, "/v1/transactions", wrong), 422); p.Refusal == nil || p.Refusal.Name != "tx_wrong_chain" {
		t.Errorf("%+v", p.Refusal)
	}
	s.isProblem(s.do(http.MethodPost, "/v1/transactions", []byte{}), 400)
	s.isProblem(s.do(http.MethodPost, "/v1/transactions", make([]byte, 1<<20+1)), 413)
	s.isProblem(s.do(http.MethodPost, "/v1/transactions?wait=sealed", issue(4, "00126Q20001R0M")), 422)
	s.full = true
	r := s.do(http.MethodPost, "/v1/transactions", issue(4, "00126Q20001R0M"))
	s.isProblem(r, 503)
	if r.Header.Get("Retry-After") != "1" {
		t.Errorf("retry after %q", r.Header.Get("Retry-After"))
	}
}

// TestOutcome: transactions in blocks of which something was refused.
func TestOutcome(t *testing.T) {
	s := seven(t)
	all := issue(4, "00126Q20001R0M", "00126Q00001R0M") // the second exists
	each := apptest.Draft{Nonce: 5, Mode: txv1.Mode_MODE_EACH, Keys: fourEyes, Messages: []*txv1.Message{
		apptest.Issue("00126Q00002R0M", today), apptest.Issue("00126Q20002R0M", today), apptest.Suspend("00126Q99999R0M", today),
	}}.Sign()
	s.commit(all, each)
	got := s.transaction(id(t, all), "?wait=5")
	if got.Refusal == nil || len(got.Refused) != 2 || got.Refused[0].Name != "tx_not_done" || *got.Refused[1].Message != 1 ||
		got.Refused[1].Code != got.Refusal.Code || got.Refused[1].Detail == "" || got.Refused[1].Detail != got.Refusal.Detail {
		t.Errorf("%+v", got)
	}
	got = s.transaction(id(t, each), "")
	if got.Refusal != nil || got.Messages != 3 || len(got.Refused) != 2 || *got.Refused[0].Message != 0 || *got.Refused[1].Message != 2 ||
		got.Refused[0].Detail == "" || got.Refused[1].Detail == "" || got.Refused[0].Text.Zh == "" {
		t.Errorf("%+v", got)
	}
}

func TestSubmitJSON(t *testing.T) {
	s := seven(t)
	send := func(kind, body string) *reply {
		r, err := http.NewRequest(http.MethodPost, s.url+"/v1/transactions", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", kind)
		return s.send(r)
	}
	b, err := json.Marshal(wire.Submission{Tx: issue(4, "00126Q20001R0M")})
	if err != nil {
		t.Fatal(err)
	}
	s.want(send("application/json; charset=utf-8", string(b)), 202, nil)
	s.isProblem(send("application/json", `{"tx": 5}`), 400)
	s.isProblem(send("application/json", `{"tx": "`+base64.StdEncoding.EncodeToString(make([]byte, 1<<20+4096))+`"}`), 413)
	s.isProblem(send("text/plain", "x"), 415)
	s.isProblem(send("", "x"), 415)
}

func TestWait(t *testing.T) {
	s := seven(t)
	raw := issue(4, "00126Q20001R0M")
	begin := time.Now()
	if got := s.transaction(id(t, raw), "?wait=1"); got.State != "unknown" || time.Since(begin) < 900*time.Millisecond {
		t.Errorf("%+v after %v", got, time.Since(begin))
	}
	s.submit(raw, "", 202)
	s.soon()
	begin = time.Now()
	if got := s.transaction(id(t, raw), "?wait=30"); got.State != "committed" || time.Since(begin) > 5*time.Second {
		t.Errorf("%+v after %v", got, time.Since(begin))
	}
	s.problem("/v1/transactions/"+id(t, raw)+"?wait=61", 422)
	s.problem("/v1/transactions/"+strings.ToUpper(id(t, raw)), 422)
}

// TestWaitLost: a transaction that the mempool drops is not waited for to the
// end.
func TestWaitLost(t *testing.T) {
	s := seven(t)
	raw := issue(4, "00126Q20001R0M")
	go func() {
		time.Sleep(100 * time.Millisecond)
		s.mu.Lock()
		clear(s.mempool)
		s.mu.Unlock()
	}()
	begin := time.Now()
	if got := s.submit(raw, "?wait=committed", 202); got.State != "unknown" || time.Since(begin) > 20*time.Second {
		t.Errorf("%+v after %v", got, time.Since(begin))
	}
}

func TestCheck(t *testing.T) {
	s := seven(t)
	check := func(raw []byte) (c wire.Check) {
		t.Helper()
		s.want(s.do(http.MethodPost, "/v1/transactions/check", raw), 200, &c)
		return c
	}
	body := apptest.Draft{Nonce: 4, Mode: txv1.Mode_MODE_EACH, Keys: fourEyes, Messages: []*txv1.Message{
		apptest.Issue("00126Q20001R0M", today), apptest.Issue("00126Q00001R0M", today),
	}}.Body()
	draft, err := tx.New(body, tx.Limits{ChainID: apptest.Chain, Bytes: 1 << 20, Messages: 100, Signers: 16})
	if err != nil {
		t.Fatal(err)
	}
	c := check(draft.Bytes())
	if c.OK || c.Refusal != nil || c.Messages != 2 || len(c.Refused) != 1 || *c.Refused[0].Message != 1 || c.Refused[0].Text.Zh == "" ||
		len(c.Missing) != 2 || c.Missing[1].Member != "cqc" || c.Height != 5 || c.ID != draft.ID().String() || len(c.Events) != 1 {
		t.Errorf("%+v", c)
	}
	if err := draft.Sign(context.Background(), apptest.Key(fourEyes[0])); err != nil {
		t.Fatal(err)
	}
	if c = check(draft.Bytes()); len(c.Missing) != 1 {
		t.Errorf("%+v", c)
	}
	if c = check(issue(4, "00126Q20001R0M")); !c.OK || len(c.Missing) != 0 {
		t.Errorf("%+v", c)
	}
	if c = check(issue(3, "00126Q20001R0M")); c.OK || c.Refusal == nil || c.Refusal.Name != "tx_nonce_used" {
		t.Errorf("%+v", c)
	}
	if got := s.submit(issue(4, "00126Q20001R0M"), "", 202); got.State != "pending" { // a check spends nothing
		t.Errorf("%+v", got)
	}
}
