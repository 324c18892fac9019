package certificate

import (
	"slices"

	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// index brings the indexes up to date with s.
func (s *step) index(rw store.ReadWriter) error {
	if s.before == nil {
		if err := addIssuer(rw, s.after.Ref); err != nil {
			return err
		}
	}
	if err := s.indexSuccessor(rw); err != nil {
		return err
	}
	if err := reindexText(rw, s.after.Ref, restsOn(s.oldText), restsOn(s.text)); err != nil {
		return err
	}
	return reindex(rw, derive(s.before), derive(&s.after))
}

func (s *step) indexSuccessor(w store.Writer) error {
	was := s.before != nil && s.before.Flags&rules.FlagReplaced != 0
	switch is := s.after.Flags&rules.FlagReplaced != 0; {
	case is && !was:
		return successors.Set(w, s.after.Ref, s.record.Link)
	case was && !is:
		return successors.Delete(w, s.after.Ref)
	}
	return nil
}

func addIssuer(rw store.ReadWriter, ref rules.Ref) error {
	list, _, err := numbers.Get(rw, ref.Number)
	if err != nil {
		return err
	}
	list = append(list, ref.Issuer)
	slices.Sort(list)
	return numbers.Set(rw, ref.Number, list)
}

// restsOn returns the certificates that one with details d rests on.
func restsOn(d *rules.Details) []rules.Ref {
	if d == nil {
		return nil
	}
	list := slices.Clone(d.Components)
	if !d.Main.IsZero() && !slices.Contains(list, d.Main) {
		list = append(list, d.Main)
	}
	return list
}

// reindexText replaces what certificate by rests on.
func reindexText(w store.Writer, by rules.Ref, before, after []rules.Ref) error {
	for _, r := range before {
		if !slices.Contains(after, r) {
			if err := uses.Delete(w, use{r, by}); err != nil {
				return err
			}
		}
	}
	for _, r := range after {
		if !slices.Contains(before, r) {
			if err := uses.Set(w, use{r, by}, struct{}{}); err != nil {
				return err
			}
		}
	}
	return nil
}

// derived is what the indexes say of a certificate, all of which its head
// determines. A zero part is not there.
type derived struct {
	holding        holding
	lapse, overdue due
	barID          barID
	bar            Bar
}

// derive returns what the indexes are to say of h, nothing of nil.
func derive(h *rules.Head) (d derived) {
	if h == nil {
		return d
	}
	d.holding = holding{HolderOf(h.Holder), h.Ref}
	if h.Status.Live() {
		d.lapse = due{h.Expires.AddDays(1), dueLapse, h.Ref, 0}
	}
	if a, day := rules.NextDue(h.Standing); a == rules.Overdue {
		d.overdue = due{day, dueOverdue, h.Ref, 0}
	}
	if until := rules.BarredUntil(h.Family, h.Status, h.Reason, h.Since); until != 0 {
		scope := holderScope{d.holding.holder, rules.BarScope(h.Family, h.Scheme, h.Number)}
		d.barID, d.bar = barID{scope, until, h.Ref}, Bar{h.Since, until, h.Reason}
	}
	return d
}

// reindex replaces what the indexes say of a certificate.
func reindex(rw store.ReadWriter, before, after derived) error {
	if err := move(rw, holders, before.holding, after.holding); err != nil {
		return err
	}
	if err := move(rw, queue, before.lapse, after.lapse); err != nil {
		return err
	}
	if err := move(rw, queue, before.overdue, after.overdue); err != nil {
		return err
	}
	return reindexBar(rw, before, after)
}

// move replaces one member of a set by another; the zero key is none.
func move[K comparable](w store.Writer, set store.Map[K, struct{}], before, after K) error {
	var none K
	if before == after {
		return nil
	}
	if before != none {
		if err := set.Delete(w, before); err != nil {
			return err
		}
	}
	if after != none {
		return set.Set(w, after, struct{}{})
	}
	return nil
}

func reindexBar(rw store.ReadWriter, before, after derived) error {
	if before.barID == after.barID && before.bar == after.bar {
		return nil
	}
	if before.bar != (Bar{}) {
		if err := bars.Delete(rw, before.barID); err != nil {
			return err
		}
		if err := rebar(rw, before.barID.holderScope); err != nil {
			return err
		}
	}
	if after.bar != (Bar{}) {
		if err := bars.Set(rw, after.barID, after.bar); err != nil {
			return err
		}
		return rebar(rw, after.barID.holderScope)
	}
	return nil
}

// rebar brings the end of the longest bar up to date: that of the first one.
func rebar(rw store.ReadWriter, s holderScope) error {
	var last civil.Date
	err := bars.ScanPart(rw, barredKey.AppendKey(nil, s), nil, func(_ barID, b Bar) (bool, error) {
		last = b.Until
		return false, nil
	})
	if err != nil {
		return err
	}
	if last == 0 {
		return barred.Delete(rw, s)
	}
	return barred.Set(rw, s, last)
}
