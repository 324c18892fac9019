package rules

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/hallmark-ledger/hallmark/x/civil"
)

func TestEffective(t *testing.T) {
	system := Standing{Family: ManagementSystem, Status: Valid, Since: date("2016-01-15"), Issued: date("2016-01-15"), Expires: date("2018-09-15")}
	product := Standing{Family: CCC, Status: Valid, Since: date("2013-03-01"), Issued: date("2013-03-01"), Expires: date("2018-03-01")}
	suspended := system.Suspend("0116", date("2017-01-10"), date("2017-01-11"), date("2017-07-11"))
	late := system.Suspend("0116", date("2018-06-01"), date("2018-06-01"), date("2018-12-01"))
	ordered := system
	ordered.OrderDue = date("2017-05-01")
	for _, c := range []struct {
		name  string
		s     Standing
		on    string
		f     Facts
		want  EffectiveStatus
		holds bool
	}{
		{"before issue", system, "2016-01-14", Facts{}, EffectiveStatus{Valid, "", system.Since, 0, FlagNotYet}, false},
		{"day of issue", system, "2016-01-15", Facts{}, EffectiveStatus{Valid, "", system.Since, 0, 0}, true},
		{"last day", system, "2018-09-15", Facts{}, EffectiveStatus{Valid, "", system.Since, 0, 0}, true},
		{"day after", system, "2018-09-16", Facts{}, EffectiveStatus{Expired, "", date("2018-09-16"), 0, 0}, false},
		{"years after", system, "2030-01-01", Facts{}, EffectiveStatus{Expired, "", date("2018-09-16"), 0, 0}, false},
		{"CCC last day", product, "2018-03-01", Facts{}, EffectiveStatus{Valid, "", product.Since, 0, 0}, true},
		{"CCC day after", product, "2018-03-02", Facts{}, EffectiveStatus{Cancelled, "0201", date("2018-03-02"), 0, 0}, false},

		{"suspended", suspended, "2017-01-11", Facts{}, EffectiveStatus{Suspended, "0116", date("2017-01-10"), 0, 0}, false},
		{"its last day", suspended, "2017-07-11", Facts{}, EffectiveStatus{Suspended, "0116", date("2017-01-10"), 0, 0}, false},
		{"overdue", suspended, "2017-07-12", Facts{}, EffectiveStatus{Suspended, "0116", date("2017-01-10"), date("2017-07-12"), FlagOverdue}, false},
		{"overdue and lapsed", suspended, "2018-09-16", Facts{}, EffectiveStatus{Expired, "", date("2018-09-16"), 0, 0}, false},
		{"lapsed while suspended", late, "2018-09-16", Facts{}, EffectiveStatus{Expired, "", date("2018-09-16"), 0, 0}, false},
		{"reinstated", suspended.Reinstate(date("2017-03-01")), "2017-08-01", Facts{}, EffectiveStatus{Valid, "", date("2017-03-01"), 0, 0}, true},

		{"revoked", suspended.Close(Revoked, "0115", date("2017-07-20")), "2020-01-01", Facts{}, EffectiveStatus{Revoked, "0115", date("2017-07-20"), 0, 0}, false},
		{"annulled", system.Close(Annulled, "", date("2017-07-20")), "2020-01-01", Facts{}, EffectiveStatus{Annulled, "", date("2017-07-20"), 0, 0}, false},
		{"replaced system", system.Replace(date("2018-08-01")), "2018-08-02", Facts{}, EffectiveStatus{Revoked, "0120", date("2018-08-01"), 0, FlagReplaced}, false},
		{"replaced CCC", product.Replace(date("2018-01-01")), "2018-08-02", Facts{}, EffectiveStatus{Cancelled, "0204", date("2018-01-01"), 0, FlagReplaced}, false},

		{"order open", ordered, "2017-05-01", Facts{}, EffectiveStatus{Valid, "", system.Since, 0, FlagOrder}, true},
		{"order overdue", ordered, "2017-05-02", Facts{}, EffectiveStatus{Valid, "", system.Since, 0, FlagOrder | FlagOrderOverdue}, false},
		{"body stopped", system, "2017-05-02", Facts{BodyStopped: true}, EffectiveStatus{Valid, "", system.Since, 0, FlagBodyStopped}, true},
		{"component", system, "2017-05-02", Facts{ComponentSuspended: true}, EffectiveStatus{Valid, "", system.Since, 0, FlagComponentSuspended}, false},
		{"key", system, "2017-05-02", Facts{KeyCompromised: true}, EffectiveStatus{Valid, "", system.Since, 0, FlagKeyCompromised}, false},
	} {
		e := EffectiveOn(c.s, date(c.on), c.f)
		if e != c.want || e.Holds() != c.holds {
			t.Errorf("%s: got %+v, %t; want %+v, %t", c.name, e, e.Holds(), c.want, c.holds)
		}
		// The whole of the day in Beijing, to its last nanosecond.
		for _, at := range []time.Time{date(c.on).Start(), date(c.on).End().Add(-1)} {
			if got := Effective(c.s, at, c.f); got != e {
				t.Errorf("%s at %v: got %+v", c.name, at, got)
			}
		}
	}
	for _, f := range []Flags{FlagRegulator, FlagImported, FlagSub, FlagReversed, FlagComponents} {
		s := system
		s.Flags = f
		if got := EffectiveOn(s, date("2017-01-01"), Facts{}).Holds(); got != (f != FlagRegulator) {
			t.Errorf("%v: claim holds %t", f, got)
		}
	}
}

