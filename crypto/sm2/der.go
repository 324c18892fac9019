package sm2

import (
	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// DER is what libraries and hardware speak: SEQUENCE { INTEGER r, INTEGER s }
// (GM/T 0009-2012). It stays inside this package; no format of Hallmark has it.

// maxDER is the length of the longest encoding: two bytes of header, and twice
// two bytes of header, a zero byte and 32 bytes.
const maxDER = 2 + 2*(2+33)

// appendDER appends the encoding of s, whose r and s are not zero.
func (s *Signature) appendDER(out []byte) []byte {
	start := len(out)
	out = append(out, 0x30, 0)
	out = appendInteger(out, s[:32])
	out = appendInteger(out, s[32:])
	out[start+1] = byte(len(out) - start - 2) // at most 70: the short form
	return out
}

// appendInteger appends the INTEGER with the big-endian value v > 0.
func appendInteger(out, v []byte) []byte {
	for v[0] == 0 {
		v = v[1:]
	}
	if v[0] < 0x80 {
		out = append(out, 0x02, byte(len(v)))
	} else {
		out = append(out, 0x02, byte(len(v)+1), 0)
	}
	return append(out, v...)
}

// parseDER reads strict DER: minimal lengths and integers, nothing after.
// The values still need the checks of Signature.fault.
func parseDER(der []byte) (sig Signature, ok bool) {
	input := cryptobyte.String(der)
	var sequence cryptobyte.String
	var r, s []byte
	if !input.ReadASN1(&sequence, asn1.SEQUENCE) || !input.Empty() ||
		!sequence.ReadASN1Integer(&r) || !sequence.ReadASN1Integer(&s) || !sequence.Empty() ||
		len(r) > 32 || len(s) > 32 {
		return Signature{}, false
	}
	copy(sig[32-len(r):32], r)
	copy(sig[64-len(s):], s)
	return sig, true
}
