package evidence

import (
	"slices"

	"github.com/hallmark-ledger/hallmark/store"
	"github.com/hallmark-ledger/hallmark/x/civil"
)

// Role is what an institution is. The numbers are those of the protobuf
// enumeration hallmark.member.v1.Role.
type Role uint8

// The roles that fix evidence; accreditation bodies (2) and observers (7) do not.
const (
	RoleRegulator         Role = 1
	RoleCertificationBody Role = 3
	RoleLaboratory        Role = 4
	RoleInspectionBody    Role = 5
	RoleOperator          Role = 6
)

// Member is what the module needs to know of a member.
type Member struct {
	Roles []Role
	// Active: neither suspended nor removed.
	Active bool
	// ApprovalNumber of a certification body.
	ApprovalNumber string
	// Caretaker is the member that acts in the place of one that is not active;
	// empty for none.
	Caretaker string
	// Holder is what the member is told apart by as a holder of certificates, as
	// Certificate.Holder; empty if it can hold none.
	Holder string
}

// Members is what the module asks of x/member. Errors are faults.
type Members interface {
	// Member returns the member with the id; false if there never was one.
	Member(r store.Reader, id string) (Member, bool, error)
	// ByApprovalNumber returns the id of the body with the approval number,
	// whatever its standing.
	ByApprovalNumber(r store.Reader, number string) (id string, ok bool, err error)
	// Accredited reports whether an accreditation of the body in force on the day
	// covers the item code, whoever gave it.
	Accredited(r store.Reader, id, scheme string, on civil.Date) (bool, error)
}

// Certificate is what the module needs to know of a certificate.
type Certificate struct {
	Scheme string
	Holder string // what holders are told apart by
}

// Certificates is what the module asks of x/certificate. Errors are faults.
type Certificates interface {
	// Certificate returns a certificate, whatever its status.
	Certificate(r store.Reader, issuer, number string) (Certificate, bool, error)
}

// Product is what the module needs to know of a product.
type Product struct {
	Owner     string
	Reporters []string // beside the owner
}

// Products is what the module asks of x/trace. Errors are faults.
type Products interface {
	// Product returns the product with a canonical URI.
	Product(r store.Reader, uri string) (Product, bool, error)
}

// Module is x/evidence. It holds no state and may be used by many goroutines,
// each with a state of its own.
type Module struct {
	members      Members
	certificates Certificates
	products     Products
}

// New returns the module, with what it needs from others.
func New(members Members, certificates Certificates, products Products) *Module {
	return &Module{members, certificates, products}
}

// reports reports whether the member may report events of the product.
func (p *Product) reports(member string) bool {
	return member == p.Owner || slices.Contains(p.Reporters, member)
}
