package certificate

import "github.com/hallmark-ledger/hallmark/x/certificate/rules"

// Types of the module's events. One is emitted for each record of a history,
// with the type that its action has below.
const (
	EventIssued      = "certificate.issued"
	EventImported    = "certificate.imported" // also past decisions that an import reports
	EventSuspended   = "certificate.suspended"
	EventReinstated  = "certificate.reinstated"
	EventRevoked     = "certificate.revoked"
	EventCancelled   = "certificate.cancelled"
	EventAmended     = "certificate.amended"
	EventCorrected   = "certificate.corrected"
	EventAnnulled    = "certificate.annulled"
	EventReversed    = "certificate.reversed"
	EventRenewed     = "certificate.renewed"     // both of the old certificate and of the new one
	EventTransferred = "certificate.transferred" // likewise
	EventLapsed      = "certificate.lapsed"
	EventOverdue     = "certificate.overdue"
	EventOrdered     = "certificate.ordered"
	EventOrderClosed = "certificate.order_closed"
	EventFlagged     = "certificate.flagged"
	EventUnflagged   = "certificate.unflagged"

	// EventOrderOverdue: the deadline of an order passed. It has AttrIssuer,
	// AttrNumber, AttrOrder, AttrMember (the regulator) and AttrDue.
	EventOrderOverdue = "certificate.order_overdue"
	// EventReleased: governance let AttrMember take over the certificates of
	// AttrIssuer until AttrUntil.
	EventReleased = "certificate.released"
)

// Keys of attributes. Those up to AttrFlags are in every event of a record, in
// this order; the others where they are not empty.
const (
	AttrIssuer  = "issuer"  // approval number
	AttrNumber  = "number"  // of the certificate
	AttrRecord  = "record"  // number of the record, decimal
	AttrAction  = "action"  // English name, as in rules
	AttrFrom    = "from"    // status before, English name, "none" for a new one
	AttrStatus  = "status"  // status after
	AttrReason  = "reason"  // code of the status after, may be empty
	AttrDecided = "decided" // date, as 2017-12-01
	AttrScheme  = "scheme"  // item code
	AttrHolder  = "holder"  // code
	AttrMember  = "member"  // that acted; empty for the chain and for governance
	AttrVersion = "version" // of the text, decimal
	AttrFlags   = "flags"   // English names, separated by spaces

	AttrUntil      = "until"       // last day of a suspension or release
	AttrChangeType = "change_type" // of an amendment
	AttrLinkIssuer = "link_issuer" // the other certificate of a renewal or transfer
	AttrLinkNumber = "link_number"
	AttrReverses   = "reverses" // number of the record reversed, decimal
	AttrDue        = "due"      // last day to comply with the earliest open order; of EventOrderOverdue, with that order
	AttrOrder      = "order"    // number of the record that filed the order, decimal
)

// eventOf holds the type of event by action.
var eventOf = []string{
	rules.Issue:       EventIssued,
	rules.Import:      EventImported,
	rules.Suspend:     EventSuspended,
	rules.Reinstate:   EventReinstated,
	rules.Revoke:      EventRevoked,
	rules.Cancel:      EventCancelled,
	rules.Extend:      EventAmended,
	rules.Reduce:      EventAmended,
	rules.Name:        EventAmended,
	rules.Address:     EventAmended,
	rules.Model:       EventAmended,
	rules.Standard:    EventAmended,
	rules.Particulars: EventAmended,
	rules.Correct:     EventCorrected,
	rules.Annul:       EventAnnulled,
	rules.Reverse:     EventReversed,
	rules.Renew:       EventRenewed,
	rules.Transfer:    EventTransferred,
	rules.Lapse:       EventLapsed,
	rules.Overdue:     EventOverdue,
	rules.Order:       EventOrdered,
	rules.CloseOrder:  EventOrderClosed,
	rules.Flag:        EventFlagged,
	rules.Unflag:      EventUnflagged,
}
