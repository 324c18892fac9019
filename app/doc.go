// Package app is the ABCI application: it gives CometBFT's blocks to the modules
// of x/ and their state to store/engine.
//
// # A block
//
//	FinalizeBlock → deliver → dispatch → certificate.Issue → store
//
// A block is executed on a branch of the newest version: misbehaviour is
// recorded; each transaction is delivered, by the one function that does; then
// comes what is due by time (proposals that expire, validator sets to hand over,
// certificates that lapse). PrepareProposal and ProcessProposal take the same
// steps on branches that they drop. Limits and the quota are those of the state
// before the block.
//
// A proposal is refused if a transaction in it is not authenticated or beyond
// the quota, or if anything in it faults or panics; so a fault can reach
// FinalizeBlock only from the node itself, which must stop then. What
// ProcessProposal computed is used by FinalizeBlock if all that went into it is
// the same.
//
// # Versions
//
// Version h of the store is the state after block h. The genesis state has no
// version of its own: InitChain keeps it in memory, its root is the app hash of
// the first header, and it is written with the first block, in one write. Until
// then Info reports height 0, on which CometBFT calls InitChain again after a
// crash.
//
// Between FinalizeBlock and Commit nothing is durable. After a crash CometBFT
// gives the block again, on the same version, to the same end.
//
// A block without transactions, in which nothing is due, leaves the root as it
// was. So neither height nor time of the last block is in the state; after a
// restart, until the first block, CheckTx takes the time from Options.Clock.
//
// # Rehearsals
//
// Rehearse tells what would become of a transaction, before anyone has signed
// it: it takes the steps of deliver on a branch of the newest version, which is
// dropped. What runs there is Admitted, never Authenticated, and a version of the
// store is no Writer, so nothing of a rehearsal can reach the state.
//
// # Locks
//
// Calls of CometBFT's consensus connection come one at a time, and a lock sees
// to it (App.consensus). CheckTx, Rehearse, Info and Query may run on all cores
// beside each other and beside a block: CheckTx holds App.checking for lookups
// only, never while a signature is verified; the others read versions of the
// store, which do not change. Clients makes ABCI clients that keep it so.
//
// # State of its own
//
//	08 c  chain id, UTF-8
package app
