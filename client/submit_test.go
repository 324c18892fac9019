package client

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/hallmark-ledger/hallmark/api"
	"github.com/hallmark-ledger/hallmark/app/apptest"
)

func TestSubmit(t *testing.T) {
	l := newLedger()
	raw, id := signed(t, 1)
	a := newFaulty(t, l.serve(func(w http.ResponseWriter, _ *http.Request) {
		l.put(id, "pending")
		give(w, 202, api.Transaction{ID: id, State: "pending"})
	}))
	if got, err := newClient(t, a).Submit(soon(t), raw); err != nil || got.ID != id || got.State != "pending" {
		t.Errorf("%v, %v", got, err)
	}
}

// A node takes the transaction and hangs up before it says so. It must be found,
// on whatever node, and not be sent a second time.
func TestSubmitAmbiguous(t *testing.T) {
	l := newLedger()
	raw, id := signed(t, 1)
	a := newFaulty(t, l.serve(func(http.ResponseWriter, *http.Request) {
		l.put(id, "committed")
		panic(http.ErrAbortHandler)
	}))
	b := newFaulty(t, l.serve(func(w http.ResponseWriter, _ *http.Request) { give(w, 202, api.Transaction{ID: id, State: "pending"}) }))
	got, err := newClient(t, a, b).Submit(soon(t), raw)
	if err != nil || got.State != "committed" {
		t.Errorf("%v, %v", got, err)
	}
	if a.count("POST") != 1 || b.count("POST") != 0 {
		t.Errorf("sent %d and %d times", a.count("POST"), b.count("POST"))
	}
}

// It was lost on the way: it is sent again, and to the next node.
func TestSubmitLost(t *testing.T) {
	l := newLedger()
	raw, id := signed(t, 1)
	a := newFaulty(t, l.serve(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	b := newFaulty(t, l.serve(func(w http.ResponseWriter, _ *http.Request) { give(w, 202, api.Transaction{ID: id, State: "pending"}) }))
	if got, err := newClient(t, a, b).Submit(soon(t), raw); err != nil || got.State != "pending" {
		t.Errorf("%v, %v", got, err)
	}
	if b.count("GET /v1/transactions/") == 0 {
		t.Error("nobody was asked for it before it was sent again")
	}
}

func TestSubmitUncertain(t *testing.T) {
	l := newLedger()
	raw, _ := signed(t, 1)
	for name, answer := range map[string]http.HandlerFunc{
		"hangs up":          func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"a proxy times out": func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "<html>", 504) },
		"a fault":           func(w http.ResponseWriter, _ *http.Request) { problem(w, 500, nil) },
	} {
		if _, err := newClient(t, newFaulty(t, l.serve(answer))).Submit(soon(t), raw); !errors.Is(err, ErrUncertain) {
			t.Errorf("%s: %v, want ErrUncertain", name, err)
		}
	}
	full := newFaulty(t, l.serve(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "1")
		problem(w, 503, nil)
	}))
	if _, err := newClient(t, full).Submit(soon(t), raw); errors.Is(err, ErrUncertain) || !errors.Is(err, ErrNoAnswer) {
		t.Errorf("mempool full: %v, want ErrNoAnswer and certainty", err)
	}
}

func TestSubmitRefused(t *testing.T) {
	l := newLedger()
	raw, id := signed(t, 1)
	used := &api.Refusal{Code: 32, Name: "tx_nonce_used"}
	a := newFaulty(t, l.serve(func(w http.ResponseWriter, _ *http.Request) { problem(w, 422, used) }))
	c := newClient(t, a)
	if _, err := c.Submit(soon(t), raw); !NonceUsed(err) {
		t.Errorf("%v, want the refusal of the nonce", err)
	}
	l.put(id, "committed") // the nonce is used by this very transaction
	if got, err := c.Submit(soon(t), raw); err != nil || got.State != "committed" {
		t.Errorf("%v, %v", got, err)
	}
	if n := a.count("POST"); n != 2 {
		t.Errorf("sent %d times", n)
	}
}

