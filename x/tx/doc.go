// Package tx is the transaction: its encoding, its signatures, the replay
// window, authentication, quotas, and how its messages are run. It knows
// nothing of what a message does: the action inside is for app to dispatch.
//
// # Encoding
//
// A transaction is a protobuf hallmark.tx.v1.Tx: the bytes of an encoded Body,
// and one SM2 signature (64 bytes, r ‖ s) for each of the body's signers, in
// their order. Signed is, with the user id of package sm2,
//
//	"hallmark/tx/v1" ‖ 00 ‖ body
//
// and the transaction's id is SM3(body). Signatures are randomised, so one
// transaction can travel under many of them; the id is the same.
//
// Tx and Body each have one encoding: fields in ascending order, numbers in the
// fewest bytes, defaults left out, lists of numbers packed, nothing unknown,
// nothing after the end. Decode refuses every other one, so that what was signed
// can be read in one way only and an id stands for one content.
//
// # The way of a transaction
//
//	raw ─Decode→ Tx ─Admit→ Admitted ─Verify→ Authenticated ─┬ Spend, Quota.Take   (CheckTx)
//	    bytes        state            curve                  └ run                 (Deliver)
//
// Each step is paid for only by what passed the one before: sizes and form
// before any state is read, state before any curve arithmetic. CheckTx takes the
// steps one at a time, so as to hold its locks for the short ones alone; Deliver
// takes them all and is the only way in which a transaction changes the state.
// Tx, Admitted and Authenticated have no exported fields: that a value exists is
// the proof that its step was passed. Rehearse runs what is Admitted and was not
// Authenticated, on a branch that is dropped and cannot be written.
//
// A signature is verified once per node: Cache remembers which were good. It
// holds facts that depend on nothing but the bytes, so a full, an empty and an
// evicted cache give the same results. Everything else is read from the state
// each time.
//
// # Replay
//
// The key of a body's first signer has a Window of nonces, the only state of
// this package:
//
//	01 ‖ key (33)  →  highest (8) ‖ bitmap (128)
//
// A nonce is spent when the transaction is authenticated in a block, whatever
// becomes of its messages. What fails authentication touches nothing: without
// the key nobody can move its window.
//
// Invariants: every window decodes, in its one form; a window's highest nonce
// never falls, and a nonce once spent is refused for ever.
package tx
