package member

import (
	"slices"
	"time"

	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/civil"
	"github.com/hallmark-ledger/hallmark/x/exec"
)

// KeyFacts is what others need to know of a key.
type KeyFacts struct {
	Member string
	Duty   exec.Duty
	Holder string
	// Usable: the key lived at the time that was asked for, its member was
	// active then, and the member's roles have keys of the duty.
	Usable bool
	Reason string // why not, for people; empty if Usable
}

// Facts is what others need to know of a member as it now is.
type Facts struct {
	ID             string
	Roles          []Role
	Status         Status
	ApprovalNumber string
	Region         string
	USCC           string
	NameZh, NameEn string
	// Stopped by a regulator: a body that may wind down, not issue.
	Stopped bool
	// Caretaker acts in the member's place; empty for none.
	Caretaker string
}

// Key returns what the key was at a time, with all blocks up to that time: a
// key that ended in a block is dead for the rest of it. False if it is not
// registered, or was not yet.
func (m *Module) Key(r store.Reader, key [33]byte, at time.Time) (KeyFacts, bool, error) {
	k, ok, err := seenKeys.Get(r, key)
	if err != nil || !ok || at.Before(k.Registered.Time) {
		return KeyFacts{}, false, err
	}
	facts := KeyFacts{Member: k.Member, Duty: k.Duty, Holder: k.Holder}
	owner, err := ownerAt(r, k.Member, at)
	if err != nil {
		return KeyFacts{}, false, err
	}
	switch {
	case k.dead(at):
		facts.Reason = "the key is " + k.End.Reason.String()
	case !k.alive(at):
		facts.Reason = "the key cannot be used before " + stamp(k.UsableFrom)
	case owner.Status != StatusActive:
		facts.Reason = "the member is " + owner.Status.String()
	case !allows(owner.Roles, k.Duty):
		facts.Reason = "the member's roles have no keys of duty " + k.Duty.String()
	default:
		facts.Usable = true
	}
	return facts, true, nil
}

// CompromisedSince returns since when the key may have been in other hands:
// what it signed after that is flagged. False if nothing was reported.
func (m *Module) CompromisedSince(r store.Reader, key [33]byte) (time.Time, bool, error) {
	k, ok, err := seenKeys.Get(r, key)
	since := k.Compromise.Since
	return since, ok && err == nil && !since.IsZero(), err
}

// Member returns a member as it now is, false if there is none.
func (m *Module) Member(r store.Reader, id string) (Facts, bool, error) {
	v, ok, err := seenMembers.Get(r, id)
	if err != nil || !ok {
		return Facts{}, false, err
	}
	return Facts{
		ID: id, Roles: slices.Clone(v.Roles), Status: v.Status, ApprovalNumber: v.ApprovalNumber, Region: v.Region, USCC: v.USCC,
		NameZh: v.NameZh, NameEn: v.NameEn, Stopped: v.Stopped, Caretaker: v.Caretaker,
	}, true, nil
}

// MemberAt returns the version of a member that was current at a time, with all
// blocks up to that time; false if it was not admitted by then.
func (m *Module) MemberAt(r store.Reader, id string, at time.Time) (Member, bool, error) {
	v, err := memberAt(r, id, at)
	return v, err == nil && v.Version > 0, err
}

// ownerAt is memberAt for those who only look.
func ownerAt(r store.Reader, id string, at time.Time) (Member, error) {
	current, ok, err := seenMembers.Get(r, id)
	if err != nil || !ok || !at.Before(current.Act.Time) {
		return current, err
	}
	return memberAt(r, id, at)
}

// memberAt is the version that was current at a time, the zero value for none.
func memberAt(r store.Reader, id string, at time.Time) (found Member, err error) {
	current, ok, err := members.Get(r, id)
	if err != nil || !ok || !at.Before(current.Act.Time) {
		return current, err
	}
	err = versions.ScanPart(r, store.AppendText(nil, id), nil, func(_ place, v Member) (bool, error) {
		if at.Before(v.Act.Time) {
			return false, nil
		}
		found = v
		return true, nil
	})
	return found, err
}

// ByApprovalNumber returns the member that has, or had, the approval number.
func (m *Module) ByApprovalNumber(r store.Reader, number string) (id string, ok bool, err error) {
	return approvals.Get(r, number)
}

// Covers reports whether an approval of the body was in force at the end of the
// day for the scheme, an item code such as A010101. Whether the body is
// suspended or stopped is another question; one that was removed by then is
// approved for nothing.
func (m *Module) Covers(r store.Reader, id, scheme string, on civil.Date) (bool, error) {
	return inForce(r, id, "", scheme, on)
}

// Accredited reports whether an accreditation of the body that backs the mark
// (its code, 01 for CNAS) was in force at the end of the day for the scheme.
func (m *Module) Accredited(r store.Reader, id, mark, scheme string, on civil.Date) (bool, error) {
	if mark == "" {
		return false, nil
	}
	return inForce(r, id, mark, scheme, on)
}

// AccreditedFor is Accredited by whatever mark.
func (m *Module) AccreditedFor(r store.Reader, id, scheme string, on civil.Date) (bool, error) {
	for _, mark := range marks {
		if ok, err := inForce(r, id, mark.code, scheme, on); err != nil || ok {
			return ok, err
		}
	}
	return false, nil
}

// MayValidate reports whether the member may run a validator now: it is active
// and a regulator, an accreditation body or a body that assesses. A body that is
// stopped goes on validating; taking a validator away is a decision of its own.
func (m *Module) MayValidate(r store.Reader, id string) (bool, error) {
	v, ok, err := members.Get(r, id)
	decides := isBody(v.Roles) || slices.Contains(v.Roles, RoleRegulator) || slices.Contains(v.Roles, RoleAccreditationBody)
	return ok && err == nil && v.Status == StatusActive && decides, err
}
