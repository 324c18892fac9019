// Package sm2 is the SM2 digital signature of GB/T 32918.2-2016 on the curve of
// GB/T 32918.5-2017, over github.com/emmansun/gmsm, in the one form Hallmark
// uses:
//
//	public key   33 bytes: 02 or 03 for an even or odd y, then x (SEC 1 §2.3.3)
//	private key  32 bytes: d, big-endian, 1 ≤ d ≤ n-2
//	signature    64 bytes: r ‖ s, big-endian, 1 ≤ r, s ≤ n-1
//	user id      "1234567812345678", always (GM/T 0009-2012)
//
// What is signed is the message, never a digest of the caller's:
//
//	Z_A = SM3(0080 ‖ user id ‖ a ‖ b ‖ x_G ‖ y_G ‖ x_A ‖ y_A)   §5.5
//	e   = SM3(Z_A ‖ M)                                          §6.1, §7.1
//
//	sign    r = e + x([k]G) mod n,  s = (1 + d)⁻¹ · (k - r·d) mod n
//	verify  r = e + x([s]G + [r+s]P) mod n,  r + s ≠ 0 mod n
//
// Every other encoding is refused: uncompressed, hybrid and DER keys, DER
// signatures, any other length. A signature is randomised, so it is not an
// identity; whoever has the key can make more for the same message.
//
// # Why it is built this way
//
// A PublicKey is only made by ParsePublicKey or by a private key. Parsing pays
// for the square root and Z_A; verifying pays for neither. gmsm checks again, at
// each call, that the point lies on the curve (below 1 % of a verification).
//
// Three exported ways into gmsm v0.44.1 were measured in turns (bench/crypto,
// AMD EPYC, Zen 3, one core, 73 to 97 µs a verification): VerifyASN1 over a
// digest, the deprecated Verify on two big.Int, and the curve's CombinedMult with
// scalars of our own. They differ by less than 2 %, since all spend their time in
// the same two scalar multiplications. VerifyASN1 allocates least (5, against 7 and
// 7) and is not deprecated. Verify hands it a signature re-encoded on reused
// memory, adds no allocation, and takes 1 to 2 % more, the hashing included.
//
// gmsm must be v0.44.1 or later: before, about one field multiplication in 2^31
// was wrong on amd64 with ADX and BMI2 (its issue 560), so that nodes on
// different processors could have judged one key or signature differently.
// TestFieldArithmetic looks for such faults.
//
// Signatures cannot be verified together by one multi-scalar multiplication: r
// gives x of the point [k]G plus e, and which of the two points it was is lost.
// VerifyBatch is a pool of workers.
package sm2
