package certificate

import (
	"fmt"
	"testing"

	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// reach makes a certificate that has a status, with an order on it that is open
// if it could be filed, and without a warning. It returns the record that led to
// the status.
func (w *world) reach(f rules.Family, s rules.Status) (ref rules.Ref, order, record uint32) {
	w.t.Helper()
	ref = rules.Ref{Issuer: cqcNumber, Number: numbersOf[f]}
	if s == rules.None {
		return ref, 0, 0
	}
	lapses := f.Rules().Lapses.Status
	if s == rules.Cancelled && !f.Rules().Cancels() || s == rules.Expired && lapses != rules.Expired {
		w.window = 10
		w.ok(cqc, body(cqc), &certificatev1.Import{Certificate: w.certificate(f, ref.Number), Decided: w.day(), Status: certificatev1.Status(s)})
		return ref, 0, 1
	}
	w.issue(f, ref.Number)
	w.ok(samr, head(samr), w.message(f, rules.Order, ref, 0, 0))
	order = 2
	take := func(a rules.Action) {
		w.t.Helper()
		actor, signers := by(a)
		w.ok(actor, signers, w.message(f, a, ref, 0, 0))
	}
	switch s {
	case rules.Suspended:
		take(rules.Suspend)
	case rules.Revoked:
		take(rules.Revoke)
	case rules.Cancelled:
		take(rules.Cancel)
	case rules.Annulled:
		take(rules.Annul)
	case rules.Expired:
		w.now = w.head(ref).Expires.End()
		w.endBlock()
	}
	if h := w.head(ref); h.Status != s {
		w.t.Fatalf("%v instead of %v", h.Status, s)
	}
	return ref, order, w.head(ref).Records
}

// beyond lists what the table of transitions leaves to the handlers: who has no
// record to reverse or order to close is refused with another code.
func beyond(f rules.Family, s rules.Status, a rules.Action, order, record uint32) *exec.Code {
	switch {
	case s == rules.None && (a == rules.Renew || a == rules.Transfer):
		return &rules.CodeAbsent // of the old certificate; the table has the new one
	case a == rules.Reverse && (record == 1 || s == rules.Expired):
		return &codeNotReversible // stated by an import, or done by time
	case a == rules.CloseOrder && order == 0:
		return &codeOrder
	}
	return nil
}

func TestEveryFamilyStatusAction(t *testing.T) {
	for _, f := range rules.Families {
		for _, s := range append([]rules.Status{rules.None}, rules.Statuses...) {
			for _, a := range rules.Actions() {
				t.Run(fmt.Sprintf("%v/%v/%v", f, s, a), func(t *testing.T) {
					w := newWorld(t, "2017-06-01")
					ref, order, record := w.reach(f, s)
					to, code := rules.Next(f, s, a)
					if a == rules.Lapse || a == rules.Overdue {
						w.byTime(f, s, a, ref, to, code)
						return
					}
					w.window = 10
					actor, signers := by(a)
					if a == rules.Unflag && s != rules.None {
						w.ok(actor, signers, w.message(f, rules.Flag, ref, 0, 0))
					}
					if code == nil {
						code = beyond(f, s, a, order, record)
					}
					msg := w.message(f, a, ref, order, record)
					if code != nil {
						before := storeRoot(w)
						w.refuse(code, actor, signers, msg)
						if storeRoot(w) != before {
							t.Error("a refusal changed the state")
						}
						return
					}
					w.ok(actor, signers, msg)
					switch {
					case to == rules.AsStated && a == rules.Reverse, to == rules.AsStated && a == rules.Import:
						to = rules.Valid
					case s == rules.None && a == rules.Issue:
						to = rules.Valid
					}
					if h := w.head(ref); h.Status != to {
						t.Errorf("%v, want %v", h.Status, to)
					}
				})
			}
		}
	}
}

// byTime checks what time alone does to a certificate, and to which not.
func (w *world) byTime(f rules.Family, s rules.Status, a rules.Action, ref rules.Ref, to rules.Status, code *exec.Code) {
	w.t.Helper()
	if s == rules.None {
		w.endBlock()
		return
	}
	h := w.head(ref)
	switch {
	case a == rules.Lapse:
		w.now = h.Expires.End()
	case s == rules.Suspended:
		w.now = h.SuspendedUntil.End()
	default:
		w.now = w.today().AddMonths(11).Start()
	}
	w.endBlock()
	after := w.head(ref)
	if code != nil {
		if *after != *h {
			w.t.Errorf("%v of %v changed it", a, s)
		}
		return
	}
	if after.Status != to || after.Reason != h.Reason && a == rules.Overdue || a == rules.Lapse && after.Reason != f.Rules().Lapses.Reason {
		w.t.Errorf("%v of %v: %+v", a, s, after)
	}
	if a == rules.Overdue && after.Flags&rules.FlagOverdue == 0 {
		w.t.Error("no flag")
	}
}
