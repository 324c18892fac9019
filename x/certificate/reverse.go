package certificate

import (
	certificatev1 "github.com/hallmark-ledger/hallmark/proto/gen/hallmark/certificate/v1"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// dated is a governed action, whose date is the day of its execution.
type dated struct {
	*certificatev1.ReverseDecision
	decided int32
}

func (d dated) GetDecided() int32 { return d.decided }

// ApplyReverseDecision reverses the decision that ended a certificate, after an
// appeal or by order of a court. The certificate is as it was before, but for what
// regulators and errata have done since, and a bar that followed is gone. It is
// executed by governance.
//
// What time alone ended cannot be reversed: nobody decided it. The annulment of a
// certificate that had lapsed can; it is lapsed again then.
func (m *Module) ApplyReverseDecision(c *exec.Context, a *certificatev1.ReverseDecision) error {
	r, err := parseGrounds(rules.Reverse, dated{a, int32(c.Today())})
	if err != nil {
		return err
	}
	r.Reverses = a.GetRecord()
	s, err := m.begin(c, rules.Ref{Issuer: a.GetIssuer(), Number: a.GetNumber()}, r)
	if err != nil {
		return err
	}
	before, err := m.reversible(c, s.before, r.Reverses)
	if err != nil {
		return err
	}
	s.after.Standing = before.After.Restore(s.before.Standing)
	return m.write(c, s)
}

// reversible returns the record before record n of h, if n is the decision that
// led to the present status and can be reversed.
func (m *Module) reversible(c *exec.Context, h *rules.Head, n uint32) (*rules.Record, error) {
	var r *rules.Record
	at := h.Records
	for ; at > 0; at-- {
		var err error
		if r, err = recordOf(c.Store, h.Ref, at); err != nil {
			return nil, err
		}
		if r.From == r.After.Status {
			continue
		}
		if r.Action != rules.Reverse {
			break
		}
		at = r.Reverses // what led to the status before that decision led to this one
	}
	switch {
	case at != n || n < 2:
		return nil, codeNotReversible.Refuse("record %d of %v; record %d led to its status", n, h.Ref, at)
	case r.Action.By() == rules.ByChain:
		return nil, codeNotReversible.Refuse("record %d of %v: %v", n, h.Ref, r.Action)
	}
	if h.Flags&rules.FlagReplaced != 0 && h.Status != rules.Annulled {
		next, err := current(c.Store, h.Ref)
		if err != nil {
			return nil, err
		}
		if next != nil && rules.Effective(next.Standing, c.Time, rules.Facts{}).Status.Live() {
			return nil, codeReplacement.Refuse("%v", next.Ref)
		}
	}
	return recordOf(c.Store, h.Ref, n-1)
}
