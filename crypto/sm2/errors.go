package sm2

import "errors"

// The faults of this package. An error that wraps one of the first three says
// what was wrong with the bytes; it never quotes a private key.
var (
	// ErrPublicKey: the bytes are not a public key. Refuse what carries them.
	ErrPublicKey = errors.New("sm2: not a public key")

	// ErrPrivateKey: the bytes are not a private key. Check where they were read
	// from; make another key if they are lost.
	ErrPrivateKey = errors.New("sm2: not a private key")

	// ErrSignatureEncoding: the bytes cannot be a signature under any key.
	// Refuse what carries them.
	ErrSignatureEncoding = errors.New("sm2: not an encoded signature")

	// ErrSignature: the signature is not by this key over this message. There
	// is one such error, whatever the cause.
	ErrSignature = errors.New("sm2: the signature does not verify")
)
