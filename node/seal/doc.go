// Package sealer seals: it signs the statement of each height with the node's
// seal keys, collects the signatures of others from peers, and keeps them. What
// is signed, and when it is good, is package crypto/seal; design §2 has the
// reasons.
//
//	Store     statements, signatures, seals, conflicts; what the API reads
//	Signer    signs, never two statements for one height
//	Reactor   CometBFT's custom reactor: sends, receives, catches up
//
// Nothing here is waited for by consensus. The store follows the blocks that were
// committed; the signer follows the store; the reactor does its work on
// goroutines of its own.
//
// # A height
//
//	committed ── derived ── signed by some ── sealed ── pruned
//	             statement  partial seal      more than 2/3 of the power
//
// The statement of a height is derived from the block, the state root after it
// and the validator sets, by one way whether the block is new or was missed. A
// block that is gone cannot be derived: such a height is taken from peers, sealed.
// Statements are unique, so signatures over one add up wherever they come from.
//
// The newest sealed height is pinned in the state: it can be read and proven
// until a newer one is sealed.
//
// # Database
//
// Numbers are big-endian; a height is 8 bytes.
//
//	"g"                       →  root of the genesis state
//	"r"                       →  first (8) ‖ last (8): heights that were derived without a gap up to last
//	"s" ‖ height              →  statement (288) ‖ number of keys of its set (2) ‖ signatures, in the form of a seal
//	"f" ‖ height              →  nothing: the height is sealed
//	"o" ‖ height              →  SM3 of the statement that this node signed
//	"p"                       →  height: nothing below is kept, beside handovers; and nothing below or at it is signed
//	"c" ‖ height ‖ key (33)   →  key (33) ‖ two statements and their signatures
//	"d" ‖ height ‖ key (33)   →  a statement that is not ours, and its signature by the key
//
// "o" is durable before a signature exists outside the signer, so after a crash
// at any moment the node signs the same statement or none. "f" is durable before
// an older version of the state is let go. The rest may be lost in a crash: it is
// derived, signed or fetched again.
//
// # Pruning
//
// Heights more than Options.Retain below the newest are deleted. Of each change of
// seal sets the last sealed handover, the one of the greatest height, is kept for
// ever: a verifier whose trust begins at a height can only use a later one.
package sealer
