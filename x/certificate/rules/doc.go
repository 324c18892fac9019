// Package rules is the law of certificates as a pure package: what a certificate
// is, which transitions, codes and texts are legal in which scheme family, and
// what holds of a certificate at an instant. It keeps no state, takes time as an
// argument, and is the same for handlers, queries and those who verify offline.
//
// # Statuses
//
// The arrows are the table in transitions.go; testdata/matrix.txt has every
// (family, status, action) with its result or refusal.
//
//	       issue, renew, transfer (the new certificate)
//	                        │
//	      ┌──── suspend ────┤ 01 valid ◄──────── amend, flag, order, …
//	      ▼                 ▼
//	02 suspended ─ reinstate ►─┐
//	  │  overdue: flag only    │
//	  ├────────── revoke ──────┼──► 03 revoked ◄── renew, transfer (the old
//	  ├────────── cancel ──────┼──► 04 cancelled    one, by family)
//	  └────────── lapse ───────┴──► 05 expired, or 04 cancelled, by family
//
//	any of the five ── annul ──► annulled (filed in error; no national code)
//	any final one ── reverse ──► as before the decision
//	no certificate ── import ──► as stated
//
// correct, flag, unflag and close order leave any status as it is; order and
// reduce a valid or suspended one.
//
// # Effective status
//
// Effective gives what holds at an instant from the standing alone. A certificate
// is valid through its last day in Beijing; a suspension lasts through its last
// day and is overdue from then on, still suspended. What the chain writes when a
// day has passed, ChainAct, changes nothing in the result, so it does not matter
// when it gets to it. "On date D" is at the end of D: EffectiveOn.
//
// Nothing within a day changes but by a new record, so a Record carries the whole
// head as it was after its act: record n speaks for the time until record n+1.
//
// # Where the common frame leaves it to the family
//
//	                    management system   CCC                 voluntary product   service
//	item codes          A…                  B01…                other B…            C…
//	longest validity    36 months           60 months           no limit            no limit
//	longest suspension  6 months            12 months           12 months           6 months
//	reason codes        01xx                02xx                02xx                01xx
//	cancellation        no                  yes                 yes                 no
//	after the last day  expired 05          cancelled 0201      cancelled 0201      expired 05
//	replaced            revoked 0120        cancelled 0204      cancelled 0204      revoked 0120
//
// Grounds:
//
//   - Item codes. The published items A010101, A020101, … are management systems.
//     The national form for filing certification rules has categories A, B and C
//     (management systems, products, services) and takes product items from B03
//     on and service items under C; CCC, whose rules the state makes, is not filed
//     there. B01 for CCC and the rest of B for voluntary products is our
//     assumption, made in FamilyOf alone.
//   - Validity. Management systems three years (ISO/IEC 17021-1, 9.1.3 and 9.6.3), on
//     renewal counted from the end of the old cycle at the latest; CCC five years
//     (Administrative Regulations on CCC). Voluntary products and services differ
//     by scheme, and there is no national limit: dates must only be in order. In
//     every family a certificate begins at most six months after its decision, and
//     the end of the old cycle counts if it is at most six months away
//     (AheadMonths): no source names a number, and without one the limits mean
//     nothing, since certificates could be renewed without end on one day. The
//     audits for a new cycle lie within that time.
//   - Suspension. Six and twelve months are the limits of design §6 (the national
//     rules of management systems; CNCA announcement 2008/19 for CCC). Voluntary
//     products follow CCC, services management systems, as their reasons do.
//   - Reasons. There are national tables for management systems and CCC only. The
//     former speaks of "management and service systems"; voluntary products are
//     reported with the product table of change types, which has cancellation.
//   - No cancellation of management systems: their table of changes of status has
//     01, 02, 03 and 05, no 04. A holder that gives up has revocation 0122.
//   - Replaced CCC certificates close as cancelled 0204, at the client's request:
//     whoever applies for the new one applies to end the old one. 0201 would be
//     false before the last day, and revocation a sanction.
//   - An import may state any of the five national statuses, since old systems have
//     used them more freely; one for which the family has no codes has no reason.
//
// # Bars
//
// After a revocation for fault the holder is barred for one year at every body,
// after one for giving up (0122) or replacement (0120) not; cancellation and
// lapse bar nobody. docs/rules.md has every reason with its grounds, BarredUntil
// the last day, BarScope what the bar is about. Reasons that no one gives by hand
// (0120, and 0201 of cancellation) are reserved: a revocation "because replaced"
// without a new certificate would be the way round a bar.
//
// Periods of months begin after the day they are counted from and end with the
// day of the same number, or the last of the month (Civil Code art. 201, 202):
// barred, suspended and valid through that day.
//
// # Flags that block
//
// The claim "valid" holds (EffectiveStatus.Holds) without these flags:
//
//	regulator-flag       a regulator warns the public of this certificate
//	suspension-overdue   the body must revoke (the status is suspended anyway)
//	not-yet-valid        before the day of issue
//	order-overdue        the body has not done what a regulator ordered in time
//	component-suspended  what the product is made of is not certified now
//	key-compromised      who decided on the present status is not known
//
// Not these, which verdicts show all the same: imported, sub-certificate,
// replaced, reversed, components, order-open, body-stopped. The certificates of a
// stopped body stay valid in law until they are transferred or end; to refuse them
// all at once would punish holders for the fault of their body.
package rules
