package light

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/certificate"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
	"github.com/hallmark-ledger/hallmark/x/evidence"
	"github.com/hallmark-ledger/hallmark/x/trace"
)

// What a trace may have at most, beside the limits of a walk.
const (
	maxTraceCertificates = 512    // on the whole way
	maxTraceStatuses     = 65_536 // of certificates, over all events
)

// ErrTraceTooLarge: a way is beyond what one claim proves.
var ErrTraceTooLarge = errors.New("light: the way of the product is too large for one claim")

// Trace is the way of a product, with what its certificates were at each event and
// are now.
type Trace struct {
	*trace.Way
	// Within says of each product on the way whether by the latest events it is in
	// the first one.
	Within []bool
	// Then has the certificates at each event of the first product, by the number
	// of the entry; nil of other entries.
	Then [][]Then
	// Certificates are all that products on the way rely on or have relied on, in
	// the order in which their chains name them.
	Certificates []TraceCertificate
	// Anchored are events of the first product that the bundle has beside the chain:
	// leaves of anchors about it. Each was there when its anchor was recorded; that
	// there are no others nothing shows.
	Anchored []AnchoredEvent
	// Late is the first event that was reported when a certificate of it had lost what
	// it had on the day of the event; nil if there is none.
	Late *Late

	at       time.Time           // of the state
	statuses map[statusKey]*Then // never ranged over
}

// AnchoredEvent is an event in an anchor. Its content is the canonical form of the
// event, so its content hash is the event's.
type AnchoredEvent struct {
	AnchoredLeaf
	Member   string    // that anchored it
	Recorded time.Time // the time of the block
}

// Then is what a certificate was on the day of an event.
type Then struct {
	Ref     rules.Ref
	Product int // place on the way of the one that relies on it
	On      civil.Date
	Family  rules.Family
	Status  *rules.EffectiveStatus // nil: nothing had been decided of it by then

	holder string // by the record of the date; empty if no record was read
}

// Holds reports whether it was valid, without blocking flag.
func (t *Then) Holds() bool { return t.Status != nil && t.Status.Holds() }

// TraceCertificate is what a certificate is at the instant of the verification.
type TraceCertificate struct {
	Ref      rules.Ref
	Products []int // places on the way
	Family   rules.Family
	Status   rules.EffectiveStatus

	holder string // at present
}

type statusKey struct {
	ref rules.Ref
	on  civil.Date
}

// Recalls returns the recalls that stand against the product or what is in it.
func (t *Trace) Recalls() (list []trace.Standing) {
	for i, p := range t.Products {
		if t.Within[i] {
			list = append(list, p.Recalls...)
		}
	}
	return list
}

// Failed returns the first certificate that was not valid at an event, and the
// number of that event's entry; nil if all were.
func (t *Trace) Failed() (*Then, uint64) {
	for i := range t.Then {
		for j := range t.Then[i] {
			if c := &t.Then[i][j]; !c.Holds() {
				return c, uint64(i) + 1
			}
		}
	}
	return nil, 0
}

// Look walks the way of a product over a state, of which asOf is the time, and
// finds what its certificates were, and are at an instant; false if it is not
// registered. The error is ErrTraceTooLarge where it goes too far, or over more than
// a bundle can hold.
func Look(r store.Reader, product string, asOf, at time.Time) (*Trace, bool, error) {
	if _, bundle := r.(*State); !bundle {
		r = &metered{r, map[string]struct{}{}, MaxBundleSize}
	}
	way, ok, err := trace.Walk(r, product)
	if errors.Is(err, trace.ErrTooFar) {
		err = fmt.Errorf("%w: %w", ErrTraceTooLarge, err)
	}
	if err != nil || !ok {
		return nil, false, err
	}
	t := &Trace{Way: way, Within: make([]bool, len(way.Products)), Then: make([][]Then, len(way.Products[0].Chain)), at: asOf, statuses: map[statusKey]*Then{}}
	for _, i := range way.Joined(time.Unix(0, 1<<63-1)) {
		t.Within[i] = true
	}
	if err := t.certificates(r, at); err != nil {
		return nil, true, err
	}
	if err := t.events(r); err != nil {
		return nil, true, err
	}
	return t, true, t.late(r)
}

// certificates finds all certificates of the way, and what they are now.
func (t *Trace) certificates(r store.Reader, at time.Time) error {
	places := map[rules.Ref]int{} // never ranged over
	for i, p := range t.Products {
		for _, e := range p.Chain {
			for _, ref := range named(e) {
				at, known := places[ref]
				if !known {
					if len(t.Certificates) == maxTraceCertificates {
						return fmt.Errorf("%w: more than %d certificates", ErrTraceTooLarge, maxTraceCertificates)
					}
					at = len(t.Certificates)
					places[ref] = at
					t.Certificates = append(t.Certificates, TraceCertificate{Ref: ref})
				}
				c := &t.Certificates[at]
				if n := len(c.Products); n == 0 || c.Products[n-1] != i {
					c.Products = append(c.Products, i)
				}
			}
		}
	}
	for i := range t.Certificates {
		c := &t.Certificates[i]
		v, ok, err := certificates.Effective(r, c.Ref, at)
		if err == nil && !ok {
			err = fmt.Errorf("light: a product relies on %v, which there is not", c.Ref)
		}
		if err != nil {
			return err
		}
		c.Family, c.Status, c.holder = v.Head.Family, v.Status, v.Head.Holder
	}
	return nil
}

