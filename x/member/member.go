package member

import (
	"fmt"
	"slices"
)

// Status is the standing that governance gives a member. The numbers are those
// of the protobuf enumeration.
type Status uint8

// The statuses. Removed is final.
const (
	StatusActive    Status = 1
	StatusSuspended Status = 2
	StatusRemoved   Status = 3
)

var statusNames = []string{"unknown", "active", "suspended", "removed"}

// Change is what led to a version of a member. The numbers are those of the
// protobuf enumeration.
type Change uint8

// The changes.
const (
	ChangeAdmit     Change = 1
	ChangeAmend     Change = 2
	ChangeSuspend   Change = 3
	ChangeReinstate Change = 4
	ChangeRemove    Change = 5
	ChangeStop      Change = 6
	ChangeResume    Change = 7
	ChangeCaretaker Change = 8
)

var changeNames = []string{"unknown", "admit", "amend", "suspend", "reinstate", "remove", "stop", "resume", "caretaker"}

// Member is one version of a member: what is known from one change to the next.
type Member struct {
	Profile
	Version   uint64 `json:"-"` // from 1
	Status    Status `json:"status"`
	Stopped   bool   `json:"stopped,omitempty"`   // by a regulator; see doc.go
	Caretaker string `json:"caretaker,omitempty"` // who acts in its place
	Change    Change `json:"change,omitempty"`
	Reason    string `json:"reason,omitempty"`
	Act       Act    `json:"act,omitzero"`
}

// transition says from which statuses a change of a member's standing may come,
// and whether it needs the body to be stopped, or not to be.
type transition struct {
	change          Change
	from            []Status
	stopped, moving bool // the change is legal for a member that is stopped; that is not
}

var transitions = []transition{
	{ChangeAmend, []Status{StatusActive, StatusSuspended}, true, true},
	{ChangeSuspend, []Status{StatusActive}, true, true},
	{ChangeReinstate, []Status{StatusSuspended}, true, true},
	{ChangeRemove, []Status{StatusActive, StatusSuspended}, true, true},
	{ChangeStop, []Status{StatusActive, StatusSuspended}, false, true},
	{ChangeResume, []Status{StatusActive, StatusSuspended}, true, false},
	{ChangeCaretaker, []Status{StatusSuspended, StatusRemoved}, true, true},
}

// may reports whether the change is legal for m as it stands.
func (m *Member) may(change Change) bool {
	return slices.ContainsFunc(transitions, func(t transition) bool {
		return t.change == change && slices.Contains(t.from, m.Status) && (m.Stopped && t.stopped || !m.Stopped && t.moving)
	})
}

// standing describes the status for people.
func (m *Member) standing() string {
	if m.Stopped {
		return m.Status.String() + ", stopped"
	}
	return m.Status.String()
}

// isRegulator reports whether m takes part in governance.
func (m *Member) isRegulator() bool {
	return m.Status == StatusActive && slices.Contains(m.Roles, RoleRegulator)
}

// String returns the name of the status.
func (s Status) String() string { return nameOf(statusNames, s) }

// MarshalText implements encoding.TextMarshaler with the name.
func (s Status) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (s *Status) UnmarshalText(text []byte) (err error) {
	*s, err = named[Status](statusNames, text)
	return err
}

// String returns the name of the change.
func (c Change) String() string { return nameOf(changeNames, c) }

// MarshalText implements encoding.TextMarshaler with the name.
func (c Change) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (c *Change) UnmarshalText(text []byte) (err error) {
	*c, err = named[Change](changeNames, text)
	return err
}

// nameOf returns the name of n, that of 0 if n has none.
func nameOf[T ~uint8](names []string, n T) string {
	if int(n) >= len(names) {
		n = 0
	}
	return names[n]
}

// named returns the number above 0 that has the name.
func named[T ~uint8](names []string, name []byte) (T, error) {
	i := slices.Index(names, string(name))
	if i < 1 {
		return 0, fmt.Errorf("member: %q is none of %q", name, names[1:])
	}
	return T(i), nil
}
