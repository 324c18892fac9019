package rules

// Family is a scheme family: the unit that rules and code tables hang on.
type Family uint8

// The families.
const (
	ManagementSystem Family = 1 // 管理体系认证
	CCC              Family = 2 // 强制性产品认证
	VoluntaryProduct Family = 3 // 自愿性产品认证
	Service          Family = 4 // 服务认证
)

// Families lists the families.
var Families = []Family{ManagementSystem, CCC, VoluntaryProduct, Service}

// Close is how a certificate ends by itself or by its replacement.
type Close struct {
	Status Status
	Reason string // of the family's table for that status
}

// Rules is what one family says where the common frame leaves it open.
type Rules struct {
	Name Text
	// ValidityMonths is the longest time from the day of issue to the last
	// day; 0 for no limit.
	ValidityMonths int
	// SuspensionMonths is the longest time from the first to the last day of a
	// suspension.
	SuspensionMonths int
	// Lapses is how a certificate ends after its last day.
	Lapses Close
	// Replaced is how the old certificate closes when it is renewed or
	// transferred. Its reason bars nobody.
	Replaced Close

	suspension, revocation, cancellation []Reason
	changes                              []ChangeType
}

// families holds the rules by family; doc.go gives the grounds.
var families = []Rules{
	{}, // nothing is legal in an unknown family
	ManagementSystem: {
		Name:             Text{"management system", "管理体系认证"},
		ValidityMonths:   36,
		SuspensionMonths: 6,
		Lapses:           Close{Expired, ""},
		Replaced:         Close{Revoked, "0120"},
		suspension:       systemSuspension,
		revocation:       systemRevocation,
		changes:          systemChanges,
	},
	CCC: {
		Name:             Text{"compulsory product (CCC)", "强制性产品认证"},
		ValidityMonths:   60,
		SuspensionMonths: 12,
		Lapses:           Close{Cancelled, "0201"},
		Replaced:         Close{Cancelled, "0204"},
		suspension:       productSuspension,
		revocation:       productRevocation,
		cancellation:     productCancellation,
		changes:          productChanges,
	},
	VoluntaryProduct: {
		Name:             Text{"voluntary product", "自愿性产品认证"},
		SuspensionMonths: 12,
		Lapses:           Close{Cancelled, "0201"},
		Replaced:         Close{Cancelled, "0204"},
		suspension:       productSuspension,
		revocation:       productRevocation,
		cancellation:     productCancellation,
		changes:          productChanges,
	},
	Service: {
		Name:             Text{"service", "服务认证"},
		SuspensionMonths: 6,
		Lapses:           Close{Expired, ""},
		Replaced:         Close{Revoked, "0120"},
		suspension:       systemSuspension,
		revocation:       systemRevocation,
		changes:          systemChanges,
	},
}

// FamilyOf returns the family of an item code: a letter and two, four or six
// digits.
//
//	A…    management systems (A010101 quality, A020101 environment, …)
//	B01…  CCC
//	B…    other products
//	C…    services
func FamilyOf(item string) (Family, bool) {
	if len(item) < 3 || len(item) > 7 || len(item)%2 == 0 || !digits(item[1:]) || item[1:3] == "00" {
		return 0, false
	}
	switch item[0] {
	case 'A':
		return ManagementSystem, true
	case 'B':
		if item[1:3] == "01" {
			return CCC, true
		}
		return VoluntaryProduct, true
	case 'C':
		return Service, true
	}
	return 0, false
}

// Known reports whether f is a family.
func (f Family) Known() bool { return f > 0 && int(f) < len(families) }

// Product reports whether certificates of f are about products.
func (f Family) Product() bool { return f == CCC || f == VoluntaryProduct }

// Rules returns the rules of f; in an unknown family nothing is legal.
func (f Family) Rules() *Rules {
	if !f.Known() {
		return &families[0]
	}
	return &families[f]
}

func (f Family) String() string {
	if !f.Known() {
		return "unknown"
	}
	return families[f].Name.English
}

// Cancels reports whether the family has cancellation (注销).
func (r *Rules) Cancels() bool { return len(r.cancellation) > 0 }

// digits reports whether s consists of decimal digits; so does an empty s.
func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}
