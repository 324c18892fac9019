// Package certificate keeps certificates: what bodies, regulators and time do to
// them, by the rules of package rules, which has the statuses, the transitions
// and the law they come from.
//
// # State
//
// A certificate is named by its issuer's approval number and its number, here C.
// Every key begins with 0x05 and a letter.
//
//	h C                      head, at most 256 bytes
//	d C                      present details
//	v C version              details of a version before
//	r C n                    record n of the history
//	n number                 who has issued certificates with this number
//	o holder C               certificates by holder
//	u C by                   certificates that rest on C: main or component
//	e anchor C n             record n of C rests on this evidence
//	x C                      the certificate that replaced C
//	b holder scope until C   bars, the one that ends last first
//	B holder scope           the last day of those bars
//	s C                      open orders on C, regulators that warn of it
//	O C n                    the order that record n filed
//	q day kind C n           what time alone will do
//	i member window          how many were imported
//	t issuer receiver        releases
//
// A holder is named by its organisation code, which both its old and its new code
// contain, so that neither is the way round a bar.
//
// # Acts
//
// All changes come through step.write: it appends a record, which has the whole
// head after the act, and brings head, details and indexes up to date. The indexes
// follow from heads, details and orders alone; Check builds them anew and compares.
//
// A decision and a text may name evidence: anchors that are on the ledger by then
// (evidence.go). What rests on which is an index.
//
// Before a handler looks at a certificate it records what time alone has done
// (settle), so that the status on record is the effective one and records stay in
// the order of their dates. The sweep in EndBlock does the same for certificates
// that nobody touches.
//
// Who may do what is the table rights in access.go; which status allows it is
// rules.Next; codes 450 to 499 say what else stands in the way.
//
// # Where design §6 leaves room
//
//   - A bar keeps its holder from issue, renewal and transfer, and from being
//     written into a certificate by a change of name or an erratum. What a bar is
//     about is rules.BarScope. It counts by the decision's date, and a date before
//     the bar does not help.
//   - A sub-certificate needs its valid main certificate, of the same body, to be
//     issued, reinstated or extended. Later it is like a component: if the main
//     one is not valid, the sub-certificate has the flag component-suspended.
//   - A component is valid itself when it is named; if it is renewed or transferred
//     later, it counts as the certificate that replaced it.
//   - A transferred certificate ends with the old one's last day at the latest,
//     and neither a renewal nor a transfer leaves a gap: the new certificate is
//     issued on the day of filing at the latest.
//   - A reduction must not add codes, models, GTINs or components, an extension
//     must not drop codes, models or GTINs, and each kind of amendment may change
//     its own parts of the text only.
//   - An approval or accreditation that a decision needs is in force on the day of
//     the decision and on that of filing.
//   - An erratum may change anything but number, issuer, family and status. It
//     makes a certificate last longer only within the family's limit, from a day of
//     issue no later than that of filing, and where it could be renewed: the
//     approval covers it and the holder is not barred. It moves a bar that runs
//     only if a regulator signs as well.
//   - A body that has ended is one that is not active. Its caretaker winds down.
//     Governance releases its certificates to a receiving body as a whole, not one
//     by one.
//   - Orders and warnings belong to the regulator that gave them. Others take
//     them back only when it is a regulator no longer.
//   - A reversal names the record that it reverses, so that a vote is about one
//     decision. It cannot reverse what an import stated or time did, nor the
//     closing of a certificate whose replacement still stands.
package certificate
