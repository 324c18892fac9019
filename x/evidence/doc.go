// Package evidence keeps anchors. Evidence itself stays with who has it: files of
// an audit, test reports, readings of a sensor. An anchor fixes what it was, and
// that it was there by the time of a block: the root and the size of a Merkle tree
// over many leaves (docs/formats.md, sections 8 and 19), each of which commits to
// one file or line. Whoever has a file and its path in the tree proves it from the
// anchor alone.
//
// # State
//
// Every key begins with 0x06 and a letter. S is a subject: a byte for what it is,
// and its texts.
//
//	a id        AnchorRecord
//	c member    how many anchors the member has filed
//	m member n  id of the n-th of them
//	t S         how many anchors are about the subject
//	s S n       id of the n-th of them
//
// Both lists are numbered from 1 without a gap, so that one is provably complete:
// its count, and as many entries.
//
// # Identity
//
// The id of an anchor is a hash of all that is in it (ID). Whoever files it knows
// the id beforehand, a decision on a certificate in the same transaction can name
// it, and to file it again is refused (evidence_anchored_already): who is
// interrupted files everything again and nothing twice. The member is part of it,
// so nobody can take the id of another's anchor by filing it first.
//
// # Who may
//
// rights in access.go is the table of roles, subjects and kinds, and each role's
// tie to the subject. A body that a regulator has stopped still fixes evidence: it
// has to wind down, and what it knows must not be lost.
//
// An anchor never changes and is never removed. That a method, a reference or the
// name in a leaf is no personal data is for the member to see to: the ledger
// cannot tell. Names stay in the leaves, which are not on the ledger.
//
// # Invariants
//
// An anchor stands under the id of its content and keeps the rules for one; each
// is in both lists, once; its subject is on the ledger.
package evidence
