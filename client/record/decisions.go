package record

import (
	"strings"

	"github.com/hallmark-ledger/hallmark/x/certificate/rules"
)

// decisionsValue are past decisions, in CSV each as words:
//
//	suspend 2016-03-01 0111 2016-03-01 2016-08-31
//	reinstate 2016-05-20
//	revoke 2016-09-01 0116
//
// that is action, date of the decision, reason, first and last day. The last two
// are of suspensions.
var decisionsValue = value{
	list: true,
	set: func(r *Record, v []string) *Fault {
		for _, s := range v {
			d, f := parseDecision(strings.Fields(s))
			if f != nil {
				return f
			}
			r.Decisions = append(r.Decisions, d)
		}
		return nil
	},
	get: func(r *Record) (v []string) {
		for _, d := range r.Decisions {
			v = append(v, strings.Join(d.words(), " "))
		}
		return v
	},
}

func parseDecision(words []string) (d Decision, f *Fault) {
	for i, w := range words {
		switch i {
		case 0:
			d.Action, f = parsePast(w)
		case 1:
			d.Decided, f = parseDate(w)
		case 2:
			d.Reason, f = w, checkCode(w)
		case 3:
			d.SuspendedFrom, f = parseDate(w)
		case 4:
			d.SuspendedUntil, f = parseDate(w)
		default:
			f = problem("a past decision has too many words: “suspend 2016-03-01 0111 2016-03-01 2016-08-31”", "既往决定的项数过多，应如“暂停 2016-03-01 0111 2016-03-01 2016-08-31”")
		}
		if f != nil {
			return d, f
		}
	}
	if len(words) < 2 {
		return d, problem("a past decision needs an action and a date, as “reinstate 2016-05-20”", "既往决定须有操作和日期，如“恢复 2016-05-20”")
	}
	return d, nil
}

func parsePast(name string) (rules.Action, *Fault) {
	a, ok := ParseAction(name)
	if !ok || !actsOf(rules.Suspend, rules.Reinstate, rules.Revoke, rules.Cancel).has(a) {
		return 0, problem("%q is no past decision: suspend, reinstate, revoke or cancel", "“%s”不是既往决定：暂停、恢复、撤销或注销", name)
	}
	return a, nil
}

func (d Decision) words() []string {
	words := []string{d.Action.String(), d.Decided.String()}
	for _, w := range []string{d.Reason, dateText(d.SuspendedFrom), dateText(d.SuspendedUntil)} {
		if w != "" {
			words = append(words, w)
		}
	}
	return words
}
