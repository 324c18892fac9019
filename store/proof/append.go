package proof

import (
	"fmt"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// Append appends the encoding of a proof to dst and returns the result.
//
//   - depths are those of the forks on the way, deepest first, strictly
//     decreasing, and siblings[i] is the node beside the way at depths[i];
//   - other is the leaf at the end of the way for AbsenceByLeaf, nil otherwise;
//   - AbsenceEmpty has neither depths nor siblings.
//
// It panics when the arguments break these rules, since no state of the trie
// leads there.
func Append(dst []byte, kind Kind, depths []uint8, other *OtherLeaf, siblings []sm3.Hash) []byte {
	if len(depths) != len(siblings) {
		panic(fmt.Sprintf("proof: %d depths with %d siblings", len(depths), len(siblings)))
	}
	if (kind == AbsenceByLeaf) != (other != nil) {
		panic(fmt.Sprintf("proof: kind %d with other leaf %v", kind, other))
	}
	for i := 1; i < len(depths); i++ {
		if depths[i] >= depths[i-1] {
			panic(fmt.Sprintf("proof: depth %d after %d", depths[i], depths[i-1]))
		}
	}

	dst = append(dst, byte(kind))
	switch kind {
	case AbsenceEmpty:
		if len(depths) > 0 {
			panic("proof: forks in the empty state")
		}
		return dst
	case Inclusion, AbsenceByLeaf:
	default:
		panic(fmt.Sprintf("proof: unknown kind %d", kind))
	}

	var bitmap [maxBitmap]byte
	n := 0
	if len(depths) > 0 {
		n = int(depths[0])/8 + 1
	}
	for _, d := range depths {
		bitmap[d>>3] |= 0x80 >> (d & 7)
	}
	dst = append(dst, byte(n))
	dst = append(dst, bitmap[:n]...)
	if other != nil {
		dst = append(dst, other.Path[:]...)
		dst = append(dst, other.ValueHash[:]...)
	}
	for i := range siblings {
		dst = append(dst, siblings[i][:]...)
	}
	return dst
}
