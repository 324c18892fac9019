// Package proof is the pure verifier of the state trie: what a leaf and a fork
// hash to, how a proof is written, and what makes one convincing. It knows
// nothing of databases; package store/engine builds the trie and its proofs.
//
// The trie depends only on the set of (key, value). With SM3 of GB/T 32905:
//
//	path = SM3(key)
//	leaf = SM3(LeafTag ‖ path ‖ SM3(value))
//	fork = SM3(ForkTag(depth) ‖ left ‖ right)
//	root = the topmost node, or 32 zero bytes when there is no key
//
// A fork stands only where both sides hold something; its depth is the index
// of the first bit at which the paths of its two sides part, and the left side
// has that bit clear.
//
// A proof is a string of bytes:
//
//	1       kind: 1 inclusion, 2 absence by another leaf, 3 absence from the empty state
//	1       n, 0 to 32                                       (kinds 1 and 2)
//	n       bitmap: bit d is set when a fork at depth d is on the way; bit 0 is
//	        the most significant bit of byte 0; the last byte is not zero
//	32, 32  path of the other leaf, SM3 of its value         (kind 2)
//	32 each the sibling at every fork on the way, deepest first
//
// and nothing more: exactly one encoding of a proof is valid. With N random
// keys it takes about 32·log2(N) bytes. docs/formats.md explains the format to
// those who write a verifier of their own and argues why it is sound.
package proof
