package certificate

import (
	"slices"
	"time"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// Role is what an institution is. The numbers are those of the protobuf
// enumeration hallmark.member.v1.Role.
type Role uint8

// The roles.
const (
	RoleRegulator         Role = 1
	RoleAccreditationBody Role = 2
	RoleCertificationBody Role = 3
	RoleLaboratory        Role = 4
	RoleInspectionBody    Role = 5
	RoleOperator          Role = 6
	RoleObserver          Role = 7
)

// Member is what the module needs to know of a member.
type Member struct {
	Roles []Role
	// Active: neither suspended nor removed.
	Active bool
	// Stopped by a regulator: it may wind down only.
	Stopped bool
	// ApprovalNumber of a certification body, which never changes and never
	// passes to another member.
	ApprovalNumber string
	// Caretaker is the member that acts in the place of one that is not active;
	// empty for none.
	Caretaker string
}

// has reports whether m is active in the role.
func (m *Member) has(role Role) bool { return m.Active && slices.Contains(m.Roles, role) }

// Members is what the module asks of x/member. Errors are faults.
type Members interface {
	// Member returns the member with the id; false if there never was one.
	Member(r store.Reader, id string) (Member, bool, error)
	// ByApprovalNumber returns the id of the body with the approval number,
	// whatever its standing.
	ByApprovalNumber(r store.Reader, number string) (id string, ok bool, err error)
	// Covers reports whether the approval of a body covers the item code on the
	// day.
	Covers(r store.Reader, id, scheme string, on civil.Date) (bool, error)
	// Accredited reports whether an accreditation of the body in force on the
	// day backs the mark for the item code.
	Accredited(r store.Reader, id, mark, scheme string, on civil.Date) (bool, error)
}

// Windows is what the module asks of x/governance about imports.
type Windows interface {
	// ImportWindow returns the window in which a member may import at the time:
	// its id, which no other window of the member ever has, and how many
	// certificates may be imported in it.
	ImportWindow(r store.Reader, member string, at time.Time) (id, quota uint64, open bool, err error)
}

// Params is what the module asks of the parameters.
type Params interface {
	// SweepPerBlock is how many acts of time alone are recorded in a block, at
	// least 1.
	SweepPerBlock(r store.Reader) (uint64, error)
}

// Compromise is what queries ask about keys.
type Compromise interface {
	// CompromisedSince returns the time from which a key is reported to have
	// been in other hands; false if it is not.
	CompromisedSince(r store.Reader, key [33]byte) (since time.Time, ok bool, err error)
}

// Evidence is what the module asks of x/evidence.
type Evidence interface {
	// Anchored reports whether there is an anchor with the id.
	Anchored(r store.Reader, id sm3.Hash) (bool, error)
}

// Module is x/certificate. It holds no state and may be used by many goroutines,
// each with a state of its own.
type Module struct {
	members    Members
	windows    Windows
	params     Params
	compromise Compromise
	evidence   Evidence
}

// New returns the module, with what it needs from others.
func New(members Members, windows Windows, params Params, compromise Compromise, evidence Evidence) *Module {
	return &Module{members, windows, params, compromise, evidence}
}
