package light

import (
	"fmt"

	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/certificate"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// Late is a certificate that was valid on the day of an event, and was not any more
// when the event was recorded: the event may have been given an earlier time for it.
type Late struct {
	Then         // as of the day of the recording
	Entry uint64 // number of the event's
}

// noteTrace says what a reader of a trace should know beside the outcome.
func (v *Verdict) noteTrace() {
	t := v.Trace
	if t.past() {
		v.Unproven = append(v.Unproven, unprovenThen)
	}
	if len(t.Certificates) == 0 {
		v.Notes = append(v.Notes, noteNoCertificates)
	}
	for _, c := range t.Certificates {
		if !c.Status.Holds() && t.relies(c.Ref) {
			v.Notes = append(v.Notes, noteNotValidNow.with(fmt.Sprintf("%v: %s", c.Ref, statusText(&c.Status))))
		}
	}
	if l := t.Late; l != nil {
		v.Notes = append(v.Notes, noteReportedLate.with(fmt.Sprintf("event %d, recorded %v, %v: %s", l.Entry, l.On, l.Ref, statusText(l.Status))))
	}
	if n := t.bare(); n > 0 {
		v.Notes = append(v.Notes, noteNoneAtEvent.with(fmt.Sprintf("event %d", n)))
	}
	if c, n := t.otherHolder(); c != nil {
		v.Notes = append(v.Notes, noteHolderChanged.with(fmt.Sprintf("event %d, %v", n, c.Ref)))
	}
	unknown, unconfirmed := 0, 0
	for _, p := range t.Products {
		for _, l := range p.Links {
			switch {
			case !l.Known:
				unknown++
			case !l.Confirmed:
				unconfirmed++
			}
		}
	}
	if unknown > 0 {
		v.Notes = append(v.Notes, noteUnknownOrigin.with(fmt.Sprint(unknown)))
	}
	if unconfirmed > 0 {
		v.Notes = append(v.Notes, noteUnconfirmed.with(fmt.Sprint(unconfirmed)))
	}
}

// late finds the first certificate that held on the day of an event and did not at the
// end of the day on which that was recorded.
func (t *Trace) late(r store.Reader) error {
	for n, list := range t.Then {
		recorded := min(civil.DateOf(t.Products[0].Chain[n].Time), civil.DateOf(t.at))
		for i := range list {
			c := &list[i]
			if !c.Holds() || recorded <= c.On {
				continue
			}
			found, err := t.status(r, c.Ref, recorded)
			if err != nil {
				return err
			}
			if !found.Holds() {
				t.Late = &Late{*found, uint64(n) + 1}
				t.Late.Product, t.Late.On = c.Product, recorded
				return nil
			}
		}
	}
	return nil
}

// bare returns the number of the first event's entry at which none of the first
// product's own certificates counted, though it has had some; 0 if there is none.
func (t *Trace) bare() uint64 {
	had := false
	for _, e := range t.Products[0].Chain {
		had = had || len(named(e)) > 0
	}
	if !had {
		return 0
	}
	for n, e := range t.Products[0].Chain {
		if list := t.Then[n]; e.Event != nil && (len(list) == 0 || list[0].Product != 0) { // its own come first
			return e.N
		}
	}
	return 0
}

// otherHolder returns the first certificate of the first product at an event that by
// its record of that day had another holder than at present, and the number of the
// event's entry; nil if there is none.
func (t *Trace) otherHolder() (*Then, uint64) {
	now := map[rules.Ref]string{} // never ranged over
	for i := range t.Certificates {
		now[t.Certificates[i].Ref] = certificate.HolderOf(t.Certificates[i].holder)
	}
	for n := range t.Then {
		for i := range t.Then[n] {
			c := &t.Then[n][i]
			if c.Product == 0 && c.holder != "" && certificate.HolderOf(c.holder) != now[c.Ref] {
				return c, uint64(n) + 1
			}
		}
	}
	return nil, 0
}

// past reports whether a status is of a day before that of the state: records say
// what a certificate was then, and nothing says what other flags it had.
func (t *Trace) past() bool {
	today := civil.DateOf(t.at)
	for _, list := range t.Then {
		for _, c := range list {
			if c.On < today {
				return true
			}
		}
	}
	return false
}

// relies reports whether the product, or one that is in it, relies on a certificate
// at present.
func (t *Trace) relies(ref rules.Ref) bool {
	for i, p := range t.Products {
		if !t.Within[i] {
			continue
		}
		for _, r := range p.Certificates {
			if rules.Ref(r) == ref {
				return true
			}
		}
	}
	return false
}
