package sm2

import (
	"math/big"
	"slices"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// UserID is the signer's distinguishing identifier in every Z_A: the one that
// GM/T 0009-2012 names for when none is agreed. A tool that asks for the "distid" or
// "uid" must be given this one.
const UserID = "1234567812345678"

// zaPrefix is what Z_A hashes before the key: the bit length of the user id
// (two bytes, 0x0080), the user id, a, b, x_G and y_G. 146 bytes.
var zaPrefix = func() []byte {
	p := curve.Params()
	a := new(big.Int).Sub(p.P, big.NewInt(3))
	out := append([]byte{0, byte(8 * len(UserID))}, UserID...)
	for _, v := range []*big.Int{a, p.B, p.Gx, p.Gy} {
		out = append(out, v.FillBytes(make([]byte, 32))...)
	}
	return out
}()

// computeZA returns Z_A = SM3(ENTL ‖ ID ‖ a ‖ b ‖ x_G ‖ y_G ‖ x_A ‖ y_A)
// (GB/T 32918.2-2016 §5.5).
func computeZA(x, y *big.Int) sm3.Hash {
	var key [64]byte
	x.FillBytes(key[:32])
	y.FillBytes(key[32:])
	return sm3.Sum(slices.Concat(zaPrefix, key[:]))
}

// Digest returns e = SM3(Z_A ‖ message), the value that the equations of SM2
// work on. A hardware module that signs digests is given this; see
// FromCryptoSigner.
func (k *PublicKey) Digest(message []byte) sm3.Hash {
	w := workspaces.Get().(*workspace)
	defer workspaces.Put(w)
	w.digest(k, message)
	return w.e
}