// Nodes that are catching up or behind are not written to.
func TestWriters(t *testing.T) {
	submitted := func(w http.ResponseWriter, _ *http.Request) { give(w, 202, api.Transaction{State: "pending"}) }
	standing := func(s api.Status) *faulty {
		return newFaulty(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/v1/status" {
				give(w, 200, s)
				return
			}
			submitted(w, r)
		})
	}
	catching, behind, good := standingAt(100), standingAt(80), standingAt(95)
	catching.CatchingUp = true
	a, b, g := standing(catching), standing(behind), standing(good)
	raw, _ := signed(t, 1)
	if _, err := newClient(t, a, b, g).Submit(soon(t), raw); err != nil {
		t.Fatal(err)
	}
	if a.count("POST")+b.count("POST") != 0 || g.count("POST") != 1 {
		t.Errorf("sent %d, %d and %d times", a.count("POST"), b.count("POST"), g.count("POST"))
	}
	if _, err := newClient(t, a).Submit(soon(t), raw); !errors.Is(err, ErrNotReady) {
		t.Errorf("%v, want ErrNotReady", err)
	}
	other := standingAt(100)
	other.ChainID = "another"
	if _, err := newClient(t, g, standing(other)).Submit(soon(t), raw); !errors.Is(err, ErrChain) {
		t.Errorf("%v, want ErrChain", err)
	}
}

func TestWait(t *testing.T) {
	expiry := apptest.Begin.Add(10 * time.Second)
	for name, c := range map[string]struct {
		height uint64
		state  string // of the transaction
		want   Result // 0: not certain
	}{
		"committed":                {5, "committed", Done},
		"committed, expired later": {50, "committed", Done},
		"expired":                  {11, "", Expired},
		"expired, waits somewhere": {11, "pending", 0}, // the fake does not say up to where it looked
		"at the expiry itself":     {10, "", 0},
		"not yet":                  {5, "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLedger()
			_, id := signed(t, 1)
			l.height = c.height
			if c.state != "" {
				l.put(id, c.state)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			defer cancel()
			o, err := newClient(t, newFaulty(t, l.serve(nil))).Wait(ctx, id, expiry)
			if c.want == 0 {
				if !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("%v, %v, want the end of the time", o, err)
				}
				return
			}
			if err != nil || o.Result != c.want {
				t.Errorf("%v, %v", o, err)
			}
		})
	}
}

// One node has passed the expiry and does not have it; another has it in a block.
func TestWaitAsksAll(t *testing.T) {
	_, id := signed(t, 1)
	l, m := newLedger(), newLedger()
	l.height, m.height = 50, 60
	m.put(id, "committed")
	o, err := newClient(t, newFaulty(t, l.serve(nil)), newFaulty(t, m.serve(nil))).Wait(soon(t), id, apptest.Begin)
	if err != nil || o.Result != Done {
		t.Errorf("%v, %v", o, err)
	}
}

// The node that had the transaction lost it: it is submitted again.
func TestSubmitAndWaitLost(t *testing.T) {
	l := newLedger()
	raw, id := signed(t, 1)
	sent := 0
	a := newFaulty(t, l.serve(func(w http.ResponseWriter, _ *http.Request) {
		if sent++; sent == 2 {
			l.put(id, "committed")
		}
		give(w, 202, api.Transaction{ID: id, State: "pending"})
	}))
	o, err := newClient(t, a).SubmitAndWait(soon(t), raw, apptest.Begin.Add(time.Hour))
	if err != nil || o.Result != Done || sent != 2 {
		t.Errorf("%v, %v, sent %d times", o, err, sent)
	}
}

func TestOutcomes(t *testing.T) {
	refusal := api.Refusal{Code: 101}
	for name, c := range map[string]struct {
		t    api.Transaction
		want Result
	}{
		"done":   {api.Transaction{Messages: 2}, Done},
		"partly": {api.Transaction{Messages: 2, Refused: []api.Refusal{refusal}}, Partly},
		"each":   {api.Transaction{Messages: 1, Refused: []api.Refusal{refusal}}, Refused},
		"whole":  {api.Transaction{Refusal: &refusal}, Refused},
	} {
		if o := outcomeOf(&c.t); o.Result != c.want {
			t.Errorf("%s: %v", name, o.Result)
		}
	}
}
