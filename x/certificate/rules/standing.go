package rules

import (
	"strings"

	"github.com/hallmark-ledger/hallmark/x/civil"
)

// Flags are marks beside the status. Those of StoredFlags are stored, the others
// found by Effective.
type Flags uint32

// The flags. See Blocking.
const (
	FlagImported   Flags = 1 << 0 // filed in an import window: the ledger did not see the decision
	FlagRegulator  Flags = 1 << 1 // a regulator warns of it
	FlagOverdue    Flags = 1 << 2 // the suspension has ended unresolved: the body must revoke
	FlagSub        Flags = 1 << 3 // has a main certificate
	FlagReplaced   Flags = 1 << 4 // closed by its renewal or transfer
	FlagReversed   Flags = 1 << 5 // a decision about it was reversed at some time
	FlagComponents Flags = 1 << 6 // rests on certificates of components

	FlagNotYet             Flags = 1 << 16 // before its day of issue
	FlagOrder              Flags = 1 << 17 // a regulator's order is open
	FlagOrderOverdue       Flags = 1 << 18 // and past its deadline
	FlagBodyStopped        Flags = 1 << 19 // the issuer has been stopped by a regulator
	FlagComponentSuspended Flags = 1 << 20 // a component's certificate is not valid
	FlagKeyCompromised     Flags = 1 << 21 // a key behind the present status was compromised then

	// StoredFlags are the flags that state may hold.
	StoredFlags = FlagImported | FlagRegulator | FlagOverdue | FlagSub | FlagReplaced | FlagReversed | FlagComponents
	// Blocking are the flags under which the claim "valid" does not hold; doc.go
	// gives the grounds.
	Blocking = FlagRegulator | FlagOverdue | FlagNotYet | FlagOrderOverdue | FlagComponentSuspended | FlagKeyCompromised
)

var flagNames = []struct {
	flag Flags
	name Text
}{
	{FlagImported, Text{"imported", "历史导入"}},
	{FlagRegulator, Text{"regulator-flag", "监管警示"}},
	{FlagOverdue, Text{"suspension-overdue", "暂停逾期"}},
	{FlagSub, Text{"sub-certificate", "子证书"}},
	{FlagReplaced, Text{"replaced", "已换证"}},
	{FlagReversed, Text{"reversed", "曾撤回决定"}},
	{FlagComponents, Text{"components", "含部件证书"}},
	{FlagNotYet, Text{"not-yet-valid", "尚未生效"}},
	{FlagOrder, Text{"order-open", "责令处理中"}},
	{FlagOrderOverdue, Text{"order-overdue", "责令逾期"}},
	{FlagBodyStopped, Text{"body-stopped", "认证机构被叫停"}},
	{FlagComponentSuspended, Text{"component-suspended", "部件证书非有效"}},
	{FlagKeyCompromised, Text{"key-compromised", "签名密钥已泄露"}},
}

// Names returns the names of the flags that are set, in a fixed order.
func (f Flags) Names() []Text {
	var names []Text
	for _, n := range flagNames {
		if f&n.flag != 0 {
			names = append(names, n.name)
		}
	}
	return names
}

func (f Flags) String() string {
	var names []string
	for _, n := range f.Names() {
		names = append(names, n.English)
	}
	return strings.Join(names, " ")
}

// Standing is what decides the effective status of a certificate at an instant:
// part of its head and, as it was after each act, of every record.
type Standing struct {
	Family Family
	Status Status
	// Reason is the code of the present status, of the family's table; empty
	// where the status has none.
	Reason string
	// Since is the decision date of the act that led to the present status, for
	// a lapse the day after the last one.
	Since civil.Date
	// Issued is the first day of validity, Expires the last.
	Issued, Expires civil.Date
	// SuspendedFrom and SuspendedUntil are the first and last day of the present
	// suspension; none unless suspended.
	SuspendedFrom, SuspendedUntil civil.Date
	// OrderDue is the earliest deadline, a last day, of the regulators' open
	// orders; none if there are none.
	OrderDue civil.Date
	Flags    Flags // of StoredFlags
}

// Suspend returns s, suspended. The dates are for CheckSuspension.
func (s Standing) Suspend(reason string, decided, from, until civil.Date) Standing {
	s.Status, s.Reason, s.Since = Suspended, reason, decided
	s.SuspendedFrom, s.SuspendedUntil = from, until
	s.Flags &^= FlagOverdue
	return s
}

// Reinstate returns s, valid again.
func (s Standing) Reinstate(decided civil.Date) Standing { return s.end(Valid, "", decided) }

// Close returns s, ended by a decision: revoked, cancelled or annulled.
func (s Standing) Close(to Status, reason string, decided civil.Date) Standing {
	return s.end(to, reason, decided)
}

// Replace returns s, closed as its family says for a renewal or a transfer.
func (s Standing) Replace(decided civil.Date) Standing {
	c := s.Family.Rules().Replaced
	s = s.end(c.Status, c.Reason, decided)
	s.Flags |= FlagReplaced
	return s
}

// Restore returns what a reversal makes of a certificate: the standing before
// the decision that is reversed, with what regulators and errata have done
// since. present is the standing now.
func (s Standing) Restore(present Standing) Standing {
	s.OrderDue, s.Issued, s.Expires = present.OrderDue, present.Issued, present.Expires
	const kept = FlagRegulator | FlagImported | FlagSub | FlagComponents
	s.Flags = s.Flags&^kept | present.Flags&kept | FlagReversed
	return s
}

// end leaves a suspension behind.
func (s Standing) end(to Status, reason string, on civil.Date) Standing {
	s.Status, s.Reason, s.Since = to, reason, on
	s.SuspendedFrom, s.SuspendedUntil = 0, 0
	s.Flags &^= FlagOverdue
	return s
}
