package certificate

import (
	"fmt"
	"testing"

	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
)

func (w *world) suspend(ref rules.Ref, until string) {
	w.t.Helper()
	w.ok(cqc, body(cqc), &certificatev1.Suspend{
		Number: ref.Number, Decided: w.day(), Reason: reasonFor(w.head(ref).Family, rules.Suspend), Until: days(until),
	})
}

// history returns the actions of a certificate's records.
func (w *world) history(ref rules.Ref) (list []rules.Action) {
	w.t.Helper()
	all, err := History(w.state, ref, 1, 100)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, r := range all {
		list = append(list, r.Action)
	}
	return list
}

func TestSweepIsBounded(t *testing.T) {
	w := newWorld(t, "2017-06-01")
	w.sweeps = 2
	var refs []rules.Ref
	for i := range 5 {
		refs = append(refs, w.issue(ms, fmt.Sprintf("A-%d", i)))
	}
	quiet := func() {
		t.Helper()
		before := storeRoot(w)
		w.endBlock()
		if storeRoot(w) != before || len(w.events) > 0 {
			t.Fatal("a quiet block changed the state")
		}
	}
	w.to("2018-06-01") // the last day
	quiet()
	w.to("2018-06-02")
	for _, want := range []string{"lapsed lapsed", "lapsed lapsed", "lapsed"} {
		w.endBlock()
		if w.kinds() != want {
			t.Fatalf("events %q, want %q", w.kinds(), want)
		}
	}
	quiet()
	for _, ref := range refs {
		w.status(ref, rules.Expired, "")
		if h := w.head(ref); h.Since != date("2018-06-02") {
			t.Errorf("since %v", h.Since)
		}
	}
}

// TestNotSweptYet: handlers go by the day, not by whether the sweep ran.
func TestNotSweptYet(t *testing.T) {
	w := newWorld(t, "2017-06-01")
	ended, overdue, late := w.issue(ms, "A-1"), w.issue(ms, "A-2"), w.issue(ms, "A-3")
	w.suspend(overdue, "2017-07-01")
	w.suspend(late, "2017-07-01")
	reinstate := func(ref rules.Ref) *certificatev1.Reinstate {
		return &certificatev1.Reinstate{Number: ref.Number, Decided: w.day()}
	}
	w.to("2017-07-01")
	w.ok(cqc, body(cqc), reinstate(late)) // on the last day
	w.to("2017-07-02")
	w.refuse(&rules.CodeSuspensionUp, cqc, body(cqc), reinstate(overdue))
	if got := fmt.Sprint(w.history(overdue)); got != "[issue suspend]" {
		t.Errorf("a refusal left %s", got)
	}
	w.revoke(overdue, "0115")
	if got := fmt.Sprint(w.history(overdue)); got != "[issue suspend overdue revoke]" || w.kinds() != "overdue revoked" {
		t.Errorf("history %s, events %s", got, w.kinds())
	}
	w.endBlock()
	if w.kinds() != "" {
		t.Errorf("swept again: %s", w.kinds())
	}

	w.to("2018-06-02")
	w.refuse(&rules.CodeExpired, cqc, body(cqc), w.message(ms, rules.Suspend, ended, 0, 0))
	w.refuse(&rules.CodeExpired, cqc, body(cqc), w.message(ms, rules.Renew, ended, 0, 0))
	w.ok(cqc, body(cqc), w.message(ms, rules.Correct, ended, 0, 0))
	if got := fmt.Sprint(w.history(ended)); got != "[issue lapse correct]" {
		t.Errorf("history %s", got)
	}
}

// TestOverdueThenLapse: each entry of the queue is one act.
func TestOverdueThenLapse(t *testing.T) {
	w := newWorld(t, "2017-06-01")
	w.sweeps = 1
	ref := w.issue(rules.CCC, "2009010702358369")
	w.suspend(ref, "2017-08-01")
	w.to("2018-08-01")
	for _, want := range []string{"overdue", "lapsed", ""} {
		w.endBlock()
		if w.kinds() != want {
			t.Fatalf("events %q, want %q", w.kinds(), want)
		}
	}
	w.status(ref, rules.Cancelled, "0201")

	// A suspension that ends with the certificate is never overdue.
	ref = w.issue(ms, "A-1")
	w.to("2019-06-01")
	w.suspend(ref, "2019-08-01")
	w.to("2019-09-01")
	w.sweeps = 10
	w.endBlock()
	if w.kinds() != "lapsed" {
		t.Errorf("events %q", w.kinds())
	}
}

// TestErratumOfTheEnd: an erratum can end a certificate in the past.
func TestErratumOfTheEnd(t *testing.T) {
	w := newWorld(t, "2017-06-01")
	ref := w.issue(ms, "A-1")
	w.to("2017-12-01")
	w.ok(cqc, body(cqc), &certificatev1.Correct{Number: "A-1", Decided: w.day(), Note: "x", Expires: days("2017-11-01")})
	w.endBlock()
	w.status(ref, rules.Expired, "")
	h := w.head(ref)
	if r, _, _ := Record(w.state, ref, 3); h.Since != date("2017-11-02") || r.Decided != date("2017-12-01") {
		t.Errorf("since %v, recorded as of %v", h.Since, r.Decided)
	}
	// It stays lapsed if the erratum is put right; the status is not for errata.
	w.ok(cqc, body(cqc), &certificatev1.Correct{Number: "A-1", Decided: w.day(), Note: "x", Expires: days("2018-06-01")})
	w.status(ref, rules.Expired, "")
}
