package sm2

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"

	gmsm "github.com/emmansun/gmsm/sm2"
)

// PrivateKeySize is the length of an encoded private key in bytes.
const PrivateKeySize = 32

// PrivateKey signs in memory. It is a Signer, immutable, and safe for concurrent
// use. No formatting or marshalling shows its secret; only Bytes does.
type PrivateKey struct {
	key    *gmsm.PrivateKey
	public *PublicKey
}

// Generate makes a key from 32 bytes of random, read again in the unlikely case
// (2^-32) that they are not in [1, n-2] (GB/T 32918.1-2016 §6.1). Give it
// crypto/rand.Reader; nil means that. The same bytes give the same key.
func Generate(random io.Reader) (*PrivateKey, error) {
	if random == nil {
		random = rand.Reader
	}
	var d [PrivateKeySize]byte
	defer clear(d[:])
	for {
		if _, err := io.ReadFull(random, d[:]); err != nil {
			return nil, fmt.Errorf("sm2: generate a key: read randomness: %w", err)
		}
		k, err := NewPrivateKey(d[:])
		if !errors.Is(err, ErrPrivateKey) {
			return k, err
		}
	}
}

// NewPrivateKey decodes a private key: 32 bytes, big-endian, in [1, n-2]. Its
// errors wrap ErrPrivateKey. It keeps no reference to d.
func NewPrivateKey(d []byte) (*PrivateKey, error) {
	if len(d) != PrivateKeySize {
		return nil, fmt.Errorf("%w: it has %d bytes, want %d", ErrPrivateKey, len(d), PrivateKeySize)
	}
	key, err := gmsm.NewPrivateKey(d)
	if err != nil {
		return nil, fmt.Errorf("%w: it is not in [1, n-2]", ErrPrivateKey)
	}
	return &PrivateKey{key, newPublicKey(key.X, key.Y)}, nil
}

// Bytes returns the secret: 32 bytes, big-endian. It is for the key store.
func (k *PrivateKey) Bytes() (d [PrivateKeySize]byte) {
	k.key.D.FillBytes(d[:])
	return d
}

// Public returns the key that verifies what k signs.
func (k *PrivateKey) Public() *PublicKey { return k.public }

// Sign signs message (any length, empty too) with randomness from crypto/rand.
// It fails only when ctx has ended or k is the zero value.
func (k *PrivateKey) Sign(ctx context.Context, message []byte) (Signature, error) {
	if ctx.Err() != nil {
		return Signature{}, fmt.Errorf("sm2: sign: %w", context.Cause(ctx))
	}
	return k.SignWith(rand.Reader, message)
}

// SignWith signs message with randomness from random; nil means crypto/rand.
// gmsm derives the nonce from the private key, the digest and 32 random bytes
// (HMAC-DRBG over SM3, draft-irtf-cfrg-det-sigs-with-noise §4), so a weak random
// makes signatures repeat, and does not give the key away.
func (k *PrivateKey) SignWith(random io.Reader, message []byte) (Signature, error) {
	if k == nil || k.key == nil {
		return Signature{}, fmt.Errorf("%w: the key is nil or was not made by NewPrivateKey", ErrPrivateKey)
	}
	if random == nil {
		random = rand.Reader // gmsm takes nil for "without randomness"
	}
	e := k.public.Digest(message)
	der, err := k.key.Sign(random, e[:], nil)
	if err != nil {
		return Signature{}, fmt.Errorf("sm2: sign: %w", err)
	}
	sig, ok := parseDER(der)
	if !ok || sig.fault() != "" {
		return Signature{}, fmt.Errorf("sm2: sign: gmsm returned %d bytes that are no signature; report it", len(der))
	}
	return sig, nil
}

var _ Signer = (*PrivateKey)(nil)
