package evidence

// EventAnchored is the type of the module's event: evidence was fixed.
const EventAnchored = "evidence.anchored"

// Keys of its attributes, in this order.
const (
	AttrAnchor    = "anchor" // id, hexadecimal
	AttrMember    = "member"
	AttrKind      = "kind"      // name, as report
	AttrSubject   = "subject"   // as Subject.String writes it
	AttrLeaves    = "leaves"    // decimal
	AttrFrom      = "from"      // RFC 3339, UTC
	AttrTo        = "to"        // likewise
	AttrRetention = "retention" // name, as six-years
)
