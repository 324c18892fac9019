package sm2

import (
	"context"
	"crypto"
	"crypto/rand"
	"errors"
	"fmt"

	gmsm "github.com/emmansun/gmsm/sm2"
)

// SignerInput says what a crypto.Signer for SM2 wants to be given; the two
// conventions are not told apart by the interface.
type SignerInput int

const (
	// SignsDigest: Sign is given e = SM3(Z_A ‖ message), 32 bytes, with
	// crypto.Hash(0). Raw CKM_SM2 of PKCS #11 and gmsm's private key are such.
	SignsDigest SignerInput = iota + 1

	// SignsMessage: Sign is given the message itself, with gmsm's
	// DefaultSM2SignerOpts, and works out Z_A for UserID. tjfoc's private key
	// and most remote services are such; gmsm's does it on seeing those options.
	SignsMessage
)

// ErrSigner: a foreign signer returned something that is no signature by its
// key over the message. Check which key it holds, and try the other SignerInput.
var ErrSigner = errors.New("sm2: the signer's answer does not verify")

// FromCryptoSigner makes a Signer of a crypto.Signer that answers with a DER
// signature, as SM2 libraries do. key is the public key it is expected to
// hold; its own Public is not consulted. Every answer is verified before it is
// returned, for the price of one Verify, and one that fails is ErrSigner.
//
// A crypto.Signer takes no context: ctx is looked at before the call only. It
// must be safe for concurrent use.
func FromCryptoSigner(key *PublicKey, signer crypto.Signer, input SignerInput) (Signer, error) {
	if !key.valid() {
		return nil, fmt.Errorf("%w: the key is nil or was not made by ParsePublicKey", ErrPublicKey)
	}
	if input != SignsDigest && input != SignsMessage {
		return nil, fmt.Errorf("sm2: signer input %d is not SignsDigest or SignsMessage", input)
	}
	return &cryptoSigner{key, signer, input}, nil
}

type cryptoSigner struct {
	key    *PublicKey
	signer crypto.Signer
	input  SignerInput
}

func (s *cryptoSigner) Public() *PublicKey { return s.key }

func (s *cryptoSigner) Sign(ctx context.Context, message []byte) (Signature, error) {
	if ctx.Err() != nil {
		return Signature{}, fmt.Errorf("sm2: sign: %w", context.Cause(ctx))
	}
	given, opts := message, crypto.SignerOpts(gmsm.DefaultSM2SignerOpts)
	if s.input == SignsDigest {
		e := s.key.Digest(message)
		given, opts = e[:], crypto.Hash(0)
	}
	der, err := s.signer.Sign(rand.Reader, given, opts)
	if err != nil {
		return Signature{}, fmt.Errorf("sm2: sign: %w", err)
	}
	sig, ok := parseDER(der)
	if !ok {
		return Signature{}, fmt.Errorf("%w: %d bytes that are not a DER signature", ErrSigner, len(der))
	}
	if Verify(s.key, message, sig) != nil {
		return Signature{}, fmt.Errorf("%w under key %s", ErrSigner, s.key)
	}
	return sig, nil
}
