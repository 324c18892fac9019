package light

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/hallmark-ledger/hallmark/app"
	"github.com/hallmark-ledger/hallmark/app/apptest"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/certificate"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// TestVerdictsAreQueries: of random histories, what a bundle's verdict says is
// what the modules answer over the whole state.
func TestVerdictsAreQueries(t *testing.T) {
	seen := map[string]int{}
	rapid.Check(t, func(rt *rapid.T) {
		l := newLedger(t, 4)
		g := &apptest.Gen{Choose: func(n int) int { return rapid.IntRange(0, n-1).Draw(rt, "choice") }}
		for range rapid.IntRange(3, 12).Draw(rt, "blocks") {
			after := rapid.SampledFrom([]time.Duration{time.Second, time.Hour, 20 * time.Hour, 24 * 40 * time.Hour}).Draw(rt, "after")
			g.Now, g.Height = l.net.Now().Add(after), l.net.Height()+1
			g.Known = nil
			for _, ref := range allOf(t, l.view()) {
				g.Known = append(g.Known, apptest.Ref(ref))
			}
			var txs [][]byte
			for range rapid.IntRange(1, 6).Draw(rt, "transactions") {
				if raw, err := g.Tx().TrySign(); err == nil {
					txs = append(txs, raw)
				}
			}
			l.run(after, txs...)
		}
		l.empty(time.Second)
		r, card, src := l.view(), l.card(), l.source()
		now := l.net.Now().Add(time.Duration(rapid.IntRange(0, 50).Draw(rt, "hours")) * time.Hour)
		for _, ref := range append(allOf(t, r), rules.Ref{Issuer: apptest.CQC, Number: "NONE"}) {
			c := Claim{Issuer: ref.Issuer, Number: ref.Number}
			check := func(claim Claim) *Verdict {
				b, err := Build(src, claim, false)
				if err != nil {
					rt.Fatal(err)
				}
				v := Verify(b, card, claim, Limits{MaxAge: 1000 * time.Hour}, now)
				seen[claim.Kind.String()+" "+v.Outcome.String()]++
				return v
			}
			sameStatus(rt, r, check(c), now)
			date := l.today() - civil.Date(rapid.IntRange(-1, 90).Draw(rt, "days"))
			sameOnDate(rt, r, check(c.on(date)), l.net.Now())
			sameHistory(rt, r, check(c.as(History)))
			sameIssuers(rt, r, check(c.as(Absent)))
			sameApproval(rt, r, check(c.as(Approved)))
		}
	})
	if testing.Short() { // too few cases to see everything
		return
	}
	for _, want := range []string{
		"valid holds", "valid does-not-hold", "on-date holds", "on-date does-not-hold", "on-date not-established", "history holds",
		"absent holds", "absent does-not-hold", "approved holds",
	} {
		if seen[want] == 0 {
			t.Errorf("never seen: %s in %v", want, seen)
		}
	}
}

// allOf are the certificates in a state.
func allOf(t *testing.T, r store.Reader) (list []rules.Ref) {
	if err := r.Scan(headPrefix, nil, func(_, value []byte) (bool, error) {
		h, err := rules.DecodeHead(value)
		if err == nil {
			list = append(list, h.Ref)
		}
		return true, err
	}); err != nil {
		t.Fatal(err)
	}
	return list
}

func want(rt *rapid.T, v *Verdict, o Outcome) {
	rt.Helper()
	if v.Outcome != o {
		rt.Fatalf("%v: outcome %v for %v, want %v", v.Claim, v.Outcome, v.Reasons, o)
	}
}

func outcomeOf(holds bool) Outcome {
	if holds {
		return Holds
	}
	return DoesNotHold
}

func sameStatus(rt *rapid.T, r *app.Reader, v *Verdict, now time.Time) {
	e, ok, err := r.Certificate.Effective(r, v.Claim.Ref(), now)
	if err != nil {
		rt.Fatal(err)
	}
	want(rt, v, outcomeOf(ok && e.Status.Holds()))
	if ok && (!reflect.DeepEqual(v.View, e) || *v.Status != e.Status) {
		rt.Fatalf("%+v, want %+v", v.View, e)
	}
	if d, found, err := certificate.Details(r, v.Claim.Ref()); err != nil || found && !reflect.DeepEqual(d, v.Details) {
		rt.Fatalf("%+v, want %+v: %v", v.Details, d, err)
	}
}

func sameOnDate(rt *rapid.T, r *app.Reader, v *Verdict, sealed time.Time) {
	date := v.Claim.Date
	record, ok, err := certificate.On(r, v.Claim.Ref(), date)
	if err != nil {
		rt.Fatal(err)
	}
	if ok {
		if e := rules.EffectiveOn(record.After.Standing, date, rules.Facts{}); *v.Status != e || !reflect.DeepEqual(v.Records, []*rules.Record{record}) {
			rt.Fatalf("%+v, want %+v", v.Status, e)
		}
		if later := civil.DateOf(record.Time) > date; later != slices.Contains(codes(v.Notes), "recorded-later") {
			rt.Fatal(v.Notes)
		}
	}
	if civil.DateOf(sealed) <= date {
		want(rt, v, NotEstablished)
		return
	}
	want(rt, v, outcomeOf(ok && v.Status.Holds()))
}

func sameHistory(rt *rapid.T, r *app.Reader, v *Verdict) {
	list, err := certificate.History(r, v.Claim.Ref(), 1, 1<<20)
	if err != nil {
		rt.Fatal(err)
	}
	want(rt, v, outcomeOf(len(list) > 0))
	if !reflect.DeepEqual(v.Records, list) {
		rt.Fatalf("%d records, want %d", len(v.Records), len(list))
	}
}

func sameIssuers(rt *rapid.T, r *app.Reader, v *Verdict) {
	list, err := certificate.Issuers(r, v.Claim.Number)
	if err != nil {
		rt.Fatal(err)
	}
	want(rt, v, outcomeOf(len(list) == 0))
	if !slices.Equal(v.Issuers, list) {
		rt.Fatal(v.Issuers)
	}
}

func sameApproval(rt *rapid.T, r *app.Reader, v *Verdict) {
	first, ok, err := certificate.Record(r, v.Claim.Ref(), 1)
	if err == nil && ok {
		var id string
		if id, ok, err = r.Member.ByApprovalNumber(r, v.Claim.Issuer); ok && err == nil {
			ok, err = r.Member.Covers(r, id, first.After.Scheme, first.Decided)
		}
	}
	if err != nil {
		rt.Fatal(err)
	}
	want(rt, v, outcomeOf(ok))
}

// TestReaderScansNothing: a query that would scan is unproven, not empty.
func TestReaderScansNothing(t *testing.T) {
	l := newLedger(t, 4)
	c := l.issue("Q-1")
	s, err := Open(l.prove(c, false), l.card(), MaxBundleSize)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := certificate.ByHolder(s, apptest.Holder, rules.Ref{}, 10); !errors.Is(err, ErrUnproven) || !strings.Contains(err.Error(), "begin with 056f") {
		t.Error(err)
	}
	if _, _, err := s.Get(nil); !errors.Is(err, ErrUnproven) {
		t.Error(err)
	}
}
