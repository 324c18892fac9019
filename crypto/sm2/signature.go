package sm2

import (
	"encoding/hex"
	"fmt"
)

// SignatureSize is the length of a signature in bytes.
const SignatureSize = 64

// Signature is r ‖ s, each 32 bytes, big-endian. Nothing is known of a
// Signature by its type: Verify makes every check.
type Signature [SignatureSize]byte

// ParseSignature checks what can be checked without a key: the length, that r
// and s are in [1, n-1], and that r + s ≠ 0 mod n (GB/T 32918.2-2016 §7.1, B1,
// B2 and B5). Its errors wrap ErrSignatureEncoding.
func ParseSignature(b []byte) (Signature, error) {
	if len(b) != SignatureSize {
		return Signature{}, fmt.Errorf("%w: it has %d bytes, want %d (r, then s; not DER)", ErrSignatureEncoding, len(b), SignatureSize)
	}
	s := Signature(b)
	if fault := s.fault(); fault != "" {
		return Signature{}, fmt.Errorf("%w: %s", ErrSignatureEncoding, fault)
	}
	return s, nil
}

// fault returns what makes s impossible under any key, or "".
func (s *Signature) fault() string {
	r, t := (*[32]byte)(s[:32]), (*[32]byte)(s[32:])
	switch {
	case !inRange(r):
		return "r is not in [1, n-1]"
	case !inRange(t):
		return "s is not in [1, n-1]"
	case sumsToOrder(r, t):
		return "r + s is 0 mod n"
	}
	return ""
}

// String returns s as 128 lower-case hexadecimal digits.
func (s Signature) String() string { return hex.EncodeToString(s[:]) }
