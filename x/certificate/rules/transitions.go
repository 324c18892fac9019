package rules

import (
	"slices"

	"github.com/hallmark-ledger/hallmark/x/exec"
)

// frame is every transition there is (design §6). A transition that is not here
// is refused.
var frame = []struct {
	actions []Action
	from    []Status
	to      Status
}{
	{[]Action{Issue, Renew, Transfer}, []Status{None}, Valid}, // the new certificate
	{[]Action{Import}, []Status{None}, AsStated},

	{[]Action{Suspend}, []Status{Valid}, Suspended},
	{[]Action{Reinstate}, []Status{Suspended}, Valid},
	{[]Action{Revoke}, []Status{Valid, Suspended}, Revoked},
	{[]Action{Cancel}, []Status{Valid, Suspended}, Cancelled}, // where the family has it
	{[]Action{Renew, Transfer}, []Status{Valid}, byReplace},   // the old certificate
	{[]Action{Lapse}, []Status{Valid, Suspended}, byLapse},

	{[]Action{Extend, Name, Address, Model, Standard, Particulars}, []Status{Valid}, same},
	{[]Action{Reduce}, []Status{Valid, Suspended}, same},
	{[]Action{Correct}, Statuses, same},
	{[]Action{Overdue}, []Status{Suspended}, same},
	{[]Action{Order}, []Status{Valid, Suspended}, same},
	{[]Action{CloseOrder, Flag, Unflag}, Statuses, same},

	{[]Action{Annul}, []Status{Valid, Suspended, Revoked, Cancelled, Expired}, Annulled},
	{[]Action{Reverse}, []Status{Revoked, Cancelled, Expired, Annulled}, AsStated},
}

// Next returns the status of a certificate of family f after action a, or why
// the action is refused. The status before is the effective one (see
// Effective), None for a certificate that does not exist. The result may be
// AsStated.
//
// Renew and Transfer are of two certificates, the old one and, from None, the new
// one: that the new number is free is for the handler to see (CodeExists).
//
// Next knows no dates, roles or reasons: what else an action needs is for
// Check… and for the handler.
func Next(f Family, from Status, a Action) (Status, *exec.Code) {
	if !f.Known() {
		return None, &CodeScheme
	}
	if a == Cancel && from.Live() && !f.Rules().Cancels() {
		return None, &CodeNoCancellation
	}
	for _, t := range frame {
		if slices.Contains(t.actions, a) && slices.Contains(t.from, from) {
			switch t.to {
			case same:
				return from, nil
			case byLapse:
				return f.Rules().Lapses.Status, nil
			case byReplace:
				return f.Rules().Replaced.Status, nil
			default:
				return t.to, nil
			}
		}
	}
	return None, refusal(from, a)
}

// refusal names what stands in the way of a.
func refusal(from Status, a Action) *exec.Code {
	switch {
	case !a.Known():
		return &CodeAction
	case from == None:
		return &CodeAbsent
	case a == Issue || a == Import:
		return &CodeExists
	case from.Live() && a == Reverse:
		return &CodeNotFinal
	}
	switch from {
	case Valid:
		return &CodeNotSuspended
	case Suspended:
		return &CodeSuspended
	case Revoked:
		return &CodeRevoked
	case Cancelled:
		return &CodeCancelled
	case Expired:
		return &CodeExpired
	case Annulled:
		return &CodeAnnulled
	default:
		return &CodeAction
	}
}
