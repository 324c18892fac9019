// Package txindex says in which block a transaction is: id → height, index.
//
// An Index follows the blocks of its node in order, from a Source, and keeps
// what it needs in a database of its own. One goroutine writes, in Run; lookups
// may come from many goroutines at any time. What is written together is one
// batch: the entries of some blocks, and how far the index reaches then. So
// after a crash at any moment it goes on from the last height that is whole, by
// the same way as always.
//
// The index begins at the first height that the node has, which is a later one
// after a state sync. If blocks that it has not seen were pruned, it begins
// anew at the earliest that is there: what it has stays, and there is a gap
// that First does not tell of.
//
// # Database
//
//	"r"             →  first (8) ‖ last (8): the heights that are indexed
//	"t" ‖ id (32)   →  height (8) ‖ index (4)
//
// Numbers are big-endian. The id is SM3 of the body. What is in a block and does
// not decode as a transaction has no id and no entry; a correct majority lets
// none into a block.
package txindex
