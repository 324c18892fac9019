package sm2

import (
	"encoding/hex"
	"strings"

	"github.com/hallmark-ledger/hallmark/crypto/sm3"
)

// Fingerprint stands for a public key where people compare keys:
//
//	SM3(the 33 bytes of the key)
//
// Programs compare all 32 bytes, or better the keys themselves.
type Fingerprint [sm3.Size]byte

// Fingerprint returns the key's fingerprint.
func (k *PublicKey) Fingerprint() Fingerprint { return Fingerprint(sm3.Sum(k.encoded[:])) }

// String returns the form for print and telephone: the first 16 bytes in
// lower-case hexadecimal, eight groups of four digits with a space between
// (39 characters), such as
//
//	4f14 583c 3fbd f19a 56f1 05ad 74e9 8760
//
// To find another key with a given printed form takes about 2^128 attempts; to
// find two keys of one's own that print alike takes about 2^64, which gains
// nothing where a key must be registered before it counts.
func (f Fingerprint) String() string {
	digits := hex.EncodeToString(f[:16])
	groups := make([]string, 0, 8)
	for i := 0; i < len(digits); i += 4 {
		groups = append(groups, digits[i:i+4])
	}
	return strings.Join(groups, " ")
}
