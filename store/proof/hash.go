package proof

import "github.com/hallmark-ledger/hallmark/crypto/sm3"

// The names of the tags of leaves and forks. Each is padded with zero bytes to
// one 64-byte block; byte 63 of a fork's block is the depth at which its two
// sides part.
const (
	LeafTagName = "hallmark/store/leaf/v1"
	ForkTagName = "hallmark/store/fork/v1"
)

// MaxDepth is the number of bits in a path; forks stand at depths 0 to 255.
const MaxDepth = 256

var (
	leafTag  = sm3.NewTag(sm3.TagBlock(LeafTagName))
	forkTags = func() (tags [MaxDepth]*sm3.Tag) {
		for depth := range tags {
			block := sm3.TagBlock(ForkTagName)
			block[sm3.BlockSize-1] = byte(depth)
			tags[depth] = sm3.NewTag(block)
		}
		return tags
	}()
)

// LeafTag is the tag of a leaf: leaf = SM3(LeafTag ‖ path ‖ SM3(value)).
func LeafTag() *sm3.Tag { return leafTag }

// ForkTag is the tag of a fork at depth, 0 to 255:
// fork = SM3(ForkTag(depth) ‖ left ‖ right), where left is the side whose
// paths have bit depth clear.
func ForkTag(depth int) *sm3.Tag { return forkTags[depth] }

// Path returns SM3(key), the way to the leaf of key: bit 0 is the most
// significant bit of byte 0.
func Path(key []byte) sm3.Hash { return sm3.Sum(key) }

// Bit returns bit i of path, 0 or 1.
func Bit(path *sm3.Hash, i int) byte { return path[i>>3] >> (7 - i&7) & 1 }
