// Package merkle has the Merkle trees of evidence batches: the tree of RFC
// 9162, section 2.1, with SM3 (GB/T 32905-2016) in the place of SHA-256.
//
//	leaf hash      = SM3(0x00 ‖ data)
//	node hash      = SM3(0x01 ‖ left ‖ right)
//	root of none   = SM3("")
//	root of one    = its leaf hash
//	root of n > 1  = node hash of (root of the first k, root of the other n-k),
//	                 k the largest power of two below n
//
// What a leaf's data is made of is the caller's; the first byte keeps leaves
// and nodes apart, so no data can pass for a node.
//
// A [Builder] takes leaves as they come in O(log n) memory and hashes large
// batches on all cores. A [Tree] keeps every node and gives any proof at once;
// [ProveInclusion] and [ProveConsistency] make one proof from stored leaf
// hashes by reading them once. [VerifyInclusion] and [VerifyConsistency] are
// pure functions of their arguments. Compact ranges, the choice of a proof's
// nodes and the chaining of a proof are those of
// github.com/transparency-dev/merkle.
//
// # Encoding
//
// An inclusion proof says that a leaf stands at index in a tree of size
// leaves; a consistency proof says that the tree of old leaves is a prefix of
// the tree of size leaves:
//
//	inclusion   = index ‖ size ‖ path    0 ≤ index < size
//	consistency = old   ‖ size ‖ path    0 ≤ old ≤ size
//
// Integers are 8 bytes, big-endian. The path is k hashes of 32 bytes, from the
// lowest level to the highest, in the order of RFC 9162, sections 2.1.3.1 and
// 2.1.4.1, and k follows from the two integers alone:
//
//	inner(i, n)  = bit length of i XOR (n-1)
//	border(i, n) = one bits in i >> inner(i, n)
//
//	inclusion    k = inner(index, size) + border(index, size)
//	consistency  k = 0 if old is 0 or size; otherwise, with z the trailing zero
//	             bits of old,
//	             k = inner(old-1, size) - z + border(old-1, size) + (0 if old is 2^z, else 1)
//
// So the length of an encoding is fixed by its first 16 bytes, at most
// 16 + 64·32 = 2064 bytes for inclusion and 16 + 65·32 = 2096 for consistency,
// and a proof has one encoding: [DecodeInclusion] and [DecodeConsistency]
// refuse any other length. A million leaves make inclusion proofs of at most
// 656 bytes.
//
// A path does not by itself bind the size of the tree: the same path leads to
// the same root in trees of several sizes. The verifying functions therefore
// take the size that is trusted together with the root, and refuse a proof for
// another size.
package merkle