// TestEffectiveBeyondCalendar fails safe where no date can be expressed.
func TestEffectiveBeyondCalendar(t *testing.T) {
	h, _ := sampleSystem()
	for _, at := range []time.Time{{}, time.Unix(0, 0), time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC)} {
		if Effective(h.Standing, at, Facts{}).Holds() {
			t.Errorf("valid at %v", at)
		}
	}
	if a, s, due := ChainAct(Standing{Status: Valid, Expires: 1}, time.Unix(1e9, 0)); due {
		t.Errorf("unknown family: %v to %v", a, s)
	}
}

func drawStanding(t *rapid.T) Standing {
	day := func(name string, from civil.Date) civil.Date {
		return from + civil.Date(rapid.IntRange(0, 40).Draw(t, name))
	}
	s := Standing{Family: rapid.SampledFrom(Families).Draw(t, "family"), Status: Valid}
	s.Issued = day("issued", 16000)
	s.Expires = day("expires", s.Issued)
	s.Since = s.Issued
	if rapid.Bool().Draw(t, "ordered") {
		s.OrderDue = day("order due", 16000)
	}
	s.Flags = Flags(rapid.Uint32().Draw(t, "flags")) & StoredFlags &^ (FlagOverdue | FlagReplaced)
	to := rapid.SampledFrom(Statuses).Draw(t, "status")
	on := day("decided", s.Issued)
	reason := ""
	if list := s.Family.Rules().Reasons(to); len(list) > 0 {
		reason = rapid.SampledFrom(list).Draw(t, "reason").Code
	}
	switch to {
	case Valid:
	case Suspended:
		from := day("from", on)
		s = s.Suspend(reason, on, from, day("until", from))
	default:
		s = s.Close(to, reason, on)
	}
	return s
}

// TestEffectiveAgreesWithNext shows for random certificates that what the chain
// writes is a legal transition, leads where Effective already was, and comes to
// an end; and that handlers, going by the effective status, never find a chain
// act that should have come first.
func TestEffectiveAgreesWithNext(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawStanding(t)
		if err := s.Check(); err != nil {
			t.Fatalf("%+v: %v", s, err)
		}
		day := civil.Date(rapid.IntRange(15990, 16200).Draw(t, "day"))
		want := EffectiveOn(s, day, Facts{})
		for steps := 0; ; steps++ {
			if got := EffectiveOn(s, day, Facts{}); got != want {
				t.Fatalf("after %d acts: %+v, before: %+v", steps, got, want)
			}
			a, next, due := ChainAct(s, day.Start())
			if !due {
				break
			}
			if steps == 2 {
				t.Fatal("more than overdue and lapse")
			}
			to, code := Next(s.Family, s.Status, a)
			if code != nil || to != next.Status {
				t.Fatalf("%v of %v: Next says %v, %v; the chain %v", a, s.Status, to, code, next.Status)
			}
			if err := next.Check(); err != nil {
				t.Fatalf("after %v: %v", a, err)
			}
			if act, from := NextDue(s); act != a || from > day {
				t.Fatalf("due %v on %v, done %v on %v", act, from, a, day)
			}
			s = next
		}
		if s.Status != want.Status || s.Flags != want.Flags&StoredFlags {
			t.Fatalf("written %+v, effective %+v", s, want)
		}
		if a, from := NextDue(s); a != 0 && from <= day {
			t.Fatalf("%v still due on %v", a, from)
		}
		// Time only ever ends a certificate.
		later := EffectiveOn(s, day+civil.Date(rapid.IntRange(0, 300).Draw(t, "later")), Facts{})
		if want.Status.Final() && later.Status != want.Status {
			t.Fatalf("%v, later %v", want.Status, later.Status)
		}
		if want.Status == Suspended && later.Status == Valid {
			t.Fatal("a suspension ended by itself")
		}
	})
}

func TestRestore(t *testing.T) {
	h, _ := sampleProduct()
	before := h.Standing
	closed := before.Close(Revoked, "0203", date("2017-03-01"))
	closed.Flags |= FlagRegulator
	closed.Expires = date("2018-03-02") // an erratum
	got := before.Restore(closed)
	want := before
	want.Expires = closed.Expires
	want.Flags |= FlagRegulator | FlagReversed
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	refused(t, "restored", got.Check(), nil)
	if e := EffectiveOn(got, date("2017-08-01"), Facts{}); e.Flags&FlagOverdue == 0 {
		t.Error("a restored suspension runs on")
	}
}
