package record

import (
	"strings"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// Record is one act on a certificate: a row. Which fields an action takes is in
// the table of fields; the others are empty. Values are of the form that package
// rules has, not checked.
type Record struct {
	Action rules.Action
	// Number is that of the certificate, of a renewal or transfer the new one's.
	// Issuer is empty for the acting body.
	Number, Issuer       string
	OldNumber, OldIssuer string // that a renewal or transfer closes
	Decided              civil.Date
	Evidence             []sm3.Hash
	Note                 string

	Scheme, Holder               string
	FirstIssued, Issued, Expires civil.Date
	Details                      rules.Details

	Reason, ChangeType, ReissueReason string
	Status                            rules.Status // that an import states
	SuspendedFrom, SuspendedUntil     civil.Date
	Decisions                         []Decision // that an import reports

	Due    civil.Date // of an order
	Order  uint32     // that is closed: number of the record that filed it
	Member string     // whose warning is taken back
}

// Decision is a past decision that an import reports.
type Decision struct {
	Action                        rules.Action
	Decided                       civil.Date
	Reason                        string
	SuspendedFrom, SuspendedUntil civil.Date
	Note                          string // in JSON only
}

// Ref returns the certificate that the act is about, or makes.
func (r *Record) Ref() rules.Ref { return rules.Ref{Issuer: r.Issuer, Number: r.Number} }

// acts is a set of actions.
type acts uint32

func actsOf(list ...rules.Action) (s acts) {
	for _, a := range list {
		s |= 1 << a
	}
	return s
}

func (s acts) has(a rules.Action) bool { return s>>a&1 == 1 }

var (
	// Amendments are the actions that amend the text of a certificate.
	Amendments = []rules.Action{
		rules.Extend, rules.Reduce, rules.Name, rules.Address, rules.Model, rules.Standard, rules.Particulars,
	}
	// Actions are the actions that a row can be.
	Actions = append([]rules.Action{
		rules.Issue, rules.Import, rules.Suspend, rules.Reinstate, rules.Revoke, rules.Cancel,
		rules.Correct, rules.Annul, rules.Renew, rules.Transfer, rules.Order, rules.CloseOrder, rules.Flag, rules.Unflag,
	}, Amendments...)

	all      = actsOf(Actions...)
	amends   = actsOf(Amendments...)
	makes    = actsOf(rules.Issue, rules.Import, rules.Renew, rules.Transfer)
	replaces = actsOf(rules.Renew, rules.Transfer)
)

// ParseAction reads the name of an action, in English (close order, also written
// close-order or close_order) or Chinese.
func ParseAction(name string) (rules.Action, bool) {
	name = strings.NewReplacer("-", " ", "_", " ").Replace(name)
	for _, a := range Actions {
		if t := a.Text(); name == t.English || name == t.Chinese {
			return a, true
		}
	}
	return 0, false
}

// parseStatus reads a status by name, in English or Chinese, or national code.
func parseStatus(name string) (rules.Status, bool) {
	for _, s := range rules.Statuses {
		if t := s.Text(); name == t.English || name == t.Chinese || name == s.Code() && name != "" {
			return s, true
		}
	}
	return 0, false
}
