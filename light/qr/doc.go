// Package qr carries a bundle (package light) as text and as a QR symbol: the
// address of a page, whose fragment is the bundle. A phone's own camera opens the
// page, and the fragment never reaches a server.
//
//	HTTPS://HOST/V#TEXT
//
// # Text
//
// Let P = bundle ‖ the first 4 bytes of SM3(bundle). Two bytes of P, as a number
// n = 256·a + b, are three characters, the least significant first:
// n = c₀ + 41·c₁ + 41²·c₂. A last single byte is two: n = c₀ + 41·c₁. This is
// base45 of RFC 9285 in another base. The characters of 0 to 40 are
//
//	0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ+-/.:
//
// All of them have 5½ bits each in QR alphanumeric mode (ISO/IEC 18004 §7.4.4),
// and stand in a fragment as they are (RFC 3986 §3.5). c₂ is at most 38 and a
// last c₁ at most 6, so no text ends with a full stop or a colon, which programs
// that find addresses in messages leave out.
//
// Each bundle has one text. docs/decisions/0008 has the reasons.
package qr
