package rules

import (
	"time"

	"github.com/hallmark-ledger/hallmark/x/civil"
)

// Facts is what a certificate's own record cannot say about it.
type Facts struct {
	BodyStopped        bool // a regulator has stopped the issuer
	ComponentSuspended bool // the certificate of a component is not valid
	KeyCompromised     bool // a key behind the present status was compromised when it signed
}

// EffectiveStatus is what holds of a certificate at an instant.
type EffectiveStatus struct {
	Status Status
	// Reason is the code of the status, empty where it has none.
	Reason string
	// Since is the day from which the status holds: of its decision, or the day
	// after the last one for what has lapsed.
	Since civil.Date
	// OverdueSince is the day after the suspension's last one, none unless it is
	// overdue.
	OverdueSince civil.Date
	Flags        Flags
}

// Holds reports whether the default claim holds: valid, and no blocking flag.
func (e EffectiveStatus) Holds() bool { return e.Status == Valid && e.Flags&Blocking == 0 }

// Effective returns what holds at an instant of a certificate with standing s.
// The instant must not be before the record that the standing is of, nor after
// the next one; an instant before the day of issue gives FlagNotYet.
//
// A certificate is valid through the whole of its last day in Beijing, a
// suspension in force through its last day and overdue from then on. Handlers,
// queries and verdicts all go by this function; what the chain writes when a day
// has passed (ChainAct) changes nothing in its result.
func Effective(s Standing, at time.Time, f Facts) EffectiveStatus {
	return effective(s, civil.DateOf(at), f)
}

// EffectiveOn returns what holds on a date: at its end.
func EffectiveOn(s Standing, on civil.Date, f Facts) EffectiveStatus { return effective(s, on, f) }

// effective works in whole days, since nothing of a certificate changes within
// one but by a new record.
func effective(s Standing, day civil.Date, f Facts) EffectiveStatus {
	for {
		_, next, due := chainAct(s, day)
		if !due {
			break
		}
		s = next
	}
	e := EffectiveStatus{Status: s.Status, Reason: s.Reason, Since: s.Since, Flags: s.Flags & StoredFlags}
	if e.Flags&FlagOverdue != 0 {
		e.OverdueSince = s.SuspendedUntil.AddDays(1)
	}
	if day < s.Issued {
		e.Flags |= FlagNotYet
	}
	if s.OrderDue.Valid() {
		e.Flags |= FlagOrder
		if day > s.OrderDue {
			e.Flags |= FlagOrderOverdue
		}
	}
	if f.BodyStopped {
		e.Flags |= FlagBodyStopped
	}
	if f.ComponentSuspended {
		e.Flags |= FlagComponentSuspended
	}
	if f.KeyCompromised {
		e.Flags |= FlagKeyCompromised
	}
	return e
}

// ChainAct returns the next act that time alone demands at an instant, Overdue
// or Lapse, and the standing after it; false if there is none. There may be
// another one after it.
func ChainAct(s Standing, at time.Time) (Action, Standing, bool) {
	return chainAct(s, civil.DateOf(at))
}

func chainAct(s Standing, day civil.Date) (Action, Standing, bool) {
	a, from := NextDue(s)
	if a == 0 || day < from {
		return 0, s, false
	}
	if a == Overdue {
		s.Flags |= FlagOverdue
		return a, s, true
	}
	c := s.Family.Rules().Lapses
	return a, s.end(c.Status, c.Reason, from), true
}

// NextDue returns what time alone will do next to a certificate with standing s,
// Overdue or Lapse, and the day at whose start it is due; 0 if nothing.
func NextDue(s Standing) (Action, civil.Date) {
	if !s.Status.Live() || !s.Family.Known() {
		return 0, 0
	}
	if s.Status == Suspended && s.Flags&FlagOverdue == 0 && s.SuspendedUntil < s.Expires {
		return Overdue, s.SuspendedUntil.AddDays(1)
	}
	return Lapse, s.Expires.AddDays(1)
}
