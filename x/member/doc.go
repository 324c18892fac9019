// Package member is the institutions on the ledger: who they are, which keys
// act for them, what they are approved and accredited for.
//
// # Members
//
// Governance gives a member its status; a regulator stops and resumes a body
// beside that, so that neither undoes what the other decided:
//
//	         AdmitMember
//	              │
//	              ▼   SuspendMember
//	           active ────────────▶ suspended      StopBody
//	              │  ◀────────────      │       ─ ─────────▶ stopped
//	              │  ReinstateMember    │         ◀─────────
//	              │                     │         ResumeBody
//	              └──── RemoveMember ───┴──▶ removed (final)
//
//	suspended, removed  no key of it can be used; a caretaker may be named
//	stopped             its keys can be used; x/certificate lets it suspend,
//	                    revoke, cancel and reduce, not issue, extend, reinstate
//
// Each change makes a numbered version of the member, which is kept: who was
// what when can be answered and proven. Design §5 and §6 are the rule's source.
//
// # Keys
//
//	          AddKeys, RotateKey         RevokeKey, ReportCompromise,
//	          (at once for operators)    RecoverKeys
//	pending ─────────────▶ usable ─────────────────────▶ ended
//	   │      the delay      │  RotateKey                  ▲
//	   │                     └─▶ being replaced ───────────┤ when the new key
//	   └───────────────────────────────────────────────────┘ can be used
//	          CancelPendingKey, ReportCompromise, RecoverKeys
//
// A key is registered once, ever, be it for a member or, through ReserveKey, for
// a validator; its negative counts as the same. What a key signed while it could
// be used stays valid when it ends. A key reported compromised is dead from then
// on, and flags what it signed after the time that the report states.
//
// Regulators, accreditation bodies and certification bodies have admin keys in
// the hands of two people at least, and only two together register a key that
// decides (admin, certifier, approver). Design §5 asks this of certification
// bodies; who approves or stops them must not be weaker. Others have one admin
// at least. A revocation that would leave too few is refused; a report of a
// compromise never is.
//
// Who may send which message stands in access.go, in one table.
//
// # Approvals and accreditations
//
// Both are grants: schemes, first and last day, and steps that are only added,
// each from the day of its block on. "In force on a day" means at the end of it,
// so that no later act changes the answer for a day that is over. The regulators
// approve (and restrict, revoke), an accreditation body accredits (and suspends,
// reinstates, withdraws). A scheme is an item code, as A010101, or a beginning
// of one, as A01. Grants from before the ledger are filed with their own days.
//
// # State
//
//	03 01 id                     current version of the member
//	03 02 id, version            each version
//	03 03 country, authority, number   id of the member so registered, unless removed
//	03 04 approval number        id of the member that has it
//	03 05 role, id               the member has the role
//	03 06 key                    what is known of the key
//	03 07 id, ended, duty, key   the member has the key, or had it
//	03 08 id, duty               how many it has that have not ended
//	03 09 key                    the key serves another purpose (ReserveKey)
//	03 0a id, number             grant of the body
//	03 0b id                     how many it has
//	03 0c id, mark, scheme       numbers of those that name the scheme
//
// Check holds the invariants: versions follow each other by legal changes and
// end in the current one; indexes and counts agree with what they are made of;
// enough people hold admin keys, unless one was reported compromised; a key that
// replaces another has its member, duty and holder; steps of grants are in
// order; at least one regulator is active.
package member
