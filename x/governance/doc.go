// Package governance is how the regulators decide together: parameters,
// proposals and votes, and of what they decide on the import windows and the
// upgrades.
//
// # State
//
//	0x02 p                    Params; absent: the defaults
//	0x02 o number             Proposal
//	0x02 v number regulator   Vote
//	0x02 q expiry number      nothing: the open proposals by the time they expire
//	0x02 m regulator          how many of its proposals are open
//	0x02 n                    the number of the last proposal
//	0x02 w body window        ImportWindow
//	0x02 l                    the number of the last import window
//	0x02 u height             Upgrade
//
// Numbers, heights and times (Unix seconds) are 8 bytes, big endian. Proposals,
// votes, windows and upgrades are kept for ever; only an upgrade that is
// cancelled before its height goes.
//
// # Proposals
//
//	         ┌ enough approve ── execute ─┬─ executed
//	open ────┤                            └─ failed     (impossible; nothing changed)
//	         ├ enough cannot approve any more ─ rejected
//	         ├ its regulator withdraws it ───── withdrawn
//	         └ its time is over ─────────────── expired
//
// A regulator is an active member with that role; it acts through any of its
// approvers. It has one vote on a proposal and may change it until the proposal
// is decided; proposing is an approval. Votes are counted each time one is
// given, among those who are regulators at that moment: the vote of one that was
// suspended or removed does not count, and counts again if it comes back. A
// change among the regulators by itself decides nothing; the next vote does,
// which may be one that is given again. Only an approval executes.
//
// A fact that another module has checked may raise a proposal by itself (Raise):
// it has no proposer, so that nobody can withdraw it, and begins without a vote.
//
// An action is approved by ⌈n·q⌉ of the n current regulators, q being the
// threshold of its kind, more than one half and at most one. So more than half
// are always needed, and all together are always enough. A proposal with several
// actions needs the most that any of them needs. Validator changes that claim
// the exemption of small sets need all.
//
// The approval that decides executes the actions in its block, in order, on a
// branch of the state. If one is refused, or no regulator would be left to
// decide anything, the branch is dropped and the proposal has failed, with the
// code and the reason.
//
// # Who may do what
//
// Propose, Approve, Reject, Withdraw: a regulator, with a key of duty approver;
// Withdraw: the one that proposed. See access.
//
// # Invariants
//
// See Check.
package governance