// named returns the certificates that an entry links.
func named(e *trace.Entry) (refs []rules.Ref) {
	var list []trace.Ref
	switch {
	case e.Registered != nil:
		list = e.Registered.Certificates
	case e.Certificates != nil:
		list = e.Certificates.Add
	}
	for _, r := range list {
		refs = append(refs, rules.Ref(r))
	}
	return refs
}

// events finds what the certificates were at each event of the first product: of
// those that it relied on before the entry, of those that the products then in it
// relied on when it was filed, and of those that any of them relied on at the time of
// the event, so that to unlink one before an event is reported hides nothing.
func (t *Trace) events(r store.Reader) error {
	total := 0
	for n, e := range t.Products[0].Chain {
		if e.Event == nil {
			continue
		}
		on := civil.DateOf(e.Event.Time)
		for _, place := range t.Way.Joined(e.Event.Time) {
			refs := t.Products[place].CertificatesAt(e.Height)
			if place == 0 {
				refs = t.Products[place].CertificatesBefore(e.N)
			}
			for _, ref := range t.Products[place].CertificatesOn(e.Event.Time) {
				if !slices.Contains(refs, ref) {
					refs = append(slices.Clip(refs), ref)
				}
			}
			if total += len(refs); total > maxTraceStatuses {
				return fmt.Errorf("%w: more than %d statuses of certificates", ErrTraceTooLarge, maxTraceStatuses)
			}
			for _, ref := range refs {
				found, err := t.status(r, rules.Ref(ref), on)
				if err != nil {
					return err
				}
				then := *found
				then.Product, then.On = place, on
				t.Then[n] = append(t.Then[n], then)
			}
		}
	}
	return nil
}

// status returns what a certificate was at the end of a date before that of the
// state, by what had been decided by then; and what it is as of the state for any
// later one.
func (t *Trace) status(r store.Reader, ref rules.Ref, on civil.Date) (*Then, error) {
	on = min(on, civil.DateOf(t.at))
	key := statusKey{ref, on}
	if s, known := t.statuses[key]; known {
		return s, nil
	}
	then := &Then{Ref: ref}
	if on == civil.DateOf(t.at) {
		v, ok, err := certificates.Effective(r, ref, t.at)
		if err != nil {
			return nil, err
		}
		if ok {
			then.Family, then.Status = v.Head.Family, &v.Status
		}
	} else {
		record, ok, err := certificate.On(r, ref, on)
		if err != nil {
			return nil, err
		}
		if ok {
			e := rules.EffectiveOn(record.After.Standing, on, rules.Facts{})
			then.Family, then.Status, then.holder = record.After.Family, &e, record.After.Holder
		}
	}
	t.statuses[key] = then
	return then, nil
}

// traced answers the claim Traced.
func (v *Verdict) traced(r store.Reader) error {
	t, ok, err := Look(r, v.Claim.Product, v.Time, v.at())
	switch {
	case err != nil:
		return err
	case !ok:
		v.decide(false, Reason{}, reasonNoProduct.with(v.Claim.Product))
		return nil
	}
	v.Trace = t
	if t.Anchored, err = anchoredEvents(r, v.Claim.Product); err != nil {
		return err
	}
	var against []Reason
	if list := t.Recalls(); len(list) > 0 {
		against = append(against, reasonRecalled.with(fmt.Sprintf("%s, entry %d, by %s", list[0].URI, list[0].Entry.N, list[0].Entry.Member)))
	}
	if c, n := t.Failed(); c != nil {
		against = append(against, reasonNotValidThen.with(fmt.Sprintf("event %d, %v, %v: %s", n, c.On, c.Ref, statusText(c.Status))))
	}
	v.noteTrace()
	if len(against) == 0 {
		v.decide(true, reasonTraced.with(fmt.Sprintf("%d entries", t.Products[0].Entries)), Reason{})
		return nil
	}
	v.Outcome = DoesNotHold
	v.because(against...)
	return nil
}

// anchoredEvents returns the leaves of a bundle that are events of a product. A node
// has none.
func anchoredEvents(r store.Reader, product string) (list []AnchoredEvent, err error) {
	s, ok := r.(*State)
	if !ok {
		return nil, nil
	}
	for _, l := range s.leaves {
		anchor, ok, err := evidence.Find(r, l.Anchor)
		if err != nil {
			return nil, err
		}
		if ok && anchor.Kind == evidence.Events && anchor.Subject == evidence.OfProduct(product) {
			list = append(list, AnchoredEvent{l, anchor.Member, anchor.Time})
		}
	}
	return list, nil
}

// statusText says what a status is, or why it does not hold.
func statusText(s *rules.EffectiveStatus) string {
	switch {
	case s == nil:
		return "none"
	case s.Status == rules.Valid:
		return (s.Flags & rules.Blocking).String()
	}
	return s.Status.String()
}
