package seal

import (
	"encoding/binary"

	"github.com/hallmark-ledger/hallmark/crypto/sm2"
	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// possessionTag begins what is signed: "hallmark/pop/v1" and 49 zero bytes.
var possessionTag = sm3.TagBlock("hallmark/pop/v1")

// Possession is what the holder of a new SM2 key signs with it, to show that it
// has the private half and means it for this use on this ledger. Without that, a
// member could register what it read elsewhere, or a key made from others' keys.
type Possession struct {
	ChainID string
	// Member is the id of the institution that registers the key.
	Member string
	// Purpose says what the key is for, such as "member/admin"; whoever
	// registers keys states its purposes.
	Purpose string
	// ConsensusKey is the Ed25519 key that a seal key goes with, empty for keys
	// of other purposes.
	ConsensusKey []byte
	// Key is the new key, a compressed SM2 public key.
	Key [sm2.PublicKeySize]byte
}

// ProofOfPossessionMessage returns the bytes to sign: with len the length in
// bytes as 4 bytes, big endian,
//
//	tag block ‖ len(chain id) ‖ chain id ‖ len(member) ‖ member ‖ len(purpose) ‖ purpose ‖
//	len(consensus key) ‖ consensus key ‖ key
//
// Two different values give different bytes. The tag block keeps them apart from
// whatever else the key will sign.
func ProofOfPossessionMessage(p Possession) []byte {
	message := append([]byte(nil), possessionTag...)
	for _, field := range [][]byte{[]byte(p.ChainID), []byte(p.Member), []byte(p.Purpose), p.ConsensusKey} {
		message = binary.BigEndian.AppendUint32(message, uint32(len(field)))
		message = append(message, field...)
	}
	return append(message, p.Key[:]...)
}

// VerifyPossession returns nil if proof is p.Key's signature, r ‖ s, over
// ProofOfPossessionMessage(p), with the standard user id. Otherwise the error
// wraps sm2.ErrPublicKey, sm2.ErrSignatureEncoding or sm2.ErrSignature.
func VerifyPossession(p Possession, proof []byte) error {
	key, err := sm2.ParsePublicKey(p.Key[:])
	if err != nil {
		return err
	}
	signature, err := sm2.ParseSignature(proof)
	if err != nil {
		return err
	}
	return sm2.Verify(key, ProofOfPossessionMessage(p), signature)
}
