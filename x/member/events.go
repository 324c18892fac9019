package member

import (
	"strconv"
	"time"
)

// The events of the module. EventKeyAdded comes once for each key.
const (
	EventAdmitted   = "member.admitted"
	EventAmended    = "member.amended"
	EventSuspended  = "member.suspended"
	EventReinstated = "member.reinstated"
	EventRemoved    = "member.removed"
	EventStopped    = "member.stopped"
	EventResumed    = "member.resumed"
	EventCaretaker  = "member.caretaker_named"

	EventKeyAdded       = "member.key_added"
	EventKeyCancelled   = "member.key_cancelled"
	EventKeyRevoked     = "member.key_revoked"
	EventKeyRotated     = "member.key_rotated"
	EventKeyCompromised = "member.key_compromised"
	EventKeysRecovered  = "member.keys_recovered"

	EventApproved           = "member.approved"
	EventApprovalRestricted = "member.approval_restricted"
	EventApprovalRevoked    = "member.approval_revoked"

	EventAccredited              = "member.accredited"
	EventAccreditationSuspended  = "member.accreditation_suspended"
	EventAccreditationReinstated = "member.accreditation_reinstated"
	EventAccreditationWithdrawn  = "member.accreditation_withdrawn"
)

// The attributes of these events.
const (
	AttrMember     = "member"      // id of the member that the event is about
	AttrBy         = "by"          // id of the member that did it; absent if governance did
	AttrVersion    = "version"     // of the member, from 1
	AttrCaretaker  = "caretaker"   // id of a member
	AttrKey        = "key"         // hexadecimal
	AttrDuty       = "duty"        // name
	AttrHolder     = "holder"      // opaque id
	AttrUsableFrom = "usable_from" // RFC 3339
	AttrReplaces   = "replaces"    // the key in whose place the key comes
	AttrSince      = "since"       // RFC 3339
	AttrGrant      = "grant"       // number of the approval or accreditation
	AttrMark       = "mark"        // code of an accreditation mark
)

// stamp is a time as an attribute.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// count is a number as an attribute.
func count(n uint64) string { return strconv.FormatUint(n, 10) }
