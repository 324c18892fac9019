// Package keystore keeps SM2 private keys in files under a pass phrase.
//
// A file holds one PEM block "ENCRYPTED PRIVATE KEY" and nothing else: a PKCS #8
// EncryptedPrivateKeyInfo (RFC 5958, section 3) with PBES2 (RFC 8018, sections
// 6.2 and 5.2) over commercial cryptography alone:
//
//	key derivation   PBKDF2, HMAC-SM3, a salt of 16 bytes, DefaultIterations
//	encryption       SM4-CBC (GB/T 32907), a random IV of 16 bytes, PKCS #7 padding
//
// Inside is a PrivateKeyInfo of version 0 whose ECPrivateKey (RFC 5915) holds
// the public key as well. CBC finds no tampering of its own, so reading is
// strict: every field must have the one value or length that belongs there, and
// the public key must be that of the private key. A damaged file gives an
// error, never another key. A file without the public key is refused.
//
//	EncryptedPrivateKeyInfo = SEQ { SEQ { pbes2, SEQ { kdf, cipher } }, OCTETS ciphertext }
//	kdf            = SEQ { pbkdf2, SEQ { OCTETS salt, INT iterations, [INT 16], SEQ { hmacWithSM3, NULL } } }
//	cipher         = SEQ { sm4-cbc, OCTETS iv }
//	PrivateKeyInfo = SEQ { INT 0, SEQ { id-ecPublicKey, sm2p256v1 }, OCTETS ECPrivateKey }
//	ECPrivateKey   = SEQ { INT 1, OCTETS d, [[0] { sm2p256v1 }], [1] { BITS 04 ‖ x ‖ y } }
//
// GM/T 0091-2020 gives hmacWithSM3 two identifiers: 1.2.156.10197.1.401.2 in
// its annex C, 1.2.156.10197.1.401.3.1 in its annex A.2. Files are written with
// the first, which gmsm and Bouncy Castle use too; both are read, since OpenSSL
// has the second (github.com/openssl/openssl/pull/32564). A file that OpenSSL
// is to make needs
//
//	openssl pkcs8 -topk8 -v2 sm4-cbc -v2prf hmacWithSM3 -iter 400000
//
// and a version that knows the name; 3.0 does not.
//
// [Create] writes such a file so that after a crash it is there whole or not at
// all, and replaces none unless asked. [Load] reads one that only its owner may
// read. What Load returns is an [sm2.Signer]; code that signs takes that
// interface, which a hardware module or a remote service satisfies too.
//
// Errors name the file and say what to do. They, and everything else printed
// here, hold no part of a key or a pass phrase.
package keystore
