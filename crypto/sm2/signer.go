package sm2

import "context"

// Signer makes SM2 signatures under one key: a PrivateKey in memory, a hardware
// module, a remote service. Code that signs takes a Signer.
//
// Sign returns a signature over message that verifies under Public, or an error;
// it must not return before it knows which. It may block, returns soon after
// ctx ends, and is safe for concurrent use. Two calls for one message may
// return different signatures. Public returns the same key each time, at once,
// and never nil.
type Signer interface {
	Public() *PublicKey
	Sign(ctx context.Context, message []byte) (Signature, error)
}
