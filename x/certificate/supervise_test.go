package certificate

import (
	"fmt"
	"testing"

	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
)

func (w *world) view(ref rules.Ref) *View {
	w.t.Helper()
	v, ok, err := w.m.Effective(w.state, ref, w.now)
	if err != nil || !ok {
		w.t.Fatalf("%v, %v", ok, err)
	}
	return v
}

func (w *world) flags(ref rules.Ref, want rules.Flags) {
	w.t.Helper()
	if got := w.view(ref).Status.Flags; got != want {
		w.t.Fatalf("flags %v, want %v", got, want)
	}
}

func TestOrders(t *testing.T) {
	w := newWorld(t, "2017-06-01")
	ref := w.issue(ms, "A-1")
	file := func(due string) *certificatev1.FileOrder {
		return &certificatev1.FileOrder{Number: ref.Number, Issuer: ref.Issuer, Decided: w.day(), Note: "look into it", Due: days(due)}
	}
	end := func(n uint32) *certificatev1.CloseOrder {
		return &certificatev1.CloseOrder{Number: ref.Number, Issuer: ref.Issuer, Decided: w.day(), Order: n}
	}
	w.refuse(&codeMalformed, samr, head(samr), &certificatev1.FileOrder{Number: "A-1", Issuer: cqcNumber, Decided: w.day(), Due: w.day()})
	w.refuse(&rules.CodeDateOrder, samr, head(samr), file("2017-05-31"))
	w.ok(samr, head(samr), file("2017-07-01"))
	w.ok(local, head(local), file("2017-06-15"))
	if h := w.head(ref); h.OrderDue != date("2017-06-15") {
		t.Errorf("due %v", h.OrderDue)
	}
	w.flags(ref, rules.FlagOrder)

	w.to("2017-06-15")
	w.endBlock()
	if w.kinds() != "" {
		t.Errorf("on the last day: %s", w.kinds())
	}
	w.to("2017-06-16")
	w.flags(ref, rules.FlagOrder|rules.FlagOrderOverdue)
	w.endBlock()
	if w.kinds() != "order_overdue" {
		t.Errorf("events %q", w.kinds())
	}
	if o, ok, err := OrderOf(w.state, ref, 3); !ok || err != nil || !o.Overdue || o.Member != local || o.Closed != 0 {
		t.Errorf("order %+v, %v, %v", o, ok, err)
	}
	w.endBlock()
	if w.kinds() != "" {
		t.Errorf("noted twice")
	}

	w.refuse(&codeNotTheirs, samr, head(samr), end(3))
	w.refuse(&codeOrder, samr, head(samr), end(9))
	w.members[local].Active = false
	w.ok(samr, head(samr), end(3)) // local is no regulator any more
	w.refuse(&codeOrder, samr, head(samr), end(3))
	w.flags(ref, rules.FlagOrder)
	w.revoke(ref, "0122")
	w.flags(ref, rules.FlagOrder) // an order outlives the certificate
	w.ok(samr, head(samr), end(2))
	w.flags(ref, 0)
	w.to("2017-08-01")
	w.endBlock()
	if w.kinds() != "" {
		t.Errorf("a closed order became overdue")
	}

	ref = w.issue(ms, "A-2")
	for range MaxOpenOrders {
		w.ok(samr, head(samr), file("2017-09-01"))
	}
	w.refuse(&codeOrders, samr, head(samr), file("2017-09-01"))
}

func TestFlags(t *testing.T) {
	w := newWorld(t, "2017-06-01")
	ref := w.issue(ms, "A-1")
	flag := &certificatev1.Flag{Number: ref.Number, Issuer: ref.Issuer, Decided: w.day(), Note: "forged copies are around"}
	unflag := &certificatev1.Unflag{Number: ref.Number, Issuer: ref.Issuer, Decided: w.day()}
	w.refuse(&codeNotFlagged, samr, head(samr), unflag)
	w.ok(samr, head(samr), flag)
	w.refuse(&codeFlagged, samr, head(samr), flag)
	w.ok(local, head(local), flag)
	w.ok(samr, head(samr), unflag)
	w.flags(ref, rules.FlagRegulator)
	if w.view(ref).Status.Holds() {
		t.Error("valid under a warning")
	}
	w.refuse(&codeNotFlagged, samr, head(samr), unflag)
	unflag.Member = local
	w.refuse(&codeNotTheirs, samr, head(samr), unflag)
	w.members[local].Roles = nil
	w.ok(samr, head(samr), unflag)
	w.flags(ref, 0)
	if got := fmt.Sprint(w.history(ref)); got != "[issue flag flag unflag unflag]" {
		t.Errorf("history %s", got)
	}
}

func TestViewFlags(t *testing.T) {
	w := newWorld(t, "2017-06-01")
	ref := w.issue(ms, "A-1")
	w.flags(ref, 0)
	w.members[cqc].Stopped = true
	w.flags(ref, rules.FlagBodyStopped)
	w.members[cqc].Stopped, w.members[cqc].Active = false, false
	w.flags(ref, rules.FlagBodyStopped)
	w.members[cqc].Active = true

	key := body(cqc)[1].Key
	w.compromises[key] = w.now.Add(1)
	w.flags(ref, 0)
	w.compromises[key] = w.now
	w.flags(ref, rules.FlagKeyCompromised)
	if v := w.view(ref); len(v.Compromised) != 1 || v.Compromised[0].Key != key {
		t.Errorf("compromised %+v", v.Compromised)
	}

	if _, ok, err := w.m.Effective(w.state, rules.Ref{Issuer: cqcNumber, Number: "A-9"}, w.now); ok || err != nil {
		t.Errorf("an absent one: %v, %v", ok, err)
	}
}
