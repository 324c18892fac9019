package sm2

import (
	"bytes"
	"math/bits"

	"encoding/binary"

	"github.com/emmansun/gmsm/sm2/sm2ec"
)

// Parameters of the curve y² = x³ + ax + b over the integers mod p, with the
// base point G of prime order n (GB/T 32918.5-2017). The cofactor is 1, so every
// point but infinity generates the whole group: no subgroup check is needed.
var (
	curve = sm2ec.P256()

	fieldP = [32]byte(curve.Params().P.FillBytes(make([]byte, 32)))
	orderN = [32]byte(curve.Params().N.FillBytes(make([]byte, 32)))
)

// inRange reports whether the big-endian v is in [1, n-1].
func inRange(v *[32]byte) bool {
	return *v != [32]byte{} && bytes.Compare(v[:], orderN[:]) < 0
}

// sumsToOrder reports whether a + b = n. For a and b in [1, n-1] this says the
// same as a + b = 0 mod n.
func sumsToOrder(a, b *[32]byte) bool {
	var sum [32]byte
	var carry uint64
	for i := 24; i >= 0; i -= 8 {
		var limb uint64
		limb, carry = bits.Add64(binary.BigEndian.Uint64(a[i:]), binary.BigEndian.Uint64(b[i:]), carry)
		binary.BigEndian.PutUint64(sum[i:], limb)
	}
	return carry == 0 && sum == orderN
}
